/* x-task: checked completely on load, so that what uses it needs no checks. */
#include "contract_task.h"

#include <string.h>

static int read_id_path(const struct place *name, const struct contract *c, struct err *e)
{
    const char *text = NULL;
    int code = place_text(name, &text, e);
    if (code)
        return code;
    for (uint32_t i = 0; i < c->route_count; i++)
        if (contract_has_path_param(c->routes[i].path, text))
            return 0;
    return place_error(name, ERR_CONTRACT, e, "no path has a parameter {%s}", text);
}

static int read_id_entry(const struct place *entry, const struct contract *c, struct err *e)
{
    static const char *const places[] = {"path", "body", NULL};
    static const struct place_field path_fields[] = {{"in", true, NULL}, {"name", true, NULL}, {0}};
    static const struct place_field body_fields[] = {
        {"in", true, NULL}, {"pointer", true, NULL}, {0}};
    struct place in = place_get(entry, "in");
    struct place name = place_get(entry, "name"), pointer = place_get(entry, "pointer");
    size_t where = 0;
    const char *text = NULL;
    int code = place_kind(entry, JSON_OBJECT, e);
    if (!code)
        code = place_word(&in, places, &where, e);
    if (!code)
        code = place_object(entry, where == 0 ? path_fields : body_fields, NULL, e);
    if (code)
        return code;
    return where == 0 ? read_id_path(&name, c, e) : place_pointer(&pointer, &text, e);
}

static int read_id(const struct place *list, void *c, struct err *e)
{
    int code = place_kind(list, JSON_ARRAY, e);
    if (!code && !json_count(list->value))
        return place_error(list, ERR_CONTRACT, e, "\"id\" must name at least one place");
    for (struct place p = place_first(list); !code && p.value; place_next(&p))
        code = read_id_entry(&p, c, e);
    return code;
}

static int read_values(const struct place *list, void *c, struct err *e)
{
    (void)c;
    int code = place_kind(list, JSON_ARRAY, e);
    for (struct place p = place_first(list); !code && p.value; place_next(&p)) {
        enum json_kind kind = json_kind(p.value);
        if (kind != JSON_STRING && kind != JSON_NUMBER)
            code = place_error(&p, ERR_CONTRACT, e, "a value is a string or a number, not %s",
                               json_kind_name(kind));
    }
    return code;
}

static int read_states(const struct place *states, void *c, struct err *e)
{
    static const struct place_field fields[] = {{"queued", false, read_values},
                                                {"running", false, read_values},
                                                {"succeeded", false, read_values},
                                                {"failed", false, read_values},
                                                {0}};
    return place_object(states, fields, c, e);
}

static int read_pointer(const struct place *p, void *c, struct err *e)
{
    (void)c;
    const char *text = NULL;
    return place_pointer(p, &text, e);
}

static int read_when(const struct place *when, void *c, struct err *e)
{
    static const struct place_field fields[] = {
        {"pointer", true, read_pointer}, {"values", true, read_values}, {0}};
    return place_object(when, fields, c, e);
}

static int read_status(const struct place *status, void *c, struct err *e)
{
    static const struct place_field fields[] = {{"pointer", true, read_pointer},
                                                {"states", true, read_states},
                                                {"when", false, read_when},
                                                {0}};
    if (json_kind(status->value) == JSON_OBJECT)
        return place_object(status, fields, c, e);
    int code = place_kind(status, JSON_ARRAY, e);
    if (!code && !json_count(status->value))
        return place_error(status, ERR_CONTRACT, e, "\"status\" must name at least one place");
    for (struct place p = place_first(status); !code && p.value; place_next(&p))
        code = place_object(&p, fields, c, e);
    return code;
}

static int read_goals(const struct place *goals, void *c, struct err *e)
{
    int code = place_kind(goals, JSON_OBJECT, e);
    for (struct place p = place_first(goals); !code && p.value; place_next(&p))
        code = read_states(&p, c, e);
    return code;
}

/* In the order of enum stamp_source. */
static const char *const stamp_words[] = {
    "task.id", "task.created", "task.started", "task.finished", "now", "uuid", NULL};

bool contract_stamp_source(const char *text, enum stamp_source *out, const char **pointer)
{
    static const char request[] = "$request.body#";
    *pointer = NULL;
    if (strncmp(text, request, sizeof request - 1) == 0) {
        *out = STAMP_REQUEST_BODY;
        *pointer = text + sizeof request - 1;
        return place_is_pointer(*pointer);
    }
    for (int i = 0; stamp_words[i]; i++) {
        if (strcmp(text, stamp_words[i]) == 0) {
            *out = (enum stamp_source)i;
            return true;
        }
    }
    return false;
}

static int read_stamp(const struct place *stamp, void *c, struct err *e)
{
    (void)c;
    int code = place_kind(stamp, JSON_OBJECT, e);
    for (struct place p = place_first(stamp); !code && p.value; place_next(&p)) {
        enum stamp_source source = STAMP_TASK_ID;
        const char *text = NULL, *pointer = NULL;
        char hint[256];
        if (!place_is_pointer(p.key))
            return place_key_error(&p, e,
                                   "\"%s\" is not a JSON Pointer: it starts with / and ~ is "
                                   "written ~0",
                                   p.key);
        code = place_text(&p, &text, e);
        if (!code && !contract_stamp_source(text, &source, &pointer))
            code = place_error(&p, ERR_CONTRACT, e,
                               "no stamp value \"%s\"%s or \"$request.body#/POINTER\"", text,
                               place_hint(text, stamp_words, hint, sizeof hint));
    }
    return code;
}

static int read_pointers(const struct place *list, void *c, struct err *e)
{
    int code = place_kind(list, JSON_ARRAY, e);
    for (struct place p = place_first(list); !code && p.value; place_next(&p))
        code = read_pointer(&p, c, e);
    return code;
}

static int read_codes(const struct place *list, void *c, struct err *e)
{
    (void)c;
    const char *text = NULL;
    int code = place_kind(list, JSON_ARRAY, e);
    for (struct place p = place_first(list); !code && p.value; place_next(&p))
        code = place_text(&p, &text, e);
    return code;
}

static int read_permanent(const struct place *p, void *c, struct err *e)
{
    static const struct place_field fields[] = {
        {"pointer", true, read_pointer}, {"codes", true, read_codes}, {0}};
    return place_object(p, fields, c, e);
}

static int read_interval(const struct place *p, void *c, struct err *e)
{
    struct contract *contract = c;
    double seconds = 0;
    int code = place_kind(p, JSON_NUMBER, e);
    if (code)
        return code;
    if (!json_double(p->value, &seconds) || seconds < 0.001 || seconds > 86400)
        return place_error(p, ERR_CONTRACT, e, "\"interval_s\" must be 0.001 to 86400 seconds");
    contract->polite_interval_ms = (int64_t)(seconds * 1000 + 0.5);
    return 0;
}

static int read_per_second(const struct place *p, void *c, struct err *e)
{
    struct contract *contract = c;
    int64_t value = 0;
    int code = place_int(p, 1, 1000000, &value, e);
    contract->polite_per_second = (uint32_t)value;
    return code;
}

static int read_polite(const struct place *p, void *c, struct err *e)
{
    static const struct place_field fields[] = {
        {"interval_s", false, read_interval}, {"per_second", false, read_per_second}, {0}};
    return place_object(p, fields, c, e);
}

int contract_read_task(struct contract *c, const struct place *root, struct err *e)
{
    static const struct place_field fields[] = {{"id", true, read_id},
                                                {"status", true, read_status},
                                                {"goals", false, read_goals},
                                                {"stamp", false, read_stamp},
                                                {"redact", false, read_pointers},
                                                {"polite", false, read_polite},
                                                {"permanent", false, read_permanent},
                                                {0}};
    struct place task = place_get(root, "x-task");
    int code = place_object(&task, fields, c, e);
    c->x_task = code ? NULL : task.value;
    return code;
}
