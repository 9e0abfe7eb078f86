/* Contracts: finds a request's task id, and what a reply says of its task. */
#include "contract.h"

#include "base/buf.h"
#include "base/text.h"
#include "contract_task.h"

#include <string.h>

/* -- The task id ------------------------------------------------------------------------------ */

/* A string, or a number as it is written. Nothing and "" are no id. */
static bool copy_scalar(const struct json *value, char *out, size_t out_size)
{
    const char *string = json_string(value);
    return string ? string[0] && span_copy(span_of(string), out, out_size)
                  : json_number_text(value, out, out_size);
}

bool contract_task_id(const struct contract *c, struct span path_value, const struct json *body,
                      char *out, size_t out_size)
{
    const struct json *entry = json_first(json_get(c->x_task, "id"));
    for (; entry; entry = json_next(entry)) {
        const char *pointer = json_string(json_get(entry, "pointer"));
        if (!pointer && path_value.n)
            return text_percent_decode(path_value, out, out_size);
        if (pointer && copy_scalar(json_at(body, pointer), out, out_size))
            return true;
    }
    return false;
}

/* -- The state -------------------------------------------------------------------------------- */

static const struct {
    const char *key;
    enum reply_state state;
} states_by_key[] = {{"queued", REPLY_STATE_QUEUED},
                     {"running", REPLY_STATE_RUNNING},
                     {"succeeded", REPLY_STATE_SUCCEEDED},
                     {"failed", REPLY_STATE_FAILED}};

/* Words in any case, since services let it drift; numbers as written. 200 and "200" differ. */
static bool same_value(const struct json *a, const struct json *b)
{
    char left[64], right[64];
    if (json_kind(a) != json_kind(b))
        return false;
    if (json_kind(a) == JSON_STRING)
        return span_is_nocase(span_of(json_string(a)), json_string(b));
    return json_number_text(a, left, sizeof left) && json_number_text(b, right, sizeof right)
        && strcmp(left, right) == 0;
}

static bool lists(const struct json *values, const struct json *value)
{
    for (const struct json *v = json_first(values); v; v = json_next(v))
        if (same_value(v, value))
            return true;
    return false;
}

static enum reply_state state_of(const struct json *states, const struct json *value)
{
    for (size_t i = 0; i < sizeof states_by_key / sizeof states_by_key[0]; i++)
        if (lists(json_get(states, states_by_key[i].key), value))
            return states_by_key[i].state;
    return REPLY_STATE_UNKNOWN;
}

/* What several tasks in one body come to: the first of these that is seen. */
static enum reply_state worse(enum reply_state a, enum reply_state b)
{
    static const enum reply_state order[] = {REPLY_STATE_UNKNOWN, REPLY_STATE_QUEUED,
                                             REPLY_STATE_RUNNING, REPLY_STATE_FAILED,
                                             REPLY_STATE_SUCCEEDED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return REPLY_STATE_NONE;
}

/* The value that a pointer names, opened; *value is NULL when it is absent. Returns 0 or ERR_MEMORY. */
static int open_value(struct span body, const char *pointer, struct json **value)
{
    struct json_place place;
    *value = NULL;
    return json_find(body, pointer, &place)
        ? json_open(span_cut(body, place.at, place.len), value, NULL)
        : 0;
}

/* One entry of "status", read in one body. */
struct state_search {
    struct span body;
    const char *rest; /* from a task to its status */
    const struct json *states;
    struct span list; /* under way */
    enum reply_state found;
    bool has_place, has_task, unreadable;
    int code;
};

static void read_one(struct state_search *s, struct span task)
{
    struct json *value = NULL;
    s->code = open_value(task, s->rest, &value);
    enum json_kind kind = json_kind(value);
    s->has_place = s->has_task = true;
    s->unreadable |= kind != JSON_STRING && kind != JSON_NUMBER;
    s->found = worse(s->found, state_of(s->states, value));
    json_close(value);
}

static bool visit_task(const struct json_place *place, void *arg)
{
    struct state_search *s = arg;
    read_one(s, span_cut(s->list, place->at, place->len));
    return s->code == 0 && !s->unreadable;
}

static bool visit_list(const struct json_place *place, void *arg)
{
    struct state_search *s = arg;
    s->list = span_cut(s->body, place->at, place->len);
    if (s->list.p[0] != '[')
        return true;
    s->has_place = true;
    json_find_all(s->list, "/*", visit_task, s);
    return s->code == 0 && !s->unreadable;
}

/* Where the last "*" of a pointer stands, with its slash; NULL when there is none. */
static const char *last_star(const char *pointer)
{
    const char *star = NULL;
    for (const char *p = strstr(pointer, "/*"); p; p = strstr(p + 1, "/*"))
        if (p[2] == '/' || p[2] == '\0')
            star = p;
    return star;
}

static int search(struct state_search *s, const char *pointer)
{
    const char *star = last_star(pointer);
    struct buf text;
    s->rest = star ? star + 2 : pointer;
    if (!star) {
        read_one(s, s->body);
        return s->code;
    }
    buf_init(&text, JSON_TEXT_MAX);
    buf_add(&text, pointer, (size_t)(star - pointer));
    s->code = text.broken;
    if (!s->code)
        json_find_all(s->body, text.p, visit_list, s);
    buf_fini(&text);
    return s->code;
}

/* Whether "when" holds: an envelope that says an error has no state inside, whatever else it has. */
static int holds(const struct json *when, struct span body, bool *out)
{
    struct json *value = NULL;
    int code = when ? open_value(body, json_string(json_get(when, "pointer")), &value) : 0;
    *out = !when || lists(json_get(when, "values"), value);
    json_close(value);
    return code;
}

/* Whether the entry counts in this body, and then what it says. */
static int read_entry(const struct json *entry, const struct json *states, struct span body,
                      bool *counts, enum reply_state *out)
{
    struct state_search s = {.body = body, .states = states};
    int code = holds(json_get(entry, "when"), body, counts);
    if (code || !*counts)
        return code;
    code = search(&s, json_string(json_get(entry, "pointer")));
    *counts = s.has_place && !s.unreadable;
    *out = s.has_task ? s.found : REPLY_STATE_UNKNOWN; /* an empty list tells of no task */
    return code;
}

int contract_read_state(const struct contract *c, const char *goal, struct span body,
                        enum reply_state *out, struct err *e)
{
    *out = REPLY_STATE_NONE;
    if (json_scan(body, NULL, NULL) != 0)
        return 0;
    const struct json *status = json_get(c->x_task, "status");
    const struct json *reading = goal ? json_get(json_get(c->x_task, "goals"), goal) : NULL;
    bool several = json_kind(status) == JSON_ARRAY;
    const struct json *entry = several ? json_first(status) : status;
    for (; entry; entry = several ? json_next(entry) : NULL) {
        bool counts = false;
        enum reply_state state = REPLY_STATE_NONE;
        if (read_entry(entry, reading ? reading : json_get(entry, "states"), body, &counts, &state))
            return err_set(e, ERR_MEMORY, NULL, "no memory to read the status");
        if (!counts)
            continue;
        *out = state;
        return 0;
    }
    return 0;
}

enum reply_state contract_state(const struct contract *c, const char *goal, struct span body)
{
    enum reply_state state = REPLY_STATE_NONE;
    return contract_read_state(c, goal, body, &state, NULL) ? REPLY_STATE_UNKNOWN : state;
}

bool contract_has_goal(const struct contract *c, const char *goal)
{
    return json_get(json_get(c->x_task, "goals"), goal) != NULL;
}

/* -- Refusals --------------------------------------------------------------------------------- */

static bool is_permanent(const struct contract *c, const struct json *root)
{
    char code[64];
    const struct json *permanent = json_get(c->x_task, "permanent");
    const char *pointer = json_string(json_get(permanent, "pointer"));
    if (!pointer || !copy_scalar(json_at(root, pointer), code, sizeof code))
        return false;
    const struct json *known = json_first(json_get(permanent, "codes"));
    for (; known; known = json_next(known))
        if (strcmp(json_string(known), code) == 0)
            return true;
    return false;
}

int contract_read_refusal(const struct contract *c, struct reply *r, struct err *e)
{
    struct json *root = NULL;
    int failed = json_open(r->body, &root, e);
    r->is_json = failed == 0;
    r->refuses_for_good = is_permanent(c, root);
    json_close(root);
    return failed == ERR_MEMORY ? failed : 0;
}
