/* Fixtures: allocation 1 fails, then 2, then 3 ... until a load needs no more. Linked with --wrap, so
 * that every allocation of ours and of cJSON's comes through here. */
#include "loaders.h"

#include "base/file.h"
#include "mockserver/fixtures.h"

#include <ftw.h>
#include <unistd.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *text);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);
void __wrap_free(void *p);

static long left = -1; /* allocations until one fails; negative: none does */
static long live;

static bool fails(void)
{
    return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t n)
{
    void *p = fails() ? NULL : __real_malloc(n);
    live += p != NULL;
    return p;
}

void *__wrap_calloc(size_t count, size_t n)
{
    void *p = fails() ? NULL : __real_calloc(count, n);
    live += p != NULL;
    return p;
}

void *__wrap_realloc(void *old, size_t n)
{
    void *p = fails() ? NULL : __real_realloc(old, n);
    live += p && !old;
    return p;
}

char *__wrap_strdup(const char *text)
{
    char *p = fails() ? NULL : __real_strdup(text);
    live += p != NULL;
    return p;
}

void __wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

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
    long n = 0;
    for (bool whole = false; !whole; n++) {
        struct fixtures *f = NULL;
        struct err e = {0};
        long before = live;
        left = n;
        int code = fixtures_load(dir, NULL, NULL, &f, &e);
        whole = left >= 0;
        left = -1;
        if (whole != (code == 0) || (f != NULL) != (code == 0))
            fail_msg("allocation %ld: code %d, %s %s", n + 1, code, e.where, e.what);
        fixtures_free(f);
        if (live != before)
            fail_msg("allocation %ld: %ld not freed", n + 1, live - before);
    }
    assert_true(n > 100);
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_fails_the_load_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
