/* Whether a run on a clock that runs N times faster can be judged.
 *
 * Such a clock multiplies what is no waiting too: a second in which a program starts, or a busy
 * machine lets it stand, is N seconds of the scenario. And a program that the fast clock does not
 * reach waits N times too long. Then no verdict is given, but a lower speed. In simulated time
 * (harness/tracer) nothing of the kind is lost. Pure: no input or output. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_HONESTY_H
#define UNDERSTUDY_HARNESS_EXTERNAL_HONESTY_H

#include "harness/testbed/evidence.h"

#include <stdbool.h>
#include <stddef.h>

/* True when the trace shows that speed, 2 or more, was too high; started_ms: when the client was
 * started, on the mock's clock. why is then one sentence with a speed to try. */
bool honesty_doubts(const struct evidence *evidence, uint32_t speed, int64_t started_ms, char *why,
                    size_t why_size);

#endif
