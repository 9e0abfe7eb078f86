/* The vDSO: code of the kernel's in every process that reads clocks without a system call. */
#ifndef UNDERSTUDY_HARNESS_TRACER_VDSO_H
#define UNDERSTUDY_HARNESS_TRACER_VDSO_H

#include <stdbool.h>
#include <sys/types.h>

/* Hides it from a process that has just called exec and is stopped for its tracer before its first
 * instruction: libc, and runtimes that do without one, then make system calls. */
bool vdso_hide(pid_t pid);

#endif
