/* Claims about the mock and memory: a warm poll allocates nothing, and every allocation may fail. */
#include "ask.h"
#include "fail_alloc.h"

static struct fixtures *kept;
static const char target[] = "/doubao:success/v1/video/generations/t";

static void a_warm_poll_allocates_nothing(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (int i = 0; i < 6; i++) /* the task, and the longest answer */
        get(m, target, NOON_MS, &p);
    unsigned long calls = fail_alloc_calls();
    for (int i = 0; i < 10000; i++) { /* round the journal too */
        get(m, target, NOON_MS, &p);
        mock_played(m, &p, NOON_MS, p.answer.n, true);
    }
    assert_int_equal(fail_alloc_calls(), calls);
    plan_fini(&p);
    mock_close(m);
}

static void opening_fails_cleanly_at_every_allocation(void **state)
{
    (void)state;
    const struct fixtures *f = take_fixtures(&kept);
    struct mock_options options = {.journal_bytes = 1 << 20, .auth = {.token = "t"}};
    struct mock *m = NULL;
    struct err e;
    unsigned n = 0;
    for (; !m && n < 100; n++) {
        long live = fail_alloc_live();
        fail_alloc_at(n + 1, FAIL_ONCE);
        int code = mock_open(f, &options, &m, &e);
        (void)fail_alloc_stop();
        assert_int_equal(code, m ? ERR_OK : ERR_MEMORY);
        assert_true(m || fail_alloc_live() == live);
    }
    assert_in_range(n, 8, 99);
    mock_close(m);
}

/* Whatever fails, there is a plan, and the next poll goes on. What is answered is the poll's own answer, or that the mock
 * is busy. */
static void answering_survives_every_failed_allocation(void **state)
{
    unsigned busy = 0;
    (void)state;
    for (unsigned n = 1; n <= 10; n++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
        struct plan p;
        plan_init(&p);
        fail_alloc_at(n, FAIL_ONCE);
        get(m, target, NOON_MS, &p);
        (void)fail_alloc_stop();
        assert_true(p.broken || p.act_count == 1);
        assert_true(p.answer.n == 0 || p.status == 200 || p.status == 503);
        busy += p.status == 503;
        get(m, target, NOON_MS, &p);
        assert_int_equal(p.status, 200);
        assert_int_equal(p.act_count, 1);
        plan_fini(&p);
        mock_close(m);
    }
    assert_true(busy > 0);
}

static int drop(void **state)
{
    (void)state;
    fixtures_free(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warm_poll_allocates_nothing),
        cmocka_unit_test(opening_fails_cleanly_at_every_allocation),
        cmocka_unit_test(answering_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
