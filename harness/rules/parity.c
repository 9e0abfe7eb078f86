/* Compares what the mock saw of one scenario on the two transports. */
#include "verdict.h"

#include "base/text.h"

#include <stdio.h>

/* Consecutive polls that got the same reply from the same step. */
struct stretch {
    uint32_t from;
    uint32_t count;
};

static const char *name_of(const struct poll *p)
{
    return p->reply ? p->reply->name : "no reply";
}

static bool alike(const struct poll *a, const struct poll *b)
{
    return a->reply == b->reply && a->step == b->step && a->over == b->over
        && a->status == b->status;
}

static struct stretch next_stretch(const struct trace *s, uint32_t from)
{
    struct stretch out = {.from = from};
    while (from + out.count < s->count && alike(&s->polls[from], &s->polls[from + out.count]))
        out.count++;
    return out;
}

/* True when the step must be polled equally often on both transports: it is counted in polls. A
 * step that lasts a time may differ by a poll that fell just before or just after its end, and
 * so may the last step of a scenario that the client's own time limit ends. */
static bool is_counted(const struct evidence *e, const struct poll *p)
{
    if (p->over || e->scenario->steps[p->step].for_ms > 0)
        return false;
    bool last = p->step + 1 == e->scenario->step_count;
    return !last || e->scenario->expect.outcome != EXPECT_GAVE_UP;
}

bool verdict_parity(const struct evidence *direct, const struct evidence *wire, char *why,
                    size_t why_size)
{
    const struct trace *a = &direct->trace;
    const struct trace *b = &wire->trace;
    struct stretch in_a = next_stretch(a, 0);
    struct stretch in_b = next_stretch(b, 0);
    while (in_a.count > 0 && in_b.count > 0) {
        const struct poll *p = &a->polls[in_a.from];
        const struct poll *q = &b->polls[in_b.from];
        uint32_t apart = in_a.count > in_b.count ? in_a.count - in_b.count
                                                 : in_b.count - in_a.count;
        if (!alike(p, q)) {
            snprintf(why, why_size, "poll %u was answered %s direct, poll %u %s on the wire",
                     in_a.from + 1, name_of(p), in_b.from + 1, name_of(q));
            return false;
        }
        if (apart > (is_counted(direct, p) ? 0 : 1)) {
            snprintf(why, why_size, "step %u (%s) answered %u %s direct, %u on the wire",
                     p->step + 1, name_of(p), in_a.count,
                     text_count_word(in_a.count, "poll", "polls"), in_b.count);
            return false;
        }
        in_a = next_stretch(a, in_a.from + in_a.count);
        in_b = next_stretch(b, in_b.from + in_b.count);
    }
    if (in_a.count == in_b.count && direct->result.outcome == wire->result.outcome)
        return true;
    if (in_a.count != in_b.count)
        snprintf(why, why_size, "%s went on with %s after the other had ended",
                 in_a.count > 0 ? "direct" : "the wire",
                 name_of(in_a.count > 0 ? &a->polls[in_a.from] : &b->polls[in_b.from]));
    else
        snprintf(why, why_size, "the client reported \"%s\" direct, \"%s\" on the wire",
                 task_outcome_name(direct->result.outcome),
                 task_outcome_name(wire->result.outcome));
    return false;
}
