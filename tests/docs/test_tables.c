/* What the documents and the schema repeat from the code is what the code says.
 *
 *   test_tables            compares
 *   test_tables --write    rewrites what differs (ci/tables) */
#include "tables.h"

#include "base/args.h"
#include "base/file.h"
#include "base/json/json.h"
#include "harness/report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_MAX = 1 << 20, PATH_MAX_OF_A_PAGE = 128 };

/* -- The files ------------------------------------------------------------------------------------ */

/* Stops at, and returns, the first return that is not 0. */
typedef int visit_file(const char *path, const struct rule *rule, struct err *e);

/* Each file that has tables, once, with rule NULL; then the page of each rule. */
static int each_file(visit_file *visit, struct err *e)
{
    int code = 0;
    for (const struct table *t = tables(); t->file && !code; t++) {
        const struct table *first = tables();
        while (strcmp(first->file, t->file) != 0)
            first++;
        code = first == t ? visit(t->file, NULL, e) : 0;
    }
    for (const struct rule *r = rules(); r->name && !code; r++) {
        char path[PATH_MAX_OF_A_PAGE];
        snprintf(path, sizeof path, "docs/rules/%s.md", r->name);
        code = visit(path, r, e);
    }
    return code;
}

/* Both buffers are to be finished, also after an error. */
static int read_and_rewrite(const char *path, const struct rule *rule, struct buf *old,
                            struct buf *new, struct err *e)
{
    buf_init(old, PAGE_MAX);
    buf_init(new, PAGE_MAX);
    int code = file_read(path, old, e);
    if (code)
        return code;
    return rule ? rule_page_rewrite(rule, buf_span(old), new, e)
                : tables_rewrite(path, buf_span(old), new, e);
}

static int write_file(const char *path, const struct rule *rule, struct err *e)
{
    struct buf old, new;
    int code = read_and_rewrite(path, rule, &old, &new, e);
    if (!code && !span_same(buf_span(&old), buf_span(&new))) {
        code = file_write(path, buf_span(&new), e);
        printf("%s: written\n", path);
    }
    buf_fini(&old);
    buf_fini(&new);
    return code;
}

static int compare_file(const char *path, const struct rule *rule, struct err *e)
{
    struct buf old, new;
    int code = read_and_rewrite(path, rule, &old, &new, e);
    if (code)
        fail_msg("%s: %s", e->where, e->what);
    size_t at = 0, line = 0;
    while (at < old.n && old.p[at] == new.p[at])
        if (old.p[at++] == '\n')
            line = at;
    if (!span_same(buf_span(&old), buf_span(&new)))
        fail_msg("%s is not what the code says: run ci/tables. From here on it should be\n%.*s",
                 path, (int)strcspn(new.p + line, "\n"), new.p + line);
    buf_fini(&old);
    buf_fini(&new);
    return 0;
}

static void every_table_is_the_codes(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(each_file(compare_file, &e), 0);
}

/* -- The pages of the rules ----------------------------------------------------------------------- */

static void read_page(const char *path, struct buf *page)
{
    struct err e = {0};
    buf_init(page, PAGE_MAX);
    if (file_read(path, page, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

/* How often line stands in the page, as a whole line. */
static int count_line(const struct buf *page, const char *line)
{
    size_t n = strlen(line);
    int count = 0;
    for (const char *at = page->p; (at = strstr(at, line)) != NULL; at += n)
        count += (at == page->p || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0');
    return count;
}

static void want_line(const char *path, const struct buf *page, const char *line)
{
    if (count_line(page, line) != 1)
        fail_msg("%s should have this line once:\n%s", path, line);
}

static void every_rule_has_a_page_that_states_it(void **state)
{
    (void)state;
    for (const struct rule *r = rules(); r->name; r++) {
        char path[PATH_MAX_OF_A_PAGE], line[512];
        struct buf page;
        snprintf(path, sizeof path, "docs/rules/%s.md", r->name);
        read_page(path, &page);
        snprintf(line, sizeof line, "# %s", r->name);
        want_line(path, &page, line);
        snprintf(line, sizeof line, "%s: a client %s.", report_level_name(r->level), r->demand);
        want_line(path, &page, line);
        static const char *const chapters[] = {"## Why", "## What counts", "## How to fix it",
                                               "## How to switch it off"};
        for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++)
            want_line(path, &page, chapters[i]);
        buf_fini(&page);
    }
}

static int visit_rule_page(const char *file, bool is_dir, void *arg, struct err *e)
{
    char name[64];
    (void)arg, (void)e;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
    if (is_dir || (strcmp(file, "README.md") != 0 && !rule_find(name)))
        fail_msg("docs/rules/%s is the page of no rule", file);
    return 0;
}

static void every_page_of_a_rule_has_its_rule(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(file_list("docs/rules", visit_rule_page, NULL, &e), 0);
}

/* -- The writing ---------------------------------------------------------------------------------- */

static void two_rows(struct buf *out)
{
    buf_add_text(out, "| a | 1 |\n| b | 2 |\n");
}

static void two_values(struct buf *out)
{
    buf_add_text(out, "[\n  \"a\",\n  \"b\"\n]");
}

static const struct table rows_table = {"x.md", "| name | is |", two_rows};
static const struct table value_table = {"x.json", "/names/0/of", two_values};

#define HEAD "Before.\n\n| name | is |\n|---|---|\n"
#define TAIL "\nAfter.\n\n| other | is |\n|---|---|\n| c | 3 |\n"
#define VALUE(v) "{\n  \"names\": [\n    {\"of\": " v ", \"x\": [1]}\n  ]\n}\n"
#define TWO_VALUES "[\n      \"a\",\n      \"b\"\n    ]"

/* Whatever stands in the table, what the code says takes its place, and nothing else changes. */
static void a_table_becomes_what_the_code_says(void **state)
{
    static const struct {
        const struct table *table;
        const char *old, *new;
    } cases[] = {
        {&rows_table, HEAD "| a | 1 |\n| b | 2 |\n" TAIL, HEAD "| a | 1 |\n| b | 2 |\n" TAIL},
        {&rows_table, HEAD "| a | 7 |\n| b | 2 |\n" TAIL, HEAD "| a | 1 |\n| b | 2 |\n" TAIL},
        {&rows_table, HEAD "| a | 1 |\n" TAIL, HEAD "| a | 1 |\n| b | 2 |\n" TAIL},
        {&rows_table, HEAD "| c | 1 |\n| d |\n| e |\n" TAIL, HEAD "| a | 1 |\n| b | 2 |\n" TAIL},
        {&rows_table, HEAD TAIL, HEAD "| a | 1 |\n| b | 2 |\n" TAIL},
        {&rows_table, HEAD "| a | 1 |", HEAD "| a | 1 |\n| b | 2 |\n"},
        {&value_table, VALUE("[]"), VALUE(TWO_VALUES)},
        {&value_table, VALUE(TWO_VALUES), VALUE(TWO_VALUES)},
        {&value_table, VALUE("{\"of\": [null]}"), VALUE(TWO_VALUES)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        struct err e = {0};
        buf_init(&out, PAGE_MAX);
        assert_int_equal(table_rewrite(cases[i].table, span_of(cases[i].old), &out, &e), 0);
        assert_string_equal(out.p, cases[i].new);
        buf_fini(&out);
    }
}

static void a_table_that_is_not_there_once_is_an_error(void **state)
{
    static const struct {
        const struct table *table;
        const char *text;
        enum err_code code;
    } cases[] = {
        {&rows_table, "", ERR_NOT_FOUND},
        {&rows_table, "| name | is not |\n|---|---|\n", ERR_NOT_FOUND},
        {&rows_table, "| name | is |\n", ERR_NOT_FOUND},
        {&rows_table, HEAD "| a | 1 |\n\n" HEAD, ERR_NOT_FOUND},
        {&value_table, "{\"names\": []}", ERR_NOT_FOUND},
        {&value_table, "{\"names\": ", ERR_SYNTAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        struct err e = {0};
        buf_init(&out, PAGE_MAX);
        assert_int_equal(table_rewrite(cases[i].table, span_of(cases[i].text), &out, &e),
                         cases[i].code);
        buf_fini(&out);
    }
}

static void a_rules_page_begins_with_its_demand(void **state)
{
    struct buf out;
    struct err e = {0};
    struct rule rule = {.name = "calm", .level = RULE_RECOMMENDED, .demand = "keeps calm"};
    (void)state;
    buf_init(&out, PAGE_MAX);
    assert_int_equal(rule_page_rewrite(&rule, span_of("# hasty\n\nOld.\n\n## Why\n"), &out, &e), 0);
    assert_string_equal(out.p, "# calm\n\nRECOMMENDED: a client keeps calm.\n\n## Why\n");
    buf_fini(&out);
}

/* Each table of the tree, with other rows in its place, is found again and put right. */
static void an_edited_table_is_seen_and_put_right(void **state)
{
    (void)state;
    for (const struct table *t = tables(); t->file; t++) {
        const struct table other = {t->file, t->at, t->at[0] == '/' ? two_values : two_rows};
        struct buf page, edited, again;
        struct err e = {0};
        read_page(t->file, &page);
        buf_init(&edited, PAGE_MAX);
        buf_init(&again, PAGE_MAX);
        assert_int_equal(table_rewrite(&other, buf_span(&page), &edited, &e), 0);
        assert_string_not_equal(edited.p, page.p);
        assert_int_equal(table_rewrite(t, buf_span(&edited), &again, &e), 0);
        assert_string_equal(again.p, page.p);
        buf_fini(&page);
        buf_fini(&edited);
        buf_fini(&again);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_the_codes),
        cmocka_unit_test(every_rule_has_a_page_that_states_it),
        cmocka_unit_test(every_page_of_a_rule_has_its_rule),
        cmocka_unit_test(a_table_becomes_what_the_code_says),
        cmocka_unit_test(a_table_that_is_not_there_once_is_an_error),
        cmocka_unit_test(a_rules_page_begins_with_its_demand),
        cmocka_unit_test(an_edited_table_is_seen_and_put_right),
    };
    struct err e = {0};
    if (argc != 2 || strcmp(argv[1], "--write") != 0)
        return cmocka_run_group_tests(tests, NULL, NULL);
    int code = each_file(write_file, &e);
    if (!code)
        return EXIT_GOOD;
    fprintf(stderr, "%s: %s\n", e.where, e.what);
    return args_exit_code((enum err_code)code);
}
