/* Texts: durations, near words, globs, names, percent escapes, dates, chance. */
#include "cases.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void durations_are_a_number_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want; /* -1: refused */
    } rows[] = {
        {"250ms", 250},    {"0s", 0},
        {"5s", 5000},      {"1.5s", 1500},
        {"10m", 600000},   {"1h", 3600000},
        {"24h", 86400000}, {"86400000ms", 86400000},
        {"0.5h", 1800000}, {"86400001ms", -1}, /* beyond 24 h */
        {"24.1h", -1},     {"99999999999999999999s", -1},
        {"1.5ms", -1}, /* no whole milliseconds */
        {"5", -1},     /* no unit */
        {"s", -1},         {"", -1},
        {"5 s", -1},       {"5S", -1},
        {"-5s", -1},       {".5s", -1},
        {"5.s", -1},       {"1.2.3s", -1},
        {"5d", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 7;
        bool good = text_duration_ms(span_of(rows[i].text), &ms);
        if ((good ? ms : -1) != rows[i].want || (!good && ms != 0))
            fail_msg("\"%s\" gave %lld", rows[i].text, (long long)ms);
    }
}

static void milliseconds_read_well(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *want;
    } rows[] = {
        {0, "0 ms"},         {250, "250 ms"},   {5000, "5 s"},
        {1500, "1.5 s"},     {1005, "1.005 s"}, {60000, "1 m"},
        {90000, "1 m 30 s"}, {3600000, "1 h"},  {3661000, "1 h 1 m 1 s"},
        {86400000, "24 h"},  {-1500, "-1.5 s"}, {INT64_MIN, "-2562047788015 h 12 m 55.808 s"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[64];
        assert_string_equal(text_of_ms(rows[i].ms, out, sizeof out), rows[i].want);
    }
}

static void a_likely_slip_has_a_nearest_word(void **state)
{
    (void)state;
    static const char *const words[] = {"steps",    "status",     "title", "delay",
                                        "--listen", "overloaded", NULL};
    static const struct {
        const char *word, *want;
    } rows[] = {
        {"step", "steps"},  /* a letter missing */
        {"stpes", "steps"}, /* two swapped */
        {"Title", "title"}, /* case */
        {"satus", "status"},
        {"dealy", "delay"},
        {"--lisen", "--listen"},
        {"status", "status"},
        {"banana", NULL},                  /* nothing like it */
        {"overlod", "overloaded"},         /* three of its ten letters left out */
        {"overlo", NULL},                  /* four */
        {"overloadedabcde", "overloaded"}, /* five of fifteen too many */
        {"overloadedabcdef", NULL},        /* six of sixteen */
        {"x", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = text_nearest(rows[i].word, words);
        if ((got == NULL) != (rows[i].want == NULL) || (got && strcmp(got, rows[i].want) != 0))
            fail_msg("\"%s\" gave %s", rows[i].word, got ? got : "nothing");
    }
    char longer[200];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_null(text_nearest(longer, words));
}

static void one_thing_is_not_many(void **state)
{
    (void)state;
    assert_string_equal(text_count_word(0, "reply", "replies"), "replies");
    assert_string_equal(text_count_word(1, "reply", "replies"), "reply");
    assert_string_equal(text_count_word(2, "reply", "replies"), "replies");
}

static void globs_match_the_whole_text(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool want;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"a*", "a", true},
        {"doubao-overloaded-*", "doubao-overloaded-17", true},
        {"doubao-overloaded-*", "doubao-overloaded", false},
        {"*b", "aab", true},
        {"a*b*c", "axxbyybc", true},
        {"a*b*c", "axxbyyb", false},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[^a-c]x", "bx", false},
        {"[]]", "]", true},     /* first in its class: itself */
        {"[a-]", "-", true},    /* last in its class: itself */
        {"[abc", "[abc", true}, /* never closed: itself */
        {"[abc", "a", false},
        {"*[0-9]", "task7", true},
        {"A", "a", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (text_glob(rows[i].pattern, rows[i].text) != rows[i].want)
            fail_msg("\"%s\" and \"%s\"", rows[i].pattern, rows[i].text);
    }
}

static void hostile_globs_end(void **state)
{
    (void)state;
    char text[2001];
    memset(text, 'a', 2000);
    text[2000] = '\0';
    /* With a try for every star this would outlive us. */
    assert_false(text_glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static void names_are_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"queued", true}, {"error.not_found", true}, {"A-9_z", true}, {"-x", true},
        {"", false},      {".hidden", false},        {"a/b", false},  {"a b", false},
        {"..", false},    {"caf\xC3\xA9", false},    {"a\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (text_is_name(span_of(rows[i].text)) != rows[i].want)
            fail_msg("\"%s\"", rows[i].text);
    }
    char text[102];
    memset(text, 'a', 101);
    assert_true(text_is_name((struct span){text, 100}));
    assert_false(text_is_name((struct span){text, 101}));
}

static void percent_escapes_come_and_go(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* NULL: refused */
    } rows[] = {
        {"a%2Fb", "a/b"},   {"%e4%BD%a0", "\xE4\xBD\xA0"},
        {"a+b", "a+b"},     {"", ""},
        {"%", NULL},        {"%4", NULL},
        {"%4x", NULL},      {"%00", NULL},
        {"12345678", NULL}, /* with its terminator one byte too long */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[8] = "x";
        bool good = text_percent_decode(span_of(rows[i].text), out, sizeof out);
        assert_int_equal(good, rows[i].want != NULL);
        assert_string_equal(out, good ? rows[i].want : "");
    }
    struct buf b;
    buf_init(&b, 100);
    text_percent_encode(&b, span_of("aZ9-._~ /%\xE4"));
    assert_string_equal(b.p, "aZ9-._~%20%2F%25%E4");
    buf_fini(&b);
}

static void http_dates_are_read_in_three_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t want;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", true, 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", true, 784111777},
        {"Sun Nov  6 08:49:37 1994", true, 784111777},
        {"Mon, 06 Nov 1994 08:49:37 GMT", true, 784111777}, /* the day's name is not compared */
        {"Thu, 01 Jan 1970 00:00:00 GMT", true, 0},
        {"Wed, 31 Dec 1969 23:59:59 GMT", true, -1},
        {"Thu, 29 Feb 2024 12:00:00 GMT", true, 1709208000},
        {"Sat, 31 Dec 2016 23:59:60 GMT", true, 1483228800},  /* a leap second */
        {"Friday, 01-Jan-70 00:00:00 GMT", true, 0},          /* 70 is 1970 */
        {"Friday, 01-Jan-69 00:00:00 GMT", true, 3124224000}, /* 69 is 2069 */
        {"Wed, 29 Feb 2023 12:00:00 GMT", false, 0},          /* no such day */
        {"Sun, 31 Apr 1994 08:49:37 GMT", false, 0},
        {"Sun, 00 Nov 1994 08:49:37 GMT", false, 0},
        {"Sun, 06 Nov 1994 24:00:00 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:60:37 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:49:61 GMT", false, 0},
        {"Sun, 6 Nov 1994 08:49:37 GMT", false, 0}, /* one digit */
        {"Sun, 06 nov 1994 08:49:37 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:49:37 UTC", false, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT ", false, 0},
        {"Sun, 06 Nov -994 08:49:37 GMT", false, 0},
        {"Sun Nov 06 08:49:37", false, 0},
        {"120", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t s = 7;
        if (text_http_date(span_of(rows[i].text), &s) != rows[i].good || s != rows[i].want)
            fail_msg("\"%s\" gave %lld", rows[i].text, (long long)s);
    }
}

static void rfc_3339_is_read_as_programs_write_it(void **state)
{
    (void)state;
    enum { BAD = -7 };
    static const struct {
        const char *text;
        int64_t s; /* BAD: it is none */
        uint64_t atto;
    } rows[] = {
        {"2024-01-15T16:00:00.000Z", 1705334400, 0},
        {"2024-01-15T16:00:00Z", 1705334400, 0},
        {"2024-01-15t16:00:00.5z", 1705334400, 500000000000000000},
        {" 2024-01-15 16:00:00,25 ", 1705334400, 250000000000000000}, /* no zone is UTC */
        {"2024-01-15T16:00", 1705334400, 0},
        {"2024-01-15T18:00:00.0000000+02:00", 1705334400, 0},
        {"2024-01-15T10:30:00-0530", 1705334400, 0},
        {"2024-01-15T17:00:00+01", 1705334400, 0},
        {"2024-01-15T16:00:00.000000000000000001Z", 1705334400, 1},
        {"2024-01-15T16:00:00.0000000000000000019999Z", 1705334400, 1}, /* beyond eighteen digits */
        {"2016-12-31T23:59:60Z", 1483228800, 0},                        /* a leap second */
        {"1969-12-31T23:59:59.9Z", -1, 900000000000000000},
        {"0001-01-01T00:00:00", -62135596800, 0}, /* what .NET writes for no time */
        {"2024-02-30T16:00:00Z", BAD, 0},
        {"2024-13-01T16:00:00Z", BAD, 0},
        {"2024-00-01T16:00:00Z", BAD, 0},
        {"2024-01-15T24:00:00Z", BAD, 0},
        {"2024-01-15T16:00:00.Z", BAD, 0},
        {"2024-01-15T16:00:00+1:00", BAD, 0},
        {"2024-01-15T16:00:00+24:00", BAD, 0},
        {"2024-01-15T16:00:00+01:", BAD, 0},
        {"2024-01-15T16:00:00Zx", BAD, 0},
        {"2024-01-15T16", BAD, 0},
        {"2024-01-15", BAD, 0},
        {"24-01-15T16:00:00Z", BAD, 0},
        {"", BAD, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text_moment at = {9, 9};
        bool good = text_rfc3339(span_of(rows[i].text), &at);
        bool wanted = rows[i].s != BAD;
        if (good != wanted || at.s != (wanted ? rows[i].s : 0) || at.atto != rows[i].atto)
            fail_msg("\"%s\" gave %lld and %llu", rows[i].text, (long long)at.s,
                     (unsigned long long)at.atto);
    }
}

static void dates_read_back_as_they_were_written(void **state)
{
    (void)state;
    char out[40];
    assert_string_equal(text_of_http_date(784111777, out, sizeof out),
                        "Sun, 06 Nov 1994 08:49:37 GMT");
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        int64_t s = (int64_t)(text_random(&seed) % UINT64_C(300000000000)) - INT64_C(50000000000);
        int64_t again = 0;
        assert_true(text_http_date(span_of(text_of_http_date(s, out, sizeof out)), &again)
                    || *out == '\0');
        assert_true(again == s || *out == '\0');
    }
    assert_string_equal(text_of_http_date(INT64_MAX, out, sizeof out), "");
    assert_string_equal(text_of_http_date(INT64_MIN, out, sizeof out), "");
}

static void zones_do_not_matter(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Shanghai", 1), 0);
    int64_t s = 0;
    assert_true(text_http_date(span_of("Sun, 06 Nov 1994 08:49:37 GMT"), &s));
    assert_int_equal(s, 784111777);
    assert_int_equal(unsetenv("TZ"), 0);
}

static void recordings_get_milliseconds(void **state)
{
    (void)state;
    char out[40];
    assert_string_equal(text_of_rfc3339(INT64_C(1705334400000), out, sizeof out),
                        "2024-01-15T16:00:00.000Z");
    assert_string_equal(text_of_rfc3339(-1, out, sizeof out), "1969-12-31T23:59:59.999Z");
    assert_string_equal(text_of_rfc3339(INT64_MAX, out, sizeof out), "");
}

static void one_seed_gives_one_course_of_numbers(void **state)
{
    (void)state;
    uint64_t seed = 0; /* the generator's published first values for 0 */
    assert_true(text_random(&seed) == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(text_random(&seed) == UINT64_C(0x6E789E6AA1B965F4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_a_number_and_a_unit),
        cmocka_unit_test(milliseconds_read_well),
        cmocka_unit_test(a_likely_slip_has_a_nearest_word),
        cmocka_unit_test(one_thing_is_not_many),
        cmocka_unit_test(globs_match_the_whole_text),
        cmocka_unit_test(hostile_globs_end),
        cmocka_unit_test(names_are_plain),
        cmocka_unit_test(percent_escapes_come_and_go),
        cmocka_unit_test(http_dates_are_read_in_three_forms),
        cmocka_unit_test(rfc_3339_is_read_as_programs_write_it),
        cmocka_unit_test(dates_read_back_as_they_were_written),
        cmocka_unit_test(zones_do_not_matter),
        cmocka_unit_test(recordings_get_milliseconds),
        cmocka_unit_test(one_seed_gives_one_course_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
