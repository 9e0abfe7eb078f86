/* Counts the verdicts of jobs that are run several times. */
#include "repeat.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_BYTES = 1024 };

struct repeat_tally {
    struct job job;
    uint32_t of[VERDICT_KINDS];
};

int repeat_init(uint32_t jobs, struct repeat *out, struct err *e)
{
    *out = (struct repeat){.list = calloc((size_t)jobs + 1, sizeof *out->list), .count = jobs};
    return out->list ? 0 : err_set(e, ERR_MEMORY, NULL, "no memory for %u verdicts", jobs);
}

void repeat_fini(struct repeat *r)
{
    free(r->list);
    *r = (struct repeat){0};
}

void repeat_count(struct repeat *r, const struct run_result *result)
{
    struct repeat_tally *tally = &r->list[r->next++ % r->count];
    tally->job = result->job;
    if (!run_skipped(result))
        tally->of[run_verdict(result)]++;
}

/* "ok in 3 of 5 runs, FAIL in 2" */
static bool tell_of(const struct repeat_tally *t, char *out, size_t out_size)
{
    uint32_t all = 0, kinds = 0;
    size_t n = 0;
    for (int i = 0; i < VERDICT_KINDS; i++)
        all += t->of[i];
    for (int i = 0; i < VERDICT_KINDS && n < out_size; i++) {
        if (t->of[i] == 0)
            continue;
        n += (size_t)snprintf(out + n, out_size - n, "%s%s in %u", kinds > 0 ? ", " : "",
                              verdict_word((enum verdict_kind)i), t->of[i]);
        if (kinds++ == 0 && n < out_size)
            n += (size_t)snprintf(out + n, out_size - n, " of %u runs", all);
    }
    return kinds > 1;
}

uint32_t repeat_end(const struct repeat *r, repeat_tell *tell, void *arg)
{
    uint32_t differ = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        char counts[128] = "", line[LINE_BYTES];
        const struct job *job = &r->list[i].job;
        if (!tell_of(&r->list[i], counts, sizeof counts))
            continue;
        snprintf(line, sizeof line, "%s%s%s:%s: %s", job->client ? job->client->name : "",
                 job->client ? " " : "", job->upstream->name, job->scenario->name, counts);
        tell(line, arg);
        differ++;
    }
    return differ;
}
