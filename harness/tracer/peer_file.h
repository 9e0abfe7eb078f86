/* Descriptors of another process, which we may trace. */
#ifndef UNDERSTUDY_HARNESS_TRACER_PEER_FILE_H
#define UNDERSTUDY_HARNESS_TRACER_PEER_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor of our own for the same open file; -1 with errno: EBADF when there is none, ESRCH when
 * the process is gone, else because the kernel, or a container's filter, does not let us. The caller
 * closes it. */
int peer_file_copy(pid_t pid, int fd);
/* The clock of a timerfd; -1 when it is none. */
int peer_file_clock(pid_t pid, int fd);
/* True when two of our own descriptors are the same open file. Not asked of kcmp, which containers
 * refuse: a mark that is put on one, where nobody looks, is seen on the other. */
bool peer_file_same(int a, int b);
/* The number of a socket, which no other has as long as it lives; 0: it is none. */
uint64_t peer_file_socket(pid_t pid, int fd);

/* A descriptor of the process for that socket; -1 when it has none. */
int peer_file_find(pid_t pid, uint64_t socket);

#endif
