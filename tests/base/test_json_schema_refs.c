/* Schemas: where a $ref leads, in the document and out of it, and what is told of a place. */
#include "cases.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json/json_schema.h"
#include "base/json/json_uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct subject {
    struct json_doc_file file;
    struct json *document;
    struct json_schemas *all;
    const struct json_schema *schema;
};

/* root NULL: no files. */
static int open_subject(struct subject *s, const char *text, const char *root, struct err *e)
{
    *s = (struct subject){.file = {.path = "a/c.json", .text = span_of(text)}};
    if (json_doc_open(&s->file, &s->document, e)
        || json_schemas_open(s->document, NULL, NULL, &s->all, e))
        fail_msg("%s: %s", text, e->what);
    if (root)
        json_schemas_allow_files(s->all, root, "a/c.json");
    struct json_doc p = json_doc_root(&s->file, json_get(s->document, "schema"), "/schema");
    return json_schemas_read(s->all, &p, &s->schema, e);
}

static void close_subject(struct subject *s)
{
    json_schemas_close(s->all);
    json_close(s->document);
}

static int check(const struct subject *s, const char *text, struct buf *at, struct err *e)
{
    struct json *value = NULL;
    uint32_t steps = JSON_SCHEMA_STEPS_MAX;
    assert_int_equal(json_open(span_of(text), &value, NULL), 0);
    int code = json_schema_check_within(s->schema, value, &steps, at, e);
    json_close(value);
    return code;
}

/* -- URIs ----------------------------------------------------------------------------------------- */

static void a_reference_is_put_together_as_the_rfc_says(void **state)
{
    /* The examples of RFC 3986, section 5.4, without fragments. */
    static const char base[] = "http://a/b/c/d;p?q";
    static const char *const rows[][2] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    char out[JSON_URI_MAX], longest[JSON_URI_MAX + 1];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!json_uri_resolve(base, span_of(rows[i][0]), out) || strcmp(out, rows[i][1]) != 0)
            fail_msg("\"%s\" became %s, not %s", rows[i][0], out, rows[i][1]);
    memset(longest, 'a', JSON_URI_MAX);
    longest[JSON_URI_MAX] = '\0';
    assert_false(json_uri_resolve(base, span_of(longest), out));
    assert_string_equal(out, "");
}

/* -- Places ----------------------------------------------------------------------------------------- */

static void an_error_tells_the_place_of_the_keyword_that_does_not_fit(void **state)
{
    static const struct {
        const char *text, *value, *where, *at;
    } rows[] = {
        {"{\"schema\":{\"properties\":{\"a/b\":{\"type\":\"null\"}}}}", "{\"a/b\":1}", "/a~1b",
         "#/schema/properties/a~1b/type"},
        {"{\"schema\":{\"items\":{\"allOf\":[true,{\"minimum\":1}]}}}", "[0]", "/0",
         "#/schema/items/allOf/1/minimum"},
        {"{\"schema\":{\"items\":{\"$ref\":\"#/x/y\"}},\"x\":{\"y\":{\"not\":{\"const\":1}}}}",
         "[1]", "/0", "#/x/y/not"},
        {"{\"schema\":{\"anyOf\":[{\"type\":\"null\"},{\"const\":2}]}}", "1", "",
         "#/schema/anyOf/0/type"},
        {"{\"schema\":{\"oneOf\":[true,true]}}", "1", "", "#/schema/oneOf"},
        {"{\"schema\":{\"prefixItems\":[false]}}", "[1]", "/0", "#/schema/prefixItems/0"},
        {"{\"schema\":{\"patternProperties\":{\"a\":{\"then\":false,\"if\":true}}}}", "{\"a\":1}",
         "/a", "#/schema/patternProperties/a/then"},
        {"{\"schema\":{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}}", "{\"b\":1}",
         "/b", "#/schema/unevaluatedProperties"},
        {"{\"schema\":{\"required\":[\"a\"]}}", "{\"a\":1}", NULL, ""},
        /* a $ref starts from the nearest $id on the way to where it stands */
        {"{\"schema\":{\"$ref\":\"#/x/a/b\"},\"x\":{\"a\":{\"$id\":\"http://h/d/"
         "a\",\"b\":{\"$ref\":\"c\"}},"
         "\"c\":{\"$id\":\"http://h/d/c\",\"const\":1},\"e\":{\"$id\":\"c\",\"const\":2}}}",
         "3", "", "#/x/c/const"},
        /* what an alternative that does not fit would say is forgotten */
        {"{\"schema\":{\"anyOf\":[{\"type\":\"null\"},true]}}", "1", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        struct err e = {0};
        struct buf at;
        buf_init(&at, 1000);
        assert_int_equal(open_subject(&s, rows[i].text, NULL, &e), 0);
        int code = check(&s, rows[i].value, &at, &e);
        assert_int_equal(code, rows[i].where ? ERR_CONTRACT : 0);
        assert_string_equal(at.p, rows[i].at);
        assert_string_equal(e.where, rows[i].where ? rows[i].where : "");
        buf_fini(&at);
        close_subject(&s);
    }
}

/* -- OpenAPI 3.0 ------------------------------------------------------------------------------------ */

static void an_old_document_has_nullable_and_switches_and_refs_alone(void **state)
{
    static const struct {
        const char *version, *schema, *value;
        bool fits;
    } rows[] = {
        {"3.0.3", "{\"type\":\"string\",\"nullable\":true}", "null", true},
        {"3.0.3", "{\"type\":\"string\",\"nullable\":true}", "1", false},
        {"3.0.3", "{\"type\":\"string\",\"nullable\":false}", "null", false},
        {"3.1.0", "{\"type\":\"string\",\"nullable\":true}", "null", false},
        {"3.0.3", "{\"minimum\":1,\"exclusiveMinimum\":true}", "1", false},
        {"3.0.3", "{\"minimum\":1,\"exclusiveMinimum\":false}", "1", true},
        {"3.0.3", "{\"exclusiveMaximum\":true,\"maximum\":1}", "1", false},
        {"3.0.3", "{\"$ref\":\"#/x\",\"type\":\"null\"}", "1", true},
        {"3.1.0", "{\"$ref\":\"#/x\",\"type\":\"null\"}", "1", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        struct err e = {0};
        char text[256];
        snprintf(text, sizeof text, "{\"openapi\":\"%s\",\"x\":true,\"schema\":%s}",
                 rows[i].version, rows[i].schema);
        assert_int_equal(open_subject(&s, text, NULL, &e), 0);
        if (check(&s, rows[i].value, NULL, &e) != (rows[i].fits ? 0 : ERR_CONTRACT))
            fail_msg("%s of %s: %s", text, rows[i].value, e.what);
        close_subject(&s);
    }
}

/* -- Files ------------------------------------------------------------------------------------------ */

static char root[32];

static void write_file(const char *name, const char *text)
{
    char path[FILE_PATH_MAX];
    assert_true(file_join(path, sizeof path, root, name));
    assert_int_equal(file_write(path, span_of(text), NULL), 0);
}

static int make_files(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/schema-refs-XXXXXX");
    if (!mkdtemp(root))
        return 1;
    write_file("a/other.json",
               "{\"here\":{\"type\":\"null\"},\"x\":{\"$ref\":\"c.json#/back\"},\n"
               "\"n\":{\"$ref\":\"../b/deep%20er.json#name\"}}");
    write_file("b/deep er.json", "{\"k\":{\"$anchor\":\"name\",\"const\":7}}");
    write_file("a/bad.json", "{\"here\":{\"type\":\n\"nul\"}}");
    write_file("a/broken.json", "{");
    return 0;
}

static int remove_files(void **state)
{
    static const char *const names[] = {"a/other.json",
                                        "b/deep er.json",
                                        "a/bad.json",
                                        "a/broken.json",
                                        "a/link.json",
                                        "a",
                                        "b",
                                        ""};
    char path[FILE_PATH_MAX];
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", root, names[i]);
        (void)remove(path);
    }
    return 0;
}

static void a_ref_may_lead_to_a_file_below_the_root(void **state)
{
    static const struct {
        const char *ref, *value, *at; /* at NULL: it fits */
    } rows[] = {
        {"other.json#/here", "null", NULL},
        {"other.json#/here", "1", "a/other.json#/here/type"},
        {"../a/other.json#/x", "1", "#/back/const"}, /* there, and back again */
        {"other.json#/n", "7", NULL},
        {"./other.json#/n", "8", "b/deep er.json#/k/const"},
        {"/b/deep%20er.json#name", "8", "b/deep er.json#/k/const"},
        {"c.json#/back", "8", "#/back/const"}, /* itself */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        struct err e = {0};
        char text[256];
        struct buf at;
        buf_init(&at, 1000);
        snprintf(text, sizeof text, "{\"schema\":{\"$ref\":\"%s\"},\"back\":{\"const\":5}}",
                 rows[i].ref);
        if (open_subject(&s, text, root, &e))
            fail_msg("%s: %s: %s", text, e.where, e.what);
        json_schemas_allow_files(s.all, NULL, "");
        assert_int_equal(check(&s, rows[i].value, &at, &e), rows[i].at ? ERR_CONTRACT : 0);
        assert_string_equal(at.p, rows[i].at ? rows[i].at : "");
        buf_fini(&at);
        close_subject(&s);
    }
}

static void what_a_ref_cannot_reach_is_told_where_it_stands(void **state)
{
    char link[FILE_PATH_MAX];
    snprintf(link, sizeof link, "%s/a/link.json", root);
    assert_int_equal(symlink("/etc/hostname", link), 0);
    static const struct {
        const char *ref;
        int code;
        const char *where, *what;
    } rows[] = {
        {"none.json#/x", ERR_FILE, "a/c.json:1:19", "leads to the file "},
        {"other.json#/none", ERR_CONTRACT, "a/c.json:1:19", "leads nowhere"},
        {"../../../../../../etc/hostname", ERR_FILE, "a/c.json:1:19",
         "/etc/hostname: "}, /* root/etc */
        {"link.json", ERR_FILE, "a/c.json:1:19", "leads to the file "},
        {"https://example.com/x.json", ERR_CONTRACT, "a/c.json:1:19", "nothing is fetched"},
        {"file:///etc/hostname", ERR_CONTRACT, "a/c.json:1:19", "nothing is fetched"},
        {"/", ERR_CONTRACT, "a/c.json:1:19", "leads nowhere"},
        {"#none", ERR_CONTRACT, "a/c.json:1:19", "\"#none\" leads nowhere in this file"},
        {"bad.json#/here", ERR_CONTRACT, "bad.json:2:1", "did you mean \"null\"?"},
        {"broken.json", ERR_SYNTAX, "broken.json:1:2", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        struct err e = {0};
        char text[256];
        snprintf(text, sizeof text, "{\"schema\":{\"$ref\":\"%s\"}}", rows[i].ref);
        int code = open_subject(&s, text, root, &e);
        if (code != rows[i].code || !strstr(e.where, rows[i].where)
            || !strstr(e.what, rows[i].what))
            fail_msg("%s: %d, %s: %s", rows[i].ref, code, e.where, e.what);
        close_subject(&s);
    }
}

static void without_a_root_no_file_is_read(void **state)
{
    struct subject s;
    struct err e = {0};
    (void)state;
    assert_int_equal(open_subject(&s, "{\"schema\":{\"$ref\":\"other.json#/here\"}}", NULL, &e),
                     ERR_CONTRACT);
    assert_string_equal(e.what, "\"other.json#/here\" leads nowhere in this file");
    close_subject(&s);
}

static void too_many_ids_are_an_error_that_names_the_number(void **state)
{
    static const char *const keywords[] = {"$id", "$anchor"};
    struct buf text;
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool many = i % 2;
        const char *keyword = keywords[i / 2];
        struct subject s;
        struct err e = {0};
        buf_init(&text, 1 << 20);
        buf_addf(&text, "{\"schema\":{\"$ref\":\"%si7\",\"$defs\":{", i / 2 ? "#" : "");
        for (int n = 0; n < JSON_SCHEMA_IDS_MAX + many; n++)
            buf_addf(&text, "%s\"d%d\":{\"%s\":\"i%d\",\"const\":7}", n ? "," : "", n, keyword, n);
        buf_add_text(&text, "}}}");
        int code = open_subject(&s, text.p, NULL, &e);
        assert_int_equal(code, many ? ERR_LIMIT : 0);
        assert_true(!many || strstr(e.what, "more than 1024 of $id and $anchor"));
        if (!many)
            assert_int_equal(check(&s, "8", NULL, &e), ERR_CONTRACT);
        close_subject(&s);
        buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_put_together_as_the_rfc_says),
        cmocka_unit_test(an_error_tells_the_place_of_the_keyword_that_does_not_fit),
        cmocka_unit_test(an_old_document_has_nullable_and_switches_and_refs_alone),
        cmocka_unit_test(a_ref_may_lead_to_a_file_below_the_root),
        cmocka_unit_test(what_a_ref_cannot_reach_is_told_where_it_stands),
        cmocka_unit_test(without_a_root_no_file_is_read),
        cmocka_unit_test(too_many_ids_are_an_error_that_names_the_number),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
