/* outcome: the client reports what the scenario expects. */
#include "findings.h"
#include "judges.h"
#include "pace.h"

#include "base/text.h"
#include "harness/testbed/packs.h"

#include <stdio.h>
#include <string.h>

static const enum scenario_outcome reported[] = {
    [TASK_OUTCOME_SUCCEEDED] = EXPECT_SUCCEEDED,
    [TASK_OUTCOME_FAILED] = EXPECT_FAILED,
    [TASK_OUTCOME_ERROR] = EXPECT_ERROR,
    [TASK_OUTCOME_GAVE_UP] = EXPECT_GAVE_UP,
};

/* When the first terminal reply was asked for; INT64_MAX when none was. */
static int64_t ended_ms(const struct trace *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if ((s->polls[i].flags & JOURNAL_TERMINAL) != 0)
            return s->polls[i].began_ms;
    return INT64_MAX;
}

/* Scenarios put URLs into replies of tasks that are open or have failed: only a client that
 * takes an open or failed task for a finished one fetches them. */
static void judge_downloads(const struct evidence *evidence, struct findings *out)
{
    const struct downloads *d = &evidence->downloads;
    bool evicted = evidence->trace.evicted; /* the reply that ended the task may be missing */
    bool succeeds = scenario_expects(&evidence->scenario->expect, EXPECT_SUCCEEDED);
    for (uint32_t i = 0; i < d->count; i++)
        if (!succeeds || (!evicted && d->list[i].began_ms < ended_ms(&evidence->trace)))
            finding_add(out, CAUSE_EARLY_DOWNLOAD, evidence->scenario->source,
                        evidence->trace.count, "the client fetched %.120s %s", d->list[i].url,
                        succeeds ? "before the task had succeeded"
                                 : "of a task that does not succeed");
}

/* "succeeded", "failed" or "error". */
static const char *wanted(const struct scenario_expect *expect, char *out, size_t out_size)
{
    size_t n = 0;
    for (int o = 0; o < SCENARIO_OUTCOMES; o++)
        if (scenario_expects(expect, (enum scenario_outcome)o) && n < out_size)
            n += (size_t)snprintf(out + n, out_size - n, "%s\"%s\"", n > 0 ? " or " : "",
                                  scenario_outcome_name((enum scenario_outcome)o));
    return out;
}

static bool is_wanted(const struct evidence *evidence)
{
    const struct scenario_expect *expect = &evidence->scenario->expect;
    if (!evidence->unspecific)
        return scenario_expects(expect, reported[evidence->result.outcome]);
    return scenario_expects(expect, EXPECT_FAILED) || scenario_expects(expect, EXPECT_ERROR)
        || scenario_expects(expect, EXPECT_GAVE_UP);
}

/* Where none is expected, any is fine. */
static bool is_right_reason(const struct scenario_expect *expect, const char *reason)
{
    if (!expect->reason || !expect->reason[0])
        return true;
    if (expect->reason_is_whole)
        return strcmp(reason, expect->reason) == 0;
    return strstr(reason, expect->reason);
}

/* Whether the URL is where the contract serves the content of a task of this run. */
static bool is_content_address(const struct evidence *evidence, const char *url)
{
    const struct trace *s = &evidence->trace;
    uint32_t task = s->count > 0 ? s->polls[s->count - 1].task : 0;
    const struct task_call *made = task > 0 ? trace_task(s, task) : NULL;
    char path[512];
    packs_content_url(evidence->upstream, "", made ? made->task : evidence->task_id, path,
                      sizeof path);
    return path[0] != '\0' && strlen(url) > strlen(path) && span_ends(span_of(url), path);
}

/* A result that is fetched by the task's id has the address of that operation too, whatever its record says. */
static bool is_right_url(const struct evidence *evidence)
{
    const char *wanted = evidence_url(evidence), *got = evidence->result.view.url;
    return !wanted || strcmp(wanted, got) == 0
        || (evidence->content_url[0] != '\0' && strcmp(evidence->content_url, got) == 0)
        || is_content_address(evidence, got);
}

static void judge_result(const struct evidence *evidence, struct findings *out)
{
    const struct scenario_expect *expect = &evidence->scenario->expect;
    const struct task_result *got = &evidence->result;
    enum provenance source = evidence->scenario->source;
    uint32_t polls = evidence->trace.count;
    bool succeeded = got->outcome == TASK_OUTCOME_SUCCEEDED;
    bool gives_reason = got->outcome == TASK_OUTCOME_FAILED || got->outcome == TASK_OUTCOME_ERROR;
    char words[64];
    if (!is_wanted(evidence))
        finding_add(out, CAUSE_WRONG_OUTCOME, source, polls,
                    "wanted %s, the client reported \"%s\" (%s)",
                    wanted(expect, words, sizeof words), task_outcome_name(got->outcome), got->why);
    else if (succeeded && !is_right_url(evidence))
        finding_add(out, CAUSE_WRONG_URL, source, polls,
                    "wanted the URL \"%.90s\", the client reported \"%.90s\"",
                    evidence_url(evidence), got->view.url);
    else if (gives_reason && !evidence->unspecific && !is_right_reason(expect, got->view.reason))
        finding_add(out, CAUSE_WRONG_REASON, source, polls,
                    "wanted the reason \"%.90s\", the client reported \"%.90s\"", expect->reason,
                    got->view.reason);
}

/* How long a client goes on with a task that never ends, `bounded` says. */
static bool gave_up_as_wanted(const struct evidence *evidence)
{
    return scenario_expects(&evidence->scenario->expect, EXPECT_GAVE_UP)
        && (evidence->unspecific || evidence->result.outcome == TASK_OUTCOME_GAVE_UP);
}

/* How it ended, of a client that says what it ought not to, where no answer explains why it stopped. */
static const char *why_it_stopped(const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    return is_wanted(evidence) || pace_is_trouble(&s->polls[s->count - 1]) ? ""
                                                                           : evidence->result.why;
}

/* What the poll told of the task; of one that told nothing, which reply it got. */
static const char *told_by(const struct poll *p)
{
    return p->state == REPLY_STATE_NONE && p->reply ? p->reply->name : reply_state_name(p->state);
}

static void judge_count(const struct evidence *evidence, struct findings *out)
{
    const struct scenario_expect *expect = &evidence->scenario->expect;
    enum provenance source = evidence->scenario->source;
    uint32_t polls = evidence->trace.count;
    const char *why = polls > 0 ? why_it_stopped(evidence) : "";
    if (polls == 0 && expect->polls_min > 0)
        finding_add(out, CAUSE_FEW_POLLS, source, 0, "it never polled; wanted at least %u %s",
                    expect->polls_min, text_count_word(expect->polls_min, "poll", "polls"));
    else if (polls < expect->polls_min && !evidence->trace.evicted)
        finding_add(out, CAUSE_FEW_POLLS, source, polls,
                    "it stopped after poll %u (%.60s); wanted at least %u %s%s%.120s", polls,
                    told_by(&evidence->trace.polls[polls - 1]), expect->polls_min,
                    text_count_word(expect->polls_min, "poll", "polls"), why[0] ? ": " : "", why);
    if (polls > expect->polls_max)
        finding_add(out, CAUSE_MANY_POLLS, source, expect->polls_max + 1,
                    "wanted at most %u %s, %u came", expect->polls_max,
                    text_count_word(expect->polls_max, "poll", "polls"), polls);
}

static void judge_crash(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    const struct poll *last = s->count > 0 ? &s->polls[s->count - 1] : NULL;
    if (!last)
        finding_add(out, CAUSE_CRASHED, PROVENANCE_RFC, 0, "crashed before it polled: %.150s",
                    evidence->crashed);
    else
        finding_add(out, CAUSE_CRASHED, PROVENANCE_RFC, s->count,
                    "crashed: %.150s; the last answer was %.60s%s", evidence->crashed,
                    last->reply ? last->reply->name : "none",
                    poll_was_complete(last) ? "" : ", cut");
}

void rule_judge_outcome(const struct evidence *evidence, struct findings *out)
{
    if (evidence->crashed[0] != '\0') {
        judge_crash(evidence, out);
        return;
    }
    if (evidence->timed_out)
        return; /* it reported nothing: `bounded` says so */
    judge_result(evidence, out);
    judge_downloads(evidence, out);
    if (!gave_up_as_wanted(evidence))
        judge_count(evidence, out);
}
