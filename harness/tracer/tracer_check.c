/* Tries all that a tracer needs, on a child that looks at a clock and ends. */
#include "filter.h"
#include "harness/time/asleep.h"
#include "machine.h"
#include "tracer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Runs in the child: only async-signal-safe calls. */
static _Noreturn void be_tried(int go, const struct filter *filter)
{
    char byte;
    struct timespec now;
    if (read(go, &byte, 1) != 1 || filter_install(filter) != 0)
        _exit(1);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    _exit(0);
}

/* Waits for the child's stop at the clock. */
static int see_stop(pid_t child, struct err *e)
{
    int status = 0;
    uint64_t word;
    struct machine m;
    while (waitpid(child, &status, __WALL) < 0 && errno == EINTR)
        ;
    if (!WIFSTOPPED(status) || status >> 16 != PTRACE_EVENT_SECCOMP)
        return err_set(e, ERR_FILE, NULL, "the kernel takes no filter of system calls (seccomp)");
    if (!machine_read(child, &m) || !machine_peek(child, machine_arg(&m, 1), &word, sizeof word)
        || !machine_poke(child, machine_arg(&m, 1), &word, sizeof word) || !machine_write(&m))
        return err_set(e, ERR_FILE, NULL, "the memory of a traced program cannot be reached: %s",
                       strerror(errno));
    return 0;
}

static int try_on(pid_t child, int go, struct err *e)
{
    const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
    struct asleep state;
    if (ptrace(PTRACE_SEIZE, child, 0, options) != 0)
        return err_set(e, ERR_FILE, NULL, "programs cannot be traced here (ptrace): %s",
                       strerror(errno));
    int code = asleep_open(child, child, &state, e);
    if (!code)
        asleep_look(&state, NULL);
    asleep_close(&state);
    if (!code && write(go, "", 1) != 1)
        code = err_set(e, ERR_FILE, NULL, "no pipe: %s", strerror(errno));
    return code ? code : see_stop(child, e);
}

int tracer_check(struct err *e)
{
    int go[2];
    struct filter filter;
    filter_make(&filter);
    if (pipe(go) != 0)
        return err_set(e, ERR_FILE, NULL, "no pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0)
        be_tried(go[0], &filter);
    int code = child < 0 ? err_set(e, ERR_FILE, NULL, "no process: %s", strerror(errno))
                         : try_on(child, go[1], e);
    close(go[0]);
    close(go[1]);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, __WALL);
    }
    return code;
}
