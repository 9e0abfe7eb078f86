/* An external client: its command, and how its time is made to run as fast as the mock's. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_CLIENT_H
#define UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_CLIENT_H

#include "profile.h"

#include <stdint.h>

enum {
    EXTERNAL_NAME_MAX = 256, /* with its NUL, as long as a file's */
    EXTERNAL_ARGS_MAX = PROFILE_COMMAND_MAX,
    EXTERNAL_OUTPUT_MAX = 1 << 20
};

/* How the child's time is made to run as fast as the mock's. */
enum external_pace {
    PACE_REAL,     /* speed 1 */
    PACE_FAKETIME, /* libfaketime: its clock starts at the mock's present time and runs at its rate */
    /* libfaketime cannot reach it, so its clock is real (testbed_options.real_clients): {interval} and
     * {timeout} are divided instead, and {speed} says by what, for the waits that replies ask for */
    PACE_INTERVAL,
    PACE_EVENTS /* traced (harness/tracer): it lives in simulated time, and so does its mock */
};

struct external {
    char name[EXTERNAL_NAME_MAX];
    char *const *command;          /* NULL-terminated; lent */
    const struct profile *profile; /* NULL: the default reading */
    uint32_t speed;                /* 0 with PACE_EVENTS */
    enum external_pace pace;
};

#endif
