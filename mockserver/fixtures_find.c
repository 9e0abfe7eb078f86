/* Where the fixtures are: given, here, or installed with the program. */
#include "fixtures.h"

#include "base/file.h"

#include <string.h>
#include <unistd.h>

/* From the program's own place, so that an installed tree may be moved. */
static bool find_installed(char *dir)
{
    char program[FILE_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return false;
    program[n] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return file_join(dir, FILE_PATH_MAX, program, FIXTURES_FROM_PROGRAM) && file_is_dir(dir);
}

int fixtures_find(const char *given, char *dir, struct err *e)
{
    const char *here = given ? given : "fixtures";
    if (!span_copy(span_of(here), dir, FILE_PATH_MAX))
        return err_set(e, ERR_LIMIT, here, "a path of more than %d bytes", FILE_PATH_MAX - 1);
    if (file_is_dir(dir) || (!given && find_installed(dir)))
        return 0;
    dir[0] = '\0';
    return err_set(e, ERR_FILE, here, "no folder of fixtures here; name one with --fixtures");
}
