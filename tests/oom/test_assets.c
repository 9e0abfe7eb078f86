/* Every allocation fails in turn when downloads are told: all of them are, or none and an error. What does not open
 * for want of memory says so. */
#include "fail_alloc.h"

#include "base/clock.h"
#include "mockserver/wire/assets.h"
#include "mockserver/wire/wire.h"
#include "raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 100 };

static struct clock_manual manual;

static struct assets *open_assets(void)
{
    static const struct assets_options options = {.secrets = {"sk-secret"}};
    struct assets *a = NULL;
    assert_int_equal(assets_open(&options, &manual.clock, &a, NULL), 0);
    return a;
}

static void fetch(const struct assets *a, const char *target)
{
    char text[256], answer[1024];
    int fd = raw_connect(assets_address(a));
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                     target);
    assert_true(raw_send(fd, text, (size_t)n));
    raw_read_all(fd, answer, sizeof answer, NULL);
    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    close(fd);
}

/* True when the downloads needed fewer allocations than nth. */
static bool told_without(struct assets *a, unsigned nth, enum fail_how how)
{
    struct downloads d;
    struct err e = {0};
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = assets_downloads(a, "run-1", &d, &e);
    bool spared = fail_alloc_stop() == 0;
    assert_int_equal(code, spared ? 0 : ERR_MEMORY);
    assert_int_equal(d.count, spared ? 2 : 0);
    assert_true(spared == (d.list != NULL));
    if (spared) {
        assert_string_equal(d.list[0].url, "https://a/one");
        assert_null(d.list[0].leak);
        assert_string_equal(d.list[1].leak, "its URL");
    }
    downloads_fini(&d);
    for (int i = 0; i < 1000 && fail_alloc_live() > live; i++)
        clock_wait(clock_real(), 1); /* the server's own threads come to rest */
    assert_true(fail_alloc_live() <= live);
    return spared;
}

static void downloads_are_told_whole_or_not_at_all(void **state)
{
    (void)state;
    struct assets *a = open_assets();
    fetch(a, "/run-1/https/a/one");
    fetch(a, "/run-2/https/a/other");
    fetch(a, "/run-1/https/a/two?x=sk-secret");
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!told_without(a, nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_int_equal(nth, 5); /* the list, two URLs and a leak */
    }
    assets_close(a);
}

/* The first is its own memory, the second the wire's; what comes behind is CivetWeb's, on several threads. */
static void what_does_not_open_for_want_of_memory_says_so(void **state)
{
    (void)state;
    static const struct assets_options options = {0};
    for (unsigned nth = 1; nth <= 2; nth++) {
        struct assets *a = (struct assets *)&manual; /* is overwritten */
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(nth, FAIL_ONCE);
        assert_int_equal(assets_open(&options, &manual.clock, &a, &e), ERR_MEMORY);
        assert_int_equal(fail_alloc_stop(), 1);
        assert_null(a);
        assert_string_equal(e.what, nth == 1 ? "no memory for the assets" : "no memory for a wire");
        assert_int_equal(fail_alloc_live(), live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(downloads_are_told_whole_or_not_at_all),
        cmocka_unit_test(what_does_not_open_for_want_of_memory_says_so),
    };
    clock_manual_init(&manual, 5000);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    clock_manual_fini(&manual);
    return failed;
}
