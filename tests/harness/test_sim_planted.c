/* The simulation finds a rule that accuses a client that did nothing wrong. Each row plants one such mistake behind the
 * verdict, of a kind that is easily made, and the good client is what meets it. */
#include "with_fixtures.h"

#include "harness/rules/pace.h"
#include "harness/rules/verdict.h"
#include "harness/sim/sim.h"

enum { SEEDS_ENOUGH = 20000, STEPS_SMALL = 3 };

/* The poll that it accuses, from 1; 0: none. */
typedef uint32_t mistake(const struct evidence *evidence);

/* Giving up after eight losses in a row is taken for giving up at the first. */
static uint32_t forgets_that_patience_ends(const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    bool gave_up = evidence->result.outcome == TASK_OUTCOME_GAVE_UP;
    return s->count > 8 && gave_up && pace_is_trouble(&s->polls[s->count - 1])
            && pace_is_trouble(&s->polls[s->count - 8])
        ? s->count
        : 0;
}

/* A task that is not there at the first poll may be too new: one repeat is lawful. */
static uint32_t forgets_the_repeat_of_a_first_not_found(const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    return s->count > 1 && s->polls[0].status == 404 && poll_was_complete(&s->polls[0]) ? 2 : 0;
}

/* What a library sends again at once is no short wait of its user's. */
static uint32_t forgets_that_libraries_resend(const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 1; i < s->count; i++)
        if (pace_wait_ms(s, i) < 250)
            return i + 1;
    return 0;
}

/* One last poll may be squeezed in just before the client's limit. */
static uint32_t counts_the_limit_without_the_last_try(const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    int64_t last_ms = s->polls[s->count - 1].began_ms - s->polls[0].began_ms;
    return last_ms > evidence->told_bound_ms - evidence->upstream->contract.polite.interval_ms
        ? s->count
        : 0;
}

static const struct plant {
    const char *name;
    enum cause_id cause;
    mistake *mistake;
} plants[] = {
    {"patience", CAUSE_TROUBLE_FATAL, forgets_that_patience_ends},
    {"a first not found", CAUSE_REFUSAL_REPEATED, forgets_the_repeat_of_a_first_not_found},
    {"a library's repeat", CAUSE_SHORT_WAIT, forgets_that_libraries_resend},
    {"the last try", CAUSE_PAST_OWN_BOUND, counts_the_limit_without_the_last_try},
};

static const struct plant *planted; /* NULL: the rules as they are */

void __real_verdict_of(const struct evidence *evidence, struct verdict *out);
void __wrap_verdict_of(const struct evidence *evidence, struct verdict *out);
void __wrap_verdict_of(const struct evidence *evidence, struct verdict *out)
{
    __real_verdict_of(evidence, out);
    uint32_t poll = planted && out->finding_count == 0 ? planted->mistake(evidence) : 0;
    if (poll == 0)
        return;
    const struct cause *cause = cause_of(planted->cause);
    out->kind = VERDICT_FAIL;
    out->finding_count = 1;
    out->findings[0] = (struct finding){
        .rule = rule_find(cause->rule), .cause = cause, .poll = poll};
}

static struct sim_result result;

static void simulate(const struct plant *plant)
{
    struct err e = {0};
    const struct sim_options o = {
        .fixtures = fixtures, .client = task_wait, .first = 1, .seeds = SEEDS_ENOUGH};
    planted = plant;
    if (sim_run(&o, &result, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void every_planted_false_accusation_is_found_and_shrunk(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        simulate(&plants[i]);
        if (!result.failed || result.failure.demand != SIM_DEMAND_RULE
            || strcmp(result.failure.rule, cause_of(plants[i].cause)->rule) != 0)
            fail_msg("%s: not found in %d seeds", plants[i].name, SEEDS_ENOUGH);
        if (result.steps > STEPS_SMALL)
            fail_msg("%s: %u steps are left of %u", plants[i].name, result.steps,
                     result.steps_found);
    }
}

static void the_rules_as_they_are_accuse_nobody(void **state)
{
    (void)state;
    simulate(NULL);
    if (result.failed)
        fail_msg("seed %llu: %s", (unsigned long long)result.seed, result.found.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_false_accusation_is_found_and_shrunk),
        cmocka_unit_test(the_rules_as_they_are_accuse_nobody),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
