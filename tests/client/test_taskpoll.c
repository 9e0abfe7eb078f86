/* The program taskpoll as people and scripts see it: its lines and its exit codes. */
#include "base/args.h"
#include "base/buf.h"
#include "base/json/json.h"

#include "raw_server.h"

#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARGUMENTS_MAX = 24, OUTPUT_MAX = 1 << 20 };

#define ANSWER(body)                                                                               \
    {                                                                                              \
        "HTTP/1.1 200 OK\r\n\r\n" body, 0, RAW_CLOSE                                               \
    }
#define DATA(fields) "{\"code\":\"success\",\"data\":{" fields "}}"
#define QUEUED ANSWER(DATA("\"status\":\"queued\",\"progress\":\"10%\""))
#define SUCCESS ANSWER(DATA("\"status\":\"success\",\"fail_reason\":\"http://v/1.mp4\""))

extern char **environ;

struct run {
    int exit_code;
    struct buf out; /* both streams, in the order written */
};

/* Runs taskpoll with words up to NULL; "{base}" becomes the server's address. */
static void run_taskpoll(struct run *r, const struct raw_server *s, const char *const *words)
{
    char *argv[ARGUMENTS_MAX + 2] = {(char *)(uintptr_t)TASKPOLL};
    char base[64];
    char bytes[4096];
    int ends[2];
    int status;
    ssize_t n;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    snprintf(base, sizeof base, "http://127.0.0.1:%u", s != NULL ? s->port : 1);
    for (size_t i = 0; words[i] != NULL && i < ARGUMENTS_MAX; i++)
        argv[i + 1] = strcmp(words[i], "{base}") == 0 ? base : (char *)(uintptr_t)words[i];
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    assert_int_equal(posix_spawn(&pid, TASKPOLL, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    buf_init(&r->out, OUTPUT_MAX);
    while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
        buf_add(&r->out, bytes, (size_t)n);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    r->exit_code = WEXITSTATUS(status);
}

static void expect(const struct raw_answer *answers, size_t count, const char *const *words,
                   int exit_code, const char *output)
{
    struct raw_server server;
    struct run r;
    raw_server_start(&server, answers, count);
    run_taskpoll(&r, &server, words);
    raw_server_stop(&server);
    assert_string_equal(r.out.p, output);
    assert_int_equal(r.exit_code, exit_code);
    buf_fini(&r.out);
}

static void each_change_is_a_line_and_the_last_is_the_url(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {QUEUED, QUEUED, SUCCESS};
    static const char *const words[] = {"doubao", "--base-url", "{base}", "--task",
                                        "t",      "--interval", "1ms",    NULL};
    expect(answers, 3, words, EXIT_GOOD,
           "queued (queued) 10%\nsucceeded (success)\nhttp://v/1.mp4\n");
}

static void programs_get_an_object_a_line_and_the_outcome_last(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {SUCCESS};
    static const char *const words[] = {"doubao", "--base-url", "{base}", "--task",
                                        "t",      "--json",     NULL};
    struct raw_server server;
    struct run r;
    struct json *last;
    raw_server_start(&server, answers, 1);
    run_taskpoll(&r, &server, words);
    raw_server_stop(&server);
    struct span out = buf_span(&r.out);
    size_t end = span_find(out, '\n');
    assert_int_equal(json_scan(span_cut(out, 0, end), NULL, NULL), 0);
    assert_int_equal(json_open(span_cut(out, end, out.n), &last, NULL), 0);
    assert_string_equal(json_string(json_get(last, "outcome")), "succeeded");
    assert_string_equal(json_string(json_get(last, "url")), "http://v/1.mp4");
    assert_int_equal(r.exit_code, EXIT_GOOD);
    json_close(last);
    buf_fini(&r.out);
}

static void a_failed_or_refused_task_exits_with_one_and_its_reason(void **state)
{
    (void)state;
    static const struct raw_answer failed[] = {
        ANSWER(DATA("\"status\":\"failure\",\"fail_reason\":\"no credits\""))};
    static const struct raw_answer refused[] = {
        {"HTTP/1.1 401 Unauthorized\r\n\r\n{\"error\":{\"message\":\"bad token\"}}", 0, RAW_CLOSE}};
    static const char *const words[] = {"doubao", "--base-url", "{base}", "--task", "t", NULL};
    expect(failed, 1, words, EXIT_CHECK_FAILED,
           "failed (failure): no credits\nthe task failed: no credits\n");
    expect(refused, 1, words, EXIT_CHECK_FAILED,
           "unauthorized: bad token\nthe service refused for good: HTTP 401: bad token\n");
}

static void a_service_that_is_not_there_exits_with_three(void **state)
{
    (void)state;
    static const char *const words[] = {"doubao", "--base-url", "{base}", "--task",
                                        "t",      "--interval", "1ms",    NULL};
    struct run r;
    run_taskpoll(&r, NULL, words);
    assert_int_equal(r.exit_code, EXIT_ENVIRONMENT);
    assert_non_null(strstr(r.out.p, "9 polls in a row told nothing"));
    buf_fini(&r.out);
}

static void mistakes_of_usage_exit_with_two_and_name_the_flag(void **state)
{
    (void)state;
    static const struct {
        const char *words[6];
        const char *output;
    } rows[] = {
        {{NULL}, "taskpoll: give one upstream; --help shows how\n"},
        {{"a", "b", NULL}, "taskpoll: give one upstream; --help shows how\n"},
        {{"doubo", NULL}, "taskpoll: upstream: there is no 'doubo'; did you mean 'doubao'?\n"},
        {{"doubao", NULL}, "taskpoll: --base-url: should start with http:// or https://\n"},
        {{"doubao", "--base-url", "http://h", NULL}, "taskpoll: --task: is missing\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run r;
        run_taskpoll(&r, NULL, rows[i].words);
        assert_string_equal(r.out.p, rows[i].output);
        assert_int_equal(r.exit_code, EXIT_USAGE);
        buf_fini(&r.out);
    }
}

static void the_secret_is_read_from_its_file_and_signs(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        ANSWER("{\"Code\":0,\"Data\":{\"DriveList\":[{\"DriveId\":\"d\",\"Status\":4}]}}")};
    char path[] = "/tmp/taskpoll_secret_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "s3cret\n", 7), 7);
    close(fd);
    const char *const words[] = {"zego-drive", "--base-url", "{base}",        "--task", "d",
                                 "--app-id",   "7",          "--secret-file", path,     NULL};
    expect(answers, 1, words, EXIT_GOOD, "succeeded (4)\nthe task succeeded\n");
    unlink(path);
    struct run r;
    run_taskpoll(&r, NULL, words);
    assert_int_equal(r.exit_code, EXIT_ENVIRONMENT);
    assert_non_null(strstr(r.out.p, path));
    buf_fini(&r.out);
}

static void help_names_every_upstream_and_flag(void **state)
{
    (void)state;
    static const char *const words[] = {"--help", NULL};
    static const char *const named[] = {
        "zego-stream",   "zego-drive", "avatar",    "video",  "doubao",           "newapi",
        "auto",          "--base-url", "--task",    "--goal", "--token",          "--app-id",
        "--secret-file", "--interval", "--timeout", "--json", "UNDERSTUDY_TOKEN", "Exit: 0"};
    struct run r;
    run_taskpoll(&r, NULL, words);
    assert_int_equal(r.exit_code, EXIT_GOOD);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        assert_non_null(strstr(r.out.p, named[i]));
    buf_fini(&r.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_a_line_and_the_last_is_the_url),
        cmocka_unit_test(programs_get_an_object_a_line_and_the_outcome_last),
        cmocka_unit_test(a_failed_or_refused_task_exits_with_one_and_its_reason),
        cmocka_unit_test(a_service_that_is_not_there_exits_with_three),
        cmocka_unit_test(mistakes_of_usage_exit_with_two_and_name_the_flag),
        cmocka_unit_test(the_secret_is_read_from_its_file_and_signs),
        cmocka_unit_test(help_names_every_upstream_and_flag),
    };
    return cmocka_run_group_tests_name("taskpoll", tests, NULL, NULL);
}
