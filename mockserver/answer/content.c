/* Sends content: the one range that is understood, or all of it. */
#include "content.h"
#include "asset_url.h"
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

/* Appends a URL moved below the base. */
static void add_moved(struct buf *out, struct span url, const char *base)
{
    struct buf quoted, moved;
    buf_init(&quoted, PLAN_ANSWER_MAX);
    buf_init(&moved, PLAN_ANSWER_MAX);
    buf_add_char(&quoted, '"');
    buf_add_span(&quoted, url);
    asset_url_move(&moved, buf_span(&quoted), base);
    buf_add_span(out, span_cut(buf_span(&moved), 1, moved.n));
    buf_break_with(out, &quoted);
    buf_break_with(out, &moved);
    buf_fini(&quoted);
    buf_fini(&moved);
}

/* Sends the client to where the content lies. Where the URLs in replies are moved, so is this one, so that it is seen
 * who comes there, and with what. */
static void redirect(struct plan *p, const struct reply *reply, const struct render_values *v)
{
    static const char name[] = "Location: ";
    const size_t n = sizeof name - 1;
    struct span left = reply->head;
    head_begin(p, reply->status, NULL);
    while (left.n > 0) {
        struct span line = span_cut(left, 0, span_find(left, '\n') + 1);
        if (line.n > n + 2 && span_is_nocase(span_cut(line, 0, n), name)) {
            buf_add_text(&p->answer, name);
            add_moved(&p->answer, span_cut(line, n, line.n - n - 2), v->asset_base);
            buf_add_text(&p->answer, "\r\n");
        } else {
            buf_add_span(&p->answer, line);
        }
        left = span_cut(left, line.n, left.n);
    }
    head_end(p, (int64_t)reply->body.n);
    if (!v->no_body)
        buf_add_span(&p->answer, reply->body);
    head_send(p);
}

void content_write(struct plan *p, const struct reply *reply, const struct message *request,
                   const struct render_values *v)
{
    struct span range = {NULL, 0}, condition;
    struct span body = reply ? reply->body : movie();
    if (reply && reply->status >= 300 && reply->status < 400 && reply->status != 304
        && v->asset_base) {
        redirect(p, reply, v);
        return;
    }
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
