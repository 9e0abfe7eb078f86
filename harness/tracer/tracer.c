/* The loop: takes the stops of the client's threads one by one, and moves the clock when there are none. */
#include "tracer.h"

#include "base/clock.h"
#include "base/clock_events.h"
#include "calls.h"
#include "clock_read.h"
#include "peers.h"
#include "socket_limits.h"
#include "timers.h"
#include "tracee.h"
#include "vdso.h"
#include "wait.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE
        | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXEC
        | PTRACE_O_EXITKILL,
    STOP_OF_CALL = SIGTRAP | 0x80, /* PTRACE_O_TRACESYSGOOD */
    STEP_NS = 1000,                /* what the first clock reads cost */
    DOUBLINGS_MAX = 14,
    MS_NS = 1000000,
    MOCK_RESTS_NS = 1000000000, /* real: at the latest */
    SPINS = 8,                  /* looks in a row before the tracer sleeps between them */
    PAUSE_MIN_NS = 20000,
    PAUSE_MAX_NS = 1000000,
    FOREVER_NS =
        300000000 /* a woken thread waits that long for a processor only where there is none */
};

struct tracer {
    struct tracer_options options;
    struct clock_events *clock;
    struct tracees tracees;
    struct timers timers;
    struct socket_limits sockets;
    struct peers peers;
    const char *peer;      /* that owes an answer; NULL: none */
    int64_t peer_since_ns; /* real: since when, ... */
    int64_t peer_seen_ns;  /* ... and when time was last moved for it */
    int64_t start_ns, limit_ns;
    int64_t
        now_ns; /* the client's time: the run's clock, and what looks at clocks have cost since */
    uint64_t order;         /* of the next wait */
    int64_t second_ns;      /* where the clock was ... */
    int64_t second_real_ns; /* ... at this real time, and it has moved less than a second since */
    pid_t client;           /* the process that was started; 0: it has ended */
    pid_t last;             /* the thread that was stopped last */
    uint32_t reads;         /* of clocks since somebody waited */
    timer_t alarm;          /* ends a pause */
    struct tracer_counts counts;
};

static struct sim_time now_of(const struct tracer *t)
{
    return (struct sim_time){.ns = t->now_ns, .start_ns = t->start_ns};
}

struct tracer_went tracer_went(const struct tracer *t)
{
    struct tracer_went went = {.asked_name_server = t->peers.asked_name_server,
                               .connected = t->peers.connected};
    _Static_assert(sizeof went.stranger == sizeof t->peers.stranger, "a name fits");
    memcpy(went.stranger, t->peers.stranger, sizeof went.stranger);
    return went;
}

const char *tracer_peer(const struct tracer *t)
{
    return t->peer;
}

struct tracer_counts tracer_counts(const struct tracer *t)
{
    struct tracer_counts counts = t->counts;
    counts.threads = t->tracees.count;
    return counts;
}

const char *tracer_unseen(const struct tracer *t)
{
    if (t->timers.refused)
        return "timers of timerfd";
    return t->peers.refused[0] != '\0' ? t->peers.refused : NULL;
}

/* -- Opening ---------------------------------------------------------------------------------- */

static void wake_up(int signal_number)
{
    (void)signal_number; /* that waitpid returns is all it is for */
}

/* A timer that interrupts this thread's waitpid. */
static int open_alarm(struct tracer *t, struct err *e)
{
    struct sigaction action = {.sa_handler = wake_up};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event._sigev_un._tid = gettid();
    if (sigaction(SIGRTMIN, &action, NULL) == 0
        && timer_create(CLOCK_MONOTONIC, &event, &t->alarm) == 0)
        return 0;
    return err_set(e, ERR_FILE, NULL, "no timer for simulated time: %s", strerror(errno));
}

int tracer_open(const struct tracer_options *options, struct tracer **out, struct err *e)
{
    struct tracer *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t)
        return err_set(e, ERR_MEMORY, NULL, "no memory for simulated time");
    t->options = *options;
    t->clock = options->clock;
    t->start_ns = t->now_ns = clock_events_now_ns(t->clock);
    t->limit_ns = t->start_ns + options->limit_ms * 1000000;
    for (int i = 0; i < 2; i++)
        if (options->ports[i] != 0)
            peers_add_port(&t->peers, options->ports[i]);
    int code = open_alarm(t, e);
    if (code)
        free(t);
    else
        *out = t;
    return code;
}

void tracer_close(struct tracer *t)
{
    if (!t)
        return;
    timer_delete(t->alarm);
    timers_fini(&t->timers);
    socket_limits_fini(&t->sockets);
    peers_fini(&t->peers);
    tracees_fini(&t->tracees);
    free(t);
}

int tracer_seize(struct tracer *t, pid_t pid, struct err *e)
{
    if (ptrace(PTRACE_SEIZE, pid, 0, OPTIONS) != 0)
        return err_set(e, ERR_FILE, NULL, "the client cannot be traced: %s", strerror(errno));
    if (!tracees_add(&t->tracees, pid))
        return err_set(e, ERR_FILE, "/proc", "the client's state cannot be read");
    t->client = pid;
    return 0;
}

/* -- Stops ------------------------------------------------------------------------------------ */

static void go_on(pid_t tid, int signal_number)
{
    ptrace(PTRACE_CONT, tid, 0, signal_number);
}

static void go_on_to_end_of_call(pid_t tid)
{
    ptrace(PTRACE_SYSCALL, tid, 0, 0);
}

/* Moves the client's time and the run's clock. Only when the mock rests: what it does for a request
 * happens at one time, however long it takes. */
static void move_to(struct tracer *t, int64_t ns)
{
    t->now_ns = ns > t->now_ns ? ns : t->now_ns;
    clock_events_pass(t->clock, t->now_ns);
}

static bool world_is_quiet(const struct tracer *t)
{
    return t->options.world_is_quiet(t->options.world);
}

static void wait_for_mock(const struct tracer *t)
{
    int64_t end_ns = clock_ticks_ns() + MOCK_RESTS_NS;
    while (!world_is_quiet(t) && clock_ticks_ns() < end_ns)
        sched_yield();
}

/* What a look at a clock costs. The mock counts milliseconds, so it need not know before the next
 * one begins. */
static void step(struct tracer *t)
{
    uint32_t doublings = t->reads++ / TRACER_READS_A_STEP;
    int64_t ns = t->now_ns
        + ((int64_t)STEP_NS << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX));
    if (ns / MS_NS == t->now_ns / MS_NS) {
        t->now_ns = ns;
        return;
    }
    wait_for_mock(t);
    move_to(t, ns);
}

/* A thread is about to make a call of the table. */
static void before_call(struct tracer *t, struct tracee *one)
{
    struct machine m;
    if (!machine_read(one->tid, &m))
        return;
    const struct call *call = calls_find(machine_call(&m));
    struct sim_time now = now_of(t);
    bool wants_end = false;
    if (call && call->kind == CALL_READS_CLOCK) {
        step(t);
        now = now_of(t);
        clock_read_answer(&m, &now);
    } else if (call && call->kind == CALL_WAITS) {
        wants_end = wait_begin(one, call, &m, &now, t->order++);
        if (wants_end && one->wait.due_ns > t->now_ns)
            t->reads = 0;
    } else if (call && call->kind == CALL_SETS_TIMER) {
        wants_end = timers_before(&t->timers, one, &m, &now);
    } else if (call && call->kind == CALL_SETS_SOCKET) {
        socket_limits_call(&t->sockets, one, &m);
    } else if (call && call->kind == CALL_CONNECTS) {
        peers_connect(&t->peers, one, &m);
    } else if (call && call->kind == CALL_LISTENS) {
        wants_end = true;
    } else if (call && call->kind == CALL_RESTARTS) {
        wants_end = wait_resume(one, &m);
    }
    if (wants_end)
        go_on_to_end_of_call(one->tid);
    else
        go_on(one->tid, 0);
}

static void after_call(struct tracer *t, struct tracee *one)
{
    struct machine m;
    struct sim_time now = now_of(t);
    if (machine_read(one->tid, &m)) {
        if (one->wait.call && !one->wait.interrupted)
            wait_end(one, &m, &now);
        else if (machine_call(&m) == SYS_listen)
            peers_listen(&t->peers, one, &m);
        else
            timers_after(&t->timers, one, &m);
    }
    go_on(one->tid, 0);
}

/* After an exec the process has one thread, with the process's number, and a new vDSO. */
static void after_exec(struct tracer *t, pid_t pid)
{
    tracees_remove_others(&t->tracees, pid);
    struct tracee *one = tracees_find(&t->tracees, pid);
    if (one)
        one->wait = (struct wait){0};
    timers_exec(&t->timers, pid);
    vdso_hide(pid);
    go_on(pid, 0);
}

/* A thread was interrupted in a call whose end it is told by us. */
static void give_answer(struct tracee *one)
{
    struct machine m;
    one->has_answer = false;
    if (!machine_read(one->tid, &m) || !wait_is_interrupted(machine_result(&m)))
        return;
    machine_set_result(&m, one->answer);
    machine_write(&m);
}

static bool is_job_control(int signal_number)
{
    return signal_number == SIGSTOP || signal_number == SIGTSTP || signal_number == SIGTTIN
        || signal_number == SIGTTOU;
}

static bool is_birth(int event)
{
    return event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK;
}

/* Knows a new thread or process from the moment that its parent has it, before its own first stop.
 * The kernel may tell of the child first: one that has ended since will not be told of again. */
static void expect_child(struct tracer *t, pid_t parent)
{
    unsigned long number = 0;
    struct asleep_call call = {0};
    if (ptrace(PTRACE_GETEVENTMSG, parent, 0, &number) != 0)
        return;
    struct tracee *child = tracees_add(&t->tracees, (pid_t)number);
    if (child && asleep_look(&child->asleep, &call) && call.ended)
        tracees_remove(&t->tracees, child->tid);
}

static void take_stop(struct tracer *t, struct tracee *one, int status)
{
    int event = status >> 16;
    int signal_number = WSTOPSIG(status);
    /* Seen in its stop it slept; its turns would say so still when it is let go before it has
     * left its processor. */
    one->asleep.slept = false;
    if (event == PTRACE_EVENT_SECCOMP) {
        before_call(t, one);
    } else if (event == PTRACE_EVENT_EXEC) {
        after_exec(t, one->tid);
    } else if (event == PTRACE_EVENT_STOP && is_job_control(signal_number)) {
        ptrace(PTRACE_LISTEN, one->tid, 0, 0);
    } else if (event != 0) {
        if (one->has_answer)
            give_answer(one);
        pid_t tid = one->tid;
        one->awaits_child = event == PTRACE_EVENT_VFORK;
        if (is_birth(event))
            expect_child(t, tid); /* which may move *one */
        go_on(tid, 0);
    } else if (signal_number == STOP_OF_CALL) {
        after_call(t, one);
    } else {
        timers_signal(one);
        go_on(one->tid, signal_number);
    }
}

/* One status of waitpid. */
static void take_status(struct tracer *t, pid_t tid, int status)
{
    if (!WIFSTOPPED(status)) {
        tracees_remove(&t->tracees, tid);
        t->client = tid == t->client ? 0 : t->client;
        return;
    }
    struct tracee *one = tracees_add(&t->tracees, tid);
    t->counts.stops++;
    t->last = tid;
    if (one)
        take_stop(t, one, status);
    else
        kill(tid, SIGKILL); /* too many threads, or no memory */
}

/* -- Time ------------------------------------------------------------------------------------- */

/* A parent waits for a child made by vfork in the way in which others wait for a disk. */
static bool sleeps(struct tracee *one)
{
    struct asleep_call call;
    if (!asleep_look(&one->asleep, &call))
        return false;
    one->asleep.slept = !call.deeply || one->awaits_child; /* else look anew: it may go on */
    return one->asleep.slept;
}

/* True when nobody has run since all were seen to sleep. */
static bool all_sleep_still(struct tracer *t)
{
    for (uint32_t i = t->tracees.count; i-- > 0;)
        if (!asleep_still(&t->tracees.list[i].asleep))
            return false;
    return true;
}

/* True when every thread of the client sleeps, and has gone on sleeping while the rest of the
 * world was seen to be quiet. */
static bool all_sleep(struct tracer *t)
{
    struct tracees *all = &t->tracees;
    struct tracee *last = tracees_find(all, t->last);
    t->counts.looks++;
    if (last && !sleeps(last))
        return false; /* most likely it is the one that we have just let go on */
    for (uint32_t i = all->count; i-- > 0;)
        if (!sleeps(&all->list[i]))
            return false;
    return world_is_quiet(t) && all_sleep_still(t);
}

/* The thread whose wait ends first; NULL: none waits for a time. */
static struct tracee *first_waiter(struct tracer *t)
{
    struct tracee *first = NULL;
    for (uint32_t i = 0; i < t->tracees.count; i++) {
        struct tracee *one = &t->tracees.list[i];
        const struct wait *w = &one->wait;
        if (!w->call || w->over || w->interrupted || w->due_ns == INT64_MAX)
            continue;
        if (!first || w->due_ns < first->wait.due_ns
            || (w->due_ns == first->wait.due_ns && w->order < first->wait.order))
            first = one;
    }
    return first;
}

/* What may happen next, in the order in which it does when several are due at once. */
enum next { NEXT_MOCK, NEXT_TIMER, NEXT_SOCKET, NEXT_THREAD, NEXT_COUNT };

static void interrupt(struct tracee *one)
{
    ptrace(PTRACE_INTERRUPT, one->tid, 0, 0);
}

/* Everybody sleeps. While somebody else owes the client an answer, time moves as it really does: true
 * when it has not reached due_ns yet. An answer that came since wakes a thread, which is to be seen first. */
static bool is_held_by_peer(struct tracer *t, int64_t due_ns)
{
    int64_t real_ns = clock_ticks_ns();
    const char *peer = peers_awaited(&t->peers, &t->tracees);
    if (!peer) {
        t->peer = NULL;
        t->peer_since_ns = t->peer_seen_ns = real_ns;
        return t->peers.count > 0 && !all_sleep_still(t);
    }
    if (!t->peer)
        t->peer_since_ns = t->peer_seen_ns = real_ns;
    t->peer = peer;
    int64_t ns = t->now_ns + (real_ns - t->peer_seen_ns);
    t->peer_seen_ns = real_ns;
    move_to(t, ns < due_ns ? ns : due_ns);
    return ns < due_ns;
}

/* Everybody sleeps: the earliest time that somebody waits for is now. TRACER_ENDED: it goes on. */
static enum tracer_end jump(struct tracer *t)
{
    int64_t due_ns[NEXT_COUNT];
    struct tracee *waiter = first_waiter(t);
    struct tracee *blocked = socket_limits_first(&t->sockets, &t->tracees, t->now_ns,
                                                 &due_ns[NEXT_SOCKET]);
    due_ns[NEXT_MOCK] = clock_events_due_ns(t->clock);
    due_ns[NEXT_TIMER] = timers_due_ns(&t->timers);
    due_ns[NEXT_THREAD] = waiter ? waiter->wait.due_ns : INT64_MAX;
    enum next next = NEXT_MOCK;
    for (enum next i = NEXT_MOCK; i < NEXT_COUNT; i++)
        if (due_ns[i] < due_ns[next])
            next = i;
    if (is_held_by_peer(t, due_ns[next])) {
        bool too_long = t->peer_seen_ns - t->peer_since_ns > t->options.busy_limit_ms * 1000000;
        return too_long ? TRACER_PEER : TRACER_ENDED;
    }
    if (due_ns[next] > t->limit_ns)
        return due_ns[next] == INT64_MAX ? TRACER_FOREVER : TRACER_LIMIT;
    move_to(t, due_ns[next]);
    t->reads = 0;
    t->counts.jumps++;
    if (next == NEXT_MOCK) {
        clock_events_wake(t->clock, due_ns[next]);
    } else if (next == NEXT_TIMER) {
        timers_fire(&t->timers, &t->tracees, due_ns[next]);
    } else if (next == NEXT_SOCKET) {
        blocked->has_answer = true;
        blocked->answer = socket_limits_result(blocked);
        interrupt(blocked);
    } else {
        waiter->wait.over = true;
        interrupt(waiter);
    }
    return TRACER_ENDED;
}

/* A wait whose time is over already, such as one until a moment that has passed, need not wait for
 * the others to sleep. */
static bool end_late_waits(struct tracer *t)
{
    struct tracee *waiter = first_waiter(t);
    if (!waiter || waiter->wait.due_ns > t->now_ns || !sleeps(waiter))
        return false;
    waiter->wait.over = true;
    interrupt(waiter);
    return true;
}

/* -- The loop --------------------------------------------------------------------------------- */

/* Waits for a status, at most ns nanoseconds; 0: only looks. Returns 0 when there is none, -1 when
 * there is nobody left. */
static pid_t wait_status(struct tracer *t, int64_t ns, int *status)
{
    const int flags = __WALL | __WNOTHREAD;
    struct itimerspec once = {.it_value = {.tv_nsec = ns}, .it_interval = {.tv_nsec = ns}};
    if (ns > 0)
        timer_settime(t->alarm, 0, &once, NULL);
    pid_t pid = waitpid(-1, status, ns > 0 ? flags : flags | WNOHANG);
    if (pid < 0 && errno == EINTR)
        pid = 0;
    if (ns > 0) {
        once = (struct itimerspec){0};
        timer_settime(t->alarm, 0, &once, NULL);
    }
    return pid;
}

/* How long the tracer sleeps before it looks again, after so many looks at a client that is awake. */
static int64_t pause_ns(uint32_t looks)
{
    if (looks < SPINS)
        return 0;
    uint32_t doublings = (looks - SPINS) / 4;
    int64_t ns = (int64_t)PAUSE_MIN_NS << (doublings < 6 ? doublings : 6);
    return ns < PAUSE_MAX_NS ? ns : PAUSE_MAX_NS;
}

static bool is_stop_pending(void)
{
    siginfo_t info = {0};
    const int flags = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL | __WNOTHREAD;
    return waitid(P_ALL, 0, &info, flags) != 0 || info.si_pid != 0;
}

/* True when time has all but stood for too long, though the client goes on. */
static bool is_restless(struct tracer *t, int64_t real_ns)
{
    if (t->second_real_ns == 0 || t->now_ns - t->second_ns >= SIM_SECOND_NS) {
        t->second_ns = t->now_ns;
        t->second_real_ns = real_ns;
    }
    return real_ns - t->second_real_ns > t->options.restless_limit_ms * MS_NS;
}

/* That nobody waits for a time ends the run, so it has to stay so for a while of real time, with every thread looked at
 * anew. */
static bool is_surely_forever(struct tracer *t, int64_t *since_ns)
{
    for (uint32_t i = 0; i < t->tracees.count; i++)
        t->tracees.list[i].asleep.slept = false;
    if (*since_ns == 0)
        *since_ns = clock_ticks_ns();
    return clock_ticks_ns() - *since_ns > FOREVER_NS;
}

enum tracer_end tracer_follow(struct tracer *t, pid_t keeper, tracer_drain *drain, void *drain_arg,
                              int *status)
{
    uint32_t looks = 0;
    int64_t alive_ns = clock_ticks_ns(), forever_ns = 0;
    for (;;) {
        int64_t ns = pause_ns(looks);
        if (ns == 0 && looks > 0)
            sched_yield();
        pid_t pid = wait_status(t, ns, status);
        if (pid == keeper && !WIFSTOPPED(*status))
            return TRACER_ENDED;
        if (pid > 0) {
            take_status(t, pid, *status);
            looks = 0;
            forever_ns = 0;
            alive_ns = clock_ticks_ns();
            if (is_restless(t, alive_ns))
                return TRACER_RESTLESS;
            continue;
        }
        looks++;
        bool goes_on = drain(drain_arg) || end_late_waits(t);
        /* What it leaves behind is killed by its keeper, and lives no more time. One that waits for
         * us, or has ended, looks as if it slept. */
        if (!goes_on && t->client != 0 && all_sleep(t) && !is_stop_pending()) {
            enum tracer_end end = jump(t);
            if (end == TRACER_FOREVER && !is_surely_forever(t, &forever_ns))
                continue;
            if (end != TRACER_ENDED)
                return end;
            forever_ns = 0;
            looks = t->peer ? looks : 0;
            alive_ns = clock_ticks_ns();
        } else if (clock_ticks_ns() - alive_ns > t->options.busy_limit_ms * MS_NS) {
            return TRACER_BUSY;
        }
    }
}

void tracer_reap(struct tracer *t, pid_t keeper, int *status)
{
    for (;;) {
        pid_t pid = waitpid(-1, status, __WALL | __WNOTHREAD);
        if ((pid == keeper && !WIFSTOPPED(*status)) || (pid < 0 && errno != EINTR))
            return;
        if (pid > 0 && WIFSTOPPED(*status)) /* a signal is its own, which may end it */
            go_on(pid,
                  *status >> 16 == 0 && WSTOPSIG(*status) != STOP_OF_CALL ? WSTOPSIG(*status) : 0);
        else if (pid > 0)
            tracees_remove(&t->tracees, pid);
    }
}
