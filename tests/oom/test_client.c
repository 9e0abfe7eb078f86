/* Every allocation of the client fails in turn, once and for good: each time a clean end, nothing kept.
 *
 *   oom_client [STEP]    only every STEP-th recorded reply, for tools that are slow */
#include "fail_alloc.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "client/client.h"
#include "client/http/http.h"
#include "client/poll/policy.h"
#include "client/decode/pack.h"
#include "client/decode/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 5000, REPLY_FILE_MAX = 2 << 20 };

static unsigned step = 1;

struct reply {
    const char *upstream;
    const char *name;
    int status;
    struct span body;
};

typedef void reply_visit(const struct reply *reply);

struct walk {
    const char *upstream;
    char dir[FILE_PATH_MAX];
    reply_visit *visit;
    unsigned seen;
};

static void parse(struct span file, struct reply *out)
{
    long long status = 0;
    assert_true(span_int64(span_cut(file, span_find(file, ' ') + 1, 3), &status));
    out->status = (int)status;
    while (file.n > 0) {
        size_t end = span_find(file, '\n');
        bool empty = span_trim(span_cut(file, 0, end)).n == 0;
        file = span_cut(file, end + 1, file.n);
        if (empty)
            break;
    }
    out->body = file;
}

static int visit_file(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct walk *w = arg;
    struct reply reply = {.upstream = w->upstream, .name = name};
    size_t n = strlen(name);
    char path[FILE_PATH_MAX];
    struct buf file;
    if (is_dir || n < 6 || strcmp(name + n - 5, ".http") != 0 || w->seen++ % step != 0)
        return 0;
    buf_init(&file, REPLY_FILE_MAX);
    assert_true(file_join(path, sizeof path, w->dir, name));
    int code = file_read(path, &file, e);
    if (code == 0) {
        parse(buf_span(&file), &reply);
        w->visit(&reply);
    }
    buf_fini(&file);
    return code;
}

/* Calls visit with each recorded reply of each upstream. */
static void each_reply(reply_visit *visit)
{
    const char *fixtures = getenv("UNDERSTUDY_FIXTURES");
    for (const char *const *name = task_upstreams(); *name != NULL; name++) {
        if (strcmp(*name, "auto") == 0) {
            continue; /* has no replies of its own */
        }
        struct walk w = {.upstream = *name, .visit = visit};
        struct err e = {0};
        snprintf(w.dir, sizeof w.dir, "%s/%s/replies", fixtures != NULL ? fixtures : "fixtures",
                 *name);
        if (file_list(w.dir, visit_file, &w, &e) != 0)
            fail_msg("%s: %s", e.where, e.what);
        assert_int_not_equal(w.seen, 0);
    }
}

/* True when the reply was read with memory to spare. */
static bool decode_without(const struct reply *reply, unsigned nth, enum fail_how how)
{
    static const struct task_view clear = {.progress = -1};
    struct task_view view;
    struct err e = {0};
    memset(&view, 0x55, sizeof view);
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = view_read(reply->upstream, reply->status, reply->body, &view, &e);
    if (fail_alloc_stop() == 0) {
        assert_int_not_equal(code, ERR_MEMORY);
        assert_int_equal(fail_alloc_live(), live);
        return true;
    }
    if (code != ERR_MEMORY || memcmp(&view, &clear, sizeof view) != 0 || e.code != ERR_MEMORY
        || fail_alloc_live() != live) {
        fail_msg("%s/%s, allocation %u: code %d, %ld blocks kept", reply->upstream, reply->name,
                 nth, code, fail_alloc_live() - live);
    }
    return false;
}

static void break_decoder(const struct reply *reply)
{
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!decode_without(reply, nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
    }
}

static void every_decoder_over_every_reply_says_so_and_leaves_the_view_clear(void **state)
{
    (void)state;
    each_reply(break_decoder);
}

static void a_fully_read_reply_needs_no_more_than_its_tree(void **state)
{
    (void)state;
    const struct reply reply = {.upstream = "doubao",
                                .status = 200,
                                .body = span_of("{\"code\":\"success\",\"data\":{\"status\":1}}")};
    unsigned nth = 1;
    while (!decode_without(&reply, nth, FAIL_ONCE))
        nth++;
    assert_in_range(nth, 2, 20); /* else nothing was tried, or far too much allocated */
}

static void the_policy_allocates_nothing(void **state)
{
    (void)state;
    const struct policy policy = {.interval_ms = 5000, .timeout_ms = 60000};
    unsigned long calls = fail_alloc_calls();
    for (unsigned transients = 0; transients < 12; transients++) {
        struct policy_fact fact = {.error = transients > 0 ? TASK_ERROR_TRANSIENT : TASK_ERROR_NONE,
                                   .http_status = 503,
                                   .retry_after_ms = 7000,
                                   .transients = transients,
                                   .random = transients};
        (void)policy_decide(&policy, &fact);
    }
    assert_int_equal(fail_alloc_calls(), calls);
}

/* A transient failure, then the recorded reply for ever. */
struct service {
    struct task_transport transport; /* first */
    const struct reply *reply;
    unsigned polls;
};

static int play(struct task_transport *t, const struct http_request *request,
                struct http_reply *out, struct err *e)
{
    struct service *s = (struct service *)t;
    (void)request;
    buf_reset(&out->head);
    buf_reset(&out->body);
    out->status = s->polls++ == 0 ? 500 : s->reply->status;
    buf_add_text(&out->head, "Content-Type: application/json\r\n");
    buf_add_span(&out->body, s->reply->body);
    int code = buf_err(&out->head, "head", e);
    return code == 0 ? buf_err(&out->body, "body", e) : code;
}

static bool wait_without(const struct reply *reply, unsigned nth, enum fail_how how)
{
    static const struct task_result nothing = {.view.progress = -1};
    struct clock_sim clock;
    struct service service = {.transport = {.exchange = play, .clock = &clock.clock},
                              .reply = reply};
    struct task_result r;
    struct task_failure f;
    clock_sim_init(&clock, 1700000000000);
    struct task_options o = {.upstream = reply->upstream,
                             .base_url = "http://h",
                             .task_id = "t",
                             .token = "sk-1",
                             .app_id = 1,
                             .secret = "s",
                             .timeout_ms = 20000,
                             .seed = 1,
                             .transport = &service.transport};
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = task_wait(&o, &r, &f);
    bool spared = fail_alloc_stop() == 0;
    if (fail_alloc_live() != live || code != (spared ? 0 : ERR_MEMORY)) {
        fail_msg("%s/%s, allocation %u: code %d, %ld blocks kept", reply->upstream, reply->name,
                 nth, code, fail_alloc_live() - live);
    }
    if (!spared)
        assert_memory_equal(&r, &nothing, sizeof r);
    return spared;
}

/* One reply an upstream: how a wait ends is no matter of memory. */
static void break_wait(const struct reply *reply)
{
    if (strncmp(reply->name, "error.not_found", 15) != 0 && strncmp(reply->name, "success", 7) != 0
        && strncmp(reply->name, "failure", 7) != 0) {
        return;
    }
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!wait_without(reply, nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_true(nth > 3);
    }
}

static void a_wait_ends_with_an_error_and_keeps_nothing(void **state)
{
    (void)state;
    unsigned was = step;
    step = 1;
    each_reply(break_wait);
    step = was;
}

/* True when it was opened, and one reply read, with memory to spare. */
static bool pack_without(const char *folder, unsigned nth, enum fail_how how)
{
    static const char body[] =
        "{\"id\":\"t\",\"status\":\"failed\",\"error\":{\"code\":1,\"message\":\"m\"}}";
    struct task_pack *pack = NULL;
    struct task_view view = {.state = TASK_FAILED};
    struct err e = {0};
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = pack_open_folder(folder, &pack, &e);
    assert_true((pack != NULL) == (code == 0));
    if (code == 0)
        code = pack_read(pack, 200, span_of(body), &view, &e);
    bool spared = fail_alloc_stop() == 0;
    task_pack_close(pack);
    if (fail_alloc_live() != live || code != (spared ? 0 : ERR_MEMORY))
        fail_msg("allocation %u: code %d, %ld blocks kept", nth, code, fail_alloc_live() - live);
    assert_int_equal(view.state, spared || !pack ? TASK_FAILED : TASK_UNKNOWN);
    return spared;
}

static void a_pack_is_not_opened_and_a_reply_not_read_by_it(void **state)
{
    const char *fixtures = getenv("UNDERSTUDY_FIXTURES");
    char folder[FILE_PATH_MAX];
    (void)state;
    assert_true(file_join(folder, sizeof folder, fixtures ? fixtures : "fixtures", "ark"));
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!pack_without(folder, nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_true(nth > 5);
    }
}

static void a_transport_is_not_opened(void **state)
{
    (void)state;
    struct task_transport *t;
    struct err e;
    assert_int_equal(transport_curl_open(NULL, &t, &e), 0); /* libcurl's own start is not counted */
    task_transport_close(t);
    long live = fail_alloc_live();
    for (unsigned nth = 1;; nth++) {
        fail_alloc_at(nth, FAIL_ONCE);
        int code = transport_curl_open(NULL, &t, &e);
        if (fail_alloc_stop() == 0) {
            assert_true(nth > 1);
            task_transport_close(t);
            break;
        }
        assert_int_equal(code, ERR_MEMORY);
        assert_null(t);
        assert_int_equal(fail_alloc_live(), live);
    }
    task_transport_close(NULL);
    assert_int_equal(fail_alloc_live(), live);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_decoder_over_every_reply_says_so_and_leaves_the_view_clear),
        cmocka_unit_test(a_fully_read_reply_needs_no_more_than_its_tree),
        cmocka_unit_test(the_policy_allocates_nothing),
        cmocka_unit_test(a_wait_ends_with_an_error_and_keeps_nothing),
        cmocka_unit_test(a_pack_is_not_opened_and_a_reply_not_read_by_it),
        cmocka_unit_test(a_transport_is_not_opened),
    };
    if (argc > 1)
        step = (unsigned)strtoul(argv[1], NULL, 10);
    return step == 0 ? 2 : cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
