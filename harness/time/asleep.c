/* Reads thread states from three small files that stay open: 6 microseconds for both looks at a
 * thread, 5 while it sleeps on. */
#include "asleep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024 }; /* at most fifty numbers of 20 signs */

static int open_file(pid_t pid, pid_t tid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/%s", (long)pid, (long)tid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int asleep_open(pid_t pid, pid_t tid, struct asleep *a, struct err *e)
{
    *a = (struct asleep){.call_fd = open_file(pid, tid, "syscall"),
                         .turns_fd = open_file(pid, tid, "schedstat"),
                         .state_fd = open_file(pid, tid, "stat")};
    if (a->call_fd >= 0 && a->turns_fd >= 0 && a->state_fd >= 0)
        return 0;
    int why = errno;
    asleep_close(a);
    return err_set(e, why == ENOENT ? ERR_NOT_FOUND : ERR_FILE, "/proc",
                   "the state of thread %ld cannot be read: %s", (long)tid, strerror(why));
}

void asleep_close(struct asleep *a)
{
    int *const fds[] = {&a->call_fd, &a->turns_fd, &a->state_fd};
    for (int i = 0; i < 3; i++) {
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

/* "running", "-1 0x7ffc.. 0x7f.." outside of a call, or "7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffc.. 0x7f..". */
static bool is_blocked(struct asleep *a)
{
    struct asleep_call *call = &a->call;
    char line[LINE_MAX_BYTES];
    char *at = line;
    *call = (struct asleep_call){.number = -1};
    if (!read_line(a->call_fd, line))
        return true;
    if (line[0] == 'r')
        return false;
    call->number = strtol(at, &at, 10);
    for (int i = 0; i < 6 && call->number >= 0; i++)
        call->args[i] = strtoull(at, &at, 16);
    return true;
}

bool asleep_look(struct asleep *a)
{
    uint64_t turns = read_turns(a);
    if (a->sure && turns == a->turns)
        return true;
    a->sure = false;
    a->turns = turns;
    return is_blocked(a);
}

/* A parent waits for a child made by vfork in the way in which others wait for a disk. */
static bool is_vfork(long call)
{
#ifdef SYS_vfork
    if (call == SYS_vfork)
        return true;
#endif
    return call == SYS_clone || call == SYS_clone3;
}

/* "12 (name) S 1 ...": the name may hold anything but ends at the last parenthesis. A thread whose
 * wake-up is on its way to another processor is R here already, but in no call of its own in
 * /proc/PID/task/TID/syscall only later. */
static bool is_sleeping(const struct asleep *a)
{
    char line[LINE_MAX_BYTES];
    if (!read_line(a->state_fd, line))
        return true;
    const char *end = strrchr(line, ')');
    char state = end && end[1] == ' ' ? end[2] : 'R';
    return state != 'R' && (state != 'D' || is_vfork(a->call.number));
}

bool asleep_still(struct asleep *a)
{
    a->sure = is_sleeping(a) && read_turns(a) == a->turns;
    return a->sure;
}
