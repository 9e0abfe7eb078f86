/* An exchange is redacted in three steps: its own secrets are found, then whatever is known, then all is copied without
 * them and looked at once more. */
#include "redact.h"

#include "redact_body.h"
#include "redact_clean.h"
#include "redact_marks.h"
#include "redact_name.h"
#include "redact_scan.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 2 * REDACT_BODY_MAX + (16 << 20) };

enum piece_kind { PIECE_TEXT, PIECE_NAME, PIECE_VALUE, PIECE_BODY };

/* One text of an exchange. */
struct piece {
    enum piece_kind kind;
    const char *where;
    struct span text, name; /* name: of the header whose value it is */
    struct redact_body body;
    struct redact_marks marks;
    struct span known; /* what became of the same text before, when is_known */
    bool is_known;
    size_t at, n; /* in the redacted text */
};

enum {
    PIECE_METHOD,
    PIECE_URL,
    PIECE_REASON,
    PIECE_ERROR,
    PIECE_ASKED,
    PIECE_ANSWERED,
    PIECE_HEADERS
};

struct work {
    struct redactor *r;
    const struct redact_exchange *x;
    struct piece *pieces;
    size_t count;
    int code;
    struct err *e;
};

static void set_piece(struct work *w, size_t at, enum piece_kind kind, const char *where,
                      struct span text)
{
    struct piece *p = &w->pieces[at];
    p->kind = kind;
    p->where = where;
    p->text = text;
    redact_marks_init(&p->marks, w->r, w->e);
}

static size_t set_headers(struct work *w, size_t at, const struct header *headers, size_t count,
                          const char *name_where, const char *value_where)
{
    for (size_t i = 0; i < count; i++, at += 2) {
        set_piece(w, at, PIECE_NAME, name_where, headers[i].name);
        set_piece(w, at + 1, PIECE_VALUE, value_where, headers[i].value);
        w->pieces[at + 1].name = headers[i].name;
    }
    return at;
}

static void set_body(struct work *w, size_t at, const char *where, struct span body,
                     const struct header *headers, size_t count)
{
    set_piece(w, at, PIECE_BODY, where, body);
    int code = redact_body_open(&w->pieces[at].body, body, headers, count, w->e);
    w->pieces[at].text = w->pieces[at].body.text;
    if (!w->code)
        w->code = code;
}

static int work_open(struct work *w, struct redactor *r, const struct redact_exchange *x,
                     struct err *e)
{
    *w = (struct work){.r = r, .x = x, .e = e};
    w->count = PIECE_HEADERS + 2 * (x->request_header_count + x->response_header_count);
    w->pieces = calloc(w->count, sizeof *w->pieces);
    if (!w->pieces)
        return err_set(e, ERR_MEMORY, NULL, "no memory to look for secrets");
    r->now++;
    set_piece(w, PIECE_METHOD, PIECE_NAME, "method", x->method);
    set_piece(w, PIECE_URL, PIECE_TEXT, "url", x->url);
    set_piece(w, PIECE_REASON, PIECE_TEXT, "reason", x->reason);
    set_piece(w, PIECE_ERROR, PIECE_TEXT, "error", x->error);
    set_body(w, PIECE_ASKED, "request body", x->request_body, x->request_headers,
             x->request_header_count);
    set_body(w, PIECE_ANSWERED, "response body", x->response_body, x->response_headers,
             x->response_header_count);
    size_t at = set_headers(w, PIECE_HEADERS, x->request_headers, x->request_header_count,
                            "request header name", "request header");
    set_headers(w, at, x->response_headers, x->response_header_count, "response header name",
                "response header");
    return w->code;
}

static void work_close(struct work *w)
{
    for (size_t i = 0; w->pieces && i < w->count; i++) {
        redact_marks_fini(&w->pieces[i].marks);
        if (w->pieces[i].kind == PIECE_BODY)
            redact_body_close(&w->pieces[i].body);
    }
    free(w->pieces);
}

/* -- What an exchange says of its own secrets --------------------------------------------------- */

static bool ends_with(struct span name, const char *end)
{
    size_t n = strlen(end);
    return name.n >= n && span_is_nocase(span_cut(name, name.n - n, n), end);
}

static void scan_header(struct piece *p)
{
    if (span_is_nocase(p->name, "Cookie") || span_is_nocase(p->name, "Set-Cookie"))
        redact_scan_cookies(&p->marks, p->text, 0, span_is_nocase(p->name, "Set-Cookie"));
    else if (ends_with(p->name, "Authorization"))
        redact_mark_credentials(&p->marks, p->text, 0, "credentials");
    else if (redact_is_secret_name(p->name) && !redact_is_plain_value(p->name, p->text))
        redact_mark_credentials(&p->marks, p->text, 0, "header");
    redact_scan_text(&p->marks, p->text, 0, SCAN_ALL);
}

static void scan_piece(struct piece *p, const struct json *x_task)
{
    if (p->kind == PIECE_VALUE)
        scan_header(p);
    else if (p->kind == PIECE_BODY)
        redact_scan_body(&p->marks, &p->body, x_task);
    else if (p->kind == PIECE_TEXT)
        redact_scan_text(&p->marks, p->text, 0, SCAN_ALL);
}

static void known_piece(struct piece *p, const struct json *x_task)
{
    if (p->kind == PIECE_BODY) {
        redact_known_body(&p->marks, &p->body, x_task);
        return;
    }
    redact_mark_known(&p->marks, p->text, 0);
    if (p->kind == PIECE_VALUE && redact_is_short_known(p->marks.r, p->text))
        redact_mark(&p->marks, 0, p->text.n, p->text, "known secret", false);
    else if (p->kind != PIECE_NAME)
        redact_scan_text(&p->marks, p->text, 0, SCAN_SHORT);
}

/* All that decides what becomes of a piece. A body whose kind is told by headers has them in it. */
static void add_key(const struct work *w, const struct piece *p, struct buf *key)
{
    bool is_body = p->kind == PIECE_BODY;
    buf_reset(key);
    buf_add_char(key, (char)('0' + p->kind));
    buf_add_span(key, is_body ? p->body.boundary : p->name);
    buf_add_char(key, '\n');
    if (is_body)
        buf_add(key, &w->x->x_task, sizeof w->x->x_task);
    buf_add_span(key, p->text);
}

/* A body is remembered only as it came: what happened to it otherwise is told beside its text. */
static bool may_be_known(const struct piece *p)
{
    const struct redact_body *b = &p->body;
    return p->text.n <= REDACT_CACHED_MAX
        && (p->kind != PIECE_BODY || (!b->decompressed && !b->is_gzip && !b->says_encoded));
}

static void remember(struct work *w, bool put, const struct buf *text)
{
    struct buf key;
    buf_init(&key, 2 * REDACT_CACHED_MAX);
    for (size_t i = 0; i < w->count; i++) {
        struct piece *p = &w->pieces[i];
        if (p->text.n == 0 || !may_be_known(p) || (put && p->is_known))
            continue;
        add_key(w, p, &key);
        if (key.broken != ERR_OK)
            continue;
        if (put)
            redact_cache_put(w->r->cache, buf_span(&key), w->r->version,
                             (struct span){text->p + p->at, p->n});
        else
            p->is_known = redact_cache_get(w->r->cache, buf_span(&key), w->r->version, &p->known);
    }
    buf_fini(&key);
}

/* Scans what is not known. When that teaches something new, what was known has to be looked at again. */
static void scan_all(struct work *w)
{
    uint64_t version = w->r->version;
    for (size_t i = 0; !w->code && i < w->count; i++)
        if (!w->pieces[i].is_known) {
            scan_piece(&w->pieces[i], w->x->x_task);
            w->code = w->pieces[i].marks.code;
        }
    for (size_t i = 0; !w->code && w->r->version != version && i < w->count; i++)
        if (w->pieces[i].is_known) {
            w->pieces[i].is_known = false;
            scan_piece(&w->pieces[i], w->x->x_task);
            w->code = w->pieces[i].marks.code;
        }
}

static void find_all(struct work *w)
{
    scan_all(w);
    for (size_t i = 0; !w->code && i < w->count; i++)
        if (!w->pieces[i].is_known) {
            known_piece(&w->pieces[i], w->x->x_task);
            w->code = w->pieces[i].marks.code;
        }
}

/* -- What is written ---------------------------------------------------------------------------- */

static int write_piece(struct work *w, struct piece *p, struct buf *out)
{
    int code = 0;
    bool as_it_came = p->kind == PIECE_BODY && p->body.is_gzip;
    p->at = out->n;
    if (p->is_known)
        buf_add_span(out, p->known);
    else if (p->kind == PIECE_BODY && p->body.dropped)
        p->n = 0;
    else if (as_it_came)
        buf_add_span(out, p == &w->pieces[PIECE_ASKED] ? w->x->request_body : w->x->response_body);
    else
        code = redact_write_clean(w->r, &p->marks, p->text, out, w->e);
    p->n = out->n - p->at;
    return code ? code : buf_err(out, "an exchange without its secrets", w->e);
}

static struct span written(const struct redacted *out, const struct piece *p)
{
    return (struct span){out->text.p + p->at, p->n};
}

static size_t point_headers(const struct work *w, struct redacted *out, size_t at,
                            struct header *list, size_t count)
{
    for (size_t i = 0; i < count; i++, at += 2)
        list[i] = (struct header){written(out, &w->pieces[at]), written(out, &w->pieces[at + 1])};
    return at;
}

static int point(const struct work *w, struct redacted *out)
{
    const struct piece *p = w->pieces;
    size_t headers = w->x->request_header_count + w->x->response_header_count;
    out->request_headers = calloc(headers + 1, sizeof *out->request_headers);
    if (!out->request_headers)
        return err_set(w->e, ERR_MEMORY, NULL, "no memory for an exchange");
    out->response_headers = out->request_headers + w->x->request_header_count;
    out->method = written(out, &p[PIECE_METHOD]);
    out->url = written(out, &p[PIECE_URL]);
    out->reason = written(out, &p[PIECE_REASON]);
    out->error = written(out, &p[PIECE_ERROR]);
    out->request_body = written(out, &p[PIECE_ASKED]);
    out->response_body = written(out, &p[PIECE_ANSWERED]);
    out->request_decompressed = p[PIECE_ASKED].body.decompressed;
    out->response_decompressed = p[PIECE_ANSWERED].body.decompressed;
    out->request_dropped = p[PIECE_ASKED].body.dropped;
    out->response_dropped = p[PIECE_ANSWERED].body.dropped;
    size_t at = point_headers(w, out, PIECE_HEADERS, out->request_headers,
                              w->x->request_header_count);
    point_headers(w, out, at, out->response_headers, w->x->response_header_count);
    return 0;
}

int redact_exchange(struct redactor *r, const struct redact_exchange *x, struct redacted *out,
                    struct err *e)
{
    struct work w;
    memset(out, 0, sizeof *out);
    buf_init(&out->text, TEXT_MAX);
    int code = work_open(&w, r, x, e);
    if (!code) {
        remember(&w, false, NULL);
        find_all(&w);
        code = w.code;
    }
    for (size_t i = 0; !code && i < w.count; i++)
        code = write_piece(&w, &w.pieces[i], &out->text);
    if (!code)
        remember(&w, true, &out->text);
    if (!code)
        code = point(&w, out);
    work_close(&w);
    if (code)
        redacted_fini(out);
    return code;
}

void redacted_fini(struct redacted *out)
{
    free(out->request_headers);
    buf_fini(&out->text);
    out->request_headers = out->response_headers = NULL;
}

int redact_find(struct redactor *r, const struct redact_exchange *x, redact_place_visit *visit,
                void *arg, struct err *e)
{
    struct work w;
    int code = work_open(&w, r, x, e);
    if (!code) {
        find_all(&w);
        code = w.code;
    }
    for (size_t i = 0; !code && i < w.count; i++) {
        const struct piece *p = &w.pieces[i];
        const struct redact_mark *list = (const struct redact_mark *)(const void *)p->marks.list.p;
        size_t index = i < PIECE_HEADERS ? 0 : (i - PIECE_HEADERS) / 2;
        if (index >= x->request_header_count)
            index -= x->request_header_count;
        for (size_t k = 0; k < redact_marks_count(&p->marks); k++) {
            struct redact_place place = {p->where, index, list[k].at, list[k].n, list[k].kind};
            visit(&place, arg);
        }
    }
    work_close(&w);
    return code;
}
