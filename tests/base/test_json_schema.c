/* Schemas: what each keyword lets pass and what it refuses, where, and in which words. */
#include "cases.h"

#include "base/json/json_schema.h"

#include <string.h>

static const char document_text[] =
    "{\"components\": {\"schemas\": {"
    "  \"Ask\": {\"type\": \"object\", \"required\": [\"Id\"],"
    "           \"properties\": {\"Id\": {\"type\": \"string\", \"minLength\": 1}}},"
    "  \"Tree\": {\"type\": \"object\","
    "            \"additionalProperties\": {\"$ref\": \"#/components/schemas/Tree\"}},"
    "  \"Itself\": {\"allOf\": [{\"$ref\": \"#/components/schemas/Itself\"}]},"
    "  \"Or\": {\"anyOf\": [{\"$ref\": \"#/components/schemas/Itself\"}, {\"type\": \"null\"}]},"
    "  \"Circle\": {\"$ref\": \"#/components/schemas/Other\"},"
    "  \"Other\": {\"$ref\": \"#/components/schemas/Circle\"},"
    "  \"Far\": {\"$ref\": \"#/components/schemas/Ask\", \"const\": 7}"
    "}}}";
static struct json *document;

static int open_document(void **state)
{
    (void)state;
    return json_open(span_of(document_text), &document, NULL);
}

static int close_document(void **state)
{
    (void)state;
    json_close(document);
    return 0;
}

struct row {
    const char *schema, *value;
    const char *where; /* NULL: it fits */
    const char *what;  /* a part of the sentence */
};

static void check_row(const struct row *row, int wanted)
{
    struct json *schema = NULL, *value = NULL;
    struct err e = {0};
    assert_int_equal(json_open(span_of(row->schema), &schema, NULL), 0);
    assert_int_equal(json_open(span_of(row->value), &value, NULL), 0);
    int code = json_schema_check(document, schema, value, &e);
    if (code != wanted || e.code != (enum err_code)wanted)
        fail_msg("%s of %s: %d, %s", row->schema, row->value, code, e.what);
    if (code && (strcmp(e.where, row->where) != 0 || !strstr(e.what, row->what)))
        fail_msg("%s of %s: \"%s\" %s", row->schema, row->value, e.where, e.what);
    json_close(schema);
    json_close(value);
}

static void values_are_checked_against_the_subset(void **state)
{
    static const struct row rows[] = {
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "{\"Id\":\"x\"}", NULL, NULL},
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "{}", "", "\"Id\" is missing"},
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "{\"Id\":7}", "/Id", "is number"},
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "{\"Id\":\"\"}", "/Id", "at least 1"},
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "[]", "", "is array; the contract says object"},
        {"{\"type\":\"integer\"}", "1.0", NULL, NULL},
        {"{\"type\":\"integer\"}", "12345678901234567890", NULL, NULL}, /* beyond 64 bits */
        {"{\"type\":\"integer\"}", "1.5", "", "is number; the contract says integer"},
        {"{\"type\":\"boolean\"}", "true", NULL, NULL},
        {"{\"type\":\"boolean\"}", "0", "", "says boolean"},
        {"{\"type\":[\"string\",\"null\"]}", "null", NULL, NULL},
        {"{\"type\":[\"string\",\"null\"]}", "1", "", "string or another type"},
        {"{\"const\":\"a\"}", "\"a\"", NULL, NULL},
        {"{\"const\":\"a\"}", "\"b\"", "", "not the one value that the contract allows: a"},
        {"{\"const\":{\"a\":[1,null]}}", "{\"a\":[1.0,null]}", NULL, NULL},
        {"{\"const\":[1,2]}", "[2,1]", "", "not the one value"},
        {"{\"enum\":[1,\"x\"]}", "1", NULL, NULL},
        {"{\"enum\":[1,\"x\"]}", "\"1\"", "", "none of the 2 values"},
        {"{\"maxLength\":2}", "\"\xc3\xa4\xc3\xb6\"", NULL, NULL}, /* characters, not bytes */
        {"{\"maxLength\":2}", "\"abc\"", "", "its length is 3; the contract says at most 2"},
        {"{\"minimum\":1}", "1", NULL, NULL},
        {"{\"minimum\":1}", "0", "", "it is 0; the contract says at least 1"},
        {"{\"maximum\":4294967295}", "4294967296", "", "at most 4294967295"},
        {"{\"minimum\":1}", "\"text\"", NULL, NULL}, /* another kind is type's business */
        {"{\"items\":{\"type\":\"string\"}}", "[\"a\",1]", "/1", "is number"},
        {"{\"properties\":{\"a\":{\"items\":{\"required\":[\"k\"]}}}}", "{\"a\":[{\"k\":1},{}]}",
         "/a/1", "\"k\" is missing"},
        {"{\"properties\":{\"a/b\":{\"type\":\"null\"}}}", "{\"a/b\":1}", "/a~1b", "is number"},
        {"{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1,\"b\":1}", "/b",
         "not in the contract"},
        {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"a\":1}", "/a", "is number"},
        {"{\"allOf\":[{\"type\":\"object\"},{\"required\":[\"a\"]}]}", "{}", "",
         "\"a\" is missing"},
        {"{\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}", "{\"b\":1}", NULL, NULL},
        {"{\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}", "{}", "",
         "\"a\" is missing (and no alternative fits)"},
        {"{\"oneOf\":[{\"minimum\":1},{\"minimum\":5}]}", "3", NULL, NULL},
        {"{\"oneOf\":[{\"minimum\":1},{\"minimum\":5}]}", "7", "", "fits 2 alternatives"},
        {"{\"oneOf\":[{\"minimum\":1},{\"minimum\":5}]}", "0", "", "no alternative fits"},
        {"true", "1", NULL, NULL},
        {"false", "1", "", "allows nothing here"},
        {"{\"pattern\":\"^a$\"}", "\"b\"", NULL, NULL}, /* not in the subset */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
}

static void a_ref_stands_for_what_it_names_and_nothing_beside_it_counts(void **state)
{
    static const struct row rows[] = {
        {"{\"$ref\":\"#/components/schemas/Far\"}", "{\"Id\":\"x\"}", NULL, NULL},
        {"{\"$ref\":\"#/components/schemas/Far\"}", "{}", "", "\"Id\" is missing"},
        {"{\"$ref\":\"#/components/schemas/Ask\",\"type\":\"null\"}", "{\"Id\":\"x\"}", NULL, NULL},
        {"{\"$ref\":\"#/nowhere\"}", "1", NULL, NULL}, /* asks for nothing */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
}

static void a_ref_that_leads_nowhere_resolves_to_nothing(void **state)
{
    static const struct {
        const char *value;
        const char *leads_to; /* NULL: nowhere */
    } rows[] = {
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "/components/schemas/Ask"},
        {"{\"$ref\":\"#/components/schemas/Far\"}", "/components/schemas/Ask"},
        {"{\"$ref\":\"#\"}", ""},
        {"{\"$ref\":\"#/components/schemas/None\"}", NULL},
        {"{\"$ref\":\"other.json#/components\"}", NULL}, /* another document */
        {"{\"$ref\":\"a/components/schemas/Ask\"}", NULL},
        {"{\"$ref\":\"\"}", NULL},
        {"{\"$ref\":\"#/components/schemas/Circle\"}", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *v = NULL;
        assert_int_equal(json_open(span_of(rows[i].value), &v, NULL), 0);
        const struct json *wanted = rows[i].leads_to ? json_at(document, rows[i].leads_to) : NULL;
        if (json_schema_resolve(document, v) != wanted)
            fail_msg("%s led elsewhere", rows[i].value);
        json_close(v);
    }
    assert_ptr_equal(json_schema_resolve(document, document), document); /* no $ref: itself */
    assert_null(json_schema_resolve(document, NULL));
}

static void a_schema_may_contain_itself_while_the_value_goes_deeper(void **state)
{
    static const struct row fits = {"{\"$ref\":\"#/components/schemas/Tree\"}",
                                    "{\"a\":{\"b\":{}}}", NULL, NULL};
    static const struct row fails = {"{\"$ref\":\"#/components/schemas/Tree\"}",
                                     "{\"a\":{\"b\":1}}", "/a/b", "is number"};
    static const struct row hangs = {"{\"$ref\":\"#/components/schemas/Itself\"}", "{}", "",
                                     "nested more than 128 deep"};
    static const struct row other = {"{\"$ref\":\"#/components/schemas/Or\"}", "null", NULL, NULL};
    (void)state;
    check_row(&fits, 0);
    check_row(&fails, ERR_CONTRACT);
    check_row(&hangs, ERR_LIMIT);
    check_row(&other, 0); /* an alternative without end is one that does not fit */
}

static void a_keyword_of_a_wrong_kind_asks_for_nothing_or_is_never_satisfied(void **state)
{
    static const struct row rows[] = {
        {"{\"required\":\"a\"}", "{}", NULL, NULL},
        {"{\"properties\":7}", "{\"a\":1}", NULL, NULL},
        {"{\"properties\":[true]}", "{\"a\":1}", NULL, NULL},
        {"{\"additionalProperties\":7}", "{\"a\":1}", NULL, NULL},
        {"{\"items\":7}", "[1]", NULL, NULL},
        {"{\"minLength\":\"9\"}", "\"a\"", NULL, NULL},
        {"{\"maximum\":\"0\"}", "1", NULL, NULL},
        {"{\"allOf\":false}", "1", NULL, NULL},
        {"7", "1", NULL, NULL},
        {"{\"type\":7}", "1", "", "the contract says nothing"},
        {"{\"type\":[7,\"string\"]}", "\"a\"", NULL, NULL},
        {"{\"enum\":1}", "1", "", "none of the 0 values"},
        {"{\"anyOf\":7}", "1", "", "no alternative fits"},
        {"{\"oneOf\":7}", "1", "", "no alternative fits"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
}

static void without_a_schema_everything_fits_and_nothing_is_of_no_type(void **state)
{
    (void)state;
    struct json *schema = NULL;
    struct err e = {0};
    assert_int_equal(json_schema_check(NULL, NULL, document, &e), 0);
    assert_int_equal(json_open(span_of("{\"type\":\"null\"}"), &schema, NULL), 0);
    assert_int_equal(json_schema_check(NULL, schema, NULL, &e), ERR_CONTRACT);
    assert_int_equal(json_schema_check(NULL, schema, NULL, NULL), ERR_CONTRACT); /* without words */
    json_close(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_checked_against_the_subset),
        cmocka_unit_test(a_ref_stands_for_what_it_names_and_nothing_beside_it_counts),
        cmocka_unit_test(a_ref_that_leads_nowhere_resolves_to_nothing),
        cmocka_unit_test(a_schema_may_contain_itself_while_the_value_goes_deeper),
        cmocka_unit_test(a_keyword_of_a_wrong_kind_asks_for_nothing_or_is_never_satisfied),
        cmocka_unit_test(without_a_schema_everything_fits_and_nothing_is_of_no_type),
    };
    return cmocka_run_group_tests(tests, open_document, close_document);
}
