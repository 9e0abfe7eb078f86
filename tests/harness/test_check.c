/* check_replies: every way in which a reply can differ from its want, its contract and HTTP, told once, at its place
 * and with its weight. */
#include "base/buf.h"
#include "base/file.h"
#include "harness/check/check.h"
#include "harness/check/shape.h"
#include "mockserver/fixture/fixtures.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* "video" has a decoder, which reads task_id, status and url. */
static const char contract_text[] =
    "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\"}, \"paths\": {\"/t/{id}\": {\"get\": "
    "{\"responses\": {"
    "\"200\": {\"content\": {\"application/json\": {\"schema\": {\"$ref\": "
    "\"#/components/schemas/Task\"}},"
    "                        \"text/csv\": {\"schema\": {\"type\": \"string\"}}}},"
    "\"4XX\": {\"content\": {\"application/*\": {\"schema\": {\"type\": \"object\", \"required\": "
    "[\"message\"]}}}},"
    "\"default\": {\"content\": {\"*/*\": {\"schema\": {\"type\": \"array\"}}}}}}}},"
    "\"components\": {\"schemas\": {\"Task\": {\"type\": \"object\", \"required\": [\"status\"], "
    "\"properties\": {"
    "  \"status\": {\"type\": \"string\", \"enum\": [\"queued\", \"completed\"]},"
    "  \"task_id\": {\"type\": \"string\", \"maxLength\": 4},"
    "  \"list\": {\"type\": \"array\", \"items\": {\"type\": [\"integer\", \"null\"]}},"
    "  \"extra\": {\"additionalProperties\": {\"type\": \"boolean\"}},"
    "  \"no\": false, \"n\": {\"minimum\": 1, \"maximum\": 9}, \"one\": {\"const\": 1},"
    "  \"both\": {\"allOf\": [{\"properties\": {\"a\": {\"type\": \"string\"}}}, {\"properties\": "
    "{\"b\": true}}]},"
    "  \"data\": {\"anyOf\": [{\"type\": \"object\", \"required\": [\"a\"], \"properties\": "
    "{\"a\": {\"type\": \"string\"}}},"
    "                       {\"type\": \"object\", \"required\": [\"b\"], \"properties\": {\"b\": "
    "{\"type\": \"string\"}}},"
    "                       {\"type\": \"null\"}]}}}}},"
    "\"x-task\": {\"id\": [{\"in\": \"path\", \"name\": \"id\"}], \"status\": {\"pointer\": "
    "\"/status\","
    "\"states\": {\"queued\": [\"queued\"], \"succeeded\": [\"completed\"]}}}}";

static const char plain[] = "HTTP/1.1 200 OK\n\n";
static const struct {
    const char *path, *text;
} folder[] = {
    {"video/openapi.json", contract_text},
    {"video/replies/error.not_found.http", plain},
    {"video/replies/error.no_route.http", plain},
    {"video/replies/error.bad_request.http", plain},
    {"video/scenarios/success.json",
     "{\"title\": \"t\", \"steps\": [{\"reply\": \"x\"}], \"expect\": {\"outcome\": "
     "\"succeeded\"}}"},
};

static char dir[64];

static void put(const char *name, struct span bytes)
{
    char path[FILE_PATH_MAX];
    struct err e = {0};
    assert_true(file_join(path, sizeof path, dir, name));
    if (file_write(path, bytes, &e))
        fail_msg("%s: %s", e.where, e.what);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/understudy-check-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    for (size_t i = 0; i < COUNT(folder); i++)
        put(folder[i].path, span_of(folder[i].text));
    return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Each finding about the reply x as "LEVEL PLACE WHAT\n"; PLACE is behind ".../replies/". */
static struct buf said;

static void say(const struct check_finding *f, void *arg)
{
    const struct err *e = f->e;
    static const char *const names[] = {"wrong", "warning", "note"};
    const char *file = strstr(e->where, "/replies/x.");
    (void)arg;
    if (file)
        buf_addf(&said, "%s %s %s\n", names[f->level], file + strlen("/replies/"), e->what);
}

static void check_folder(const char *path, check_report *report)
{
    struct fixtures *f = NULL;
    struct check_age any = {0};
    struct err e = {0};
    if (fixtures_load(path, NULL, NULL, &f, &e))
        fail_msg("%s: %s", e.where, e.what);
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        char upstream[FILE_PATH_MAX];
        assert_true(file_join(upstream, sizeof upstream, path, f->upstreams[i].name));
        if (check_replies(upstream, &f->upstreams[i], &any, report, NULL, &e))
            fail_msg("%s: %s", e.where, e.what);
    }
    fixtures_free(f);
}

/* head: status and headers, without the empty line; want: NULL for none. */
static const char *checked(const char *head, struct span body, const char *want)
{
    char path[FILE_PATH_MAX];
    struct buf file;
    buf_init(&file, 4 << 20);
    buf_addf(&file, "HTTP/1.1 %s\n\n", head);
    buf_add_span(&file, body);
    put("video/replies/x.http", buf_span(&file));
    buf_fini(&file);
    assert_true(file_join(path, sizeof path, dir, "video/replies/x.want.json"));
    (void)unlink(path);
    if (want)
        put("video/replies/x.want.json", span_of(want));
    buf_reset(&said);
    check_folder(dir, say);
    return said.p;
}

struct checked_reply {
    const char *head, *body, *want, *said;
};

static void check_rows(const struct checked_reply *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = checked(rows[i].head, span_of(rows[i].body), rows[i].want);
        if (strcmp(got, rows[i].said) != 0)
            fail_msg("row %zu: wanted\n%sgot\n%s", i, rows[i].said, got);
    }
}

#define JSON_200 "200\nContent-Type: application/json; charset=utf-8"
#define QUEUED "{\"status\":\"queued\",\"task_id\":\"t-1\"}"

static void a_want_that_says_something_else_than_the_reply_is_wrong_key_by_key(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        {JSON_200, QUEUED, "{\"state\": \"queued\", \"status\": \"queued\", \"id\": \"t-1\"}", ""},
        {JSON_200, QUEUED, NULL, ""},
        {JSON_200, QUEUED,
         "{// why\n \"state\": \"failed\", \"status\": \"queued\", \"id\": \"t-1\"}",
         "wrong x.want.json:2:11 \"state\" is \"failed\", but the reply reads as \"queued\"\n"},
        {JSON_200, QUEUED, "{\"state\": \"queued\", \"id\": \"t-1\", \"progress\": 7}",
         "wrong x.want.json:1:1 \"status\" is left out, but the reply reads as \"queued\"\n"
         "wrong x.want.json:1:46 \"progress\" is 7, but the reply reads as -1\n"},
        {JSON_200, QUEUED,
         "{\"state\": \"queued\", \"status\": \"queued\", \"id\": \"t-1\", \"created\": 5,\n"
         "\"started\": 6, \"finished\": 7, \"url\": \"u\", \"reason\": \"r\", \"code\": \"c\", "
         "\"at\": \"a\"}",
         "wrong x.want.json:2:76 \"at\" is \"a\", but the reply reads as \"\"\n"
         "wrong x.want.json:2:37 \"url\" is \"u\", but the reply reads as \"\"\n"
         "wrong x.want.json:2:52 \"reason\" is \"r\", but the reply reads as \"\"\n"
         "wrong x.want.json:2:65 \"code\" is \"c\", but the reply reads as \"\"\n"
         "wrong x.want.json:1:65 \"created\" is 5, but the reply reads as 0\n"
         "wrong x.want.json:2:12 \"started\" is 6, but the reply reads as 0\n"
         "wrong x.want.json:2:27 \"finished\" is 7, but the reply reads as 0\n"},
        /* the rest follows from the first */
        {"200", "{", "{\"state\": \"queued\"}",
         "wrong x.want.json:1:1 \"error\" is left out, but the reply reads as \"syntax\"\n"
         "note x.http:3:1 the contract does not describe an answer 200 without a Content-Type\n"},
        {"500\nContent-Type: text/html", "<p>", "{\"error\": \"permanent\"}",
         "wrong x.want.json:1:11 \"error\" is \"permanent\", but the reply reads as "
         "\"transient\"\n"},
        {JSON_200, "{", "{\"error\": \"syntax\", \"at\": \"byte 2\"}",
         "wrong x.want.json:1:27 \"at\" is \"byte 2\", but the reply reads as \"byte 1\"\n"},
    };
    check_rows(rows, COUNT(rows));
}

/* The client takes "processing" for running and a bare "failed" for the end; this contract knows neither. */
static void a_reply_that_the_rules_read_otherwise_is_told_to_decide_nothing(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        {JSON_200, "{\"status\":\"processing\",\"task_id\":\"t\"}",
         "{\"state\": \"running\",\n\"status\": \"processing\", \"id\": \"t\"}",
         "warning x.want.json:1:11 \"state\" is \"running\", but the rules read \"unknown\" by the "
         "contract: "
         "the reply decides nothing\n"
         "warning x.http:4:11 /status: is none of the 2 values that the contract lists: "
         "processing\n"},
        {JSON_200, "{\"status\":\"new\",\"task_id\":\"t\"}", "{\"status\": \"new\", \"id\": \"t\"}",
         "warning x.http:4:11 /status: is none of the 2 values that the contract lists: new\n"},
        {JSON_200, "{\"status\":\"queued\",\"task_id\":[]}",
         "{\"error\": \"contract\", \"at\": \"/task_id\"}",
         "note x.want.json:1:1 \"state\" is \"unknown\", but the rules read \"queued\" by the "
         "contract: the reply "
         "decides nothing\n"},
    };
    check_rows(rows, COUNT(rows));
}

static void a_want_that_is_none_is_named_with_line_column_and_the_nearest_key(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        {JSON_200, QUEUED, "", "wrong x.want.json:1:1 the file is empty\n"},
        {JSON_200, QUEUED, "{\n\"state\": }", "wrong x.want.json:2:10 a value is missing\n"},
        {JSON_200, QUEUED, "[]", "wrong x.want.json:1:1 the file must be an object, not array\n"},
        {JSON_200, QUEUED, "{\"stat\": \"queued\"}",
         "wrong x.want.json:1:2 unknown key \"stat\"; did you mean \"state\"?\n"},
        {JSON_200, QUEUED, "{\"state\": \"qeued\"}",
         "wrong x.want.json:1:11 \"state\" cannot be \"qeued\"; did you mean \"queued\"?\n"},
        {JSON_200, QUEUED, "{\"status\": 3}",
         "wrong x.want.json:1:12 \"status\" must be a string, not number\n"},
        {JSON_200, QUEUED, "{\"progress\": \"7%\"}",
         "wrong x.want.json:1:14 \"progress\" must be a number, not string\n"},
        {JSON_200, QUEUED, "{\"progress\": 101}",
         "wrong x.want.json:1:14 \"progress\" must be a whole number of 0 to 100\n"},
        {JSON_200, QUEUED, "{\"created\": 1.5}",
         "wrong x.want.json:1:13 \"created\" must be a whole number of 0 to "
         "9223372036854775807\n"},
        {JSON_200, QUEUED, "{\"error\": \"transitory\"}",
         "wrong x.want.json:1:11 \"error\" cannot be \"transitory\"; known are \"transient\", "
         "\"permanent\", \"not_found\", \"unauthorized\", \"syntax\", \"contract\", \"limit\"\n"},
        {JSON_200, QUEUED, "{\"breaks\": \"\"}",
         "wrong x.want.json:1:12 \"breaks\" must not be empty\n"},
        {JSON_200, QUEUED, "{\"id\": \"a\", \"id\": \"b\"}",
         "wrong x.want.json:1:13 a key that stood in this object before\n"},
    };
    check_rows(rows, COUNT(rows));
}

static void a_body_is_held_against_its_contract_by_status_media_type_and_weight(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        /* another type is wrong, a missing field and a new value are warnings, a new field is a note */
        {JSON_200, "{\"status\": 5,\n \"task_id\": null}", NULL,
         "wrong x.http:4:12 /status: is number; the contract says string\n"
         "wrong x.http:5:13 /task_id: is null; the contract says string\n"},
        {JSON_200, "[]", NULL, "wrong x.http:4:1 the body is array; the contract says object\n"},
        {JSON_200, "{}", NULL,
         "warning x.http:4:1 the body has no \"status\", which the contract requires\n"},
        {JSON_200, "{\"status\": \"new\", \"task_id\": \"12345\"}", NULL,
         "warning x.http:4:12 /status: is none of the 2 values that the contract lists: new\n"
         "warning x.http:4:30 /task_id: its length is 5; the contract says at most 4\n"},
        {JSON_200, "{\"status\": \"queued\", \"eta\": 5}", NULL,
         "note x.http:4:29 /eta: is a field that the contract does not name\n"},
        {JSON_200, "{\"status\": \"queued\",\n\"n\": 10,\n\"one\": 1.0}", NULL,
         "warning x.http:5:6 /n: it is 10; the contract says at most 9\n"},
        {JSON_200, "{\"status\": \"queued\",\n\"n\": 0.5,\n\"one\": 2}", NULL,
         "warning x.http:5:6 /n: it is 0.5; the contract says at least 1\n"
         "warning x.http:6:8 /one: is not the one value that the contract allows\n"},
        /* lists, other members, false, allOf */
        {JSON_200, "{\"status\": \"queued\", \"list\": [1, null, 2.5]}", NULL,
         "wrong x.http:4:40 /list/2: is number; the contract says integer or another type\n"},
        {JSON_200, "{\"status\": \"queued\", \"extra\": {\"a\": true, \"b\": 1}, \"no\": 1}", NULL,
         "wrong x.http:4:48 /extra/b: is number; the contract says boolean\n"
         "wrong x.http:4:58 /no: must not be there: the contract says so\n"},
        {JSON_200, "{\"status\": \"queued\", \"both\": {\"a\": 1, \"b\": 2, \"c\": 3}}", NULL,
         "wrong x.http:4:36 /both/a: is number; the contract says string\n"
         "note x.http:4:52 /both/c: is a field that the contract does not name\n"},
        /* alternatives: the nearest one is what the reply is held against */
        {JSON_200, "{\"status\": \"queued\", \"data\": {\"b\": \"\"}}", NULL, ""},
        {JSON_200, "{\"status\": \"queued\", \"data\": null}", NULL, ""},
        {JSON_200, "{\"status\": \"queued\", \"data\": {\"b\": 1}}", NULL,
         "wrong x.http:4:36 /data/b: is number; the contract says string\n"},
        {JSON_200, "{\"status\": \"queued\", \"data\": {\"a\": 1, \"z\": 2}}", NULL,
         "wrong x.http:4:36 /data/a: is number; the contract says string\n"
         "note x.http:4:44 /data/z: is a field that the contract does not name\n"},
        {JSON_200, "{\"status\": \"queued\", \"data\": 5}", NULL,
         "wrong x.http:4:30 /data: is number; the contract says object\n"},
        /* a status by its hundred, a media type by its range, anything by default */
        {"404\nContent-Type: application/problem+json", "{}", NULL,
         "warning x.http:4:1 the body has no \"message\", which the contract requires\n"},
        {"503\nContent-Type: Application/JSON", "{}", NULL,
         "wrong x.http:4:1 the body is object; the contract says array\n"},
        {"503\nContent-Type: text/html", "<p>", NULL, ""},
        {"200\nContent-Type: text/html", "<p>", NULL,
         "note x.http:4:1 the contract does not describe an answer 200 of type text/html\n"},
        {"200\nContent-Type: text/csv", "a,b", NULL, ""},
        /* no JSON where JSON is promised */
        {JSON_200, "<p>", NULL,
         "wrong x.http:4:1 the body is not JSON, which its Content-Type says: byte 0: a value is "
         "missing\n"},
    };
    check_rows(rows, COUNT(rows));
}

static void a_want_that_says_why_keeps_the_contract_out(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        {JSON_200, "{\"status\": \"queued\", \"task_id\": 5}",
         "{\"state\": \"queued\", \"status\": \"queued\", \"id\": \"5\", \"breaks\": \"a number\"}",
         ""},
        {JSON_200, "{\"status\": \"new\"}", "{\"status\": \"new\", \"breaks\": \"a new one\"}", ""},
        /* a decoding error says it already */
        {JSON_200, "<p>", "{\"error\": \"syntax\", \"at\": \"byte 0\"}", ""},
        {JSON_200, "{\"status\": []}", "{\"error\": \"contract\", \"at\": \"/status\"}", ""},
        /* notes stay, and so does what the want itself gets wrong */
        {JSON_200, "{\"status\": \"new\", \"eta\": 1}",
         "{\"status\": \"old\", \"breaks\": \"a new one\"}",
         "wrong x.want.json:1:12 \"status\" is \"old\", but the reply reads as \"new\"\n"
         "note x.http:4:26 /eta: is a field that the contract does not name\n"},
        {JSON_200, QUEUED,
         "{\"state\": \"queued\", \"status\": \"queued\", \"id\": \"t-1\",\n\"breaks\": "
         "\"nothing\"}",
         "warning x.want.json:2:11 \"breaks\" is there, but the reply breaks nothing\n"},
    };
    check_rows(rows, COUNT(rows));
}

static void a_body_that_is_not_what_content_encoding_says_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *coding;
        struct span body;
        bool good;
    } rows[] = {
        {"gzip", {"{}", 2}, false},
        {"x-gzip", {"\x1f", 1}, false},
        {"GZIP", {"\x1f\x8b\x08", 3}, true},
        {"deflate", {"{}", 2}, false},
        {"deflate", {"\x78\x9c\x03", 3}, true},
        {"br", {"{\"status\":\"queued\"}\n", 20}, false},
        {"br", {"\x0b\x02\x80{}\x03", 6}, true},
        {"zstd", {"plain", 5}, false},
        {"br, gzip", {"{}", 2}, false},
        {"gzip, identity", {"{}", 2}, true},
        {"gzip", {"", 0}, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char head[128];
        snprintf(head, sizeof head, "200\ncontent-encoding: %s", rows[i].coding);
        bool good = !strstr(checked(head, rows[i].body, NULL), "wrong x.http:4:1 Content-Encoding");
        if (good != rows[i].good)
            fail_msg("row %zu: %s", i, said.p);
    }
    const char *want = "{\"state\": \"queued\", \"status\": \"queued\", \"breaks\": \"a proxy\"}";
    assert_string_equal(
        checked(JSON_200 "\nContent-Encoding: gzip", span_of("{\"status\":\"queued\"}"), want), "");
}

static void a_second_head_in_the_body_is_wrong(void **state)
{
    (void)state;
    static const struct checked_reply rows[] = {
        {"200 Connection established", "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{}",
         NULL,
         "wrong x.http:3:1 the body begins with a second head: curl -i writes a proxy's before the "
         "service's; take the first one out\n"
         "note x.http:3:1 the contract does not describe an answer 200 without a Content-Type\n"},
        /* the decoder's word does not excuse it */
        {"200", "HTTP/2 200\n\n{}", "{\"error\": \"syntax\", \"at\": \"byte 0\"}",
         "wrong x.http:3:1 the body begins with a second head: curl -i writes a proxy's before the "
         "service's; take the first one out\n"
         "note x.http:3:1 the contract does not describe an answer 200 without a Content-Type\n"},
    };
    check_rows(rows, COUNT(rows));
}

static void what_is_wrong_a_thousand_times_is_told_sixteen_times_and_counted(void **state)
{
    (void)state;
    struct buf body;
    unsigned lines = 0;
    buf_init(&body, 64 << 10);
    buf_add_text(&body, "{\"status\": \"queued\", \"list\": [true");
    for (int i = 1; i < 1000; i++)
        buf_add_text(&body, ",true");
    buf_add_text(&body, "]}");
    const char *got = checked(JSON_200, buf_span(&body), NULL);
    buf_fini(&body);
    for (const char *c = got; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 17);
    assert_non_null(strstr(got, "wrong x.http and 984 more\n"));
}

/* {"a": {"a": ...}} in which each level may be any of two, and so on: 2^60 ways. */
static void schemas_that_multiply_and_never_end_are_given_up(void **state)
{
    (void)state;
    static const char schema[] =
        "{\"anyOf\": [{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"required\": [\"b\"]},"
        "             {\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"required\": [\"c\"]}]}";
    struct buf text;
    struct json *value = NULL;
    struct contract contract = {0};
    struct shape_counts counts;
    struct err e = {0};
    const struct json_doc_file file = {.path = "x", .text = span_of(schema)};
    buf_init(&text, 4096);
    for (int i = 0; i < 60; i++)
        buf_add_text(&text, "{\"a\":");
    buf_add_text(&text, "{}");
    for (int i = 0; i < 60; i++)
        buf_add_text(&text, "}");
    assert_int_equal(json_open(buf_span(&text), &value, NULL), 0);
    assert_int_equal(json_open(file.text, &contract.document, NULL), 0);
    const struct json_doc root = json_doc_root(&file, contract.document, "");
    assert_int_equal(json_schemas_open(contract.document, NULL, NULL, &contract.schemas, NULL), 0);
    assert_int_equal(json_schemas_read(contract.schemas, &root, NULL, NULL), 0);
    assert_int_equal(shape_compare(&contract, contract.document, value, NULL, NULL, &counts, &e),
                     ERR_LIMIT);
    assert_non_null(strstr(e.what, "4194304 steps or 128 levels"));
    contract_fini(&contract);
    json_close(value);
    buf_fini(&text);
}

/* s0 is twice s1, which is twice s2, and so on: 2^60 schemas for one number. */
static void schemas_that_double_are_given_up_for_a_plain_value_too(void **state)
{
    (void)state;
    struct buf text;
    struct json *document = NULL, *value = NULL;
    struct contract contract = {0};
    struct shape_counts counts;
    struct err e = {0};
    buf_init(&text, 16 << 10);
    buf_add_char(&text, '{');
    for (int i = 0; i < 60; i++)
        buf_addf(&text, "\"s%d\": {\"allOf\": [{\"$ref\": \"#/s%d\"}, {\"$ref\": \"#/s%d\"}]},", i,
                 i + 1, i + 1);
    buf_add_text(&text, "\"s60\": {}}");
    assert_int_equal(json_open(buf_span(&text), &document, NULL), 0);
    assert_int_equal(json_open(span_of("5"), &value, NULL), 0);
    const struct json_doc_file file = {.path = "x", .text = buf_span(&text)};
    const struct json_doc place = json_doc_root(&file, json_get(document, "s0"), "/s0");
    contract.document = document;
    assert_int_equal(json_schemas_open(document, NULL, NULL, &contract.schemas, NULL), 0);
    assert_int_equal(json_schemas_read(contract.schemas, &place, NULL, NULL), 0);
    assert_int_equal(shape_compare(&contract, place.value, value, NULL, NULL, &counts, &e),
                     ERR_LIMIT);
    json_schemas_close(contract.schemas);
    json_close(document);
    json_close(value);
    buf_fini(&text);
}

static void tell(const struct check_finding *f, void *arg)
{
    (void)arg;
    if (f->level != CHECK_NOTE)
        fail_msg("%s: %s", f->e->where, f->e->what);
}

static void the_projects_own_replies_are_neither_wrong_nor_warned_of(void **state)
{
    (void)state;
    const char *own = getenv("UNDERSTUDY_FIXTURES");
    check_folder(own ? own : "fixtures", tell);
}

static int free_said(void **state)
{
    (void)state;
    buf_fini(&said);
    return 0;
}

static int init_said(void **state)
{
    (void)state;
    buf_init(&said, 1 << 20);
    return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_want_that_says_something_else_than_the_reply_is_wrong_key_by_key),
        IN_FOLDER(a_reply_that_the_rules_read_otherwise_is_told_to_decide_nothing),
        IN_FOLDER(a_want_that_is_none_is_named_with_line_column_and_the_nearest_key),
        IN_FOLDER(a_body_is_held_against_its_contract_by_status_media_type_and_weight),
        IN_FOLDER(a_want_that_says_why_keeps_the_contract_out),
        IN_FOLDER(a_body_that_is_not_what_content_encoding_says_is_wrong),
        IN_FOLDER(a_second_head_in_the_body_is_wrong),
        IN_FOLDER(what_is_wrong_a_thousand_times_is_told_sixteen_times_and_counted),
        cmocka_unit_test(schemas_that_multiply_and_never_end_are_given_up),
        cmocka_unit_test(schemas_that_double_are_given_up_for_a_plain_value_too),
        cmocka_unit_test(the_projects_own_replies_are_neither_wrong_nor_warned_of),
    };
    return cmocka_run_group_tests(tests, init_said, free_said);
}
