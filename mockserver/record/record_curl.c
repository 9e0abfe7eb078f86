/* One exchange with the real service through libcurl. */
#include "record_curl.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

void fetched_init(struct fetched *f)
{
    memset(f, 0, sizeof *f);
    buf_init(&f->head, FETCH_HEAD_MAX);
    buf_init(&f->body, FETCH_BODY_MAX);
}

void fetched_fini(struct fetched *f)
{
    buf_fini(&f->head);
    buf_fini(&f->body);
}

int fetch_open(struct err *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(e, ERR_NETWORK, NULL, "libcurl does not start");
    return 0;
}

void fetch_close(void)
{
    curl_global_cleanup();
}

/* -- Receiving -------------------------------------------------------------------------------- */

static size_t take_head(char *bytes, size_t size, size_t n, void *arg)
{
    struct fetched *f = arg;
    struct span line = {bytes, size * n};
    if (span_starts(line, "HTTP/"))
        buf_reset(&f->head); /* the head before it was a 1xx response, which is not kept */
    buf_add_span(&f->head, line);
    return f->head.broken ? 0 : line.n;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *arg)
{
    struct fetched *f = arg;
    buf_add(&f->body, bytes, size * n);
    return f->body.broken ? 0 : size * n;
}

/* Finds the reason and the headers in the head. False when there are more than
 * MESSAGE_HEADERS_MAX. */
static bool read_head(struct fetched *f)
{
    struct span rest = buf_span(&f->head);
    size_t end = span_find(rest, '\n');
    struct span line = span_trim(span_cut(rest, 0, end));
    struct span after = span_cut(line, span_find(line, ' ') + 1, line.n);
    f->reason = span_trim(span_cut(after, span_find(after, ' '), after.n));
    f->header_count = 0;
    while (end < rest.n) {
        rest = span_cut(rest, end + 1, rest.n);
        end = span_find(rest, '\n');
        line = span_trim(span_cut(rest, 0, end));
        size_t colon = span_find(line, ':');
        if (colon == line.n)
            continue;
        if (f->header_count == MESSAGE_HEADERS_MAX)
            return false;
        struct header *h = &f->headers[f->header_count++];
        h->name = span_cut(line, 0, colon);
        h->value = span_trim(span_cut(line, colon + 1, line.n));
    }
    return true;
}

/* -- Sending ---------------------------------------------------------------------------------- */

static bool stays_behind(struct span name)
{
    static const char *const ours[] = {"Host", "Content-Length", "Accept-Encoding", "Expect"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (span_is_nocase(name, ours[i]))
            return true;
    return header_is_hop(name);
}

static struct curl_slist *add_line(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(list, line);
    if (!longer)
        curl_slist_free_all(list);
    return longer;
}

/* The headers to send; the caller frees the list. NULL when memory ran out. */
static struct curl_slist *header_list(const struct message *request)
{
    /* To libcurl "Name:" means: do not add this header yourself. */
    static const char *const added[] = {"Accept", "User-Agent", "Content-Type", "Expect"};
    struct curl_slist *list = add_line(NULL, "Accept-Encoding:");
    char line[64];
    struct span value;
    for (size_t i = 0; list && i < sizeof added / sizeof added[0]; i++) {
        snprintf(line, sizeof line, "%s:", added[i]);
        if (message_header(request, added[i], &value) == 0)
            list = add_line(list, line);
    }
    struct buf text;
    buf_init(&text, FETCH_HEAD_MAX);
    for (size_t i = 0; list && i < request->header_count; i++) {
        const struct header *h = &request->headers[i];
        if (stays_behind(h->name))
            continue;
        buf_reset(&text);
        buf_add_span(&text, h->name);
        buf_add_text(&text, h->value.n > 0 ? ": " : ";"); /* "Name;" is sent as an empty header */
        buf_add_span(&text, h->value);
        list = add_line(list, text.p);
    }
    buf_fini(&text);
    return list;
}

static void set_request(CURL *curl, const struct message *request, const char *method)
{
    if (strcmp(method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (request->body.n > 0 || strcmp(method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.n ? request->body.p : "");
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    } else {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
}

/* Options that keep libcurl from changing, repeating or redirecting the request. NOSIGNAL:
 * timeouts by signal do not work with threads. */
static void set_manners(CURL *curl, const struct fetch_options *options)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)FETCH_TOTAL_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (!options->use_proxy)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    if (options->ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
}

/* The length of one phase. libcurl counts each phase's end from the start of the transfer, in
 * microseconds; *from_us is the end of the phase before and becomes that of this one. */
static double phase_ms(CURL *curl, CURLINFO what, curl_off_t *from_us)
{
    curl_off_t us = 0;
    curl_easy_getinfo(curl, what, &us);
    if (us <= *from_us)
        return 0;
    double ms = (double)(us - *from_us) / 1000.0;
    *from_us = us;
    return ms;
}

static void read_times(CURL *curl, struct fetched *out)
{
    curl_off_t from_us = 0;
    out->dns_ms = phase_ms(curl, CURLINFO_NAMELOOKUP_TIME_T, &from_us);
    out->connect_ms = phase_ms(curl, CURLINFO_CONNECT_TIME_T, &from_us);
    out->connect_ms += phase_ms(curl, CURLINFO_APPCONNECT_TIME_T, &from_us);
    out->send_ms = phase_ms(curl, CURLINFO_PRETRANSFER_TIME_T, &from_us);
    out->wait_ms = phase_ms(curl, CURLINFO_STARTTRANSFER_TIME_T, &from_us);
    out->receive_ms = phase_ms(curl, CURLINFO_TOTAL_TIME_T, &from_us);
}

static void fail(struct fetched *out, const char *why)
{
    out->status = 0;
    snprintf(out->why, sizeof out->why, "%s", why);
}

/* libcurl takes a head that ends with the connection for a whole one. */
static bool is_whole(struct span head)
{
    return (head.n >= 4 && memcmp(head.p + head.n - 4, "\r\n\r\n", 4) == 0)
        || (head.n >= 2 && memcmp(head.p + head.n - 2, "\n\n", 2) == 0);
}

static void run(CURL *curl, struct curl_slist *headers, const char *url, struct fetched *out)
{
    char detail[CURL_ERROR_SIZE] = "";
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, out);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);

    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    read_times(curl, out);
    out->timed_out = code == CURLE_OPERATION_TIMEDOUT;
    if (out->head.broken || out->body.broken)
        fail(out, "the answer is larger than 65536 bytes of head or 67108864 of body");
    else if (code != CURLE_OK)
        fail(out, detail[0] ? detail : curl_easy_strerror(code));
    else if (!is_whole(buf_span(&out->head)))
        fail(out, "the connection ended within the head");
    else if (!read_head(out))
        fail(out, "the answer has more than 64 header lines");
    else
        out->status = (int)status;
}

void fetch(const char *url, const struct message *request, const struct fetch_options *options,
           struct fetched *out)
{
    char method[FETCH_METHOD_MAX + 1];
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = header_list(request);
    if (!span_copy(request->method, method, sizeof method)) {
        fail(out, "the method is longer than 31 bytes");
    } else if (!curl || !headers) {
        fail(out, "no memory for a request");
    } else {
        set_manners(curl, options);
        set_request(curl, request, method);
        run(curl, headers, url, out);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}
