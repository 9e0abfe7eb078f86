/* The simulation where it goes wrong itself, and its shrinking in detail. */
#include "with_fixtures.h"

#include "harness/sim/sim.h"
#include "harness/sim/sim_readings.h"
#include "harness/sim/sim_shrink.h"

static struct sim_result result;

static int run(sim_client *client, uint64_t first, uint64_t seeds, int64_t milliseconds,
               struct err *e)
{
    const struct sim_options o = {.fixtures = fixtures,
                                  .client = client,
                                  .first = first,
                                  .seeds = seeds,
                                  .milliseconds = milliseconds};
    *e = (struct err){0};
    return sim_run(&o, &result, e);
}

/* -- Runs that cannot take place -------------------------------------------------------------------- */

static unsigned runs_left; /* then the machine fails */

static int failing(const struct task_options *o, struct task_result *out, struct task_failure *f)
{
    if (runs_left == 0) {
        *out = (struct task_result){0};
        snprintf(f->where, sizeof f->where, "here");
        snprintf(f->what, sizeof f->what, "no memory left");
        return ERR_MEMORY;
    }
    runs_left--;
    return task_wait(o, out, f);
}

/* Wrong in the end, so that it is shrunk. */
static int wrong_and_failing(const struct task_options *o, struct task_result *out,
                             struct task_failure *f)
{
    int code = failing(o, out, f);
    out->view.progress = 77;
    return code;
}

static void a_run_that_cannot_take_place_ends_the_simulation_with_its_seed(void **state)
{
    (void)state;
    static const struct {
        sim_client *client;
        uint64_t first;
        unsigned runs;
        uint64_t seeds; /* that were begun */
        const char *where;
    } cases[] = {
        {failing, 5, 0, 1, "seed 5: here"},
        {failing, 5, 3, 4, "seed 8: here"},
        {failing, SIM_REPEAT_EVERY, 1, 1, "seed 64: here"}, /* while it is repeated */
        {wrong_and_failing, 65, 1, 1, "here"},              /* while it is shrunk */
        {wrong_and_failing, 65, 4, 1, "here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e;
        runs_left = cases[i].runs;
        assert_int_equal(run(cases[i].client, cases[i].first, 1000, 0, &e), ERR_MEMORY);
        assert_non_null(strstr(e.where, cases[i].where));
        assert_string_equal(e.what, "no memory left");
        assert_int_equal(result.seeds, cases[i].seeds);
    }
}

static void a_simulation_ends_when_its_time_is_over(void **state)
{
    (void)state;
    struct err e;
    assert_int_equal(run(task_wait, 1, UINT64_MAX, 1, &e), 0);
    assert_false(result.failed);
    assert_int_not_equal(result.seeds, 0);
    assert_int_equal(result.seeds % 256, 0); /* the clock is not read for every seed */
}

static void an_upstream_that_lacks_a_kind_of_reply_or_a_want_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    struct sim_upstream out;
    struct upstream some = *fixtures_upstream(fixtures, "doubao");
    while (contract_reply_role(some.replies->name) != ROLE_POLL)
        some.replies++; /* those need no want */
    some.reply_count = 1;
    assert_int_equal(sim_upstream_load(&some, &out, &e), ERR_NOT_FOUND);
    assert_string_equal(e.where, "doubao");
    assert_null(out.readings);
    snprintf(some.dir, sizeof some.dir, "nowhere");
    assert_int_equal(sim_upstream_load(&some, &out, &e), ERR_FILE);
    struct fixtures one = *fixtures;
    one.upstreams = &some;
    one.upstream_count = 1;
    const struct sim_options o = {.fixtures = &one, .client = task_wait, .seeds = 1};
    assert_int_equal(sim_run(&o, &result, &e), ERR_FILE);
    assert_int_equal(result.seeds, 0);
}

/* -- Shrinking ----------------------------------------------------------------------------------------- */

static struct sim_world *world;

/* A case of so many plain steps of one poll, without a fault. */
static struct sim_case plain_case(uint32_t steps)
{
    uint32_t count;
    struct sim_case c;
    const struct sim_upstream *u = sim_world_upstreams(world, &count);
    sim_case_make(u, 1, 1, &c);
    c.policy = sim_policy_plain(u);
    c.goal = 0;
    c.step_count = steps;
    for (uint32_t i = 0; i < steps; i++) {
        const struct sim_reading *r = &u->readings[u->kinds[SIM_OPEN][0]];
        c.steps[i] = (struct scenario_step){
            .reply = r->reply, .state = r->mock_states[0], .polls = 1};
    }
    return c;
}

/* Fails when the time is over just after the last step. */
static bool at_the_limit(const struct sim_case *c, void *arg)
{
    (void)arg;
    return c->policy.timeout_ms == c->step_count * c->policy.interval_ms;
}

static void a_failure_at_the_time_limit_loses_steps_and_time_together(void **state)
{
    (void)state;
    struct sim_case c = plain_case(4);
    int64_t interval_ms = c.policy.interval_ms;
    c.policy.timeout_ms = 4 * interval_ms;
    sim_shrink(&c, at_the_limit, NULL);
    assert_int_equal(c.step_count, 1);
    assert_int_equal(c.policy.timeout_ms, interval_ms);
}

/* Fails with four steps, and with fewer when the second poll is the last for which there is time. */
static bool before_the_third_poll(const struct sim_case *c, void *arg)
{
    (void)arg;
    return c->step_count == 4 || c->policy.timeout_ms == 2 * c->policy.interval_ms - 1;
}

static void or_all_time_behind_the_second_poll(void **state)
{
    (void)state;
    struct sim_case c = plain_case(4);
    int64_t interval_ms = c.policy.interval_ms;
    sim_shrink(&c, before_the_third_poll, NULL);
    assert_int_equal(c.policy.timeout_ms, 2 * interval_ms - 1);
    assert_int_equal(c.step_count, 1);
}

/* Fails while it takes its time, twice, and some bytes are sent. */
static bool lasts(const struct sim_case *c, void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < c->step_count; i++)
        if (c->steps[i].for_ms >= 2000 && c->steps[i].fault_count == 2
            && c->steps[i].faults[0].value >= 3000 && c->steps[i].faults[1].value >= 4000)
            return true;
    return false;
}

static void times_become_whole_seconds(void **state)
{
    (void)state;
    struct sim_case c = plain_case(3);
    const struct fault_type *delay = fault_types(), *bytes = fault_types();
    while (delay->kind != FAULT_TIME)
        delay++;
    while (bytes->kind != FAULT_BYTES)
        bytes++;
    c.steps[1].polls = 0;
    c.steps[1].for_ms = 2345;
    c.steps[1].faults[0] = (struct fault){.type = delay, .value = 3456};
    c.steps[1].faults[1] = (struct fault){.type = bytes, .value = 4567};
    c.steps[1].fault_count = 2;
    sim_shrink(&c, lasts, NULL);
    assert_int_equal(c.step_count, 2); /* the last one lasts no time */
    assert_int_equal(c.steps[0].for_ms, 2000);
    assert_int_equal(c.steps[0].faults[0].value, 3000);
    assert_int_equal(c.steps[0].faults[1].value, 4567); /* is no time */
}

/* Fails while a step is asked for at least five times. */
static bool many_polls(const struct sim_case *c, void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < c->step_count; i++)
        if (c->steps[i].polls >= 5)
            return true;
    return false;
}

static void polls_are_halved_as_long_as_it_fails(void **state)
{
    (void)state;
    struct sim_case c = plain_case(2);
    c.steps[0].polls = 80;
    sim_shrink(&c, many_polls, NULL);
    assert_int_equal(c.step_count, 2);
    assert_int_equal(c.steps[0].polls, 5);
}

static bool always(const struct sim_case *c, void *arg)
{
    (void)c;
    ++*(unsigned *)arg;
    return true;
}

static void the_smallest_case_is_one_step_and_all_plain(void **state)
{
    (void)state;
    uint32_t count;
    const struct sim_upstream *u = sim_world_upstreams(world, &count);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct sim_case c;
        unsigned tries = 0;
        sim_case_make(u, count, seed, &c);
        sim_shrink(&c, always, &tries);
        assert_int_equal(c.step_count, 1);
        assert_int_equal(c.steps[0].fault_count, 0);
        assert_int_equal(c.steps[0].polls, 1);
        assert_int_equal(c.steps[0].for_ms, 0);
        assert_int_equal(c.steps[0].state,
                         sim_reading_of(c.upstream, c.steps[0].reply)->mock_states[0]);
        assert_int_equal(c.goal, 0);
        assert_int_equal(c.end, END_HOLD);
        assert_int_equal(c.fault_seed, 1);
        assert_string_equal(c.id, "sim");
        assert_in_range(tries, 1, 100);
    }
}

static int open_world(void **state)
{
    load_fixtures(state);
    return sim_world_open(fixtures, task_wait, &world, NULL);
}

static int close_world(void **state)
{
    sim_world_close(world);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_cannot_take_place_ends_the_simulation_with_its_seed),
        cmocka_unit_test(a_simulation_ends_when_its_time_is_over),
        cmocka_unit_test(an_upstream_that_lacks_a_kind_of_reply_or_a_want_is_refused),
        cmocka_unit_test(a_failure_at_the_time_limit_loses_steps_and_time_together),
        cmocka_unit_test(or_all_time_behind_the_second_poll),
        cmocka_unit_test(times_become_whole_seconds),
        cmocka_unit_test(polls_are_halved_as_long_as_it_fails),
        cmocka_unit_test(the_smallest_case_is_one_step_and_all_plain),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
