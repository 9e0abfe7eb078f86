/* Quiet: everybody of a set waits. Every thread of it sleeps, and no byte is on its way in the
 * connections of its mock: nothing will happen before time moves on.
 *
 * A thread that waits for a lock counts as awake for five real seconds, since whoever holds the
 * lock has something to do, in a thread of another set perhaps; so does one that waits for memory or
 * a disk.
 * Locks are known of this process alone, by the system call that pthread_mutex_lock makes here
 * (glibc).
 *
 * All functions are thread safe. */
#ifndef UNDERSTUDY_HARNESS_TIME_QUIET_H
#define UNDERSTUDY_HARNESS_TIME_QUIET_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct quiet;

/* ERR_MEMORY. Without the right to ask the kernel for bytes in flight (flight.h) threads alone are
 * looked at. */
int quiet_open(struct quiet **out, struct err *e);
void quiet_close(struct quiet *q); /* NULL is fine */

/* Adds a thread of any process whose state may be read (asleep.h). Adding it twice is fine; one that
 * ends need not be removed. ERR_MEMORY, ERR_NOT_FOUND, ERR_FILE. */
int quiet_add(struct quiet *q, pid_t pid, pid_t tid, struct err *e);
void quiet_remove(struct quiet *q, pid_t tid);

/* The calling thread takes part from now on, or no longer. Cheap when it does already. What goes
 * wrong is kept for quiet_failure. */
void quiet_join(struct quiet *q);
void quiet_leave(struct quiet *q);

/* A connection of 127.0.0.1 between these two ports has begun, or was closed: bytes that are on
 * their way even then are still waited for. */
void quiet_connected(struct quiet *q, uint16_t port, uint16_t peer_port);
void quiet_disconnected(struct quiet *q, uint16_t port, uint16_t peer_port);

/* Packets that the kernel puts off are on their way too (loopback.h): from now on they are waited for
 * between the two looks. Lent; before the first check, whose thread it wants bound as it says. */
struct loopback;
void quiet_settles(struct quiet *q, struct loopback *loopback);

/* True when everybody waits. About 5 to 20 microseconds a thread, and 6 a connection; less when it is
 * false: the thread that was last found awake is asked first. */
bool quiet_check(struct quiet *q);

/* True when no byte is on its way: the part of quiet_check that asks no thread. */
bool quiet_lines_rest(struct quiet *q);

/* The first error of quiet_join, quiet_connected: since then somebody is not looked at. 0: none. */
int quiet_failure(struct quiet *q, struct err *e);

#endif
