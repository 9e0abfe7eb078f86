/* One stopped thread's registers and memory: all that differs between processors is here.
 *
 * Registers are read once a stop and written back only when they were changed. Every function is
 * called by the thread that traces `tid`, while that is stopped; the error is always that it has
 * been killed meanwhile, which the next wait reports, so that nobody needs to look closer.
 *
 * Source: ptrace(2), syscall(2) (which register holds what), process_vm_readv(2). */
#ifndef UNDERSTUDY_HARNESS_TRACER_MACHINE_H
#define UNDERSTUDY_HARNESS_TRACER_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

enum { MACHINE_ARGS = 6 };

struct machine {
    pid_t tid;
    struct user_regs_struct regs;
    long call; /* of arm64, where it is no register of its own */
};

bool machine_read(pid_t tid, struct machine *m);
bool machine_write(const struct machine *m);

long machine_call(const struct machine *m); /* the number of the system call it is in */
void machine_set_call(struct machine *m, long number);
uint64_t machine_arg(const struct machine *m, int i); /* 0..MACHINE_ARGS - 1 */
void machine_set_arg(struct machine *m, int i, uint64_t value);
long machine_result(const struct machine *m);
void machine_set_result(struct machine *m, long result);
uint64_t machine_stack(const struct machine *m);
uint64_t machine_ip(const struct machine *m);

/* At a seccomp stop: the system call is not made, and returns this. Written at once. */
bool machine_skip(struct machine *m, long result);

/* Bytes at an address of the thread's process. False when not all of them are there. */
bool machine_peek(pid_t tid, uint64_t at, void *out, size_t n);
bool machine_poke(pid_t tid, uint64_t at, const void *bytes, size_t n);

#endif
