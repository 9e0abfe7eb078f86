/* Traces: what of a journal is a poll, and what is made of it, however little memory there is. */
#include "fail_alloc.h"
#include "with_fixtures.h"

#include "harness/testbed/trace.h"

enum { ALLOCATIONS_MAX = 100 };

static const struct trace_of of_run = {.session = "run-1", .task_id = "t-1", .owns_task = true};

static struct journal *open_journal(void)
{
    struct journal *j = NULL;
    assert_int_equal(journal_open(1 << 20, &j, NULL), 0);
    return j;
}

static struct trace_of whose(void)
{
    struct trace_of of = of_run;
    of.upstream = fixtures_upstream(fixtures, "doubao");
    return of;
}

/* A poll of the run, to change. */
static struct journal_entry entry_of(const char *reply)
{
    return (struct journal_entry){.began_ms = 1000,
                                  .ended_ms = 1500,
                                  .retry_after_ms = -1,
                                  .role = ROLE_POLL,
                                  .status = 200,
                                  .session = span_of("run-1"),
                                  .task = span_of("t-1"),
                                  .reply = span_of(reply),
                                  .method = span_of("GET"),
                                  .target = span_of("/v1/t-1")};
}

/* -- One poll ---------------------------------------------------------------------------------------- */

static void nothing(struct journal_entry *x)
{
    (void)x;
}

static void has_not_ended(struct journal_entry *x)
{
    x->ended_ms = 0;
}

static void asks_for_another_task(struct journal_entry *x)
{
    x->task = span_of("t-2");
}

static void asks_for_no_task(struct journal_entry *x)
{
    x->task = span_of("");
}

static void asks_beside_its_mount(struct journal_entry *x)
{
    x->session = span_of("");
}

static void names_its_task_in_vain(struct journal_entry *x)
{
    x->session = x->task = span_of("");
    x->target = span_of("/elsewhere/t-1?x=y");
}

static void names_another_task_in_vain(struct journal_entry *x)
{
    x->session = x->task = span_of("");
    x->target = span_of("/elsewhere/t-11");
}

static void has_no_target(struct journal_entry *x)
{
    x->target = span_of("");
}

static void asks_for_seconds(struct journal_entry *x)
{
    x->retry_after_ms = 2000;
}

static void asks_by_a_date(struct journal_entry *x)
{
    x->reply = span_of("error.overloaded_date");
    x->retry_after_ms = 2000; /* until 3000 */
}

static void asks_by_a_date_that_is_over(struct journal_entry *x)
{
    asks_by_a_date(x);
    x->ended_ms = 4000;
}

static void is_the_mocks_own(struct journal_entry *x)
{
    x->reply = span_of("");
    x->retry_after_ms = 7000;
    x->why = span_of("no route");
}

static void has_a_name_that_nobody_knows(struct journal_entry *x)
{
    x->reply = span_of("nothing.of.ours");
}

static void has_a_name_that_is_too_long(struct journal_entry *x)
{
    static char name[JOURNAL_TEXT_MAX];
    memset(name, 'n', sizeof name);
    x->reply = (struct span){name, sizeof name};
}

static void found_no_route(struct journal_entry *x)
{
    x->role = ROLE_NONE;
}

static void creates(struct journal_entry *x)
{
    x->role = ROLE_CREATE;
}

static void is_of_another_run(struct journal_entry *x)
{
    x->session = span_of("run-2");
    x->task = span_of("t-2");
    x->target = span_of("/v1/t-2");
}

static const struct {
    void (*change)(struct journal_entry *x);
    bool is_poll, ended, other_task, outside;
    const char *reply; /* "" for none */
    int64_t ended_ms, retry_after_ms;
    const char *why, *asked;
} cases[] = {
    {nothing, true, true, false, false, "success", 1500, -1, NULL, NULL},
    {has_not_ended, true, false, false, false, "success", 1000, -1, NULL, NULL},
    {asks_for_another_task, true, true, true, false, "success", 1500, -1, NULL, NULL},
    {asks_for_no_task, true, true, false, false, "success", 1500, -1, NULL, NULL},
    {asks_beside_its_mount, true, true, false, true, "success", 1500, -1, NULL, "GET /v1/t-1"},
    {names_its_task_in_vain, true, true, false, true, "success", 1500, -1, NULL,
     "GET /elsewhere/t-1?x=y"},
    {names_another_task_in_vain, false, false, false, false, "", 0, 0, NULL, NULL},
    {has_no_target, true, true, false, false, "success", 1500, -1, NULL, NULL},
    {asks_for_seconds, true, true, false, false, "success", 1500, 2000, NULL, NULL},
    {asks_by_a_date, true, true, false, false, "error.overloaded_date", 1500, 1500, NULL, NULL},
    {asks_by_a_date_that_is_over, true, true, false, false, "error.overloaded_date", 4000, 0, NULL,
     NULL},
    {is_the_mocks_own, true, true, false, false, "", 1500, 7000, "no route", NULL},
    {has_a_name_that_nobody_knows, true, true, false, false, "", 1500, -1, NULL, NULL},
    {has_a_name_that_is_too_long, true, true, false, false, "", 1500, -1, NULL, NULL},
    {found_no_route, true, true, false, false, "success", 1500, -1, NULL, NULL},
    {creates, false, false, false, false, "", 0, 0, NULL, NULL},
    {is_of_another_run, false, false, false, false, "", 0, 0, NULL, NULL},
};

static void a_poll_is_told_as_the_journal_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct trace_of of = whose();
        struct journal *j = open_journal();
        struct journal_entry entry = entry_of("success");
        struct trace s;
        cases[i].change(&entry);
        journal_add(j, &entry);
        assert_int_equal(trace_read(j, &of, &s, NULL), 0);
        assert_int_equal(s.count, cases[i].is_poll);
        assert_false(s.evicted);
        for (uint32_t n = 0; n < s.count; n++) {
            const struct poll *p = &s.polls[n];
            if (p->ended != cases[i].ended || p->other_task != cases[i].other_task
                || p->outside != cases[i].outside || p->began_ms != 1000
                || p->ended_ms != cases[i].ended_ms || p->retry_after_ms != cases[i].retry_after_ms
                || strcmp(p->reply ? p->reply->name : "", cases[i].reply) != 0
                || strcmp(p->why ? p->why : "", cases[i].why ? cases[i].why : "") != 0
                || strcmp(p->asked ? p->asked : "", cases[i].asked ? cases[i].asked : "") != 0)
                fail_msg("case %zu: %s, ended %d at %lld, asked for %lld", i,
                         p->reply ? p->reply->name : "-", p->ended, (long long)p->ended_ms,
                         (long long)p->retry_after_ms);
        }
        trace_fini(&s);
        journal_close(j);
    }
}

/* -- Several --------------------------------------------------------------------------------------------- */

static void polls_come_in_order_and_from_where_one_wants_them(void **state)
{
    (void)state;
    static const char *const replies[] = {"queued", "queued", "success"};
    const struct trace_of of = whose();
    struct journal *j = open_journal();
    struct trace s;
    for (size_t i = 0; i < 3; i++) {
        struct journal_entry entry = entry_of(replies[i]);
        entry.step = (uint32_t)i;
        journal_add(j, &entry);
    }
    for (uint64_t since = 0; since <= 3; since++) {
        assert_int_equal(trace_read_since(j, since, &of, &s, NULL), 0);
        assert_int_equal(s.count, 3 - since);
        for (uint32_t i = 0; i < s.count; i++) {
            assert_int_equal(s.polls[i].step, since + i);
            assert_string_equal(s.polls[i].reply->name, replies[since + i]);
        }
        trace_fini(&s);
    }
    journal_close(j);
}

static void what_the_journal_has_lost_is_said(void **state)
{
    (void)state;
    const struct trace_of of = whose();
    struct journal *j = NULL;
    struct journal_entry entry = entry_of("success");
    struct trace s;
    assert_int_equal(journal_open(64 << 10, &j, NULL), 0);
    while (journal_evicted(j) == 0)
        journal_add(j, &entry);
    assert_int_equal(trace_read(j, &of, &s, NULL), 0);
    assert_true(s.evicted);
    assert_int_equal(s.count, journal_last(j) - journal_evicted(j));
    trace_fini(&s);
    assert_int_equal(trace_read_since(j, journal_evicted(j), &of, &s, NULL), 0);
    assert_false(s.evicted);
    trace_fini(&s);
    journal_close(j);
}

/* True when the trace needed fewer allocations than nth. */
static bool read_without(struct journal *j, unsigned nth, enum fail_how how)
{
    static const struct trace none;
    const struct trace_of of = whose();
    struct trace s;
    struct err e = {0};
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = trace_read(j, &of, &s, &e);
    bool spared = fail_alloc_stop() == 0;
    assert_int_equal(code, spared ? 0 : ERR_MEMORY);
    if (spared)
        assert_string_equal(s.polls[1].why, "no route");
    else
        assert_memory_equal(&s, &none, sizeof s);
    trace_fini(&s);
    assert_int_equal(fail_alloc_live(), live);
    return spared;
}

static void a_trace_is_whole_or_none(void **state)
{
    (void)state;
    struct journal *j = open_journal();
    struct journal_entry good = entry_of("success"), bad = entry_of("");
    bad.why = span_of("no route");
    journal_add(j, &good);
    journal_add(j, &bad);
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!read_without(j, nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_true(nth > 2);
    }
    journal_close(j);
}

/* Two tasks are created, the first answer is lost to the client but not to the mock; polls ask for both, for the one that
 * was given, and for none of them. */
static void polls_belong_to_the_tasks_that_the_run_created(void **state)
{
    (void)state;
    static const struct {
        enum contract_role role;
        const char *task, *session;
        uint32_t number;
        bool other;
    } rows[] = {
        {ROLE_CREATE, "", "run-1", 0, false},   {ROLE_CREATE, "a", "run-1", 0, false},
        {ROLE_POLL, "b", "run-1", 0, true}, /* not yet */
        {ROLE_CREATE, "b", "run-1", 0, false},  {ROLE_CREATE, "c", "run-2", 0, false},
        {ROLE_POLL, "a", "run-1", 1, false},    {ROLE_POLL, "b", "run-1", 2, false},
        {ROLE_POLL, "t-1", "run-1", 0, false},  {ROLE_POLL, "c", "run-1", 0, true},
        {ROLE_CONTENT, "b", "run-1", 0, false}, {ROLE_CANCEL, "a", "run-1", 0, false},
    };
    struct journal *j = open_journal();
    struct trace s;
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_entry x = entry_of("success");
        x.role = rows[i].role;
        x.task = span_of(rows[i].task);
        x.session = span_of(rows[i].session);
        x.why = span_of(rows[i].role == ROLE_CANCEL ? "too late" : "");
        journal_add(j, &x);
    }
    struct trace_of of = whose();
    assert_int_equal(trace_read(j, &of, &s, &e), 0);
    assert_int_equal(s.count, 5);
    for (size_t i = 0, k = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].role == ROLE_POLL) {
            assert_int_equal(s.polls[k].task, rows[i].number);
            assert_int_equal(s.polls[k++].other_task, rows[i].other);
        }
    assert_int_equal(s.call_count, 5);
    assert_string_equal(trace_task(&s, 1)->task, "a");
    assert_string_equal(trace_task(&s, 2)->task, "b");
    assert_null(trace_task(&s, 3));
    assert_string_equal(s.calls[4].why, "too late");
    assert_int_equal(s.calls[3].role, ROLE_CONTENT);
    assert_null(s.calls[3].why);
    trace_fini(&s);
    journal_close(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_belong_to_the_tasks_that_the_run_created),
        cmocka_unit_test(a_poll_is_told_as_the_journal_has_it),
        cmocka_unit_test(polls_come_in_order_and_from_where_one_wants_them),
        cmocka_unit_test(what_the_journal_has_lost_is_said),
        cmocka_unit_test(a_trace_is_whole_or_none),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
