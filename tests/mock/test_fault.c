/* Claims about faults: how each is read, and what it makes of a plan. */
#include "mockserver/plan/fault.h"
#include "mockserver/plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int parse(const char *text, struct fault *out, struct err *e)
{
    struct json *v;
    assert_int_equal(json_open(span_of(text), &v, e), ERR_OK);
    int rc = fault_parse(v, out, e);
    json_close(v);
    return rc;
}

/* A plan of a head of 10 bytes and a body of 20, sent at once. */
static void make(struct plan *p)
{
    plan_init(p);
    buf_add_text(&p->answer, "HEADHEADHEbodybodybodybodybody");
    p->body_at = 10;
    plan_send(p, 0, p->answer.n);
}

/* "wait 300, send 0+15, close" */
static const char *describe(const struct plan *p, char *out, size_t room)
{
    static const char *const names[] = {"send", "wait", "close", "reset"};
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < p->act_count && n < room; i++) {
        const struct act *a = &p->acts[i];
        const char *comma = i ? ", " : "";
        if (a->kind == ACT_SEND)
            n += (size_t)snprintf(out + n, room - n, "%ssend %zu+%zu", comma, a->at, a->len);
        else if (a->kind == ACT_WAIT)
            n += (size_t)snprintf(out + n, room - n, "%swait %u", comma, a->ms);
        else
            n += (size_t)snprintf(out + n, room - n, "%s%s", comma, names[a->kind]);
    }
    return out;
}

static void each_fault_rewrites_the_plan_and_they_stack_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *faults[3];
        const char *plan;
        const char *text;
    } rows[] = {
        {{"{\"delay\":\"300ms\"}"}, "wait 300, send 0+30", "delay 300ms"},
        {{"{\"truncate\":5}"}, "send 0+15, close", "truncate 5"},
        {{"{\"truncate\":0}"}, "send 0+10, close", "truncate 0"},     /* the head alone */
        {{"{\"truncate\":999}"}, "send 0+30, close", "truncate 999"}, /* more than there is */
        {{"{\"empty\":true}"}, "close", "empty"},
        {{"{\"stall\":5}"}, "send 0+15, wait 3600000, close", "stall 5"},
        {{"{\"stall\":20}"}, "send 0+29, wait 3600000, close", "stall 20"}, /* never the whole */
        {{"{\"cut_head\":4}"}, "send 0+4, close", "cut_head 4"},
        {{"{\"cut_head\":999}"}, "send 0+9, close", "cut_head 999"}, /* never the whole head */
        {{"{\"reset\":12}"}, "send 0+12, reset", "reset 12"},
        {{"{\"reset\":65536}"}, "send 0+29, reset", "reset 65536"}, /* never the whole */
        {{"{\"drip\":{\"bytes\":8,\"every\":\"2s\"}}"},
         "send 0+10, send 10+8, wait 2000, send 18+8, wait 2000, send 26+4",
         "drip 8 every 2000ms"},
        {{"{\"drip\":{\"bytes\":8,\"every\":\"2s\"}}", "{\"truncate\":9}"},
         "send 0+10, send 10+8, wait 2000, send 18+1, close",
         "drip 8 every 2000ms, truncate 9"},
        {{"{\"jitter\":\"1ms\"}"}, "wait 1, send 0+30", "jitter 1ms"}, /* of this seed */
        {{"{\"jitter\":\"60s\"}"}, "wait 36395, send 0+30", "jitter 60000ms"},
        /* the wait stays, whichever comes first */
        {{"{\"delay\":\"1s\"}", "{\"truncate\":5}"},
         "wait 1000, send 0+15, close",
         "delay 1000ms, truncate 5"},
        {{"{\"truncate\":5}", "{\"delay\":\"1s\"}"},
         "wait 1000, send 0+15, close",
         "truncate 5, delay 1000ms"},
        {{"{\"delay\":\"1s\"}", "{\"empty\":true}"}, "wait 1000, close", "delay 1000ms, empty"},
        /* the shorter cut wins */
        {{"{\"truncate\":9}", "{\"truncate\":5}"}, "send 0+15, close", "truncate 9, truncate 5"},
        {{"{\"truncate\":5}", "{\"truncate\":9}"}, "send 0+15, close", "truncate 5, truncate 9"},
        {{"{\"delay\":\"1s\"}", "{\"delay\":\"2s\"}"},
         "wait 2000, wait 1000, send 0+30",
         "delay 1000ms, delay 2000ms"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan p;
        struct err e;
        char text[256] = "", seen[256];
        size_t n = 0;
        make(&p);
        struct fault faults[3];
        uint32_t count = 0;
        for (; count < 3 && rows[i].faults[count]; count++) {
            assert_int_equal(parse(rows[i].faults[count], &faults[count], &e), ERR_OK);
            n += fault_text(&faults[count], text + n, sizeof text - n, count != 0);
        }
        assert_true(faults_apply(faults, count, &p, 1));
        assert_string_equal(describe(&p, seen, sizeof seen), rows[i].plan);
        assert_string_equal(text, rows[i].text);
        plan_fini(&p);
    }
}

static void a_text_that_does_not_fit_is_cut_and_terminated(void **state)
{
    (void)state;
    struct fault f;
    struct err e;
    char text[] = "................";
    assert_int_equal(parse("{\"truncate\":12}", &f, &e), ERR_OK);
    assert_int_equal(fault_text(&f, text, 11, false), 10);
    assert_string_equal(text, "truncate 1");
    assert_int_equal(text[11], '.');
    assert_int_equal(fault_text(&f, text, 0, false), 0);
}

static void a_fault_that_is_off_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *says;
    } rows[] = {
        {"{\"dellay\":\"1s\"}", "/dellay", "\"delay\""},      /* a slip names the nearest */
        {"{\"x\":1}", "/x", "unknown fault"},                 /* nothing is near */
        {"{}", "", "one key"},                                /* none */
        {"{\"delay\":\"1s\",\"empty\":true}", "", "one key"}, /* two */
        {"[]", "", "one key"},
        {"{\"delay\":300}", "/delay", "duration"},  /* a number has no unit */
        {"{\"delay\":\"0ms\"}", "/delay", "1ms"},   /* below the range */
        {"{\"delay\":\"61s\"}", "/delay", "60000"}, /* above it */
        {"{\"truncate\":-1}", "/truncate", "bytes"},
        {"{\"truncate\":65537}", "/truncate", "65536"},
        {"{\"truncate\":1.5}", "/truncate", "bytes"},
        {"{\"truncate\":true}", "/truncate", "bytes"},
        {"{\"empty\":false}", "/empty", "true"},
        {"{\"empty\":1}", "/empty", "true"},
        {"{\"interim\":101}", "/interim", "100, 102 or 103"}, /* that one switches protocols */
        {"{\"interim\":104}", "/interim", "100, 102 or 103"},
        {"{\"drip\":16}", "/drip", "\"every\""},
        {"{\"drip\":{\"bytes\":16}}", "/drip", "\"every\""},
        {"{\"drip\":{\"bytes\":0,\"every\":\"1s\"}}", "/drip", "from 1"},
        {"{\"drip\":{\"bytes\":1,\"every\":\"61s\"}}", "/drip", "60000"},
        {"{\"drip\":{\"bytes\":1,\"every\":\"1s\",\"x\":1}}", "/drip", "\"every\""},
        {"{\"garbage\":1}", "/garbage", "from 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fault f;
        struct err e;
        assert_int_equal(parse(rows[i].text, &f, &e), ERR_CONTRACT);
        assert_string_equal(e.where, rows[i].where);
        assert_non_null(strstr(e.what, rows[i].says));
        assert_null(f.type);
    }
}

static void the_edges_of_a_range_are_inside(void **state)
{
    (void)state;
    struct fault f;
    struct err e;
    assert_int_equal(parse("{\"delay\":\"1ms\"}", &f, &e), ERR_OK);
    assert_int_equal(f.value, 1);
    assert_int_equal(parse("{\"delay\":\"1m\"}", &f, &e), ERR_OK);
    assert_int_equal(f.value, 60000);
    assert_int_equal(parse("{\"truncate\":65536}", &f, &e), ERR_OK);
    assert_int_equal(f.value, 65536);
}

static void a_broken_plan_stays_broken(void **state)
{
    (void)state;
    for (const struct fault_type *t = fault_types(); t->name; t++) {
        struct plan p;
        make(&p);
        p.broken = true;
        assert_false(faults_apply(&(struct fault){.type = t, .value = t->min}, 1, &p, 1));
        assert_true(p.broken);
        plan_fini(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_rewrites_the_plan_and_they_stack_in_order),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut_and_terminated),
        cmocka_unit_test(a_fault_that_is_off_is_refused_with_its_place),
        cmocka_unit_test(the_edges_of_a_range_are_inside),
        cmocka_unit_test(a_broken_plan_stays_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
