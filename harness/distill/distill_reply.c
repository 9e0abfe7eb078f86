/* Writes the head and the body of a reply as they are replayed. */
#include "distill_reply.h"

#include "base/text.h"
#include "distill_redact.h"

#include <stdarg.h>
#include <stdio.h>

void distill_note(const struct distill_notes *n, const char *where, const char *format, ...)
{
    struct err note;
    char what[ERR_WHAT_MAX];
    va_list args;
    if (!n->tell)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    err_set(&note, ERR_OK, where, "%s", what);
    n->tell(&note, n->arg);
}

/* -- Headers ---------------------------------------------------------------------------------- */

/* False for headers that the mock makes anew, and for those that described the bytes on the wire: the body is decoded.
 * Names with ":" are HTTP/2's. A cookie is its user's. */
static bool is_replayed(struct span name)
{
    static const char *const left_out[] = {
        "content-encoding", "content-length", "transfer-encoding",
        "connection",       "keep-alive",     "date",
        "set-cookie",       "set-cookie2",    "x-provenance",
    };
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (span_is_nocase(name, left_out[i]))
            return false;
    return name.n > 0 && name.p[0] != ':';
}

static bool is_token(struct span name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return name.n > 0;
}

static bool is_one_line(struct span value)
{
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7f)
            return false;
    return true;
}

/* Text is UTF-8 now, whatever it was on the wire. */
static bool is_other_charset(struct span value, struct span body, size_t *at)
{
    static const char word[] = "charset=";
    bool ascii = true;
    for (size_t i = 0; i < body.n && ascii; i++)
        ascii = (unsigned char)body.p[i] < 0x80;
    for (*at = 0; !ascii && *at + sizeof word - 1 <= value.n; ++*at)
        if (span_is_nocase(span_cut(value, *at, sizeof word - 1), word))
            return !span_is_nocase(span_cut(value, *at + sizeof word - 1, 5), "utf-8")
                && !span_is_nocase(span_cut(value, *at + sizeof word - 1, 6), "\"utf-8");
    return false;
}

/* A head under way. */
struct head {
    struct buf *out;
    size_t from; /* where it begins in out */
    unsigned count;
    bool was_text;
    struct span body;
    const struct distill_notes *notes;
};

static void add_line(struct head *h, struct span name, struct span value)
{
    size_t charset = 0;
    if (h->was_text && span_is_nocase(name, "content-type")
        && is_other_charset(value, h->body, &charset)) {
        buf_addf(h->out, "%.*s: %.*scharset=utf-8\n", (int)name.n, name.p, (int)charset, value.p);
        distill_note(h->notes, "/response/headers",
                     "the body is kept as UTF-8: Content-Type says so now");
        return;
    }
    buf_addf(h->out, "%.*s: %.*s\n", (int)name.n, name.p, (int)value.n, value.p);
}

static void add_header(struct head *h, const struct header *line)
{
    enum { OWN_LINES = 2 /* Date, X-Provenance */, MARGIN = 256 };
    int shown = (int)(line->name.n < 60 ? line->name.n : 60);
    if (!is_replayed(line->name))
        return;
    if (!is_token(line->name) || !is_one_line(line->value)) {
        distill_note(
            h->notes, "/response/headers", "\"%.*s\" is left out: its %s", shown, line->name.p,
            is_token(line->name) ? "value holds a control character" : "name is no header's");
        return;
    }
    if (h->count + OWN_LINES >= REPLY_HEADERS_MAX
        || h->out->n - h->from + line->name.n + line->value.n + MARGIN > REPLY_HEAD_MAX) {
        distill_note(h->notes, "/response/headers",
                     "\"%.*s\" is left out: a reply has room for %d headers of %d bytes", shown,
                     line->name.p, REPLY_HEADERS_MAX, REPLY_HEAD_MAX);
        return;
    }
    h->count++;
    add_line(h, line->name, line->value);
}

/* -- Retry-After ------------------------------------------------------------------------------ */

/* When the answer was made, as the service's clock had it, else the client's. */
static bool moment_of(const struct exchange *x, int64_t *unix_s)
{
    struct span date;
    header_find(x->headers.list, x->headers.count, "Date", &date);
    if (text_http_date(date, unix_s))
        return true;
    *unix_s = x->started.s
        + (x->took_ms + (int64_t)(x->started.atto / UINT64_C(1000000000000000))) / 1000;
    return x->has_started;
}

/* True when Retry-After is a date that is kept by its distance: both dates are written anew. */
static bool pair_dates(struct head *h, const struct exchange *x)
{
    struct span value;
    char date[40], retry[40];
    int64_t retry_s = 0, now_s = 0;
    header_find(x->headers.list, x->headers.count, "Retry-After", &value);
    if (!text_http_date(value, &retry_s))
        return false;
    if (!moment_of(x, &now_s)) {
        distill_note(h->notes, "/response/headers",
                     "Retry-After is a date, and nothing says when the answer came: it is replayed "
                     "as it is");
        return false;
    }
    text_of_http_date(now_s, date, sizeof date);
    text_of_http_date(retry_s, retry, sizeof retry);
    add_line(h, span_of("Date"), span_of(date));
    add_line(h, span_of("Retry-After"), span_of(retry));
    return true;
}

/* -- A reply ---------------------------------------------------------------------------------- */

static void status_line(struct buf *out, const struct exchange *x,
                        const struct distill_notes *notes)
{
    bool lawful = x->status < 600;
    if (!lawful)
        distill_note(notes, "/response/status",
                     "%d is no status of HTTP: it is replayed as 500, which it is to be read as "
                     "(RFC 9110 §15)",
                     x->status);
    buf_addf(out, "HTTP/1.1 %d\n", lawful ? x->status : 500);
}

int distill_format_reply(struct buf *out, const struct exchange *x, struct span body, bool was_text,
                         const struct contract *c, const struct distill_notes *notes, struct err *e)
{
    struct harmless harmless;
    int code = distill_redact(c, x, body, &harmless, e);
    if (!code) {
        struct head h = {.out = out,
                         .from = out->n,
                         .was_text = was_text,
                         .body = harmless.redacted.response_body,
                         .notes = notes};
        status_line(out, x, notes);
        bool paired = pair_dates(&h, x);
        for (size_t i = 0; i < x->headers.count; i++)
            if (!paired
                || !span_is_nocase(harmless.redacted.response_headers[i].name, "retry-after"))
                add_header(&h, &harmless.redacted.response_headers[i]);
        buf_add_text(out, "X-Provenance: obs; recorded\n\n");
        buf_add_span(out, harmless.redacted.response_body);
        code = buf_err(out, "a reply", e);
    }
    harmless_fini(&harmless);
    return code;
}
