/* The policy, a row a case: what is known after a poll, and what to do about it. */
#include "client/poll/policy.h"
#include "client/poll/retry_after.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND };

/* Every 5 s for 10 minutes. */
static const struct policy usual = {.interval_ms = 5 * SECOND, .timeout_ms = 10 * MINUTE};

struct row {
    struct policy_fact fact;
    enum policy_verb verb;
    int64_t wait_ms;
};

static void check_rows(const struct policy *p, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct policy_answer a = policy_decide(p, &rows[i].fact);
        if (a.verb != rows[i].verb || a.wait_ms != rows[i].wait_ms) {
            fail_msg("row %zu: should be %d after %" PRId64 " ms, is %d after %" PRId64 " ms", i,
                     (int)rows[i].verb, rows[i].wait_ms, (int)a.verb, a.wait_ms);
        }
    }
}

#define ROWS(policy, rows) check_rows(policy, rows, sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */

static void an_ended_task_is_done_and_an_open_one_waits_the_interval(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* the two ends */
        {{.state = TASK_SUCCEEDED, .http_status = 200, .retry_after_ms = -1}, POLICY_DONE, 0},
        {{.state = TASK_FAILED, .http_status = 200, .retry_after_ms = -1}, POLICY_DONE, 0},
        /* an end counts even when it comes past the deadline, or with Retry-After */
        {{.state = TASK_SUCCEEDED, .http_status = 200, .retry_after_ms = 9000,
          .elapsed_ms = 11 * MINUTE}, POLICY_DONE, 0},
        /* open */
        {{.state = TASK_QUEUED, .http_status = 200, .retry_after_ms = -1}, POLICY_WAIT, 5000},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1}, POLICY_WAIT, 5000},
        /* chance does not move an interval */
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1, .random = 777777},
         POLICY_WAIT, 5000},
    };
    ROWS(&usual, rows);
}

static void refusals_for_good_end_the_wait_at_once(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{.error = TASK_ERROR_PERMANENT, .http_status = 400, .retry_after_ms = -1, .transients = 1},
         POLICY_REFUSED, 0},
        {{.error = TASK_ERROR_NOT_FOUND, .http_status = 404, .retry_after_ms = -1, .transients = 1},
         POLICY_REFUSED, 0},
        /* not even Retry-After makes it worth asking again */
        {{.error = TASK_ERROR_UNAUTHORIZED, .http_status = 401, .retry_after_ms = 1000, .transients = 1},
         POLICY_REFUSED, 0},
    };
    ROWS(&usual, rows);
}

static void a_task_not_found_at_the_first_answer_is_asked_for_once_more(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{.error = TASK_ERROR_NOT_FOUND, .first = true, .http_status = 404, .retry_after_ms = -1,
          .transients = 1}, POLICY_WAIT, 5000},
        /* in whatever form the upstream says it */
        {{.error = TASK_ERROR_NOT_FOUND, .first = true, .http_status = 400, .retry_after_ms = -1,
          .transients = 1}, POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_NOT_FOUND, .first = true, .http_status = 200, .retry_after_ms = -1,
          .transients = 1}, POLICY_WAIT, 5000},
        /* at any later answer it is not */
        {{.error = TASK_ERROR_NOT_FOUND, .http_status = 404, .retry_after_ms = -1, .transients = 2},
         POLICY_REFUSED, 0},
        /* where no repeat fits, it is refused, not out of time */
        {{.error = TASK_ERROR_NOT_FOUND, .first = true, .http_status = 404, .retry_after_ms = -1,
          .transients = 1, .elapsed_ms = 10 * MINUTE}, POLICY_REFUSED, 0},
        /* no other refusal is repeated, first or not */
        {{.error = TASK_ERROR_UNAUTHORIZED, .first = true, .http_status = 401, .retry_after_ms = -1,
          .transients = 1}, POLICY_REFUSED, 0},
        {{.error = TASK_ERROR_PERMANENT, .first = true, .http_status = 400, .retry_after_ms = -1,
          .transients = 1}, POLICY_REFUSED, 0},
    };
    ROWS(&usual, rows);
}

static void troubles_wait_longer_each_time_but_never_less_than_the_interval(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* the first waits the interval: there is nothing to draw from */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 1,
          .random = 123456789}, POLICY_WAIT, 5000},
        /* the second draws from 5000..10000: both ends */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 2,
          .random = 0}, POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 2,
          .random = 5000}, POLICY_WAIT, 10000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 2,
          .random = 5001}, POLICY_WAIT, 5000},
        /* unreadable replies and lost exchanges are transient failures like others */
        {{.error = TASK_ERROR_SYNTAX, .http_status = 200, .retry_after_ms = -1, .transients = 3,
          .random = 15000}, POLICY_WAIT, 20000},
        {{.error = TASK_ERROR_CONTRACT, .http_status = 200, .retry_after_ms = -1, .transients = 4,
          .random = 35000}, POLICY_WAIT, 40000},
        {{.error = TASK_ERROR_LIMIT, .http_status = 200, .retry_after_ms = -1, .transients = 1},
         POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 0, .retry_after_ms = -1, .transients = 1},
         POLICY_WAIT, 5000},
        /* capped at a minute from the fifth on */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 5,
          .random = 55000}, POLICY_WAIT, 60000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 8,
          .random = 55000}, POLICY_WAIT, 60000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 8,
          .random = 55001}, POLICY_WAIT, 5000},
    };
    ROWS(&usual, rows);
}

static void an_interval_beyond_the_cap_stays_the_wait(void **state)
{
    (void)state;
    static const struct policy slow = {.interval_ms = 2 * MINUTE, .timeout_ms = 60 * MINUTE};
    static const struct row rows[] = {
        {{.error = TASK_ERROR_TRANSIENT, .retry_after_ms = -1, .transients = 8, .random = 99},
         POLICY_WAIT, 2 * MINUTE},
    };
    ROWS(&slow, rows);
}

static void patience_has_a_budget_for_troubles_and_another_for_unknown_statuses(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* eight in a row are borne, the ninth is not */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 8},
         POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 9},
         POLICY_GIVE_UP_TRANSIENT, 0},
        {{.error = TASK_ERROR_SYNTAX, .http_status = 200, .retry_after_ms = -1, .transients = 9},
         POLICY_GIVE_UP_TRANSIENT, 0},
        /* even when the service asks to come again */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 1000, .transients = 9},
         POLICY_GIVE_UP_TRANSIENT, 0},
        /* unknown statuses have their own, larger one, and wait the plain interval */
        {{.state = TASK_UNKNOWN, .http_status = 200, .retry_after_ms = -1, .unknowns = 60},
         POLICY_WAIT, 5000},
        {{.state = TASK_UNKNOWN, .http_status = 200, .retry_after_ms = -1, .unknowns = 61},
         POLICY_GIVE_UP_UNKNOWN, 0},
        /* the two do not add up */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 8,
          .unknowns = 60}, POLICY_WAIT, 5000},
    };
    ROWS(&usual, rows);
}

static void retry_after_lengthens_a_wait_where_it_may_and_never_shortens_it(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 30000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 503, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 30000},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = 30000}, POLICY_WAIT, 30000},
        /* also on an answer nobody could read */
        {{.error = TASK_ERROR_SYNTAX, .http_status = 200, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 30000},
        /* it replaces the backoff: the service knows better than our dice */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 7000, .transients = 5,
          .random = 55000}, POLICY_WAIT, 7000},
        /* shorter than the interval, or at once: the interval */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 1000, .transients = 1},
         POLICY_WAIT, 5000},
        {{.state = TASK_QUEUED, .http_status = 200, .retry_after_ms = 0}, POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 0, .transients = 1},
         POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 503, .retry_after_ms = 0, .transients = 1},
         POLICY_WAIT, 5000},
        /* it means nothing elsewhere */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 408, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 5000},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 0, .retry_after_ms = 30000, .transients = 1},
         POLICY_WAIT, 5000},
        /* up to the deadline it is waited out, and beyond it nothing is */
        {{.state = TASK_QUEUED, .http_status = 200, .retry_after_ms = 10 * MINUTE},
         POLICY_WAIT, 10 * MINUTE},
        {{.state = TASK_QUEUED, .http_status = 200, .retry_after_ms = 10 * MINUTE + 1},
         POLICY_GIVE_UP_RETRY_AFTER, 0},
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = RETRY_AFTER_MAX_MS,
          .transients = 1}, POLICY_GIVE_UP_RETRY_AFTER, 0},
    };
    ROWS(&usual, rows);
}

static void the_last_try_comes_as_late_as_it_can_and_never_too_early(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* 10 s left: one poll after 5 s and another at the deadline fit */
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 10000}, POLICY_WAIT, 5000},
        /* 9999 ms left: only one fits, and it is kept for the last second */
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 9999}, POLICY_WAIT, 8999},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 6001}, POLICY_WAIT, 5001},
        /* less than a second remains after the interval: the interval all the same */
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 5500}, POLICY_WAIT, 5000},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 5000}, POLICY_WAIT, 5000},
        /* no polite poll fits any more */
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE - 4999}, POLICY_GIVE_UP_TIME, 0},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 10 * MINUTE}, POLICY_GIVE_UP_TIME, 0},
        {{.state = TASK_RUNNING, .http_status = 200, .retry_after_ms = -1,
          .elapsed_ms = 99 * MINUTE}, POLICY_GIVE_UP_TIME, 0},
        /* a long backoff is cut short so that one more try fits */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 500, .retry_after_ms = -1, .transients = 5,
          .random = 55000, .elapsed_ms = 10 * MINUTE - 30000}, POLICY_WAIT, 29000},
        /* a Retry-After is not: the last try waits for it, too */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 29500, .transients = 1,
          .elapsed_ms = 10 * MINUTE - 30000}, POLICY_WAIT, 29500},
        /* past the deadline it is time that ran out, whatever the service asks for */
        {{.error = TASK_ERROR_TRANSIENT, .http_status = 429, .retry_after_ms = 30000, .transients = 1,
          .elapsed_ms = 10 * MINUTE}, POLICY_GIVE_UP_TIME, 0},
    };
    ROWS(&usual, rows);
}

/* clang-format on */

/* Sunday 6 November 1994 08:49:37 UTC, the date of RFC 9110. */
static const int64_t RFC_DATE_MS = 784111777000;

static void retry_after_is_seconds_or_a_date_and_nothing_else(void **state)
{
    (void)state;
    const struct {
        const char *value;
        int64_t now_ms;
        int64_t wait_ms;
    } rows[] = {
        {"0", 0, 0},
        {"2", 0, 2000},
        {" 120\t", 0, 120000},
        {"007", 0, 7000},
        /* far away is far away, however many digits say so */
        {"31622400", 0, RETRY_AFTER_MAX_MS},
        {"31622401", 0, RETRY_AFTER_MAX_MS},
        {"99999999999999999999999999", 0, RETRY_AFTER_MAX_MS},
        {"18446744073709551617", 0, RETRY_AFTER_MAX_MS}, /* 2^64 + 1 */
        /* all three forms of an HTTP-date */
        {"Sun, 06 Nov 1994 08:49:37 GMT", RFC_DATE_MS - 2500, 2500},
        {"Sunday, 06-Nov-94 08:49:37 GMT", RFC_DATE_MS - 1000, 1000},
        {"Sun Nov  6 08:49:37 1994", RFC_DATE_MS - 1000, 1000},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0, RETRY_AFTER_MAX_MS},
        /* a date that has passed asks for nothing */
        {"Sun, 06 Nov 1994 08:49:37 GMT", RFC_DATE_MS + 1, 0},
        /* malformed: as if it were not there */
        {"", 0, -1},
        {" ", 0, -1},
        {"-1", 0, -1},
        {"+1", 0, -1},
        {"1.5", 0, -1},
        {"5s", 0, -1},
        {"1 2", 0, -1},
        {"soon", 0, -1},
        {"Sun, 06 Nov 1994", 0, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t got = retry_after_ms(span_of(rows[i].value), rows[i].now_ms);
        if (got != rows[i].wait_ms) {
            fail_msg("'%s' should be %" PRId64 ", is %" PRId64, rows[i].value, rows[i].wait_ms,
                     got);
        }
    }
    assert_int_equal(retry_after_ms((struct span){0}, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ended_task_is_done_and_an_open_one_waits_the_interval),
        cmocka_unit_test(refusals_for_good_end_the_wait_at_once),
        cmocka_unit_test(a_task_not_found_at_the_first_answer_is_asked_for_once_more),
        cmocka_unit_test(troubles_wait_longer_each_time_but_never_less_than_the_interval),
        cmocka_unit_test(an_interval_beyond_the_cap_stays_the_wait),
        cmocka_unit_test(patience_has_a_budget_for_troubles_and_another_for_unknown_statuses),
        cmocka_unit_test(retry_after_lengthens_a_wait_where_it_may_and_never_shortens_it),
        cmocka_unit_test(the_last_try_comes_as_late_as_it_can_and_never_too_early),
        cmocka_unit_test(retry_after_is_seconds_or_a_date_and_nothing_else),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
