/* When a fast clock's run is judged, and when it says instead at which speed to try. */
#include "harness/external/honesty.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { INTERVAL_MS = 5000, WITHIN_MS = 100000, POLLS = 4 };

static const struct upstream upstream = {.contract = {.polite.interval_ms = INTERVAL_MS}};
static const struct scenario scenario = {.expect = {.within_ms = WITHIN_MS}};
static const struct reply reply = {.name = "queued"};

/* Polls of a client that began after start_ms and then waited wait_ms after each reply. */
static bool doubts(int64_t start_ms, int64_t wait_ms, int64_t retry_after_ms, char why[128])
{
    struct poll polls[POLLS];
    struct evidence evidence = {
        .upstream = &upstream, .scenario = &scenario, .trace = {.polls = polls, .count = POLLS}};
    for (uint32_t i = 0; i < POLLS; i++)
        polls[i] = (struct poll){.began_ms = start_ms + i * wait_ms,
                                 .ended_ms = start_ms + i * wait_ms,
                                 .retry_after_ms = retry_after_ms,
                                 .reply = &reply,
                                 .status = 200,
                                 .flags = JOURNAL_COMPLETE,
                                 .ended = true};
    why[0] = '\0';
    return honesty_doubts(&evidence, 60, 0, why, 128);
}

static void a_client_is_doubted_from_half_an_interval_of_loss_on(void **state)
{
    (void)state;
    char why[128];
    assert_false(doubts(0, INTERVAL_MS, -1, why));
    assert_false(doubts(0, INTERVAL_MS + INTERVAL_MS / 2, -1, why));
    assert_true(doubts(0, INTERVAL_MS + INTERVAL_MS / 2 + 1, -1, why));
    assert_true(doubts(0, INTERVAL_MS + 105000, -1, why));
    assert_string_equal(why, "at speed 60 this client loses 105 s a poll; try --speed 1");
    assert_true(doubts(0, INTERVAL_MS + 10000, -1, why));
    assert_string_equal(why, "at speed 60 this client loses 10 s a poll; try --speed 15");
}

static void a_wait_that_a_reply_asked_for_is_no_loss(void **state)
{
    (void)state;
    char why[128];
    assert_false(doubts(0, 60000, 60000, why));
}

static void so_is_one_that_starts_after_half_of_its_bound(void **state)
{
    (void)state;
    char why[128];
    assert_false(doubts(WITHIN_MS / 2, INTERVAL_MS, -1, why));
    assert_true(doubts(WITHIN_MS, INTERVAL_MS, -1, why));
    assert_string_equal(why, "at speed 60 this client takes 100 s to start; try --speed 30");
}

static void without_polls_there_is_nothing_to_doubt(void **state)
{
    (void)state;
    char why[128];
    struct evidence evidence = {.upstream = &upstream, .scenario = &scenario};
    assert_false(honesty_doubts(&evidence, 60, 0, why, sizeof why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_is_doubted_from_half_an_interval_of_loss_on),
        cmocka_unit_test(a_wait_that_a_reply_asked_for_is_no_loss),
        cmocka_unit_test(so_is_one_that_starts_after_half_of_its_bound),
        cmocka_unit_test(without_polls_there_is_nothing_to_doubt),
    };
    return cmocka_run_group_tests_name("honesty", tests, NULL, NULL);
}
