/* Claims about the journal: what is written is read, what is gone is named. */
#include "mockserver/decide/journal.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SMALL = 64 << 10 };

static struct journal *open_journal(size_t bytes)
{
    struct journal *j;
    struct err e;
    if (journal_open(bytes, &j, &e))
        fail_msg("%s", e.what);
    return j;
}

static uint64_t add(struct journal *j, const char *task, const char *why)
{
    struct journal_entry entry = {.began_ms = 7,
                                  .retry_after_ms = -1,
                                  .status = 200,
                                  .task = span_of(task),
                                  .upstream = span_of("doubao"),
                                  .why = span_of(why)};
    return journal_add(j, &entry);
}

struct seen {
    uint64_t first, last, count;
    bool in_order, tasks_right;
};

/* Every entry's task is its number, so that a record written over another would show. */
static bool look(const struct journal_entry *entry, void *arg)
{
    struct seen *seen = arg;
    char task[32];
    snprintf(task, sizeof task, "%llu", (unsigned long long)entry->seq);
    if (seen->count++ == 0)
        seen->first = entry->seq;
    else if (entry->seq != seen->last + 1)
        seen->in_order = false;
    seen->last = entry->seq;
    if (!span_is(entry->task, task) || !span_is(entry->upstream, "doubao"))
        seen->tasks_right = false;
    return true;
}

static struct seen look_at(struct journal *j, uint64_t since, bool *conclusive)
{
    struct seen seen = {.in_order = true, .tasks_right = true};
    *conclusive = journal_each(j, &(struct journal_filter){.since = since}, look, &seen);
    return seen;
}

static bool compare(const struct journal_entry *entry, void *arg)
{
    const struct journal_entry *want = arg;
    assert_int_equal(entry->began_ms, want->began_ms);
    assert_int_equal(entry->retry_after_ms, want->retry_after_ms);
    assert_int_equal(entry->step, want->step);
    assert_int_equal(entry->status, want->status);
    assert_int_equal(entry->flags, want->flags);
    assert_int_equal(entry->state, want->state);
    assert_true(span_same(entry->upstream, want->upstream));
    assert_true(span_same(entry->scenario, want->scenario));
    assert_true(span_same(entry->session, want->session));
    assert_true(span_same(entry->task, want->task));
    assert_true(span_same(entry->reply, want->reply));
    assert_true(span_same(entry->method, want->method));
    assert_true(span_same(entry->target, want->target));
    assert_true(span_same(entry->faults, want->faults));
    assert_true(span_same(entry->why, want->why));
    return true;
}

static void every_field_is_read_back_as_it_was_written(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    struct journal_entry entry = {
        .began_ms = 12345,
        .retry_after_ms = 2000,
        .step = 3,
        .status = 429,
        .flags = JOURNAL_NONCE_REUSED | JOURNAL_TERMINAL,
        .state = REPLY_STATE_FAILED,
        .upstream = span_of("up"),
        .scenario = span_of("scene"),
        .session = span_of("s1"),
        .task = span_of("t-1"),
        .reply = span_of("error.overloaded"),
        .method = span_of("GET"),
        .target = {"/v1\0/x", 6}, /* any byte */
        .faults = span_of("delay 300ms"),
        .why = span_of("because"),
    };
    assert_int_equal(journal_add(j, &entry), 1);
    assert_true(journal_each(j, &(struct journal_filter){.since = 0}, compare, &entry));
    assert_int_equal(journal_last(j), 1);
    journal_close(j);
}

static bool keep_entry(const struct journal_entry *entry, void *arg)
{
    *(struct journal_entry *)arg = *entry;
    return true;
}

static void an_end_completes_its_entry_and_no_other(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    struct journal_entry got;
    add(j, "1", "");
    add(j, "2", "");
    add(j, "3", "");
    journal_end(j, 2, 99, 250, true);
    static const struct {
        uint64_t seq;
        int64_t ended_ms;
        uint64_t sent;
        int flags;
    } rows[] = {{1, 0, 0, 0}, {2, 99, 250, JOURNAL_COMPLETE}, {3, 0, 0, 0}};
    for (int i = 0; i < 3; i++) {
        struct journal_filter filter = {.task = span_of(i == 0 ? "1" : i == 1 ? "2" : "3")};
        journal_each(j, &filter, keep_entry, &got);
        assert_int_equal(got.seq, rows[i].seq);
        assert_int_equal(got.ended_ms, rows[i].ended_ms);
        assert_int_equal(got.sent_bytes, rows[i].sent);
        assert_int_equal(got.flags, rows[i].flags);
        assert_int_equal(got.status, 200);
    }
    journal_end(j, 3, 100, 0, false); /* not a byte went out: there was no status */
    journal_each(j, &(struct journal_filter){.since = 2}, keep_entry, &got);
    assert_int_equal(got.status, 0);
    assert_int_equal(got.ended_ms, 100);
    journal_end(j, 0, 1, 1, true); /* never was */
    journal_end(j, 4, 1, 1, true); /* not yet */
    journal_close(j);
}

static bool any_ended(const struct journal_entry *entry, void *arg)
{
    *(bool *)arg |= entry->ended_ms != 0;
    return true;
}

/* Records of every length, more than a hundred times round a small ring. */
static void the_oldest_go_first_and_a_question_about_them_is_inconclusive(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    char why[JOURNAL_TEXT_MAX];
    uint64_t chance = 1;
    memset(why, 'w', sizeof why);
    for (uint64_t i = 1; i <= 20000; i++) {
        char task[32];
        snprintf(task, sizeof task, "%llu", (unsigned long long)i);
        size_t cut = text_random(&chance) % sizeof why;
        why[cut] = '\0';
        assert_int_equal(add(j, task, why), i);
        why[cut] = 'w';

        bool conclusive;
        uint64_t evicted = journal_evicted(j);
        struct seen seen = look_at(j, 0, &conclusive);
        assert_int_equal(conclusive, evicted == 0);
        assert_int_equal(seen.first, evicted + 1);
        assert_int_equal(seen.last, i);
        assert_int_equal(seen.count, i - evicted);
        assert_true(seen.in_order && seen.tasks_right);
    }
    bool conclusive;
    uint64_t evicted = journal_evicted(j);
    assert_true(evicted > 19700 && evicted < 19960);
    look_at(j, evicted - 1, &conclusive);
    assert_false(conclusive);
    look_at(j, evicted, &conclusive);
    assert_true(conclusive);
    for (uint64_t i = 1; i <= evicted; i++)
        journal_end(j, i, 1, 1, true); /* evicted: nobody else is completed instead */
    bool ended = false;
    journal_each(j, &(struct journal_filter){.since = evicted}, any_ended, &ended);
    assert_false(ended);
    journal_close(j);
}

static void short_records_are_bounded_by_bytes_too(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    for (int i = 0; i < 3000; i++)
        journal_add(j, &(struct journal_entry){.status = 200});
    uint64_t held = journal_last(j) - journal_evicted(j);
    assert_true(held > 100 && held * 120 < SMALL);
    journal_close(j);
}

static void a_long_text_is_cut_at_the_maximum(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    struct journal_entry got;
    char why[JOURNAL_TEXT_MAX + 2];
    memset(why, 'w', sizeof why);
    why[sizeof why - 1] = '\0';
    add(j, "1", why);
    journal_each(j, &(struct journal_filter){.since = 0}, keep_entry, &got);
    assert_int_equal(got.why.n, JOURNAL_TEXT_MAX);
    journal_close(j);
}

static bool count(const struct journal_entry *entry, void *arg)
{
    (void)entry;
    ++*(int *)arg;
    return true;
}

static void a_filter_lets_through_what_fits_all_it_names(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    static const char *const upstreams[] = {"a", "a", "b"};
    static const char *const tasks[] = {"t", "u", "t"};
    for (int i = 0; i < 3; i++)
        journal_add(j,
                    &(struct journal_entry){.upstream = span_of(upstreams[i]),
                                            .session = span_of(i == 1 ? "s" : ""),
                                            .scenario = span_of("x"),
                                            .task = span_of(tasks[i])});
    const struct {
        struct journal_filter filter;
        int want;
    } rows[] = {
        {{.since = 0}, 3},
        {{.upstream = span_of("a")}, 2},
        {{.upstream = span_of("a"), .task = span_of("t")}, 1},
        {{.session = span_of("s")}, 1},
        {{.scenario = span_of("x")}, 3},
        {{.scenario = span_of("y")}, 0},
        {{.since = 2}, 1},
        {{.since = 3}, 0},
        {{.since = 99}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int n = 0;
        assert_true(journal_each(j, &rows[i].filter, count, &n));
        assert_int_equal(n, rows[i].want);
    }
    journal_close(j);
}

static void after_a_reset_the_numbers_go_on_and_nothing_is_inconclusive(void **state)
{
    (void)state;
    struct journal *j = open_journal(SMALL);
    for (int i = 0; i < 2000; i++)
        add(j, "x", "y");
    assert_true(journal_evicted(j) > 0);
    journal_reset(j);
    bool conclusive;
    assert_int_equal(look_at(j, 0, &conclusive).count, 0);
    assert_true(conclusive);
    assert_int_equal(journal_evicted(j), 0);
    journal_end(j, 2000, 1, 1, true); /* forgotten: no effect, no harm */
    assert_int_equal(add(j, "2001", ""), 2001);
    assert_int_equal(look_at(j, 0, &conclusive).first, 2001);
    journal_close(j);
}

static void a_journal_too_small_to_hold_the_longest_record_is_refused(void **state)
{
    (void)state;
    struct journal *j = (struct journal *)state;
    struct err e;
    assert_int_equal(journal_open(100, &j, &e), ERR_LIMIT);
    assert_null(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read_back_as_it_was_written),
        cmocka_unit_test(an_end_completes_its_entry_and_no_other),
        cmocka_unit_test(the_oldest_go_first_and_a_question_about_them_is_inconclusive),
        cmocka_unit_test(short_records_are_bounded_by_bytes_too),
        cmocka_unit_test(a_long_text_is_cut_at_the_maximum),
        cmocka_unit_test(a_filter_lets_through_what_fits_all_it_names),
        cmocka_unit_test(after_a_reset_the_numbers_go_on_and_nothing_is_inconclusive),
        cmocka_unit_test(a_journal_too_small_to_hold_the_longest_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
