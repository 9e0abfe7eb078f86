/* Faults that send other bytes than the reply's: the same reply written otherwise, or what is no reply at all. */
#include "fault.h"
#include "fault_rewrite.h"
#include "plan.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char length_name[] = "Content-Length: ", coding[] = "Transfer-Encoding: chunked\r\n";
enum { LAST_CHUNK = 5 /* bytes of "0\r\n\r\n" */ };

/* Puts other bytes in the place of the answer, sent at once and ended as before. The waits before its first byte stay. */
static bool replace(struct plan *p, struct buf *bytes, size_t body_at)
{
    uint32_t waits = 0;
    bool ends = plan_ends(p);
    enum act_kind how = ends ? p->acts[p->act_count - 1].kind : ACT_CLOSE;
    while (waits < p->act_count && p->acts[waits].kind == ACT_WAIT)
        waits++;
    buf_reset(&p->answer);
    buf_add_span(&p->answer, buf_span(bytes));
    p->broken |= bytes->broken != ERR_OK || p->answer.broken != ERR_OK;
    buf_fini(bytes);
    p->body_at = body_at;
    p->act_count = waits;
    return plan_send(p, 0, p->answer.n) && (!ends || plan_end(p, how));
}

/* Where the header line of that name stands in the head; SIZE_MAX: nowhere. */
static size_t find_line(const struct plan *p, const char *name)
{
    size_t n = strlen(name);
    for (size_t at = 0; at + n < p->body_at; at++)
        if (at > 0 && p->answer.p[at - 1] == '\n' && strncasecmp(p->answer.p + at, name, n) == 0)
            return at;
    return SIZE_MAX;
}

/* The head with another line in the place of Content-Length. */
static void add_head(struct buf *out, const struct plan *p, const char *line)
{
    struct span answer = buf_span(&p->answer);
    size_t at = find_line(p, length_name);
    buf_add_span(out, span_cut(answer, 0, at));
    buf_add_text(out, line);
    size_t rest = at + span_find(span_cut(answer, at, answer.n), '\n') + 1;
    buf_add_span(out, span_cut(answer, rest, p->body_at - rest));
}

static struct span body_of(const struct plan *p)
{
    return span_cut(buf_span(&p->answer), p->body_at, p->answer.n);
}

static void add_chunks(struct buf *out, struct span body, size_t size)
{
    for (size_t at = 0; at < body.n; at += size) {
        struct span part = span_cut(body, at, size);
        buf_addf(out, "%zx\r\n", part.n);
        buf_add_span(out, part);
        buf_add_text(out, "\r\n");
    }
}

/* True for an answer whose body has a length that can be taken away: one with a head, and not in chunks already. */
static bool has_length(const struct plan *p)
{
    return find_line(p, length_name) != SIZE_MAX;
}

bool fault_chunked(struct plan *p, const struct fault *f, uint64_t seed)
{
    struct buf bytes;
    (void)seed;
    if (p->spoilt || !has_length(p)) /* what is spoilt stays so */
        return true;
    buf_init(&bytes, PLAN_ANSWER_MAX);
    add_head(&bytes, p, coding);
    size_t body_at = bytes.n;
    add_chunks(&bytes, body_of(p), f->value);
    buf_add_text(&bytes, "0\r\n\r\n");
    return replace(p, &bytes, body_at);
}

static bool is_http(const struct plan *p)
{
    return span_starts(buf_span(&p->answer), "HTTP/");
}

/* Of an answer that says its end in another way than by a length: all but that end, and then `more`. */
static bool lose_end(struct plan *p, const char *more)
{
    struct buf bytes;
    if (!is_http(p)) /* garbage has no end of its own */
        return true;
    size_t n = p->answer.n > LAST_CHUNK ? p->answer.n - LAST_CHUNK : 0;
    buf_init(&bytes, PLAN_ANSWER_MAX);
    buf_add_span(&bytes, span_cut(buf_span(&p->answer), 0, n));
    buf_add_text(&bytes, more);
    return replace(p, &bytes, p->body_at) && (plan_ends(p) || plan_end(p, ACT_CLOSE));
}

bool fault_bad_chunk(struct plan *p, const struct fault *f, uint64_t seed)
{
    struct buf bytes;
    (void)seed;
    p->spoilt = true;
    if (!has_length(p))
        return lose_end(p, "no size\r\n");
    struct span body = body_of(p);
    buf_init(&bytes, PLAN_ANSWER_MAX);
    add_head(&bytes, p, coding);
    size_t body_at = bytes.n;
    if (f->value > 0 && body.n > 0)
        add_chunks(&bytes, span_cut(body, 0, f->value), f->value);
    buf_add_text(&bytes, "no size\r\n");
    return replace(p, &bytes, body_at) && (plan_ends(p) || plan_end(p, ACT_CLOSE));
}

bool fault_bad_length(struct plan *p, const struct fault *f, uint64_t seed)
{
    struct buf bytes;
    char line[64];
    (void)seed;
    p->spoilt = true;
    if (!has_length(p))
        return lose_end(p, "");
    snprintf(line, sizeof line, "%s%zu\r\n", length_name, body_of(p).n + f->value);
    buf_init(&bytes, PLAN_ANSWER_MAX);
    add_head(&bytes, p, line);
    size_t body_at = bytes.n;
    buf_add_span(&bytes, body_of(p));
    return replace(p, &bytes, body_at) && (plan_ends(p) || plan_end(p, ACT_CLOSE));
}

bool fault_garbage(struct plan *p, const struct fault *f, uint64_t seed)
{
    struct buf bytes;
    buf_init(&bytes, PLAN_ANSWER_MAX);
    buf_add_char(&bytes,
                 '\x15'); /* as TLS says that something is wrong: never the beginning of HTTP */
    for (uint32_t i = 1; i < f->value; i++)
        buf_add_char(&bytes, (char)(text_random(&seed) & 0xff));
    p->spoilt = true;
    return replace(p, &bytes, bytes.n) && (plan_ends(p) || plan_end(p, ACT_CLOSE));
}

bool fault_interim(struct plan *p, const struct fault *f, uint64_t seed)
{
    static const struct {
        uint32_t status;
        const char *head;
    } heads[] = {{100, "HTTP/1.1 100 Continue\r\n\r\n"},
                 {102, "HTTP/1.1 102 Processing\r\n\r\n"},
                 {103, "HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n"}};
    struct buf bytes;
    (void)seed;
    if (!is_http(p))
        return true;
    buf_init(&bytes, PLAN_ANSWER_MAX);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (heads[i].status == f->value)
            buf_add_text(&bytes, heads[i].head);
    size_t before = bytes.n;
    buf_add_span(&bytes, buf_span(&p->answer));
    return replace(p, &bytes, p->body_at + before);
}
