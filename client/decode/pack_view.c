/* What a reply says of a task, by the pointers of x-task. */
#include "pack_inner.h"

#include "fields.h"
#include "view_fill.h"

#include "base/json/json.h"

#include <stdio.h>
#include <string.h>

/* -- Values ----------------------------------------------------------------------------------- */

/* Where a walk along a pointer ended. */
struct found {
    const struct json *value; /* NULL: it, or something on the way, is absent or null */
    uint32_t depth; /* segments walked: less than the pointer's when something is missing */
    bool blocked;   /* there stands something that has no members */
};

/* False: a list has no member of that name. */
static bool element(const struct json *array, const char *key, const struct json **out)
{
    long long index = 0;
    if (!span_int64(span_of(key), &index) || index < 0)
        return false;
    *out = json_first(array);
    while (*out && index-- > 0)
        *out = json_next(*out);
    return true;
}

/* From segment `from` to before segment `to`. */
static struct found walk(const struct json *v, const struct pack_pointer *p, uint32_t from,
                         uint32_t to)
{
    struct found f = {.value = v, .depth = from};
    for (; f.value && f.depth < to; f.depth++) {
        enum json_kind kind = json_kind(f.value);
        const struct json *next = kind == JSON_OBJECT ? json_get(f.value, p->keys[f.depth]) : NULL;
        if (kind != JSON_OBJECT
            && (kind != JSON_ARRAY || !element(f.value, p->keys[f.depth], &next)))
            return (struct found){.value = f.value, .depth = f.depth, .blocked = true};
        f.value = json_kind(next) == JSON_NULL ? NULL : next;
    }
    return f;
}

/* NULL when it is absent, null, or below something that has no members. */
static const struct json *value_at(const struct json *root, const struct pack_pointer *p)
{
    struct found f = walk(root, p, 0, p->count);
    return f.blocked ? NULL : f.value;
}

static bool is_scalar(const struct json *v)
{
    return json_kind(v) == JSON_STRING || json_kind(v) == JSON_NUMBER;
}

/* Strings without regard to case, numbers by their digits. */
static bool same_scalar(const struct json *a, const struct json *b)
{
    char left[TASK_STATUS_MAX], right[TASK_STATUS_MAX];
    if (json_string(a) || json_string(b))
        return json_string(a) && json_string(b)
            && span_is_nocase(span_of(json_string(a)), json_string(b));
    return json_number_text(a, left, sizeof left) && json_number_text(b, right, sizeof right)
        && strcmp(left, right) == 0;
}

static bool is_one_of(const struct json *list, const struct json *v)
{
    for (const struct json *one = json_first(list); one; one = json_next(one))
        if (same_scalar(one, v))
            return true;
    return false;
}

/* -- Errors ----------------------------------------------------------------------------------- */

/* The pointer's first `depth` segments, and the index that stands for its "*". */
static void write_place(const struct pack_pointer *p, uint32_t depth, size_t index, char *out,
                        size_t out_size)
{
    size_t n = 0;
    const char *c = p->text;
    out[0] = '\0';
    for (uint32_t i = 0; i < depth && n + 1 < out_size; i++) {
        size_t length = 1 + strcspn(c + 1, "/");
        int wrote = i == p->star ? snprintf(out + n, out_size - n, "/%zu", index)
                                 : snprintf(out + n, out_size - n, "%.*s", (int)length, c);
        n += (size_t)wrote;
        c += length;
    }
}

static void fail_at(struct reading *r, const struct pack_pointer *p, uint32_t depth, size_t index,
                    enum err_code code, const char *what)
{
    char where[ERR_WHERE_MAX];
    if (r->code)
        return;
    write_place(p, depth, index, where, sizeof where);
    r->code = err_set(r->e, code, where, "%s", what);
}

static void wrong_kind(struct reading *r, const struct pack_pointer *p, uint32_t depth,
                       size_t index, const char *wanted, const struct json *got)
{
    char what[ERR_WHAT_MAX];
    const char *why = json_unreadable(got);
    snprintf(what, sizeof what, "should be %s, is %s%s%s", wanted, json_kind_name(json_kind(got)),
             why ? ": " : "", why ? why : "");
    fail_at(r, p, depth, index, ERR_CONTRACT, what);
}

static void fail_missing(struct reading *r, const struct pack_pointer *p, struct found f,
                         size_t index)
{
    if (f.blocked)
        wrong_kind(r, p, f.depth, index, "an object", f.value);
    else
        fail_at(r, p, f.depth, index, ERR_CONTRACT, "is missing");
}

/* Copies a string or number; another kind and one that is too long are errors. */
static void take_word(struct reading *r, const struct pack_pointer *p, size_t index,
                      const struct json *v, char *out, size_t out_size)
{
    char what[ERR_WHAT_MAX];
    if (!is_scalar(v)) {
        wrong_kind(r, p, p->count, index, "a string", v);
        return;
    }
    bool fits = json_string(v) ? span_copy(span_of(json_string(v)), out, out_size)
                               : json_number_text(v, out, out_size);
    snprintf(what, sizeof what, "is longer than %zu bytes", out_size - 1);
    if (!fits)
        fail_at(r, p, p->count, index, ERR_LIMIT, what);
}

/* -- The state -------------------------------------------------------------------------------- */

static const struct {
    const char *key;
    enum task_state state;
    int weight; /* of several tasks the heaviest state is that of all; unknown weighs most */
} states[] = {{"queued", TASK_QUEUED, 4},
              {"running", TASK_RUNNING, 3},
              {"failed", TASK_FAILED, 2},
              {"succeeded", TASK_SUCCEEDED, 1}};
enum { STATES = sizeof states / sizeof states[0], WEIGHT_UNKNOWN = 5 };

static enum task_state state_of(const struct json *lists, const struct json *status, int *weight)
{
    for (size_t i = 0; i < STATES; i++)
        if (is_one_of(json_get(lists, states[i].key), status)) {
            *weight = states[i].weight;
            return states[i].state;
        }
    *weight = WEIGHT_UNKNOWN;
    return TASK_UNKNOWN;
}

static void take_status(struct reading *r, const struct pack_status *s, size_t index,
                        const struct json *v, int *heaviest, struct task_view *out)
{
    int weight = 0;
    enum task_state state = state_of(s->states, v, &weight);
    if (weight <= *heaviest)
        return;
    *heaviest = weight;
    out->state = state;
    take_word(r, &s->at, index, v, out->status, sizeof out->status);
}

/* Every element of the list that stands where the pointer has its "*". */
static void read_several(struct reading *r, const struct pack_status *s, const struct json *list,
                         struct task_view *out)
{
    size_t index = 0;
    int heaviest = 0;
    for (const struct json *v = json_first(list); v && !r->code; v = json_next(v), index++) {
        struct found f = walk(v, &s->at, s->at.star + 1, s->at.count);
        if (f.blocked || !f.value)
            fail_missing(r, &s->at, f, index);
        else
            take_status(r, s, index, f.value, &heaviest, out);
    }
}

/* What an entry lacks that does not count. */
struct lack {
    const struct pack_pointer *at;
    struct found where;
    uint32_t got; /* how far the entry came: the one that came furthest is told of */
};

/* True when the entry counts: its status is read, or an error. */
static bool read_entry(struct reading *r, const struct pack_status *s, const struct json *root,
                       struct lack *lack, struct task_view *out)
{
    if (s->when.text) {
        struct found when = walk(root, &s->when, 0, s->when.count);
        *lack = (struct lack){.at = &s->when, .where = when};
        if (when.blocked || !when.value || !is_one_of(s->when_values, when.value))
            return false;
    }
    struct found f = walk(root, &s->at, 0, s->at.star);
    *lack = (struct lack){.at = &s->at, .where = f, .got = f.depth + 1};
    if (f.blocked || !f.value)
        return false;
    int heaviest = 0;
    if (s->at.star == s->at.count)
        take_status(r, s, 0, f.value, &heaviest, out);
    else if (json_kind(f.value) == JSON_ARRAY)
        read_several(r, s, f.value, out);
    else
        wrong_kind(r, &s->at, s->at.star, 0, "a list", f.value);
    return true;
}

/* -- Refusals --------------------------------------------------------------------------------- */

/* Copies what an entry finds; false when it finds no error. Where some codes are none, a text without a
 * code tells nothing. */
static bool take_error(const struct pack_error *at, const struct json *root, struct task_view *out)
{
    const struct json *code = at->code.text ? value_at(root, &at->code) : NULL;
    const char *reason = at->reason.text ? json_string(value_at(root, &at->reason)) : NULL;
    bool told = is_scalar(code) ? !is_one_of(at->unless, code)
                                : !at->unless && reason && reason[0] != '\0';
    if (!told)
        return false;
    const char *text = json_string(code);
    out->code[0] = '\0';
    if (text)
        span_copy(span_of(text), out->code, sizeof out->code);
    else
        (void)json_number_text(code, out->code, sizeof out->code);
    view_cut(reason ? reason : "", out->reason, sizeof out->reason);
    return true;
}

static bool read_error(const struct task_pack *p, const struct json *root, struct task_view *out)
{
    for (uint32_t i = 0; i < p->error_count; i++)
        if (take_error(&p->errors[i], root, out))
            return true;
    return false;
}

static bool lists_code(const struct json *entry, const char *code)
{
    for (const struct json *v = json_first(json_get(entry, "codes")); v; v = json_next(v))
        if (strcmp(json_string(v) ? json_string(v) : "", code) == 0)
            return true;
    return false;
}

/* The entry, of one or a list, that has the code; NULL when none does. */
static const struct json *listed(const struct json *entries, const char *code)
{
    if (json_kind(entries) != JSON_ARRAY)
        return lists_code(entries, code) ? entries : NULL;
    for (const struct json *one = json_first(entries); one; one = json_next(one))
        if (lists_code(one, code))
            return one;
    return NULL;
}

/* What the service's own code says, over what the HTTP status does. */
static enum task_error kind_of(const struct task_pack *p, const char *code,
                               enum task_error otherwise)
{
    const struct json *permanent = code[0] != '\0' ? listed(p->permanent, code) : NULL;
    struct span means = span_of(json_string(json_get(permanent, "means")));
    if (span_is(means, "not_found"))
        return TASK_ERROR_NOT_FOUND;
    if (span_is(means, "unauthorized"))
        return TASK_ERROR_UNAUTHORIZED;
    if (code[0] != '\0' && listed(p->transient, code))
        return TASK_ERROR_TRANSIENT;
    return permanent && otherwise == TASK_ERROR_TRANSIENT ? TASK_ERROR_PERMANENT : otherwise;
}

void pack_refusal(const struct task_pack *p, const struct json *root, enum task_error otherwise,
                  struct task_view *out)
{
    refusal_read(root, p->dialect.codes, otherwise, out);
    (void)read_error(p, root, out);
    out->error = kind_of(p, out->code, otherwise);
}

/* -- The rest of a view ----------------------------------------------------------------------- */

static void read_id(struct reading *r, const struct task_pack *p, const struct json *root,
                    struct task_view *out)
{
    for (uint32_t i = 0; i < p->id.count && out->id[0] == '\0'; i++) {
        const struct pack_pointer *at = &p->id.list[i];
        struct found f = walk(root, at, 0, at->star);
        const struct json *v = f.blocked ? NULL : f.value;
        if (at->star < at->count) { /* of several tasks no single one's id is that of all */
            v = json_count(v) == 1 ? json_first(v) : NULL;
            f = walk(v, at, at->star + 1, at->count);
            v = f.blocked ? NULL : f.value;
        }
        if (v)
            take_word(r, at, 0, v, out->id, sizeof out->id);
    }
}

static int64_t read_time(struct reading *r, const struct pack_pointers *list,
                         const struct json *root)
{
    int64_t ms = 0;
    for (uint32_t i = 0; i < list->count && ms == 0; i++) {
        const struct pack_pointer *at = &list->list[i];
        const struct json *v = value_at(root, at);
        if (!value_time_ms(v, &ms))
            wrong_kind(r, at, at->count, 0, "a time", v);
    }
    return ms;
}

static void read_url(struct reading *r, const struct task_pack *p, const struct json *root,
                     struct task_view *out)
{
    for (uint32_t i = 0; i < p->url.count; i++) {
        const struct pack_pointer *at = &p->url.list[i];
        const struct json *v = value_at(root, at);
        if (v && json_kind(v) != JSON_STRING)
            wrong_kind(r, at, at->count, 0, "a string", v);
        else if (v && out->state == TASK_SUCCEEDED && out->url[0] == '\0'
                 && is_web_url(json_string(v)))
            take_word(r, at, 0, v, out->url, sizeof out->url);
    }
}

static void read_failure(struct reading *r, const struct task_pack *p, const struct json *root,
                         struct task_view *out)
{
    for (uint32_t i = 0; i < p->code.count && out->code[0] == '\0'; i++) {
        const struct json *v = value_at(root, &p->code.list[i]);
        if (v)
            take_word(r, &p->code.list[i], 0, v, out->code, sizeof out->code);
    }
    for (uint32_t i = 0; i < p->reason.count && out->reason[0] == '\0'; i++) {
        const char *text = json_string(value_at(root, &p->reason.list[i]));
        view_cut(text ? text : "", out->reason, sizeof out->reason);
    }
}

static void read_rest(struct reading *r, const struct task_pack *p, const struct json *root,
                      struct task_view *out)
{
    read_id(r, p, root, out);
    for (uint32_t i = 0; i < p->progress.count && out->progress < 0; i++)
        out->progress = value_percent(value_at(root, &p->progress.list[i]));
    out->created_ms = read_time(r, &p->created, root);
    out->started_ms = read_time(r, &p->started, root);
    out->finished_ms = read_time(r, &p->finished, root);
    read_url(r, p, root, out);
    if (out->state == TASK_FAILED)
        read_failure(r, p, root, out);
}

/* -- The whole -------------------------------------------------------------------------------- */

/* No entry counted: says what the one lacks that came furthest. */
static void fail_without_status(struct reading *r, const struct lack *lacks, uint32_t count)
{
    const struct lack *best = &lacks[0];
    for (uint32_t i = 1; i < count; i++)
        if (lacks[i].got > best->got)
            best = &lacks[i];
    if (!best->at) /* a pack has a status */
        return;
    if (best->where.value && !best->where.blocked) /* a value of a `when`, but another one */
        fail_at(r, best->at, best->at->count, 0, ERR_CONTRACT,
                "is none of the values that come with a status");
    else
        fail_missing(r, best->at, best->where, 0);
}

int pack_view(const struct task_pack *p, const struct json *root, struct task_view *out,
              struct err *e)
{
    struct reading r = {.e = e};
    struct lack lacks[PACK_POINTERS_MAX] = {{0}};
    bool counts = false;
    for (uint32_t i = 0; !counts && i < p->status_count; i++)
        counts = read_entry(&r, &p->status[i], root, &lacks[i], out);
    if (counts)
        read_rest(&r, p, root, out);
    else if (read_error(p, root, out))
        out->error = kind_of(p, out->code, TASK_ERROR_PERMANENT);
    else
        fail_without_status(&r, lacks, p->status_count);
    return r.code;
}

enum task_state pack_goal_state(const struct task_pack *p, const char *goal,
                                const struct task_view *view)
{
    const struct json *lists = json_get(p->goals, goal);
    char number[TASK_STATUS_MAX];
    if (view->error != TASK_ERROR_NONE)
        return view->state;
    for (size_t i = 0; i < STATES; i++)
        for (const struct json *v = json_first(json_get(lists, states[i].key)); v; v = json_next(v))
            if (json_string(v) ? span_is_nocase(span_of(view->status), json_string(v))
                               : json_number_text(v, number, sizeof number)
                        && strcmp(number, view->status) == 0)
                return states[i].state;
    return TASK_UNKNOWN;
}
