/* Distilling with little memory: whichever allocation fails, all of the files are written or none, and nothing is kept. */
#include "fail_alloc.h"

#include "base/buf.h"
#include "base/file.h"
#include "harness/distill/distill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 4000 };

#define ENTRY(status)                                                                              \
    "{\"startedDateTime\":\"2026-01-01T00:00:00Z\",\"request\":{\"method\":\"GET\",\"url\":"       \
    "\"http://h/tasks/1\"},\"response\":{\"status\":200,\"headers\":[{\"name\":\"A\",\"value\":"   \
    "\"b\"}],\"content\":{\"text\":\"{\\\"status\\\":\\\"" status "\\\"}\"}}}"

static const char contract[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\"},\"paths\":{\"/tasks/{id}\":{\"get\":{}}},"
    "\"x-task\":{\"id\":[{\"in\":\"path\",\"name\":\"id\"}],\"status\":{\"pointer\":\"/"
    "status\",\"states\":"
    "{\"queued\":[\"queued\"],\"succeeded\":[\"done\"]}}}}";
static const char har[] = "{\"log\":{\"entries\":[" ENTRY("queued") "," ENTRY("queued") "," ENTRY(
    "done") "]}}";

static char scratch[64], dir[128], har_path[128];

static int remove_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, arg, name))
        return 0;
    if (!is_dir)
        return unlink(path);
    (void)file_list(path, remove_entry, path, e);
    return rmdir(path);
}

static int count_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    (void)name;
    (void)is_dir;
    (void)e;
    ++*(unsigned *)arg;
    return 0;
}

static unsigned count_in(const char *folder)
{
    char path[256];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/%s", dir, folder);
    (void)file_list(path, count_entry, &count, NULL);
    return count;
}

static void begin_anew(void)
{
    char path[256];
    (void)file_list(dir, remove_entry, dir, NULL);
    snprintf(path, sizeof path, "%s/openapi.json", dir);
    assert_int_equal(file_write(path, span_of(contract), NULL), 0);
}

static int read_and_distill(struct err *e)
{
    struct recording r;
    struct distilled done;
    const struct distill_options o = {.dir = dir, .name = "got"};
    int code = recording_read(har_path, &r, e);
    if (code)
        return code;
    code = distill(&r, &o, &done, e);
    recording_fini(&r);
    return code;
}

static void all_or_nothing_is_written_whichever_allocation_fails(void **state)
{
    (void)state;
    unsigned nth = 1;
    for (unsigned refused = 1; refused > 0 && nth < ALLOCATIONS_MAX; nth++) {
        struct err e = {0};
        begin_anew();
        long live = fail_alloc_live();
        fail_alloc_at(nth, FAIL_ONCE);
        int code = read_and_distill(&e);
        refused = fail_alloc_stop();
        unsigned files = count_in("replies") + count_in("scenarios");
        if (code ? e.what[0] == '\0' || files != 0 : files != 5)
            fail_msg("allocation %u: code %d, %u files: %s: %s", nth, code, files, e.where, e.what);
        if (fail_alloc_live() != live)
            fail_msg("allocation %u: %ld blocks kept", nth, fail_alloc_live() - live);
    }
    assert_true(nth > 50 && nth < ALLOCATIONS_MAX);
}

static int set_up(void **state)
{
    (void)state;
    span_copy(span_of("/tmp/understudy-test-XXXXXX"), scratch, sizeof scratch);
    assert_non_null(mkdtemp(scratch));
    snprintf(dir, sizeof dir, "%s/pack", scratch);
    snprintf(har_path, sizeof har_path, "%s/task.har", scratch);
    assert_int_equal(file_write(har_path, span_of(har), NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)file_list(scratch, remove_entry, scratch, NULL);
    return rmdir(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_or_nothing_is_written_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
