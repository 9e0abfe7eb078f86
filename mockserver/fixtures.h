/* Fixtures: everything under a fixtures folder, loaded once and never changed after.
 * Safe to share between threads and mocks. */
#ifndef UNDERSTUDY_FIXTURES_H
#define UNDERSTUDY_FIXTURES_H

#include "base/err.h"
#include "base/file.h"
#include "mockserver/contract.h"
#include "mockserver/reply.h"
#include "mockserver/scenario.h"

#include <stdint.h>

enum { FIXTURES_UPSTREAMS_MAX = 256, FIXTURES_REPLIES_MAX = 4096, FIXTURES_SCENARIOS_MAX = 4096 };

struct upstream {
    char name[REPLY_NAME_MAX];
    struct contract contract;
    struct reply *replies; /* sorted by name */
    uint32_t reply_count;
    struct scenario *scenarios; /* sorted by name */
    uint32_t scenario_count;
};

struct fixtures {
    char dir[1024];
    struct upstream *upstreams; /* sorted by name */
    uint32_t upstream_count;
};

/* The folder to load, into dir, which holds FILE_PATH_MAX: given; when that is NULL ./fixtures, else
 * the one that was installed with the running program. ERR_FILE when it is not there; dir is then "". */
int fixtures_find(const char *given, char *dir, struct err *e);

/* Loads every upstream under dir, going on after an error: report (may be NULL) gets each one, the
 * first is returned in *e. On error *out is NULL and everything is freed.
 * Every error's where is "FILE:LINE:COLUMN" or "FILE"; what names key and nearest known key. */
typedef void fixtures_report(const struct err *e, void *arg);
int fixtures_load(const char *dir, fixtures_report *report, void *arg, struct fixtures **out,
                  struct err *e);
void fixtures_free(struct fixtures *f);

/* A scenario file from anywhere, against an upstream already loaded (whose replies it names): its
 * scenario is appended to the upstream unless one of that name and path is there.
 * Not thread safe; before any mock uses the fixtures. */
int fixtures_add_scenario(struct upstream *u, const char *path, struct err *e);

struct upstream *fixtures_upstream(const struct fixtures *f, const char *name);
const struct reply *upstream_reply(const struct upstream *u, const char *name);
const struct scenario *upstream_scenario(const struct upstream *u, const char *name);
/* The nearest name for an error message; NULL when none is near. */
const char *upstream_nearest_reply(const struct upstream *u, const char *name);
const char *upstream_nearest_scenario(const struct upstream *u, const char *name);
const char *fixtures_nearest_upstream(const struct fixtures *f, const char *name);

/* scenario.c; used by fixtures.c. text has had its comments blanked. */
int scenario_parse(struct span text, const char *path, const char *name, const struct upstream *u,
                   struct scenario *out, struct err *e);
void scenario_fini(struct scenario *s);

#endif
