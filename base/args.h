/* Command lines from one table: flag, variable, default and help stand in one row.
 *
 * `--name value`, `--name=value`, `--switch`, one-letter forms, and UNDERSTUDY_NAME from the
 * environment (flag `--port-file` reads UNDERSTUDY_PORT_FILE; the command line wins). An unknown
 * option is an ERR_USAGE that names the nearest one. */
#ifndef UNDERSTUDY_BASE_ARGS_H
#define UNDERSTUDY_BASE_ARGS_H

#include "buf.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

enum args_kind {
    ARGS_TEXT,     /* const char ** : points into argv or the environment */
    ARGS_SWITCH,   /* bool * */
    ARGS_INT,      /* int64_t *, min..max */
    ARGS_DURATION, /* int64_t * milliseconds: "5s", "10m"; a bare number is seconds */
    ARGS_LIST      /* struct args_list * : may be given more than once */
};

enum { ARGS_LIST_MAX = 64 };

struct args_list {
    const char *values[ARGS_LIST_MAX];
    int count;
};

struct args_option {
    const char *flag; /* "--listen" */
    char letter;      /* 'j', or 0 */
    enum args_kind kind;
    void *out;         /* holds the default before args_read */
    int64_t min, max;  /* ARGS_INT */
    const char *value; /* "ADDR": the word in the help; NULL for switches */
    const char *help;  /* one line; says the default */
};

/* Reads options; everything that is not one goes to rest[0..*rest_count-1] in order. "--" ends the
 * reading and goes nowhere; what follows it is *after (NULL-terminated as argv is), NULL without "--".
 * options ends with a row whose flag is NULL. --help sets *help. */
struct args_rest {
    const char *words[ARGS_LIST_MAX];
    int count;
    char **after; /* what follows "--", or NULL */
    bool help;
};
int args_read(const struct args_option *options, int argc, char **argv, struct args_rest *rest,
              struct err *e);

/* The options as lines for --help. */
void args_help(const struct args_option *options, struct buf *out);

/* Exit codes of all programs. */
enum { EXIT_GOOD = 0, EXIT_CHECK_FAILED = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

/* ERR_USAGE → 2, ERR_FILE/ERR_NETWORK/ERR_MEMORY/ERR_TIMEOUT → 3, anything else → 1. */
int args_exit_code(enum err_code code);

#endif
