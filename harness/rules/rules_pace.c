/* When a client polls: interval, hot-loop, backoff, retry-after. */
#include "findings.h"
#include "judges.h"
#include "pace.h"

enum {
    HOT_MS = 250,        /* a wait that is none */
    HOT_MAX = 3,         /* of them in a row */
    HOT_REFUSED_MAX = 2, /* after 429 and 503 */
    GROWTH_MIN = 3,      /* waits after trouble in a row from which growth can be told */
    PLANNED_MIN = 5,     /* and a plan without chance */
    WAITS_MAX = 16       /* of a row, that are looked at */
};

/* -- interval ------------------------------------------------------------------------------------ */

/* True for a run's final poll, or one that may be it, when it comes less than an interval before the client's time
 * limit, or after it: a client may poll once more just before it gives up. */
static bool is_last_try(const struct evidence *evidence, uint32_t i, int64_t interval_ms)
{
    const struct trace *s = &evidence->trace;
    int64_t since_first = s->polls[i].began_ms - s->polls[0].began_ms;
    return i + 1 == s->count
        && (s->evicted || since_first >= evidence->scenario->expect.within_ms - interval_ms);
}

/* At most per_second polls begin within any 1000 ms. */
static void judge_rate(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    const struct contract_polite *polite = &evidence->upstream->contract.polite;
    uint32_t n = polite->per_second;
    for (uint32_t i = n; n > 0 && i < s->count; i++) {
        int64_t span_ms = s->polls[i].began_ms - s->polls[i - n].began_ms;
        if (span_ms < 1000)
            finding_add(out, CAUSE_OVER_RATE, polite->per_second_source, i + 1,
                        "polls %u to %u came within %lld ms, %u a second are allowed", i + 1 - n,
                        i + 1, (long long)span_ms, n);
    }
}

/* The wait after a good reply of an open task. What Retry-After says there goes before. */
void rule_judge_interval(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    const struct contract_polite *polite = &evidence->upstream->contract.polite;
    for (uint32_t i = 1; i < s->count; i++) {
        int64_t due_ms = evidence->own_interval_ms > 0 ? evidence->own_interval_ms
                                                       : polite->interval_ms;
        int64_t asked_ms = pace_asked_ms(&s->polls[i - 1]);
        int64_t wait_ms = pace_wait_ms(s, i);
        if (asked_ms >= 0 && asked_ms < due_ms)
            due_ms = asked_ms;
        if (pace_is_good(&s->polls[i - 1]) && wait_ms < due_ms
            && !is_last_try(evidence, i, polite->interval_ms))
            finding_add(out, CAUSE_SHORT_WAIT, polite->interval_source, i + 1,
                        "poll %u came %lld ms after the end of reply %u; %lld ms are asked for",
                        i + 1, (long long)wait_ms, i, (long long)due_ms);
    }
    judge_rate(evidence, out);
}

/* -- hot-loop ------------------------------------------------------------------------------------ */

static int64_t hot_ms(const struct contract_polite *polite)
{
    bool documented = polite->per_second > 0 && provenance_carries(polite->per_second_source);
    int64_t spacing_ms = documented ? 1000 / polite->per_second : HOT_MS;
    return spacing_ms < HOT_MS ? spacing_ms : HOT_MS;
}

static bool is_busy(const struct poll *p)
{
    return p->status == 429 || p->status == 503;
}

/* Waits that are none, in a row, whatever the replies. A library's own repeat and a wait that a Retry-After
 * allowed are passed over. */
void rule_judge_hot_loop(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    int64_t limit_ms = hot_ms(&evidence->upstream->contract.polite);
    uint32_t hot = 0, refused = 0;
    for (uint32_t i = 1; i < s->count; i++) {
        const struct poll *before = &s->polls[i - 1];
        int64_t wait_ms = pace_wait_ms(s, i), asked_ms = pace_asked_ms(before);
        if (wait_ms >= limit_ms) {
            hot = refused = 0;
            continue;
        }
        if (pace_is_resent(s, i) || (asked_ms >= 0 && wait_ms >= asked_ms))
            continue;
        hot++;
        refused = is_busy(before) ? refused + 1 : 0;
        if (hot >= HOT_MAX || refused >= HOT_REFUSED_MAX)
            finding_add(out, CAUSE_HOT_LOOP, PROVENANCE_RFC, i + 1,
                        "poll %u came %lld ms after reply %u: %u waits in a row were under %lld ms",
                        i + 1, (long long)wait_ms, i, hot, (long long)limit_ms);
    }
}

/* -- backoff ------------------------------------------------------------------------------------- */

/* The waits of one row of transient failures, the first of them. What follows a Retry-After or is repeated by a
 * library says nothing about the client's own plan: the row then ends before it. */
struct row_of_trouble {
    int64_t waits_ms[WAITS_MAX];
    uint32_t count;
    bool is_whole; /* it began after a good reply, and nothing in it was left out */
};

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static bool has_grown(const struct row_of_trouble *row)
{
    for (uint32_t i = 1; i < row->count; i++)
        if (row->waits_ms[i] > row->waits_ms[0])
            return true;
    return false;
}

/* Each wait is told by the two before it: as much longer, as many times longer, or, at a ceiling, the same. */
static bool is_planned(const struct row_of_trouble *row)
{
    const int64_t *w = row->waits_ms;
    for (uint32_t i = 2; i < row->count; i++)
        if (distance(w[i], w[i - 1]) > 1 && distance(w[i] - w[i - 1], w[i - 1] - w[i - 2]) > 2
            && distance(w[i] * w[i - 2], w[i - 1] * w[i - 1]) > 4 * w[i - 1])
            return false;
    return true;
}

static void judge_row(const struct row_of_trouble *row, uint32_t poll, struct findings *out)
{
    if (row->count >= GROWTH_MIN && !has_grown(row))
        finding_add(
            out, CAUSE_NO_GROWTH, PROVENANCE_RFC, poll,
            "%u transient failures in a row, and no wait was longer than the first, %lld ms",
            row->count, (long long)row->waits_ms[0]);
    else if (row->count >= PLANNED_MIN && is_planned(row))
        finding_add(out, CAUSE_NO_JITTER, PROVENANCE_RFC, poll,
                    "%u waits after transient failures grew to %lld ms, with no chance in them",
                    row->count, (long long)row->waits_ms[row->count - 1]);
}

/* In whatever words: some clients read more of them than others. */
static bool asks_for_a_wait(const struct poll *p)
{
    return pace_asked_ms(p) >= 0 || (p->reply && p->reply->has_retry_after);
}

/* Of a status that it does not know a client may count the reply to the trouble. */
static bool is_surely_good(const struct poll *p)
{
    return pace_is_good(p) && (p->state == REPLY_STATE_QUEUED || p->state == REPLY_STATE_RUNNING);
}

void rule_judge_backoff(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    struct row_of_trouble row = {.is_whole = !s->evicted};
    for (uint32_t i = 1; i < s->count; i++) {
        int64_t wait_ms = pace_wait_ms(s, i);
        if (!pace_is_trouble(&s->polls[i - 1])) {
            judge_row(&row, i, out);
            row = (struct row_of_trouble){.is_whole = is_surely_good(&s->polls[i - 1])};
        } else if (row.count == WAITS_MAX || asks_for_a_wait(&s->polls[i - 1])
                   || pace_is_resent(s, i) || is_last_try(evidence, i, wait_ms)) {
            row.is_whole = false;
        } else if (row.is_whole) {
            row.waits_ms[row.count++] = wait_ms;
        }
    }
    judge_row(&row, s->count, out);
}

/* -- retry-after --------------------------------------------------------------------------------- */

void rule_judge_retry_after(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 1; i < s->count; i++) {
        const struct poll *p = &s->polls[i - 1];
        int64_t asked_ms = pace_asked_ms(p), wait_ms = pace_wait_ms(s, i);
        if (asked_ms < 0 || wait_ms >= asked_ms)
            continue;
        finding_add(out, p->status < 300 ? CAUSE_TOO_EARLY_OPEN : CAUSE_TOO_EARLY, PROVENANCE_RFC,
                    i + 1, "poll %u came %lld ms after reply %u (%u), which asked for %lld ms",
                    i + 1, (long long)wait_ms, i, p->status, (long long)asked_ms);
    }
}
