/* The simulation: it finds nothing in the good client, and finds every broken one and shrinks it. */
#include "with_fixtures.h"

#include "client/http/http.h"
#include "harness/sim/sim.h"
#include "harness/sim/sim_shrink.h"
#include "harness/testbed/endpoint.h"

enum { SEEDS_ENOUGH = 20000, STEPS_SMALL = 2 };

static struct sim_result result, second;

static void run(sim_client *client, uint64_t first, uint64_t seeds, struct sim_result *out)
{
    struct err e = {0};
    const struct sim_options o = {
        .fixtures = fixtures, .client = client, .first = first, .seeds = seeds};
    if (sim_run(&o, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void a_good_client_is_never_accused_and_everything_is_reached(void **state)
{
    (void)state;
    run(task_wait, 1, 6000, &result);
    if (result.failed)
        fail_msg("seed %llu: %s", (unsigned long long)result.seed, result.found.text);
    assert_string_equal(result.missing, "");
    assert_int_equal(result.counts.runs, 6000);
}

static void the_same_seeds_give_the_same_journals(void **state)
{
    (void)state;
    run(task_wait, 500, 500, &result);
    run(task_wait, 500, 500, &second);
    assert_true(result.digest == second.digest);
    run(task_wait, 501, 500, &second);
    assert_true(result.digest != second.digest);
}

static void a_seed_is_a_case_whatever_ran_before_it(void **state)
{
    (void)state;
    uint64_t alone;
    run(task_wait, 7, 1, &result);
    alone = result.counts.polls;
    run(task_wait, 1, 6, &result);
    run(task_wait, 1, 7, &second);
    assert_int_equal(second.counts.polls - result.counts.polls, alone);
}

static void too_few_seeds_are_not_blamed_for_what_they_miss(void **state)
{
    (void)state;
    run(task_wait, 1, 5, &result);
    assert_string_equal(result.missing, "");
    run(task_wait, 1, SIM_SEEDS_TO_REACH_ALL, &result);
    assert_false(result.failed);
}

/* -- Broken clients: the good one in a world that lies to it, or one that lies about it ------------- */

struct liar {
    struct task_transport transport; /* first */
    struct clock clock;              /* of the client */
    struct task_transport *inner;
};

static struct task_transport *inner_of(struct task_transport *t)
{
    return ((struct liar *)t)->inner;
}

static int pass_on(struct task_transport *t, const struct http_request *request,
                   struct http_reply *reply, struct err *e)
{
    return inner_of(t)->exchange(inner_of(t), request, reply, e);
}

static int wait_through(const struct task_options *options, struct liar *liar,
                        struct task_result *out, struct task_failure *f)
{
    struct task_options o = *options;
    liar->inner = options->transport;
    if (liar->transport.exchange == NULL)
        liar->transport.exchange = pass_on;
    if (liar->transport.clock == NULL)
        liar->transport.clock = options->transport->clock;
    o.transport = &liar->transport;
    return task_wait(&o, out, f);
}

/* A clock that waits a tenth less than asked. */
static struct clock *true_clock;

static int64_t hasty_now(struct clock *c)
{
    (void)c;
    return clock_now(true_clock);
}

static void hasty_wait(struct clock *c, int64_t ms)
{
    (void)c;
    clock_wait(true_clock, ms - ms / 10);
}

static int hasty(const struct task_options *o, struct task_result *out, struct task_failure *f)
{
    struct liar liar = {.clock = {.now_ms = hasty_now, .wait_ms = hasty_wait}};
    true_clock = o->transport->clock;
    liar.transport.clock = &liar.clock;
    return wait_through(o, &liar, out, f);
}

static int without_head(struct task_transport *t, const struct http_request *request,
                        struct http_reply *reply, struct err *e)
{
    int failed = pass_on(t, request, reply, e);
    buf_reset(&reply->head);
    return failed;
}

static int deaf_to_retry_after(const struct task_options *o, struct task_result *out,
                               struct task_failure *f)
{
    struct liar liar = {.transport = {.exchange = without_head}};
    return wait_through(o, &liar, out, f);
}

static int loss_is_404(struct task_transport *t, const struct http_request *request,
                       struct http_reply *reply, struct err *e)
{
    if (pass_on(t, request, reply, e) != 0)
        reply->status = 404;
    return 0;
}

static int gives_up_on_a_lost_answer(const struct task_options *o, struct task_result *out,
                                     struct task_failure *f)
{
    struct liar liar = {.transport = {.exchange = loss_is_404}};
    return wait_through(o, &liar, out, f);
}

static int token_in_url(struct task_transport *t, const struct http_request *request,
                        struct http_reply *reply, struct err *e)
{
    char url[4096];
    struct http_request told = *request;
    snprintf(url, sizeof url, "%s%stoken=%s", request->url,
             strchr(request->url, '?') != NULL ? "&" : "?", TESTBED_TOKEN);
    told.url = url;
    return pass_on(t, &told, reply, e);
}

static int shows_the_token(const struct task_options *o, struct task_result *out,
                           struct task_failure *f)
{
    struct liar liar = {.transport = {.exchange = token_in_url}};
    return wait_through(o, &liar, out, f);
}

static int asks_on_after_the_end(const struct task_options *o, struct task_result *out,
                                 struct task_failure *f)
{
    struct task_result again;
    int failed = task_wait(o, out, f);
    return failed != 0 ? failed : task_wait(o, &again, f);
}

static int never_ends(const struct task_options *o, struct task_result *out, struct task_failure *f)
{
    int failed;
    do
        failed = task_wait(o, out, f);
    while (failed == 0 && out->outcome != TASK_OUTCOME_CANCELLED);
    return failed;
}

static int calls_failure_success(const struct task_options *o, struct task_result *out,
                                 struct task_failure *f)
{
    int failed = task_wait(o, out, f);
    if (out->outcome == TASK_OUTCOME_FAILED)
        out->outcome = TASK_OUTCOME_SUCCEEDED;
    return failed;
}

static int loses_the_url(const struct task_options *o, struct task_result *out,
                         struct task_failure *f)
{
    int failed = task_wait(o, out, f);
    out->view.url[0] = '\0';
    return failed;
}

/* Its nonces come from the machine: no two runs are the same. */
static int unrepeatable(const struct task_options *options, struct task_result *out,
                        struct task_failure *f)
{
    struct task_options o = *options;
    o.seed = 0;
    return task_wait(&o, out, f);
}

static const struct broken {
    const char *what;
    sim_client *client;
    unsigned demands; /* which of them fails first depends on the seed */
    const char *rule;
} broken[] = {
    {"waits less than the interval", hasty, 1u << SIM_DEMAND_PACE, NULL},
    {"does not hear Retry-After", deaf_to_retry_after, 1u << SIM_DEMAND_PACE, NULL},
    {"gives up on a lost answer", gives_up_on_a_lost_answer,
     1u << SIM_DEMAND_STOP | 1u << SIM_DEMAND_RESULT, NULL},
    {"polls on after the end", asks_on_after_the_end, 1u << SIM_DEMAND_STOP, NULL},
    {"never ends", never_ends, 1u << SIM_DEMAND_ENDS, NULL},
    {"calls a failure a success", calls_failure_success, 1u << SIM_DEMAND_RESULT, NULL},
    {"loses the URL", loses_the_url, 1u << SIM_DEMAND_RESULT, NULL},
    {"shows its token", shows_the_token, 1u << SIM_DEMAND_RULE, "auth"},
    {"does not repeat itself", unrepeatable, 1u << SIM_DEMAND_REPEAT, NULL},
};

static void every_broken_client_is_found_and_shrunk_to_a_scenario_that_loads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const struct broken *b = &broken[i];
        char name[32];
        run(b->client, 1, SEEDS_ENOUGH, &result);
        if (!result.failed)
            fail_msg("%s: nothing was found", b->what);
        if ((b->demands & 1u << result.found.demand) == 0
            || result.failure.demand != result.found.demand)
            fail_msg("%s: seed %llu fails %s: %s", b->what, (unsigned long long)result.seed,
                     sim_demand_name(result.found.demand), result.found.text);
        if (b->rule != NULL)
            assert_string_equal(result.failure.rule, b->rule);
        if (result.steps > STEPS_SMALL)
            fail_msg("%s: shrunk to %u steps only:\n%s", b->what, result.steps, result.scenario);
        snprintf(name, sizeof name, "sim-%zu", i);
        assert_non_null(make_scenario(result.upstream, name, result.scenario));
    }
}

/* -- Shrinking ------------------------------------------------------------------------------------- */

/* "Fails" while one of its answers is truncated. */
static bool truncates(const struct sim_case *c, void *arg)
{
    ++*(int *)arg;
    for (uint32_t i = 0; i < c->step_count; i++)
        for (uint32_t f = 0; f < c->steps[i].fault_count; f++)
            if (strcmp(c->steps[i].faults[f].type->name, "truncate") == 0)
                return true;
    return false;
}

static void only_what_matters_is_left(void **state)
{
    (void)state;
    struct sim_world *w;
    struct err e = {0};
    uint32_t count;
    int shrunk = 0;
    assert_int_equal(sim_world_open(fixtures, task_wait, &w, &e), 0);
    const struct sim_upstream *u = sim_world_upstreams(w, &count);
    for (uint64_t seed = 1; shrunk < 20; seed++) {
        struct sim_case c;
        int tries = 0;
        sim_case_make(u, count, seed, &c);
        if (!truncates(&c, &tries))
            continue;
        sim_shrink(&c, truncates, &tries);
        const struct sim_policy plain = sim_policy_plain(c.upstream);
        assert_int_equal(c.step_count, 1);
        assert_int_equal(c.steps[0].fault_count, 1);
        assert_int_equal(c.end, END_HOLD);
        assert_memory_equal(&c.policy, &plain, sizeof plain);
        assert_true(truncates(&c, &tries));
        shrunk++;
    }
    sim_world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_client_is_never_accused_and_everything_is_reached),
        cmocka_unit_test(the_same_seeds_give_the_same_journals),
        cmocka_unit_test(a_seed_is_a_case_whatever_ran_before_it),
        cmocka_unit_test(too_few_seeds_are_not_blamed_for_what_they_miss),
        cmocka_unit_test(every_broken_client_is_found_and_shrunk_to_a_scenario_that_loads),
        cmocka_unit_test(only_what_matters_is_left),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
