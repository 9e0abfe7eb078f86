/* Schemas: what each keyword lets pass and what it refuses, where, and in which words. */
#include "cases.h"

#include "base/buf.h"
#include "base/json/json_ref.h"
#include "base/json/json_schema.h"

#include <stdio.h>
#include <string.h>

/* The row's schema stands beside these, as any schema of a contract does. */
/* clang-format off */
static const char document_format[] =
    "{\"schema\": %s, \"components\": {\"schemas\": {\n"                               /* 1 */
    "\"Ask\": {\"type\": \"object\", \"required\": [\"Id\"],"
    "          \"properties\": {\"Id\": {\"type\": \"string\", \"minLength\": 1}}},\n"  /* 2 */
    "\"Tree\": {\"type\": \"object\","
    "           \"additionalProperties\": {\"$ref\": \"#/components/schemas/Tree\"}},\n"
    "\"Itself\": {\"allOf\": [{\"$ref\": \"#/components/schemas/Itself\"}]},\n"         /* 4 */
    "\"Or\": {\"anyOf\": [{\"type\": \"null\"}, {\"$ref\": \"#/components/schemas/Or\"}]},\n"
    "\"Circle\": {\"$ref\": \"#/components/schemas/Other\"},\n"                        /* 6 */
    "\"Other\": {\"$ref\": \"#/components/schemas/Circle\"},\n"                        /* 7 */
    "\"a b/c%%d\": {\"const\": 7},\n"                                                /* 8 */
    "\"Far\": {\"$ref\": \"#/components/schemas/Ask\", \"required\": [\"Far\"]}\n"     /* 9 */
    "}}}";
/* clang-format on */

struct row {
    const char *schema, *value;
    const char *where; /* NULL: it fits */
    const char *what;  /* a part of the sentence */
};

/* A schema in its document, read. */
struct subject {
    struct buf text;
    struct json_doc_file file;
    struct json *document;
    struct json_schemas *all;
    const struct json_schema *schema;
    char warnings[512];
};

static void note(const struct err *warning, void *arg)
{
    struct subject *s = arg;
    size_t n = strlen(s->warnings);
    snprintf(s->warnings + n, sizeof s->warnings - n, "%s %s\n", warning->where, warning->what);
}

/* Frees with close_subject whatever it returns. */
static int open_subject(struct subject *s, const char *schema, struct err *e)
{
    memset(s, 0, sizeof *s);
    buf_init(&s->text, 1 << 20);
    buf_addf(&s->text, document_format, schema);
    s->file = (struct json_doc_file){.path = "c.json", .text = buf_span(&s->text)};
    if (json_doc_open(&s->file, &s->document, e)
        || json_schemas_open(s->document, note, s, &s->all, e))
        fail_msg("%s: %s: %s", schema, e->where, e->what);
    struct json_doc p = json_doc_root(&s->file, json_get(s->document, "schema"), "/schema");
    return json_schemas_read(s->all, &p, &s->schema, e);
}

static void close_subject(struct subject *s)
{
    json_schemas_close(s->all);
    json_close(s->document);
    buf_fini(&s->text);
}

static void check_row(const struct row *row, int wanted)
{
    struct subject s;
    struct json *value = NULL;
    struct err e = {0};
    if (open_subject(&s, row->schema, &e))
        fail_msg("%s: %s: %s", row->schema, e.where, e.what);
    assert_int_equal(json_open(span_of(row->value), &value, NULL), 0);
    int code = json_schema_check(s.schema, value, &e);
    if (code != wanted || e.code != (enum err_code)wanted)
        fail_msg("%s of %s: %d, %s", row->schema, row->value, code, e.what);
    if (code && (strcmp(e.where, row->where) != 0 || !strstr(e.what, row->what)))
        fail_msg("%s of %s: \"%s\" %s", row->schema, row->value, e.where, e.what);
    assert_int_equal(json_schema_check(s.schema, value, NULL), wanted); /* without words */
    json_close(value);
    close_subject(&s);
}

static void values_are_checked_by_every_keyword(void **state)
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
        /* what cannot be read is a string or a number all the same, but never an equal one */
        {"{\"type\":\"string\",\"minLength\":3,\"maxLength\":3}", "\"a\\ud83d\\u0000\"", NULL,
         NULL},
        {"{\"maxLength\":2}", "\"a\\ud83d\\u0000\"", "", "its length is 3"},
        {"{\"type\":\"integer\"}", "\"\\ud83d\"", "",
         "is unreadable: half a surrogate pair in a string; the contract says integer"},
        {"{\"type\":\"number\"}", "-1e999", NULL, NULL},
        {"{\"type\":\"integer\"}", "1e999", NULL, NULL},
        {"{\"type\":\"string\"}", "1e999", "", "is unreadable: a number beyond"},
        {"{\"maximum\":9}", "-1e999", "",
         "beyond the range of a double; the contract says at most 9"},
        {"{\"minimum\":9}", "1e999", "",
         "beyond the range of a double; the contract says at least 9"},
        {"{\"minimum\":9}", "\"\\ud83d\"", NULL, NULL},
        {"{\"minLength\":9}", "1e999", NULL, NULL},
        {"{\"const\":\"\xef\xbf\xbd\"}", "\"\\ud83d\"", "", "not the one value"},
        {"{\"const\":[\"\xef\xbf\xbd\"]}", "[\"\\ud83d\"]", "", "not the one value"},
        {"{\"enum\":[1e300]}", "1e999", "", "none of the 1 values"},
        {"{\"const\":{\"a\":1,\"b\":1}}", "{\"a\":1,\"a\":1}", "", "not the one value"},
        {"{\"properties\":{\"a\":{\"type\":\"number\"}}}", "{\"a\":1,\"a\":1}", "/a",
         "is unreadable: its key stands there more than once; the contract says number"},
        {"{\"required\":[\"a\"],\"properties\":{\"b\":{\"type\":\"null\"}}}", "{\"a\":1,\"a\":1}",
         NULL, NULL},
        {"{\"additionalProperties\":{\"type\":\"number\"}}", "{\"\\ud83d\":1}", NULL, NULL},
        {"{\"additionalProperties\":{\"type\":\"object\"}}", "{\"\\ud83d\":1}", "/\xef\xbf\xbd",
         "is unreadable: its key is no text; the contract says object"},
        {"{\"required\":[\"\xef\xbf\xbd\"]}", "{\"\\ud83d\":1}", "", "is missing"},
        {"true", "1", NULL, NULL},
        {"false", "1", "", "allows nothing here"},
        {"{\"pattern\":\"^a$\"}", "\"a\"", NULL, NULL},
        {"{\"pattern\":\"^a$\"}", "\"b\"", "", "does not match the pattern of the contract: ^a$"},
        {"{\"pattern\":\"b\"}", "\"abc\"", NULL, NULL}, /* anywhere */
        {"{\"pattern\":\"^a$\"}", "1", NULL, NULL},
        {"{\"pattern\":\"^.$\"}", "\"\xc3\xa4\"", NULL, NULL},
        {"{\"items\":{\"pattern\":\"^[0-9]+$\"}}", "[\"1\",\"x\"]", "/1", "[0-9]"},
        {"{\"exclusiveMinimum\":1}", "1", "", "it is 1; the contract says more than 1"},
        {"{\"exclusiveMaximum\":1}", "1", "", "it is 1; the contract says less than 1"},
        {"{\"exclusiveMaximum\":1}", "1e999", "", "the contract says less than 1"},
        {"{\"multipleOf\":0.01}", "19.99", NULL, NULL}, /* 1999 times, where a double says not */
        {"{\"multipleOf\":0.01}", "19.999", "",
         "it is 19.999; the contract says a multiple of 0.01"},
        {"{\"multipleOf\":3}", "9007199254740993", NULL, NULL}, /* beyond a double */
        {"{\"multipleOf\":3}", "-9007199254740992", "", "a multiple of 3"},
        {"{\"multipleOf\":3}", "0.0", NULL, NULL},
        {"{\"minItems\":1}", "[]", "",
         "the number of its elements is 0; the contract says at least 1"},
        {"{\"maxItems\":1}", "[1,2]", "", "at most 1"},
        {"{\"minProperties\":1}", "{}", "", "the number of its fields is 0"},
        {"{\"maxProperties\":0}", "{\"a\":1}", "", "the number of its fields is 1"},
        {"{\"uniqueItems\":true}", "[1,{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", "",
         "holds two equal elements"},
        {"{\"uniqueItems\":true}", "[0,false,null,\"\",[],{},[[]],\"0\"]", NULL, NULL},
        {"{\"uniqueItems\":true}", "[0.0,-0.0]", "", "holds two equal elements"},
        {"{\"contains\":{\"const\":1}}", "[2]", "", "holds no element that the contract asks for"},
        {"{\"contains\":{\"const\":1},\"minContains\":2}", "[1,2]", "", "at least 2"},
        {"{\"contains\":{\"const\":1},\"minContains\":0}", "[]", NULL, NULL},
        {"{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]", "", "at most 1"},
        {"{\"prefixItems\":[{\"type\":\"null\"}],\"items\":false}", "[null,1]", "/1",
         "nothing here"},
        {"{\"not\":{\"type\":\"null\"}}", "null", "", "fits what the contract excludes"},
        {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]}}", "{\"a\":1}", "",
         "\"b\" is missing"},
        {"{\"if\":{\"required\":[\"a\"]},\"else\":{\"required\":[\"b\"]}}", "{}", "",
         "\"b\" is missing"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "",
         "\"b\" is missing: \"a\" is not there without it"},
        {"{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}", "{\"a\":1}", "", "is missing"},
        {"{\"patternProperties\":{\"^x-\":{\"type\":\"string\"}}}", "{\"x-a\":1}", "/x-a",
         "is number"},
        {"{\"patternProperties\":{\"^x-\":true},\"additionalProperties\":false}",
         "{\"x-a\":1,\"b\":1}", "/b", "is not in the contract"},
        {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab", "its name: its length is 2"},
        {"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
         "{\"a\":1,\"b\":1}", "/b", "is not in the contract"},
        {"{\"anyOf\":[{\"prefixItems\":[true]},{\"prefixItems\":[true,true]}],"
         "\"unevaluatedItems\":{\"type\":\"null\"}}",
         "[1,2,3]", "/2", "is number"},
        {"{\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"c\"]},true],"
         "\"unevaluatedProperties\":false}",
         "{\"a\":1}", "/a", "is not in the contract"}, /* what does not fit has looked at nothing */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
}

static void a_ref_stands_for_what_it_names_and_what_is_beside_it_counts_too(void **state)
{
    static const struct row rows[] = {
        {"{\"$ref\":\"#/components/schemas/Far\"}", "{\"Id\":\"x\",\"Far\":1}", NULL, NULL},
        {"{\"$ref\":\"#/components/schemas/Far\"}", "{\"Far\":1}", "", "\"Id\" is missing"},
        {"{\"$ref\":\"#/components/schemas/Far\"}", "{\"Id\":\"x\"}", "", "\"Far\" is missing"},
        {"{\"$ref\":\"#/components/schemas/Ask\",\"type\":\"null\"}", "{\"Id\":\"x\"}", "",
         "is object; the contract says null"},
        {"{\"$ref\":\"#/components/schemas/a%20b~1c%25d\"}", "7", NULL, NULL}, /* decoded */
        {"{\"$ref\":\"#/components/schemas/a%20b~1c%25d\"}", "8", "", "not the one value"},
        {"{\"$defs\":{\"no\":false},\"properties\":{\"a\":{\"$ref\":\"#/schema/$defs/no\"}}}",
         "{\"a\":1}", "/a", "allows nothing here"},
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
        bool circle;
    } rows[] = {
        {"{\"$ref\":\"#/components/schemas/Ask\"}", "/components/schemas/Ask", false},
        {"{\"$ref\":\"#/components/schemas/Far\"}", "/components/schemas/Ask", false},
        {"{\"$ref\":\"#/components/schemas/a%20b~1c%25d\"}", "/components/schemas/a b~1c%d", false},
        {"{\"$ref\":\"#\"}", "", false},
        {"{\"$ref\":\"#/components/schemas/None\"}", NULL, false},
        {"{\"$ref\":\"other.json#/components\"}", NULL, false}, /* another document */
        {"{\"$ref\":\"a/components/schemas/Ask\"}", NULL, false},
        {"{\"$ref\":\"\"}", NULL, false},
        {"{\"$ref\":\"#/%zz\"}", NULL, false},
        {"{\"$ref\":\"#/components/schemas/Circle\"}", NULL, true},
    };
    struct subject s;
    (void)state;
    assert_int_equal(open_subject(&s, "true", NULL), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *v = NULL;
        bool circle = !rows[i].circle;
        assert_int_equal(json_open(span_of(rows[i].value), &v, NULL), 0);
        const struct json *wanted = rows[i].leads_to ? json_at(s.document, rows[i].leads_to) : NULL;
        if (json_ref_resolve(s.document, v, &circle) != wanted || circle != rows[i].circle)
            fail_msg("%s led elsewhere", rows[i].value);
        json_close(v);
    }
    assert_ptr_equal(json_ref_resolve(s.document, s.document, NULL), s.document); /* no $ref */
    assert_null(json_ref_resolve(s.document, NULL, NULL));
    close_subject(&s);
}

static void a_schema_may_contain_itself_while_the_value_goes_deeper(void **state)
{
    static const struct row fits = {"{\"$ref\":\"#/components/schemas/Tree\"}",
                                    "{\"a\":{\"b\":{}}}", NULL, NULL};
    static const struct row fails = {"{\"$ref\":\"#/components/schemas/Tree\"}",
                                     "{\"a\":{\"b\":1}}", "/a/b", "is number"};
    (void)state;
    check_row(&fits, 0);
    check_row(&fails, ERR_CONTRACT);
}

/* A schema that cannot be read: where and in which words. */
struct refused {
    const char *schema, *where, *what;
};

static void refuse_rows(const struct refused *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct subject s;
        struct err e = {0};
        int code = open_subject(&s, rows[i].schema, &e);
        if (code != ERR_CONTRACT || e.code != ERR_CONTRACT || !strstr(e.what, rows[i].what)
            || strcmp(e.where, rows[i].where) != 0 || s.schema)
            fail_msg("%s: %d %s: %s", rows[i].schema, code, e.where, e.what);
        close_subject(&s);
    }
}

static void a_circle_that_no_value_ends_is_refused_and_named(void **state)
{
    static const struct refused rows[] = {
        {"{\"$ref\":\"#/schema\"}", "c.json:1:12", "it leads through \"#/schema\""},
        {"{\"$ref\":\"#/components/schemas/Itself\"}", "c.json:4:11",
         "a circle of $refs that no value ends: it leads through \"#/components/schemas/Itself\""},
        {"{\"$ref\":\"#/components/schemas/Or\"}", "c.json:5:7", "schemas/Or\""},
        {"{\"$ref\":\"#/components/schemas/Circle\"}", "c.json:6:11",
         "\"#/components/schemas/Other\" and \"#/components/schemas/Circle\""},
        {"{\"properties\":{\"a\":{\"oneOf\":[{\"$ref\":\"#/schema/properties/a\"}]}}}",
         "c.json:1:31", "\"#/schema/properties/a\""},
    };
    (void)state;
    refuse_rows(rows, COUNT(rows));
}

static void many_refs_in_a_row_are_no_circle(void **state)
{
    (void)state;
    struct subject s;
    struct buf schema;
    struct err e = {0};
    struct json *value = NULL;
    buf_init(&schema, 1 << 20);
    buf_add_text(&schema, "{\"$ref\":\"#/schema/$defs/s0\",\"$defs\":{");
    for (int i = 0; i < 5000; i++)
        buf_addf(&schema, "\"s%d\":{\"$ref\":\"#/schema/$defs/s%d\"},", i, i + 1);
    buf_add_text(&schema, "\"s5000\":{\"const\":7}}}");
    if (open_subject(&s, schema.p, &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(json_open(span_of("7"), &value, NULL), 0);
    assert_int_equal(json_schema_check(s.schema, value, &e), 0);
    json_close(value);
    close_subject(&s);
    buf_fini(&schema);
}

static void a_keyword_of_a_wrong_kind_is_refused_where_it_stands(void **state)
{
    static const struct refused rows[] = {
        {"7", "c.json:1:12", "a schema must be an object, true or false, not number"},
        {"{\"type\":7}", "c.json:1:20", "\"type\" must be a string, not number"},
        {"{\"type\":\"strng\"}", "c.json:1:20",
         "\"type\" cannot be \"strng\"; did you mean \"string\"?"},
        {"{\"type\":[]}", "c.json:1:20", "\"type\" must name at least one"},
        {"{\"type\":[7,\"string\"]}", "c.json:1:21", "element 1 must be a string, not number"},
        {"{\"enum\":{}}", "c.json:1:20", "\"enum\" must be an array, not object"},
        {"{\"required\":\"a\"}", "c.json:1:24", "\"required\" must be an array, not string"},
        {"{\"required\":[\"a\",7]}", "c.json:1:29", "element 2 must be a string, not number"},
        {"{\"properties\":7}", "c.json:1:26", "\"properties\" must be an object, not number"},
        {"{\"properties\":[true]}", "c.json:1:26", "\"properties\" must be an object, not array"},
        {"{\"properties\":{\"a\":7}}", "c.json:1:31", "a schema must be an object, true or false"},
        {"{\"additionalProperties\":7}", "c.json:1:36", "a schema must be an object"},
        {"{\"items\":[true]}", "c.json:1:21",
         "a schema must be an object, true or false, not array"},
        {"{\"minLength\":\"9\"}", "c.json:1:25", "\"minLength\" must be a number, not string"},
        {"{\"minLength\":-1}", "c.json:1:25", "\"minLength\" must be a whole number of 0 to"},
        {"{\"maxLength\":1.5}", "c.json:1:25", "\"maxLength\" must be a whole number of 0 to"},
        {"{\"minimum\":\"5\"}", "c.json:1:23", "\"minimum\" must be a number, not string"},
        {"{\"multipleOf\":0}", "c.json:1:26", "\"multipleOf\" must be more than 0"},
        {"{\"uniqueItems\":1}", "c.json:1:27", "\"uniqueItems\" must be true or false, not number"},
        {"{\"exclusiveMinimum\":true}", "c.json:1:32", "must be a number, not true"},
        {"{\"patternProperties\":{\"a[b\":true}}", "c.json:1:40", "\"a[b\" is no pattern"},
        {"{\"dependentRequired\":{\"a\":1}}", "c.json:1:38", "\"a\" must be an array"},
        {"{\"not\":7}", "c.json:1:19", "a schema must be an object, true or false"},
        {"{\"$anchor\":7}", "c.json:1:23", "\"$anchor\" must be a string, not number"},
        {"{\"$id\":\"a#b\"}", "c.json:1:19", "\"$id\" must have no fragment"},
        {"{\"not\":{\"$ref\":\"#/schema\"}}", "c.json:1:12",
         "a circle of $refs that no value ends"},
        {"{\"maximum\":null}", "c.json:1:23", "\"maximum\" must be a number, not null"},
        {"{\"allOf\":false}", "c.json:1:21", "\"allOf\" must be an array, not false"},
        {"{\"anyOf\":[]}", "c.json:1:21", "\"anyOf\" must hold at least one schema"},
        {"{\"oneOf\":7}", "c.json:1:21", "\"oneOf\" must be an array, not number"},
        {"{\"$defs\":[]}", "c.json:1:21", "\"$defs\" must be an object, not array"},
        {"{\"$ref\":7}", "c.json:1:20", "\"$ref\" must be a string, not number"},
        {"{\"$ref\":\"#/nowhere\"}", "c.json:1:20", "\"#/nowhere\" leads nowhere in this file"},
        {"{\"$ref\":\"#name\"}", "c.json:1:20", "\"#name\" leads nowhere in this file"},
        {"{\"pattern\":7}", "c.json:1:23", "\"pattern\" must be a string, not number"},
        {"{\"pattern\":\"a[b\"}", "c.json:1:23",
         "\"a[b\" is no pattern: missing terminating ] for character class, at byte 3"},
        {"{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "c.json:1:23",
         "\"$schema\" cannot be \"http://json-schema.org/draft-07/schema#\"; did you mean "},
    };
    (void)state;
    refuse_rows(rows, COUNT(rows));
}

static void a_keyword_that_asks_for_what_is_not_checked_is_refused_by_name(void **state)
{
    static const char *const names[] = {"$dynamicRef", "$recursiveRef", "dependencies"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char schema[80], what[128];
        snprintf(schema, sizeof schema, "{\"%s\":{}}", names[i]);
        snprintf(what, sizeof what,
                 "the keyword \"%s\" is not supported; all of 2020-12 is, but $dynamicRef",
                 names[i]);
        refuse_rows(&(struct refused){schema, "c.json:1:13", what}, 1);
    }
}

static void an_annotation_asks_for_nothing_and_an_unknown_keyword_is_warned_of(void **state)
{
    static const struct {
        const char *schema, *warnings;
    } rows[] = {
        {"{\"title\":1,\"description\":1,\"default\":1,\"examples\":1,\"deprecated\":1,"
         "\"readOnly\":1,\"writeOnly\":1,\"format\":1,\"contentEncoding\":1,"
         "\"contentMediaType\":1,\"contentSchema\":1,\"$comment\":1,\"$anchor\":\"a\"}",
         ""},
        {"{\"example\":1,\"xml\":1,\"discriminator\":1,\"externalDocs\":1}", ""},
        {"{\"x-order\":1,\"x-\":1}", ""},
        {"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}", ""},
        {"{\"minlength\":1}",
         "c.json:1:13 unknown keyword \"minlength\" asks for nothing; did you mean "
         "\"minLength\"?\n"},
        {"{\"uniqueitems\":1}",
         "c.json:1:13 unknown keyword \"uniqueitems\" asks for nothing; did "
         "you mean \"uniqueItems\"?\n"},
        {"{\"zzzzzzzzz\":1}", "c.json:1:13 unknown keyword \"zzzzzzzzz\" asks for nothing\n"},
        {"{\"nullable\":true}",
         "c.json:1:13 \"nullable\" is OpenAPI 3.0 and asks for nothing; in "
         "3.1 \"type\" is a list that names \"null\"\n"},
        /* each schema is read once */
        {"{\"properties\":{\"a\":{\"b\":1},\"c\":{\"$ref\":\"#/schema/properties/a\"},"
         "\"d\":{\"$ref\":\"#/schema/properties/a\"}}}",
         "c.json:1:32 unknown keyword \"b\" asks for nothing\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        struct err e = {0};
        if (open_subject(&s, rows[i].schema, &e))
            fail_msg("%s: %s: %s", rows[i].schema, e.where, e.what);
        assert_string_equal(s.warnings, rows[i].warnings);
        close_subject(&s);
    }
}

static void data_in_a_schema_is_no_schema(void **state)
{
    static const struct row rows[] = {
        {"{\"const\":{\"$ref\":\"#/nowhere\",\"not\":7}}", "{\"$ref\":\"#/nowhere\",\"not\":7}",
         NULL, NULL},
        {"{\"enum\":[{\"$ref\":7}]}", "{\"$ref\":7}", NULL, NULL},
        {"{\"properties\":{\"$ref\":{\"type\":\"null\"}}}", "{\"$ref\":7}", "/$ref", "is number"},
        {"{\"properties\":{\"not\":true}}", "{\"not\":7}", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
}

/* -- Work --------------------------------------------------------------------------------------- */

/* A schema of levels, of which each tries the next one twice. */
static void add_levels(struct buf *schema, int levels, const char *keyword)
{
    buf_add_text(schema, "{\"$ref\":\"#/schema/$defs/l0\",\"$defs\":{");
    for (int i = 0; i < levels; i++)
        buf_addf(schema,
                 "\"l%d\":{\"%s\":[{\"$ref\":\"#/schema/$defs/l%d\"},"
                 "{\"$ref\":\"#/schema/$defs/l%d\"}]},",
                 i, keyword, i + 1, i + 1);
    buf_addf(schema, "\"l%d\":{\"type\":\"null\"}}}", levels);
}

static void check_limit(const char *schema, struct span value)
{
    struct subject s;
    struct json *v = NULL;
    struct err e = {0};
    assert_int_equal(open_subject(&s, schema, &e), 0);
    assert_int_equal(json_open(value, &v, NULL), 0);
    int code = json_schema_check(s.schema, v, &e);
    if (code != ERR_LIMIT || !strstr(e.what, "takes more than 100000 steps"))
        fail_msg("%s: %d %s", schema, code, e.what);
    json_close(v);
    close_subject(&s);
}

static void alternatives_of_alternatives_end_at_a_number_of_steps(void **state)
{
    static const char *const keyword[] = {"anyOf", "oneOf"};
    (void)state;
    for (size_t i = 0; i < COUNT(keyword); i++) {
        struct buf schema;
        buf_init(&schema, 1 << 20);
        add_levels(&schema, 24, keyword[i]);
        check_row(&(struct row){schema.p, "7", "", "takes more than 100000 steps"}, ERR_LIMIT);
        buf_fini(&schema);
    }
}

/* So many elements that schemas applied to values alone would not use up the steps, but for the first. */
static void no_keyword_does_more_than_its_steps(void **state)
{
    static const struct {
        const char *schema, *element;
        int count;
    } rows[] = {
        {"{\"items\":{\"type\":\"integer\"}}", "7", 120000},
        {"{\"items\":{\"enum\":[1,2]}}", "2", 40000},
        {"{\"items\":{\"const\":[1,2,3]}}", "[1,2,3]", 30000},
        {"{\"items\":{\"pattern\":\"^[a-z]+$\"}}", "\"a\"", 60000},
        {"{\"items\":{\"required\":[\"a\"]}}", "{\"a\":1}", 60000},
        {"{\"items\":{\"properties\":{\"a\":true}}}", "{\"b\":1}", 60000},
        {"{\"items\":{\"properties\":{\"a\":true},\"additionalProperties\":false}}", "{\"a\":1}",
         30000},
        {"{\"items\":{\"anyOf\":[{\"type\":\"null\"},true]}}", "7", 6000}, /* words for nobody */
        {"{\"uniqueItems\":true}", "[1,2,3]", 30000},
        {"{\"contains\":false,\"minContains\":0}", "7", 60000},
        {"{\"items\":{\"not\":{\"type\":\"null\"}}}", "7", 40000},
        {"{\"items\":{\"propertyNames\":true}}", "{\"a\":1,\"b\":1}", 40000},
        {"{\"items\":{\"dependentRequired\":{\"a\":[\"a\"]}}}", "{\"a\":1}", 40000},
        {"{\"items\":{\"dependentSchemas\":{\"b\":true}}}", "{\"a\":1}", 60000},
        {"{\"items\":{\"patternProperties\":{\"a\":true}}}", "{\"a\":1}", 30000},
        {"{\"items\":true,\"unevaluatedItems\":false}", "7", 40000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf value;
        buf_init(&value, 4 << 20);
        for (int n = 0; n < rows[i].count; n++)
            buf_addf(&value, "%s%s", n ? "," : "[", rows[i].element);
        buf_add_text(&value, "]");
        check_limit(rows[i].schema, buf_span(&value));
        buf_fini(&value);
    }
}

/* A key is looked for in all members, and a string is looked at from end to end. */
static void what_is_long_takes_more_steps(void **state)
{
    static const char *const schemas[] = {
        "{\"required\":[\"k1\",\"k2\",\"k3\",\"k4\",\"k5\",\"k6\",\"k7\",\"k8\"]}",
        "{\"allOf\":[{\"minLength\":1},{\"minLength\":1},{\"minLength\":1},{\"minLength\":1}]}"};
    (void)state;
    struct buf value;
    buf_init(&value, 4 << 20);
    for (int i = 0; i < 101000; i++)
        buf_addf(&value, "%s\"k%d\":1", i ? "," : "{", i);
    buf_add_text(&value, "}");
    check_limit(schemas[0], buf_span(&value));
    buf_reset(&value);
    buf_add_text(&value, "\"");
    for (int i = 0; i < 1000000; i++)
        buf_add_text(&value, "a");
    buf_add_text(&value, "\"");
    check_limit(schemas[1], buf_span(&value));
    buf_fini(&value);
}

static void a_pattern_without_end_is_an_error_that_names_a_number(void **state)
{
    static const struct row row = {"{\"anyOf\":[{\"pattern\":\"^(a+)+$\"},true]}",
                                   "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"",
                                   "", "takes more than 100000 steps"};
    static const struct row inside = {
        "{\"not\":{\"pattern\":\"^(a+)+$\"}}",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "",
        "takes more than 100000 steps"};
    (void)state;
    check_row(&row, ERR_LIMIT);
    check_row(&inside, ERR_LIMIT); /* that nobody knows whether it fits is no reason to pass */
}

static void a_multiple_has_nineteen_digits_at_most(void **state)
{
    static const struct row rows[] = {
        {"{\"multipleOf\":9999999999999999999}", "9999999999999999999", NULL, NULL},
        {"{\"multipleOf\":9999999999999999999}", "9999999999999999998", "", "a multiple of"},
    };
    struct subject s;
    struct err e = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], rows[i].where ? ERR_CONTRACT : 0);
    assert_int_equal(open_subject(&s, "{\"multipleOf\":10000000000000000001}", &e), ERR_LIMIT);
    assert_string_equal(e.what, "\"multipleOf\" has more than 19 digits");
    close_subject(&s);
}

static void schemas_inside_schemas_end_at_a_depth(void **state)
{
    (void)state;
    for (int levels = JSON_SCHEMA_DEPTH_MAX - 1; levels <= JSON_SCHEMA_DEPTH_MAX; levels++) {
        struct buf schema;
        buf_init(&schema, 1 << 20);
        buf_add_text(&schema, "{\"$ref\":\"#/schema/$defs/l0\",\"$defs\":{");
        for (int i = 0; i < levels; i++)
            buf_addf(&schema, "\"l%d\":{\"allOf\":[{\"$ref\":\"#/schema/$defs/l%d\"}]},", i, i + 1);
        buf_addf(&schema, "\"l%d\":{}}}", levels);
        check_row(&(struct row){schema.p, "7", "", "nested more than 128 deep"},
                  levels < JSON_SCHEMA_DEPTH_MAX ? 0 : ERR_LIMIT);
        buf_fini(&schema);
    }
}

static void without_a_schema_everything_fits_and_nothing_is_of_no_type(void **state)
{
    (void)state;
    struct subject s;
    struct err e = {0};
    assert_int_equal(open_subject(&s, "{\"type\":\"null\"}", &e), 0);
    assert_int_equal(json_schema_check(NULL, s.document, &e), 0);
    assert_int_equal(json_schema_check(s.schema, NULL, &e), ERR_CONTRACT);
    assert_int_equal(json_schema_check(s.schema, NULL, NULL), ERR_CONTRACT); /* without words */
    close_subject(&s);
}

static void what_takes_a_string_says_so(void **state)
{
    static const struct {
        const char *schema;
        bool takes;
    } rows[] = {
        {"true", true},
        {"{\"type\":\"string\"}", true},
        {"{\"type\":\"integer\"}", false},
        {"{\"type\":[\"integer\",\"null\"]}", false},
        {"{\"type\":[\"integer\",\"string\"]}", true},
        {"{\"$ref\":\"#/components/schemas/Ask\",\"title\":\"t\"}", false},
    };
    (void)state;
    assert_true(json_schema_takes_string(NULL));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        assert_int_equal(open_subject(&s, rows[i].schema, NULL), 0);
        if (json_schema_takes_string(s.schema) != rows[i].takes)
            fail_msg("%s", rows[i].schema);
        close_subject(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_checked_by_every_keyword),
        cmocka_unit_test(a_ref_stands_for_what_it_names_and_what_is_beside_it_counts_too),
        cmocka_unit_test(a_ref_that_leads_nowhere_resolves_to_nothing),
        cmocka_unit_test(a_schema_may_contain_itself_while_the_value_goes_deeper),
        cmocka_unit_test(a_circle_that_no_value_ends_is_refused_and_named),
        cmocka_unit_test(many_refs_in_a_row_are_no_circle),
        cmocka_unit_test(a_keyword_of_a_wrong_kind_is_refused_where_it_stands),
        cmocka_unit_test(a_keyword_that_asks_for_what_is_not_checked_is_refused_by_name),
        cmocka_unit_test(an_annotation_asks_for_nothing_and_an_unknown_keyword_is_warned_of),
        cmocka_unit_test(data_in_a_schema_is_no_schema),
        cmocka_unit_test(alternatives_of_alternatives_end_at_a_number_of_steps),
        cmocka_unit_test(no_keyword_does_more_than_its_steps),
        cmocka_unit_test(what_is_long_takes_more_steps),
        cmocka_unit_test(a_pattern_without_end_is_an_error_that_names_a_number),
        cmocka_unit_test(a_multiple_has_nineteen_digits_at_most),
        cmocka_unit_test(schemas_inside_schemas_end_at_a_depth),
        cmocka_unit_test(without_a_schema_everything_fits_and_nothing_is_of_no_type),
        cmocka_unit_test(what_takes_a_string_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
