/* Memory fails at the first allocation, then the second, ... until all pass: every failure is clean
 * and nothing is left behind. */
#include "cases.h"
#include "fail_alloc.h"

#include "base/json/json.h"
#include "base/json/json_schema.h"

typedef int trial(const char *text, struct err *e);

static int open_and_close(const char *text, struct err *e)
{
    struct json *tree = NULL;
    int result = json_open(span_of(text), &tree, e);
    if ((tree != NULL) != (result == 0))
        return ERR_CONTRACT;
    json_close(tree);
    return result;
}

static int write_string(const char *text, struct err *e)
{
    struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < 20; i++)
        json_add_string(&b, span_of(text));
    int result = buf_err(&b, "the text", e);
    buf_fini(&b);
    return result;
}

/* Reads a text as a schema and checks it against itself. */
static int read_and_check(const char *text, struct err *e)
{
    struct json_doc_file file = {.path = "s.json", .text = span_of(text)};
    struct json *document = NULL;
    struct json_schemas *all = NULL;
    const struct json_schema *schema = NULL;
    int result = json_doc_open(&file, &document, e);
    struct json_doc root = json_doc_root(&file, document, "");
    if (!result)
        result = json_schemas_open(document, NULL, NULL, &all, e);
    if (!result)
        result = json_schemas_read(all, &root, &schema, e);
    if (!result)
        result = json_schema_check(schema, document, e);
    json_schemas_close(all);
    json_close(document);
    return result;
}

/* Runs the trial with 0, 1, 2 ... allocations; returns how many it needed. */
static unsigned break_memory(trial *run, const char *text)
{
    for (unsigned allowed = 0; allowed < 10000; allowed++) {
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(allowed + 1, FAIL_ONCE);
        int result = run(text, &e);
        (void)fail_alloc_stop();
        assert_int_equal(fail_alloc_live(), live);
        if (result == 0)
            return allowed;
        assert_int_equal(result, ERR_MEMORY);
        assert_int_equal(e.code, ERR_MEMORY);
    }
    fail_msg("%s", "never enough memory");
    return 0;
}

static int open_strictly_and_close(const char *text, struct err *e)
{
    struct json *tree = NULL;
    int result = json_open_strict(span_of(text), &tree, e);
    json_close(tree);
    return result;
}

static void a_tree_without_memory_is_a_clean_error(void **state)
{
    (void)state;
    /* One block holds it all. */
    assert_int_equal(break_memory(open_and_close, "{\"a\":[1,\"x\",null,{\"b\":true}]}"), 1);
}

static void long_numbers_without_memory_are_a_clean_error(void **state)
{
    (void)state;
    /* A copy of the text, and a block. */
    assert_true(break_memory(open_and_close, "[9007199254740993,1e3]") >= 2);
}

static void unreadable_values_without_memory_are_a_clean_error(void **state)
{
    (void)state;
    /* A copy of the text, a block, and a table of members for each object. */
    assert_int_equal(break_memory(open_and_close, "{\"a\":\"\\ud83d\",\"a\":1,\"c\":{\"b\":0}}"),
                     4);
}

static void many_keys_without_memory_are_a_clean_error(void **state)
{
    (void)state;
    static char text[8000];
    struct buf b;
    buf_init(&b, sizeof text);
    for (int i = 0; i < 300; i++)
        buf_addf(&b, "%s\"k%d\":0", i > 0 ? "," : "{", i);
    buf_add_char(&b, '}');
    assert_true(span_copy(buf_span(&b), text, sizeof text));
    buf_fini(&b);
    /* The table of keys, and more blocks than one: the second failed too. */
    assert_true(break_memory(open_and_close, text) >= 3);
    assert_true(break_memory(open_strictly_and_close, text) >= 3);
}

static void a_schema_without_memory_is_a_clean_error(void **state)
{
    (void)state;
    /* The tree, the schemas, their first block and slots; a pattern. What PCRE2 takes does not fail here. */
    assert_true(
        break_memory(read_and_check,
                     "{\"$defs\":{\"a\":{\"minLength\":1}},\"properties\":{\"b\":{\"anyOf\":[{"
                     "\"$ref\":\"#/$defs/a\"}]},\"pattern\":{\"pattern\":\"(b)\"}},"
                     "\"pattern\":\"b\"}")
        >= 5);
    /* What has been seen, elements that are compared, a name as a value, ids and anchors. */
    assert_true(
        break_memory(
            read_and_check,
            "{\"$id\":\"a\",\"$defs\":{\"a\":{\"$anchor\":\"b\"}},\"$ref\":\"#b\","
            "\"propertyNames\":true,\"not\":{\"required\":[\"x\"]},\"properties\":{\"x-list\":{"
            "\"uniqueItems\":true}},\"patternProperties\":{\"a\":true},\"x-list\":[1,2],"
            "\"unevaluatedProperties\":true}")
        >= 5);
}

static void a_buffer_without_memory_is_a_clean_error(void **state)
{
    (void)state;
    assert_true(break_memory(write_string, "a text that is long enough to let the buffer grow")
                > 1);
}

static void a_plain_reply_costs_one_allocation(void **state)
{
    (void)state;
    /* A budget: one block for the tree, nothing for the scan. */
    assert_int_equal(break_memory(open_and_close, "{\"status\":200}"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_without_memory_is_a_clean_error),
        cmocka_unit_test(long_numbers_without_memory_are_a_clean_error),
        cmocka_unit_test(unreadable_values_without_memory_are_a_clean_error),
        cmocka_unit_test(many_keys_without_memory_are_a_clean_error),
        cmocka_unit_test(a_schema_without_memory_is_a_clean_error),
        cmocka_unit_test(a_buffer_without_memory_is_a_clean_error),
        cmocka_unit_test(a_plain_reply_costs_one_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
