/* One GET a URL by libcurl's easy interface; for each a line, "got STATUS BYTES" or "error CODE". */
#include <curl/curl.h>
#include <stdio.h>

static size_t count(char *bytes, size_t size, size_t many, void *sum)
{
    (void)bytes;
    *(size_t *)sum += size * many;
    return size * many;
}

int main(int words, char **word)
{
    CURL *easy = curl_easy_init();
    if (words == 1)
        printf("%s\n", curl_version_info(CURLVERSION_NOW)->version);
    for (int i = 1; i < words; i++) {
        size_t bytes = 0;
        long status = 0;
        curl_easy_setopt(easy, CURLOPT_URL, word[i]);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
        CURLcode code = curl_easy_perform(easy);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (code != CURLE_OK)
            printf("error %d\n", (int)code);
        else
            printf("got %ld %zu\n", status, bytes);
    }
    curl_easy_cleanup(easy);
    return 0;
}
