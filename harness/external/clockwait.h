/* The library that is preloaded into clients together with libfaketime (preload/clockwait.c).
 * The build embeds it in the harness, so that it need not be installed. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_CLOCKWAIT_H
#define UNDERSTUDY_HARNESS_EXTERNAL_CLOCKWAIT_H

/* A path to it for LD_PRELOAD, valid as long as this process lives; NULL when it cannot be
 * written. Thread safe. */
const char *clockwait_path(void);

#endif
