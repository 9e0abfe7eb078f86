/* Recordings on disk: what a task's file is called, what is continued, and where a recording ends. */
#include "base/buf.h"
#include "base/file.h"
#include "mockserver/record/har.h"
#include "mockserver/record/record_log.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64]; /* a folder of each test's own */

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/understudy-log-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
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

static int tear_down(void **state)
{
    (void)state;
    file_list(dir, remove_entry, dir, NULL);
    return rmdir(dir);
}

static struct record_log *open_log(void)
{
    struct record_log *log = NULL;
    assert_int_equal(record_log_open(dir, &log, NULL), 0);
    return log;
}

/* Adds an entry and writes it. */
static int add(struct record_log *log, const char *task, const char *entry, struct err *e)
{
    char path[FILE_PATH_MAX];
    int code = record_log_path(log, "doubao", span_of(task), path, e);
    code = code ? code : record_log_add(log, path, span_of(entry), e);
    return code ? code : record_log_sync(log, e);
}

static const char *path_of(const char *file)
{
    static char path[FILE_PATH_MAX];
    snprintf(path, sizeof path, "%s/doubao/%s", dir, file);
    return path;
}

static void demand_file(const char *file, const char *entries)
{
    struct buf text, wanted;
    buf_init(&text, 1 << 20);
    buf_init(&wanted, 1 << 20);
    buf_addf(&wanted, "%s%s%s", har_file_start, entries, har_file_end);
    if (file_read(path_of(file), &text, NULL) != 0)
        fail_msg("there is no %s", file);
    assert_string_equal(text.p, wanted.p);
    buf_fini(&text);
    buf_fini(&wanted);
}

/* -- Names ---------------------------------------------------------------------------------------- */

static void a_task_that_is_no_file_name_gets_one_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *task, *file;
    } cases[] = {
        {"Task-1_a.Z9", "Task-1_a.Z9.har"},
        {"task/1", "task_1-94358458.har"},
        {"task_1", "task_1.har"}, /* not the one before */
        {".hidden", "_hidden-4747f185.har"},
        {"", "-811c9dc5.har"},
        {"@[`{:", "_____-37a18435.har"}, /* the neighbours of letters and digits */
    };
    struct record_log *log = open_log();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char entry[16];
        snprintf(entry, sizeof entry, "{\"n\":%zu}", i);
        assert_int_equal(add(log, cases[i].task, entry, NULL), 0);
        demand_file(cases[i].file, entry);
    }
    record_log_close(log);
}

static void long_ids_that_begin_alike_do_not_share_a_file(void **state)
{
    (void)state;
    char a[101 + 1], b[101 + 1], cut[128];
    memset(a, 'a', 101);
    a[101] = '\0';
    memcpy(b, a, sizeof a);
    b[100] = 'b';
    struct record_log *log = open_log();
    assert_int_equal(add(log, a, "1", NULL), 0);
    assert_int_equal(add(log, b, "2", NULL), 0);
    a[100] = '\0'; /* as long as a name may be */
    assert_int_equal(add(log, a, "3", NULL), 0);
    snprintf(cut, sizeof cut, "%s.har", a);
    demand_file(cut, "3");
    record_log_close(log);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct record_log *log = NULL;
    struct err e = {0};
    struct buf deep;
    char path[FILE_PATH_MAX];
    buf_init(&deep, 2 * FILE_PATH_MAX);
    buf_add_text(&deep, dir);
    while (deep.n < FILE_PATH_MAX - 20)
        buf_add_text(&deep, "/.");
    assert_int_equal(record_log_open(deep.p, &log, &e), 0);
    assert_int_equal(add(log, "a-task-of-some-length", "1", &e), ERR_LIMIT);
    assert_int_equal(record_log_path(log, "an-upstream-of-some-length", span_of("t"), path, &e),
                     ERR_LIMIT);
    assert_string_equal(e.what, "a path of more than 1023 bytes");
    record_log_close(log);
    while (deep.n < FILE_PATH_MAX)
        buf_add_text(&deep, "/.");
    assert_int_equal(record_log_open(deep.p, &log, &e), ERR_LIMIT);
    assert_null(log);
    buf_fini(&deep);
}

static void what_is_no_folder_is_refused(void **state)
{
    (void)state;
    struct record_log *log = NULL;
    char path[FILE_PATH_MAX];
    snprintf(path, sizeof path, "%s/file", dir);
    assert_int_equal(file_write(path, span_of(""), NULL), 0);
    assert_int_equal(record_log_open(path, &log, NULL), ERR_FILE);
    assert_null(log);
    record_log_close(NULL); /* is fine */
}

/* -- What is there already ------------------------------------------------------------------------ */

static void an_earlier_recording_is_continued(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        char entry[16];
        struct record_log *log = open_log();
        snprintf(entry, sizeof entry, "%d", i);
        assert_int_equal(add(log, "t", entry, NULL), 0);
        record_log_close(log);
    }
    demand_file("t.har", "0,\n1,\n2");
}

static void a_file_of_somebody_else_is_left_as_it_is(void **state)
{
    (void)state;
    const char *const files[] = {
        "{}", "{\"log\":{\"entries\":[]}}", "{\"log\":{\"version\":\"1.2\"", "x",
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"other\"},[\n1\n]}}\n"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct record_log *log = open_log();
        struct err e = {0};
        struct buf text;
        bool ours = strlen(files[i]) > 1
            && strncmp(files[i], har_file_start, strlen(files[i])) == 0;
        buf_init(&text, 1 << 16);
        assert_int_equal(file_write(path_of("t.har"), span_of(files[i]), NULL), 0);
        assert_int_equal(add(log, "t", "1", &e), ours ? 0 : ERR_FILE);
        if (!ours) {
            assert_string_equal(e.what, "not written by this program: move it away first");
            assert_int_equal(file_read(path_of("t.har"), &text, NULL), 0);
            assert_true(span_is(buf_span(&text), files[i]));
        }
        assert_int_equal(add(log, "u", "1", NULL), 0); /* other tasks go on */
        assert_int_equal(unlink(path_of("u.har")), 0);
        buf_fini(&text);
        record_log_close(log);
    }
}

/* Wherever a kill cuts a file, the next recorder goes on behind the last entry that is whole. */
static void a_file_that_was_cut_anywhere_is_continued(void **state)
{
    (void)state;
    struct buf whole;
    buf_init(&whole, 1 << 16);
    buf_addf(&whole, "%s{\"a\":1},\n{\"b\":[2]},\n{\"c\":3}%s", har_file_start, har_file_end);
    size_t ends[] = {strlen(har_file_start), 0, 0, 0};
    static const char *const wanted[] = {"9", "{\"a\":1},\n9", "{\"a\":1},\n{\"b\":[2]},\n9",
                                         "{\"a\":1},\n{\"b\":[2]},\n{\"c\":3},\n9"};
    ends[1] = ends[0] + strlen("{\"a\":1}");
    ends[2] = ends[1] + strlen(",\n{\"b\":[2]}");
    ends[3] = ends[2] + strlen(",\n{\"c\":3}");
    for (size_t n = 0; n <= whole.n; n++) {
        struct record_log *log = open_log();
        size_t k = 0;
        while (k < 3 && ends[k + 1] <= n)
            k++;
        assert_int_equal(file_write(path_of("t.har"), span_cut(buf_span(&whole), 0, n), NULL), 0);
        assert_int_equal(add(log, "t", "9", NULL), 0);
        demand_file("t.har", wanted[k]);
        record_log_close(log);
    }
    buf_fini(&whole);
}

/* A second sync writes what is new, and the last line, in the place of the last line. */
static void a_file_only_grows(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    struct stat first, second;
    assert_int_equal(add(log, "t", "{\"n\":1}", NULL), 0);
    assert_int_equal(stat(path_of("t.har"), &first), 0);
    assert_int_equal(add(log, "t", "{\"n\":2}", NULL), 0);
    assert_int_equal(stat(path_of("t.har"), &second), 0);
    assert_true(first.st_ino == second.st_ino);
    assert_int_equal(second.st_size - first.st_size, strlen(",\n{\"n\":2}"));
    assert_int_equal(first.st_mode & 0777, 0600);
    assert_int_equal(stat(dir, &first), 0);
    char below[FILE_PATH_MAX];
    snprintf(below, sizeof below, "%s/doubao", dir);
    assert_int_equal(stat(below, &first), 0);
    assert_int_equal(first.st_mode & 0777, 0700);
    record_log_close(log);
}

static void a_folder_has_one_recorder(void **state)
{
    (void)state;
    struct record_log *log = open_log(), *other = NULL;
    struct err e = {0};
    assert_int_equal(record_log_open(dir, &other, &e), ERR_FILE);
    assert_null(other);
    assert_non_null(strstr(e.what, "another recorder writes here"));
    record_log_close(log);
    record_log_close(open_log());
}

/* What the disk does not take waits, and the file is as it was. */
static void what_cannot_be_written_waits(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    struct err e = {0};
    struct rlimit limit, small = {0};
    assert_int_equal(add(log, "t", "{\"n\":1}", NULL), 0);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a disk that is full */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small.rlim_cur = strlen(har_file_start) + 12;
    small.rlim_max = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int code = add(log, "t", "{\"n\":2}", &e);
    bool told = record_log_sync(log, NULL) == ERR_FILE;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(code, ERR_FILE);
    assert_true(told);
    demand_file("t.har", "{\"n\":1}");
    assert_int_equal(record_log_waiting(log), 1);
    assert_int_equal(record_log_sync(log, NULL), 0); /* there is room again */
    demand_file("t.har", "{\"n\":1},\n{\"n\":2}");
    assert_int_equal(record_log_waiting(log), 0);
    record_log_close(log);
}

static void a_file_gets_its_tasks_name(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    char a[FILE_PATH_MAX], b[FILE_PATH_MAX];
    assert_int_equal(add(log, "create", "1", NULL), 0);
    assert_int_equal(add(log, "there", "1", NULL), 0);
    snprintf(a, sizeof a, "%s", path_of("create.har"));
    snprintf(b, sizeof b, "%s", path_of("there.har"));
    assert_false(record_log_rename(log, a, b)); /* it is taken */
    snprintf(b, sizeof b, "%s", path_of("task.har"));
    assert_true(record_log_rename(log, a, b));
    assert_false(record_log_rename(log, a, b));
    assert_int_equal(add(log, "task", "2", NULL), 0);
    demand_file("task.har", "1,\n2");
    assert_false(file_exists(a));
    record_log_close(log);
}

/* -- Limits --------------------------------------------------------------------------------------- */

static void a_file_that_is_full_stays_as_it_is_and_others_go_on(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    struct err e = {0};
    char *long_entry = calloc(1, RECORD_FILE_BYTES_MAX);
    assert_non_null(long_entry);
    memset(long_entry, '1', RECORD_FILE_BYTES_MAX - 1);
    assert_int_equal(add(log, "t", "{}", NULL), 0);
    assert_int_equal(add(log, "t", long_entry, &e), ERR_LIMIT);
    assert_string_equal(e.what, "more than 209715200 bytes");
    assert_int_equal(add(log, "t", "{}", NULL), 0);
    demand_file("t.har", "{},\n{}");
    free(long_entry);
    record_log_close(log);
}

static void a_file_takes_a_hundred_thousand_entries(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    struct err e = {0};
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_text(&text, har_file_start);
    for (int i = 0; i < RECORD_ENTRIES_MAX - 1; i++)
        buf_addf(&text, "%s1", i > 0 ? ",\n" : "");
    buf_add_text(&text, har_file_end);
    assert_int_equal(file_write(path_of("t.har"), buf_span(&text), NULL), 0);
    buf_fini(&text);
    assert_int_equal(add(log, "t", "1", &e), 0);
    assert_int_equal(add(log, "t", "1", &e), ERR_LIMIT);
    assert_string_equal(e.what, "more than 100000 entries");
    record_log_close(log);
}

static void a_log_takes_four_thousand_tasks(void **state)
{
    (void)state;
    struct record_log *log = open_log();
    struct err e = {0};
    char task[16];
    for (int i = 0; i < RECORD_FILES_MAX; i++) {
        snprintf(task, sizeof task, "%d", i);
        assert_int_equal(add(log, task, "1", NULL), 0);
    }
    assert_int_equal(add(log, "one-more", "1", &e), ERR_LIMIT);
    assert_string_equal(e.what, "more than 4096 tasks recorded");
    assert_false(file_exists(path_of("one-more.har")));
    assert_int_equal(add(log, "7", "2", NULL), 0); /* one that is known */
    demand_file("7.har", "1,\n2");
    record_log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_task_that_is_no_file_name_gets_one_of_its_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(long_ids_that_begin_alike_do_not_share_a_file, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_path_that_is_too_long_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_folder_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_earlier_recording_is_continued, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_of_somebody_else_is_left_as_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_was_cut_anywhere_is_continued, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_only_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_has_one_recorder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_gets_its_tasks_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_full_stays_as_it_is_and_others_go_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_takes_a_hundred_thousand_entries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_takes_four_thousand_tasks, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
