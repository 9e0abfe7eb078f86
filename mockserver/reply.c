/* Replies: reads .http files. */
#include "reply.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HTTP_DATE_LEN = 29 /* "Sun, 06 Nov 1994 08:49:37 GMT" */ };

/* A file under way: what is left of it and the line that was taken last. */
struct reading {
    struct span rest;
    unsigned line;
    const char *where;
};

__attribute__((format(printf, 4, 5))) static int fail(const struct reading *r, enum err_code code,
                                                      struct err *e, const char *format, ...)
{
    char what[ERR_WHAT_MAX], where[ERR_WHERE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    snprintf(where, sizeof where, "%s:%u", r->where, r->line);
    return err_set(e, code, where, "%s", what);
}

/* Takes one line of the head, without its end. False when the bytes stop before it ends. */
static bool take_line(struct reading *r, struct span *line)
{
    size_t end = span_find(r->rest, '\n');
    r->line++;
    if (end == r->rest.n)
        return false;
    *line = span_cut(r->rest, 0, end);
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    r->rest = span_cut(r->rest, end + 1, r->rest.n);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The characters of RFC 9110's token: names of headers. */
static bool is_token(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

static bool is_plain(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* "HTTP/1.1 200 OK", "HTTP/1.1 200", "HTTP/2 200". */
static int read_status(struct reading *r, struct reply *out, struct err *e)
{
    static const char *const versions[] = {"HTTP/1.0 ", "HTTP/1.1 ", "HTTP/2 ", "HTTP/2.0 ",
                                           "HTTP/3 "};
    struct span line = {0};
    if (!take_line(r, &line))
        return fail(r, ERR_SYNTAX, e, "a status line must come first, such as \"HTTP/1.1 200 OK\"");
    size_t skip = 0;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (span_starts(line, versions[i]))
            skip = strlen(versions[i]);
    struct span digits = span_cut(line, skip, 3);
    struct span after = span_cut(line, skip + 3, line.n);
    if (!skip || digits.n != 3 || !is_digit(digits.p[0]) || !is_digit(digits.p[1])
        || !is_digit(digits.p[2]) || (after.n && after.p[0] != ' ') || !is_plain(after))
        return fail(r, ERR_SYNTAX, e, "not a status line; \"HTTP/1.1 200 OK\" is one");
    int status = (digits.p[0] - '0') * 100 + (digits.p[1] - '0') * 10 + (digits.p[2] - '0');
    if (status < 200 || status > 599)
        return fail(r, ERR_SYNTAX, e, "the status is %d; it must be 200 to 599", status);
    out->status = status;
    return 0;
}

/* Headers that are made anew for each answer, or are for readers only. */
static bool is_dropped(struct span name)
{
    static const char *const dropped[] = {"Content-Length", "Transfer-Encoding", "Connection",
                                          "Keep-Alive", "X-Provenance"};
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (span_is_nocase(name, dropped[i]))
            return true;
    return false;
}

/* Recorded dates are of the past. With both headers there the distance is what was meant. */
static void pair_dates(struct reply *out)
{
    int64_t date_s = 0;
    int64_t retry_s = 0;
    if (!out->date_at || !out->retry_date_at
        || !text_http_date(span_cut(out->head, out->date_at, HTTP_DATE_LEN), &date_s)
        || !text_http_date(span_cut(out->head, out->retry_date_at, HTTP_DATE_LEN), &retry_s)) {
        out->date_at = out->retry_date_at = 0;
        return;
    }
    out->retry_after_ms = retry_s > date_s ? (retry_s - date_s) * 1000 : 0;
}

static int64_t read_retry_after(struct span value)
{
    long long seconds = 0;
    if (!value.n || !is_digit(value.p[0]) || !span_int64(value, &seconds)
        || seconds > INT64_MAX / 1000)
        return -1;
    return seconds * 1000;
}

static int read_header(struct reading *r, struct span line, unsigned *count, struct buf *head,
                       struct reply *out, struct err *e)
{
    size_t colon = span_find(line, ':');
    struct span name = span_cut(line, 0, colon);
    if (line.p[0] == ' ' || line.p[0] == '\t')
        return fail(r, ERR_SYNTAX, e, "a header on several lines; write it on one");
    if (colon == line.n)
        return fail(r, ERR_SYNTAX, e,
                    "a header without a colon; an empty line must end the head before the body");
    if (!is_token(name))
        return fail(r, ERR_SYNTAX, e, "not the name of a header before the colon");
    struct span value = span_trim(span_cut(line, colon + 1, line.n));
    if (!is_plain(value))
        return fail(r, ERR_SYNTAX, e, "a control character in the header %.*s", (int)name.n,
                    name.p);
    if (is_dropped(name))
        return 0;
    if (++*count > REPLY_HEADERS_MAX)
        return fail(r, ERR_LIMIT, e, "more than %d headers", REPLY_HEADERS_MAX);
    if (span_is_nocase(name, "Retry-After") && out->retry_after_ms < 0)
        out->retry_after_ms = read_retry_after(value);
    buf_add_span(head, name);
    buf_add_text(head, ": ");
    if (value.n == HTTP_DATE_LEN && span_is_nocase(name, "Date"))
        out->date_at = (uint32_t)head->n;
    if (value.n == HTTP_DATE_LEN && span_is_nocase(name, "Retry-After"))
        out->retry_date_at = (uint32_t)head->n;
    buf_add_span(head, value);
    buf_add_text(head, "\r\n");
    return 0;
}

static int read_head(struct reading *r, struct buf *head, struct reply *out, struct err *e)
{
    const char *start = r->rest.p;
    unsigned count = 0;
    int code = read_status(r, out, e);
    while (!code) {
        struct span line = {0};
        if (!take_line(r, &line))
            return fail(r, ERR_SYNTAX, e,
                        "the head does not end: an empty line must come after it");
        if (!line.n)
            return 0;
        if ((size_t)(r->rest.p - start) > REPLY_HEAD_MAX)
            return fail(r, ERR_LIMIT, e, "the head is longer than %d bytes", REPLY_HEAD_MAX);
        code = read_header(r, line, &count, head, out, e);
    }
    return code;
}

int reply_parse(struct span bytes, const char *name, const char *where, struct reply *out,
                struct err *e)
{
    struct reading r = {.rest = bytes, .where = where};
    memset(out, 0, sizeof *out);
    if (!text_is_name(span_of(name)))
        return err_set(e, ERR_CONTRACT, where,
                       "\"%s\" is not a name: letters, digits, . _ - and no dot first", name);

    struct reply made = {.retry_after_ms = -1};
    struct buf memory;
    buf_init(&memory, (size_t)2 * REPLY_HEAD_MAX + REPLY_BODY_MAX);
    int code = read_head(&r, &memory, &made, e);
    size_t head_n = memory.n;
    r.line++;
    if (!code && r.rest.n > REPLY_BODY_MAX)
        code = fail(&r, ERR_LIMIT, e, "the body is longer than %d bytes", REPLY_BODY_MAX);
    if (!code) {
        buf_add_span(&memory, r.rest);
        code = buf_err(&memory, where, e);
    }
    size_t total = memory.n;
    if (!code) {
        made.memory = buf_take(&memory);
        if (!made.memory)
            code = err_set(e, ERR_MEMORY, where, "no memory for the reply");
    }
    buf_fini(&memory);
    if (code)
        return code;
    made.head = (struct span){made.memory, head_n};
    made.body = (struct span){made.memory + head_n, total - head_n};
    span_copy(span_of(name), made.name, sizeof made.name);
    pair_dates(&made);
    *out = made;
    return 0;
}

void reply_fini(struct reply *r)
{
    free(r->stamps);
    free(r->memory);
    memset(r, 0, sizeof *r);
}

const char *reply_state_name(enum reply_state state)
{
    static const char *const names[] = {"none",    "unknown",   "queued",
                                        "running", "succeeded", "failed"};
    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "none";
}
