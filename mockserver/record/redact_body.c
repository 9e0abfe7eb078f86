/* What kind a body is decides how its secrets are found. */
#include "redact_body.h"

#include "redact_json.h"
#include "redact_name.h"
#include "redact_scan.h"

#include "base/inflate.h"
#include "base/utf8.h"

#include <string.h>

static bool is_coding(struct span coding, const char *const *names)
{
    for (; *names; names++)
        if (header_list_has(coding, *names))
            return true;
    return false;
}

/* Decompresses what is said to be compressed; what is not, in spite of what is said, stays as it is. */
static int read_coding(struct redact_body *b, struct span coding, struct err *e)
{
    static const char *const known[] = {"gzip", "x-gzip", "deflate", NULL};
    static const char *const none[] = {"identity", "chunked", NULL};
    bool said = is_coding(coding, known);
    b->says_encoded = coding.n > 0 && !said && !is_coding(coding, none) && !utf8_is_valid(b->text);
    b->is_gzip = !said && inflate_is_gzip(b->text);
    if (!said && !b->is_gzip)
        return 0;
    int code = inflate_bytes(&b->plain, b->text, e);
    if (code == ERR_SYNTAX) {
        if (e)
            *e = (struct err){0};
        b->says_encoded = inflate_is_gzip(b->text); /* cut short */
        b->is_gzip = false;
        return 0;
    }
    b->decompressed = !code && said;
    if (!code)
        b->text = buf_span(&b->plain);
    return code;
}

/* The boundary of "multipart/form-data; boundary=x". */
static struct span boundary_of(struct span type)
{
    static const char word[] = "boundary=";
    const char *at = type.n > 0 && strncasecmp(type.p, "multipart/", type.n < 10 ? type.n : 10) == 0
        ? memmem(type.p, type.n, word, sizeof word - 1)
        : NULL;
    if (!at)
        return (struct span){0};
    struct span rest = span_cut(type, (size_t)(at - type.p) + sizeof word - 1, type.n);
    if (rest.n > 0 && rest.p[0] == '"')
        rest = span_cut(rest, 1, span_find(span_cut(rest, 1, rest.n), '"'));
    return span_trim(span_cut(rest, 0, span_find(rest, ';')));
}

int redact_body_open(struct redact_body *b, struct span body, const struct header *headers,
                     size_t count, struct err *e)
{
    struct span coding, type;
    *b = (struct redact_body){.text = body};
    buf_init(&b->plain, REDACT_BODY_MAX);
    header_find(headers, count, "Content-Encoding", &coding);
    header_find(headers, count, "Content-Type", &type);
    int code = body.n > 0 ? read_coding(b, coding, e) : 0;
    b->boundary = boundary_of(type);
    return code;
}

void redact_body_close(struct redact_body *b)
{
    buf_fini(&b->plain);
}

/* -- Multipart --------------------------------------------------------------------------------- */

/* The value of name="..." in the head of a part. */
static struct span part_name(struct span head)
{
    static const char word[] = "name=";
    const char *at = head.n > 0 ? memmem(head.p, head.n, word, sizeof word - 1) : NULL;
    if (!at)
        return (struct span){0};
    struct span rest = span_cut(head, (size_t)(at - head.p) + sizeof word - 1, head.n);
    bool quoted = rest.n > 0 && rest.p[0] == '"';
    rest = span_cut(rest, quoted, rest.n);
    size_t n = 0;
    while (n < rest.n && !strchr(quoted ? "\"\r\n" : "; \r\n", rest.p[n]))
        n++;
    return span_cut(rest, 0, n);
}

static void scan_part(struct redact_marks *m, struct span body, struct span part)
{
    const char *end = part.n > 0 ? memmem(part.p, part.n, "\r\n\r\n", 4) : NULL;
    struct span head = span_cut(part, 0, end ? (size_t)(end - part.p) : part.n);
    struct span value = span_cut(part, head.n + 4, part.n);
    if (value.n >= 2 && memcmp(value.p + value.n - 2, "\r\n", 2) == 0)
        value.n -= 2;
    struct span name = part_name(head);
    if (value.n > 0 && redact_is_secret_name(name) && !redact_is_plain_value(name, value))
        redact_mark(m, (size_t)(value.p - body.p), value.n, value, "part of a form", true);
}

static void scan_parts(struct redact_marks *m, struct span body, struct span boundary)
{
    size_t from = 0;
    while (boundary.n > 0 && from < body.n) {
        const char *at = memmem(body.p + from, body.n - from, boundary.p, boundary.n);
        size_t end = at ? (size_t)(at - body.p) : body.n;
        size_t dashes = end - from >= 2 && at ? 2 : 0;
        scan_part(m, body, span_cut(body, from, end - from - dashes));
        from = end + (at ? boundary.n : 0);
    }
}

/* -- All kinds --------------------------------------------------------------------------------- */

void redact_scan_body(struct redact_marks *m, struct redact_body *b, const struct json *x_task)
{
    b->is_json = b->text.n > 0 && b->text.n <= JSON_TEXT_MAX && json_scan(b->text, NULL, NULL) == 0;
    if (b->is_json) {
        redact_scan_json(m, b->text, x_task);
        return;
    }
    scan_parts(m, b->text, b->boundary);
    redact_scan_text(m, b->text, 0, SCAN_ALL);
}

void redact_known_body(struct redact_marks *m, struct redact_body *b, const struct json *x_task)
{
    if (b->is_json) {
        redact_known_json(m, b->text, x_task);
    } else {
        redact_mark_known(m, b->text, 0);
        redact_scan_text(m, b->text, 0, SCAN_SHORT);
    }
    if (b->says_encoded)
        b->dropped = "the body is in a coding that nobody can look into for secrets";
    else if (b->is_gzip && redact_marks_count(m) > 0)
        b->dropped = "the body is compressed and holds a secret";
}
