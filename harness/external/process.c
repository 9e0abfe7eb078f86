/* Starts child processes, each below a keeper of its own (keeper.h), reads their output and ends
 * them. */
#include "process.h"

#include "base/clock.h"
#include "keeper.h"
#include "kept.h"

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
    int output[2], errors[2], report[2], go[2];
};

static int open_pipes(struct pipes *p)
{
    int *const all[] = {p->output, p->errors, p->report, p->go};
    for (int i = 0; i < 4; i++)
        if (pipe2(all[i], O_CLOEXEC) != 0) {
            for (; i-- > 0;) {
                close(all[i][0]);
                close(all[i][1]);
            }
            return -1;
        }
    return 0;
}

/* What comes from a client: its standard output, and its standard error. */
struct streams {
    int from[2]; /* -1: it has ended */
    struct kept kept[2];
};

static void streams_init(struct streams *s, size_t output_max)
{
    for (int i = 0; i < 2; i++) {
        s->from[i] = -1;
        kept_init(&s->kept[i], output_max / 2);
    }
}

static void streams_fini(struct streams *s)
{
    for (int i = 0; i < 2; i++) {
        if (s->from[i] >= 0)
            close(s->from[i]);
        kept_fini(&s->kept[i]);
    }
}

/* Starts the keeper and its client, whose streams are then open. */
static int start(const char *path, char *const *argv, char *const *environment,
                 struct tracer *tracer, pid_t *pid, struct streams *streams, struct err *e)
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
                                   .errors = pipes.errors[1],
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
    close(pipes.errors[1]);
    close(pipes.report[1]);
    close(pipes.go[0]);
    int code = why == 0 && tracer ? begin_trace(tracer, pipes.report[0], pipes.go[1], e) : 0;
    close(pipes.go[1]);
    if (why == 0 && !code)
        why = read_report(pipes.report[0]);
    close(pipes.report[0]);
    streams->from[0] = pipes.output[0];
    streams->from[1] = pipes.errors[0];
    if (why == 0 && !code)
        return 0;
    if (*pid > 0 && tracer)
        tracer_reap(tracer, *pid, &(int){0});
    else if (*pid > 0)
        waitpid(*pid, NULL, 0);
    if (code)
        return code;
    return err_set(e, ERR_NOT_FOUND, argv[0], "cannot be started: %s%s", strerror(why),
                   hint_for(why));
}

/* Reads from one stream, which may be at its end. */
static void read_some(struct streams *s, int i)
{
    char bytes[4096];
    ssize_t n = read(s->from[i], bytes, sizeof bytes);
    if (n > 0)
        kept_add(&s->kept[i], (struct span){bytes, (size_t)n});
    if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
        return;
    close(s->from[i]);
    s->from[i] = -1;
}

/* Reads what there is, after waiting for it so long; false when there was nothing, or only an end. */
static bool read_streams(struct streams *s, int wait_ms)
{
    struct pollfd ready[2] = {{.fd = s->from[0], .events = POLLIN},
                              {.fd = s->from[1], .events = POLLIN}};
    bool any = false;
    if (poll(ready, 2, wait_ms) <= 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (ready[i].revents) {
            read_some(s, i);
            any = any || s->from[i] >= 0;
        }
    return any;
}

/* Reads until the keeper has ended or the limit is reached; returns its wait status, which tells
 * the client's exit code. Whether it has ended is asked of waitpid and not of its pipe: processes
 * that may not be killed keep that open. */
static int watch(pid_t pid, struct streams *streams, int64_t limit_ms, struct process *p)
{
    int64_t end_ms = clock_now(clock_real()) + limit_ms;
    int status = 0;
    for (;;) {
        int64_t left_ms = end_ms - clock_now(clock_real());
        if (waitpid(pid, &status, WNOHANG) == pid)
            return status;
        if (left_ms <= 0)
            break;
        /* Without output the child is about to end, or runs on in silence: look again soon. */
        int64_t look_ms = streams->from[0] >= 0 || streams->from[1] >= 0 ? LOOK_MS : 1;
        read_streams(streams, (int)(left_ms < look_ms ? left_ms : look_ms));
    }
    p->stopped = true;
    kill(pid, KEEPER_STOP);
    waitpid(pid, &status, 0);
    return status;
}

/* Reads what there is, without waiting: the tracer asks, often. */
static bool drain(void *streams)
{
    return read_streams(streams, 0);
}

static int follow(struct tracer *tracer, pid_t pid, struct streams *streams, struct process *p)
{
    int status = 0;
    p->end = tracer_follow(tracer, pid, drain, streams, &status);
    if (p->end == TRACER_ENDED)
        return status;
    p->stopped = true;
    kill(pid, KEEPER_STOP);
    tracer_reap(tracer, pid, &status);
    return status;
}

/* What was written becomes text: one stream behind the other, the second on a line of its own. */
static int write_down(const struct streams *s, struct process *out, struct err *e)
{
    kept_text(&s->kept[0], &out->output);
    kept_text(&s->kept[1], &out->errors);
    struct buf *all = &out->output;
    if (all->n > 0 && out->errors.n > 0 && all->p[all->n - 1] != '\n')
        buf_add_char(all, '\n');
    buf_add_span(all, buf_span(&out->errors));
    buf_break_with(all, &out->errors);
    int code = buf_err(all, "the client's output", e);
    if (code)
        process_fini(out);
    return code;
}

static int run(char *const *argv, char *const *environment, struct tracer *tracer, int64_t limit_ms,
               size_t output_max, struct process *out, struct err *e)
{
    enum { LINES_OF_OURS = 256 }; /* room for what kept_text adds */
    char path[4096];
    pid_t pid = -1;
    struct streams streams;
    *out = (struct process){0};
    buf_init(&out->output, output_max + LINES_OF_OURS);
    buf_init(&out->errors, output_max + LINES_OF_OURS);
    streams_init(&streams, output_max);
    int code = process_find(argv[0], path, sizeof path, e);
    if (!code)
        code = start(path, argv, environment, tracer, &pid, &streams, e);
    if (!code) {
        int status = tracer ? follow(tracer, pid, &streams, out)
                            : watch(pid, &streams, limit_ms, out);
        while (drain(&streams)) /* not waiting for children of its own that still hold a pipe */
            ;
        out->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        code = write_down(&streams, out, e);
    }
    streams_fini(&streams);
    return code;
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
    buf_fini(&p->errors);
}
