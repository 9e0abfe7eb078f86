/* Claims about rendering: stamps are written, every other byte is the recorded one. */
#include "mockserver/answer/render.h"

#include "base/json/json.h"
#include "base/text.h"

#include "ask.h"

static struct fixtures *kept;

static struct render_values values_of(const char *id)
{
    return (struct render_values){.id = id,
                                  .now_ms = NOON_MS + 90000,
                                  .client_ms = NOON_MS + 90000,
                                  .created_ms = NOON_MS,
                                  .started_ms = NOON_MS + 10500,
                                  .finished_ms = -1,
                                  .seed = 1,
                                  .reason = ""};
}

static struct span body_of(const struct plan *p)
{
    return span_cut(buf_span(&p->answer), p->body_at, p->answer.n);
}

/* Renders a body with one stamp over the first occurrence of `recorded`. */
static void check_stamp(const char *body, const char *recorded, struct reply_stamp stamp,
                        const char *request_body, const char *want)
{
    struct reply r = {.name = "r", .status = 200, .body = span_of(body), .stamps = &stamp};
    struct render_values values = values_of("id\"1\\\x01");
    struct plan p;
    stamp.at = (uint32_t)(strstr(body, recorded) - body);
    stamp.len = (uint32_t)strlen(recorded);
    r.stamp_count = 1;
    values.request_body = span_of(request_body);
    plan_init(&p);
    render_reply(&p, &r, &values);
    if (!span_is(body_of(&p), want))
        fail_msg("wanted %s, got %.*s", want, (int)body_of(&p).n, body_of(&p).p);
    plan_fini(&p);
}

static void urls_are_moved_below_a_base_and_the_length_says_so(void **state)
{
    (void)state;
    static const char body[] = "{\"id\": \"old\", \"url\": \"https://a.example/v\"}";
    static const char want[] = "{\"id\": \"new\", \"url\": \"http://local/s/https/a.example/v\"}";
    struct reply_stamp stamp = {.at = 7, .len = 5, .source = STAMP_TASK_ID, .quoted = true};
    struct reply r = {
        .name = "r", .status = 200, .body = span_of(body), .stamps = &stamp, .stamp_count = 1};
    struct render_values values = values_of("new");
    char length[64];
    struct plan p;
    plan_init(&p);
    render_reply(&p, &r, &values);
    assert_non_null(strstr(p.answer.p, "https://a.example/v"));
    plan_reset(&p);
    values.asset_base = "http://local/s";
    render_reply(&p, &r, &values);
    assert_true(span_is(body_of(&p), want));
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", sizeof want - 1);
    assert_non_null(strstr(p.answer.p, length));
    plan_fini(&p);
}

static void an_id_of_one_character_is_written_and_none_leaves_the_recorded_one(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"t", "{\"id\": \"t\"}"}, {"", "{\"id\": \"old\"}"}};
    struct reply_stamp stamp = {.at = 7, .len = 5, .source = STAMP_TASK_ID, .quoted = true};
    struct reply r = {.name = "r",
                      .status = 200,
                      .body = span_of("{\"id\": \"old\"}"),
                      .stamps = &stamp,
                      .stamp_count = 1};
    for (size_t i = 0; i < 2; i++) {
        struct render_values values = values_of(rows[i][0]);
        struct plan p;
        plan_init(&p);
        render_reply(&p, &r, &values);
        assert_true(span_is(body_of(&p), rows[i][1]));
        plan_fini(&p);
    }
}

static void each_source_is_written_as_the_recorded_value_shows(void **state)
{
    (void)state;
    static const struct {
        const char *recorded;
        struct reply_stamp stamp;
        const char *request_body, *want;
    } rows[] = {
        {"\"old\"",
         {.source = STAMP_TASK_ID, .quoted = true},
         NULL,
         "{\"a\": \"id\\\"1\\\\\\u0001\" }"},
        {"7", {.source = STAMP_TASK_ID}, NULL, "{\"a\": 7 }"}, /* no number can say this id */
        {"1705334400", {.source = STAMP_TASK_CREATED}, NULL, "{\"a\": 1800000000 }"},
        {"1705334400000",
         {.source = STAMP_TASK_CREATED, .millis = true},
         NULL,
         "{\"a\": 1800000000000 }"},
        {"1705334400", {.source = STAMP_TASK_STARTED}, NULL, "{\"a\": 1800000010 }"},
        {"1705334400000",
         {.source = STAMP_TASK_STARTED, .millis = true},
         NULL,
         "{\"a\": 1800000010500 }"},
        /* has not come yet, but was recorded: now, so that moments stay in order */
        {"1705334400", {.source = STAMP_TASK_FINISHED}, NULL, "{\"a\": 1800000090 }"},
        {"\"1705334400\"", {.source = STAMP_NOW, .quoted = true}, NULL, "{\"a\": \"1800000090\" }"},
        {"\"d\"",
         {.source = STAMP_REQUEST_BODY, .quoted = true, .pointer = "/D"},
         "{\"D\": \"x\\n\"}",
         "{\"a\": \"x\\n\" }"},
        {"\"d\"",
         {.source = STAMP_REQUEST_BODY, .quoted = true, .pointer = "/D"},
         "{\"D\": 12}",
         "{\"a\": \"12\" }"},
        {"3", {.source = STAMP_REQUEST_BODY, .pointer = "/D"}, "{\"D\": 12}", "{\"a\": 12 }"},
        /* absent, null, of another kind, or no body at all: as recorded */
        {"\"d\"",
         {.source = STAMP_REQUEST_BODY, .quoted = true, .pointer = "/D"},
         "{}",
         "{\"a\": \"d\" }"},
        {"\"d\"",
         {.source = STAMP_REQUEST_BODY, .quoted = true, .pointer = "/D"},
         "{\"D\":null}",
         "{\"a\": \"d\" }"},
        {"3", {.source = STAMP_REQUEST_BODY, .pointer = "/D"}, "{\"D\":\"x\"}", "{\"a\": 3 }"},
        {"3", {.source = STAMP_REQUEST_BODY, .pointer = "/D"}, NULL, "{\"a\": 3 }"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[128];
        snprintf(body, sizeof body, "{\"a\": %s }", rows[i].recorded);
        check_stamp(body, rows[i].recorded, rows[i].stamp, rows[i].request_body, rows[i].want);
    }
}

static void a_uuid_is_of_version_4_and_the_same_for_the_same_seed(void **state)
{
    (void)state;
    struct reply_stamp stamp = {.at = 0, .len = 3, .source = STAMP_UUID, .quoted = true};
    struct reply r = {.status = 200, .body = span_of("\"x\""), .stamps = &stamp, .stamp_count = 1};
    struct plan p[16]; /* of the seeds 1, 1, 2, 3 ... */
    for (int i = 0; i < 16; i++) {
        struct render_values values = values_of("id");
        values.seed = i == 0 ? 1 : (uint64_t)i;
        plan_init(&p[i]);
        render_reply(&p[i], &r, &values);
        struct span s = body_of(&p[i]);
        assert_int_equal(s.n, 38);
        for (size_t j = 1; j < 37; j++)
            if (j == 9 || j == 14 || j == 19 || j == 24)
                assert_int_equal(s.p[j], '-');
            else
                assert_non_null(strchr("0123456789abcdef", s.p[j]));
        assert_int_equal(s.p[15], '4');
        assert_non_null(strchr("89ab", s.p[20]));
    }
    assert_true(span_same(body_of(&p[0]), body_of(&p[1])));
    assert_false(span_same(body_of(&p[0]), body_of(&p[2])));
    for (int i = 0; i < 16; i++)
        plan_fini(&p[i]);
}

static void the_head_is_made_for_the_status_and_the_body(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        bool head_request;
        const char *want;
    } rows[] = {
        {200, "abc", false, "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 3\r\n\r\nabc"},
        {200, "", false, "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 0\r\n\r\n"},
        {204, "abc", false, "HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n"},
        {304, "abc", false, "HTTP/1.1 304 Not Modified\r\nX: 1\r\n\r\n"},
        {429, "a", false, "HTTP/1.1 429 Too Many Requests\r\nX: 1\r\nContent-Length: 1\r\n\r\na"},
        {599, "a", false, "HTTP/1.1 599 \r\nX: 1\r\nContent-Length: 1\r\n\r\na"},
        {200, "abc", true, "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 3\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reply r = {
            .status = rows[i].status, .head = span_of("X: 1\r\n"), .body = span_of(rows[i].body)};
        struct render_values values = values_of("id");
        struct plan p;
        values.no_body = rows[i].head_request;
        plan_init(&p);
        render_reply(&p, &r, &values);
        assert_true(span_is(buf_span(&p.answer), rows[i].want));
        assert_int_equal(p.status, rows[i].status);
        assert_int_equal(p.act_count, 1);
        assert_int_equal(p.acts[0].len, p.answer.n);
        plan_fini(&p);
    }
}

static void recorded_dates_move_to_the_clients_present_and_keep_their_distance(void **state)
{
    (void)state;
    static const char head[] = "HTTP/1.1 429\nDate: Fri, 24 Jan 2025 03:34:50 GMT\n"
                               "Retry-After: Fri, 24 Jan 2025 03:35:10 GMT\nX-A: b\n\n";
    struct reply r;
    struct render_values values = values_of("id");
    struct plan p;
    char now[40], then[40];
    assert_int_equal(reply_parse(span_of(head), "r", "r.http", &r, NULL), 0);
    assert_int_equal(r.retry_after_ms, 20000);
    plan_init(&p);
    values.client_ms -= 3600000; /* the mock's clock runs ahead of it */
    render_reply(&p, &r, &values);
    text_of_http_date(values.client_ms / 1000, now, sizeof now);
    text_of_http_date(values.client_ms / 1000 + 20, then, sizeof then);
    assert_non_null(strstr(p.answer.p, now));
    assert_non_null(strstr(strstr(p.answer.p, now), then));
    assert_non_null(strstr(p.answer.p, "\r\nX-A: b\r\n"));
    assert_null(strstr(p.answer.p, "2025"));
    plan_fini(&p);
    reply_fini(&r);
}

static void what_a_date_asks_for_is_rounded_up_on_the_clients_clock(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        int64_t client_ms, asked_ms;
    } rows[] = {
        {"Date: Fri, 24 Jan 2025 03:34:50 GMT\nRetry-After: Fri, 24 Jan 2025 03:35:10 GMT\n", 5000,
         20000},
        {"Date: Fri, 24 Jan 2025 03:34:50 GMT\nRetry-After: Fri, 24 Jan 2025 03:35:10 GMT\n", 5001,
         20999},
        {"Date: Fri, 24 Jan 2025 03:34:50 GMT\nRetry-After: Fri, 24 Jan 2025 03:35:10 GMT\n", 5999,
         20001},
        {"Retry-After: 20\n", 5001, 20000}, /* seconds know no clock */
        {"", 5001, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        struct reply r;
        snprintf(text, sizeof text, "HTTP/1.1 429\n%s\n", rows[i].head);
        assert_int_equal(reply_parse(span_of(text), "r", "r.http", &r, NULL), 0);
        assert_int_equal(render_asked_ms(&r, rows[i].client_ms), rows[i].asked_ms);
        reply_fini(&r);
    }
}

static void a_date_without_its_twin_stays_as_recorded(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "HTTP/1.1 429\nDate: Fri, 24 Jan 2025 03:34:50 GMT\nRetry-After: 20\n\n",
        "HTTP/1.1 429\nRetry-After: Fri, 24 Jan 2025 03:35:10 GMT\n\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct reply r;
        struct render_values values = values_of("id");
        struct plan p;
        assert_int_equal(reply_parse(span_of(heads[i]), "r", "r.http", &r, NULL), 0);
        assert_int_equal(r.retry_after_ms, i == 0 ? 20000 : -1);
        plan_init(&p);
        render_reply(&p, &r, &values);
        assert_non_null(strstr(p.answer.p, "24 Jan 2025"));
        plan_fini(&p);
        reply_fini(&r);
    }
}

static void a_reason_cannot_break_out_of_its_header(void **state)
{
    (void)state;
    struct render_values values = values_of("");
    struct plan p;
    values.reason = "no \"x\r\nSet-Cookie: a\" \xff";
    plan_init(&p);
    render_plain(&p, 404, &values);
    struct span all = buf_span(&p.answer);
    static const char want[] = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"
                               "X-Mock-Reason: no \"x??Set-Cookie: a\" ?\r\n";
    assert_true(span_starts(all, want));
    assert_int_equal(json_scan(body_of(&p), NULL, NULL), ERR_OK);
    plan_fini(&p);
}

/* Walks recorded and rendered body side by side; between stamps every byte must be the same. */
static void check_bytes(const struct reply *r, struct span body)
{
    size_t at = 0, in = 0;
    for (uint32_t i = 0; i <= r->stamp_count; i++) {
        size_t next = i < r->stamp_count ? r->stamps[i].at : r->body.n;
        assert_true(span_same(span_cut(r->body, at, next - at), span_cut(body, in, next - at)));
        in += next - at;
        if (i == r->stamp_count)
            break;
        /* The written value ends where the next recorded bytes begin: values hold no such byte. */
        at = next + r->stamps[i].len;
        bool quoted = body.p[in] == '"';
        assert_int_equal(quoted, r->stamps[i].quoted);
        in += quoted ? 2 + span_find(span_cut(body, in + 1, body.n), '"')
                     : strspn(body.p + in, "-0123456789");
    }
    assert_int_equal(in, body.n);
}

static void check_length(const struct plan *p)
{
    char want[64];
    snprintf(want, sizeof want, "\r\nContent-Length: %zu\r\n\r\n", p->answer.n - p->body_at);
    size_t n = strlen(want);
    assert_true(span_is(span_cut(buf_span(&p->answer), p->body_at - n, n), want));
}

static void every_byte_outside_a_stamp_is_the_recorded_one_in_every_reply_of_the_fixtures(
    void **state)
{
    (void)state;
    const struct fixtures *f = take_fixtures(&kept);
    unsigned replies = 0, stamps = 0;
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct upstream *u = &f->upstreams[i];
        for (uint32_t j = 0; j < u->reply_count; j++) {
            const struct reply *r = &u->replies[j];
            struct render_values values = values_of("a-much-longer-or-shorter-id");
            struct plan p;
            values.request_body = span_of("{\"DriveId\":\"d-1\",\"TaskId\":\"t-1\"}");
            plan_init(&p);
            render_reply(&p, r, &values);
            buf_add_char(&p.answer, '\0'); /* for strspn */
            p.answer.n--;
            if (r->status != 204 && r->status != 304) {
                check_bytes(r, body_of(&p));
                check_length(&p);
            }
            plan_fini(&p);
            replies++;
            stamps += r->stamp_count;
        }
    }
    assert_true(replies > 50 && stamps > 50);
}

static int drop(void **state)
{
    (void)state;
    fixtures_free(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_moved_below_a_base_and_the_length_says_so),
        cmocka_unit_test(an_id_of_one_character_is_written_and_none_leaves_the_recorded_one),
        cmocka_unit_test(each_source_is_written_as_the_recorded_value_shows),
        cmocka_unit_test(a_uuid_is_of_version_4_and_the_same_for_the_same_seed),
        cmocka_unit_test(the_head_is_made_for_the_status_and_the_body),
        cmocka_unit_test(recorded_dates_move_to_the_clients_present_and_keep_their_distance),
        cmocka_unit_test(what_a_date_asks_for_is_rounded_up_on_the_clients_clock),
        cmocka_unit_test(a_date_without_its_twin_stays_as_recorded),
        cmocka_unit_test(a_reason_cannot_break_out_of_its_header),
        cmocka_unit_test(
            every_byte_outside_a_stamp_is_the_recorded_one_in_every_reply_of_the_fixtures),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
