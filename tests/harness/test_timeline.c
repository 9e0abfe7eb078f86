/* The drawing of a run: its axis, and from how many polls on they are columns. */
#include "evidence.h"

#include "base/buf.h"
#include "base/text.h"
#include "harness/report/report_html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MARKED_MAX = 300 };

static const struct row rows[] = {{0, 0, REPLY_STATE_QUEUED, 0, false, 0},
                                  {0, 0, REPLY_STATE_SUCCEEDED, 0, false, 1}};

/* How often a text stands in another. */
static unsigned count_of(const char *text, const char *part)
{
    unsigned n = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

/* Draws two polls so far apart. */
static void draw(int64_t span_ms, struct buf *out)
{
    struct world w;
    struct run_half half = {.ran = true};
    world_of(&w, rows, 2);
    w.polls[1].began_ms = w.polls[1].ended_ms = span_ms;
    half.evidence = w.evidence;
    buf_reset(out);
    timeline(out, &half, "id");
}

static void an_axis_has_at_most_nine_ticks_at_round_times(void **state)
{
    (void)state;
    static const struct {
        int64_t span_ms;
        const char *first; /* tick behind 0 */
        unsigned ticks;
    } cases[] = {
        {0, "200 ms", 6}, /* of a second at least */
        {1000, "200 ms", 6},     {1600, "200 ms", 9},   {1800, "500 ms", 4},
        {4000, "500 ms", 9},     {8000, "1 s", 9},      {9000, "2 s", 5},
        {16000, "2 s", 9},       {40000, "5 s", 9},     {80000, "10 s", 9},
        {120000, "15 s", 9},     {240000, "30 s", 9},   {480000, "1 m", 9},
        {960000, "2 m", 9},      {2400000, "5 m", 9},   {4800000, "10 m", 9},
        {7200000, "15 m", 9},    {14400000, "30 m", 9}, {28800000, "1 h", 9},
        {57600000, "2 h", 9},    {115200000, "4 h", 9}, {345600000, "12 h", 9},
        {864000000, "12 h", 21}, /* ten days: there is no longer step */
    };
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char wanted[64];
        draw(cases[i].span_ms, &out);
        const char *second = strstr(out.p, ">0 ms</text>");
        assert_non_null(second);
        second = strstr(second + 1, "class=\"time\"");
        snprintf(wanted, sizeof wanted, ">%s</text>", cases[i].first);
        if (!second || count_of(out.p, "class=\"tick\"") != cases[i].ticks
            || strncmp(strchr(second, '>'), wanted, strlen(wanted)) != 0)
            fail_msg("%lld ms: %u ticks, %.40s", (long long)cases[i].span_ms,
                     count_of(out.p, "class=\"tick\""), second ? strchr(second, '>') : "none");
    }
    buf_fini(&out);
}

static void three_hundred_polls_are_marked_and_more_are_columns(void **state)
{
    (void)state;
    static struct poll polls[MARKED_MAX + 1];
    struct world w;
    struct run_half half = {.ran = true};
    struct buf out;
    buf_init(&out, 4 << 20);
    world_of(&w, rows, 2);
    for (uint32_t i = 0; i <= MARKED_MAX; i++) {
        polls[i] = w.polls[0];
        polls[i].began_ms = polls[i].ended_ms = i * INT64_C(5000);
    }
    half.evidence = w.evidence;
    for (uint32_t count = MARKED_MAX; count <= MARKED_MAX + 1; count++) {
        bool columns = count > MARKED_MAX;
        half.evidence.trace = (struct trace){.polls = polls, .count = count};
        buf_reset(&out);
        timeline(&out, &half, "id");
        assert_int_equal(count_of(out.p, "<use href=\"#mark-queued\""), columns ? 0 : count);
        assert_int_equal(count_of(out.p, "<rect class=\"mark queued\"") > 0, columns);
        assert_int_equal(count_of(out.p, "<rect class=\"short\""), 0);
    }
    polls[MARKED_MAX].began_ms--; /* a millisecond too early */
    buf_reset(&out);
    timeline(&out, &half, "id");
    assert_int_equal(count_of(out.p, "<rect class=\"short\""), 1);
    buf_fini(&out);
}

static void what_was_fetched_has_a_lane_from_the_first_download_on(void **state)
{
    (void)state;
    struct download download = {.began_ms = 20, .url = (char[]){"https://a/v.mp4"}};
    struct world w;
    struct run_half half = {.ran = true};
    struct buf out;
    buf_init(&out, 1 << 20);
    world_of(&w, rows, 2);
    half.evidence = w.evidence;
    for (uint32_t count = 0; count <= 1; count++) {
        half.evidence.downloads = (struct downloads){.list = &download, .count = count};
        buf_reset(&out);
        timeline(&out, &half, "id");
        assert_int_equal(count_of(out.p, ">fetched</text>"), count);
        assert_int_equal(count_of(out.p, "#mark-download"), count);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_axis_has_at_most_nine_ticks_at_round_times),
        cmocka_unit_test(three_hundred_polls_are_marked_and_more_are_columns),
        cmocka_unit_test(what_was_fetched_has_a_lane_from_the_first_download_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
