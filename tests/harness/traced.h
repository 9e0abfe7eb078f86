/* Programs run below a tracer whose world is quiet. Included after nothing; brings cmocka along. */
#ifndef UNDERSTUDY_TESTS_HARNESS_TRACED_H
#define UNDERSTUDY_TESTS_HARNESS_TRACED_H

#include "base/clock_events.h"
#include "harness/external/process.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern char **environ;

enum { OUTPUT_MAX = 1 << 16, DAY_MS = 24 * 3600 * 1000, PLENTY_MS = 60000 };
static const int64_t START_MS = 1767225600000; /* 2026-01-01T00:00:00Z */

/* The rest of the world: nobody, who is always quiet. */
static inline bool is_quiet(void *arg)
{
    (void)arg;
    return true;
}

struct ran {
    struct process process;
    int64_t lasted_ns; /* of simulated time */
    struct tracer_counts counts;
    char peer[80], unseen[80];
};

static const struct tracer_options defaults = {.world_is_quiet = is_quiet,
                                               .limit_ms = DAY_MS,
                                               .restless_limit_ms = PLENTY_MS,
                                               .busy_limit_ms = PLENTY_MS};

static inline int run_with(struct tracer_options options, const char *const *argv, struct ran *out,
                           struct err *e)
{
    struct clock_events clock;
    struct tracer *tracer;
    clock_events_init(&clock, START_MS);
    options.clock = &clock;
    assert_int_equal(tracer_open(&options, &tracer, e), 0);
    int code = process_run_traced((char *const *)(uintptr_t)argv, environ, tracer, OUTPUT_MAX,
                                  &out->process, e);
    out->lasted_ns = clock_events_now_ns(&clock) - START_MS * 1000000;
    out->counts = tracer_counts(tracer);
    snprintf(out->peer, sizeof out->peer, "%s", tracer_peer(tracer) ? tracer_peer(tracer) : "");
    snprintf(out->unseen, sizeof out->unseen, "%s",
             tracer_unseen(tracer) ? tracer_unseen(tracer) : "");
    tracer_close(tracer);
    clock_events_fini(&clock);
    return code;
}

static inline void run_by(struct tracer_options options, const char *const *argv, struct ran *out)
{
    struct err e = {0};
    if (run_with(options, argv, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static inline void shell_by(struct tracer_options options, const char *script, struct ran *out)
{
    const char *const argv[] = {"bash", "-c", script, NULL};
    run_by(options, argv, out);
}

static inline void shell(const char *script, struct ran *out)
{
    shell_by(defaults, script, out);
}

#endif
