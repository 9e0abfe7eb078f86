/* The two scans: exact places, what only the strict one refuses, limits, and no blow-up on hostile keys. */
#include "cases.h"

#include "base/json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAWFUL = 1000 };

typedef int scanner(struct span text, size_t *at, struct err *e);

static void check_fault(scanner *scan, const char *text, size_t want)
{
    struct err e = {0};
    size_t at = 99;
    char where[32];
    int code = scan(span_of(text), &at, &e);
    if (want == LAWFUL && code == 0 && at == 0)
        return;
    (void)snprintf(where, sizeof where, "byte %zu", want);
    if (code != ERR_SYNTAX || at != want || strcmp(e.where, where) != 0)
        fail_msg("%s gave %d at %zu: %s: %s", text, code, at, e.where, e.what);
}

static void faults_are_placed_at_the_first_byte_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;         /* in a strict scan */
        size_t grammar_at; /* in one by the grammar; 0 when at, and LAWFUL when there is no fault */
    } rows[] = {
        {"", 0, 0}, /* ends too early */
        {"  ", 2, 0},
        {"{\"a\":1", 6, 0},
        {"[1,2", 4, 0},
        {"\"abc", 4, 0},
        {"tru", 3, 0},
        {"trux", 3, 0},
        {"nulL", 3, 0},
        {"[1,]", 3, 0},
        {"[,1]", 1, 0},
        {"{\"a\":1,}", 7, 0},
        {"{a:1}", 1, 0},
        {"{\"a\" 1}", 5, 0},
        {"{\"a\":1 \"b\":2}", 7, 0},
        {"[1}", 2, 0},
        {"1 2", 2, 0},
        {"01", 1, 0}, /* the second digit */
        {"-", 1, 0},
        {"-x", 1, 0},
        {"1.", 2, 0},
        {"1.x", 2, 0},
        {"1e", 2, 0},
        {"1e+", 3, 0},
        {"+1", 0, 0},
        {".5", 0, 0},
        {"1e999", 0, LAWFUL}, /* out of range: where the number begins */
        {"[-1e999]", 1, LAWFUL},
        {"\"\t\"", 1, 0}, /* a raw control character */
        {"\"\x1F\"", 1, 0},
        {"\"\x01\"", 1, 0},
        {"\"\xFF\"", 1, 0},
        {"\"\\uDC00\"", 4, LAWFUL}, /* upper case too */
        {"\"\\uDFFF\"", 4, LAWFUL},
        {"\"\\uDbFf\"", 7, LAWFUL},
        {"\"\\uD83D\\uDE0g\"", 12, 0},
        {"\"\\uD83D\\uDE0\"", 12, 0},
        {"\"\\u00@0\"", 5, 0},
        {"\"\\u00G0\"", 5, 0},
        {"\"\\u00`0\"", 5, 0},
        {"\"\\u00/0\"", 5, 0},
        {"\"\\u00:0\"", 5, 0},
        {"\"\\x\"", 2, 0},
        {"\"\\u12g4\"", 5, 0},
        {"\"\\u0000\"", 6, LAWFUL}, /* the digit that makes it NUL */
        {"\"\\udc00\"", 4, LAWFUL}, /* the digit that makes it a second half */
        {"\"\\ud800\"", 7, LAWFUL},
        {"\"\\ud800x\"", 7, LAWFUL},
        {"\"\\ud800\\n\"", 8, LAWFUL},
        {"\"\\ud800\\ue000\"", 9, LAWFUL},
        {"\"\\ud800\\ud800\"", 10, LAWFUL},
        {"\"\xC0\x80\"", 1, 0},         /* longer than needed */
        {"\"\xE4\xBD\"", 3, 0},         /* cut: the quote cannot go on */
        {"\"\xED\xA0\x80\"", 2, 0},     /* a surrogate in UTF-8 */
        {"\"\xF4\x90\x80\x80\"", 2, 0}, /* beyond U+10FFFF */
        {"\"\x80\"", 1, 0},
        {"\xEF\xBB\xBF{}", 0, 0},         /* a byte order mark */
        {"{\"a\":1,\"a\":2}", 7, LAWFUL}, /* a key again: where that key begins */
        {"{\"a\":1,\"\\u0061\":2}", 7, LAWFUL},
        {"{\"\xC3\xA9\":1,\"\\u00e9\":2}", 8, LAWFUL},
        {"{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}", 10, LAWFUL},
        {"{\"a\":1,\"a\":2,x", 7, 13}, /* the earlier of two faults */
        {"[{\"a\":1,\"a\":2,x", 8, 14},
        {"{\"a\":1,\"a\":{\"b\":1,\"b\":2}}", 7, LAWFUL},
        {"{\"a\":{\"b\":1,\"b\":2},\"a\":1}", 12, LAWFUL},
        {"{} // no", 3, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t grammar_at = rows[i].grammar_at > 0 ? rows[i].grammar_at : rows[i].at;
        check_fault(json_scan_strict, rows[i].text, rows[i].at);
        check_fault(json_scan, rows[i].text, grammar_at);
    }
}

static void good_texts_pass(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0",
        "-0",
        "-0.5e-7",
        " [ ] ",
        "{}",
        "\"\"",
        "\t\r\n null \n",
        "[1,[2,{\"a\":[{}]}],\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"]",
        "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",    /* one name in several objects */
        "{\"\":1,\"a\":2,\"A\":3,\"a \":4,\"a\\n\":5}", /* names that only look alike */
        "\"\x7F\"",
        "\"\\uaAfF\\uFfAa\\u09af\\u0001\\uDBFF\\uDFFF\\ud800\\udc00\\ud7ff\\ue000\\uDB00\\uDF00\"",
        "\"\xF4\x8F\xBF\xBF\"",
        "1e308",
        "1E-5",
        "1e-999",
        "0e999999999999999999",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = {0};
        if (json_scan(span_of(rows[i]), NULL, &e) != 0
            || json_scan_strict(span_of(rows[i]), NULL, &e) != 0)
            fail_msg("%s: %s: %s", rows[i], e.where, e.what);
    }
}

/* What the grammar allows although nobody can use it, and what is a fault all the same. */
static void half_pairs_nul_huge_numbers_and_repeated_keys_are_lawful_but_not_strictly(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "\"\\ud83d\"",
        "\"\\udbff\\ud800\\udc00\"", /* a half, then a pair */
        "\"\\ude00\\ud83d\"",        /* the wrong way round */
        "\"\\uDFFF\\uDFFF\"",
        "\"\\ud800\\\\udc00\"", /* what looks like a second half begins with a backslash */
        "{\"\\ud800\":\"\\u0000\"}",
        "{\"a\\u0000\":1}",
        "-1e400",
        "[1E+999,-0.1e999]",
        "{\"a\":{\"a\":1},\"a\":{\"a\":2}}",
        "{\"\":1,\"\":2}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = {0};
        if (json_scan(span_of(rows[i]), NULL, &e) != 0)
            fail_msg("%s: %s: %s", rows[i], e.where, e.what);
        if (json_scan_strict(span_of(rows[i]), NULL, NULL) != ERR_SYNTAX)
            fail_msg("%s passes strictly", rows[i]);
        char cut[64];
        for (size_t n = 0; rows[i][0] != '-' && n < strlen(rows[i]); n++) {
            size_t at = 99;
            assert_true(span_copy((struct span){rows[i], n}, cut, sizeof cut));
            assert_int_equal(json_scan(span_of(cut), &at, NULL), ERR_SYNTAX);
            assert_int_equal(at, n);
        }
    }
}

/* Without an exponent only a long number can leave the range of a double. */
static void a_number_of_many_digits_passes_while_a_double_reaches_it(void **state)
{
    (void)state;
    static const struct {
        size_t digits;
        int code;
    } rows[] = {{299, 0}, {300, 0}, {301, 0}, {308, 0}, {309, 0}, {310, ERR_SYNTAX}};
    char text[400];
    memset(text, '1', sizeof text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t at = 99;
        assert_int_equal(json_scan_strict((struct span){text, rows[i].digits}, &at, NULL),
                         rows[i].code);
        assert_int_equal(at, 0);
        assert_int_equal(json_scan((struct span){text, rows[i].digits}, &at, NULL), 0);
    }
}

static void nul_bytes_do_not_end_the_text(void **state)
{
    (void)state;
    size_t at = 0;
    assert_int_equal(json_scan((struct span){"1\0", 2}, &at, NULL), ERR_SYNTAX);
    assert_int_equal(at, 1);
    assert_int_equal(json_scan((struct span){"\"\0\"", 3}, &at, NULL), ERR_SYNTAX);
    assert_int_equal(at, 1);
    assert_int_equal(json_scan((struct span){NULL, 0}, &at, NULL), ERR_SYNTAX);
}

static void sixty_four_levels_pass_and_one_more_does_not(void **state)
{
    (void)state;
    char text[2 * 65];
    size_t at = 0;
    struct err e = {0};
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_int_equal(json_scan((struct span){text + 1, 128}, &at, &e), 0);
    assert_int_equal(json_scan((struct span){text, 130}, &at, &e), ERR_LIMIT);
    assert_int_equal(at, 64);
    assert_non_null(strstr(e.what, "64"));
}

static void a_text_beyond_the_maximum_is_refused(void **state)
{
    (void)state;
    struct buf b;
    struct err e = {0};
    buf_init(&b, JSON_TEXT_MAX + 1);
    for (size_t i = 0; i < JSON_TEXT_MAX; i++)
        buf_add_char(&b, i == 0 ? '1' : ' ');
    assert_int_equal(json_scan(buf_span(&b), NULL, &e), 0);
    buf_add_char(&b, ' ');
    assert_int_equal(json_scan(buf_span(&b), NULL, &e), ERR_LIMIT);
    assert_non_null(strstr(e.what, "16777216"));
    buf_fini(&b);
}

/* An object of many keys that begin alike, so that the hash of their beginnings helps nobody. */
static void add_keys(struct buf *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buf_addf(b, "%s\"a-common-beginning-%u\":%u", i > 0 ? "," : "{", i, i);
}

static void many_keys_are_compared_too(void **state)
{
    (void)state;
    static const unsigned counts[] = {2, 31, 32, 33, 64, 65, 1000, 50000};
    /* Two repeated, in either order: the earlier place counts, not the earlier name. */
    static const char *const repeated[] = {
        "\"a-common-\\u0062eginning-1\":0,\"a-common-beginning-0\":0}",
        "\"a-common-beginning-0\":0,\"a-common-\\u0062eginning-1\":0}",
    };
    for (size_t i = 0; i < COUNT(counts) * COUNT(repeated); i++) {
        struct buf b;
        size_t at = 0;
        buf_init(&b, JSON_TEXT_MAX);
        add_keys(&b, counts[i / COUNT(repeated)]);
        buf_add_char(&b, '}');
        assert_int_equal(json_scan_strict(buf_span(&b), &at, NULL), 0);
        size_t wanted = b.n;
        b.p[b.n - 1] = ',';
        buf_add_text(&b, repeated[i % COUNT(repeated)]);
        assert_int_equal(json_scan_strict(buf_span(&b), &at, NULL), ERR_SYNTAX);
        assert_int_equal(at, wanted);
        assert_int_equal(json_scan(buf_span(&b), &at, NULL), 0);
        buf_fini(&b);
    }
}

static void each_fault_is_told_in_its_own_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
    } rows[] = {
        {"[1", "the text ends too early"},        {"{\"a\"", "the text ends too early"},
        {"\"a", "the text ends too early"},       {"[1}", "a comma or ] is missing"},
        {"{\"a\":1]", "a comma or } is missing"}, {"\xEF\xBB\xBF{}", "a byte order mark"},
        {"\xEF\xBB{}", "a value is missing"},     {" \xEF\xBB\xBF{}", "a value is missing"},
        {"\xEF\xBB", "a value is missing"},       {"\xEF\xBB\xBF", "a byte order mark"},
        {"{} x", "something follows the value"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = {0};
        assert_int_equal(json_scan(span_of(rows[i].text), NULL, &e), ERR_SYNTAX);
        assert_string_equal(e.what, rows[i].what);
    }
}

/* The inner object's many keys are compared among themselves, and leave the outer ones as they were. */
static void many_keys_inside_do_not_disturb_those_outside(void **state)
{
    (void)state;
    static const unsigned counts[] = {3, 16, 17, 40, 100};
    for (size_t i = 0; i < 3 * COUNT(counts); i++) {
        unsigned outer = counts[i / 3];
        struct buf b;
        size_t at = 0;
        buf_init(&b, 1 << 20);
        add_keys(&b, outer);
        buf_add_text(&b, ",\"inside\":");
        add_keys(&b, outer + 20);
        size_t inner_at = b.n + 1;
        if (i % 3 == 1)
            buf_add_text(&b, ",\"a-common-beginning-5\":0");
        buf_add_text(&b, "},\"last\":0");
        size_t outer_at = b.n + 1;
        if (i % 3 == 2)
            buf_add_text(&b, ",\"a-common-beginning-2\":0");
        buf_add_text(&b, "}");
        int code = json_scan_strict(buf_span(&b), &at, NULL);
        assert_int_equal(code, i % 3 == 0 ? 0 : ERR_SYNTAX);
        assert_int_equal(at, i % 3 == 0 ? 0 : i % 3 == 1 ? inner_at : outer_at);
        buf_fini(&b);
    }
}

static void every_cut_of_a_text_is_refused_at_its_end(void **state)
{
    (void)state;
    static const char text[] =
        "{\"k\\u00e9y\":[1.5e3,true,null,\"\\ud83d\\ude00\xE4\xBD\xA0\"],\"b\":{}}";
    for (size_t n = 0; n + 1 < sizeof text; n++) {
        size_t at = 0;
        char *copy = malloc(n > 0 ? n : 1); /* exact room: a sanitizer sees a read past the end */
        assert_non_null(copy);
        memcpy(copy, text, n);
        assert_int_equal(json_scan((struct span){copy, n}, &at, NULL), ERR_SYNTAX);
        assert_int_equal(at, n);
        assert_int_equal(json_scan_strict((struct span){copy, n}, &at, NULL), ERR_SYNTAX);
        assert_int_equal(at, n);
        free(copy);
    }
    assert_int_equal(json_scan(span_of(text), NULL, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_placed_at_the_first_byte_that_cannot_be),
        cmocka_unit_test(good_texts_pass),
        cmocka_unit_test(half_pairs_nul_huge_numbers_and_repeated_keys_are_lawful_but_not_strictly),
        cmocka_unit_test(a_number_of_many_digits_passes_while_a_double_reaches_it),
        cmocka_unit_test(nul_bytes_do_not_end_the_text),
        cmocka_unit_test(sixty_four_levels_pass_and_one_more_does_not),
        cmocka_unit_test(a_text_beyond_the_maximum_is_refused),
        cmocka_unit_test(many_keys_are_compared_too),
        cmocka_unit_test(each_fault_is_told_in_its_own_words),
        cmocka_unit_test(many_keys_inside_do_not_disturb_those_outside),
        cmocka_unit_test(every_cut_of_a_text_is_refused_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
