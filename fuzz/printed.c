/* Fuzzes how a URL is found in what a client printed. An input is an output; its first line is the URL that
 * is expected, unless it is empty. */
#include "fuzz.h"

#include "base/buf.h"
#include "harness/external/output_url.h"

#include <string.h>

enum { URL_SIZE = 256, EXPECTED_MAX = 128 };

static void find(struct span output, const char *expected, char url[URL_SIZE])
{
    memset(url, 0xA5, URL_SIZE);
    size_t looked = output_url_find(output, expected, url, URL_SIZE);
    fuzz_demand(looked <= OUTPUT_URL_LOOKS * (output.n + 1), "the work is bounded");
    fuzz_demand(memchr(url, '\0', URL_SIZE), "a URL is terminated");
}

/* A URL that was found is found again where it stands alone, in quotes, in angles, or as JSON. */
static void demand_found_again(const char *url)
{
    static const struct {
        const char *before, *slash, *behind;
    } forms[] = {
        {"", "/", ""}, {"\"", "/", "\"\n"}, {"<", "\\/", ">."}, {" ", "\\u002F", "\x1b[0m"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char again[URL_SIZE];
        struct buf printed;
        buf_init(&printed, 8 * URL_SIZE);
        buf_add_text(&printed, forms[i].before);
        for (const char *c = url; *c != '\0'; c++)
            if (*c == '/')
                buf_add_text(&printed, forms[i].slash);
            else
                buf_add_char(&printed, *c);
        buf_add_text(&printed, forms[i].behind);
        find(buf_span(&printed), NULL, again);
        fuzz_demand(strcmp(again, url) == 0, "what was found is found again");
        buf_fini(&printed);
    }
}

static void demand_url(const char *url)
{
    for (const char *c = url; *c != '\0'; c++)
        fuzz_demand(*c > ' ' && *c < 0x7F && !strchr("<>\"`\\^{|}", *c),
                    "a URL's bytes can be in one");
    fuzz_demand(span_starts(span_of(url), "http://") || span_starts(span_of(url), "https://"),
                "a URL begins as one");
    demand_found_again(url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    char expected[EXPECTED_MAX], url[URL_SIZE], again[URL_SIZE];
    struct span first = span_cut(text, 0, span_find(text, '\n'));
    struct span output = span_cut(text, first.n + 1, text.n);
    find(output, NULL, url);
    find(fuzz_elsewhere(output), NULL, again);
    fuzz_demand(strcmp(url, again) == 0, "the same output is read the same");
    if (url[0] != '\0')
        demand_url(url);
    if (memchr(first.p ? first.p : "", '\0', first.n)
        || !span_copy(first, expected, sizeof expected) || first.n == 0)
        return 0;
    find(output, expected, again);
    fuzz_demand(strcmp(again, expected) != 0 || strstr(expected, "://"), "an expected URL is one");
    fuzz_demand(strcmp(again, expected) == 0 || (again[0] == '\0') == (url[0] == '\0'),
                "a URL is told when there is one");
    return 0;
}
