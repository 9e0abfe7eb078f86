/* Reading a clock and waiting on it, through its own functions. */
#include "clock.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int64_t clock_now(struct clock *c)
{
    return c->now_ms(c);
}

void clock_wait(struct clock *c, int64_t ms)
{
    if (ms > 0)
        c->wait_ms(c, ms);
}

bool clock_has_alarms(const struct clock *c)
{
    return c->alarm_set != NULL;
}

int clock_alarm_open(struct clock_alarm *a, struct err *e)
{
    *a = (struct clock_alarm){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    return a->fd >= 0 ? 0 : err_set(e, ERR_LIMIT, NULL, "no alarm: %s", strerror(errno));
}

void clock_alarm_close(struct clock_alarm *a)
{
    if (a->fd >= 0)
        close(a->fd);
    a->fd = -1;
}

void clock_alarm_set(struct clock *c, struct clock_alarm *a, int64_t at_ms)
{
    c->alarm_set(c, a, at_ms);
}

void clock_alarm_clear(struct clock *c, struct clock_alarm *a)
{
    c->alarm_clear(c, a);
}
