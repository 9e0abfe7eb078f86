/* Loading one upstream. Used by the fixtures' own files alone. */
#ifndef UNDERSTUDY_FIXTURES_LOAD_H
#define UNDERSTUDY_FIXTURES_LOAD_H

#include "fixtures.h"

#include <stdbool.h>

/* Collects errors: each is reported, the first is kept. */
struct fixtures_errors {
    fixtures_report *report;
    void *arg;
    struct err first;
};
void fixtures_say(struct fixtures_errors *errors, const struct err *e);

/* Loads the folder dir into *u (zeroed, but for its name). What has errors is left out or half
 * there: whoever sees errors.first set throws the upstream away. */
void upstream_load(struct upstream *u, const char *dir, struct fixtures_errors *errors);
void upstream_fini(struct upstream *u);

/* Reads and parses one scenario file. */
int upstream_read_scenario(const struct upstream *u, const char *path, const char *name,
                           struct scenario *out, struct err *e);

/* Puts s into its place by name. ERR_CONTRACT when its name or its "tasks" is taken; the caller keeps
 * s then. */
int upstream_add_scenario(struct upstream *u, const struct scenario *s, struct err *e);

#endif
