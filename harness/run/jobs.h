/* Jobs: which scenarios the words of a command line name, and for which clients. */
#ifndef UNDERSTUDY_HARNESS_RUN_JOBS_H
#define UNDERSTUDY_HARNESS_RUN_JOBS_H

#include "base/err.h"
#include "mockserver/fixture/fixtures.h"

#include <stdint.h>

enum { JOBS_MAX = 65536 };

struct external;

struct job {
    const struct upstream *upstream;
    const struct scenario *scenario;
    const struct external *client; /* NULL: the built-in one */
};

struct jobs {
    struct job *list;
    uint32_t count;
    size_t room;
};

/* Each word is an upstream ("doubao"), one scenario of it ("doubao:overloaded"), a scenario file (loaded
 * against the upstream whose folder it lies in, or would by its path) or a folder (every loaded scenario
 * below it). No words: every scenario. ERR_NOT_FOUND names the nearest. Free with jobs_fini. */
int jobs_select(struct fixtures *fixtures, const char *const *words, int word_count,
                struct jobs *out, struct err *e);

/* Makes every job one of each client's, client by client; of no client, as they are: the built-in one's.
 * ERR_LIMIT when that is more than JOBS_MAX. clients must outlive the jobs. */
int jobs_for_clients(struct jobs *jobs, const struct external *clients, uint32_t count,
                     struct err *e);

void jobs_fini(struct jobs *jobs);

#endif
