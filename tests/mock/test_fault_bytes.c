/* Faults that change the bytes of an answer: exactly these, and how the connection ends. */
#include "mockserver/plan/fault.h"
#include "mockserver/plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { FAULTS_MAX = 3 };

#define LENGTH "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\n"
#define CHUNKS "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"

static void make(struct plan *p, const char *head, const char *body)
{
    plan_init(p);
    buf_add_text(&p->answer, head);
    p->body_at = p->answer.n;
    buf_add_text(&p->answer, body);
    plan_send(p, 0, p->answer.n);
}

static uint32_t read_faults(const char *const *texts, struct fault *out)
{
    uint32_t count = 0;
    for (; count < FAULTS_MAX && texts[count]; count++) {
        struct json *v;
        struct err e;
        assert_int_equal(json_open(span_of(texts[count]), &v, &e), 0);
        assert_int_equal(fault_parse(v, &out[count], &e), 0);
        json_close(v);
    }
    return count;
}

static void each_fault_sends_these_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *faults[FAULTS_MAX];
        const char *head, *body, *sent;
        bool closes, spoilt;
    } rows[] = {
        {{"{\"chunked\":2}"},
         LENGTH,
         "hello",
         CHUNKS "2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\n\r\n",
         false,
         false},
        {{"{\"chunked\":16}"}, LENGTH, "hello", CHUNKS "5\r\nhello\r\n0\r\n\r\n", false, false},
        {{"{\"chunked\":16}", "{\"truncate\":4}"}, LENGTH, "hello", CHUNKS "5\r\nh", true, false},
        {{"{\"truncate\":4}", "{\"chunked\":16}"}, LENGTH, "hello", CHUNKS "5\r\nh", true, false},
        {{"{\"bad_chunk\":2}"}, LENGTH, "hello", CHUNKS "2\r\nhe\r\nno size\r\n", true, true},
        {{"{\"bad_chunk\":0}"}, LENGTH, "hello", CHUNKS "no size\r\n", true, true},
        {{"{\"chunked\":8}", "{\"bad_chunk\":0}"},
         LENGTH,
         "hello",
         CHUNKS "5\r\nhello\r\nno size\r\n",
         true,
         true},
        {{"{\"bad_length\":7}"},
         LENGTH,
         "hello",
         "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX: y\r\n\r\nhello",
         true,
         true},
        {{"{\"bad_length\":7}", "{\"chunked\":8}"}, /* what is spoilt stays so */
         LENGTH,
         "hello",
         "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX: y\r\n\r\nhello",
         true,
         true},
        {{"{\"interim\":100}"},
         LENGTH,
         "hello",
         "HTTP/1.1 100 Continue\r\n\r\n" LENGTH "hello",
         false,
         false},
        {{"{\"interim\":102}", "{\"truncate\":0}"}, /* the body begins later then */
         LENGTH,
         "hello",
         "HTTP/1.1 102 Processing\r\n\r\n" LENGTH,
         true,
         false},
        {{"{\"interim\":103}"},
         "HTTP/1.1 204 No Content\r\n\r\n",
         "",
         "HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\nHTTP/1.1 204 No "
         "Content\r\n\r\n",
         false,
         false},
        {{"{\"chunked\":4}"},
         "HTTP/1.1 204 No Content\r\n\r\n",
         "",
         "HTTP/1.1 204 No Content\r\n\r\n",
         false,
         false},
        {{"{\"bad_length\":1}"},
         "HTTP/1.1 204 No Content\r\n\r\n",
         "",
         "HTTP/1.1 204 No Conten",
         true,
         true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan p;
        struct buf sent;
        struct fault faults[FAULTS_MAX];
        make(&p, rows[i].head, rows[i].body);
        assert_true(faults_apply(faults, read_faults(rows[i].faults, faults), &p, 1));
        buf_init(&sent, 4096);
        for (uint32_t a = 0; a < p.act_count; a++)
            if (p.acts[a].kind == ACT_SEND)
                buf_add(&sent, p.answer.p + p.acts[a].at, p.acts[a].len);
        buf_add_char(&sent, '\0');
        assert_string_equal(sent.p, rows[i].sent);
        assert_int_equal(plan_ends(&p), rows[i].closes);
        assert_int_equal(p.spoilt, rows[i].spoilt);
        buf_fini(&sent);
        plan_fini(&p);
    }
}

/* The same seed, the same noise; never what a client could take for HTTP. */
static void garbage_is_by_chance_and_no_http(void **state)
{
    (void)state;
    struct plan p[3];
    for (uint64_t i = 0; i < 3; i++) {
        struct fault fault;
        make(&p[i], LENGTH, "hello");
        read_faults((const char *const[FAULTS_MAX]){"{\"garbage\":300}"}, &fault);
        assert_true(faults_apply(&fault, 1, &p[i], 1 + i / 2));
        assert_int_equal(p[i].answer.n, 300);
        assert_int_not_equal(p[i].answer.p[0], 'H');
        assert_true(plan_ends(&p[i]) && p[i].spoilt);
    }
    assert_memory_equal(p[0].answer.p, p[1].answer.p, 300);
    assert_memory_not_equal(p[0].answer.p, p[2].answer.p, 300);
    for (int i = 0; i < 3; i++)
        plan_fini(&p[i]);
}

/* Waits of faults before stay; what answers next on the thread is not spoilt. */
static void a_wait_before_stays_and_a_new_plan_is_whole(void **state)
{
    (void)state;
    struct plan p;
    struct fault faults[FAULTS_MAX];
    static const char *const texts[FAULTS_MAX] = {"{\"delay\":\"1s\"}", "{\"bad_chunk\":0}"};
    make(&p, LENGTH, "hello");
    assert_true(faults_apply(faults, read_faults(texts, faults), &p, 1));
    assert_int_equal(p.acts[0].kind, ACT_WAIT);
    assert_true(p.spoilt);
    plan_reset(&p);
    assert_false(p.spoilt);
    plan_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_sends_these_bytes),
        cmocka_unit_test(garbage_is_by_chance_and_no_http),
        cmocka_unit_test(a_wait_before_stays_and_a_new_plan_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
