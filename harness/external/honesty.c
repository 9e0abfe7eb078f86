/* Looks at how much longer than asked for the client waited, by the mock's clock. */
#include "honesty.h"

#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool asks_for_interval(const struct poll *p)
{
    return p->reply && p->status == 200 && p->retry_after_ms < 0 && poll_was_complete(p)
        && (p->flags & JOURNAL_TERMINAL) == 0;
}

/* By how much the waits after good replies of an open task were longer than the interval: the one in
 * the middle; 0 when there was none. */
static int64_t usual_loss_ms(const struct trace *s, int64_t interval_ms)
{
    enum { LOSSES_MAX = 1000 };
    int64_t losses[LOSSES_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i + 1 < s->count && count < LOSSES_MAX; i++)
        if (asks_for_interval(&s->polls[i]))
            losses[count++] = s->polls[i + 1].began_ms - s->polls[i].ended_ms - interval_ms;
    if (count == 0)
        return 0;
    qsort(losses, count, sizeof losses[0], by_size);
    return losses[count / 2];
}

/* The speed at which no more than allowed_ms of lost_ms were lost. */
static uint32_t slower(uint32_t speed, int64_t lost_ms, int64_t allowed_ms)
{
    int64_t to_try = lost_ms > 0 ? speed * allowed_ms / lost_ms : speed;
    return to_try < 1 ? 1 : (uint32_t)to_try;
}

bool honesty_doubts(const struct evidence *evidence, uint32_t speed, int64_t started_ms, char *why,
                    size_t why_size)
{
    const struct trace *s = &evidence->trace;
    int64_t interval_ms = evidence->upstream->contract.polite.interval_ms;
    int64_t within_ms = evidence->scenario->expect.within_ms;
    int64_t loss_ms = usual_loss_ms(s, interval_ms);
    int64_t start_ms = s->count > 0 ? s->polls[0].began_ms - started_ms : 0;
    if (loss_ms > interval_ms / 2) {
        snprintf(why, why_size, "at speed %u this client loses %lld s a poll; try --speed %u",
                 speed, (long long)((loss_ms + 500) / 1000),
                 slower(speed, loss_ms, interval_ms / 2));
        return true;
    }
    if (start_ms > within_ms / 2) {
        snprintf(why, why_size, "at speed %u this client takes %lld s to start; try --speed %u",
                 speed, (long long)((start_ms + 500) / 1000),
                 slower(speed, start_ms, within_ms / 2));
        return true;
    }
    return false;
}
