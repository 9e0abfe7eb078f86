/* The timers as rows, and what their calls do to them. */
#include "timers.h"

#include "base/clock.h"
#include "base/grow.h"
#include "peer_file.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum timer_kind { TIMER_ALARM, TIMER_POSIX, TIMER_FD };
enum { FD_FIRES_NS = 100000000 }; /* real; the kernel needs microseconds */

struct timer {
    enum timer_kind kind;
    pid_t pid;
    int id;                   /* POSIX: the kernel's number */
    int clock;                /* clockid_t */
    int fd;                   /* FD: our own copy of the descriptor */
    int64_t due_ns, every_ns; /* Unix time, INT64_MAX: not set; 0: once */
    int signal_number;        /* POSIX; 0: none */
    pid_t tid;                /* POSIX: the thread that gets the signal; 0: any */
    union sigval value;
};

void timers_fini(struct timers *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->list[i].kind == TIMER_FD)
            close(t->list[i].fd);
    free(t->list);
    *t = (struct timers){0};
}

static void remove_at(struct timers *t, uint32_t i)
{
    if (t->list[i].kind == TIMER_FD)
        close(t->list[i].fd);
    memmove(&t->list[i], &t->list[i + 1], (t->count - i - 1) * sizeof *t->list);
    t->count--;
}

static struct timer *add(struct timers *t, struct timer new)
{
    if (t->count == TIMERS_MAX)
        remove_at(t, 0);
    struct timer *list = grow(t->list, t->count, &t->room, sizeof *list, TIMERS_MAX);
    if (!list)
        return NULL;
    t->list = list;
    new.due_ns = INT64_MAX;
    t->list[t->count] = new;
    return &t->list[t->count++];
}

static struct timer *find(struct timers *t, enum timer_kind kind, pid_t pid, int id)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->list[i].kind == kind && t->list[i].pid == pid && t->list[i].id == id)
            return &t->list[i];
    return NULL;
}

static struct timer *find_alarm(struct timers *t, pid_t pid)
{
    struct timer *known = find(t, TIMER_ALARM, pid, 0);
    return known ? known : add(t, (struct timer){.kind = TIMER_ALARM, .pid = pid});
}

/* The timer behind a descriptor of the thread's; a new one when it has not been seen yet. */
static struct timer *find_fd(struct timers *t, const struct tracee *one, int fd)
{
    int copy = peer_file_copy(one->pid, fd);
    int clock = peer_file_clock(one->pid, fd);
    t->refused |= copy < 0 && clock >= 0;
    if (copy < 0 || clock < 0) {
        if (copy >= 0)
            close(copy);
        return NULL;
    }
    for (uint32_t i = 0; i < t->count; i++)
        if (t->list[i].kind == TIMER_FD && peer_file_same(t->list[i].fd, copy)) {
            close(copy);
            return &t->list[i];
        }
    struct timer *new = add(t, (struct timer){.kind = TIMER_FD, .clock = clock, .fd = copy});
    if (!new)
        close(copy);
    return new;
}

/* -- Setting and reading ---------------------------------------------------------------------- */

/* {every, first}, each {seconds, fraction}: struct itimerval, struct itimerspec. */
struct setting {
    int64_t every[2], first[2];
};

static int64_t left_ns(const struct timer *timer, const struct sim_time *now)
{
    if (!timer || timer->due_ns == INT64_MAX)
        return 0;
    return timer->due_ns > now->ns ? timer->due_ns - now->ns : 1;
}

static bool write_setting(const struct machine *m, uint64_t at, const struct timer *timer,
                          const struct sim_time *now, int64_t fraction_ns)
{
    int64_t left = left_ns(timer, now), every = timer ? timer->every_ns : 0;
    struct setting s = {{every / SIM_SECOND_NS, every % SIM_SECOND_NS / fraction_ns},
                        {left / SIM_SECOND_NS, left % SIM_SECOND_NS / fraction_ns}};
    return at == 0 || machine_poke(m->tid, at, &s, sizeof s);
}

/* Answers a call that sets a timer: 0, or -errno. */
static long set(struct timer *timer, const struct machine *m, uint64_t new_at, uint64_t old_at,
                bool absolute, const struct sim_time *now, int64_t fraction_ns)
{
    struct setting s;
    int64_t fractions = SIM_SECOND_NS / fraction_ns;
    if (!timer)
        return -ENOMEM;
    if (!machine_peek(m->tid, new_at, &s, sizeof s))
        return -EFAULT;
    int64_t first = sim_span_ns(s.first[0], s.first[1], fractions);
    int64_t every = sim_span_ns(s.every[0], s.every[1], fractions);
    if (first < 0 || every < 0)
        return -EINVAL;
    if (!write_setting(m, old_at, timer, now, fraction_ns))
        return -EFAULT;
    timer->every_ns = every;
    timer->due_ns = first == 0 ? INT64_MAX
        : absolute             ? sim_when_clock_shows(now, timer->clock, first)
                               : sim_in(now, first);
    return 0;
}

static void answer_alarm(struct timers *t, const struct tracee *one, struct machine *m,
                         const struct sim_time *now)
{
    struct timer *timer = find_alarm(t, one->pid);
    int64_t left = left_ns(timer, now);
    int64_t seconds = (int64_t)(uint32_t)machine_arg(m, 0);
    if (timer) {
        timer->every_ns = 0;
        timer->due_ns = seconds == 0 ? INT64_MAX : sim_in(now, seconds * SIM_SECOND_NS);
    }
    machine_skip(m, (left + SIM_SECOND_NS - 1) / SIM_SECOND_NS);
}

/* Remembers the timer that the kernel has just made, unless it measures work. */
static void note_created(struct timers *t, const struct tracee *one, const struct machine *m)
{
    int id = 0;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    if (machine_result(m) != 0 || !calls_is_clock((int)machine_arg(m, 0))
        || !machine_peek(m->tid, machine_arg(m, 2), &id, sizeof id))
        return;
    event.sigev_value.sival_int = id;
    if (machine_arg(m, 1) != 0)
        machine_peek(m->tid, machine_arg(m, 1), &event, sizeof event);
    struct timer new = {.kind = TIMER_POSIX,
                        .pid = one->pid,
                        .id = id,
                        .clock = (int)machine_arg(m, 0),
                        .value = event.sigev_value};
    if (event.sigev_notify != SIGEV_NONE)
        new.signal_number = event.sigev_signo;
    if (event.sigev_notify == SIGEV_THREAD_ID)
        new.tid = event._sigev_un._tid;
    add(t, new);
}

static void answer_posix(struct timers *t, const struct tracee *one, struct machine *m,
                         const struct sim_time *now)
{
    struct timer *timer = find(t, TIMER_POSIX, one->pid, (int)machine_arg(m, 0));
    if (!timer)
        return;
    if (machine_call(m) == SYS_timer_delete)
        remove_at(t, (uint32_t)(timer - t->list));
    else if (machine_call(m) == SYS_timer_gettime)
        machine_skip(m, write_setting(m, machine_arg(m, 1), timer, now, 1) ? 0 : -EFAULT);
    else
        machine_skip(m,
                     set(timer, m, machine_arg(m, 2), machine_arg(m, 3),
                         machine_arg(m, 1) & TIMER_ABSTIME, now, 1));
}

static void answer_fd(struct timers *t, const struct tracee *one, struct machine *m,
                      const struct sim_time *now)
{
    static const struct itimerspec never;
    struct timer *timer = find_fd(t, one, (int)machine_arg(m, 0));
    if (!timer)
        return;
    if (machine_call(m) == SYS_timerfd_gettime) {
        machine_skip(m, write_setting(m, machine_arg(m, 1), timer, now, 1) ? 0 : -EFAULT);
        return;
    }
    timerfd_settime(timer->fd, 0, &never, NULL); /* what has gone off unread is forgotten */
    machine_skip(m,
                 set(timer, m, machine_arg(m, 2), machine_arg(m, 3),
                     machine_arg(m, 1) & TFD_TIMER_ABSTIME, now, 1));
}

bool timers_before(struct timers *t, struct tracee *one, struct machine *m,
                   const struct sim_time *now)
{
    switch (machine_call(m)) {
#ifdef SYS_alarm
    case SYS_alarm: answer_alarm(t, one, m, now); return false;
#endif
    case SYS_setitimer:
        machine_skip(m,
                     set(find_alarm(t, one->pid), m, machine_arg(m, 1), machine_arg(m, 2), false,
                         now, 1000));
        return false;
    case SYS_getitimer: {
        const struct timer *timer = find(t, TIMER_ALARM, one->pid, 0);
        machine_skip(m, write_setting(m, machine_arg(m, 1), timer, now, 1000) ? 0 : -EFAULT);
        return false;
    }
    case SYS_timer_create: return true;
    case SYS_timerfd_settime:
    case SYS_timerfd_gettime: answer_fd(t, one, m, now); return false;
    default: answer_posix(t, one, m, now); return false;
    }
}

void timers_after(struct timers *t, const struct tracee *one, const struct machine *m)
{
    if (machine_call(m) == SYS_timer_create)
        note_created(t, one, m);
}

void timers_exec(struct timers *t, pid_t pid)
{
    for (uint32_t i = t->count; i-- > 0;)
        if (t->list[i].kind == TIMER_POSIX && t->list[i].pid == pid)
            remove_at(t, i);
}

/* -- Going off -------------------------------------------------------------------------------- */

static struct timer *first_due(const struct timers *t)
{
    struct timer *first = NULL;
    for (uint32_t i = 0; i < t->count; i++)
        if (!first || t->list[i].due_ns < first->due_ns)
            first = &t->list[i];
    return first;
}

int64_t timers_due_ns(const struct timers *t)
{
    const struct timer *first = first_due(t);
    return first ? first->due_ns : INT64_MAX;
}

/* Makes a descriptor readable, and waits until it is: the kernel does that by itself, at a time
 * that no thread's state shows. Then the timer is not set any more, whoever has read it since. */
static void fire_fd(const struct timer *timer)
{
    static const struct itimerspec at_once = {.it_value = {.tv_nsec = 1}};
    struct itimerspec left;
    int64_t end_ns = clock_ticks_ns() + FD_FIRES_NS;
    timerfd_settime(timer->fd, 0, &at_once, NULL);
    while (timerfd_gettime(timer->fd, &left) == 0
           && (left.it_value.tv_sec != 0 || left.it_value.tv_nsec != 0)
           && clock_ticks_ns() < end_ns)
        sched_yield();
}

/* A thread of the C library that waits for its timers' signals must see that one sent it, which
 * nobody else may pretend: its call is given the answer. */
static bool answer_signal_wait(const struct timer *timer, struct tracees *tracees,
                               const siginfo_t *info)
{
    struct tracee *one = tracees_find(tracees, timer->tid);
    if (!one || one->asleep.call.number != SYS_rt_sigtimedwait || one->asleep.call.args[1] == 0
        || !machine_peek(one->tid, one->asleep.call.args[1], &(char){0}, 1))
        return false;
    machine_poke(one->tid, one->asleep.call.args[1], info, sizeof *info);
    one->has_answer = true;
    one->answer = timer->signal_number;
    ptrace(PTRACE_INTERRUPT, one->tid, 0, 0);
    return true;
}

static void fire_posix(const struct timer *timer, struct tracees *tracees)
{
    siginfo_t info = {.si_signo = timer->signal_number, .si_code = SI_TIMER};
    info.si_value = timer->value;
    if (timer->signal_number == 0 || (timer->tid != 0 && answer_signal_wait(timer, tracees, &info)))
        return;
    info.si_code = SI_QUEUE; /* until timers_signal */
    info.si_pid = getpid();
    if (timer->tid != 0)
        syscall(SYS_rt_tgsigqueueinfo, timer->pid, timer->tid, timer->signal_number, &info);
    else
        syscall(SYS_rt_sigqueueinfo, timer->pid, timer->signal_number, &info);
}

void timers_fire(struct timers *t, struct tracees *tracees, int64_t now_ns)
{
    struct timer *timer = first_due(t);
    if (!timer || timer->due_ns > now_ns)
        return;
    if (timer->kind == TIMER_FD)
        fire_fd(timer);
    else if (timer->kind == TIMER_POSIX)
        fire_posix(timer, tracees);
    else
        kill(timer->pid, SIGALRM);
    timer->due_ns = timer->every_ns > 0 ? timer->due_ns + timer->every_ns : INT64_MAX;
}

void timers_signal(const struct tracee *one)
{
    siginfo_t info;
    if (ptrace(PTRACE_GETSIGINFO, one->tid, 0, &info) != 0 || info.si_code != SI_QUEUE
        || info.si_pid != getpid())
        return;
    info.si_code = SI_TIMER;
    ptrace(PTRACE_SETSIGINFO, one->tid, 0, &info);
}
