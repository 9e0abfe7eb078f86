/* Places in a scanned text: pointers, stars, lines, comments. */
#include "cases.h"

#include "base/json/json.h"

#include <stdlib.h>
#include <string.h>

static const char text[] =
    "{ \"data\" : {\"status\": \"ok\", \"a/b\":1,\"c~d\":2,\"\":3,\"\\u0065\\u00e9\":4},\n"
    " \"list\":[ {\"s\":10},{\"t\":11} , {\"s\":\"],}\"}, [5] ],\"*\":6,\"0\":true}";

static void pointers_find_their_value(void **state)
{
    (void)state;
    static const struct {
        const char *pointer, *want; /* NULL: absent */
    } rows[] = {
        {"/data/status", "\"ok\""},
        {"/data/a~1b", "1"},
        {"/data/c~0d", "2"},
        {"/data/", "3"},          /* the empty key */
        {"/data/e\xC3\xA9", "4"}, /* the key is escaped in the text */
        {"/list/0", "{\"s\":10}"},
        {"/list/2/s", "\"],}\""}, /* brackets inside a string */
        {"/list/3/0", "5"},
        {"/list/3", "[5]"},
        {"/*", "6"}, /* no star here: a key like others */
        {"/0", "true"},
        {"/list/*", NULL},      /* nor here */
        {"/Data/status", NULL}, /* case counts */
        {"/data/statu", NULL},
        {"/data/status/0", NULL}, /* through a string */
        {"/list/4", NULL},
        {"/list/-", NULL}, /* the place after the last: never there */
        {"/list/00", NULL},
        {"/list/+0", NULL},
        {"/list/-0", NULL},
        {"/list/99999999999999999999", NULL},
        {"/data/c~d", NULL}, /* a wrong escape */
        {"data", NULL},      /* no pointer */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_range range = {9, 9, 9, true};
        bool found = json_find(span_of(text), rows[i].pointer, &range);
        struct span got = span_cut(span_of(text), range.at, range.len);
        if (found != (rows[i].want != NULL) || (found && !span_is(got, rows[i].want)))
            fail_msg("%s gave %.*s", rows[i].pointer, (int)got.n, got.p);
        if (!found)
            assert_int_equal(range.at + range.len + range.key_at, 0);
        assert_false(range.repeated);
    }
}

static void every_blank_may_stand_around_what_is_found(void **state)
{
    (void)state;
    static const char blank[] =
        "\t\r\n {\r\"a\"\t:\n[\r1\r,\t2\t,\n3\n, 4 ]\t,\r\"b\"\n: {\t}\r,\n\"c\":\tnull\r}\n";
    static const struct {
        const char *pointer, *want;
    } rows[] = {
        {"/a/0", "1"}, {"/a/1", "2"}, {"/a/2", "3"}, {"/a/3", "4"}, {"/b", "{\t}"}, {"/c", "null"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_range range;
        assert_true(json_find(span_of(blank), rows[i].pointer, &range));
        assert_true(span_is(span_cut(span_of(blank), range.at, range.len), rows[i].want));
    }
}

static void quotes_and_brackets_inside_strings_end_nothing(void **state)
{
    (void)state;
    static const char quoted[] =
        "{\"q\\\"}\":[\"\\\\\",\"\\\"],\\\"\"],\"w\":[\"]\",{\"]\":[]}],\"z\":1}";
    static const struct {
        const char *pointer, *want;
    } rows[] = {
        {"/q\"}/0", "\"\\\\\""},
        {"/q\"}/1", "\"\\\"],\\\"\""},
        {"/w/1", "{\"]\":[]}"},
        {"/z", "1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_range range;
        assert_true(json_find(span_of(quoted), rows[i].pointer, &range));
        assert_true(span_is(span_cut(span_of(quoted), range.at, range.len), rows[i].want));
    }
    struct json_range range;
    assert_true(json_find(span_of("7"), "", &range));
    assert_int_equal(range.len, 1);
}

static bool count_place(const struct json_range *range, void *arg)
{
    *(size_t *)arg += range->len;
    return true;
}

static void a_star_passes_over_elements_of_other_kinds(void **state)
{
    (void)state;
    size_t lengths = 0;
    assert_int_equal(json_find_all(span_of("[[5],7,\"s\",{},null,{\"s\":10},[],{\"s\":200}]"),
                                   "/*/s", count_place, &lengths),
                     2);
    assert_int_equal(lengths, 5);
}

static void trees_answer_the_same_pointers(void **state)
{
    (void)state;
    static const char *const pointers[] = {
        "/data/status", "/data/a~1b", "/data/c~0d", "/data/", "/data/e\xC3\xA9",
        "/list/2/s",    "/list/3/0",  "/*",         "",       "/list/-",
        "/list/00",     "/data/c~d",  "data",       "/nope"};
    struct json *tree = NULL;
    assert_int_equal(json_open(span_of(text), &tree, NULL), 0);
    for (size_t i = 0; i < COUNT(pointers); i++) {
        struct json_range range;
        bool found = json_find(span_of(text), pointers[i], &range);
        if (found != (json_at(tree, pointers[i]) != NULL))
            fail_msg("%s", pointers[i]);
    }
    json_close(tree);
}

struct marks {
    size_t repeated, once;
};

static bool keep_first(const struct json_range *range, void *arg)
{
    *(struct json_range *)arg = *range;
    return false;
}

static bool count_marks(const struct json_range *range, void *arg)
{
    struct marks *m = arg;
    m->repeated += range->repeated ? 1 : 0;
    m->once += range->repeated ? 0 : 1;
    return true;
}

/* Nobody can tell which of them is meant, however they are spelled and whatever is inside; who wants every one
 * is given every one. The tree says the same. */
static void a_repeated_key_names_nothing_and_all_of_its_values_are_visited(void **state)
{
    (void)state;
    static const char twice[] =
        "{\"a\":{\"x\":1},\"\\u0061\":{\"x\":2,\"x\":[3]},\"l\":[{\"k\":1,\"z\":0,\"k\":2},{\"k\":"
        "3}],"
        "\"o\":{\"\\u0000\":1,\"\":2,\"\\ud83d\":3,\"\xef\xbf\xbd\":4},\"b\":5}";
    static const struct {
        const char *pointer, *want; /* NULL: not found */
        struct marks marks;
    } rows[] = {
        {"/a", NULL, {2, 0}},
        {"/a/x", NULL, {3, 0}},
        {"/a/x/0", NULL, {1, 0}},
        {"/b", "5", {0, 1}},
        {"/l/0/k", NULL, {2, 0}},
        {"/l/1/k", "3", {0, 1}},
        {"/l/0/z", "0", {0, 1}},
        {"/l/*/k", NULL, {2, 1}},
        {"/o/", "2", {0, 1}},
        {"/o/\xef\xbf\xbd", "4", {0, 1}}, /* not what half a pair shows as */
    };
    struct json *tree = NULL;
    assert_int_equal(json_open(span_of(twice), &tree, NULL), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_range range = {9, 9, 9, true};
        struct marks marks = {0, 0};
        bool found = json_find(span_of(twice), rows[i].pointer, &range);
        if (found != (rows[i].want != NULL)
            || (found && !span_is(span_cut(span_of(twice), range.at, range.len), rows[i].want)))
            fail_msg("%s: %d", rows[i].pointer, found);
        assert_false(range.repeated || (!found && range.at + range.len + range.key_at > 0));
        (void)json_find_all(span_of(twice), rows[i].pointer, count_marks, &marks);
        assert_int_equal(marks.repeated, rows[i].marks.repeated);
        assert_int_equal(marks.once, rows[i].marks.once);
        const struct json *v = json_at(tree, rows[i].pointer);
        if ((v && !json_unreadable(v)) != found)
            fail_msg("%s: %s in the tree", rows[i].pointer, json_kind_name(json_kind(v)));
    }
    json_close(tree);
}

static void the_visitor_of_repeated_keys_may_have_enough(void **state)
{
    (void)state;
    struct json_range range;
    assert_int_equal(json_find_all(span_of("{\"a\":1,\"a\":2}"), "/a", keep_first, &range), 1);
    assert_int_equal(range.at, 5);
    assert_true(range.repeated);
}

static void places_know_their_key(void **state)
{
    (void)state;
    struct json_range range;
    assert_true(json_find(span_of(text), "/data/status", &range));
    assert_int_equal(strncmp(text + range.key_at, "\"status\":", 9), 0);
    assert_true(json_find(span_of(text), "/list/1", &range));
    assert_int_equal(range.key_at, range.at);
    assert_true(json_find(span_of(" 12 "), "", &range));
    assert_int_equal(range.at, 1);
    assert_int_equal(range.len, 2);
    assert_int_equal(range.key_at, 1);
    assert_false(json_find(span_of(NULL), "", &range)); /* no bytes, no value */
}

struct matches {
    struct buf seen;
    size_t stop_after;
    size_t calls;
};

static bool note_match(const struct json_range *range, void *arg)
{
    struct matches *m = arg;
    buf_addf(&m->seen, "%.*s ", (int)range->len, text + range->at);
    return ++m->calls != m->stop_after;
}

static void stars_visit_every_element_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *pointer;
        size_t stop_after, calls;
        const char *seen;
    } rows[] = {
        {"/list/*/s", 0, 2, "10 \"],}\" "},
        {"/list/*/s", 1, 1, "10 "}, /* the visitor has enough */
        {"/list/*/*", 0, 1, "5 "},
        {"/list/1/t", 0, 1, "11 "},
        {"/*", 0, 1, "6 "}, /* in an object a star is a key */
        {"/data/*", 0, 0, ""},
        {"/list/*/nope", 0, 0, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct matches m = {.stop_after = rows[i].stop_after};
        buf_init(&m.seen, 1000);
        assert_int_equal(json_find_all(span_of(text), rows[i].pointer, note_match, &m),
                         rows[i].calls);
        assert_string_equal(m.seen.p, rows[i].seen);
        buf_fini(&m.seen);
    }
}

static void a_text_that_was_never_scanned_is_not_read_past_its_end(void **state)
{
    (void)state;
    static const char *const pointers[] = {"/data/status", "/list/2/s", "/list/*/s", "/nope/x", ""};
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n > 0 ? n : 1); /* exact room for a sanitizer */
        assert_non_null(copy);
        memcpy(copy, text, n);
        for (size_t i = 0; i < COUNT(pointers); i++) {
            struct json_range range;
            (void)json_find((struct span){copy, n}, pointers[i], &range);
            assert_true(range.at + range.len <= n);
        }
        free(copy);
    }
}

static void lines_and_columns_count_from_one(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned line, column;
    } rows[] = {{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 3, 2}, {99, 3, 2}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned line = 0;
        unsigned column = 0;
        json_line_column(span_of("ab\n\nc"), rows[i].at, &line, &column);
        assert_int_equal(line, rows[i].line);
        assert_int_equal(column, rows[i].column);
    }
}

static void comments_become_blanks_and_strings_stay(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"1 // x\n2", "1     \n2"},
        {"\"http://x\" // \"y\n", "\"http://x\"      \n"},
        {"\"a\\\"//b\"//c", "\"a\\\"//b\"   "},
        {"/ /", "/ /"},
        {"//", "  "},
        {"/", "/"},
        {"\"\\", "\"\\"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = strlen(rows[i].text);
        char *copy = malloc(n); /* exact room for a sanitizer */
        assert_non_null(copy);
        memcpy(copy, rows[i].text, n);
        json_blank_comments(copy, n);
        assert_memory_equal(copy, rows[i].want, n);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_find_their_value),
        cmocka_unit_test(every_blank_may_stand_around_what_is_found),
        cmocka_unit_test(quotes_and_brackets_inside_strings_end_nothing),
        cmocka_unit_test(a_star_passes_over_elements_of_other_kinds),
        cmocka_unit_test(trees_answer_the_same_pointers),
        cmocka_unit_test(a_repeated_key_names_nothing_and_all_of_its_values_are_visited),
        cmocka_unit_test(the_visitor_of_repeated_keys_may_have_enough),
        cmocka_unit_test(places_know_their_key),
        cmocka_unit_test(stars_visit_every_element_in_order),
        cmocka_unit_test(a_text_that_was_never_scanned_is_not_read_past_its_end),
        cmocka_unit_test(lines_and_columns_count_from_one),
        cmocka_unit_test(comments_become_blanks_and_strings_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
