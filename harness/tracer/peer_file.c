/* By pidfd_getfd, and the links and notes under /proc/PID. */
#include "peer_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int peer_file_copy(pid_t pid, int fd)
{
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    if (process < 0)
        return -1;
    int copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
    int why = errno;
    close(process);
    errno = why;
    return copy;
}

int peer_file_clock(pid_t pid, int fd)
{
    char text[128];
    int clock = -1;
    snprintf(text, sizeof text, "/proc/%ld/fdinfo/%d", (long)pid, fd);
    FILE *f = fopen(text, "re");
    while (f && clock < 0 && fgets(text, sizeof text, f))
        if (strncmp(text, "clockid:", 8) == 0)
            clock = (int)strtol(text + 8, NULL, 10);
    if (f)
        (void)fclose(f);
    return clock;
}

bool peer_file_same(int a, int b)
{
    int was = fcntl(a, F_GETSIG);
    int mark = was == SIGUSR1 ? SIGUSR2 : SIGUSR1;
    if (was < 0 || fcntl(a, F_SETSIG, mark) != 0)
        return false;
    bool same = fcntl(b, F_GETSIG) == mark;
    fcntl(a, F_SETSIG, was);
    return same;
}

uint64_t peer_file_socket(pid_t pid, int fd)
{
    static const char start[] = "socket:[";
    char path[64], link[64];
    snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)pid, fd);
    ssize_t n = readlink(path, link, sizeof link - 1);
    link[n > 0 ? n : 0] = '\0';
    bool is_socket = strncmp(link, start, sizeof start - 1) == 0;
    return is_socket ? strtoull(link + sizeof start - 1, NULL, 10) : 0;
}

int peer_file_find(pid_t pid, uint64_t socket)
{
    char path[64];
    int found = -1;
    const struct dirent *entry;
    snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    DIR *all = opendir(path);
    while (all && found < 0 && (entry = readdir(all)))
        if (entry->d_name[0] != '.') {
            int fd = (int)strtol(entry->d_name, NULL, 10);
            found = peer_file_socket(pid, fd) == socket ? fd : -1;
        }
    if (all)
        closedir(all);
    return found;
}
