/* Claims about messages: one look-up by name, one loop over the query, one reading of where a body ends. */
#include "mockserver/message/framing.h"
#include "mockserver/message/hosts.h"
#include "mockserver/message/message.h"
#include "mockserver/message/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct header headers[] = {
    {{"Host", 4}, {"API.example.com:8080", 20}},
    {{"content-TYPE", 12}, {"  Application/JSON ; charset=utf-8", 34}},
    {{"X-Twice", 7}, {" a ", 3}},
    {{"x-twice", 7}, {"b", 1}},
};
enum { HEADERS = sizeof headers / sizeof headers[0] };

static void assert_span(struct span s, const char *text)
{
    if (!span_is(s, text))
        fail_msg("\"%.*s\", not \"%s\"", (int)s.n, s.p, text);
}

static void headers_are_found_by_name_in_any_case_and_counted(void **state)
{
    (void)state;
    struct span value;
    assert_int_equal(header_find(headers, HEADERS, "X-TWICE", &value), 2);
    assert_span(value, "a"); /* the first, without its blanks */
    assert_int_equal(header_find(headers, HEADERS, "X-None", &value), 0);
    assert_int_equal(value.n, 0);
    assert_true(header_list_has(span_of("close , Keep-Alive"), "keep-alive"));
    assert_false(header_list_has(span_of("keep-alive2"), "keep-alive"));
    assert_span(header_host(span_of("[::1]:80")), "[::1]");
    assert_span(header_host(span_of("localhost")), "localhost");
    assert_true(header_is_hop(span_of("transfer-encoding")));
    assert_false(header_is_hop(span_of("Content-Type")));
}

static void a_query_is_handed_out_pair_by_pair_with_its_empty_ones(void **state)
{
    (void)state;
    static const struct {
        const char *target, *pairs; /* each "name=value;", a bare name "name;" */
    } rows[] = {
        {"/path", ""},
        {"/path?", ";"},
        {"/path?a=1&b=&=c&d&&e=f=g&", "a=1;b=;=c;d;;e=f=g;;"},
        {"http://h/p?x=%20", "x=%20;"}, /* still encoded */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[128] = "";
        size_t n = 0;
        struct query query = query_of(span_of(rows[i].target));
        struct query_pair pair;
        while (query_next(&query, &pair))
            n += (size_t)snprintf(got + n, sizeof got - n, "%.*s%s%.*s;", (int)pair.name.n,
                                  pair.name.p, pair.has_value ? "=" : "", (int)pair.value.n,
                                  pair.value.p);
        assert_string_equal(got, rows[i].pairs);
    }
}

static void a_message_is_taken_apart_once(void **state)
{
    (void)state;
    struct message m = {.method = span_of("POST"),
                        .target_text = span_of("/v1/x?name=a%20b"),
                        .body = span_of("{\"Id\": 7}"),
                        .headers = headers,
                        .header_count = HEADERS};
    assert_int_equal(message_open(&m), ERR_OK);
    assert_span(m.target.path, "/v1/x");
    assert_string_equal(target_param(&m.target, "name"), "a b");
    assert_span(message_host(&m), "API.example.com");
    struct span type;
    assert_true(message_content_type(&m, &type));
    assert_span(type, "Application/JSON");
    assert_int_equal(json_kind(json_get(m.json, "Id")), JSON_NUMBER);
    assert_int_equal(message_json(&m, NULL), ERR_OK);
    message_close(&m);
    assert_null(m.json);
}

static void a_body_that_is_no_json_is_no_fault_of_the_message(void **state)
{
    (void)state;
    struct err e = {0};
    struct message m = {.target_text = span_of("/"), .body = span_of("{")};
    assert_int_equal(message_open(&m), ERR_OK);
    assert_null(m.json);
    assert_int_equal(m.json_fault.code, ERR_SYNTAX);
    assert_int_equal(message_json(&m, &e), ERR_SYNTAX);
    assert_string_equal(e.where, "byte 1");
    message_close(&m);
    m.body = span_of(NULL);
    assert_int_equal(message_open(&m), ERR_OK);
    assert_int_equal(m.json_fault.code, ERR_OK);
    assert_int_equal(message_json(&m, &e), ERR_SYNTAX); /* nothing is no JSON either */
    message_close(&m);
}

static void who_needs_json_is_told_of_a_fault_before_it(void **state)
{
    (void)state;
    struct err e = {0};
    struct message m = {.target_text = span_of("none"), .body = span_of("{}")};
    assert_int_equal(message_open(&m), ERR_SYNTAX);
    assert_null(m.json);
    assert_int_equal(message_json(&m, &e), ERR_SYNTAX);
    assert_string_equal(e.where, "target");
    message_close(&m);
}

static void what_cannot_be_read_is_a_fault_that_still_tells_path_and_host(void **state)
{
    (void)state;
    static struct header many[MESSAGE_HEADERS_MAX + 1];
    for (int i = 0; i <= MESSAGE_HEADERS_MAX; i++)
        many[i] = headers[0];
    static const struct {
        const char *target;
        size_t headers;
        enum err_code code;
    } rows[] = {
        {"/p?a=%zz", 1, ERR_SYNTAX},         {"/p?a=1&a=2", 1, ERR_SYNTAX},
        {"/p?a b", 1, ERR_SYNTAX},           {"/p", MESSAGE_HEADERS_MAX + 1, ERR_LIMIT},
        {"/p", MESSAGE_HEADERS_MAX, ERR_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message m = {.target_text = span_of(rows[i].target),
                            .body = span_of("{}"),
                            .headers = many,
                            .header_count = rows[i].headers};
        assert_int_equal(message_open(&m), rows[i].code);
        assert_int_equal(m.fault.code, rows[i].code);
        assert_span(m.target.path, "/p");
        assert_span(message_host(&m), "API.example.com");
        assert_true((m.json != NULL) == (rows[i].code == ERR_OK));
        message_close(&m);
    }
}

static void the_host_of_an_absolute_target_wins_over_the_host_header(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        enum err_code code;
        const char *authority, *host, *origin_form, *path;
    } rows[] = {
        {"/p?a=1", ERR_OK, "API.example.com:8080", "API.example.com", "/p?a=1", "/p"},
        {"/http://h/p", ERR_OK, "API.example.com:8080", "API.example.com", "/http://h/p",
         "/http://h/p"},
        {"http://other:81/p?a=1", ERR_OK, "other:81", "other", "/p?a=1", "/p"},
        {"HTTPS://other/p:q", ERR_OK, "other", "other", "/p:q", "/p:q"},
        {"http://[::1]:8/", ERR_OK, "[::1]:8", "[::1]", "/", "/"},
        {"http://other", ERR_OK, "other", "other", "/", "/"},
        {"http://other?a=1", ERR_OK, "other", "other", "?a=1", "/"},
        {"http://me@other/p", ERR_SYNTAX, "me@other", "me@other", "/p", "/p"},
        {"http:///p", ERR_SYNTAX, "API.example.com:8080", "API.example.com", "/p", "/p"},
        {"ftp://other/p", ERR_SYNTAX, "API.example.com:8080", "API.example.com", "ftp://other/p",
         "/"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message m = {
            .target_text = span_of(rows[i].target), .headers = headers, .header_count = 1};
        if (message_open(&m) != (int)rows[i].code)
            fail_msg("%s: %d %s", rows[i].target, (int)m.fault.code, m.fault.what);
        assert_span(message_authority(&m), rows[i].authority);
        assert_span(message_host(&m), rows[i].host);
        assert_span(m.target.origin_form, rows[i].origin_form);
        assert_span(m.target.path, rows[i].path);
        message_close(&m);
    }
}

static void a_name_of_this_server_is_a_host_and_perhaps_a_port_and_nothing_else(void **state)
{
    (void)state;
    static const char *const names[] = {"mock", "[fd00::1]"};
    const struct hosts hosts = {.listen = "192.0.2.7:8080", .names = names, .name_count = 2};
    static const char *const own[] = {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:1",
                                      "192.0.2.7", "Mock:80",     "[FD00::1]:9",    "localhost:"};
    static const char *const foreign[] = {"",
                                          "user@localhost",
                                          "localhost:80@evil.example",
                                          "localhost:pass@evil.example",
                                          "localhost.evil.example",
                                          "[::1]x",
                                          "[::1",
                                          "192.0.2.8",
                                          "mock.evil.example",
                                          ":80"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (!hosts_have(&hosts, span_of(own[i])))
            fail_msg("%s is not own", own[i]);
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (hosts_have(&hosts, span_of(foreign[i])))
            fail_msg("%s is own", foreign[i]);
    assert_true(hosts_is_name(span_of("mock_1.example-net")));
    assert_true(hosts_is_name(span_of("[::1]")));
    static const char *const none[] = {"", "mock:80", "http://mock", "a/b", "u@mock", "[]", "::1"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (hosts_is_name(span_of(none[i])))
            fail_msg("%s is a name", none[i]);
}

/* "Name: value\n..." into out; returns how many. */
static size_t read_lines(const char *text, struct header out[8])
{
    size_t n = 0;
    struct span rest = span_of(text);
    while (rest.n > 0) {
        size_t end = span_find(rest, '\n');
        struct span line = span_cut(rest, 0, end);
        size_t colon = span_find(line, ':');
        out[n++] = (struct header){span_cut(line, 0, colon), span_cut(line, colon + 1, line.n)};
        rest = span_cut(rest, end + 1, rest.n);
    }
    return n;
}

static void a_target_is_the_same_behind_a_host(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path, *value; /* of the parameter a; NULL: none */
    } rows[] = {
        {"http://h/p?a=1", "/p", "1"}, {"https://h:8443/p", "/p", NULL}, {"http://h", "/", NULL},
        {"http://h?a=1", "/", "1"},    {"http://h?a=/b", "/", "/b"}, /* the slash is the query's */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target t;
        assert_int_equal(target_parse(span_of(rows[i].target), &t, NULL), 0);
        assert_true(span_is(t.path, rows[i].path));
        const char *value = target_param(&t, "a");
        assert_true(value ? rows[i].value && strcmp(value, rows[i].value) == 0 : !rows[i].value);
    }
}

static void a_body_ends_in_one_way_or_the_request_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool http_1_0;
        int status;
        bool chunked;
        unsigned length;
        bool close_after, expects_go;
    } rows[] = {
        {"Host: h", false, 0, false, 0, false, false},
        {"Host: az-AZ.09", false, 0, false, 0, false, false},
        {"Host: h\nContent-Length: 12", false, 0, false, 12, false, false},
        {"Host: h\nTransfer-Encoding: Chunked", false, 0, true, 0, false, false},
        {"Host: h\nConnection: close", false, 0, false, 0, true, false},
        {"Host: h\nConnection: keep-alive", false, 0, false, 0, false, false},
        {"Host: h\nConnection: close, keep-alive", false, 0, false, 0, true, false},
        {"Host: h\nConnection: keep-alive\nConnection: a, Close", false, 0, false, 0, true, false},
        {"Host: h\nConnection: Upgrade\nUpgrade: h2c", false, 0, false, 0, false, false},
        {"Connection: keep-alive", true, 0, false, 0, true, false},
        {"Host: h\nConnection: keep-alive, close", false, 0, false, 0, true, false},
        {"Host: h\nConnection: keep-alive\nConnection: close", false, 0, false, 0, true, false},
        {"Host: h\nConnection: x\nConnection: keep-alive", false, 0, false, 0, false, false},
        {"", true, 0, false, 0, true, false},
        {"Host: h\nContent-Length: 1\nExpect: 100-continue", false, 0, false, 1, false, true},
        {"Host: h\nContent-Length: 1\ncontent-length: 1", false, 400, false, 0, false, false},
        {"Host: h\nContent-Length: 1\nTransfer-Encoding: chunked", false, 400, true, 0, false,
         false},
        {"Host: h\nContent-Length: +1", false, 400, false, 0, false, false},
        {"Host: h\nContent-Length: 1, 1", false, 400, false, 0, false, false},
        {"Host: h\nTransfer-Encoding: gzip, chunked", false, 400, true, 0, false, false},
        {"Transfer-Encoding: chunked", true, 400, true, 0, true, false},
        {"", false, 400, false, 0, false, false},
        {"Host: a\nHost: b", false, 400, false, 0, false, false},
        {"Host: h:80", false, 0, false, 0, false, false},
        {"Host: [::1]:80", false, 0, false, 0, false, false},
        {"Host: my_host-1.example", false, 0, false, 0, false, false},
        {"Host:", false, 0, false, 0, false, false}, /* lawful, and says nothing */
        {"Host: h:evil.example", false, 400, false, 0, false, false},
        {"Host: user@h", false, 400, false, 0, false, false},
        {"Host: a/b", false, 400, false, 0, false, false},
        {"Host: a b", false, 400, false, 0, false, false},
        {"Host: [::1", false, 400, false, 0, false, false},
        {"Host: [::1]x", false, 400, false, 0, false, false},
        {"Host: h\nContent-Length: 1048576", false, 0, false, 1048576, false, false},
        {"Host: h\nContent-Length: 1048577", false, 413, false, 1048577, false, false},
        {"Host: h\nExpect: tea", false, 417, false, 0, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header lines[8];
        struct framing_verdict f;
        struct message m = {.headers = lines, .header_count = read_lines(rows[i].lines, lines)};
        framing_check(&m, rows[i].http_1_0, &f);
        if (f.status != rows[i].status || f.chunked != rows[i].chunked || f.length != rows[i].length
            || f.close_after != rows[i].close_after || f.expects_go != rows[i].expects_go)
            fail_msg("row %zu: %d %s", i, f.status, f.why ? f.why : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_found_by_name_in_any_case_and_counted),
        cmocka_unit_test(a_query_is_handed_out_pair_by_pair_with_its_empty_ones),
        cmocka_unit_test(a_message_is_taken_apart_once),
        cmocka_unit_test(a_target_is_the_same_behind_a_host),
        cmocka_unit_test(a_body_that_is_no_json_is_no_fault_of_the_message),
        cmocka_unit_test(who_needs_json_is_told_of_a_fault_before_it),
        cmocka_unit_test(what_cannot_be_read_is_a_fault_that_still_tells_path_and_host),
        cmocka_unit_test(the_host_of_an_absolute_target_wins_over_the_host_header),
        cmocka_unit_test(a_name_of_this_server_is_a_host_and_perhaps_a_port_and_nothing_else),
        cmocka_unit_test(a_body_ends_in_one_way_or_the_request_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
