/* Writing what was distilled: all of it or nothing, into a folder that loads before and after. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "harness/distill/distill.h"

#include <dirent.h>
#include <sys/stat.h>

#define POLL(status, more)                                                                         \
    "{\"request\":{\"method\":\"GET\",\"url\":\"https://gw/v1/video/generations/h-1\"},"           \
    "\"response\":{\"status\":200,\"content\":{\"text\":\"{\\\"status\\\":\\\"" status "\\\"" more \
    "}\"}}}"

static char dir[128]; /* scratch/fx/video: a copy of the fixtures' */

static int distill_here(const char *entries, const char *name, struct err *e)
{
    struct recording r;
    struct distilled done;
    struct buf text;
    struct distill_options o = {.dir = dir, .name = name};
    buf_init(&text, 1 << 20);
    buf_addf(&text, "{\"log\":{\"entries\":[%s]}}", entries);
    int code = recording_parse(buf_span(&text), "by-hand.har", &r, e);
    if (!code)
        code = distill(&r, &o, &done, e);
    recording_fini(&r);
    buf_fini(&text);
    return code;
}

static int copy_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char below[256], from[512], to[512];
    struct buf bytes;
    snprintf(below, sizeof below, "%s/%s", (const char *)arg, name);
    if (is_dir)
        return 0;
    snprintf(from, sizeof from, "%s/%s", fixtures_dir(), below);
    snprintf(to, sizeof to, "%s/fx/%s", scratch, below);
    buf_init(&bytes, 2 << 20);
    int code = file_read(from, &bytes, e);
    if (!code)
        code = file_write(to, buf_span(&bytes), e);
    buf_fini(&bytes);
    return code;
}

static void copy_video(void)
{
    static const char *const folders[] = {"video", "video/replies", "video/scenarios"};
    for (size_t i = 0; i < 3; i++) {
        char from[512], folder[64];
        snprintf(from, sizeof from, "%s/%s", fixtures_dir(), folders[i]);
        snprintf(folder, sizeof folder, "%s", folders[i]);
        assert_int_equal(file_list(from, copy_entry, folder, NULL), 0);
    }
    snprintf(dir, sizeof dir, "%s/fx/video", scratch);
}

static bool loads(void)
{
    char root[128];
    struct fixtures *f = NULL;
    snprintf(root, sizeof root, "%s/fx", scratch);
    bool good = fixtures_load(root, NULL, NULL, &f, NULL) == 0;
    fixtures_free(f);
    return good;
}

static int count_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    (void)name;
    (void)is_dir;
    (void)e;
    ++*(unsigned *)arg;
    return 0;
}

/* The files below dir, in which nothing hidden is left behind. */
static unsigned files_there(void)
{
    unsigned count = 0;
    char path[512];
    DIR *all = opendir(dir);
    assert_non_null(all);
    for (struct dirent *d = readdir(all); d; d = readdir(all))
        assert_true(strncmp(d->d_name, ".distill", 8) != 0);
    assert_int_equal(closedir(all), 0);
    snprintf(path, sizeof path, "%s/replies", dir);
    (void)file_list(path, count_entry, &count, NULL);
    snprintf(path, sizeof path, "%s/scenarios", dir);
    (void)file_list(path, count_entry, &count, NULL);
    return count;
}

static void what_is_written_loads_with_what_was_there(void **state)
{
    (void)state;
    struct err e = {0};
    unsigned before = files_there();
    assert_true(loads());
    if (distill_here(POLL("queued", "") "," POLL("completed", "") "," POLL("completed", ""), "good",
                     &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_true(loads());
    assert_int_equal(files_there(), before + 5);
    assert_int_equal(distill_here(POLL("queued", "") "," POLL("completed", ""), "good", &e), 0);
    assert_int_equal(files_there(), before + 5);
}

/* One reply of three is there with other bytes. */
static void a_name_that_is_taken_is_told_with_one_that_is_free_and_nothing_is_written(void **state)
{
    (void)state;
    struct err e = {0};
    char path[256];
    snprintf(path, sizeof path, "%s/replies/taken.succeeded.http", dir);
    assert_int_equal(file_write(path, span_of("HTTP/1.1 200\n\n"), NULL), 0);
    snprintf(path, sizeof path, "%s/scenarios/taken-2.json", dir);
    assert_int_equal(
        file_write(path,
                   span_of("{\"title\":\"t\",\"steps\":[{\"reply\":\"taken.succeeded\"}],"
                           "\"expect\":{\"outcome\":\"gave_up\"}}"),
                   NULL),
        0);
    unsigned before = files_there();
    assert_int_equal(distill_here(POLL("queued", "") "," POLL("completed", ""), "taken", &e),
                     ERR_FILE);
    assert_non_null(strstr(e.where, "replies/taken.succeeded.http"));
    assert_string_equal(e.what,
                        "is there with other bytes; nothing is overwritten: choose another --name; "
                        "taken-3 is free");
    assert_int_equal(files_there(), before);
    assert_true(loads());
}

static int count_reply(const char *name, bool is_dir, void *arg, struct err *e)
{
    return strstr(name, ".http") ? count_entry(name, is_dir, arg, e) : 0;
}

/* Room for one reply more, but not for two: each of them would load alone. */
static void a_folder_that_would_not_load_any_more_stays_as_it_is(void **state)
{
    (void)state;
    struct err e = {0};
    char first[256], path[256];
    unsigned replies = 0;
    snprintf(path, sizeof path, "%s/replies", dir);
    assert_int_equal(file_list(path, count_reply, &replies, NULL), 0);
    snprintf(first, sizeof first, "%s/replies/many.http", dir);
    assert_int_equal(file_write(first, span_of("HTTP/1.1 200\n\n"), NULL), 0);
    for (unsigned i = replies + 1; i < FIXTURES_REPLIES_MAX - 1; i++) {
        snprintf(path, sizeof path, "%s/replies/many%u.http", dir, i);
        assert_int_equal(link(first, path), 0);
    }
    unsigned before = files_there();
    assert_true(loads());
    assert_int_equal(distill_here(POLL("queued", "") "," POLL("completed", ""), "edge", &e),
                     ERR_LIMIT);
    assert_non_null(strstr(e.what, "more than 4096 replies: nothing is written"));
    assert_non_null(strstr(e.where, dir));
    assert_int_equal(files_there(), before);
    assert_true(loads());
    assert_int_equal(distill_here(POLL("queued", ""), "edge", &e), 0);
    assert_true(loads());
    for (unsigned i = replies + 1; i < FIXTURES_REPLIES_MAX - 1; i++) {
        snprintf(path, sizeof path, "%s/replies/many%u.http", dir, i);
        assert_int_equal(unlink(path), 0);
    }
}

static void a_folder_that_is_only_a_contract_is_one_that_is_being_made(void **state)
{
    (void)state;
    struct err e = {0};
    char old[512], now[512];
    snprintf(old, sizeof old, "%s/openapi.json", dir);
    snprintf(dir, sizeof dir, "%s/made", scratch);
    assert_int_equal(mkdir(dir, 0700), 0);
    snprintf(now, sizeof now, "%s/openapi.json", dir);
    assert_int_equal(symlink(old, now), 0);
    if (distill_here(POLL("queued", ""), "first", &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(files_there(), 3);
}

/* Of a pack, whose decoder nobody has written. */
static void an_upstream_without_a_decoder_is_read_by_its_contract(void **state)
{
    (void)state;
    struct err e = {0};
    char path[256];
    struct buf text;
    if (distill_here(POLL("queued", "") "," POLL("completed", ""), "pack", &e))
        fail_msg("%s: %s", e.where, e.what);
    snprintf(path, sizeof path, "%s/scenarios/pack.json", dir);
    buf_init(&text, 1 << 16);
    assert_int_equal(file_read(path, &text, NULL), 0);
    assert_non_null(strstr(text.p, "\"outcome\": \"succeeded\""));
    buf_reset(&text);
    snprintf(path, sizeof path, "%s/replies/pack.succeeded.want.json", dir);
    assert_int_equal(file_read(path, &text, NULL), 0);
    assert_string_equal(text.p, "{\n  \"state\": \"succeeded\",\n  \"status\": \"completed\"\n}\n");
    buf_fini(&text);
}

static void a_folder_may_be_the_one_at_hand(void **state)
{
    (void)state;
    struct err e = {0};
    char here[512], path[256];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(dir, sizeof dir, "%s/fx/video", scratch);
    snprintf(path, sizeof path, "%s/replies/here.queued.want.json", dir);
    assert_int_equal(chdir(dir), 0);
    span_copy(span_of("./"), dir, sizeof dir);
    int code = distill_here(POLL("queued", ""), "here", &e);
    assert_int_equal(chdir(here), 0);
    if (code)
        fail_msg("%s: %s", e.where, e.what);
    struct buf text;
    buf_init(&text, 1 << 16);
    assert_int_equal(file_read(path, &text, NULL), 0);
    assert_non_null(
        strstr(text.p, "\"status\": \"queued\"")); /* the decoder of video has read it */
    buf_fini(&text);
}

static void a_folder_that_cannot_be_written_to_is_named(void **state)
{
    (void)state;
    struct err e = {0};
    if (geteuid() == 0)
        skip(); /* who may everything writes everywhere */
    assert_int_equal(chmod(dir, 0500), 0);
    assert_int_equal(distill_here(POLL("queued", ""), "second", &e), ERR_FILE);
    assert_non_null(strstr(e.what, "cannot be written to"));
    assert_int_equal(chmod(dir, 0700), 0);
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

static int set_up(void **state)
{
    load_fixtures(state);
    copy_video();
    return 0;
}

static int tear_down(void **state)
{
    file_list(scratch, remove_entry, scratch, NULL);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_loads_with_what_was_there),
        cmocka_unit_test(a_name_that_is_taken_is_told_with_one_that_is_free_and_nothing_is_written),
        cmocka_unit_test(a_folder_that_would_not_load_any_more_stays_as_it_is),
        cmocka_unit_test(a_folder_that_is_only_a_contract_is_one_that_is_being_made),
        cmocka_unit_test(an_upstream_without_a_decoder_is_read_by_its_contract),
        cmocka_unit_test(a_folder_that_cannot_be_written_to_is_named),
        cmocka_unit_test(a_folder_may_be_the_one_at_hand),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
