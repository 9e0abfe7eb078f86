/* The admin's clock: moved by what is said, or to what comes next. */
#include "admin_world.h"

#include <pthread.h>
#include <sched.h>

static void the_clock_moves_by_what_is_said(void **state)
{
    struct admin_world *w = *state;
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance\":\"30s\"}"), 200);
    assert_int_equal(clock_now(&w->clock.clock), START_MS + 30000);
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":12}"), 200);
    assert_string_equal(value(w, "/now"), "1700030012");
    w->admin.manual = NULL;
    w->admin.clock_kind = "real";
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":12}"), 409);
}

/* One task in a step of 30 s, one of 7 s that begins later, one that counts polls. */
static void the_clock_moves_to_the_next_change_of_those_that_are_meant(void **state)
{
    struct admin_world *w = *state;
    static const struct {
        int status;
        const char *body, *answer;
    } rows[] = {
        {409, "{\"to\":\"next\",\"task\":\"c\"}", "none of these tasks"},
        {409, "{\"to\":\"next\",\"task\":\"nobody\"}", "none of these tasks"},
        {400, "{\"to\":\"next\",\"upstream\":\"duobao\"}", "did you mean doubao"},
        {400, "{\"to\":\"next\",\"tasks\":\"c\"}", "the nearest is task"},
        {400, "{\"to\":\"next\",\"task\":1}", "task is not a text"},
        {400, "{\"to\":\"next\",\"advance\":\"1s\"}", "unknown key advance"},
        {400, "{\"to\":\"nxt\"}", "to is not \\\"next\\\""},
        {400, "{\"to\":7}", "to is not \\\"next\\\""},
        {400, "{\"too\":\"next\"}", "the nearest is to"},
        {200, "{\"to\":\"next\",\"session\":\"s\"}", "\"now\":1700030000"},
        {409, "{\"to\":\"next\",\"session\":\"s\"}", "none of these tasks"}, /* due */
        {200, "{\"to\":\"next\"}", "\"now\":1700031000"},
        {409, "{\"to\":\"next\"}", "no answer waits, and no task"},
    };
    poll(w, "/doubao:slow:s/v1/video/generations/a");
    poll(w, "/doubao/v1/video/generations/c");
    clock_manual_advance(&w->clock, 1000);
    poll(w, "/doubao:slow/v1/video/generations/b");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t before_ms = clock_now(&w->clock.clock);
        int status = ask(w, "POST", "/_mock/clock", JSON_TYPE, rows[i].body);
        if (status != rows[i].status || !strstr(body_of(w), rows[i].answer))
            fail_msg("%s: %d %s", rows[i].body, status, body_of(w));
        assert_int_equal(clock_now(&w->clock.clock) != before_ms, status == 200);
    }
    w->admin.manual = NULL;
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"to\":\"next\"}"), 409);
}

struct waiter {
    struct clock *clock;
    int64_t ms;
};

static void *wait_on(void *arg)
{
    const struct waiter *waiter = arg;
    clock_wait(waiter->clock, waiter->ms);
    return NULL;
}

/* An answer that a fault holds up waits on the clock. */
static void an_answer_that_waits_comes_before_a_later_change(void **state)
{
    struct admin_world *w = *state;
    struct waiter waiter = {&w->clock.clock, 8000};
    pthread_t thread;
    int64_t end_ms;
    poll(w, "/doubao:slow/v1/video/generations/a");
    assert_int_equal(pthread_create(&thread, NULL, wait_on, &waiter), 0);
    while (!clock_manual_next_end(&w->clock, &end_ms))
        sched_yield();
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"to\":\"next\"}"), 200);
    assert_int_equal(clock_now(&w->clock.clock), START_MS + 8000);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"to\":\"next\"}"), 200);
    assert_int_equal(clock_now(&w->clock.clock), START_MS + 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_clock_moves_by_what_is_said),
        WITH_WORLD(the_clock_moves_to_the_next_change_of_those_that_are_meant),
        WITH_WORLD(an_answer_that_waits_comes_before_a_later_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
