/* Sends content: the one range that is understood, or all of it. */
#include "content.h"
#include "head.h"
#include "movie.h"

/* The part of a content that a request asks for. */
struct part {
    size_t at, end; /* end: behind the last byte */
    enum { PART_WHOLE, PART_SOME, PART_NONE } is;
};

/* Digits alone, at most as many as fit; false when there is none. */
static bool number(struct span text, size_t *out)
{
    long long value = 0;
    if (text.n == 0 || text.n > 18 || text.p[0] < '0' || text.p[0] > '9'
        || !span_int64(text, &value))
        return false;
    *out = (size_t)value;
    return true;
}

/* "bytes=5-9", "bytes=5-" or "bytes=-5" of n bytes. */
static struct part part_of(struct span range, size_t n)
{
    struct part whole = {0, n, PART_WHOLE}, none = {0, 0, PART_NONE};
    size_t first = 0, last = 0;
    if (range.n < 6 || !span_is_nocase(span_cut(range, 0, 6), "bytes="))
        return whole;
    range = span_trim(span_cut(range, 6, range.n));
    size_t dash = span_find(range, '-');
    struct span from = span_cut(range, 0, dash), to = span_cut(range, dash + 1, range.n);
    if (dash == range.n || (to.n > 0 && !number(to, &last)))
        return whole;
    if (from.n == 0 && to.n == 0)
        return whole;
    if (from.n == 0) /* the last bytes */
        return last == 0 ? none : (struct part){last < n ? n - last : 0, n, PART_SOME};
    if (!number(from, &first) || (to.n > 0 && last < first))
        return whole;
    if (first >= n)
        return none;
    return (struct part){first, to.n > 0 && last < n - 1 ? last + 1 : n, PART_SOME};
}

static void add_content_range(struct buf *out, const struct part *part, size_t n)
{
    if (part->is == PART_SOME)
        buf_addf(out, "Content-Range: bytes %zu-%zu/%zu\r\n", part->at, part->end - 1, n);
    else if (part->is == PART_NONE)
        buf_addf(out, "Content-Range: bytes */%zu\r\n", n);
}

void content_write(struct plan *p, const struct reply *reply, const struct message *request,
                   const struct render_values *v)
{
    struct span range = {NULL, 0}, condition;
    struct span body = reply ? reply->body : movie();
    if (reply && reply->status != 200) {
        render_reply(p, reply, v);
        return;
    }
    bool asks = span_is(request->method, "GET") && message_header(request, "Range", &range) == 1
        && message_header(request, "If-Range", &condition) == 0;
    struct part part = asks ? part_of(range, body.n) : (struct part){0, body.n, PART_WHOLE};
    head_begin(p, part.is == PART_WHOLE ? 200 : part.is == PART_SOME ? 206 : 416, NULL);
    if (reply)
        buf_add_span(&p->answer, reply->head);
    else
        buf_add_text(&p->answer, "Content-Type: video/mp4\r\n");
    buf_add_text(&p->answer, "Accept-Ranges: bytes\r\n");
    add_content_range(&p->answer, &part, body.n);
    head_end(p, (int64_t)(part.end - part.at));
    if (!v->no_body)
        buf_add_span(&p->answer, span_cut(body, part.at, part.end - part.at));
    head_send(p);
}
