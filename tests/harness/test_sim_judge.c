/* The judge of the simulation: a good run passes, and the same run with one thing changed fails by that thing. */
#include "with_fixtures.h"

#include "harness/sim/sim_judge.h"
#include "harness/sim/sim_world.h"

enum { SEEDS_TRIED_MAX = 20000 };

static struct sim_world *world;
static struct sim_case the_case;

/* A run that lasts some polls, is late once, and ends with a URL. */
static bool is_rich(const struct evidence *e)
{
    return e->trace.count >= 4 && e->result.outcome == TASK_OUTCOME_SUCCEEDED
        && e->result.view.url[0] && e->trace.polls[1].status == 200
        && e->trace.polls[1].state == REPLY_STATE_QUEUED && poll_was_complete(&e->trace.polls[1])
        && poll_was_complete(&e->trace.polls[0]);
}

static void run_case(struct evidence *evidence, struct scenario **scenario)
{
    struct err e = {0};
    if (sim_world_run(world, &the_case, evidence, scenario, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static int find_case(void **state)
{
    uint32_t count;
    struct err e = {0};
    load_fixtures(state);
    if (sim_world_open(fixtures, task_wait, &world, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    const struct sim_upstream *upstreams = sim_world_upstreams(world, &count);
    for (uint64_t seed = 1; seed < SEEDS_TRIED_MAX; seed++) {
        struct evidence evidence;
        struct scenario *scenario;
        sim_case_make(upstreams, count, seed, &the_case);
        run_case(&evidence, &scenario);
        bool found = is_rich(&evidence);
        evidence_fini(&evidence);
        if (found)
            return 0;
    }
    return -1;
}

static int close_world(void **state)
{
    sim_world_close(world);
    return free_fixtures(state);
}

/* -- One thing changed ----------------------------------------------------------------------------- */

static void nothing(struct evidence *e)
{
    (void)e;
}

static void late_start(struct evidence *e)
{
    e->trace.polls[0].began_ms++;
}

static void too_early(struct evidence *e)
{
    e->trace.polls[1].began_ms = e->trace.polls[0].ended_ms + 1;
}

static void too_late(struct evidence *e)
{
    e->trace.polls[1].began_ms += 3600000;
}

static void next_step(struct evidence *e)
{
    e->trace.polls[1].step++;
}

static void is_over(struct evidence *e)
{
    e->trace.polls[1].over = true;
}

static void no_reply(struct evidence *e)
{
    e->trace.polls[1].reply = NULL;
}

static void other_state(struct evidence *e)
{
    e->trace.polls[1].state = REPLY_STATE_FAILED;
}

static void other_status(struct evidence *e)
{
    e->trace.polls[1].status = 201;
}

static void ends_late(struct evidence *e)
{
    e->trace.polls[1].ended_ms++;
}

static void is_cut(struct evidence *e)
{
    e->trace.polls[1].flags &= (uint16_t)~JOURNAL_COMPLETE;
}

static void stops_early(struct evidence *e)
{
    free(e->trace.polls[--e->trace.count].why);
}

static void polls_on(struct evidence *e)
{
    struct trace *s = &e->trace;
    s->polls = realloc(s->polls, (s->count + 1) * sizeof *s->polls);
    assert_non_null(s->polls);
    s->polls[s->count] = s->polls[s->count - 1];
    s->polls[s->count++].why = NULL;
}

static void other_outcome(struct evidence *e)
{
    e->result.outcome = TASK_OUTCOME_GAVE_UP;
}

static void one_poll_more(struct evidence *e)
{
    e->result.polls++;
}

static void one_reply_fewer(struct evidence *e)
{
    e->result.replies--;
}

static void longer(struct evidence *e)
{
    e->result.elapsed_ms++;
}

static void view_state(struct evidence *e)
{
    e->result.view.state = TASK_RUNNING;
}

static void view_error(struct evidence *e)
{
    e->result.view.error = TASK_ERROR_TRANSIENT;
}

static void view_progress(struct evidence *e)
{
    e->result.view.progress = 55;
}

static void change(char *text)
{
    text[0] = text[0] == '~' ? '-' : '~';
    text[1] = '\0';
}

static void view_status(struct evidence *e)
{
    change(e->result.view.status);
}

static void view_code(struct evidence *e)
{
    change(e->result.view.code);
}

static void view_reason(struct evidence *e)
{
    change(e->result.view.reason);
}

static void view_url(struct evidence *e)
{
    change(e->result.view.url);
}

static void view_id(struct evidence *e)
{
    change(e->result.view.id);
}

static void evicted(struct evidence *e)
{
    e->trace.evicted = true;
}

static void shown_token(struct evidence *e)
{
    e->trace.polls[1].flags |= JOURNAL_TOKEN_IN_URL;
    e->trace.polls[1].flags |= JOURNAL_BAD_AUTH;
}

static void cancelled(struct evidence *e)
{
    e->result.outcome = TASK_OUTCOME_CANCELLED;
}

static void no_polls(struct evidence *e)
{
    while (e->trace.count > 0)
        stops_early(e);
}

static const struct {
    void (*change)(struct evidence *e);
    enum sim_demand demand;
    const char *text;
    bool ends; /* the run's end is clear: the model's outcome is known */
} cases[] = {
    {nothing, SIM_DEMAND_NONE, "", true},
    {late_start, SIM_DEMAND_PACE, "the first poll did not come at once", false},
    {too_early, SIM_DEMAND_PACE, "poll 2 came after 1 ms; the model wants ", false},
    {too_late, SIM_DEMAND_PACE, "poll 2 came after 36", false},
    {next_step, SIM_DEMAND_STEP, "poll 2 got step ", false},
    {is_over, SIM_DEMAND_STEP, "poll 2 got step ", false},
    {no_reply, SIM_DEMAND_STEP, ", no reply; the model wants step ", false},
    {other_state, SIM_DEMAND_STEP, "which the journal calls \"failed\"; the model wants \"queued\"",
     false},
    {other_status, SIM_DEMAND_ANSWER,
     "the answer to poll 2 has the status 201; the model wants 200", false},
    {ends_late, SIM_DEMAND_ANSWER, "the answer to poll 2 was whole after ", false},
    {is_cut, SIM_DEMAND_ANSWER, "the answer to poll 2 was lost after ", false},
    {stops_early, SIM_DEMAND_STOP, "; the model polls on", false},
    {polls_on, SIM_DEMAND_STOP, "; the model stops: the task ended", false},
    {other_outcome, SIM_DEMAND_RESULT, "the outcome \"gave_up\"; the model \"succeeded\"", true},
    {one_poll_more, SIM_DEMAND_RESULT, " polls, ", true},
    {one_reply_fewer, SIM_DEMAND_RESULT, " replies in ", true},
    {longer, SIM_DEMAND_RESULT, " ms; the model ", true},
    {view_state, SIM_DEMAND_RESULT, "the state \"running\"; the model \"succeeded\"", true},
    {view_error, SIM_DEMAND_RESULT, "the error \"transient\"; the model \"none\"", true},
    {view_progress, SIM_DEMAND_RESULT, "progress 55; the model ", true},
    {view_status, SIM_DEMAND_RESULT, "the status \"~\"; ", true},
    {view_code, SIM_DEMAND_RESULT, "the code \"~\"; ", true},
    {view_reason, SIM_DEMAND_RESULT, "the reason \"~\"; ", true},
    {view_url, SIM_DEMAND_RESULT, "the URL \"~\"; ", true},
    {view_id, SIM_DEMAND_RESULT, "the id \"~\"; ", true},
    {evicted, SIM_DEMAND_RULE, "no verdict: ", true},
    {shown_token, SIM_DEMAND_RULE, "a good client is accused by auth: ", true},
    {cancelled, SIM_DEMAND_ENDS, "it did not end after ", false},
    {no_polls, SIM_DEMAND_ENDS, "it did not end after 0 polls", false},
};

static void each_thing_that_is_not_as_the_model_says_is_found_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct sim_counts counts;
        struct evidence evidence;
        struct scenario *scenario;
        struct sim_wanted wanted;
        struct sim_failure failure;
        memset(&counts, 0, sizeof counts);
        run_case(&evidence, &scenario);
        uint32_t polls = evidence.trace.count;
        cases[i].change(&evidence);
        sim_judge(&the_case, scenario, &evidence, &counts, &wanted, &failure);
        if (failure.demand != cases[i].demand || !strstr(failure.text, cases[i].text)
            || wanted.known != cases[i].ends)
            fail_msg("case %zu, seed %llu: %s: %s", i, (unsigned long long)the_case.seed,
                     sim_demand_name(failure.demand), failure.text);
        unsigned told = 0; /* a sentence about one poll has the failure's */
        if (sscanf(failure.text, "poll %u ", &told) == 1
            || sscanf(failure.text, "the answer to poll %u ", &told) == 1)
            assert_int_equal(failure.poll, told);
        if (cases[i].demand == SIM_DEMAND_RESULT || cases[i].change == evicted)
            assert_int_equal(failure.poll, 0); /* of no single one */
        assert_int_equal(counts.runs, cases[i].ends);
        if (wanted.known) {
            assert_int_equal(wanted.outcome, EXPECT_SUCCEEDED);
            assert_int_equal(counts.polls, polls);
        }
        if (cases[i].change == shown_token)
            assert_string_equal(failure.rule, "auth");
        else
            assert_null(failure.rule);
        evidence_fini(&evidence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_that_is_not_as_the_model_says_is_found_and_named),
    };
    return cmocka_run_group_tests(tests, find_case, close_world);
}
