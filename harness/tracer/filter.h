/* The seccomp filter that a client is started with: it stops for its tracer at the calls of
 * calls.h, and nowhere else. */
#ifndef UNDERSTUDY_HARNESS_TRACER_FILTER_H
#define UNDERSTUDY_HARNESS_TRACER_FILTER_H

#include <linux/filter.h>

enum { FILTER_MAX = 256 };

struct filter {
    struct sock_filter code[FILTER_MAX];
    struct sock_fprog program;
};

/* Writes the filter; the program points into *f, which must not move. */
void filter_make(struct filter *f);

/* Puts it on the calling thread and all that it starts, for good; takes from them the right to
 * gain privileges by exec, unless this process has CAP_SYS_ADMIN. Async-signal-safe. -1 with errno
 * when the kernel does not want it. */
int filter_install(const struct filter *f);

#endif
