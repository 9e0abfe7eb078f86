/* Distilling: runs collapse, stamped values do not tell replies apart, nothing is overwritten. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "harness/distill/distill.h"

struct recorded_poll {
    const char *id;
    const char *status;
    const char *progress;
    int http;
};

static char dir[128]; /* scratch/doubao, with the contract in it */
static char har_path[128];

static void format_har(struct buf *out, const struct recorded_poll *polls, size_t count)
{
    struct json_writer w;
    json_write_init(&w, out, false);
    buf_add_text(out, "{\"log\":{\"version\":\"1.2\",\"entries\":[");
    for (size_t i = 0; i < count; i++) {
        struct buf body;
        buf_init(&body, 4096);
        buf_addf(
            &body,
            "{\"code\":\"success\",\"data\":{\"task_id\":\"%s\",\"status\":\"%s\",\"progress\":"
            "\"%s\",\"fail_reason\":\"\",\"submit_time\":%zu}}",
            polls[i].id, polls[i].status, polls[i].progress, 1705334400 + i);
        buf_addf(
            out,
            "%s{\"request\":{\"method\":\"GET\",\"url\":\"https://h/v1/video/generations/%s\"},"
            "\"response\":{\"status\":%d,\"headers\":[{\"name\":\"Content-Type\",\"value\":"
            "\"application/json\"},{\"name\":\"Content-Length\",\"value\":\"999\"}],"
            "\"content\":{\"text\":",
            i > 0 ? "," : "", polls[i].id, polls[i].http);
        json_add_string(out, buf_span(&body));
        buf_add_text(out, "}}}");
        buf_fini(&body);
    }
    buf_add_text(out, "]}}");
}

static int distill_polls(const struct recorded_poll *polls, size_t count,
                         const struct distill_options *options, struct distilled *done,
                         struct err *e)
{
    struct buf har;
    struct recording recording;
    buf_init(&har, 1 << 20);
    format_har(&har, polls, count);
    assert_int_equal(file_write(har_path, buf_span(&har), e), 0);
    buf_fini(&har);
    int failed = recording_read(har_path, &recording, e);
    if (failed == 0)
        failed = distill(&recording, options, done, e);
    recording_fini(&recording);
    return failed;
}

static void read_text(const char *path, struct buf *out)
{
    struct err e = {0};
    if (file_read(path, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void runs_collapse_and_stamped_values_do_not_count(void **state)
{
    (void)state;
    static const struct recorded_poll polls[] = {
        {"t1", "queued", "10%", 200}, {"t1", "queued", "10%", 200},
        {"t1", "queued", "10%", 200}, {"t1", "in_progress", "50%", 200},
        {"t1", "queued", "10%", 200}, {"t1", "success", "100%", 200},
    };
    struct distill_options options = {.dir = dir, .name = "collapsed"};
    struct distilled done;
    struct err e = {0};
    struct buf text;
    if (distill_polls(polls, 6, &options, &done, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(done.polls, 6);
    assert_int_equal(done.replies, 3);
    assert_int_equal(done.steps, 4);
    assert_string_equal(done.task, "t1");

    buf_init(&text, 1 << 20);
    read_text(done.path, &text);
    assert_non_null(strstr(text.p, "\"reply\": \"collapsed.queued\",\n      \"polls\": 3"));
    assert_non_null(strstr(text.p, "\"outcome\": \"succeeded\""));
    buf_reset(&text);
    char path[256];
    snprintf(path, sizeof path, "%s/replies/collapsed.queued.http", dir);
    read_text(path, &text);
    assert_null(strstr(text.p, "Content-Length"));
    assert_non_null(strstr(text.p, "\n\n{\"code\":\"success\""));
    buf_fini(&text);
}

static void what_is_written_loads_and_runs(void **state)
{
    (void)state;
    struct upstream *u = fixtures_upstream(fixtures, "doubao");
    struct reply reply;
    struct buf text;
    struct err e = {0};
    char path[256];
    assert_non_null(u);
    buf_init(&text, 1 << 20);
    snprintf(path, sizeof path, "%s/replies/collapsed.succeeded.http", dir);
    read_text(path, &text);
    if (reply_parse(buf_span(&text), "collapsed.succeeded", path, &reply, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(reply.status, 200);
    reply_fini(&reply);
    buf_reset(&text);
    snprintf(path, sizeof path, "%s/replies/collapsed.in_progress.want.json", dir);
    assert_false(file_exists(path)); /* replies are named for the common state */
    snprintf(path, sizeof path, "%s/replies/collapsed.running.want.json", dir);
    read_text(path, &text);
    assert_non_null(strstr(text.p, "\"progress\": 50"));
    buf_fini(&text);
}

static void a_file_with_other_bytes_is_never_overwritten(void **state)
{
    (void)state;
    static const struct recorded_poll polls[] = {{"t1", "queued", "99%", 200}};
    struct distill_options options = {.dir = dir, .name = "collapsed"};
    struct distilled done;
    struct err e = {0};
    assert_int_equal(distill_polls(polls, 1, &options, &done, &e), ERR_FILE);
    assert_non_null(strstr(e.where, "collapsed.queued.http"));
    assert_non_null(strstr(e.what, "choose another --name; collapsed-2 is free"));
}

static void several_tasks_need_a_choice(void **state)
{
    (void)state;
    static const struct recorded_poll polls[] = {{"t1", "queued", "1%", 200},
                                                 {"t2", "success", "100%", 200},
                                                 {"t1", "failure", "100%", 200}};
    struct distill_options options = {.dir = dir, .name = "chosen"};
    struct distilled done;
    struct err e = {0};
    assert_int_equal(distill_polls(polls, 3, &options, &done, &e), ERR_USAGE);
    assert_non_null(strstr(e.what, "\"t1\" and \"t2\""));
    options.task = "t2";
    assert_int_equal(distill_polls(polls, 3, &options, &done, &e), 0);
    assert_int_equal(done.polls, 1);
    options.task = "t3";
    assert_int_equal(distill_polls(polls, 3, &options, &done, &e), ERR_NOT_FOUND);
}

static int distill_text(const char *har, struct distilled *done, struct err *e)
{
    static const struct distill_options options = {.dir = dir, .name = "odd", .task = "t1"};
    struct recording recording;
    assert_int_equal(file_write(har_path, span_of(har), NULL), 0);
    int failed = recording_read(har_path, &recording, e);
    if (!failed)
        failed = distill(&recording, &options, done, e);
    recording_fini(&recording);
    return failed;
}

#define POLL_OF(id, text)                                                                          \
    "{\"request\":{\"method\":\"GET\",\"url\":\"https://h/v1/video/generations/" id "\"},"         \
    "\"response\":{\"status\":200,\"headers\":[],\"content\":{\"text\":\"" text "\"}}}"

static void a_body_that_cannot_be_read_matters_in_an_exchange_of_the_task_alone(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    int code = distill_text("{\"log\":{\"x\":1e999,\"x\":2,\"entries\":[" POLL_OF(
                                "t2", "\\ud800") "," POLL_OF("t1", "{}") "]}}",
                            &done, &e);
    if (code)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(done.polls, 1);
    assert_int_equal(
        distill_text("{\"log\":{\"entries\":[" POLL_OF("t1", "\\ud800") "]}}", &done, &e),
        ERR_CONTRACT);
    assert_non_null(strstr(e.where, "task.har: /log/entries/0: /response/content/text"));
    assert_non_null(strstr(e.what, "half a surrogate pair in a string"));
}

static int setup(void **state)
{
    struct buf text;
    char path[512];
    load_fixtures(state);
    snprintf(dir, sizeof dir, "%s/doubao", scratch);
    snprintf(har_path, sizeof har_path, "%s/task.har", scratch);
    snprintf(path, sizeof path, "%s/doubao/openapi.json", fixtures_dir());
    buf_init(&text, 1 << 20);
    read_text(path, &text);
    snprintf(path, sizeof path, "%s/openapi.json", dir);
    assert_int_equal(file_write(path, buf_span(&text), NULL), 0);
    buf_fini(&text);
    return 0;
}

static int remove_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, arg, name))
        return 0;
    if (!is_dir)
        return unlink(path);
    file_list(path, remove_entry, path, e);
    return rmdir(path);
}

static int teardown(void **state)
{
    file_list(scratch, remove_entry, scratch, NULL);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_collapse_and_stamped_values_do_not_count),
        cmocka_unit_test(what_is_written_loads_and_runs),
        cmocka_unit_test(a_file_with_other_bytes_is_never_overwritten),
        cmocka_unit_test(several_tasks_need_a_choice),
        cmocka_unit_test(a_body_that_cannot_be_read_matters_in_an_exchange_of_the_task_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
