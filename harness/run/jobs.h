/* Jobs: which scenarios the words of a command line name, and for which clients. */
#ifndef UNDERSTUDY_HARNESS_RUN_JOBS_H
#define UNDERSTUDY_HARNESS_RUN_JOBS_H

#include "base/err.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>
#include <stdint.h>

enum { JOBS_MAX = 65536 };

struct external;

struct job {
    const struct upstream *upstream;
    const struct scenario *scenario;
    const struct external *client; /* NULL: the built-in one */
    bool left_out;                 /* not run: it is not for this client */
};

struct jobs {
    struct job *list;
    uint32_t count; /* at most JOBS_MAX */
    size_t room;    /* of list */
};

/* Each word is the first of these that it can be:
 *
 *   doubao                    the name of an upstream: its scenarios, in the order of their names
 *   path/to/file.json         a file that exists: that scenario. One that is not among the fixtures
 *                             is loaded, for the upstream that its path names:
 *                             .../<upstream>/scenarios/<name>.json
 *   path/to/folder            a folder that exists: every scenario of the fixtures at or below it
 *   doubao:overloaded         one scenario of an upstream; doubao/overloaded is the same, as reports
 *                             write it
 *   doubao:success,failure    several: a name without an upstream is of the one before it
 *   '*:over*'                 what the patterns match (text_glob), in the order of the fixtures
 *
 * No words: every scenario. A scenario that several words name is taken once, where it was named
 * first. ERR_NOT_FOUND names the nearest upstream or scenario; ERR_LIMIT beyond JOBS_MAX; the
 * loader's errors of a file; ERR_MEMORY. On error *out is empty. fixtures is lent, must outlive
 * the jobs, and may get new scenarios. One thread. Free with jobs_fini. */
int jobs_select(struct fixtures *fixtures, const char *const *words, int word_count,
                struct jobs *out, struct err *e);

/* Makes every job one of each client's, client by client; of no client, as they are: the
 * built-in one's. Left out are scenarios of another goal than the one that the client waits for. ERR_LIMIT when that is more than JOBS_MAX. clients must outlive the jobs. */
int jobs_for_clients(struct jobs *jobs, const struct external *clients, uint32_t count,
                     struct err *e);

/* ERR_CONTRACT when a client's profile names a goal that no upstream has: it names the nearest. */
int jobs_check_goals(const struct fixtures *fixtures, const struct external *clients,
                     uint32_t count, struct err *e);

void jobs_fini(struct jobs *jobs);

#endif
