/* Every kind of file that people write, saved, cut and mistaken in every usual way: the error names the file, the
 * place in it, and what is wrong. What is special to a kind stands in that kind's own tests. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "harness/check/want.h"
#include "harness/distill/har_read.h"
#include "harness/external/profile.h"
#include "mockserver/fixture/contract_read.h"
#include "mockserver/fixture/reply.h"

#include <sys/stat.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static char path[128]; /* of the one file under test */

/* -- Kinds: each reads the file at path ------------------------------------------------------- */

static int read_contract(struct err *e)
{
    struct contract c = {0};
    struct buf text;
    buf_init(&text, JSON_TEXT_MAX);
    int code = file_read(path, &text, e);
    if (!code)
        code = contract_parse(buf_span(&text), path, NULL, &c, e);
    contract_fini(&c);
    buf_fini(&text);
    return code;
}

static int read_reply(struct err *e)
{
    struct reply r = {0};
    struct buf bytes;
    buf_init(&bytes, REPLY_BODY_MAX + REPLY_HEAD_MAX);
    int code = file_read(path, &bytes, e);
    if (!code)
        code = reply_parse(buf_span(&bytes), "x", path, &r, e);
    reply_fini(&r);
    buf_fini(&bytes);
    return code;
}

static int read_want(struct err *e)
{
    struct want w;
    int code = want_open(path, &w, e);
    if (!code)
        want_fini(&w);
    return code;
}

static int read_scenario(struct err *e)
{
    return fixtures_add_scenario(fixtures_upstream(fixtures, "video"), path, e);
}

static int read_profile(struct err *e)
{
    struct profile p;
    int code = profile_load(path, &p, e);
    if (!code)
        profile_fini(&p);
    return code;
}

static int read_har(struct err *e)
{
    struct recording r;
    int code = recording_read(path, &r, e);
    if (!code)
        recording_fini(&r);
    return code;
}

static const struct kind {
    const char *name;
    int (*read)(struct err *e);
    const char *list, *text; /* what is said of [] and "x", and where */
    bool plain; /* no comments, and a byte order mark may be fine: written by programs */
} kinds[] = {
    {"contract", read_contract, ":1:1 the file must be an object, not array",
     ":1:1 the file must be an object, not string", false},
    {"want", read_want, ":1:1 the file must be an object, not array",
     ":1:1 the file must be an object, not string", false},
    {"scenario", read_scenario, ":1:1 the file must be an object, not array",
     ":1:1 the file must be an object, not string", false},
    {"profile", read_profile, ":1:1 the file must be an object, not array",
     ":1:1 the file must be an object, not string", false},
    {"HAR", read_har, " is no HAR file: /log/entries is absent, an array is wanted",
     " is no HAR file: /log/entries is absent, an array is wanted", true},
};

/* -- Ways ------------------------------------------------------------------------------------- */

static void save(struct span bytes)
{
    struct err e = {0};
    if (file_write(path, bytes, &e))
        fail_msg("%s: %s", e.where, e.what);
}

/* said: what stands behind the file's name, place and sentence. */
static void assert_said(const char *name, size_t row, int (*read)(struct err *e), const char *said)
{
    struct err e = {0};
    char got[ERR_WHERE_MAX + ERR_WHAT_MAX + 2];
    int code = read(&e);
    snprintf(got, sizeof got, "%s %s", e.where, e.what);
    if (!code || strncmp(got, path, strlen(path)) != 0
        || strncmp(got + strlen(path), said, strlen(said)) != 0)
        fail_msg("%s, row %zu: code %d\n  wanted %s%s\n  got    %s", name, row, code, path, said,
                 got);
}

static const struct {
    struct span bytes;
    const char *said;
    bool by_people; /* a mistake in what people write only: a recording is not held to it here */
} texts[] = {
    {BYTES(""), ":1:1 the file is empty", false},
    {BYTES("\r\n \n"), ":1:1 the file is empty", false},
    {BYTES("\xFF\xFE{\0}\0"), ":1:1 the file is UTF-16: save it as UTF-8", false},
    {BYTES("\xFE\xFF\0{\0}"), ":1:1 the file is UTF-16: save it as UTF-8", false},
    {BYTES("{\0}\0"), ":1:1 the file is UTF-16: save it as UTF-8", false},
    {BYTES("\0{\0}"), ":1:1 the file is UTF-16: save it as UTF-8", false},
    {BYTES("{\n  \"a\": \"\xE4\"}"), ":2:10 bytes that are not UTF-8", true},
    {BYTES("{\n  \"a\": \"b\0c\"}"), ":2:10 a control character in a string", true},
    {BYTES("{\r\n  \"a\": 1\r\n  \"b\": 2}"), ":3:3 ", false}, /* a comma is missing */
    {BYTES("{\"a\": 1,}"), ":1:9 a key in quotes is missing", false},
    {BYTES("{'a': 1}"), ":1:2 a key in quotes is missing", false},
    {BYTES("{\"a\": 1, \"a\": 2}"), ":1:10 a key that stood in this object before", true},
    {BYTES("{\"a\":\n"), ":2:1 the text ends too early", false},
    {BYTES("{}\n{}"), ":2:1 something follows the value", false},
    {BYTES("title: x\n"), ":1:2 a word other than true, false or null", true},
    {BYTES("/* why */ {}"), ":1:1 a value is missing", false},
    {BYTES("\x1f\x8b\x08"), ":1:1 the file is compressed (gzip): unpack it first", true},
};

static void a_text_that_is_no_json_is_named_by_line_column_and_cause(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < COUNT(texts); i++) {
            if (texts[i].by_people && kinds[k].plain)
                continue;
            save(texts[i].bytes);
            assert_said(kinds[k].name, i, kinds[k].read, texts[i].said);
        }
}

static void a_byte_order_mark_is_named_as_what_it_is(void **state)
{
    (void)state;
    save((struct span)BYTES("\xEF\xBB\xBF{}"));
    for (size_t k = 0; k < COUNT(kinds); k++)
        if (!kinds[k].plain)
            assert_said(kinds[k].name, 0, kinds[k].read,
                        ":1:1 a byte order mark stands first: save");
    assert_said("reply", 0, read_reply, ":1 a byte order mark stands first: save");
}

static void json_of_the_wrong_kind_is_named_with_the_right_one(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        save(span_of("[]"));
        assert_said(kinds[k].name, 0, kinds[k].read, kinds[k].list);
        save(span_of("\"x\""));
        assert_said(kinds[k].name, 1, kinds[k].read, kinds[k].text);
    }
}

static void a_reply_that_is_none_is_named_by_line_and_an_example(void **state)
{
    (void)state;
    static const struct {
        struct span bytes;
        const char *said;
    } rows[] = {
        {BYTES(""), ":1 a status line must come first, such as \"HTTP/1.1 200 OK\""},
        {BYTES("\n"), ":1 not a status line; \"HTTP/1.1 200 OK\" is one"},
        {BYTES("\xFF\xFEH\0"), ":1 the file is UTF-16: save it as UTF-8"},
        {BYTES("H\0T\0"), ":1 the file is UTF-16: save it as UTF-8"},
        {BYTES("{\"status\":\"queued\"}\n"), ":1 not a status line;"},
        {BYTES("HTTP/1.1 200 OK\r\nA: b\r\n"), ":3 the head does not end:"},
        {BYTES("HTTP/1.1 200 OK\n{}\n\n"), ":2 a header without a colon;"},
        {BYTES("HTTP/1.1 200 OK\nA: b\0\n\n"), ":2 a control character in the header A"},
        {BYTES("HTTP/1.1 20 OK\n\n"), ":1 not a status line;"},
        {BYTES("HTTP/1.1 100 Continue\n\n"), ":1 the status is 100; it must be 200 to 599"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        save(rows[i].bytes);
        assert_said("reply", i, read_reply, rows[i].said);
    }
}

/* Line ends of another system are fine everywhere. */
static void carriage_returns_are_white_space(void **state)
{
    (void)state;
    struct err e = {0};
    save(span_of("{\r\n\"state\": \"queued\" // why\r\n}\r\n"));
    assert_int_equal(read_want(&e), 0);
    save(span_of("{\r\n\"auth\": \"none\" // why\r\n}\r\n"));
    assert_int_equal(read_profile(&e), 0);
    save(span_of("{\"log\":\r\n{\"entries\": []}}\r\n"));
    assert_int_equal(read_har(&e), 0);
    save(span_of("HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}\r\n"));
    assert_int_equal(read_reply(&e), 0);
}

/* A folder, a pipe, nothing, and more than is read. */
static void what_is_no_readable_file_is_named_by_path_and_kind(void **state)
{
    (void)state;
    struct kind all[COUNT(kinds) + 1];
    memcpy(all, kinds, sizeof kinds);
    all[COUNT(kinds)] = (struct kind){"reply", read_reply, NULL, NULL, false};
    for (size_t k = 0; k < COUNT(all); k++) {
        (void)unlink(path);
        assert_said(all[k].name, 0, all[k].read, " cannot be opened: No such file");
        assert_int_equal(mkdir(path, 0700), 0);
        assert_said(all[k].name, 1, all[k].read, " not a regular file: a folder");
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_said(all[k].name, 2, all[k].read, " not a regular file: a pipe");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink(path, path), 0);
        assert_said(all[k].name, 3, all[k].read, " cannot be opened: Too many levels");
        assert_int_equal(unlink(path), 0);
        save(span_of("x"));
        assert_int_equal(truncate(path, (off_t)1 << 40), 0); /* a hole: it takes no room */
        assert_said(all[k].name, 4, all[k].read, " the file is longer than ");
    }
}

static void references_that_lead_in_a_circle_are_named(void **state)
{
    (void)state;
    save(span_of("{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\"},\n"
                 "\"components\": {\"schemas\": {\"a\": {\"$ref\": \"#/components/schemas/b\"},\n"
                 "\"b\": {\"$ref\": \"#/components/schemas/a\"}}}}"));
    assert_said("contract", 0, read_contract, ":2:");
}

static int set_up(void **state)
{
    int code = load_fixtures(state);
    snprintf(path, sizeof path, "%s/x.json", scratch);
    return code;
}

static int tear_down(void **state)
{
    (void)unlink(path);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_is_no_json_is_named_by_line_column_and_cause),
        cmocka_unit_test(a_byte_order_mark_is_named_as_what_it_is),
        cmocka_unit_test(json_of_the_wrong_kind_is_named_with_the_right_one),
        cmocka_unit_test(a_reply_that_is_none_is_named_by_line_and_an_example),
        cmocka_unit_test(carriage_returns_are_white_space),
        cmocka_unit_test(what_is_no_readable_file_is_named_by_path_and_kind),
        cmocka_unit_test(references_that_lead_in_a_circle_are_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
