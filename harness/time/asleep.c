/* Reads thread states from four small files that stay open. */
#include "asleep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 256 }; /* nine numbers of at most 20 signs; a name of 15 and a state */

static int open_file(pid_t pid, pid_t tid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/%s", (long)pid, (long)tid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int asleep_open(pid_t pid, pid_t tid, struct asleep *a, struct err *e)
{
    *a = (struct asleep){.state_fd = open_file(pid, tid, "stat"),
                         .call_fd = open_file(pid, tid, "syscall"),
                         .turns_fd = open_file(pid, tid, "schedstat"),
                         .place_fd = open_file(pid, tid, "wchan")};
    if (a->state_fd >= 0 && a->call_fd >= 0 && a->turns_fd >= 0) /* a kernel may have no wchan */
        return 0;
    int why = errno;
    asleep_close(a);
    return err_set(e, why == ENOENT ? ERR_NOT_FOUND : ERR_FILE, "/proc",
                   "the state of thread %ld cannot be read: %s", (long)tid, strerror(why));
}

void asleep_close(struct asleep *a)
{
    int *fds[] = {&a->state_fd, &a->call_fd, &a->turns_fd, &a->place_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

/* False when nothing can be read: the thread has ended. */
static bool read_line(int fd, char line[LINE_MAX_BYTES])
{
    ssize_t n = pread(fd, line, LINE_MAX_BYTES - 1, 0);
    line[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* "3185 1250 42": nanoseconds on a processor, nanoseconds in its queue, turns. */
static uint64_t read_turns(const struct asleep *a)
{
    char line[LINE_MAX_BYTES];
    if (!read_line(a->turns_fd, line))
        return 0;
    const char *last = strrchr(line, ' ');
    return last ? strtoull(last, NULL, 10) : 0;
}

/* "4711 (its name) S 4242 ...": the letter; 'X' of a thread that has ended. */
static char read_state(const struct asleep *a)
{
    char line[LINE_MAX_BYTES];
    const char *name_end = read_line(a->state_fd, line) ? strrchr(line, ')') : NULL;
    return name_end && name_end[1] == ' ' ? name_end[2] : 'X';
}

static bool is_state_of_end(char state)
{
    return state == 'X' || state == 'Z';
}

/* "running", "-1 0x7ffc.. 0x7f.." outside of a call, or "7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffc.. 0x7f..".
 * False when it is awake. */
static bool read_call(const struct asleep *a, struct asleep_call *call)
{
    char line[LINE_MAX_BYTES];
    char *at = line;
    if (!read_line(a->call_fd, line))
        return true;
    if (line[0] == 'r')
        return false;
    call->number = strtol(at, &at, 10);
    for (int i = 0; i < 6 && call->number >= 0; i++)
        call->args[i] = strtoull(at, &at, 16);
    return true;
}

/* Having slept after so many turns, it still does while no processor has taken it; but it may be on
 * its way to one, which the second look sees. */
bool asleep_look(struct asleep *a, struct asleep_call *call)
{
    uint64_t turns = read_turns(a);
    if (!a->slept || a->turns != turns) {
        char state = read_state(a);
        a->turns = turns;
        a->call = (struct asleep_call){
            .number = -1, .deeply = state == 'D', .ended = is_state_of_end(state)};
        a->slept = state != 'R' && (a->call.ended || read_call(a, &a->call));
    }
    if (call)
        *call = a->call;
    return a->slept;
}

bool asleep_known(struct asleep *a, struct asleep_call *call)
{
    if (!a->slept)
        return asleep_look(a, call);
    if (call)
        *call = a->call;
    return true;
}

/* True when the kernel names where it sleeps. Not asked for its letter then, whose line has fifty
 * numbers. */
static bool has_place(const struct asleep *a)
{
    char line[LINE_MAX_BYTES];
    return read_line(a->place_fd, line) && line[0] != '0';
}

bool asleep_still(struct asleep *a)
{
    a->slept = a->slept && (has_place(a) || read_state(a) != 'R') && read_turns(a) == a->turns;
    return a->slept;
}
