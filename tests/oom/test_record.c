/* Every allocation of the recorder fails in turn, once and for good: an exchange is recorded whole and without its
 * secrets, or not at all and with an error; nothing is kept, and the next exchange is recorded. */
#include "fail_alloc.h"

#include "base/file.h"
#include "mockserver/record/record.h"
#include "mockserver/record/record_curl.h"
#include "mockserver/record/record_entry.h"
#include "mockserver/record/record_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 500, FILE_MAX = 1 << 20, ENTRY_BYTES = 16000 };

static const char secret[] = "sk-0123456789";
static char dir[] = "/tmp/oom_record.XXXXXX";
static struct json *x_task;

/* An exchange with a secret in a header and in a body, and a body that goes as base64. */
struct exchange {
    struct header header;
    struct message request;
    struct fetched fetched;
    struct record_exchange x;
};

static void exchange_open(struct exchange *e)
{
    memset(e, 0, sizeof *e);
    e->header = (struct header){span_of("Authorization"), span_of("Bearer sk-0123456789")};
    e->request = (struct message){
        .method = span_of("POST"),
        .target_text = span_of("/v1/t?token=sk-0123456789&a=%20"),
        .body = span_of("{\"list\":[{\"k\":\"sk-0123456789\"},{\"k\":1}]}"),
        .headers = &e->header,
        .header_count = 1};
    message_open(&e->request);
    fetched_init(&e->fetched);
    e->fetched.status = 200;
    e->fetched.reason = span_of("OK");
    buf_add_text(&e->fetched.body, "\xff: sk-0123456789");
    e->x = (struct record_exchange){.request = &e->request,
                                    .base = "https://real.example.com",
                                    .target = e->request.target_text,
                                    .task = span_of("t-1"),
                                    .fetched = &e->fetched,
                                    .started_ms = 1800000000000,
                                    .x_task = x_task};
}

static void exchange_close(struct exchange *e)
{
    fetched_fini(&e->fetched);
    message_close(&e->request);
}

/* -- Entries ----------------------------------------------------------------------------------- */

/* True when the entry needed fewer allocations than nth. */
static bool write_without(const struct exchange *e, struct span wanted, unsigned nth,
                          enum fail_how how)
{
    struct err err = {0};
    struct buf out, name;
    buf_init(&out, FILE_MAX);
    buf_init(&name, FILE_MAX);
    struct redactor *redactor = NULL; /* one that remembers nothing yet */
    long live = fail_alloc_live();
    assert_int_equal(redactor_open(false, &redactor, NULL), 0);
    fail_alloc_at(nth, how);
    int code = record_entry_write(redactor, &e->x, &out, &name, &err);
    bool spared = fail_alloc_stop() == 0;
    /* What is only kept to be faster next time may be missing. */
    if ((code != 0 && (spared || code != ERR_MEMORY)) || (int)err.code != code)
        fail_msg("allocation %u: code %d, %s", nth, code, err.what);
    assert_null(memmem(out.p, out.n, secret, strlen(secret)));
    assert_null(memmem(name.p, name.n, secret, strlen(secret)));
    if (code == 0)
        assert_true(wanted.n == 0 || span_same(buf_span(&out), wanted));
    redactor_close(redactor);
    buf_fini(&out);
    buf_fini(&name);
    assert_int_equal(fail_alloc_live(), live);
    return spared;
}

static void an_entry_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    struct exchange e;
    struct buf out, name;
    exchange_open(&e);
    buf_init(&out, FILE_MAX);
    buf_init(&name, FILE_MAX);
    assert_true(write_without(&e, span_of(""), ALLOCATIONS_MAX, FAIL_ONCE));
    struct redactor *redactor = NULL;
    assert_int_equal(redactor_open(false, &redactor, NULL), 0);
    assert_int_equal(record_entry_write(redactor, &e.x, &out, &name, NULL), 0);
    redactor_close(redactor);
    assert_non_null(strstr(out.p, "base64"));
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!write_without(&e, buf_span(&out), nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_true(nth > 8);
    }
    buf_fini(&out);
    buf_fini(&name);
    exchange_close(&e);
}

/* -- Files ------------------------------------------------------------------------------------- */

static void read_recording(const char *task, struct buf *out)
{
    char path[FILE_PATH_MAX];
    struct json *root = NULL;
    snprintf(path, sizeof path, "%s/doubao/%s.har", dir, task);
    buf_init(out, FILE_MAX);
    assert_int_equal(file_read(path, out, NULL), 0);
    assert_int_equal(json_open(buf_span(out), &root, NULL), 0);
    json_close(root);
}

/* An entry longer than all before it, so that the file's buffer has to grow: a number, and blanks behind it. */
static struct span entry_of(int number, char room[ENTRY_BYTES])
{
    snprintf(room, ENTRY_BYTES, "%-*d", number * 5000, number);
    return span_of(room);
}

static void demand_entries(const char *task, const char *numbers)
{
    struct buf file;
    read_recording(task, &file); /* whole, whatever failed */
    const char *at = strstr(file.p, "[\n");
    for (; at && *numbers; numbers++)
        at = strchr(at + 1, *numbers);
    assert_true(at && !strpbrk(at + 1, "123"));
    buf_fini(&file);
}

static int add_entry(struct record_log *log, const char *task, int number)
{
    char room[ENTRY_BYTES];
    char path[FILE_PATH_MAX];
    int code = record_log_path(log, "doubao", span_of(task), path, NULL);
    code = code ? code : record_log_add(log, path, entry_of(number, room), NULL);
    int written = record_log_sync(log, NULL);
    return code ? code : written;
}

/* When memory fails: at the first entry of a file, at the next one, or at the next one of a program that begins anew. */
enum moment { AT_FIRST, LATER, CONTINUED, MOMENTS };

/* Adds an entry without memory, then one with it. True when the entry needed fewer allocations than nth. */
static bool log_without(enum moment moment, unsigned nth, enum fail_how how)
{
    static const char *const wanted[2][2] = {{"", "2"}, {"1", "12"}};
    static const char *const then[2][2] = {{"3", "23"}, {"13", "123"}};
    struct record_log *log = NULL;
    char task[64];
    snprintf(task, sizeof task, "t%u-%u-%u", moment, nth, how);
    assert_int_equal(record_log_open(dir, &log, NULL), 0);
    if (moment != AT_FIRST) {
        assert_int_equal(add_entry(log, task, 1), 0);
        demand_entries(task, "1");
    }
    if (moment == CONTINUED) {
        record_log_close(log);
        assert_int_equal(record_log_open(dir, &log, NULL), 0);
    }
    fail_alloc_at(nth, how);
    int code = add_entry(log, task, 2);
    bool spared = fail_alloc_stop() == 0;
    assert_int_equal(code, spared ? 0 : ERR_MEMORY);
    if (spared || moment != AT_FIRST) /* else there is no file yet */
        demand_entries(task, wanted[moment != AT_FIRST][spared]);
    assert_int_equal(add_entry(log, task, 3), 0);
    demand_entries(task, then[moment != AT_FIRST][spared]);
    record_log_close(log);
    return spared;
}

static void a_recording_stays_whole_and_goes_on(void **state)
{
    (void)state;
    for (unsigned moment = AT_FIRST; moment < MOMENTS; moment++) {
        for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
            unsigned nth = 1;
            long live = fail_alloc_live();
            while (!log_without((enum moment)moment, nth, (enum fail_how)how))
                assert_true(++nth < ALLOCATIONS_MAX);
            assert_int_equal(fail_alloc_live(), live);
            assert_true(nth > 1);
        }
    }
}

static void a_log_is_opened_or_not(void **state)
{
    (void)state;
    long live = fail_alloc_live();
    for (unsigned nth = 1;; nth++) {
        struct record_log *log = NULL;
        fail_alloc_at(nth, FAIL_ONCE);
        int code = record_log_open(dir, &log, NULL);
        bool spared = fail_alloc_stop() == 0;
        assert_int_equal(code, spared ? 0 : ERR_MEMORY);
        assert_true((log != NULL) == spared);
        record_log_close(log);
        assert_int_equal(fail_alloc_live(), live);
        if (spared) {
            assert_true(nth > 1);
            break;
        }
    }
}

/* -- A request that passes ----------------------------------------------------------------------- */

static unsigned problems;

static void count_problem(const struct err *e, void *arg)
{
    (void)arg;
    assert_int_equal(e->code, ERR_MEMORY);
    problems++;
}

/* True when the request needed fewer allocations than nth. libcurl's own are not counted. */
static bool forward_without(struct recorder *r, struct plan *plan, unsigned nth, enum fail_how how)
{
    struct wire_service service = recorder_service(r);
    struct message request = {.method = span_of("GET"), .target_text = span_of("/passing")};
    message_open(&request);
    problems = 0;
    fail_alloc_at(nth, how);
    service.answer(service.arg, &request, 1800000000000, plan);
    record_writer_drain(r->writer); /* this thread waits meanwhile: one allocates at a time */
    bool spared = fail_alloc_stop() == 0;
    message_close(&request);
    if (plan->answer.n > 0 && !plan->broken) {
        assert_int_equal(plan->status, 502); /* there is no service */
        assert_int_equal(plan->acts[0].len, plan->answer.n);
    } else {
        assert_false(spared);
        assert_true(plan->broken || plan_ends(plan));
    }
    assert_true(!spared || problems == 0);
    return spared;
}

static void a_request_that_passes_is_answered_and_recorded_or_says_what_it_is_not(void **state)
{
    (void)state;
    struct recorder r = {0};
    const struct record_writer_options options = {.dir = dir, .report = count_problem};
    struct plan plan;
    plan_init(&plan);
    assert_int_equal(recorder_add(&r, "doubao=http://127.0.0.1:1", NULL), 0);
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1, unrecorded = 0;
        long live = fail_alloc_live();
        bool spared = false;
        for (; !spared; nth++) {
            assert_true(nth < ALLOCATIONS_MAX);
            assert_int_equal(record_writer_open(&options, &r.writer, NULL), 0);
            spared = forward_without(&r, &plan, nth, (enum fail_how)how);
            (void)record_writer_close(r.writer);
            plan_fini(&plan); /* an answer's memory is kept for the next one */
            plan_init(&plan);
            unrecorded += problems;
        }
        assert_int_equal(fail_alloc_live(), live);
        assert_true(unrecorded > 3);
    }
    plan_fini(&plan);
}

/* -- Around them ------------------------------------------------------------------------------- */

static int remove_file(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    (void)e;
    if (!is_dir && file_join(path, sizeof path, arg, name))
        (void)unlink(path);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return !mkdtemp(dir)
        || json_open(span_of("{\"redact\":[\"/list/*/k\",\"/list/0/k\"]}"), &x_task, NULL);
}

static int tear_down(void **state)
{
    char below[FILE_PATH_MAX];
    (void)state;
    json_close(x_task);
    snprintf(below, sizeof below, "%s/doubao", dir);
    (void)file_list(below, remove_file, below, NULL);
    (void)rmdir(below);
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_written_whole_or_not_at_all),
        cmocka_unit_test(a_recording_stays_whole_and_goes_on),
        cmocka_unit_test(a_log_is_opened_or_not),
        cmocka_unit_test(a_request_that_passes_is_answered_and_recorded_or_says_what_it_is_not),
    };
    if (fetch_open(NULL) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);
    fetch_close();
    return failed;
}
