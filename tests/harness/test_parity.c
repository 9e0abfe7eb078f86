/* Parity: what may differ between the transports, and what may not. */
#include "evidence.h"

#include "harness/rules/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct parity_case {
    const char *what;
    const char *direct; /* the step of each poll, a digit each */
    const char *wire;
    int timed_step; /* lasts a time instead of a number of polls; -1: none */
    bool gave_up;
    bool holds;
};

static const struct parity_case cases[] = {
    {"the same steps", "0012", "0012", -1, false, true},
    {"one poll more in a counted step", "0012", "00012", -1, false, false},
    {"one poll less in a counted step", "0012", "012", -1, false, false},
    {"one poll more in a timed step", "0112", "01112", 1, false, true},
    {"one poll less in a timed step", "0112", "012", 1, false, true},
    {"two polls more in a timed step", "0112", "011112", 1, false, false},
    {"a timed step left out", "0112", "02", 1, false, false},
    {"another order", "0012", "0021", -1, false, false},
    {"the wire ends early", "0012", "001", -1, false, false},
    {"the wire goes on", "001", "0012", -1, false, false},
    {"no poll at all on the wire", "0", "", -1, false, false},
    {"the last step is ended by the client's bound, a poll apart", "0133", "01333", -1, true, true},
    {"the last step is ended by the client's bound, two polls apart", "0133", "013333", -1, true,
     false},
    {"the last step is ended by a terminal reply, a poll apart", "013", "0133", -1, false, false},
};

static struct world *play(struct world *w, const struct parity_case *c, const char *steps)
{
    struct row rows[ROWS_MAX] = {0};
    uint32_t count = 0;
    for (; steps[count] != '\0'; count++)
        rows[count].step = (uint32_t)(steps[count] - '0');
    world_of(w, rows, count);
    if (c->timed_step >= 0)
        w->steps[c->timed_step].for_ms = 30000;
    if (c->gave_up) {
        w->scenario.expect.outcome = EXPECT_GAVE_UP;
        w->evidence.result.outcome = TASK_OUTCOME_GAVE_UP;
    }
    return w;
}

/* Both runs are of one scenario and of its replies. */
static bool compare(const struct parity_case *c, char *why, size_t why_size)
{
    struct world direct;
    struct world wire;
    play(&direct, c, c->direct);
    play(&wire, c, c->wire);
    for (uint32_t i = 0; i < wire.evidence.trace.count; i++)
        wire.polls[i].reply = &direct.replies[wire.polls[i].step];
    return verdict_parity(&direct.evidence, &wire.evidence, why, why_size);
}

static void counted_steps_are_equal_and_timed_ones_within_a_poll(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char why[256] = "";
        if (compare(&cases[i], why, sizeof why) != cases[i].holds)
            fail_msg("%s: wanted parity %s: %s", cases[i].what,
                     cases[i].holds ? "to hold" : "to be broken", why);
        if (!cases[i].holds)
            assert_string_not_equal(why, "");
    }
}

static void another_outcome_breaks_parity(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, REPLY_STATE_QUEUED, 0, false, 0}};
    struct world w;
    struct evidence wire;
    char why[256] = "";
    world_of(&w, rows, 1);
    wire = w.evidence;
    assert_true(verdict_parity(&w.evidence, &wire, why, sizeof why));
    wire.result.outcome = TASK_OUTCOME_GAVE_UP;
    assert_false(verdict_parity(&w.evidence, &wire, why, sizeof why));
    assert_non_null(strstr(why, "gave_up"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted_steps_are_equal_and_timed_ones_within_a_poll),
        cmocka_unit_test(another_outcome_breaks_parity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
