/* The keeper and its client, between fork and exec or _exit: both were forked by a program with
 * threads, so all that they call is async-signal-safe. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HIGH_FD = 10,  /* descriptors from here on are in nobody's way */
    FD_MAX = 65536 /* and beyond this there are none */
};

static _Noreturn void give_up(int report, int why)
{
    ssize_t written = write(report, &why, sizeof why);
    _exit(written == sizeof why ? 127 : 126);
}

/* Asks for a signal when the parent dies. The parent may have died before that. */
static bool end_with_parent(int signal_number, pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, signal_number) == 0 && getppid() == parent;
}

/* Says who it is, and goes on when it is traced. The tracer's end of the pipe closes when it cannot
 * be. */
static bool wait_for_tracer(const struct keeper_errand *o)
{
    int self = -(int)getpid();
    char go;
    errno = EPERM;
    return write(o->report, &self, sizeof self) == sizeof self && read(o->go, &go, 1) == 1
        && filter_install(o->filter) == 0;
}

/* Runs in the client and never returns. */
static _Noreturn void exec_client(const struct keeper_errand *o, pid_t keeper)
{
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &o->mask, NULL);
    if (end_with_parent(SIGKILL, keeper) && (!o->filter || wait_for_tracer(o)))
        execve(o->path, o->argv, o->environment);
    give_up(o->report, errno);
}

/* Empties standard input and puts the pipes on the other two. The descriptors that are needed
 * move out of their way first: they may be low ones, when we were started without those three. */
static bool redirect(struct keeper_errand *o)
{
    o->output = fcntl(o->output, F_DUPFD_CLOEXEC, HIGH_FD);
    o->errors = fcntl(o->errors, F_DUPFD_CLOEXEC, HIGH_FD);
    o->report = fcntl(o->report, F_DUPFD_CLOEXEC, HIGH_FD);
    close(o->go_from);
    if (o->filter)
        o->go = fcntl(o->go, F_DUPFD_CLOEXEC, HIGH_FD);
    int nothing = open("/dev/null", O_RDONLY);
    return o->output >= 0 && o->errors >= 0 && o->report >= 0 && nothing >= 0
        && dup2(nothing, STDIN_FILENO) >= 0 && dup2(o->output, STDOUT_FILENO) >= 0
        && dup2(o->errors, STDERR_FILENO) >= 0;
}

/* The client's output, and the connections of a mock, stay open as long as anybody holds them. */
static void close_all(void)
{
    if (close_range(0, ~0U, 0) == 0)
        return;
    for (int fd = 0; fd < FD_MAX; fd++) /* kernels before 5.9 */
        close(fd);
}

/* Kills this process's children; true when there was one that could be killed. The kernel lists
 * them as "12 345 ", each number with a blank behind it. */
static bool kill_children(void)
{
    char text[512];
    ssize_t n;
    pid_t pid = 0;
    bool any = false;
    int list = open("/proc/thread-self/children", O_RDONLY);
    while (list >= 0 && (n = read(list, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            if (text[i] != ' ') {
                pid = pid * 10 + (text[i] - '0');
                continue;
            }
            any = kill(pid, SIGKILL) == 0 || any;
            pid = 0;
        }
    if (list >= 0)
        close(list);
    return any;
}

/* Kills all that is left. Children of those that end become this process's own, so it goes on
 * until there are none, but for those that it may not kill (a client may have used sudo). */
static void kill_the_rest(pid_t client)
{
    kill(-client, SIGKILL); /* where the kernel makes no such list this has to do */
    while (kill_children() && waitpid(-1, NULL, 0) > 0)
        ;
}

/* The client's wait status. Returns when it has ended, or as if it had been killed when it is to
 * end. Reaps its orphans meanwhile. */
static int watch_client(pid_t client)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, KEEPER_STOP);
    for (;;) {
        int status;
        int got;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == client)
            return status;
        if (ended <= 0 && sigwait(&wanted, &got) == 0 && got == KEEPER_STOP)
            return SIGKILL;
    }
}

_Noreturn void keeper_run(struct keeper_errand *o)
{
    pid_t keeper = getpid();
    setpgid(0, 0);
    signal(SIGCHLD, SIG_DFL); /* ignored, as it may be inherited, it would never come */
    if (!end_with_parent(KEEPER_STOP, o->parent))
        _exit(126);
    if (!redirect(o) || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        give_up(o->report, errno);
    pid_t client = vfork(); /* a second copy of all our memory would cost more than all the rest */
    if (client < 0)
        give_up(o->report, errno);
    if (client == 0)
        exec_client(o, keeper);
    close_all();
    int status = watch_client(client);
    kill_the_rest(client);
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}
