/* Repeats: the same jobs run several times, and how often each got which verdict. */
#ifndef UNDERSTUDY_HARNESS_RUN_REPEAT_H
#define UNDERSTUDY_HARNESS_RUN_REPEAT_H

#include "run.h"

enum { REPEAT_MAX = 1000 };

struct repeat {
    struct repeat_tally *list; /* one a job, in their order */
    uint32_t count, next;
};

/* ERR_MEMORY. Free with repeat_fini. */
int repeat_init(uint32_t jobs, struct repeat *out, struct err *e);
void repeat_fini(struct repeat *r);

/* Counts a result; results come in the order of the jobs, run after run. */
void repeat_count(struct repeat *r, const struct run_result *result);

/* Calls tell for each job whose verdicts differ ("doubao:overloaded: ok in 3 of 5 runs, FAIL in 2"), and returns how
 * many there are. */
typedef void repeat_tell(const char *line, void *arg);
uint32_t repeat_end(const struct repeat *r, repeat_tell *tell, void *arg);

#endif
