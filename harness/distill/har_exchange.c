/* Opens one entry of a HAR file. */
#include "har_exchange.h"

#include "har_walk.h"

#include <stdio.h>
#include <stdlib.h>

/* -- Headers ---------------------------------------------------------------------------------- */

/* Counts them when list is NULL. */
static void add_header(struct har_headers *h, struct span name, const char *value)
{
    struct span rest = span_of(value);
    do {
        size_t end = span_find(rest, '\n');
        struct header line = {span_trim(name), span_trim(span_cut(rest, 0, end))};
        rest = span_cut(rest, end + 1, rest.n);
        if (h->count == HAR_HEADERS_MAX)
            return;
        if (h->list)
            h->list[h->count] = line;
        h->count++;
    } while (rest.n > 0);
}

static void add_headers(struct har_headers *h, const struct json *headers)
{
    bool listed = json_kind(headers) == JSON_ARRAY;
    h->count = 0;
    for (const struct json *v = json_first(headers); v; v = json_next(v)) {
        const char *name = listed ? json_string(json_get(v, "name")) : json_key(v);
        const struct json *value = listed ? json_get(v, "value") : v;
        if (!name)
            continue;
        if (json_string(value))
            add_header(h, span_of(name), json_string(value));
        for (const struct json *one = listed ? NULL : json_first(value); one; one = json_next(one))
            if (json_string(one))
                add_header(h, span_of(name), json_string(one));
    }
}

/* False: no memory. */
static bool read_headers(struct har_headers *h, const struct json *headers)
{
    add_headers(h, headers);
    h->list = calloc(h->count + 1, sizeof *h->list);
    if (h->list)
        add_headers(h, headers);
    return h->list;
}

/* -- What became of it ------------------------------------------------------------------------ */

static const char *failure_of(const struct json *entry)
{
    static const char *const places[] = {
        "/_error",        "/response/_error",        "/response/_failureText",
        "/_failureText",  "/response/_errorText",    "/_errorText",
        "/error",         "/response/_errorMessage", "/response/error",
        "/_errorMessage",
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct json *v = json_at(entry, places[i]);
        const char *text = json_string(v);
        if (json_kind(v) == JSON_OBJECT)
            text = json_string(json_get(v, "message"));
        if (text && text[0])
            return text;
    }
    return NULL;
}

static int status_of(const struct json *entry)
{
    const struct json *v = json_at(entry, "/response/status");
    long long digits = 0;
    int64_t status = 0;
    if (!json_int64(v, &status) && span_int64(span_of(json_string(v)), &digits))
        status = digits; /* some write it as a text */
    return status >= 100 && status <= 999 ? (int)status : 0;
}

static void read_started(struct exchange *x, const struct json *v)
{
    double ms = 0;
    const char *text = json_string(v);
    if (text)
        x->has_started = text_rfc3339(span_of(text), &x->started);
    else if (json_double(v, &ms) && ms > 0 && ms < 1e15) {
        x->has_started = true;
        x->started.s = (int64_t)(ms / 1000);
        x->started.atto = (uint64_t)((ms - (double)x->started.s * 1000) * 1e15);
    }
    x->odd_started = text && !x->has_started ? text : NULL;
}

/* -- Bodies ----------------------------------------------------------------------------------- */

/* Appends what stands at /request/postData or /response/content, Content-Encoding and all. *there is whether anything does. */
static int read_stored(const struct recording *r, const struct exchange *x, const char *at,
                       struct buf *out, bool *there, bool *was_text, struct err *e)
{
    char pointer[64];
    struct span stored = har_walk_find(x->text, at);
    struct span text = har_walk_find(stored, "text");
    snprintf(pointer, sizeof pointer, "/%s/_file", at);
    const char *file = json_string(json_at(x->tree, pointer));
    *was_text = false;
    *there = file || (text.n > 0 && text.p[0] != 'n');
    if (file && (text.n == 0 || text.p[0] != '"')) {
        int code = recording_attached(r, file, out, e);
        return code ? err_wrap(e, (enum err_code)code, "%s", pointer) : 0;
    }
    if (!*there)
        return 0;
    bool is_binary = false;
    snprintf(pointer, sizeof pointer, "/%s/encoding", at);
    const char *encoding = json_string(json_at(x->tree, pointer));
    snprintf(pointer, sizeof pointer, "/%s/_isBinary", at);
    (void)json_bool(json_at(x->tree, pointer), &is_binary);
    int code = har_body_text(out, text, encoding, is_binary, was_text, e);
    return code ? err_wrap(e, (enum err_code)code, "/%s/text", at) : 0;
}

static int missing(const struct exchange *x, int64_t size, struct err *e)
{
    const char *comment = json_string(json_at(x->tree, "/response/content/comment"));
    return err_set(e, ERR_CONTRACT, "/response/content",
                   "the recording does not hold the body of this answer (size %lld, no text)%s%s: "
                   "record again with the bodies kept, or put the text in",
                   (long long)size, comment ? ": " : "", comment ? comment : "");
}

/* ERR_CONTRACT when there should be a body and none is kept. */
static int check_missing(const struct exchange *x, size_t n, struct err *e)
{
    static const char *const sizes[] = {"/response/content/size", "/response/bodySize"};
    int64_t size = 0;
    struct span length;
    long long declared = 0;
    bool bodyless = x->status == 204 || x->status == 304 || x->status == 205;
    if (n > 0 || bodyless)
        return 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (json_int64(json_at(x->tree, sizes[i]), &size) && size > 0)
            return missing(x, size, e);
    header_find(x->headers.list, x->headers.count, "Content-Length", &length);
    if (span_int64(length, &declared) && declared > 0)
        return missing(x, declared, e);
    return 0;
}

int exchange_body(const struct recording *r, const struct exchange *x, struct buf *out,
                  bool *was_text, struct err *e)
{
    struct buf stored;
    bool there = false;
    buf_init(&stored, JSON_TEXT_MAX);
    int code = read_stored(r, x, "response/content", &stored, &there, was_text, e);
    if (!code)
        code = buf_err(&stored, "the body", e);
    if (!code)
        code = check_missing(x, stored.n, e);
    if (!code) {
        code = har_body_decode(out, &stored, &x->headers, was_text, e);
        if (code)
            err_wrap(e, (enum err_code)code, "/response/content/text");
    }
    buf_fini(&stored);
    return code;
}

/* -- An entry --------------------------------------------------------------------------------- */

static int read_request_body(const struct recording *r, struct exchange *x, struct err *e)
{
    bool there, was_text;
    int code = read_stored(r, x, "request/postData", &x->request_body, &there, &was_text, e);
    return code ? code : buf_err(&x->request_body, "the request's body", e);
}

static int read_entry(const struct recording *r, struct exchange *x, struct err *e)
{
    int code = json_open(x->text, &x->tree, e);
    if (code)
        return code;
    double took = 0;
    const char *cache = json_string(json_get(x->tree, "_fromCache"));
    x->status = status_of(x->tree);
    x->failure = failure_of(x->tree);
    x->from_cache = cache && cache[0];
    read_started(x, json_get(x->tree, "startedDateTime"));
    if (json_double(json_get(x->tree, "time"), &took) && took > 0 && took < 1e12)
        x->took_ms = (int64_t)took;
    if (!read_headers(&x->request_headers, json_at(x->tree, "/request/headers"))
        || !read_headers(&x->headers, json_at(x->tree, "/response/headers")))
        return err_set(e, ERR_MEMORY, "", "no memory for the headers");
    return read_request_body(r, x, e);
}

int exchange_open(const struct recording *r, uint32_t i, struct exchange *out, struct err *e)
{
    const struct recording_entry *entry = &r->entries[i];
    *out = (struct exchange){.method = entry->method, .url = entry->url, .text = entry->text};
    buf_init(&out->request_body, JSON_TEXT_MAX);
    int code = read_entry(r, out, e);
    return code ? err_wrap(e, (enum err_code)code, "/log/entries/%u", i) : 0;
}

void exchange_close(struct exchange *x)
{
    free(x->request_headers.list);
    free(x->headers.list);
    buf_fini(&x->request_body);
    json_close(x->tree);
    *x = (struct exchange){0};
}
