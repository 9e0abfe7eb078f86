/* Copies the library into a file in memory (memfd), which a client can preload by its
 * path under /proc. */
#include "clockwait.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

extern const char clockwait_library[];
extern const size_t clockwait_library_size;

static char path[64];

/* path stays "" when the system gives no memory file or it cannot be filled. */
static void write_library(void)
{
    int fd = memfd_create("understudy-clockwait", MFD_CLOEXEC);
    size_t done = 0;
    ssize_t some = 1;
    while (fd >= 0 && some > 0 && done < clockwait_library_size) {
        some = write(fd, clockwait_library + done, clockwait_library_size - done);
        done += some > 0 ? (size_t)some : 0;
    }
    if (fd >= 0 && done == clockwait_library_size)
        snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)getpid(), fd);
}

const char *clockwait_path(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, write_library);
    return path[0] != '\0' ? path : NULL;
}
