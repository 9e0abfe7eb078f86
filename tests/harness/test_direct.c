/* The direct transport plays plans to the millisecond and tells the same errors as a real one. */
#include "with_fixtures.h"

#include "harness/testbed/direct.h"
#include "mockserver/decide/mock.h"

enum { START_MS = 1000000 };

struct bench {
    struct mock *mock;
    struct clock_sim clock;
    struct direct direct;
    struct http_reply reply;
    struct err e;
};

static void bench_init(struct bench *b)
{
    struct mock_options options = {.seed = 1};
    memset(b, 0, sizeof *b);
    assert_int_equal(mock_open(fixtures, &options, &b->mock, &b->e), 0);
    clock_sim_init(&b->clock, START_MS);
    direct_init(&b->direct, b->mock, &b->clock);
    http_reply_init(&b->reply);
}

static void bench_fini(struct bench *b)
{
    http_reply_fini(&b->reply);
    direct_fini(&b->direct);
    mock_close(b->mock);
}

static int get(struct bench *b, const char *url, int64_t timeout_ms)
{
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = {"X-First: 1", "Authorization: Bearer token", NULL},
                                   .timeout_ms = timeout_ms};
    return b->direct.transport.exchange(&b->direct.transport, &request, &b->reply, &b->e);
}

/* What the journal holds of the last exchange. */
struct last {
    uint16_t flags;
    int64_t ended_ms;
};

static bool keep_last(const struct journal_entry *entry, void *arg)
{
    *(struct last *)arg = (struct last){entry->flags, entry->ended_ms};
    return true;
}

static struct last journal_of(struct bench *b)
{
    struct last last = {0};
    struct journal_filter filter = {0};
    journal_each(mock_journal(b->mock), &filter, keep_last, &last);
    return last;
}

static void scenario_with_fault(const char *name, const char *fault)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"title\": \"t\", \"steps\": [{\"reply\": \"queued\", \"fault\": %s}],"
             " \"expect\": {\"outcome\": \"gave_up\"}}",
             fault);
    make_scenario("doubao", name, text);
}

static void a_whole_reply_arrives_with_its_head_and_body(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct/doubao/v1/video/generations/task_1", 1000), 0);
    assert_int_equal(b.reply.status, 200);
    assert_true(span_is(http_header(&b.reply, "content-type"), "application/json"));
    assert_non_null(strstr(b.reply.body.p, "\"task_id\": \"task_1\""));
    assert_true((journal_of(&b).flags & JOURNAL_COMPLETE) != 0);
    bench_fini(&b);
}

static void a_delay_costs_exactly_its_milliseconds(void **state)
{
    (void)state;
    struct bench b;
    scenario_with_fault("late300", "{\"delay\": \"300ms\"}");
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct/doubao:late300/v1/video/generations/t", 301), 0);
    assert_int_equal(b.clock.ms, START_MS + 300);
    assert_int_equal(journal_of(&b).ended_ms, START_MS + 300);
    bench_fini(&b);
}

static void a_delay_beyond_the_time_out_ends_at_the_time_out(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct/doubao:late300/v1/video/generations/t", 300),
                     ERR_TIMEOUT); /* at the same moment */
    assert_int_equal(b.clock.ms, START_MS + 300);
    b.clock.ms = START_MS;
    assert_int_equal(get(&b, "http://direct/doubao:late300/v1/video/generations/t", 299),
                     ERR_TIMEOUT);
    assert_int_equal(b.clock.ms, START_MS + 299);
    assert_int_equal(b.reply.status, 0);
    assert_true((journal_of(&b).flags & JOURNAL_COMPLETE) == 0);
    bench_fini(&b);
}

static void a_cut_body_is_an_error_and_never_a_reply(void **state)
{
    (void)state;
    struct bench b;
    scenario_with_fault("cut20", "{\"truncate\": 20}");
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct/doubao:cut20/v1/video/generations/t", 1000),
                     ERR_NETWORK);
    assert_non_null(strstr(b.e.what, "cut after 20 of"));
    assert_int_equal(b.reply.status, 0);
    assert_int_equal(b.reply.body.n, 0);
    assert_true((journal_of(&b).flags & JOURNAL_COMPLETE) == 0);
    bench_fini(&b);
}

static void a_close_without_a_byte_is_an_error(void **state)
{
    (void)state;
    struct bench b;
    scenario_with_fault("nothing", "{\"empty\": true}");
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct/doubao:nothing/v1/video/generations/t", 1000),
                     ERR_NETWORK);
    assert_true((journal_of(&b).flags & JOURNAL_COMPLETE) == 0);
    bench_fini(&b);
}

static void head_gets_the_head_with_the_length_of_what_it_leaves_out(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    struct http_request request = {.method = "HEAD",
                                   .url = "http://direct/doubao/v1/video/generations/t",
                                   .headers = {"Authorization: Bearer token", NULL},
                                   .timeout_ms = 1000};
    assert_int_equal(b.direct.transport.exchange(&b.direct.transport, &request, &b.reply, &b.e), 0);
    assert_int_equal(b.reply.status, 200);
    assert_int_equal(b.reply.body.n, 0);
    assert_false(span_is(http_header(&b.reply, "Content-Length"), "0"));
    bench_fini(&b);
}

static void a_url_without_a_path_asks_for_the_root(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    assert_int_equal(get(&b, "http://direct", 1000), 0);
    assert_int_equal(b.reply.status, 404);
    bench_fini(&b);
}

static void a_url_that_is_not_absolute_is_an_error(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    assert_int_equal(get(&b, "/v1/video/generations/t", 1000), ERR_NETWORK);
    assert_int_equal(get(&b, "http:///v1/video/generations/t", 1000), ERR_NETWORK);
    bench_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reply_arrives_with_its_head_and_body),
        cmocka_unit_test(a_delay_costs_exactly_its_milliseconds),
        cmocka_unit_test(a_delay_beyond_the_time_out_ends_at_the_time_out),
        cmocka_unit_test(a_cut_body_is_an_error_and_never_a_reply),
        cmocka_unit_test(a_close_without_a_byte_is_an_error),
        cmocka_unit_test(head_gets_the_head_with_the_length_of_what_it_leaves_out),
        cmocka_unit_test(a_url_without_a_path_asks_for_the_root),
        cmocka_unit_test(a_url_that_is_not_absolute_is_an_error),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
