/* External clients: a program of somebody else's, run once a scenario against the wire.
 *
 * In its arguments {base_url} {task_id} {token} {interval} {timeout} {app_id} {secret} {goal} {upstream}
 * {asset_url} {speed} are replaced, and its environment has MOCK_BASE_URL and so on. Interval and timeout
 * are in seconds. In a testbed with assets the URLs it is given lie below {asset_url}; what it prints of them is
 * read, and handed on, as the recorded ones. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_H
#define UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_H

#include "external_client.h"
#include "harness/testbed/evidence.h"

#include <stdint.h>

struct testbed;

/* Looks at the command and says how its time can be sped up. ERR_NOT_FOUND when there is no such program,
 * ERR_USAGE when it cannot be sped up and how to do it otherwise. */
int external_prepare(char *const *command, const struct profile *profile, uint32_t speed,
                     struct external *out, struct err *e);

/* Runs the client on one scenario. *output (free with free) is what it printed, both streams in the order
 * they came. An error means that it could not be started. */
int external_run(const struct external *x, struct testbed *testbed, const struct upstream *upstream,
                 const struct scenario *scenario, uint32_t run, struct evidence *out, char **output,
                 struct err *e);

#endif
