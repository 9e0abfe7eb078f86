/* Claims about plans: what they hold and when they break. */
#include "mockserver/plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void acts_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p);
    buf_add_text(&p.answer, "0123456789");
    assert_true(plan_send(&p, 0, 4));
    assert_true(plan_wait(&p, 20));
    assert_true(plan_send(&p, 4, 6));
    assert_false(plan_ends(&p));
    assert_true(plan_end(&p, ACT_RESET));
    assert_true(plan_ends(&p));
    static const struct act want[] = {
        {.kind = ACT_SEND, .at = 0, .len = 4},
        {.kind = ACT_WAIT, .ms = 20},
        {.kind = ACT_SEND, .at = 4, .len = 6},
        {.kind = ACT_RESET},
    };
    assert_int_equal(p.act_count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(p.acts[i].kind, want[i].kind);
        assert_int_equal(p.acts[i].ms, want[i].ms);
        assert_int_equal(p.acts[i].at, want[i].at);
        assert_int_equal(p.acts[i].len, want[i].len);
    }
    plan_fini(&p);
}

static void a_plan_breaks_rather_than_send_what_is_not_there(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p);
    buf_add_text(&p.answer, "0123456789");
    static const struct {
        size_t at, len;
        bool good;
    } rows[] = {
        {0, 10, true},        /* all of it */
        {10, 0, true},        /* nothing, at the end */
        {0, 11, false},       /* a byte too many */
        {11, 0, false},       /* starts behind the end */
        {5, 5, true},         /* the rest */
        {5, 6, false},        /* a byte more than that */
        {5, SIZE_MAX, false}, /* a sum that overflows */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        p.broken = false;
        assert_int_equal(plan_send(&p, rows[i].at, rows[i].len), rows[i].good);
        assert_int_equal(p.broken, !rows[i].good);
    }
    plan_fini(&p);
}

static void nothing_follows_the_end(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p);
    assert_true(plan_end(&p, ACT_CLOSE));
    assert_false(plan_wait(&p, 1));
    assert_true(p.broken);
    assert_int_equal(p.act_count, 1);
    plan_reset(&p);
    assert_false(plan_end(&p, ACT_SEND)); /* not an end */
    plan_fini(&p);
}

static void acts_stop_at_the_maximum(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p);
    for (int i = 0; i < PLAN_ACTS_MAX; i++)
        assert_true(plan_wait(&p, 1));
    assert_false(plan_wait(&p, 1));
    assert_true(p.broken);
    assert_int_equal(p.act_count, PLAN_ACTS_MAX);
    p.seq = 7;
    plan_reset(&p);
    assert_int_equal(p.seq, 0);
    assert_false(p.broken);
    assert_int_equal(p.act_count, 0);
    assert_true(plan_wait(&p, 1));
    plan_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_come_out_in_the_order_they_went_in),
        cmocka_unit_test(a_plan_breaks_rather_than_send_what_is_not_there),
        cmocka_unit_test(nothing_follows_the_end),
        cmocka_unit_test(acts_stop_at_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
