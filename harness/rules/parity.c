/* Compares what the mock saw of one scenario on the two transports, poll by poll. */
#include "verdict.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

/* Where the first difference is told. */
struct difference {
    char *why;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool differ(const struct difference *d,
                                                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(d->why, d->size, format, args);
    va_end(args);
    return false;
}

static const char *name_of(const struct poll *p)
{
    return p->reply ? p->reply->name : "no reply";
}

static bool is_answered_alike(const struct poll *a, const struct poll *b)
{
    return a->reply == b->reply && a->step == b->step && a->over == b->over
        && a->status == b->status;
}

static bool is_same_poll(const struct trace *direct, const struct trace *wire, uint32_t i,
                         const struct difference *d)
{
    const struct poll *a = &direct->polls[i];
    const struct poll *b = &wire->polls[i];
    int64_t first_ms = direct->polls[0].began_ms;
    bool whole = poll_was_complete(a);
    if (!is_answered_alike(a, b))
        return differ(d, "poll %u was answered %s direct, %s on the wire", i + 1, name_of(a),
                      name_of(b));
    if (a->began_ms != b->began_ms)
        return differ(d, "poll %u came at %lld ms direct, at %lld ms on the wire", i + 1,
                      (long long)(a->began_ms - first_ms), (long long)(b->began_ms - first_ms));
    if (whole != poll_was_complete(b))
        return differ(d, "the answer to poll %u (%s) arrived whole %s alone", i + 1, name_of(a),
                      whole ? "direct" : "on the wire");
    if (a->ended_ms != b->ended_ms)
        return differ(d, "the answer to poll %u ended at %lld ms direct, at %lld ms on the wire",
                      i + 1, (long long)(a->ended_ms - first_ms),
                      (long long)(b->ended_ms - first_ms));
    return true;
}

bool verdict_parity(const struct evidence *direct, const struct evidence *wire, char *why,
                    size_t why_size)
{
    const struct difference d = {why, why_size};
    uint32_t in_direct = direct->trace.count;
    uint32_t in_wire = wire->trace.count;
    for (uint32_t i = 0; i < in_direct && i < in_wire; i++)
        if (!is_same_poll(&direct->trace, &wire->trace, i, &d))
            return false;
    if (in_direct != in_wire)
        return differ(&d, "the client made %u %s direct, %u on the wire", in_direct,
                      text_count_word(in_direct, "poll", "polls"), in_wire);
    if (direct->result.outcome != wire->result.outcome)
        return differ(&d, "the client reported \"%s\" direct, \"%s\" on the wire",
                      task_outcome_name(direct->result.outcome),
                      task_outcome_name(wire->result.outcome));
    return true;
}
