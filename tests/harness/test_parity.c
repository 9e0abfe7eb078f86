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
    const char *why; /* NULL: it holds */
};

static const struct parity_case cases[] = {
    {"the same steps", "0012", "0012", -1, false, NULL},
    {"one poll more in a counted step", "0012", "00012", -1, false,
     "step 1 (reply0) answered 2 polls direct, 3 on the wire"},
    {"one poll less in a counted step", "0012", "012", -1, false,
     "step 1 (reply0) answered 2 polls direct, 1 on the wire"},
    {"one poll more in a timed step", "0112", "01112", 1, false, NULL},
    {"one poll less in a timed step", "0112", "012", 1, false, NULL},
    {"two polls more in a timed step", "0112", "011112", 1, false,
     "step 2 (reply1) answered 2 polls direct, 4 on the wire"},
    {"a timed step left out", "0112", "02", 1, false,
     "poll 2 was answered reply1 direct, poll 2 reply2 on the wire"},
    {"another order", "0012", "0021", -1, false,
     "poll 3 was answered reply1 direct, poll 3 reply2 on the wire"},
    {"the wire ends early", "0012", "001", -1, false,
     "direct went on with reply2 after the other had ended"},
    {"the wire goes on", "001", "0012", -1, false,
     "the wire went on with reply2 after the other had ended"},
    {"the wire goes on for long", "001", "0012223", -1, false,
     "the wire went on with reply2 after the other had ended"},
    {"no poll at all on the wire", "0", "", -1, false,
     "direct went on with reply0 after the other had ended"},
    {"the last step is ended by the client's bound, a poll apart", "0133", "01333", -1, true, NULL},
    {"the last step is ended by the client's bound, two polls apart", "0133", "013333", -1, true,
     "step 4 (reply3) answered 2 polls direct, 4 on the wire"},
    {"the last step is ended by a terminal reply, a poll apart", "013", "0133", -1, false,
     "step 4 (reply3) answered 1 poll direct, 2 on the wire"},
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
        bool holds = compare(&cases[i], why, sizeof why);
        if (holds != !cases[i].why || strcmp(why, holds ? "" : cases[i].why) != 0)
            fail_msg("%s: parity %s: %s", cases[i].what, holds ? "holds" : "is broken", why);
    }
}

static void a_poll_that_is_over_or_of_another_status_is_another_answer(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, REPLY_STATE_QUEUED, 0, false, 0},
                                      {5000, 5000, REPLY_STATE_QUEUED, 0, false, 0}};
    for (int i = 0; i < 2; i++) {
        struct world w;
        struct poll polls[2];
        struct evidence wire;
        char why[256] = "";
        world_of(&w, rows, 2);
        memcpy(polls, w.polls, sizeof polls);
        wire = w.evidence;
        wire.trace.polls = polls;
        assert_true(verdict_parity(&w.evidence, &wire, why, sizeof why));
        if (i == 0)
            polls[0].over = polls[1].over = true;
        else
            polls[0].status = polls[1].status = 202;
        assert_false(verdict_parity(&w.evidence, &wire, why, sizeof why));
        assert_string_equal(why, "poll 1 was answered reply0 direct, poll 1 reply0 on the wire");
        if (i == 0) { /* how often a task that is over is asked for may differ by one */
            w.polls[0].over = w.polls[1].over = true;
            wire.trace.count = 1;
            assert_true(verdict_parity(&w.evidence, &wire, why, sizeof why));
        }
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
    assert_string_equal(why, "the client reported \"succeeded\" direct, \"gave_up\" on the wire");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted_steps_are_equal_and_timed_ones_within_a_poll),
        cmocka_unit_test(a_poll_that_is_over_or_of_another_status_is_another_answer),
        cmocka_unit_test(another_outcome_breaks_parity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
