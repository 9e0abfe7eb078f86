/* Many tasks in one thread, over real sockets to a real mock. */
#include "with_fixtures.h"

#include "base/clock.h"
#include "client/poll/multi.h"
#include "harness/testbed/trace.h"
#include "mockserver/decide/mock.h"
#include "mockserver/wire/wire.h"

enum { TASKS = 1000, SPEED = 20, CONNECTIONS = 32, INTERVAL_MS = 5000 };

struct task {
    char base_url[128];
    char id[32];
    char session[32];
    struct task_result result;
    int calls;
};

static struct task tasks[TASKS];

static void done(const struct task_result *result, void *arg)
{
    struct task *t = arg;
    t->result = *result;
    t->calls++;
}

static bool had_one_poll_at_a_time(struct mock *mock, const struct task *t)
{
    struct trace_of of = {fixtures_upstream(fixtures, "doubao"), t->session, t->id,
                          .owns_task = true};
    struct trace trace;
    struct err e = {0};
    if (trace_read(mock_journal(mock), &of, &trace, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    bool good = !trace.evicted && trace.count == t->result.polls;
    for (uint32_t i = 1; i < trace.count; i++)
        good = good && trace.polls[i].began_ms >= trace.polls[i - 1].ended_ms + INTERVAL_MS;
    for (uint32_t i = 0; i < trace.count; i++)
        good = good && !trace.polls[i].other_task && !trace.polls[i].outside;
    trace_fini(&trace);
    return good;
}

static void add_all(struct task_multi *m, const char *address)
{
    for (int i = 0; i < TASKS; i++) {
        struct task *t = &tasks[i];
        struct task_failure f;
        snprintf(t->session, sizeof t->session, "s%d", i);
        snprintf(t->id, sizeof t->id, "task-%d", i);
        snprintf(t->base_url, sizeof t->base_url, "%s/doubao:%s:s%d", address,
                 i % 10 == 0 ? "failure" : "success", i);
        struct task_options o = {.upstream = "doubao",
                                 .base_url = t->base_url,
                                 .task_id = t->id,
                                 .token = "sk-multi-0123",
                                 .interval_ms = INTERVAL_MS,
                                 .attempt_ms = 20 * 1000 * SPEED,
                                 .seed = 1};
        if (task_multi_add(m, &o, done, t, &f) != 0)
            fail_msg("%s: %s", f.where, f.what);
    }
}

static void a_thousand_tasks_reach_their_ends_with_never_two_polls_of_one_in_flight(void **state)
{
    (void)state;
    struct clock_scaled clock;
    struct mock *mock = NULL;
    struct wire *wire = NULL;
    struct task_multi *m = NULL;
    struct err e = {0};
    struct task_failure f = {0};
    struct task_multi_options options = {.connections = CONNECTIONS};
    struct mock_options mock_options = {.journal_bytes = 16 << 20};
    struct wire_options wire_options = {.threads = 2 * CONNECTIONS};
    clock_scaled_init(&clock, SPEED);
    if (mock_open(fixtures, &mock_options, &mock, &e) != 0
        || wire_open(mock, &clock.clock, &wire_options, &wire, &e) != 0
        || multi_open(&options, &clock.clock, &m, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    add_all(m, wire_address(wire));
    assert_int_equal(task_multi_run(m, &f), 0);
    task_multi_close(m);
    wire_close(wire, 2000);
    int bad = 0;
    for (int i = 0; i < TASKS; i++) {
        const struct task *t = &tasks[i];
        enum task_outcome wanted = i % 10 == 0 ? TASK_OUTCOME_FAILED : TASK_OUTCOME_SUCCEEDED;
        if (t->calls != 1 || t->result.outcome != wanted || !had_one_poll_at_a_time(mock, t)) {
            bad++;
            print_error("%s: %s after %u polls: %s\n", t->id, task_outcome_name(t->result.outcome),
                        t->result.polls, t->result.why);
        }
    }
    assert_int_equal(bad, 0);
    mock_close(mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_tasks_reach_their_ends_with_never_two_polls_of_one_in_flight),
    };
    return cmocka_run_group_tests_name("multi", tests, load_fixtures, free_fixtures);
}
