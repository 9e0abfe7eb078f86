/* Fixtures: allocation 1 fails, then 2, then 3 ... until a load needs no more. */
#include "fail_alloc.h"
#include "loaders.h"

#include "base/file.h"
#include "mockserver/fixture/fixtures.h"

#include <ftw.h>
#include <unistd.h>

static const struct {
    const char *path, *text;
} files[] = {
    {"b/openapi.json",
     "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\"}, \"paths\": {\"/t/{id}\": {\"get\": "
     "{}}},\n"
     "\"x-task\": {\"id\": [{\"in\": \"path\", \"name\": \"id\"}], \"status\": {\"pointer\": "
     "\"/s\",\n"
     "\"states\": {\"queued\": [\"q\"]}}, \"stamp\": {\"/id\": \"task.id\"}}}"},
    {"b/replies/queued.http", "HTTP/1.1 200 OK\nA: b\n\n{\"s\":\"q\",\"id\":\"x\"}"},
    {"b/replies/error.not_found.http", "HTTP/1.1 404 No\n\n"},
    {"b/replies/error.no_route.http", "HTTP/1.1 404 No\n\n"},
    {"b/replies/error.bad_request.http", "HTTP/1.1 400 No\n\n"},
    {"b/scenarios/success.json",
     "{\"title\": \"t\", \"steps\": [{\"reply\": \"queued\"}, "
     "{\"reply\": \"queued\", \"fault\": {\"delay\": \"1s\"}}, "
     "{\"reply\": \"queued\"}], \"expect\": {\"outcome\": \"error\"}}"},
};

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void every_failed_allocation_fails_the_load_and_leaves_nothing(void **state)
{
    char dir[] = "/tmp/understudy-memory-XXXXXX", path[FILE_PATH_MAX];
    (void)state;
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_true(file_join(path, sizeof path, dir, files[i].path));
        assert_int_equal(file_write(path, span_of(files[i].text), NULL), 0);
    }
    unsigned n = 0;
    for (bool whole = false; !whole; n++) {
        struct fixtures *f = NULL;
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(n + 1, FAIL_ONCE);
        int code = fixtures_load(dir, NULL, NULL, &f, &e);
        whole = fail_alloc_stop() == 0;
        if (whole != (code == 0) || (f != NULL) != (code == 0))
            fail_msg("allocation %u: code %d, %s %s", n + 1, code, e.where, e.what);
        fixtures_free(f);
        if (fail_alloc_live() != live)
            fail_msg("allocation %u: %ld not freed", n + 1, fail_alloc_live() - live);
    }
    assert_true(n > 20);
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_fails_the_load_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
