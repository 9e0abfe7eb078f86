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
    const char *direct; /* the step of each poll, a digit each; they come 5 s apart */
    const char *wire;
    const char *why; /* a part of it; NULL: parity holds */
};

static const struct parity_case cases[] = {
    {"the same steps", "0012", "0012", NULL},
    {"nothing at all", "", "", NULL},
    {"one poll more in a step", "0012", "00012", "poll 3 was answered reply1 direct, reply0"},
    {"one poll less in a step", "0012", "012", "poll 2 was answered reply0 direct, reply1"},
    {"a step left out", "0112", "02", "poll 2 was answered reply1 direct, reply2"},
    {"another order", "0012", "0021", "poll 3 was"},
    {"the wire ends early", "0012", "001", "4 polls direct, 3 on"},
    {"the wire goes on", "001", "0012", "3 polls direct, 4 on"},
    {"no poll at all on the wire", "0", "", "1 poll direct, 0 on"},
};

static void play(struct world *w, const char *steps)
{
    struct row rows[ROWS_MAX] = {0};
    uint32_t count = 0;
    for (; steps[count] != '\0'; count++)
        rows[count] = (struct row){.began_ms = 5000 * (int64_t)count,
                                   .ended_ms = 5000 * (int64_t)count + 10,
                                   .step = (uint32_t)(steps[count] - '0')};
    world_of(w, rows, count);
}

/* Both runs are of one scenario and of its replies. */
static void play_both(struct world *direct, const char *in_direct, struct world *wire,
                      const char *on_wire)
{
    play(direct, in_direct);
    play(wire, on_wire);
    for (uint32_t i = 0; i < wire->evidence.trace.count; i++)
        wire->polls[i].reply = &direct->replies[wire->polls[i].step];
}

static void every_poll_is_answered_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct parity_case *c = &cases[i];
        struct world direct, wire;
        char why[256] = "";
        play_both(&direct, c->direct, &wire, c->wire);
        bool holds = verdict_parity(&direct.evidence, &wire.evidence, why, sizeof why);
        if (holds != !c->why || (c->why && !strstr(why, c->why)))
            fail_msg("%s: %s", c->what, holds ? "parity holds" : why);
    }
}

static void a_millisecond_breaks_parity(void **state)
{
    (void)state;
    struct world direct, wire;
    char why[256] = "";
    play_both(&direct, "001", &wire, "001");
    wire.polls[2].began_ms++;
    assert_false(verdict_parity(&direct.evidence, &wire.evidence, why, sizeof why));
    assert_string_equal(why, "poll 3 came at 10000 ms direct, at 10001 ms on the wire");
    wire.polls[2].began_ms--;
    wire.polls[1].ended_ms--;
    assert_false(verdict_parity(&direct.evidence, &wire.evidence, why, sizeof why));
    assert_string_equal(why,
                        "the answer to poll 2 ended at 5010 ms direct, at 5009 ms on the wire");
    wire.polls[1].ended_ms++;
    wire.polls[1].flags = 0;
    assert_false(verdict_parity(&direct.evidence, &wire.evidence, why, sizeof why));
    assert_string_equal(why, "the answer to poll 2 (reply0) arrived whole direct alone");
    direct.polls[1].flags = 0;
    assert_true(verdict_parity(&direct.evidence, &wire.evidence, why, sizeof why));
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
        cmocka_unit_test(every_poll_is_answered_alike),
        cmocka_unit_test(a_millisecond_breaks_parity),
        cmocka_unit_test(another_outcome_breaks_parity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
