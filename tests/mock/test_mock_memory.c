/* Claims about the mock and memory: a warm poll allocates nothing, and every allocation may fail. Linked
 * with --wrap, so that every allocation of ours comes through here (those inside OpenSSL do not). */
#include "ask.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static long left = -1; /* allocations until one fails; negative: none does */
static long calls;

static bool fails(void)
{
    calls++;
    return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return fails() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *old, size_t n)
{
    return fails() ? NULL : __real_realloc(old, n);
}

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
    calls = 0;
    for (int i = 0; i < 10000; i++) { /* round the journal too */
        get(m, target, NOON_MS, &p);
        mock_played(m, &p, NOON_MS, p.answer.n, true);
    }
    assert_int_equal(calls, 0);
    plan_fini(&p);
    mock_close(m);
}

static void opening_fails_cleanly_at_every_allocation(void **state)
{
    (void)state;
    const struct fixtures *f = take_fixtures(&kept);
    struct mock_options options = {.journal_bytes = 1 << 20, .token = "t"};
    struct mock *m = NULL;
    struct err e;
    int n = 0;
    for (; !m && n < 100; n++) {
        left = n;
        int code = mock_open(f, &options, &m, &e);
        left = -1;
        assert_int_equal(code, m ? ERR_OK : ERR_MEMORY);
    }
    assert_in_range(n, 8, 99);
    mock_close(m);
}

/* Whatever fails, there is a plan, and the next poll goes on. */
static void answering_survives_every_failed_allocation(void **state)
{
    (void)state;
    for (int n = 0; n < 10; n++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
        struct plan p;
        plan_init(&p);
        left = n;
        get(m, target, NOON_MS, &p);
        left = -1;
        assert_true(p.broken || p.act_count == 1);
        get(m, target, NOON_MS, &p);
        assert_int_equal(p.status, 200);
        assert_int_equal(p.act_count, 1);
        plan_fini(&p);
        mock_close(m);
    }
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
