/* Fuzzes schemas: what a schema says of a value does not change when it is put into others that say the same.
 *
 * An input is {"schema": S, "value": V}; a $ref in S starts with "#/schema". */
#include "fuzz.h"

#include "base/json/json_doc.h"
#include "base/json/json_schema.h"

#include <string.h>

/* Schemas that say what #/schema says. */
static const char *const same[] = {
    "{\"$ref\":\"#/schema\"}",
    "{\"allOf\":[{\"$ref\":\"#/schema\"}]}",
    "{\"anyOf\":[false,{\"$ref\":\"#/schema\"}]}",
    "{\"oneOf\":[{\"$ref\":\"#/schema\"},false]}",
    "{\"not\":{\"not\":{\"$ref\":\"#/schema\"}}}",
    "{\"if\":{\"$ref\":\"#/schema\"},\"then\":true,\"else\":false}",
    "{\"allOf\":[{\"$ref\":\"#/schema\"},{\"$ref\":\"#/schema\"}],\"unevaluatedItems\":true}",
};

enum { SAME_COUNT = sizeof same / sizeof same[0], TEXT_MAX = 4 << 20 };

static void demand_check(const struct json_schema *schema, const struct json *value, int *out)
{
    struct err e = {0};
    struct buf at;
    uint32_t steps = JSON_SCHEMA_STEPS_MAX;
    buf_init(&at, 1 << 20);
    int code = json_schema_check_within(schema, value, &steps, &at, &e);
    fuzz_demand(code == (int)e.code, "a check says what it returns");
    fuzz_demand(code == 0 || code == ERR_CONTRACT || code == ERR_LIMIT,
                "a value fits, does not, or takes too much to tell");
    fuzz_demand(!code || (fuzz_is_pointer(e.where) && e.what[0] != '\0'),
                "a check names the value");
    fuzz_demand((code == ERR_CONTRACT) == (at.n > 0), "a value that does not fit names a keyword");
    fuzz_demand(at.n == 0 || (at.p[0] == '#' && fuzz_is_pointer(at.p + 1)),
                "the place of a keyword is a pointer");
    fuzz_demand(json_schema_check(schema, value, NULL) == code || code == ERR_LIMIT,
                "without words the same");
    buf_fini(&at);
    *out = code;
}

static void demand_same(struct json_schemas *all, const struct json_doc *root, int code)
{
    const struct json *value = json_get(root->value, "value");
    struct json_doc list = json_doc_get(root, "same");
    for (struct json_doc p = json_doc_first(&list); p.value; json_doc_next(&p)) {
        const struct json_schema *schema = NULL;
        int other = 0;
        struct err e = {0};
        int read = json_schemas_read(all, &p, &schema, &e);
        fuzz_demand(read == 0, "what refers to a good schema is good");
        demand_check(schema, value, &other);
        fuzz_demand(other == code || other == ERR_LIMIT || code == ERR_LIMIT,
                    "a schema says the same inside others that add nothing");
    }
}

static void check_text(struct span text)
{
    struct json_doc_file file = {.path = "fuzz.json", .text = text};
    struct json *document = NULL;
    struct json_schemas *all = NULL;
    const struct json_schema *schema = NULL;
    struct err e = {0};
    int code = 0;
    if (json_doc_open(&file, &document, &e) || json_schemas_open(document, NULL, NULL, &all, &e))
        return;
    struct json_doc root = json_doc_root(&file, document, "");
    struct json_doc p = json_doc_get(&root, "schema");
    int read = json_schemas_read(all, &p, &schema, &e);
    fuzz_demand(read == (int)e.code && (schema != NULL) == (read == 0), "a schema is read or not");
    if (read == 0) {
        demand_check(schema, json_get(document, "value"), &code);
        demand_same(all, &root, code);
    } else {
        fuzz_demand(span_starts(span_of(e.where), "fuzz.json"), "an error names file and line");
    }
    json_schemas_close(all);
    json_close(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = {(const char *)data, size};
    struct json_range schema, value;
    struct buf text;
    if (json_scan_strict(input, NULL, NULL) || !json_find(input, "/schema", &schema)
        || !json_find(input, "/value", &value))
        return 0;
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, "{\"schema\":");
    buf_add_span(&text, span_cut(input, schema.at, schema.len));
    buf_add_text(&text, ",\"value\":");
    buf_add_span(&text, span_cut(input, value.at, value.len));
    buf_add_text(&text, ",\"same\":[");
    for (size_t i = 0; i < SAME_COUNT; i++)
        buf_addf(&text, "%s%s", i ? "," : "", same[i]);
    buf_add_text(&text, "]}");
    if (!text.broken)
        check_text(buf_span(&text));
    buf_fini(&text);
    return 0;
}
