/* In builds that count coverage: what a process has counted is written when it ends by _exit too, as a child does that
 * was forked and runs no other program. Writing allocates, so the child must have been forked by what leaves it a heap
 * that works: fork, and not _Fork, after which a lock of another thread's stays taken for ever. And while another
 * process writes it must not sleep: below a tracer it would be taken for one that waits for ever. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdnoreturn.h>
#include <unistd.h>

void __gcov_dump(void);
noreturn void __real__exit(int status);
noreturn void __wrap__exit(int status);
pid_t __wrap__Fork(void);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);

noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

pid_t __wrap__Fork(void)
{
    return fork();
}

/* All of its arguments, numbers and pointers, come in one word. */
int __wrap_fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (command != F_SETLKW)
        return __real_fcntl(fd, command, argument);
    int code;
    while ((code = __real_fcntl(fd, F_SETLK, argument)) != 0
           && (errno == EAGAIN || errno == EACCES))
        sched_yield();
    return code;
}
