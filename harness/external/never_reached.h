/* Why a client never polled, as far as can be seen. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_NEVER_REACHED_H
#define UNDERSTUDY_HARNESS_EXTERNAL_NEVER_REACHED_H

#include "harness/testbed/strays.h"
#include "harness/tracer/tracer.h"

#include <stdbool.h>
#include <stddef.h>

/* What was seen of a run without a poll. */
struct never_reached {
    char *const *command;         /* as it was given, with its placeholders; NULL-terminated */
    const char *const *arguments; /* what its profile adds, the same; NULL-terminated */
    const char *mock;             /* where it should have gone: "http://127.0.0.1:41234" */
    struct strays strays;
    bool traced; /* it was seen where else it went: */
    struct tracer_went went;
};

/* Writes half a sentence that goes on after "the client never polled: ", such as "it asked for a connection to
 * 127.0.0.1:9, not to http://127.0.0.1:41234"; "" when nothing was seen. */
void never_reached_why(const struct never_reached *seen, char *out, size_t out_size);

#endif
