/* A buffer that is filled once, and one behind it that forgets its beginning. */
#include "kept.h"

#include <inttypes.h>
#include <string.h>

void kept_init(struct kept *k, size_t bytes_max)
{
    *k = (struct kept){.half_max = bytes_max / 2};
    buf_init(&k->head, k->half_max);
    buf_init(&k->tail, 2 * k->half_max);
}

/* What is shown of the tail: the end of it. */
static struct span end_of(const struct kept *k)
{
    struct span all = buf_span(&k->tail);
    return span_cut(all, all.n > k->half_max ? all.n - k->half_max : 0, all.n);
}

static void forget_beginning(struct kept *k)
{
    struct span end = end_of(k);
    if (end.n > 0)
        memmove(k->tail.p, end.p, end.n);
    k->tail.n = end.n;
}

void kept_add(struct kept *k, struct span bytes)
{
    size_t room = k->half_max - k->head.n;
    buf_add_span(&k->head, span_cut(bytes, 0, room));
    bytes = span_cut(bytes, room, bytes.n);
    k->beyond += bytes.n;
    while (bytes.n > 0 && k->half_max > 0) {
        struct span piece = span_cut(bytes, 0, k->half_max);
        if (k->tail.n + piece.n > k->tail.max)
            forget_beginning(k);
        buf_add_span(&k->tail, piece);
        bytes = span_cut(bytes, piece.n, bytes.n);
    }
}

/* s without the line that is cut at its end; all of it when it holds no other. */
static struct span without_last_line(struct span s)
{
    const char *end = s.n ? memrchr(s.p, '\n', s.n) : NULL;
    return span_cut(s, 0, end ? (size_t)(end - s.p) + 1 : s.n);
}

static struct span without_first_line(struct span s)
{
    size_t end = span_find(s, '\n') + 1;
    return end < s.n ? span_cut(s, end, s.n) : s;
}

static void add_kept(const struct kept *k, struct buf *out)
{
    struct span head = buf_span(&k->head), tail = end_of(k);
    if (k->beyond == tail.n) {
        buf_add_span(out, head);
        buf_add_span(out, tail);
        return;
    }
    uint64_t written = head.n + k->beyond;
    head = without_last_line(head);
    tail = without_first_line(tail);
    buf_add_span(out, head);
    buf_addf(out, "%s[%" PRIu64 " bytes left out]\n",
             head.n > 0 && head.p[head.n - 1] != '\n' ? "\n" : "", written - head.n - tail.n);
    buf_add_span(out, tail);
}

void kept_text(const struct kept *k, struct buf *out)
{
    size_t begin = out->n;
    add_kept(k, out);
    for (size_t i = begin; i < out->n; i++)
        if (out->p[i] == '\0')
            out->p[i] = '\n';
}

void kept_fini(struct kept *k)
{
    buf_fini(&k->head);
    buf_fini(&k->tail);
    *k = (struct kept){0};
}
