/* The public test suite of JSON Schema 2020-12: each verdict is right of every group, but for those that need
 * $dynamicRef, another vocabulary, or a schema from elsewhere; those are refused when they are read. */
#include "cases.h"

#include "base/file.h"
#include "base/json/json_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Groups are refused by their keyword $dynamicRef, by a dialect that is not 2020-12's, and by a $ref out of the
 * document that no $id in it names: written down apart from the reader's own lists. */
static const char dialect[] = "https://json-schema.org/draft/2020-12/schema";

/* Where $refs lead that the suite serves from elsewhere. */
static const char *const elsewhere[] = {"http://localhost:1234/", "https://json-schema.org/"};

struct tally {
    const char *dir;
    size_t files, groups, refused, verdicts, wrong;
};

/* -- What a schema asks for --------------------------------------------------------------------- */

/* The last segment of a URI, without its fragment. */
static struct span last_segment(const char *uri)
{
    struct span all = {uri, strcspn(uri, "#")};
    size_t from = all.n;
    while (from && uri[from - 1] != '/')
        from--;
    return span_cut(all, from, all.n);
}

static bool is_id_of(const struct json *schema, const char *uri)
{
    const char *id = json_string(json_get(schema, "$id"));
    if (id && span_same(last_segment(id), last_segment(uri)))
        return true;
    for (const struct json *v = json_first(schema); v; v = json_next(v))
        if (is_id_of(v, uri))
            return true;
    return false;
}

/* A $ref that starts from an $id elsewhere lands there. */
static bool leads_elsewhere(const struct json *document, const char *base, const char *ref)
{
    char uri[256];
    bool starts_there = base && strncmp(base, elsewhere[0], strlen(elsewhere[0])) == 0;
    bool absolute = strstr(ref, "://") || strncmp(ref, "urn:", 4) == 0;
    if (ref[0] == '#')
        return false;
    snprintf(uri, sizeof uri, "%s%s", !absolute && starts_there ? elsewhere[0] : "", ref);
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        if (strncmp(uri, elsewhere[i], strlen(elsewhere[i])) == 0)
            return !is_id_of(document, uri);
    return false;
}

static bool is_refused(const struct json *document, const struct json *schema, const char *base)
{
    const char *ref = json_string(json_get(schema, "$ref"));
    const char *own = json_string(json_get(schema, "$schema"));
    const char *id = json_string(json_get(schema, "$id"));
    base = id && strstr(id, "://") ? id : base;
    if (json_get(schema, "$dynamicRef") || (own && strcmp(own, dialect) != 0)
        || (ref && leads_elsewhere(document, base, ref)))
        return true;
    for (const struct json *v = json_first(schema); v; v = json_next(v))
        if (is_refused(document, v, base))
            return true;
    return false;
}

/* -- A group ------------------------------------------------------------------------------------ */

static void judge_tests(struct tally *t, const struct json *group, const struct json_schema *schema,
                        const char *name)
{
    const char *title = json_string(json_get(group, "description"));
    for (const struct json *test = json_first(json_get(group, "tests")); test;
         test = json_next(test)) {
        struct err e = {0};
        bool valid = json_kind(json_get(test, "valid")) == JSON_TRUE;
        int code = json_schema_check(schema, json_get(test, "data"), &e);
        t->verdicts++;
        if (code == (valid ? 0 : ERR_CONTRACT))
            continue;
        print_error("%s: %s: %s: %d %s\n", name, title, json_string(json_get(test, "description")),
                    code, e.what);
        t->wrong++;
    }
}

static void judge_group(struct tally *t, const struct json *group, struct span text,
                        const char *name)
{
    struct json_doc_file file = {.path = name, .text = text};
    struct json *document = NULL;
    struct json_schemas *all = NULL;
    const struct json_schema *schema = NULL;
    struct err e = {0};
    assert_int_equal(json_doc_open(&file, &document, &e), 0);
    assert_int_equal(json_schemas_open(document, NULL, NULL, &all, &e), 0);
    struct json_doc root = json_doc_root(&file, document, "");
    int code = json_schemas_read(all, &root, &schema, &e);
    bool refused = is_refused(document, document, NULL);
    t->groups++;
    t->refused += refused;
    if (code != (refused ? ERR_CONTRACT : 0)) {
        print_error("%s: %s: %s %s: %s\n", name, json_string(json_get(group, "description")),
                    refused ? "was read" : "was refused", e.where, e.what);
        t->wrong++;
    } else if (!refused) {
        judge_tests(t, group, schema, name);
    }
    json_schemas_close(all);
    json_close(document);
}

/* A NUL in a string is more than our JSON holds: another control character does as well. */
static void replace_nuls(struct buf *b)
{
    for (char *at = b->p; (at = strstr(at, "\\u0000"));)
        at[5] = '1';
}

static int judge_file(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct tally *t = arg;
    char path[FILE_PATH_MAX], pointer[64];
    struct json *groups = NULL;
    size_t n = 0, length = strlen(name);
    if (is_dir || length < 5 || strcmp(name + length - 5, ".json") != 0)
        return 0;
    struct buf text;
    buf_init(&text, 1 << 20);
    int code = file_join(path, sizeof path, t->dir, name) ? file_read(path, &text, e) : ERR_LIMIT;
    if (!code) {
        replace_nuls(&text);
        code = json_open(buf_span(&text), &groups, e);
    }
    for (const struct json *group = json_first(groups); group; group = json_next(group)) {
        struct json_range range;
        snprintf(pointer, sizeof pointer, "/%zu/schema", n++);
        assert_true(json_find(buf_span(&text), pointer, &range));
        judge_group(t, group, span_cut(buf_span(&text), range.at, range.len), name);
    }
    t->files++;
    json_close(groups);
    buf_fini(&text);
    return code;
}

static void verdicts_are_right_or_the_schema_is_refused(void **state)
{
    (void)state;
    const char *root = getenv("UNDERSTUDY_TESTDATA");
    char dir[FILE_PATH_MAX];
    snprintf(dir, sizeof dir, "%s/json-schema-2020-12", root ? root : "../shared/testdata");
    if (!file_is_dir(dir)) {
        print_message("skipped: the JSON Schema test suite is not at %s\n", dir);
        skip();
    }
    struct tally t = {.dir = dir};
    struct err e = {0};
    if (file_list(dir, judge_file, &t, &e))
        fail_msg("%s: %s", e.where, e.what);
    print_message("%zu files, %zu groups: %zu refused as not supported, %zu read; %zu verdicts, "
                  "%zu wrong\n",
                  t.files, t.groups, t.refused, t.groups - t.refused, t.verdicts, t.wrong);
    assert_int_equal(t.wrong, 0);
    assert_true(t.verdicts > 0);
    assert_true(t.refused * 8 < t.groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_right_or_the_schema_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
