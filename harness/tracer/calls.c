/* The table of calls. */
#include "calls.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

/* clang-format off */
#define CLOCK(name) {#name, SYS_##name, CALL_READS_CLOCK, -1, LIMIT_MS, 0}
#define TIMER(name) {#name, SYS_##name, CALL_SETS_TIMER, -1, LIMIT_MS, 0}
#define SOCKET(name) {#name, SYS_##name, CALL_SETS_SOCKET, -1, LIMIT_MS, 0}
#define WAIT(name, argument, form, result) {#name, SYS_##name, CALL_WAITS, argument, form, result}

const struct call calls[] = {
    CLOCK(clock_gettime),
    CLOCK(gettimeofday),
#ifdef SYS_time
    CLOCK(time),
#endif
    WAIT(nanosleep, 0, LIMIT_LEFT, 0),
    WAIT(clock_nanosleep, 2, LIMIT_SLEEP, 0),
#ifdef SYS_poll
    WAIT(poll, 2, LIMIT_MS, 0),
    WAIT(select, 4, LIMIT_TIMEVAL, 0),
    WAIT(epoll_wait, 3, LIMIT_MS, 0),
#endif
    WAIT(ppoll, 2, LIMIT_LEFT, 0),
    WAIT(pselect6, 4, LIMIT_LEFT, 0),
    WAIT(epoll_pwait, 3, LIMIT_MS, 0),
    WAIT(epoll_pwait2, 3, LIMIT_TIMESPEC, 0),
    WAIT(futex, 3, LIMIT_FUTEX, -ETIMEDOUT),
    WAIT(futex_waitv, 3, LIMIT_CLOCK, -ETIMEDOUT),
    WAIT(rt_sigtimedwait, 2, LIMIT_TIMESPEC, -EAGAIN),
    WAIT(recvmmsg, 4, LIMIT_TIMESPEC, -EAGAIN),
    WAIT(semtimedop, 3, LIMIT_TIMESPEC, -EAGAIN),
    WAIT(mq_timedsend, 4, LIMIT_REALTIME, -ETIMEDOUT),
    WAIT(mq_timedreceive, 4, LIMIT_REALTIME, -ETIMEDOUT),
#ifdef SYS_alarm
    TIMER(alarm),
#endif
    TIMER(setitimer),
    TIMER(getitimer),
    TIMER(timer_create),
    TIMER(timer_settime),
    TIMER(timer_gettime),
    TIMER(timer_delete),
    TIMER(timerfd_settime),
    TIMER(timerfd_gettime),
    SOCKET(setsockopt),
    SOCKET(getsockopt),
    {"connect", SYS_connect, CALL_CONNECTS, -1, LIMIT_MS, 0},
    {"listen", SYS_listen, CALL_LISTENS, -1, LIMIT_MS, 0},
    {"restart_syscall", SYS_restart_syscall, CALL_RESTARTS, -1, LIMIT_MS, 0},
    {"io_uring_setup", SYS_io_uring_setup, CALL_REFUSED, -1, LIMIT_MS, 0},
};
/* clang-format on */
const int calls_count = sizeof calls / sizeof calls[0];

const struct call *calls_find(long number)
{
    for (int i = 0; i < calls_count; i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

bool calls_is_wall_clock(int clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE
        || clock == CLOCK_REALTIME_ALARM || clock == CALLS_CLOCK_LAST;
}

bool calls_is_clock(int clock)
{
    return clock >= 0 && clock <= CALLS_CLOCK_LAST && clock != CLOCK_PROCESS_CPUTIME_ID
        && clock != CLOCK_THREAD_CPUTIME_ID;
}
