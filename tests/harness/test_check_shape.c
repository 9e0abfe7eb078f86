/* shape_compare: what each keyword weighs, where it is told, and by which rule of the contract. */
#include "base/buf.h"
#include "base/json/json_doc.h"
#include "harness/check/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct buf said;

static void say(enum check_level level, const char *pointer, const char *rule, const char *what,
                void *arg)
{
    static const char *const names[] = {"wrong", "warning", "note"};
    (void)arg;
    buf_addf(&said, "%s %s %s %.15s\n", names[level], pointer, rule, what);
}

static void compare(const char *schema, const char *text)
{
    struct contract contract = {0};
    struct json *value = NULL;
    struct shape_counts counts;
    struct err e = {0};
    const struct json_doc_file file = {.path = "x", .text = span_of(schema)};
    assert_int_equal(json_open(file.text, &contract.document, NULL), 0);
    assert_int_equal(json_open(span_of(text), &value, NULL), 0);
    const struct json_doc root = json_doc_root(&file, contract.document, "");
    assert_int_equal(json_schemas_open(contract.document, NULL, NULL, &contract.schemas, NULL), 0);
    if (json_schemas_read(contract.schemas, &root, NULL, &e))
        fail_msg("%s: %s", schema, e.what);
    buf_reset(&said);
    assert_int_equal(shape_compare(&contract, contract.document, value, say, NULL, &counts, &e), 0);
    json_close(value);
    contract_fini(&contract);
}

static void every_keyword_is_told_where_it_fails_by_its_weight_and_place(void **state)
{
    static const struct {
        const char *schema, *value, *said;
    } rows[] = {
        {"{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{\"a\":1}",
         "wrong /a #/properties/a/type is number; the \n"},
        {"{\"required\":[\"a\",\"b\"]}", "{}",
         "warning  #/required has no \"a\", whi\nwarning  #/required has no \"b\", whi\n"},
        {"{\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"}},\"$defs\":{\"t\":{\"enum\":[1]}}}",
         "{\"a\":2}", "warning /a #/$defs/t/enum is none of the \n"},
        {"{\"properties\":{}}", "{\"a\":1}", "note /a  is a field that\n"},
        /* of objects */
        {"{\"patternProperties\":{\"^x-\":{\"type\":\"null\"}}}", "{\"x-a\":1,\"b\":1}",
         "wrong /x-a #/patternProperties/^x-/type is number; the \n"
         "note /b  is a field that\n"},
        {"{\"minProperties\":2}", "{\"a\":1}", "warning  #/minProperties the number of i\n"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
         "warning  #/dependentRequired \"b\" is missing:\n"},
        {"{\"dependentSchemas\":{\"a\":{\"properties\":{\"a\":{\"type\":\"null\"}}}}}", "{\"a\":1}",
         "wrong /a #/dependentSchemas/a/properties/a/type is number; the \n"},
        {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}",
         "warning /ab #/propertyNames/maxLength its name: its l\n"},
        {"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":{\"type\":\"null\"}"
         "}",
         "{\"a\":1,\"b\":2}", "wrong /b #/unevaluatedProperties/type is number; the \n"},
        {"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
         "{\"a\":1,\"b\":2}", "note /b  is a field that\n"},
        {"{\"const\":{\"a\":1}}", "{\"a\":2}", "warning  #/const is not the one \n"},
        /* of arrays */
        {"{\"prefixItems\":[{\"type\":\"null\"},true],\"items\":{\"type\":\"string\"}}", "[1,1,1]",
         "wrong /0 #/prefixItems/0/type is number; the \n"
         "wrong /2 #/items/type is number; the \n"},
        {"{\"items\":{\"uniqueItems\":true,\"maxItems\":1}}", "[[1,2],[]]",
         "warning /0 #/items/maxItems the number of i\n"},
        {"{\"contains\":{\"type\":\"string\"}}", "[1]", "warning  #/contains holds no elemen\n"},
        {"{\"prefixItems\":[true],\"unevaluatedItems\":false}", "[1,2]",
         "warning /1 #/unevaluatedItems is not in the c\n"},
        /* of any value */
        {"{\"not\":{\"required\":[\"a\"]}}", "{\"a\":1}", "warning  #/not fits what the c\n"},
        {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},\"else\":{\"required\":["
         "\"c\"]}}",
         "{\"a\":1}", "warning  #/then/required has no \"b\", whi\n"},
        {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},\"else\":{\"required\":["
         "\"c\"]}}",
         "{}", "warning  #/else/required has no \"c\", whi\n"},
        {"{\"exclusiveMinimum\":1}", "1", "warning  #/exclusiveMinimum it is 1; the co\n"},
        {"{\"if\":{\"properties\":{\"kind\":{\"const\":\"a\"}}},\"then\":{\"properties\":{\"n\":"
         "true}}}",
         "{\"kind\":\"a\",\"n\":1}", ""}, /* then names what it looks at */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        compare(rows[i].schema, rows[i].value);
        if (strcmp(said.p, rows[i].said) != 0)
            fail_msg("%s of %s: wanted\n%sgot\n%s", rows[i].schema, rows[i].value, rows[i].said,
                     said.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_keyword_is_told_where_it_fails_by_its_weight_and_place),
    };
    buf_init(&said, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_fini(&said);
    return failed;
}
