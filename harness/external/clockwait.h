/* The library that goes into clients beside libfaketime (preload/clockwait.c), carried inside the program. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_CLOCKWAIT_H
#define UNDERSTUDY_HARNESS_EXTERNAL_CLOCKWAIT_H

/* A path to it for LD_PRELOAD, good as long as this process lives; NULL when the system has no place for
 * it. Thread safe. */
const char *clockwait_path(void);

#endif
