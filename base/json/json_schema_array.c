/* Schemas: the keywords of arrays. */
#include "json_schema_inner.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* prefixItems for the first elements, items for the rest. */
static int check_elements(struct schema_check *k, const struct json_schema *s,
                          const struct json_doc *v, struct err *e)
{
    int code = 0;
    if (!s->items && !s->prefix.count)
        return 0;
    for (struct json_doc p = json_doc_first(v); !code && p.value; json_doc_next(&p)) {
        const struct json_schema *own = p.index < s->prefix.count ? s->prefix.schemas[p.index]
                                                                  : s->items;
        if (!own)
            break;
        code = schema_check_part(k, own, &p, e);
    }
    return code;
}

static int check_count_of_contained(struct schema_check *k, const struct json_schema *s,
                                    const struct json_doc *v, size_t found, struct err *e)
{
    static const char of[] = "the number of elements that \"contains\" describes";
    if (!s->min_contains && !found)
        return schema_fail(k, "contains", v, e, "holds no element that the contract asks for");
    int code = schema_check_bound(k, "minContains", s->min_contains, (double)found, of, v, e);
    return code ? code
                : schema_check_bound(k, "maxContains", s->max_contains, (double)found, of, v, e);
}

static int check_contains(struct schema_check *k, const struct json_schema *s,
                          const struct json_doc *v, struct err *e)
{
    size_t found = 0;
    if (!s->contains)
        return 0;
    for (struct json_doc p = json_doc_first(v); p.value; json_doc_next(&p)) {
        int code = schema_check_part(k, s->contains, &p, NULL);
        if (code && code != ERR_CONTRACT)
            return code;
        found += !code;
    }
    return check_count_of_contained(k, s, v, found, e);
}

/* -- Equal elements: those whose hashes are the same are compared -------------------------------- */

struct hashed {
    uint64_t hash;
    const struct json *value;
};

/* Equal values have equal hashes: numbers by their double, objects whatever the order of their keys. */
static uint64_t hash_of(struct schema_check *k, const struct json *v)
{
    uint64_t hash = hash64_step(HASH64_START, (uint64_t)json_kind(v));
    const char *text = json_string(v);
    double number = 0;
    if (!schema_take_steps(k, 1 + (text ? strlen(text) / REGEX_STEP_BYTES : 0)))
        return 0;
    if (text)
        return hash64_add(hash, text, strlen(text));
    if (json_double(v, &number)) {
        number += 0.0; /* -0 is 0 */
        return hash64_add(hash, &number, sizeof number);
    }
    bool by_key = json_kind(v) == JSON_OBJECT;
    for (const struct json *one = json_first(v); one && k->steps; one = json_next(one)) {
        const char *key = json_key(one);
        uint64_t inner = hash_of(k, one);
        if (by_key)
            hash += hash64_add(inner, key, strlen(key));
        else
            hash = hash64_step(hash, inner);
    }
    return hash;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = ((const struct hashed *)a)->hash, y = ((const struct hashed *)b)->hash;
    return x < y ? -1 : x > y;
}

static bool has_equals(struct schema_check *k, const struct hashed *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; k->steps && j < count && list[j].hash == list[i].hash; j++)
            if (schema_same(k, list[i].value, list[j].value))
                return true;
    return false;
}

static int check_unique(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    size_t count = json_count(v->value), n = 0;
    if (!s->unique || count < 2)
        return 0;
    int code = schema_spend(k, v, count);
    if (code)
        return code;
    struct hashed *list = calloc(count, sizeof *list);
    if (!list)
        return schema_stop(k, v, ERR_MEMORY, "no memory to compare its elements");
    for (const struct json *one = json_first(v->value); one && n < count; one = json_next(one))
        list[n++] = (struct hashed){hash_of(k, one), one};
    qsort(list, n, sizeof *list, by_hash);
    bool equals = has_equals(k, list, n);
    free(list);
    if (!k->steps)
        return schema_spend(k, v, 1);
    return equals
        ? schema_fail(k, "uniqueItems", v, e, "holds two equal elements; the contract allows none")
        : 0;
}

int schema_check_whole_arrays(struct schema_check *k, const struct json_schema *s,
                              const struct json_doc *v, struct err *e)
{
    if (json_kind(v->value) != JSON_ARRAY)
        return 0;
    double count = (double)json_count(v->value);
    int code = schema_check_bound(k, "minItems", s->min_items, count, "the number of its elements",
                                  v, e);
    if (!code)
        code = schema_check_bound(k, "maxItems", s->max_items, count, "the number of its elements",
                                  v, e);
    if (!code)
        code = check_contains(k, s, v, e);
    return code ? code : check_unique(k, s, v, e);
}

int schema_check_arrays(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    if (json_kind(v->value) != JSON_ARRAY)
        return 0;
    int code = check_elements(k, s, v, e);
    return code ? code : schema_check_whole_arrays(k, s, v, e);
}
