/* Which jobs are a shard's. */
#include "shard.h"

#include "base/span.h"

int shard_read(const char *text, struct shard *out, struct err *e)
{
    struct span word = span_of(text);
    size_t slash = span_find(word, '/');
    long long index = 0, of = 0;
    *out = (struct shard){0};
    if (!span_int64(span_cut(word, 0, slash), &index) || slash == word.n
        || !span_int64(span_cut(word, slash + 1, word.n), &of) || of < 1 || of > SHARDS_MAX
        || index < 1 || index > of)
        return err_set(e, ERR_USAGE, "--shard",
                       "\"%s\" is no shard such as 2/5, the second of five; at most %d", text,
                       SHARDS_MAX);
    *out = (struct shard){.index = (uint32_t)index, .of = (uint32_t)of};
    return 0;
}

void shard_take(const struct shard *shard, struct jobs *jobs)
{
    uint32_t kept = 0;
    if (shard->index == 0)
        return;
    for (uint32_t i = shard->index - 1; i < jobs->count; i += shard->of)
        jobs->list[kept++] = jobs->list[i];
    jobs->count = kept;
}
