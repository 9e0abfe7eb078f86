/* Exports: scenarios and runs as files of other tools.
 *
 *   har        one HAR 1.2 file a story, FOLDER/UPSTREAM-SCENARIO.har
 *   wiremock   one file of WireMock's mappings a story, FOLDER/mappings/UPSTREAM-SCENARIO.json, for
 *              --root-dir FOLDER: mounted as the mock mounts it, /UPSTREAM:SCENARIO/... */
#ifndef UNDERSTUDY_HARNESS_EXPORT_EXPORT_H
#define UNDERSTUDY_HARNESS_EXPORT_EXPORT_H

#include "base/err.h"
#include "base/json/json.h"
#include "mockserver/fixture/fixtures.h"

#include <stdint.h>

enum export_format { EXPORT_HAR, EXPORT_WIREMOCK };
/* "har", "wiremock"; ended by NULL. */
extern const char *const export_names[];

/* Where an export goes, and what has become of it. */
struct export
{
    enum export_format format;
    const char *dir;
    uint32_t files, answers;
    uint32_t left_out; /* polls of a run that no file holds */
    uint32_t cut;      /* answers that a fault cuts or loses */
};

/* ERR_LIMIT when it is too long, ERR_USAGE when its poll needs what is not known here, ERR_FILE, ERR_MEMORY. */
int export_scenario(struct export *x, const struct upstream *u, const struct scenario *s,
                    struct err *e);
/* One scenario of a run's report; the same errors, and ERR_NOT_FOUND, ERR_CONTRACT. */
int export_run(struct export *x, const struct fixtures *f, const struct json *scenario,
               struct err *e);

/* What the format cannot say, as one sentence. */
const char *export_cannot_say(enum export_format format);

#endif
