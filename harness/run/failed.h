/* What failed in an earlier run, by its report (`--report json=FILE`), to be run again. */
#ifndef UNDERSTUDY_HARNESS_RUN_FAILED_H
#define UNDERSTUDY_HARNESS_RUN_FAILED_H

#include "base/args.h"
#include "harness/external/profile.h"
#include "jobs.h"

struct failed {
    const char *path; /* lent */
    struct json *document;
    char *command[PROFILE_COMMAND_MAX
                  + 1]; /* of its one client, NULL-terminated; lent by the document */
};

/* ERR_FILE, ERR_SYNTAX, ERR_LIMIT beyond JSON_TEXT_MAX, and ERR_CONTRACT when it is no report of harness run. On
 * error there is nothing to free. */
int failed_open(const char *path, struct failed *out, struct err *e);
void failed_fini(struct failed *f);

/* The seed of that run; -1 when it has none. */
int64_t failed_seed(const struct failed *f);

/* Adds the report's clients, as they were started then: profiles to paths, and in *after the words after "--". All of
 * them are lent by f. ERR_CONTRACT; the errors of profile_load. */
int failed_clients(struct failed *f, struct args_list *paths, char ***after, struct err *e);

/* Selects what did not pass of any client, in the order of the report, as jobs_select. */
int failed_select(const struct failed *f, struct fixtures *fixtures, struct jobs *out,
                  struct err *e);

/* Takes out of jobs, which are not yet any client's, what failed for nobody. */
void failed_narrow(const struct failed *f, struct jobs *jobs);

/* Leaves out (job.left_out) what passed for the job's client. ERR_USAGE when the report knows none of the clients:
 * it names them. */
int failed_keep(const struct failed *f, struct jobs *jobs, struct err *e);

#endif
