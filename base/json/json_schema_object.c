/* Schemas: the keywords of objects. */
#include "json_schema_inner.h"

#include "base/buf.h"

#include <stdio.h>

/* What it costs to look for a key in an object. */
static size_t steps_to_find(const struct json *object)
{
    return 1 + json_count(object) / SCHEMA_KEYS_A_STEP;
}

/* keys, a list of strings, must be there; with is the key that asks for them, or NULL. */
static int check_keys(struct schema_check *k, const char *keyword, const struct json *keys,
                      const char *with, const struct json_doc *v, struct err *e)
{
    size_t steps = steps_to_find(v->value);
    for (const struct json *key = json_first(keys); key; key = json_next(key)) {
        int code = schema_spend(k, v, steps);
        if (code)
            return code;
        if (!json_get(v->value, json_string(key)))
            return schema_fail(k, keyword, v, e, "\"%s\" is missing%s%s%s", json_string(key),
                               with ? ": \"" : "", with ? with : "",
                               with ? "\" is not there without it" : "");
    }
    return 0;
}

static int check_properties(struct schema_check *k, const struct json_schema *s,
                            const struct json_doc *v, struct err *e)
{
    size_t steps = steps_to_find(v->value);
    int code = 0;
    for (size_t i = 0; !code && i < s->properties.count; i++) {
        code = schema_spend(k, v, steps);
        struct json_doc member = json_doc_get(v, s->properties.members[i].name);
        if (!code && member.value)
            code = schema_check_part(k, s->properties.members[i].schema, &member, e);
    }
    return code;
}

static int check_patterns(struct schema_check *k, const struct json_schema *s,
                          const struct json_doc *v, struct err *e)
{
    int code = 0;
    if (!s->patterns.count)
        return 0;
    for (struct json_doc p = json_doc_first(v); !code && p.value; json_doc_next(&p))
        for (size_t i = 0; !code && i < s->patterns.count; i++)
            if (schema_matches(k, s->patterns.members[i].regex, p.key, &p, &code))
                code = schema_check_part(k, s->patterns.members[i].schema, &p, e);
    return code;
}

/* Whether properties or patternProperties name a member. */
static bool is_named(struct schema_check *k, const struct json_schema *s, const struct json_doc *p,
                     int *code)
{
    bool named = json_get(s->properties.source, p->key);
    for (size_t i = 0; !named && !*code && i < s->patterns.count; i++)
        named = schema_matches(k, s->patterns.members[i].regex, p->key, p, code);
    return named;
}

static int check_additional(struct schema_check *k, const struct json_schema *s,
                            const struct json_doc *v, struct err *e)
{
    if (!s->additional)
        return 0;
    size_t steps = steps_to_find(s->properties.source);
    int code = 0;
    for (struct json_doc p = json_doc_first(v); !code && p.value; json_doc_next(&p)) {
        code = schema_spend(k, v, steps);
        if (code || is_named(k, s, &p, &code) || code)
            continue;
        code = s->additional->never
            ? schema_fail(k, "additionalProperties", &p, e, "is not in the contract")
            : schema_check_part(k, s->additional, &p, e);
    }
    return code;
}

static int check_dependents(struct schema_check *k, const struct json_schema *s,
                            const struct json_doc *v, struct err *e)
{
    size_t steps = steps_to_find(v->value);
    int code = 0;
    for (size_t i = 0; !code && i < s->dependents.count; i++) {
        code = schema_spend(k, v, steps);
        if (!code && json_get(v->value, s->dependents.members[i].name))
            code = schema_check_one(k, s->dependents.members[i].schema, v, e);
    }
    return code;
}

int schema_check_objects(struct schema_check *k, const struct json_schema *s,
                         const struct json_doc *v, struct err *e)
{
    static schema_family *const keywords[] = {check_properties, check_patterns, check_additional,
                                              check_dependents};
    if (json_kind(v->value) != JSON_OBJECT)
        return 0;
    int code = check_keys(k, "required", s->required, NULL, v, e);
    for (size_t i = 0; !code && i < sizeof keywords / sizeof keywords[0]; i++)
        code = keywords[i](k, s, v, e);
    return code ? code : schema_check_whole_objects(k, s, v, e);
}

/* -- What no look at one member tells ------------------------------------------------------------ */

static int check_dependent_keys(struct schema_check *k, const struct json_schema *s,
                                const struct json_doc *v, struct err *e)
{
    size_t steps = steps_to_find(v->value);
    int code = 0;
    for (const struct json *list = json_first(s->dependent_required); !code && list;
         list = json_next(list)) {
        code = schema_spend(k, v, steps);
        if (!code && json_get(v->value, json_key(list)))
            code = check_keys(k, "dependentRequired", list, json_key(list), v, e);
    }
    return code;
}

/* A name is no value of the document: it is made one, told at the member. */
static int check_name(struct schema_check *k, const struct json_schema *s,
                      const struct json_doc *member, struct err *e)
{
    struct json *name = NULL;
    struct buf text;
    buf_init(&text, 8 << 20);
    json_add_string(&text, span_of(member->key));
    int code = buf_err(&text, "a name", NULL);
    if (!code)
        code = json_open(buf_span(&text), &name, NULL);
    buf_fini(&text);
    if (code)
        return schema_stop(k, member, (enum err_code)code, "its name cannot be checked");
    struct json_doc as_value = *member;
    bool wanted = k->seen.wanted;
    as_value.value = name;
    k->seen.wanted = false;
    code = schema_check_one(k, s->names, &as_value, e);
    k->seen.wanted = wanted;
    json_close(name);
    if (code == ERR_CONTRACT && e) {
        char what[ERR_WHAT_MAX];
        snprintf(what, sizeof what, "its name: %.400s", e->what);
        err_set(e, ERR_CONTRACT, e->where, "%s", what);
    }
    return code;
}

static int check_names(struct schema_check *k, const struct json_schema *s,
                       const struct json_doc *v, struct err *e)
{
    int code = 0;
    if (!s->names)
        return 0;
    for (struct json_doc p = json_doc_first(v); !code && p.value; json_doc_next(&p))
        code = check_name(k, s, &p, e);
    return code;
}

int schema_check_whole_objects(struct schema_check *k, const struct json_schema *s,
                               const struct json_doc *v, struct err *e)
{
    if (json_kind(v->value) != JSON_OBJECT)
        return 0;
    double count = (double)json_count(v->value);
    int code = schema_check_bound(k, "minProperties", s->min_members, count,
                                  "the number of its fields", v, e);
    if (!code)
        code = schema_check_bound(k, "maxProperties", s->max_members, count,
                                  "the number of its fields", v, e);
    if (!code)
        code = check_dependent_keys(k, s, v, e);
    return code ? code : check_names(k, s, v, e);
}
