/* Reading HAR: which entries there are, in whatever a file is packed, and what one of them says. */
#include "base/base64.h"
#include "base/buf.h"
#include "base/file.h"
#include "harness/distill/har_exchange.h"
#include "harness/distill/har_zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define HAR(entries) "{\"log\":{\"entries\":[" entries "]}}"
#define GET_H "\"request\":{\"method\":\"GET\",\"url\":\"http://h\"}"
#define ENTRY(response) HAR("{" GET_H ",\"response\":{" response "}}")

static struct recording recording;

static void parse(const char *text)
{
    struct err e = {0};
    if (recording_parse(span_of(text), "f.har", &recording, &e))
        fail_msg("%s: %s: %s", text, e.where, e.what);
}

/* -- A file ----------------------------------------------------------------------------------- */

static void what_is_no_recording_says_where_it_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *where, *what;
    } cases[] = {
        {"{\"log\":", ERR_SYNTAX, "f.har:1:8", "the text ends too early"},
        {"{\"log\":{\"entries\":[{\"a\":\"b", ERR_SYNTAX, "f.har:1:27", "the text ends too early"},
        {"{\"log\":{\"entries\":[{}{}]}}", ERR_SYNTAX, "f.har:1:22", "a comma or ] is missing"},
        {"{\"log\":{\"entries\":[{]}}", ERR_SYNTAX, "f.har:1:21", "a key in quotes is missing"},
        {"{\"log\" 1}", ERR_SYNTAX, "f.har:1:8", "a colon is missing after a key"},
        {"{\"log\":{\"entries\":[,]}}", ERR_SYNTAX, "f.har:1:20", "a value is missing"},
        {"{\"log\":1}}", ERR_SYNTAX, "f.har:1:10", "something follows the value"},
        {"{\"log\":{}}", ERR_CONTRACT, "f.har", "/log/entries is absent, an array is wanted"},
        {"{\"log\":{\"entries\":{}}}", ERR_CONTRACT, "f.har", "/log/entries is object"},
        {"[]", ERR_CONTRACT, "f.har", "/log/entries is absent"},
        {"", ERR_SYNTAX, "f.har:1:1", "the file is empty"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct recording r;
        struct err e = {0};
        int code = recording_parse(span_of(cases[i].text), "f.har", &r, &e);
        if (code != cases[i].code || strcmp(e.where, cases[i].where) != 0
            || !strstr(e.what, cases[i].what))
            fail_msg("case %zu: %d, %s: %s", i, code, e.where, e.what);
        assert_int_equal(r.count, 0);
        recording_fini(&r);
    }
}

static void whatever_is_wrong_in_an_entry_keeps_nobody_from_the_others(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "0",
        "null",
        "\"x\"",
        "[]",
        "{}",
        "{\"request\":null}",
        "{\"request\":{\"method\":1,\"url\":{}}}",
        "{" GET_H ",\"response\":null}",
        "{" GET_H ",\"response\":{\"status\":-1}}",
        "{" GET_H ",\"a\":\"\xff\xfe\x01\"}",
        "{" GET_H ",\"a\":\"\\u0000\\ud800\\x\"}",
        "{" GET_H ",\"time\":NaN,\"x\":1e999,\"x\":01}",
    };
    for (size_t i = 0; i < COUNT(odd); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 HAR("%s,{\"request\":{\"url\":\"http://g\",\"method\":\"PUT\"}}"), odd[i]);
        parse(text);
        assert_int_equal(recording.count, 2);
        assert_string_equal(recording.entries[1].method, "PUT");
        assert_string_equal(recording.entries[1].url, "http://g");
        recording_fini(&recording);
    }
}

static void a_hundred_thousand_entries_are_read_and_no_more(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        struct buf text;
        struct recording r;
        struct err e = {0};
        buf_init(&text, HAR_BYTES_MAX);
        buf_add_text(&text, "{\"log\":{\"entries\":[0");
        for (int i = 1; i < HAR_ENTRIES_MAX + more; i++)
            buf_add_text(&text, ",0");
        buf_add_text(&text, "]}}");
        int code = recording_parse(buf_span(&text), "f.har", &r, &e);
        assert_int_equal(code, more ? ERR_LIMIT : 0);
        assert_int_equal(r.count, more ? 0 : HAR_ENTRIES_MAX);
        assert_string_equal(e.what, more ? "has 100001 entries, at most 100000 are read" : "");
        buf_fini(&text);
        recording_fini(&r);
    }
}

static void a_text_may_be_nested_as_deep_as_the_call_stack_of_a_browser(void **state)
{
    (void)state;
    enum { DEEP = 1018 }; /* with what is around it: 1,024 at most */
    for (size_t depth = DEEP; depth <= DEEP + 3; depth++) {
        struct buf text;
        struct recording r;
        buf_init(&text, 1 << 20);
        buf_add_text(&text, "{\"log\":{\"entries\":[{\"_initiator\":");
        for (size_t i = 0; i < depth; i++)
            buf_add_text(&text, "[");
        for (size_t i = 0; i < depth; i++)
            buf_add_text(&text, "]");
        buf_add_text(&text, "}]}}");
        int code = recording_parse(buf_span(&text), "f.har", &r, NULL);
        assert_int_equal(code, depth + 4 <= 1024 ? 0 : ERR_SYNTAX);
        recording_fini(&r);
        buf_fini(&text);
    }
}

static char path[64];

static void save(struct span bytes)
{
    assert_int_equal(file_write(path, bytes, NULL), 0);
}

static void save_base64(const char *text)
{
    struct buf bytes;
    buf_init(&bytes, 4096);
    assert_true(base64_decode(&bytes, span_of(text)));
    save(buf_span(&bytes));
    buf_fini(&bytes);
}

/* Made by gzip and zip; the last two hold a.har and b.har, and a.har with b.json beside it. */
static const char gzipped[] =
    "H4sIAAAAAAACA6tWyslPV7KqVkrNKynKTC1WsoquVipKLSxNLS4BCeemlmTkpyhZKbm7hijpKJUW"
    "5QDZGSUlBVb6+hlKtbWxtbUAe2N+H0MAAAA=";
static const char zipped[] =
    "UEsDBBQAAAAIAAAAL1iDFtyMAwAAAAEAAAAMAAAAeC9yZWFkbWUudHh0qwAAUEsDBBQAAAAIAAAA"
    "L1h7Y34fQQAAAEMAAAAHAAAAeC9hLmhhcqtWyslPV7KqVkrNKynKTC1WsoquVipKLSxNLS4BCeem"
    "lmTkpyhZKbm7hijpKJUW5QDZGSUlBVb6+hlKtbWxtbUAUEsBAhQDFAAAAAgAAAAvWIMW3IwDAAAA"
    "AQAAAAwAAAAAAAAAAAAAAIABAAAAAHgvcmVhZG1lLnR4dFBLAQIUAxQAAAAIAAAAL1h7Y34fQQAA"
    "AEMAAAAHAAAAAAAAAAAAAACAAS0AAAB4L2EuaGFyUEsFBgAAAAACAAIAbwAAAJMAAAAAAA==";
static const char zip_without[] =
    "UEsDBBQAAAAIAAAAL1iDFtyMAwAAAAEAAAAFAAAAYS50eHSrAABQSwECFAMUAAAACAAAAC9Ygxbc"
    "jAMAAAABAAAABQAAAAAAAAAAAAAAgAEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAAJgAAAAAA";
static const char zip_of_two[] =
    "UEsDBBQAAAAIAAAAL1h7Y34fQQAAAEMAAAAFAAAAYS5oYXKrVsrJT1eyqlZKzSspykwtVrKKrlYq"
    "Si0sTS0uAQnnppZk5KcoWSm5u4Yo6SiVFuUA2RklJQVW+voZSrW1sbW1AFBLAwQUAAAACAAAAC9Y"
    "e2N+H0EAAABDAAAABQAAAGIuaGFyq1bKyU9XsqpWSs0rKcpMLVayiq5WKkotLE0tLgEJ56aWZOSn"
    "KFkpubuGKOkolRblANkZJSUFVvr6GUq1tbG1tQBQSwECFAMUAAAACAAAAC9Ye2N+H0EAAABDAAAA"
    "BQAAAAAAAAAAAAAAgAEAAAAAYS5oYXJQSwECFAMUAAAACAAAAC9Ye2N+H0EAAABDAAAABQAAAAAA"
    "AAAAAAAAgAFkAAAAYi5oYXJQSwUGAAAAAAIAAgBmAAAAyAAAAAAA";
static const char zip_damaged[] =
    "UEsDBBQAAAAAAAAAL1h7Y34fQwAAAEMAAAAFAAAAYS5oYXJ7ImxvZyI6eyJlbnRyaWVyIjpbeyJy"
    "ZXF1ZXN0Ijp7Im1ldGhvZCI6IkdFVCIsInVybCI6Imh0dHA6Ly9oIn19XX19UEsBAhQDFAAAAAAA"
    "AAAvWHtjfh9DAAAAQwAAAAUAAAAAAAAAAAAAAIABAAAAAGEuaGFyUEsFBgAAAAABAAEAMwAAAGYA"
    "AAAAAA==";
static const char zip_with_body[] =
    "UEsDBBQAAAAIAAAAL1iPb1dgcAAAAIMAAAAHAAAAdC9hLmhhch2MMQ7CMBAE/7K1RSIaJPcRH6BD"
    "CBG4YCNjB9+5wbq/c6EbzY62I5UnfAdlqZEY/txR6dOIZdNvklAe8DhOJzi0moyDyOqHIUCdtbyW"
    "zLTFLDdpdrEfR4d7yWKnfx+/th8crktMRph3Ly4ZqnpR/QFQSwMEFAAAAAgAAAAvWK+sG1YJAAAA"
    "BwAAAAgAAAB0L2IuanNvbqtWSlSyMqwFAFBLAQIUAxQAAAAIAAAAL1iPb1dgcAAAAIMAAAAHAAAA"
    "AAAAAAAAAACAAQAAAAB0L2EuaGFyUEsBAhQDFAAAAAgAAAAvWK+sG1YJAAAABwAAAAgAAAAAAAAA"
    "AAAAAIABlQAAAHQvYi5qc29uUEsFBgAAAAACAAIAawAAAMQAAAAAAA==";

static void a_file_may_have_a_mark_or_be_compressed_or_lie_in_a_zip(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct err e = {0};
        if (i == 0)
            save(span_of("\xEF\xBB\xBF" ENTRY("\"status\":200")));
        else
            save_base64(i == 1 ? gzipped : zipped);
        if (recording_read(path, &recording, &e))
            fail_msg("way %d: %s: %s", i, e.where, e.what);
        assert_int_equal(recording.count, 1);
        assert_string_equal(recording.entries[0].method, "GET");
        recording_fini(&recording);
    }
}

static void what_a_zip_lacks_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *base64, *what;
    } cases[] = {
        {zip_without, "the zip holds no file NAME.har"},
        {zip_of_two, "the zip holds several, a.har and b.har among them"},
        {"UEsDBAAA", "is no zip that can be read"},
        {zip_damaged, "is damaged in the zip"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = {0};
        save_base64(cases[i].base64);
        assert_int_equal(recording_read(path, &recording, &e), ERR_FILE);
        if (!strstr(e.what, cases[i].what) || strncmp(e.where, path, strlen(path)) != 0)
            fail_msg("case %zu: %s: %s", i, e.where, e.what);
    }
}

static void what_is_packed_small_is_unpacked_to_the_maximum_and_no_further(void **state)
{
    (void)state;
    for (size_t max = 5; max <= 7; max++) {
        struct buf zip, out;
        buf_init(&zip, 4096);
        buf_init(&out, max);
        assert_true(base64_decode(&zip, span_of(zip_with_body)));
        assert_int_equal(har_zip_read(buf_span(&zip), "b.json", &out, NULL),
                         max < 7 ? ERR_LIMIT : 0);
        buf_fini(&out);
        buf_fini(&zip);
    }
}

/* -- What became of a request ----------------------------------------------------------------- */

static void an_exchange_without_a_status_had_no_answer(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
        const char *failure;
    } cases[] = {
        {ENTRY("\"status\":200"), 200, NULL},
        {ENTRY("\"status\":999"), 999, NULL},
        {ENTRY("\"status\":\"200\""), 200, NULL},
        {ENTRY("\"status\":\"OK\""), 0, NULL},
        {ENTRY("\"status\":0"), 0, NULL},
        {ENTRY("\"status\":-1"), 0, NULL},
        {ENTRY("\"status\":99"), 0, NULL},
        {ENTRY("\"status\":1000"), 0, NULL},
        {ENTRY("\"status\":200.5"), 0, NULL},
        {ENTRY(""), 0, NULL},
        {HAR("{" GET_H "}"), 0, NULL},
        {HAR("{" GET_H ",\"response\":null,\"_error\":\"x\"}"), 0, "x"},
        {ENTRY("\"status\":0,\"_error\":\"net::ERR_FAILED\""), 0, "net::ERR_FAILED"},
        {ENTRY("\"status\":-1,\"_failureText\":\"net::ERR_ABORTED\""), 0, "net::ERR_ABORTED"},
        {ENTRY("\"status\":200,\"_error\":null"), 200, NULL},
        {ENTRY("\"status\":200,\"_error\":\"\""), 200, NULL},
        {HAR("{" GET_H ",\"response\":{\"status\":0},\"error\":{\"message\":\"m\"}}"), 0, "m"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct exchange x;
        parse(cases[i].text);
        assert_int_equal(exchange_open(&recording, 0, &x, NULL), 0);
        bool same = !x.failure == !cases[i].failure
            && (!x.failure || strcmp(x.failure, cases[i].failure) == 0);
        if (x.status != cases[i].status || !same)
            fail_msg("case %zu: %d, %s", i, x.status, x.failure ? x.failure : "-");
        exchange_close(&x);
        recording_fini(&recording);
    }
}

static void headers_are_a_list_or_an_object_and_a_value_of_several_lines_is_several(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ENTRY("\"headers\":[{\"name\":\"A\",\"value\":\" 1 "
              "\"},{\"name\":\"B\",\"value\":\"2\\n3\"},{\"name\":1},{"
              "\"value\":\"x\"},7]"),
        ENTRY("\"headers\":{\"A\":\"1\",\"B\":[\"2\",\"3\"],\"C\":7}"),
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct exchange x;
        parse(texts[i]);
        assert_int_equal(exchange_open(&recording, 0, &x, NULL), 0);
        assert_int_equal(x.headers.count, 3);
        assert_true(span_is(x.headers.list[0].value, "1"));
        assert_true(span_is(x.headers.list[1].name, "B") && span_is(x.headers.list[1].value, "2"));
        assert_true(span_is(x.headers.list[2].name, "B") && span_is(x.headers.list[2].value, "3"));
        exchange_close(&x);
        recording_fini(&recording);
    }
}

/* -- Bodies ----------------------------------------------------------------------------------- */

#define CODING(name) "\"headers\":[{\"name\":\"content-encoding\",\"value\":\"" name "\"}],"

static void a_body_is_what_its_bytes_say(void **state)
{
    (void)state;
    static const struct {
        const char *response;
        struct span body;
    } cases[] = {
        {"\"content\":{}", {"", 0}}, /* nothing is said of a body */
        {"\"x\":1", {"", 0}},        /* no content */
        {"\"content\":{\"encoding\": \"base64\"}", {"", 0}},
        {"\"content\":{\"size\": 0, \"text\": \"\"}", {"", 0}},
        {"\"content\":{\"text\": \"YWI=\"}", {"YWI=", 4}}, /* plain text, however it looks */
        {"\"content\":{\"text\": \"YWI=\", \"encoding\": \"base64\"}", {"ab", 2}},
        {"\"content\":{\"text\": \"AP/+YQ\", \"encoding\": \"BASE64\"}",
         {"\000\377\376a", 4}}, /* without padding */
        {"\"content\":{\"text\": \"_-8\", \"encoding\": \"base64\"}",
         {"\377\357", 2}}, /* the alphabet of URLs */
        {"\"content\":{\"text\": \"data:application/json;base64,eyJhIjoxfQ==\", \"encoding\": "
         "\"base64\"}",
         {"{\"a\":1}", 7}},
        {"\"content\":{\"text\": \"eyJhIjoxfQ==\"}",
         {"{\"a\":1}", 7}}, /* base64 that nothing says */
        {"\"content\":{\"text\": \"{\\\"a\\\":1}\", \"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}},                                       /* plain, though base64 is said */
        {"\"content\":{\"text\": \"a\\u0000b\"}", {"a\000b", 3}}, /* a NUL is a byte */
        {"\"content\":{\"text\": {\"a\": 1}}", {"{\"a\": 1}", 8}}, /* the JSON itself */
        {"\"content\":{\"text\": null}", {"", 0}},
        {CODING("gzip") "\"content\":{\"text\": \"{\\\"a\\\":1}\"}",
         {"{\"a\":1}", 7}}, /* decoded already */
        {CODING("x-gzip") "\"content\":{\"text\": \"{\\\"a\\\":1}\"}",
         {"{\"a\":1}", 7}}, /* decoded already */
        {CODING("GZIP") "\"content\":{\"text\": \"{\\\"a\\\":1}\"}",
         {"{\"a\":1}", 7}}, /* decoded already */
        {CODING("identity, gzip") "\"content\":{\"text\": \"{\\\"a\\\":1}\"}",
         {"{\"a\":1}", 7}}, /* decoded already */
        {CODING("br") "\"content\":{\"text\": \"{\\\"a\\\":1}\"}",
         {"{\"a\":1}", 7}}, /* decoded already */
        {CODING("gzip") "\"content\":{\"text\": \"H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA\", "
                        "\"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}},
        {"\"content\":{\"text\": \"H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA\", \"encoding\": "
         "\"base64\"}",
         {"{\"a\":1}", 7}}, /* no header says gzip */
        {CODING("gzip") "\"content\":{\"text\": \"H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA\"}",
         {"{\"a\":1}", 7}}, /* nothing says base64 */
        {CODING("br") "\"content\":{\"text\": \"H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA\", "
                      "\"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}}, /* it is gzip all the same */
        {CODING("gzip") "\"content\":{\"text\": "
                        "\"\\u001f\\u008b\\b\\u0000\\u0000\\u0000\\u0000\\u0000\\u0002\\u0003\\u00a"
                        "bVJT\\u00b22\\u00ac\\u0005\\u0000\\u00af\\u00ac\\u001bV\\u0007\\u0000\\u00"
                        "00\\u0000\"}",
         {"{\"a\":1}", 7}}, /* bytes taken for characters */
        {CODING("deflate") "\"content\":{\"text\": \"eJyrVkpUsjKsBQAIKgIJ\", \"encoding\": "
                           "\"base64\"}",
         {"{\"a\":1}", 7}},
        {CODING("deflate") "\"content\":{\"text\": \"q1ZKVLIyrAUA\", \"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}}, /* raw */
        {CODING("br") "\"content\":{\"text\": \"YAAQeyJhIjoxfQM=\", \"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}},
        {CODING(
             "br, gzip") "\"content\":{\"text\": \"H4sIAAAAAAACA0tgEKhWSlSyMqxlBgAuoYX/CwAAAA==\", "
                         "\"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}},
        {CODING("gzip") "\"content\":{\"text\": \"[\\\"H4sIAAAAAAAC\\\", "
                        "\\\"A6tWSlSyMqwFAK+sG1YHAAAA\\\"]\", \"encoding\": \"base64\"}",
         {"{\"a\":1}", 7}}, /* Polly's pieces */
        {CODING("gzip") "\"content\":{\"text\": "
                        "\"[\\\"1f8b0800000000000203ab564a54b232ac0500afac1b5607000000\\\"]\", "
                        "\"_isBinary\": true}",
         {"{\"a\":1}", 7}}, /* Polly's older pieces */
        {"\"content\":{\"text\": \"[\\\"YWI=\\\"]\"}", {"[\"YWI=\"]", 8}}, /* a list is a list */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        struct exchange x;
        struct buf body;
        struct err e = {0};
        bool was_text;
        snprintf(text, sizeof text, ENTRY("\"status\":200,%s"), cases[i].response);
        parse(text);
        buf_init(&body, 1 << 20);
        assert_int_equal(exchange_open(&recording, 0, &x, &e), 0);
        if (exchange_body(&recording, &x, &body, &was_text, &e))
            fail_msg("case %zu: %s: %s", i, e.where, e.what);
        if (!span_same(buf_span(&body), cases[i].body))
            fail_msg("case %zu: %s", i, body.p);
        buf_fini(&body);
        exchange_close(&x);
        recording_fini(&recording);
    }
}

static void a_body_that_nobody_can_read_is_told_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *response, *where, *what;
    } cases[] = {
        {"\"content\":{\"size\":92}", "/response/content",
         "does not hold the body of this answer (size 92, no text)"},
        {"\"content\":{\"size\":92,\"text\":\"\"}", "/response/content", "size 92"},
        {"\"content\":{},\"bodySize\":7", "/response/content", "size 7"},
        {"\"content\":{\"size\":9,\"comment\":\"thrown away\"}", "/response/content",
         "thrown away: record again"},
        {"\"headers\":[{\"name\":\"content-length\",\"value\":\"5\"}]", "/response/content",
         "size 5"},
        {"\"content\":{\"text\":\"*\",\"encoding\":\"base64\"}", "/response/content/text",
         "is \"base64\", but it is not"},
        {"\"content\":{\"text\":\"a\\ud800\"}", "/response/content/text", "half a surrogate pair"},
        {CODING("zstd") "\"content\":{\"text\":\"KLUv/QRY\",\"encoding\":\"base64\"}",
         "/response/content/text", "(Content-Encoding: zstd), which is not read here"},
        {CODING("gzip") "\"content\":{\"text\":\"/wD/\",\"encoding\":\"base64\"}",
         "/response/content/text", "(Content-Encoding: gzip), but its bytes are not that"},
        {CODING("br") "\"content\":{\"text\":\"/wD/\",\"encoding\":\"base64\"}",
         "/response/content/text", "(Content-Encoding: br), but its bytes are not that"},
        {"\"content\":{\"text\":\"H4sIAAAAAAACA6tW\",\"encoding\":\"base64\"}",
         "/response/content/text", "not whole"},
        {"\"content\":{\"text\":\"\\u001f\\ufffd\\b\"}", "/response/content/text",
         "its bytes are lost"},
        {"\"content\":{\"_file\":\"nowhere.json\"}", "/response/content/_file", "cannot be"},
        {"\"content\":{\"_file\":\"../../etc/passwd\"}", "/response/content/_file", "leads out"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        struct exchange x;
        struct buf body;
        struct err e = {0};
        bool was_text;
        snprintf(text, sizeof text, ENTRY("\"status\":200,%s"), cases[i].response);
        parse(text);
        buf_init(&body, 1 << 20);
        assert_int_equal(exchange_open(&recording, 0, &x, &e), 0);
        int code = exchange_body(&recording, &x, &body, &was_text, &e);
        if (!code || strncmp(e.where, cases[i].where, strlen(cases[i].where)) != 0
            || !strstr(e.what, cases[i].what))
            fail_msg("case %zu: %d, %s: %s", i, code, e.where, e.what);
        buf_fini(&body);
        exchange_close(&x);
        recording_fini(&recording);
    }
}

static void a_body_in_a_file_lies_beside_the_recording_or_in_its_zip(void **state)
{
    (void)state;
    char beside[64];
    snprintf(beside, sizeof beside, "%.48s.body", path);
    assert_int_equal(file_write(beside, span_of("{\"a\":1}"), NULL), 0);
    for (int zip = 0; zip <= 1; zip++) {
        struct buf text, body;
        struct exchange x;
        struct err e = {0};
        bool was_text;
        buf_init(&text, 4096);
        buf_init(&body, 4096);
        buf_addf(&text, ENTRY("\"status\":200,\"content\":{\"size\":7,\"_file\":\"%s\"}"),
                 strrchr(beside, '/') + 1);
        if (zip)
            save_base64(zip_with_body);
        else
            save(buf_span(&text));
        assert_int_equal(recording_read(path, &recording, &e), 0);
        assert_int_equal(exchange_open(&recording, 0, &x, &e), 0);
        if (exchange_body(&recording, &x, &body, &was_text, &e))
            fail_msg("zip %d: %s: %s", zip, e.where, e.what);
        assert_string_equal(body.p, "{\"a\":1}");
        exchange_close(&x);
        recording_fini(&recording);
        buf_fini(&body);
        buf_fini(&text);
    }
    (void)unlink(beside);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/understudy-har-%ld.har", (long)getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_recording_says_where_it_is_not),
        cmocka_unit_test(whatever_is_wrong_in_an_entry_keeps_nobody_from_the_others),
        cmocka_unit_test(a_hundred_thousand_entries_are_read_and_no_more),
        cmocka_unit_test(a_text_may_be_nested_as_deep_as_the_call_stack_of_a_browser),
        cmocka_unit_test(a_file_may_have_a_mark_or_be_compressed_or_lie_in_a_zip),
        cmocka_unit_test(what_a_zip_lacks_is_told),
        cmocka_unit_test(what_is_packed_small_is_unpacked_to_the_maximum_and_no_further),
        cmocka_unit_test(an_exchange_without_a_status_had_no_answer),
        cmocka_unit_test(headers_are_a_list_or_an_object_and_a_value_of_several_lines_is_several),
        cmocka_unit_test(a_body_is_what_its_bytes_say),
        cmocka_unit_test(a_body_that_nobody_can_read_is_told_with_its_reason),
        cmocka_unit_test(a_body_in_a_file_lies_beside_the_recording_or_in_its_zip),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
