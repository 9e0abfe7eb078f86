/* A walk over the strings of a JSON text, which knows under which names they stand. */
#include "redact_json.h"

#include "redact_name.h"
#include "redact_scan.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 1 << 20 };

/* Where the fields stand that x-task reads, and those that it wants redacted. */
struct ranges {
    struct buf list; /* of struct json_range */
};

static bool keep_range(const struct json_range *range, void *arg)
{
    struct ranges *r = arg;
    buf_add(&r->list, range, sizeof *range);
    return r->list.broken == ERR_OK;
}

static void ranges_init(struct ranges *r)
{
    buf_init(&r->list, RANGES_MAX * sizeof(struct json_range));
}

static size_t ranges_count(const struct ranges *r)
{
    return r->list.n / sizeof(struct json_range);
}

static const struct json_range *ranges_list(const struct ranges *r)
{
    return (const struct json_range *)(const void *)r->list.p;
}

static bool holds(const struct ranges *r, size_t at)
{
    for (size_t i = 0; i < ranges_count(r); i++)
        if (ranges_list(r)[i].at == at)
            return true;
    return false;
}

/* Every pointer below v: the fields that x-task reads, whatever for. Those that it stamps (ids and times) are its keys there. */
static void find_read(const struct json *v, struct span body, struct ranges *out)
{
    const char *pointer = json_string(v);
    if (pointer && pointer[0] == '/')
        json_find_all(body, pointer, keep_range, out);
    for (const struct json *child = json_first(v); child; child = json_next(child)) {
        const char *key = json_key(child);
        if (key && key[0] == '/')
            json_find_all(body, key, keep_range, out);
        else if (!key || strcmp(key, "redact") != 0)
            find_read(child, body, out);
    }
}

/* -- The walk ---------------------------------------------------------------------------------- */

struct string_at {
    size_t at;         /* of what is between the quotes */
    struct span inner; /* the same, as written */
    struct span name;  /* of the member that it stands in, as written; empty in a list at the top */
    bool is_key;
    bool is_secret; /* by a name above it */
};

struct level {
    struct span name;
    bool is_object, is_secret;
    bool names_secret; /* {"name": "api_key", "value": ...} */
};

struct walk {
    struct span body;
    void (*string)(const struct string_at *s, void *arg);
    void (*number)(size_t at, struct span number, void *arg); /* or NULL */
    void *arg;
    struct level levels[JSON_DEPTH_MAX + 1];
    size_t depth;
    struct span name; /* of the member whose value comes next */
    bool is_secret;   /* that value is, by its name or one above */
    bool key_next;
};

static size_t string_end(struct span body, size_t at)
{
    size_t i = at + 1;
    while (i < body.n && body.p[i] != '"')
        i += body.p[i] == '\\' ? 2 : 1;
    return i;
}

static bool is_secret_key(struct span key)
{
    char room[REDACT_NAME_MAX * 6 + 3];
    struct json *tree = NULL;
    bool is_secret = redact_is_secret_name(key);
    if (is_secret || span_find(key, '\\') == key.n || key.n + 3 > sizeof room)
        return is_secret;
    room[0] = '"';
    memcpy(room + 1, key.p, key.n);
    room[key.n + 1] = '"';
    if (json_open((struct span){room, key.n + 2}, &tree, NULL) == 0 && json_string(tree))
        is_secret = redact_is_secret_name(span_of(json_string(tree)));
    json_close(tree);
    return is_secret;
}

static void walk_string(struct walk *w, size_t at, size_t end)
{
    struct level *level = &w->levels[w->depth];
    struct string_at s = {at + 1, span_cut(w->body, at + 1, end - at - 1), w->name, w->key_next,
                          w->is_secret};
    w->string(&s, w->arg);
    if (!w->key_next && level->is_object && (span_is(w->name, "name") || span_is(w->name, "key")))
        level->names_secret = redact_is_secret_name(s.inner);
    if (w->key_next) {
        w->name = s.inner;
        w->is_secret = level->is_secret || is_secret_key(s.inner)
            || (level->names_secret && span_is(s.inner, "value"));
    }
    w->key_next = false;
}

/* An object of such a name is a thing with fields of its own, not a secret in pieces: "session": {"status": ...}. */
static bool is_thing(struct span name)
{
    static const char *const things[] = {"key", "keys", "session", "sessions"};
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++)
        if (span_is_nocase(name, things[i]))
            return true;
    return false;
}

static void walk_open(struct walk *w, char bracket)
{
    w->is_secret &= bracket == '[' || !is_thing(w->name);
    if (w->depth < JSON_DEPTH_MAX)
        w->depth++;
    w->levels[w->depth] = (struct level){w->name, bracket == '{', w->is_secret, false};
    w->key_next = bracket == '{';
}

static void walk_comma(struct walk *w)
{
    const struct level *level = &w->levels[w->depth];
    w->name = level->name;
    w->is_secret = level->is_secret;
    w->key_next = level->is_object;
}

static void walk_close(struct walk *w)
{
    w->depth -= w->depth > 0;
    w->key_next = false;
}

static void walk_body(struct walk *w)
{
    for (size_t i = 0; i < w->body.n; i++) {
        char c = w->body.p[i];
        size_t from = i;
        if (c == '"') {
            i = string_end(w->body, i);
            walk_string(w, from, i);
        } else if (c == '{' || c == '[') {
            walk_open(w, c);
        } else if (c == '}' || c == ']') {
            walk_close(w);
        } else if (c == ',') {
            walk_comma(w);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            while (i + 1 < w->body.n && w->body.p[i + 1]
                   && strchr("0123456789+-.eE", w->body.p[i + 1]))
                i++;
            if (w->number)
                w->number(from, span_cut(w->body, from, i + 1 - from), w->arg);
        }
    }
}

/* -- By name ----------------------------------------------------------------------------------- */

struct job {
    struct redact_marks *marks;
    struct ranges read, redact;
};

static void job_init(struct job *job, struct redact_marks *m, struct span body,
                     const struct json *x_task)
{
    job->marks = m;
    ranges_init(&job->read);
    ranges_init(&job->redact);
    find_read(x_task, body, &job->read);
    for (const struct json *p = json_first(json_get(x_task, "redact")); p; p = json_next(p))
        json_find_all(body, json_string(p), keep_range, &job->redact);
}

static void job_fini(struct job *job)
{
    struct redact_marks *m = job->marks;
    int code = buf_err(&job->read.list, "the fields of a body", m->e);
    code = code ? code : buf_err(&job->redact.list, "the fields of a body", m->e);
    if (!m->code)
        m->code = code;
    buf_fini(&job->read.list);
    buf_fini(&job->redact.list);
}

/* Where the part of a URL ends that may be kept; 0 for what is none. A user in it takes all of it. */
static size_t url_kept(struct span inner)
{
    static const char *const starts[] = {"http://", "https://", "http:\\/\\/", "https:\\/\\/"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        size_t n = strlen(starts[i]);
        struct span rest = span_cut(inner, n, inner.n);
        if (!span_starts(inner, starts[i]))
            continue;
        size_t query = span_find(rest, '?'), fragment = span_find(rest, '#');
        if (span_find(rest, '@') < span_find(rest, '/'))
            return 0;
        return n + (query < fragment ? query : fragment);
    }
    return 0;
}

/* A string as it reads, so that it is one secret with or without escapes. */
static void mark_escaped(struct redact_marks *m, size_t at, struct span inner, const char *kind,
                         bool everywhere)
{
    struct buf quoted;
    struct json *tree = NULL;
    buf_init(&quoted, inner.n + 2);
    buf_add_char(&quoted, '"');
    buf_add_span(&quoted, inner);
    buf_add_char(&quoted, '"');
    bool reads = quoted.broken == ERR_OK && json_open(buf_span(&quoted), &tree, NULL) == 0
        && json_string(tree);
    redact_mark(m, at, inner.n, reads ? span_of(json_string(tree)) : inner, kind, everywhere);
    json_close(tree);
    buf_fini(&quoted);
}

/* A whole string, or of a URL what may be signed. */
static void mark_string(struct redact_marks *m, size_t at, struct span inner, const char *kind,
                        bool everywhere)
{
    size_t kept = url_kept(inner);
    if (kept == 0 && span_find(inner, '\\') < inner.n)
        mark_escaped(m, at, inner, kind, everywhere);
    else if (kept == 0)
        redact_mark(m, at, inner.n, inner, kind, everywhere);
    else if (kept < inner.n)
        redact_mark(m, at + kept + 1, inner.n - kept - 1, span_cut(inner, kept + 1, inner.n), kind,
                    false);
}

static void scan_string(const struct string_at *s, void *arg)
{
    struct job *job = arg;
    bool is_read = !s->is_key && holds(&job->read, s->at - 1);
    if (s->is_secret && !s->is_key && !is_read && !redact_is_plain_value(s->name, s->inner)) {
        size_t scheme = redact_scheme_length(s->inner);
        mark_string(job->marks, s->at + scheme, span_cut(s->inner, scheme, s->inner.n), "member",
                    !redact_is_local_value(s->name, s->inner));
    }
    redact_scan_text(job->marks, s->inner, s->at, is_read ? SCAN_URLS : SCAN_ALL);
}

static void mark_pointed(struct job *job, struct span body)
{
    for (size_t i = 0; i < ranges_count(&job->redact); i++) {
        const struct json_range *range = &ranges_list(&job->redact)[i];
        struct span value = span_cut(body, range->at, range->len);
        if (holds(&job->read, range->at) || span_is(value, "null") || span_is(value, "\"\""))
            continue;
        if (value.p[0] == '"')
            mark_string(job->marks, range->at + 1, span_cut(value, 1, value.n - 2),
                        "field of x-task.redact", false);
        else
            redact_mark_quoted(job->marks, range->at, range->len, value, "field of x-task.redact");
    }
}

void redact_scan_json(struct redact_marks *m, struct span body, const struct json *x_task)
{
    struct job job;
    struct walk w = {.body = body, .string = scan_string, .arg = &job};
    job_init(&job, m, body, x_task);
    walk_body(&w);
    mark_pointed(&job, body);
    job_fini(&job);
}

/* -- What is known ----------------------------------------------------------------------------- */

static void known_string(const struct string_at *s, void *arg)
{
    struct job *job = arg;
    bool is_read = !s->is_key && holds(&job->read, s->at - 1);
    redact_mark_known(job->marks, s->inner, s->at);
    if (s->is_key || is_read)
        return;
    if (redact_is_short_known(job->marks->r, s->inner))
        redact_mark(job->marks, s->at, s->inner.n, s->inner, "known secret", false);
    else
        redact_scan_text(job->marks, s->inner, s->at, SCAN_SHORT);
}

static void known_number(size_t at, struct span number, void *arg)
{
    struct job *job = arg;
    size_t before = redact_marks_count(job->marks);
    if (number.n < SECRET_BYTES_MIN)
        return;
    redact_mark_known(job->marks, number, at);
    if (redact_marks_count(job->marks) > before)
        redact_mark_quoted(job->marks, at, number.n, number, "known secret");
}

void redact_known_json(struct redact_marks *m, struct span body, const struct json *x_task)
{
    struct job job;
    struct walk w = {.body = body, .string = known_string, .number = known_number, .arg = &job};
    job_init(&job, m, body, x_task);
    walk_body(&w);
    job_fini(&job);
}
