/* The project's own fixtures, loaded once for a test program; and scenarios made up on the spot. */
#ifndef UNDERSTUDY_TESTS_HARNESS_WITH_FIXTURES_H
#define UNDERSTUDY_TESTS_HARNESS_WITH_FIXTURES_H

#include "base/file.h"
#include "base/span.h"
#include "mockserver/fixture/fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct fixtures *fixtures;
static char scratch[64]; /* a folder of this program's own */

static inline const char *fixtures_dir(void)
{
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    return dir != NULL ? dir : "fixtures";
}

static inline int load_fixtures(void **state)
{
    struct err e = {0};
    (void)state;
    if (fixtures_load(fixtures_dir(), NULL, NULL, &fixtures, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    span_copy(span_of("/tmp/understudy-test-XXXXXX"), scratch, sizeof scratch);
    assert_non_null(mkdtemp(scratch));
    return 0;
}

static inline int free_fixtures(void **state)
{
    (void)state;
    fixtures_free(fixtures);
    rmdir(scratch);
    return 0;
}

/* Writes scratch/<upstream>/scenarios/<name>.json; the caller removes it with remove_scenario. */
static inline void write_scenario(const char *upstream, const char *name, const char *text,
                                  char *path, size_t path_size)
{
    struct err e = {0};
    snprintf(path, path_size, "%s/%s/scenarios/%s.json", scratch, upstream, name);
    if (file_write(path, span_of(text), &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static inline void remove_scenario(char *path)
{
    unlink(path);
    for (int up = 0; up < 2; up++) {
        *strrchr(path, '/') = '\0';
        rmdir(path);
    }
}

/* A scenario of an upstream that lives as long as the fixtures. */
static inline const struct scenario *make_scenario(const char *upstream, const char *name,
                                                   const char *text)
{
    char path[256];
    struct err e = {0};
    struct upstream *u = fixtures_upstream(fixtures, upstream);
    assert_non_null(u);
    write_scenario(upstream, name, text, path, sizeof path);
    if (fixtures_add_scenario(u, path, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    remove_scenario(path);
    return upstream_scenario(u, name);
}

#endif
