/* Registers by PTRACE_GETREGSET, memory by process_vm_readv. */
#include "machine.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#if defined(__x86_64__)

static unsigned long long *arg_of(struct machine *m, int i)
{
    unsigned long long *args[MACHINE_ARGS] = {&m->regs.rdi, &m->regs.rsi, &m->regs.rdx,
                                              &m->regs.r10, &m->regs.r8,  &m->regs.r9};
    return args[i];
}

long machine_call(const struct machine *m)
{
    return (long)m->regs.orig_rax;
}

void machine_set_call(struct machine *m, long number)
{
    m->regs.orig_rax = (unsigned long long)number;
}

long machine_result(const struct machine *m)
{
    return (long)m->regs.rax;
}

void machine_set_result(struct machine *m, long result)
{
    m->regs.rax = (unsigned long long)result;
}

uint64_t machine_stack(const struct machine *m)
{
    return m->regs.rsp;
}

uint64_t machine_ip(const struct machine *m)
{
    return m->regs.rip;
}

static bool read_call(struct machine *m)
{
    (void)m;
    return true;
}

static bool write_call(const struct machine *m)
{
    (void)m;
    return true;
}

#elif defined(__aarch64__)

static unsigned long long *arg_of(struct machine *m, int i)
{
    return &m->regs.regs[i];
}

long machine_call(const struct machine *m)
{
    return m->call;
}

void machine_set_call(struct machine *m, long number)
{
    m->call = number;
}

/* The first argument and the result share a register. */
long machine_result(const struct machine *m)
{
    return (long)m->regs.regs[0];
}

void machine_set_result(struct machine *m, long result)
{
    m->regs.regs[0] = (unsigned long long)result;
}

uint64_t machine_stack(const struct machine *m)
{
    return m->regs.sp;
}

uint64_t machine_ip(const struct machine *m)
{
    return m->regs.pc;
}

static bool read_call(struct machine *m)
{
    int number = -1;
    struct iovec part = {&number, sizeof number};
    bool good = ptrace(PTRACE_GETREGSET, m->tid, NT_ARM_SYSTEM_CALL, &part) == 0;
    m->call = number;
    return good;
}

static bool write_call(const struct machine *m)
{
    int number = (int)m->call;
    struct iovec part = {&number, sizeof number};
    return ptrace(PTRACE_SETREGSET, m->tid, NT_ARM_SYSTEM_CALL, &part) == 0;
}

#else
#error "simulated time for programs of others knows x86-64 and arm64"
#endif

bool machine_read(pid_t tid, struct machine *m)
{
    struct iovec part = {&m->regs, sizeof m->regs};
    m->tid = tid;
    return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &part) == 0 && read_call(m);
}

bool machine_write(const struct machine *m)
{
    struct iovec part = {(void *)&m->regs, sizeof m->regs};
    return ptrace(PTRACE_SETREGSET, m->tid, NT_PRSTATUS, &part) == 0 && write_call(m);
}

uint64_t machine_arg(const struct machine *m, int i)
{
    return *arg_of((struct machine *)m, i);
}

void machine_set_arg(struct machine *m, int i, uint64_t value)
{
    *arg_of(m, i) = value;
}

bool machine_skip(struct machine *m, long result)
{
    machine_set_call(m, -1);
    machine_set_result(m, result);
    return machine_write(m);
}

bool machine_peek(pid_t tid, uint64_t at, void *out, size_t n)
{
    struct iovec here = {out, n}, there = {(void *)at, n};
    return process_vm_readv(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

bool machine_poke(pid_t tid, uint64_t at, const void *bytes, size_t n)
{
    struct iovec here = {(void *)bytes, n}, there = {(void *)at, n};
    return process_vm_writev(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}
