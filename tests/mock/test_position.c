/* Claims about paced polls and about what comes next by time. How long steps last: test_task.c. */
#include "mockserver/decide/position.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PACE_MS = 5000, POLLS = 12 };

/* Two polls, 12 s, one poll. */
static struct scenario_step steps[] = {
    {.polls = 2, .state = REPLY_STATE_QUEUED},
    {.for_ms = 12000, .state = REPLY_STATE_RUNNING},
    {.polls = 1, .state = REPLY_STATE_SUCCEEDED},
};

static struct scenario scenario_of(enum scenario_end end)
{
    return (struct scenario){.name = "s", .steps = steps, .step_count = 3, .end = end};
}

/* One poll, as task_take does it; returns when it counts as made. */
static int64_t poll_at(struct position *p, int64_t now_ms, int64_t pace_ms)
{
    int64_t asked_ms = position_asked_ms(p, now_ms, pace_ms);
    position_move(p, asked_ms);
    position_count(p, asked_ms);
    return asked_ms;
}

/* 'o' stands for over, digits for steps. */
static char letter(const struct position *p)
{
    return p->over ? 'o' : (char)('0' + p->step);
}

/* A clock that nobody else moves, and a client that does not sleep. */
static void a_poll_that_would_repeat_the_last_answer_is_an_interval_later(void **state)
{
    (void)state;
    static const struct {
        enum scenario_end end;
        const char *trace;
        int asked_s[POLLS];
    } rows[] = {
        {END_HOLD, "001112222222", {0, 5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50}},
        {END_GONE, "001112oooooo", {0, 5, 5, 10, 15, 20, 20, 25, 30, 35, 40, 45}},
        {END_DROP, "001112oooooo", {0, 5, 5, 10, 15, 20, 20, 25, 30, 35, 40, 45}},
        {END_LOOP, "001112001112", {0, 5, 5, 10, 15, 20, 20, 25, 25, 30, 35, 40}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scenario s = scenario_of(rows[i].end);
        struct position p;
        int64_t now_ms = 0;
        char trace[POLLS + 1] = "";
        position_begin(&p, &s, now_ms);
        for (int k = 0; k < POLLS; k++) {
            now_ms = k == 0 ? poll_at(&p, now_ms, 0) : poll_at(&p, now_ms, PACE_MS);
            trace[k] = letter(&p);
            if (now_ms != rows[i].asked_s[k] * INT64_C(1000))
                fail_msg("row %zu, poll %d: at %lld ms", i, k + 1, (long long)now_ms);
        }
        assert_string_equal(trace, rows[i].trace);
    }
}

/* The promise: with or without sleep between the polls, the same answers. Times may differ: a poll that
 * sees a change anyway does not wait for its interval. */
static void a_client_that_does_not_sleep_gets_what_one_that_sleeps_gets(void **state)
{
    (void)state;
    static const struct fault_type late = {.name = "delay", .effect = FAULT_LATE};
    for (int64_t for_ms = 1; for_ms < 40000; for_ms += 777) {
        for (uint32_t delay_ms = 0; delay_ms < 9000; delay_ms += 2500) {
            struct scenario_step timed[] = {
                {.for_ms = for_ms,
                 .faults = {{.type = &late, .value = delay_ms}},
                 .fault_count = 1},
                {.for_ms = 2 * for_ms},
                {.polls = 1},
            };
            struct scenario s = {.name = "s", .steps = timed, .step_count = 3, .end = END_HOLD};
            struct position quick, sleeper;
            int64_t quick_ms = 0, sleeper_ms = 0;
            position_begin(&quick, &s, 0);
            position_begin(&sleeper, &s, 0);
            for (int i = 0; quick.step < 2 || sleeper.step < 2; i++) {
                quick_ms = poll_at(&quick, quick_ms, i ? PACE_MS : 0);
                if (i > 0)
                    sleeper_ms += PACE_MS;
                (void)poll_at(&sleeper, sleeper_ms, 0);
                assert_int_equal(quick.step, sleeper.step);
                int64_t held_ms = quick.step == 0 ? delay_ms : 0; /* the delay moves both clocks */
                quick_ms += held_ms;
                sleeper_ms += held_ms;
            }
        }
    }
}

static void time_that_has_passed_anyway_is_not_added_to(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct position p;
    position_begin(&p, &s, 1000);
    assert_int_equal(poll_at(&p, 1000, 0), 1000);
    assert_int_equal(position_asked_ms(&p, 3000, PACE_MS), 6000); /* 3 s have passed, 2 are added */
    assert_int_equal(position_asked_ms(&p, 6000, PACE_MS), 6000);
    assert_int_equal(position_asked_ms(&p, 9000, PACE_MS), 9000);
    assert_int_equal(position_asked_ms(&p, 3000, 0), 3000);
    assert_int_equal(poll_at(&p, 3000, PACE_MS), 6000);
    assert_int_equal(position_asked_ms(&p, 2000, PACE_MS),
                     6000); /* a change; but nothing goes back */
    p.answered_ms = INT64_MAX - 1;
    p.step = 2;
    assert_true(position_asked_ms(&p, 3000, PACE_MS) == INT64_MAX);
}

static void time_ends_a_timed_step_that_something_follows(void **state)
{
    (void)state;
    static const struct {
        enum scenario_end end;
        uint32_t step;
        bool over;
        int64_t now_ms, at_ms; /* at_ms 0: nothing comes */
    } rows[] = {
        {END_HOLD, 0, false, 0, 0}, /* counts polls */
        {END_HOLD, 1, false, 0, 13000}, {END_HOLD, 1, false, 12999, 13000},
        {END_HOLD, 1, false, 13000, 0}, /* due: the next poll shows it */
        {END_HOLD, 3, false, 0, 0},     /* held */
        {END_LOOP, 3, false, 0, 8000},  {END_GONE, 3, false, 0, 8000},
        {END_GONE, 3, true, 0, 0},
    };
    struct scenario_step four[] = {steps[0], steps[1], steps[2], {.for_ms = 7000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scenario s = {.name = "s", .steps = four, .step_count = 4, .end = rows[i].end};
        struct position p;
        int64_t at_ms = 0;
        position_begin(&p, &s, 1000);
        p.step = rows[i].step;
        p.over = rows[i].over;
        bool found = position_next_ms(&p, rows[i].now_ms, &at_ms);
        if (found != (rows[i].at_ms != 0) || (found && at_ms != rows[i].at_ms))
            fail_msg("row %zu: %d, %lld", i, found, (long long)at_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_poll_that_would_repeat_the_last_answer_is_an_interval_later),
        cmocka_unit_test(a_client_that_does_not_sleep_gets_what_one_that_sleeps_gets),
        cmocka_unit_test(time_that_has_passed_anyway_is_not_added_to),
        cmocka_unit_test(time_ends_a_timed_step_that_something_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
