/* Cancel tokens: a flag to look at and an eventfd to wait on, set by any thread
 * or signal handler. */
#include "cancel.h"

#include "client/decode/view.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct task_cancel {
    atomic_bool set;
    int fd;
};

int task_cancel_open(struct task_cancel **out, struct task_failure *f)
{
    struct err e;
    struct task_cancel *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c)
        c->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!c || c->fd < 0) {
        free(c);
        err_set(&e, ERR_MEMORY, NULL, "out of memory or of descriptors for a cancel token");
        return failure_from_err(f, &e);
    }
    *out = c;
    return 0;
}

void task_cancel_now(struct task_cancel *c)
{
    static const uint64_t one = 1;
    atomic_store(&c->set, true);
    ssize_t written = write(c->fd, &one, sizeof one); /* fails only when it is readable already */
    (void)written;
}

void task_cancel_close(struct task_cancel *c)
{
    if (c) {
        close(c->fd);
        free(c);
    }
}

bool cancel_is_set(const struct task_cancel *c)
{
    return atomic_load(&c->set);
}

int cancel_fd(const struct task_cancel *c)
{
    return c->fd;
}
