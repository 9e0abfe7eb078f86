/* In builds that count coverage: what a process has counted is written when it ends by _exit too, as a child does that
 * was forked and runs no other program. Writing allocates, so the child must have been forked by what leaves it a heap
 * that works: fork, and not _Fork, after which a lock of another thread's stays taken for ever. */
#include <stdnoreturn.h>
#include <unistd.h>

void __gcov_dump(void);
noreturn void __real__exit(int status);
noreturn void __wrap__exit(int status);
pid_t __wrap__Fork(void);

noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

pid_t __wrap__Fork(void)
{
    return fork();
}
