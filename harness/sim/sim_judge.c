/* Goes through a run's polls in order and steps the model with each; the first difference
 * is the failure. */
#include "sim_judge.h"

#include "harness/rules/rules.h"
#include "sim_model.h"
#include "sim_world.h"
#include "harness/rules/verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sim_demand_name(enum sim_demand demand)
{
    static const char *const names[] = {
        [SIM_DEMAND_NONE] = "none",     [SIM_DEMAND_ENDS] = "ends", [SIM_DEMAND_STEP] = "step",
        [SIM_DEMAND_ANSWER] = "answer", [SIM_DEMAND_PACE] = "pace", [SIM_DEMAND_STOP] = "stop",
        [SIM_DEMAND_RESULT] = "result", [SIM_DEMAND_RULE] = "rule", [SIM_DEMAND_REPEAT] = "repeat",
    };
    return names[demand];
}

struct walk {
    const struct sim_case *c;
    const struct evidence *evidence;
    struct sim_counts *counts;
    struct sim_failure *failure;
    struct sim_position position;
    struct sim_client_model client;
    struct sim_next next;                                     /* after the last poll */
    uint32_t replies;                                         /* that came whole */
    uint32_t resent;                                          /* polls that a library sent */
    bool again;                                               /* the next poll is one of those */
    int64_t until_ms;                                         /* when this request times out */
    int64_t ended_ms;                                         /* of the last poll */
    bool saw_unknown, saw_asked, saw_transient, saw_repeated; /* and polled again */
};

__attribute__((format(printf, 4, 5))) static bool fail(struct walk *w, enum sim_demand demand,
                                                       uint32_t poll, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    w->failure->demand = demand;
    w->failure->poll = poll;
    vsnprintf(w->failure->text, sizeof w->failure->text, format, args);
    va_end(args);
    return false;
}

/* -- One poll ---------------------------------------------------------------------------------- */

static bool same_pace(struct walk *w, uint32_t i)
{
    const struct poll *p = &w->evidence->trace.polls[i];
    const struct sim_next *n = &w->next;
    if (i == 0)
        return p->began_ms == sim_world_start_ms
            || fail(w, SIM_DEMAND_PACE, 1, "the first poll did not come at once");
    int64_t gap_ms = p->began_ms - w->ended_ms;
    if (w->again)
        return gap_ms == 0
            || fail(w, SIM_DEMAND_PACE, i + 1, "its library did not send poll %u again at once", i);
    if ((gap_ms >= n->least_ms && gap_ms <= n->most_ms) || gap_ms == n->last_ms)
        return true;
    return fail(w, SIM_DEMAND_PACE, i + 1,
                "poll %u came after %" PRId64 " ms; the model wants %" PRId64 "..%" PRId64
                ", or %" PRId64 " for a last try",
                i + 1, gap_ms, n->least_ms, n->most_ms, n->last_ms);
}

static bool same_step(struct walk *w, uint32_t i, const struct sim_turn *turn)
{
    const struct poll *p = &w->evidence->trace.polls[i];
    const struct reply *wanted = turn->reading ? turn->reading->reply : NULL;
    if (p->step != turn->step || p->over != turn->over || p->reply != wanted)
        return fail(w, SIM_DEMAND_STEP, i + 1,
                    "poll %u got step %u, %s; the model wants step %u, %s", i + 1, p->step + 1,
                    p->reply ? p->reply->name : "no reply", turn->step + 1,
                    wanted ? wanted->name : "no reply");
    bool has_state = !turn->over;
    enum reply_state state = has_state ? sim_state_wanted(turn->reading, w->c->goal)
                                       : REPLY_STATE_NONE;
    if (p->state == state || (has_state && turn->reading->differs[w->c->goal]))
        return true;
    return fail(w, SIM_DEMAND_STEP, i + 1,
                "poll %u got %s, which the journal calls \"%s\"; the model wants \"%s\"", i + 1,
                wanted ? wanted->name : "no reply", reply_state_name(p->state),
                reply_state_name(state));
}

/* How the answer arrived at the client, by the model. */
struct came {
    bool whole, timed_out;
    int64_t ended_ms;
};

/* How much of the answer's time was chance: what is left of it, as far as chance may go. */
static int64_t chance_of(const struct sim_effect *effect, int64_t took_ms)
{
    int64_t left_ms = took_ms - effect->first_ms - effect->more_ms;
    left_ms = left_ms > 0 ? left_ms : 0;
    return left_ms < effect->chance_ms ? left_ms : effect->chance_ms;
}

static bool same_answer(struct walk *w, uint32_t i, const struct sim_turn *turn, struct came *came)
{
    const struct poll *p = &w->evidence->trace.polls[i];
    if (!w->again)
        w->until_ms = p->began_ms + sim_attempt_ms(&w->c->policy, p->began_ms - sim_world_start_ms);
    int64_t attempt_ms = w->until_ms - p->began_ms;
    int64_t chance_ms = chance_of(&turn->effect, p->ended_ms - p->began_ms);
    int64_t first_ms = turn->effect.first_ms + chance_ms;
    int64_t late_ms = first_ms + turn->effect.more_ms;
    came->timed_out = late_ms >= attempt_ms;
    came->whole = !came->timed_out && !turn->effect.lost;
    came->ended_ms = p->began_ms + (came->timed_out ? attempt_ms : late_ms);
    bool silent = first_ms >= attempt_ms || turn->effect.silent;
    int status = silent ? 0 : turn->reading->reply->status;
    if (p->status != status)
        return fail(w, SIM_DEMAND_ANSWER, i + 1,
                    "the answer to poll %u has the status %u; the model wants %d", i + 1, p->status,
                    status);
    if (p->ended_ms == came->ended_ms && poll_was_complete(p) == came->whole)
        return true;
    return fail(w, SIM_DEMAND_ANSWER, i + 1,
                "the answer to poll %u was %s after %" PRId64
                " ms; the model wants %s after %" PRId64 " ms",
                i + 1, poll_was_complete(p) ? "whole" : "lost", p->ended_ms - p->began_ms,
                came->whole ? "whole" : "lost", came->ended_ms - p->began_ms);
}

static void count_faults(struct walk *w, const struct sim_turn *turn)
{
    for (uint32_t i = 0; !turn->over && i < w->c->steps[turn->step].fault_count; i++)
        sim_count_fault(w->counts, w->c->steps[turn->step].faults[i].type);
}

static void count_poll(struct walk *w, const struct came *came)
{
    uint64_t *answers = w->counts->of[SIM_COUNT_ANSWERS];
    const struct sim_received *received = &w->client.last;
    if (came->timed_out)
        answers[SIM_ANSWER_TIMED_OUT]++;
    else if (!came->whole)
        answers[SIM_ANSWER_LOST]++;
    else if (received->error != TASK_ERROR_NONE)
        answers[TASK_FAILED + received->error]++;
    else
        answers[received->state]++;
    bool polls_on = w->next.stop == SIM_GO_ON;
    w->saw_asked |= polls_on && w->next.asked_ms >= 0;
    w->saw_transient |= polls_on && received->error == TASK_ERROR_TRANSIENT;
    w->saw_repeated |= polls_on && w->client.transients >= 3;
    w->saw_unknown |= received->error == TASK_ERROR_NONE && received->state == TASK_UNKNOWN;
}

/* The client learns nothing of this loss: its library asks once more. */
static bool is_sent_again(struct walk *w, const struct came *came)
{
    w->again = !w->again && w->c->policy.resends > 0 && !came->whole && !came->timed_out;
    w->resent += w->again;
    if (w->again)
        w->counts->of[SIM_COUNT_ANSWERS][SIM_ANSWER_RESENT]++;
    return w->again;
}

static bool same_poll(struct walk *w, uint32_t i)
{
    const struct poll *p = &w->evidence->trace.polls[i];
    uint32_t count = w->evidence->trace.count;
    struct came came;
    if (!same_pace(w, i))
        return false;
    struct sim_turn turn = sim_position_take(w->c, &w->position, i == 0, p->began_ms);
    if (!same_step(w, i, &turn) || !same_answer(w, i, &turn, &came))
        return false;
    w->ended_ms = came.ended_ms;
    w->replies += came.whole;
    w->counts->polls++;
    count_faults(w, &turn);
    if (is_sent_again(w, &came))
        return i + 1 < count
            || fail(w, SIM_DEMAND_STOP, i + 1, "its library did not send poll %u again", i + 1);
    w->next = sim_client_on_reply(w->c, &w->client, came.whole ? turn.reading : NULL, p->began_ms,
                                  came.ended_ms, came.ended_ms - sim_world_start_ms);
    count_poll(w, &came);
    if (w->next.stop == SIM_GO_ON && i + 1 == count)
        return fail(w, SIM_DEMAND_STOP, i + 1, "it stopped after poll %u (%s); the model polls on",
                    i + 1, w->evidence->result.why);
    if (w->next.stop != SIM_GO_ON && i + 1 < count)
        return fail(w, SIM_DEMAND_STOP, i + 2, "it polled on after poll %u; the model stops: %s",
                    i + 1, sim_stop_name(w->next.stop));
    return true;
}

/* -- The result -------------------------------------------------------------------------------- */

static enum task_outcome outcome_of(const struct walk *w)
{
    if (w->next.stop == SIM_STOP_DONE)
        return w->client.last.state == TASK_SUCCEEDED ? TASK_OUTCOME_SUCCEEDED
                                                      : TASK_OUTCOME_FAILED;
    return w->next.stop == SIM_STOP_REFUSED ? TASK_OUTCOME_ERROR : TASK_OUTCOME_GAVE_UP;
}

static bool same_text(struct walk *w, const char *what, const char *got, const char *wanted)
{
    return strcmp(got, wanted) == 0
        || fail(w, SIM_DEMAND_RESULT, 0,
                "the client reports the %s \"%.150s\"; the model \"%.150s\"", what, got, wanted);
}

/* What a client reports as the URL: the address of the bytes, where the record of a finished task has none. */
static const char *url_of(const struct walk *w, const struct sim_reading *r)
{
    bool by_id = w->c->upstream->has_content && r->states[w->c->goal] == TASK_SUCCEEDED;
    return by_id && r->url[0] == '\0' ? w->evidence->content_url : r->url;
}

static bool same_view(struct walk *w, const struct sim_received *received)
{
    const struct task_view *v = &w->evidence->result.view;
    const struct sim_reading *r = received->reading;
    if (!same_text(w, "state", task_state_name(v->state), task_state_name(received->state))
        || !same_text(w, "error", task_error_name(v->error), task_error_name(received->error)))
        return false;
    if (!r)
        return true; /* the reason is the transport's own sentence */
    if (v->progress != r->progress)
        return fail(w, SIM_DEMAND_RESULT, 0, "the client reports progress %d; the model %d",
                    v->progress, r->progress);
    return same_text(w, "status", v->status, r->status) && same_text(w, "code", v->code, r->code)
        && same_text(w, "reason", v->reason, r->reason) && same_text(w, "URL", v->url, url_of(w, r))
        && (strcmp(v->id, w->c->id) == 0 || same_text(w, "id", v->id, r->id));
}

static bool same_result(struct walk *w)
{
    const struct task_result *got = &w->evidence->result;
    const struct trace *s = &w->evidence->trace;
    bool gave_up = w->next.stop != SIM_STOP_DONE && w->next.stop != SIM_STOP_REFUSED;
    int64_t elapsed_ms = w->ended_ms - sim_world_start_ms;
    if (!same_text(w, "outcome", task_outcome_name(got->outcome), task_outcome_name(outcome_of(w))))
        return false;
    uint32_t polls = s->count - w->resent;
    if (got->polls != polls || got->replies != w->replies || got->elapsed_ms != elapsed_ms)
        return fail(w, SIM_DEMAND_RESULT, 0,
                    "the client reports %u polls, %u replies in %" PRId64
                    " ms; the model %u, %u in "
                    "%" PRId64 " ms",
                    got->polls, got->replies, got->elapsed_ms, polls, w->replies, elapsed_ms);
    bool tells = gave_up && w->client.reported.reading;
    return same_view(w, tells ? &w->client.reported : &w->client.last);
}

/* -- The rules --------------------------------------------------------------------------------- */

/* True when the run has what rules of that subject judge. */
static bool holds(const struct walk *w, enum rule_subject subject)
{
    bool is_signed = contract_is_signed(&w->evidence->upstream->contract);
    switch (subject) {
    case RULE_ABOUT_ANY_RUN: return true;
    case RULE_ABOUT_SEVERAL_POLLS: return w->evidence->trace.count > 1;
    case RULE_ABOUT_RETRY_AFTER: return w->saw_asked;
    case RULE_ABOUT_REPEATED_TROUBLE: return w->saw_repeated;
    case RULE_ABOUT_AN_OPEN_END:
        return w->next.stop == SIM_STOP_TIME || w->next.stop == SIM_STOP_ASKED_TOO_LONG;
    case RULE_ABOUT_A_TOKEN: return !is_signed;
    case RULE_ABOUT_A_SIGNATURE: return is_signed;
    case RULE_ABOUT_A_WHOLE_PROGRAM: return false; /* the simulated client is given its task */
    case RULE_ABOUT_A_TERMINAL_REPLY: return w->next.stop == SIM_STOP_DONE;
    case RULE_ABOUT_A_REFUSAL: return w->next.stop == SIM_STOP_REFUSED;
    case RULE_ABOUT_A_TRANSIENT_FAILURE: return w->saw_transient;
    case RULE_ABOUT_AN_UNKNOWN_STATUS: return w->saw_unknown;
    }
    return false;
}

/* Counts the run, and for each rule whether the run had anything that the rule could
 * have found wrong. */
static void count_run(struct walk *w)
{
    for (const struct rule *r = rules(); r->name; r++)
        if (holds(w, r->subject) && !rule_is_off(w->evidence, r))
            sim_count_rule(w->counts, r);
    w->counts->runs++;
    w->counts->of[SIM_COUNT_OUTCOMES][outcome_of(w)]++;
    w->counts->of[SIM_COUNT_STOPS][w->next.stop]++;
    if (w->position.over || w->position.held || w->position.looped)
        w->counts->of[SIM_COUNT_ENDS][w->c->end]++;
}

/* Fills the scenario's expectation with what the model says, so that the rule outcome
 * compares with it. */
static void expect(const struct walk *w, struct scenario_expect *out)
{
    static const enum scenario_outcome outcomes[] = {
        [TASK_OUTCOME_SUCCEEDED] = EXPECT_SUCCEEDED,
        [TASK_OUTCOME_FAILED] = EXPECT_FAILED,
        [TASK_OUTCOME_ERROR] = EXPECT_ERROR,
        [TASK_OUTCOME_GAVE_UP] = EXPECT_GAVE_UP,
    };
    out->outcome = outcomes[outcome_of(w)];
    out->outcomes = 1U << out->outcome;
    out->polls_min = out->polls_max = w->evidence->trace.count;
    if (w->next.stop == SIM_STOP_DONE) {
        out->url = url_of(w, w->client.last.reading);
        out->reason = w->client.last.reading->reason;
    }
}

/* The simulated client is correct, so any finding is a failure of the rules (or of the client). */
static bool breaks_no_rule(struct walk *w)
{
    struct verdict verdict;
    verdict_of(w->evidence, &verdict);
    if (verdict.kind == VERDICT_INCONCLUSIVE)
        return fail(w, SIM_DEMAND_RULE, 0, "no verdict: %s", verdict.inconclusive);
    if (verdict.finding_count == 0)
        return true;
    const struct finding *f = &verdict.findings[0];
    w->failure->rule = f->rule->name;
    return fail(w, SIM_DEMAND_RULE, f->poll, "a good client is accused by %s: %s", f->rule->name,
                f->text);
}

void sim_judge(const struct sim_case *c, struct scenario *scenario, const struct evidence *evidence,
               struct sim_counts *counts, struct sim_wanted *wanted, struct sim_failure *out)
{
    struct walk w = {.c = c, .evidence = evidence, .counts = counts, .failure = out};
    *out = (struct sim_failure){0};
    *wanted = (struct sim_wanted){0};
    if (evidence->result.outcome == TASK_OUTCOME_CANCELLED || evidence->trace.count == 0) {
        fail(&w, SIM_DEMAND_ENDS, evidence->trace.count, "it did not end after %u polls",
             evidence->trace.count);
        return;
    }
    for (uint32_t i = 0; i < evidence->trace.count; i++)
        if (!same_poll(&w, i))
            return;
    expect(&w, &scenario->expect);
    *wanted = (struct sim_wanted){.known = true, .outcome = scenario->expect.outcome};
    count_run(&w);
    if (same_result(&w))
        breaks_no_rule(&w);
}
