/* Known findings: a baseline of what is accepted, so that a run is red only on news, and on repairs that nobody has
 * taken out of the file.
 *
 *     {
 *       "known": [
 *         {"client": "poll", "scenario": "doubao:overloaded", "rule": "retry-after", "cause": "retry-after"}
 *       ]
 *     }
 *
 * A finding is its client (the built-in one is "built-in"), its scenario, its rule and its cause: never its text, a
 * time, the number of a poll or a language. Only findings that fail are meant. What has no verdict, and a lost
 * parity, is never known. One thread at a time. */
#ifndef UNDERSTUDY_HARNESS_RUN_KNOWN_H
#define UNDERSTUDY_HARNESS_RUN_KNOWN_H

#include "run.h"

enum { KNOWN_MAX = 20000 };

struct known;

/* Reads the file. update: it need not be there yet, and every finding of the run becomes known. ERR_FILE,
 * ERR_SYNTAX, ERR_CONTRACT, ERR_LIMIT beyond KNOWN_MAX, ERR_MEMORY; e->where is "FILE:LINE:COLUMN". path is lent. Free
 * with known_close (NULL is fine). */
int known_open(const char *path, bool update, struct known **out, struct err *e);
void known_close(struct known *k);

/* Compares a result with the file. True when it failed and everything that failed is known. */
bool known_judge(struct known *k, const struct run_result *result);

/* Calls tell with a line for each finding that is new, and for each known one of the scenarios that ran that was not
 * found; returns the number of the latter. After an update there are none of either. */
typedef void known_tell(const char *line, void *arg);
uint32_t known_end(const struct known *k, known_tell *tell, void *arg);

/* Writes the file anew, sorted, whole or not at all: without what was not found, with what was new. */
int known_write(const struct known *k, struct err *e);

#endif
