/* Writes the filter as classic BPF: for each row of the table one comparison of the call's number,
 * then what its arguments must say. */
#include "filter.h"

#include "calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#else
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#endif

static void add(struct filter *f, struct sock_filter line)
{
    f->code[f->program.len++] = line;
}

static void load(struct filter *f, uint32_t offset)
{
    add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* The lower half of an argument: both processors are little endian. */
static void load_arg(struct filter *f, int i)
{
    load(f, (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)i));
}

static void load_upper(struct filter *f, int i)
{
    load(f, (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)i + 4));
}

/* Compares what was loaded; skips yes or no lines. */
static void compare(struct filter *f, uint16_t how, uint32_t value, uint8_t yes, uint8_t no)
{
    add(f, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | how | BPF_K), value, yes, no));
}

static void end(struct filter *f, uint32_t what)
{
    add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

/* Stops when the pointer in argument i is not NULL, lets pass otherwise. */
static void stop_unless_null(struct filter *f, int i)
{
    load_arg(f, i);
    compare(f, BPF_JEQ, 0, 0, 3);
    load_upper(f, i);
    compare(f, BPF_JEQ, 0, 0, 1);
    end(f, SECCOMP_RET_ALLOW);
    end(f, SECCOMP_RET_TRACE);
}

/* Lets pass unless what was loaded is one of the values. */
static void pass_unless(struct filter *f, const uint32_t *values, uint8_t count)
{
    for (uint8_t i = 0; i < count; i++)
        compare(f, BPF_JEQ, values[i], (uint8_t)(count - i), 0);
    end(f, SECCOMP_RET_ALLOW);
}

static void add_wait(struct filter *f, const struct call *call)
{
    static const uint32_t waits[] = {FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_LOCK_PI, 13,
                                     FUTEX_WAIT_REQUEUE_PI}; /* 13: FUTEX_LOCK_PI2 */
    if (call->form == LIMIT_MS) {
        load_arg(f, call->limit);
        compare(f, BPF_JEQ, 0, 1, 0);           /* does not wait */
        compare(f, BPF_JSET, 0x80000000, 0, 1); /* waits without a limit */
        end(f, SECCOMP_RET_ALLOW);
        end(f, SECCOMP_RET_TRACE);
        return;
    }
    if (call->form == LIMIT_FUTEX) {
        load_arg(f, 1);
        add(f, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (uint32_t)FUTEX_CMD_MASK));
        pass_unless(f, waits, sizeof waits / sizeof waits[0]);
    }
    stop_unless_null(f, call->limit);
}

/* Clocks that count a processor's work, and what is no clock, are the kernel's to answer. */
static void add_clock(struct filter *f, const struct call *call)
{
    if (call->number == SYS_clock_gettime) {
        load_arg(f, 0);
        compare(f, BPF_JGT, CALLS_CLOCK_LAST, 3, 0); /* negative ones too */
        compare(f, BPF_JEQ, CLOCK_PROCESS_CPUTIME_ID, 2, 0);
        compare(f, BPF_JEQ, CLOCK_THREAD_CPUTIME_ID, 1, 0);
        end(f, SECCOMP_RET_TRACE);
        end(f, SECCOMP_RET_ALLOW);
    }
    end(f, SECCOMP_RET_TRACE);
}

static void add_timer(struct filter *f, const struct call *call)
{
    static const uint32_t levels[] = {SOL_SOCKET};
    static const uint32_t limits[] = {SO_RCVTIMEO, SO_SNDTIMEO, 66, 67}; /* and their new numbers */
    static const uint32_t real[] = {ITIMER_REAL};
    if (call->number == SYS_setsockopt || call->number == SYS_getsockopt) {
        load_arg(f, 1);
        pass_unless(f, levels, 1);
        load_arg(f, 2);
        pass_unless(f, limits, 4);
    }
    if (call->number == SYS_setitimer || call->number == SYS_getitimer) {
        load_arg(f, 0);
        pass_unless(f, real, 1);
    }
    end(f, SECCOMP_RET_TRACE);
}

/* What a row's call does once its number is known; leaves no way out of its end. */
static void add_row(struct filter *f, const struct call *call)
{
    if (call->kind == CALL_WAITS)
        add_wait(f, call);
    else if (call->kind == CALL_READS_CLOCK)
        add_clock(f, call);
    else if (call->kind == CALL_SETS_TIMER || call->kind == CALL_SETS_SOCKET)
        add_timer(f, call);
    else
        end(f, call->kind == CALL_REFUSED ? SECCOMP_RET_ERRNO | ENOSYS : SECCOMP_RET_TRACE);
}

void filter_make(struct filter *f)
{
    *f = (struct filter){.program = {.filter = f->code}};
    load(f, offsetof(struct seccomp_data, arch));
    compare(f, BPF_JEQ, FILTER_ARCH, 1, 0);
    end(f, SECCOMP_RET_ALLOW); /* a 32-bit program: its time is the machine's */
    for (int i = 0; i < calls_count; i++) {
        load(f, offsetof(struct seccomp_data, nr));
        compare(f, BPF_JEQ, (uint32_t)calls[i].number, 0, 0);
        unsigned short at = f->program.len;
        add_row(f, &calls[i]);
        f->code[at - 1].jf = (uint8_t)(f->program.len - at);
    }
    end(f, SECCOMP_RET_ALLOW);
}

int filter_install(const struct filter *f)
{
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &f->program) == 0)
        return 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &f->program);
}
