/* Schemas: schemas put together, and what none of them has looked at. */
#include "json_schema_inner.h"

#include <stdlib.h>

static int check_all(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                     struct err *e)
{
    int code = 0;
    for (size_t i = 0; !code && i < s->all.count; i++)
        code = schema_check_one(k, s->all.schemas[i], v, e);
    return code;
}

/* Counts the schemas that the value fits, up to `most`. *first tells why it does not fit the first. */
static int count_good(struct schema_check *k, const struct json_schema_list *list, size_t most,
                      const struct json_doc *v, size_t *good, struct err *first)
{
    *good = 0;
    for (size_t i = 0; *good < most && i < list->count; i++) {
        int code = schema_check_one(k, list->schemas[i], v, i ? NULL : first);
        if (code && code != ERR_CONTRACT)
            return code;
        *good += !code;
    }
    return 0;
}

/* Who asks what has been seen needs all that fit. */
static int check_any(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                     struct err *e)
{
    struct err first = {0};
    size_t good = 0, most = k->seen.wanted ? s->any.count : 1;
    int code = s->any.count ? count_good(k, &s->any, most, v, &good, e ? &first : NULL) : 0;
    if (code || !s->any.count || good)
        return code;
    return err_set(e, ERR_CONTRACT, first.where, "%s (and no alternative fits)", first.what);
}

static int check_one_of(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    struct err first = {0};
    size_t good = 0;
    int code = s->one.count ? count_good(k, &s->one, s->one.count, v, &good, e ? &first : NULL) : 0;
    if (code || !s->one.count || good == 1)
        return code;
    if (good)
        return schema_fail(k, "oneOf", v, e,
                           "fits %zu alternatives of the contract; it must fit one", good);
    return err_set(e, ERR_CONTRACT, first.where, "%s (and no alternative fits)", first.what);
}

static int check_if(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                    struct err *e)
{
    if (!s->condition)
        return 0;
    int code = schema_check_one(k, s->condition, v, NULL);
    if (code && code != ERR_CONTRACT)
        return code;
    const struct json_schema *next = code ? s->otherwise : s->then;
    return next ? schema_check_one(k, next, v, e) : 0;
}

int schema_check_no(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                    struct err *e)
{
    if (!s->no)
        return 0;
    size_t before = k->seen.count;
    bool wanted = k->seen.wanted;
    k->seen.wanted = false;
    int code = schema_check_one(k, s->no, v, NULL);
    k->seen.wanted = wanted;
    k->seen.count = before;
    if (code)
        return code == ERR_CONTRACT ? 0 : code;
    return schema_fail(k, "not", v, e, "fits what the contract excludes");
}

int schema_check_logic(struct schema_check *k, const struct json_schema *s,
                       const struct json_doc *v, struct err *e)
{
    static schema_family *const keywords[] = {check_all, check_any, check_one_of, check_if,
                                              schema_check_no};
    int code = 0;
    for (size_t i = 0; !code && i < sizeof keywords / sizeof keywords[0]; i++)
        code = keywords[i](k, s, v, e);
    return code;
}

/* -- What nobody has looked at ------------------------------------------------------------------- */

static int by_address(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    return x < y ? -1 : x > y;
}

/* schema holds for every part of v that is not in the list, from `from` on. */
static int check_unseen(struct schema_check *k, const char *keyword,
                        const struct json_schema *schema, size_t from, const struct json_doc *v,
                        struct err *e)
{
    size_t seen = k->seen.count - from;
    int code = schema_spend(k, v, 1 + seen);
    if (seen)
        qsort(k->seen.list + from, seen, sizeof *k->seen.list, by_address);
    for (struct json_doc p = json_doc_first(v); !code && p.value; json_doc_next(&p)) {
        code = schema_spend(k, v, 1);
        if (code
            || (seen
                && bsearch(&p.value, k->seen.list + from, seen, sizeof *k->seen.list, by_address)))
            continue;
        code = schema->never ? schema_fail(k, keyword, &p, e, "is not in the contract")
                             : schema_check_part(k, schema, &p, e);
    }
    return code;
}

int schema_check_unevaluated(struct schema_check *k, const struct json_schema *s,
                             const struct json_doc *v, struct err *e)
{
    if (s->unevaluated_members && json_kind(v->value) == JSON_OBJECT)
        return check_unseen(k, "unevaluatedProperties", s->unevaluated_members, k->seen.from, v, e);
    if (s->unevaluated_items && json_kind(v->value) == JSON_ARRAY)
        return check_unseen(k, "unevaluatedItems", s->unevaluated_items, k->seen.from, v, e);
    return 0;
}
