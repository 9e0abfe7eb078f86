/* External clients: a program of somebody else's, run once a scenario against the wire. It polls the task
 * that {task_id} names, or creates its own.
 *
 * In its arguments {base_url} {task_id} {token} {interval} {timeout} {app_id} {secret} {goal}
 * {upstream} {asset_url} {speed} {prompt} are replaced wherever they stand in a word; other braces
 * stay, but for a name that is no placeholder (placeholder.h). Its environment is ours with MOCK_BASE_URL and so on added, one variable a
 * placeholder. Interval and timeout are in seconds, with up to four decimals. In a testbed
 * with assets the URLs it is given lie below {asset_url}; what it prints of them is read, and
 * handed on, as the recorded ones. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_H
#define UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_H

#include "external_client.h"
#include "harness/testbed/evidence.h"

#include <stdint.h>

struct testbed;

/* Its name; "built-in" for NULL. */
const char *external_name(const struct external *x);

/* Finds the program and how its time can be sped up; speed 0: it lives in simulated time, where
 * tracer_check allows it. ERR_NOT_FOUND when there is no such
 * program, or no faketime that it needs; ERR_USAGE when its time cannot be sped up (the sentence
 * says what to do instead), the command is empty, or a word of it holds an unknown placeholder; ERR_LIMIT beyond EXTERNAL_ARGS_MAX words.
 * command and profile are lent. */
int external_prepare(char *const *command, const struct profile *profile, uint32_t speed,
                     struct external *out, struct err *e);

/* Runs the client on one scenario, in a wire testbed (with PACE_EVENTS: with time by events, opened
 * on this thread and new), and blocks until it has ended or was
 * stopped at its limit with all processes of its group. *out is to be freed with evidence_fini.
 * *output (free with free) is what it printed as text, standard error behind standard output, of either
 * at most half of EXTERNAL_OUTPUT_MAX bytes (kept.h). An error means that it could not be started, that its
 * profile cannot read its output within bounds, or that there is no memory: *out is then all zero and *output NULL. Several threads may run clients at once. */
int external_run(const struct external *x, struct testbed *testbed, const struct upstream *upstream,
                 const struct scenario *scenario, uint32_t run, struct evidence *out, char **output,
                 struct err *e);

#endif
