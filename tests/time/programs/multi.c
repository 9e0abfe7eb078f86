/* libcurl's multi interface, and curl_multi_poll for all that takes time. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BODY_MAX = 4096, POLLS_MAX = 50 };

struct reply {
    char body[BODY_MAX];
    size_t n;
};

static size_t take(char *bytes, size_t size, size_t count, void *to)
{
    struct reply *reply = to;
    size_t n = size * count;
    if (n >= BODY_MAX - reply->n)
        return 0;
    memcpy(reply->body + reply->n, bytes, n);
    reply->n += n;
    reply->body[reply->n] = '\0';
    return n;
}

/* False when there was no whole reply. */
static int exchange(CURLM *multi, CURL *easy)
{
    int running = 1, left = 0;
    curl_multi_add_handle(multi, easy);
    while (running) {
        curl_multi_perform(multi, &running);
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    const CURLMsg *message = curl_multi_info_read(multi, &left);
    CURLcode result = message ? message->data.result : CURLE_AGAIN;
    curl_multi_remove_handle(multi, easy);
    if (result != CURLE_OK && result != CURLE_OPERATION_TIMEDOUT) {
        fprintf(stderr, "%s\n", curl_easy_strerror(result));
        exit(1);
    }
    return result == CURLE_OK;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* libcurl tells a date as the seconds left by its own clock's whole seconds: read it ourselves. */
static double pause_s(CURL *easy, double interval_s, const char *mode)
{
    struct curl_header *header;
    if (strcmp(mode, "date") == 0
        && curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
        double left_s = (double)curl_getdate(header->value, NULL) - now_s();
        return left_s > 0 ? left_s : 0;
    }
    return strcmp(mode, "hasty") == 0 ? interval_s - 0.05 : interval_s;
}

int main(int count, char **words)
{
    struct reply reply;
    char url[512], authorization[256];
    if (count != 6)
        return 2;
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", words[1], words[2]);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", words[3]);
    CURLM *multi = curl_multi_init();
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, strcmp(words[5], "timeout") == 0 ? 2L : 60L);
    int done = 0;
    for (int polls = 0; polls < POLLS_MAX && !done; polls++) {
        reply = (struct reply){.n = 0};
        done = exchange(multi, easy) && strstr(reply.body, "\"status\": \"success\"");
        double ms = pause_s(easy, strtod(words[4], NULL), words[5]) * 1000;
        if (!done)
            curl_multi_poll(multi, NULL, 0, (int)ms + (ms > (int)ms), NULL);
    }
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return done ? 0 : 1;
}
