/* Writes to standard output and standard error, and remembers the first failure. */
#include "output.h"

#include "args.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct err lost; /* the first failure of standard output */

void output_begin(void)
{
    signal(SIGPIPE, SIG_IGN);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", O_RDONLY); /* takes the lowest number that is free: this one */
}

/* Waits until a stream that somebody has made non-blocking takes more. */
static void wait_for_room(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    (void)poll(&out, 1, -1);
}

int output_write(struct span text, struct err *e)
{
    while (text.n > 0 && lost.code == ERR_OK) {
        ssize_t n = write(STDOUT_FILENO, text.p, text.n);
        if (n >= 0)
            text = span_cut(text, (size_t)n, text.n);
        else if (errno == EAGAIN)
            wait_for_room();
        else if (errno != EINTR)
            (void)err_set(&lost, ERR_FILE, "standard output", "cannot be written: %s",
                          strerror(errno));
    }
    if (lost.code != ERR_OK && e)
        *e = lost;
    return (int)lost.code;
}

void output_complain(const char *program, const struct err *e)
{
    fprintf(stderr, "%s: %s%s%s\n", program, e->where, e->where[0] != '\0' ? ": " : "", e->what);
}

int output_end(const char *program, int exit_code, const struct err *e)
{
    if (e->code != ERR_OK)
        output_complain(program, e);
    if (lost.code == ERR_OK)
        return exit_code;
    if (e->code == ERR_OK || strcmp(e->what, lost.what) != 0)
        output_complain(program, &lost);
    return exit_code == EXIT_GOOD ? EXIT_ENVIRONMENT : exit_code;
}
