/* Starts child processes, each below a keeper of its own (keeper.h), reads their output and ends
 * them. */
#include "process.h"

#include "base/clock.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 50 }; /* how often we look whether the child has ended while its pipe stays open */

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static int why_no_program(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_set(e, ERR_NOT_FOUND, path, "is not there");
    return err_set(e, ERR_NOT_FOUND, path,
                   S_ISREG(st.st_mode)
                       ? "is not executable: chmod +x makes it so, or name its interpreter"
                       : "is no program");
}

int process_find(const char *program, char *out, size_t out_size, struct err *e)
{
    const char *path = getenv("PATH");
    if (strchr(program, '/')) {
        int n = snprintf(out, out_size, "%s", program);
        bool found = n > 0 && (size_t)n < out_size && is_program(out);
        return found ? 0 : why_no_program(program, e);
    }
    while (path && *path != '\0') {
        int len = (int)strcspn(path, ":");
        int n = snprintf(out, out_size, "%.*s/%s", len, path, program);
        if (n > 0 && (size_t)n < out_size && is_program(out))
            return 0;
        path += len + (path[len] == ':');
    }
    return err_set(e, ERR_NOT_FOUND, program, "is no program on PATH");
}

/* The program itself was found before: what can be missing is what should run it. */
static const char *hint_for(int why)
{
    if (why == ENOEXEC)
        return " (a script begins with a line such as #!/bin/sh)";
    return why == ENOENT ? " (its interpreter is not there)" : "";
}

/* One number from the child: its errno when exec failed, its own number, negative, when it is to be
 * traced. 0: it runs, since the pipe closes on exec. */
static int read_report(int report)
{
    int what = 0;
    ssize_t n;
    do {
        n = read(report, &what, sizeof what);
    } while (n < 0 && errno == EINTR);
    return n == sizeof what ? what : 0;
}

/* Waits until the child is about to call exec, traces it, and lets it. */
static int begin_trace(struct tracer *tracer, int report, int go, struct err *e)
{
    int self = read_report(report);
    if (self >= 0)
        return err_set(e, ERR_FILE, NULL, "the client cannot be started: %s", strerror(self));
    int code = tracer_seize(tracer, -self, e);
    if (!code && write(go, "", 1) != 1)
        code = err_set(e, ERR_FILE, NULL, "the client cannot be started: %s", strerror(errno));
    return code;
}

struct pipes {
    int output[2], report[2], go[2];
};

static int open_pipes(struct pipes *p)
{
    int *const all[] = {p->output, p->report, p->go};
    for (int i = 0; i < 3; i++)
        if (pipe2(all[i], O_CLOEXEC) != 0) {
            for (; i-- > 0;) {
                close(all[i][0]);
                close(all[i][1]);
            }
            return -1;
        }
    return 0;
}

/* Starts the keeper and its client. *output is then the end of the pipe to read. */
static int start(const char *path, char *const *argv, char *const *environment,
                 struct tracer *tracer, pid_t *pid, int *output, struct err *e)
{
    struct pipes pipes;
    struct filter filter;
    if (open_pipes(&pipes) != 0)
        return err_set(e, ERR_FILE, argv[0], "no pipe: %s", strerror(errno));
    if (tracer)
        filter_make(&filter);
    struct keeper_errand errand = {.path = path,
                                   .argv = argv,
                                   .environment = environment,
                                   .parent = getpid(),
                                   .output = pipes.output[1],
                                   .report = pipes.report[1],
                                   .filter = tracer ? &filter : NULL,
                                   .go = pipes.go[0],
                                   .go_from = pipes.go[1]};
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &errand.mask); /* the keeper's, from its first moment */
    *pid = _Fork(); /* which takes no locks: others would wait for malloc meanwhile */
    if (*pid == 0)
        keeper_run(&errand);
    int why = *pid < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &errand.mask, NULL);
    close(pipes.output[1]);
    close(pipes.report[1]);
    close(pipes.go[0]);
    int code = why == 0 && tracer ? begin_trace(tracer, pipes.report[0], pipes.go[1], e) : 0;
    close(pipes.go[1]);
    if (why == 0 && !code)
        why = read_report(pipes.report[0]);
    close(pipes.report[0]);
    *output = pipes.output[0];
    if (why == 0 && !code)
        return 0;
    close(pipes.output[0]);
    if (*pid > 0 && tracer)
        tracer_reap(tracer, *pid, &(int){0});
    else if (*pid > 0)
        waitpid(*pid, NULL, 0);
    if (code)
        return code;
    return err_set(e, ERR_NOT_FOUND, argv[0], "cannot be started: %s%s", strerror(why),
                   hint_for(why));
}

/* False at the end of the output. */
static bool read_some(int from, struct buf *out)
{
    char bytes[4096];
    ssize_t n = read(from, bytes, sizeof bytes);
    if (n > 0)
        buf_add(out, bytes, out->max - out->n < (size_t)n ? out->max - out->n : (size_t)n);
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* What the child wrote before it ended; does not wait for children of its own that still
 * hold the pipe. */
static void read_what_is_left(int from, struct buf *out)
{
    struct pollfd ready = {.fd = from, .events = POLLIN};
    while (poll(&ready, 1, 0) > 0 && read_some(from, out))
        ;
}

/* Reads until the keeper has ended or the limit is reached; returns its wait status, which tells
 * the client's exit code. Whether it has ended is asked of waitpid and not of its pipe: processes
 * that may not be killed keep that open. */
static int watch(pid_t pid, int from, int64_t limit_ms, struct process *p)
{
    int64_t end_ms = clock_now(clock_real()) + limit_ms;
    bool open = true;
    int status = 0;
    for (;;) {
        int64_t left_ms = end_ms - clock_now(clock_real());
        if (waitpid(pid, &status, WNOHANG) == pid)
            return status;
        if (left_ms <= 0)
            break;
        struct pollfd ready = {.fd = open ? from : -1, .events = POLLIN};
        /* Without output the child is about to end, or runs on in silence: look again soon. */
        int64_t look_ms = open ? LOOK_MS : 1;
        if (poll(&ready, 1, (int)(left_ms < look_ms ? left_ms : look_ms)) > 0)
            open = read_some(from, &p->output);
    }
    p->stopped = true;
    kill(pid, KEEPER_STOP);
    waitpid(pid, &status, 0);
    return status;
}

struct drain {
    int from;
    struct buf *out;
    bool open;
};

/* Reads what there is, without waiting: the tracer asks, often. */
static bool drain(void *arg)
{
    struct drain *d = arg;
    struct pollfd ready = {.fd = d->from, .events = POLLIN};
    if (!d->open || poll(&ready, 1, 0) <= 0)
        return false;
    d->open = read_some(d->from, d->out);
    return d->open;
}

static int follow(struct tracer *tracer, pid_t pid, int from, struct process *p)
{
    struct drain what = {.from = from, .out = &p->output, .open = true};
    int status = 0;
    p->end = tracer_follow(tracer, pid, drain, &what, &status);
    if (p->end == TRACER_ENDED)
        return status;
    p->stopped = true;
    kill(pid, KEEPER_STOP);
    tracer_reap(tracer, pid, &status);
    return status;
}

static int run(char *const *argv, char *const *environment, struct tracer *tracer, int64_t limit_ms,
               size_t output_max, struct process *out, struct err *e)
{
    char path[4096];
    pid_t pid = -1;
    int from = -1;
    *out = (struct process){0};
    buf_init(&out->output, output_max);
    int code = process_find(argv[0], path, sizeof path, e);
    if (!code)
        code = start(path, argv, environment, tracer, &pid, &from, e);
    if (code)
        return code;
    int status = tracer ? follow(tracer, pid, from, out) : watch(pid, from, limit_ms, out);
    read_what_is_left(from, &out->output);
    close(from);
    out->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return 0;
}

int process_run(char *const *argv, char *const *environment, int64_t limit_ms, size_t output_max,
                struct process *out, struct err *e)
{
    return run(argv, environment, NULL, limit_ms, output_max, out, e);
}

int process_run_traced(char *const *argv, char *const *environment, struct tracer *tracer,
                       size_t output_max, struct process *out, struct err *e)
{
    return run(argv, environment, tracer, 0, output_max, out, e);
}

void process_fini(struct process *p)
{
    buf_fini(&p->output);
}
