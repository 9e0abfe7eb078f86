/* Strays: requests to a run's mock that are no polls of the run. Of use where it has none: they say
 * where its client went instead. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_STRAYS_H
#define UNDERSTUDY_HARNESS_TESTBED_STRAYS_H

#include "mockserver/decide/journal.h"

#include <stdint.h>

enum { STRAY_TEXT_MAX = 80 };

struct strays {
    char outside
        [STRAY_TEXT_MAX]; /* the first outside of every mount, "GET /v1/tasks/7", cut; "": none */
    char
        other[STRAY_TEXT_MAX]; /* the first of the run that asks for something else than its task */
    uint32_t malformed;        /* messages that are no HTTP; the caller's to fill */
};

/* Reads what the journal holds after number `since`. Thread safe. */
void strays_read(struct journal *journal, uint64_t since, const char *session, struct strays *out);

#endif
