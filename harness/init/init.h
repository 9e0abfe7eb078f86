/* Writes a small polite client in a language, and its test against the mock. */
#ifndef UNDERSTUDY_HARNESS_INIT_INIT_H
#define UNDERSTUDY_HARNESS_INIT_INIT_H

#include "base/err.h"

enum { INIT_FILES_MAX = 3 };

struct init_file {
    const char *name;
    const char *text;
};

struct init_language {
    const char *name; /* "python" */
    struct init_file files[INIT_FILES_MAX];
};

/* Rows, ended by one whose name is NULL. */
const struct init_language *init_languages(void);

/* Writes the files into the folder, which is made when it is not there. ERR_USAGE when one of them is there already (nothing is
 * written then); ERR_FILE. */
int init_write(const struct init_language *language, const char *dir, struct err *e);

#endif
