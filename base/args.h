/* Command lines from one table: flag, variable, default and help stand in one row.
 *
 * `--name value`, `--name=value`, `--switch`, one-letter forms, and UNDERSTUDY_NAME from the
 * environment (flag `--port-file` reads UNDERSTUDY_PORT_FILE, unless it is empty; the command line wins). An unknown
 * option is an ERR_USAGE that names the nearest one. */
#ifndef UNDERSTUDY_BASE_ARGS_H
#define UNDERSTUDY_BASE_ARGS_H

#include "buf.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

enum args_kind {
    ARGS_TEXT,     /* const char ** : lent by argv or the environment */
    ARGS_SWITCH,   /* bool * */
    ARGS_INT,      /* int64_t *, min..max */
    ARGS_DURATION, /* int64_t * milliseconds, 0..24 h: "5s", "10m"; a bare number is seconds */
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
    void *out;         /* as `kind` says; holds the default before args_read */
    int64_t min, max;  /* ARGS_INT */
    const char *value; /* "ADDR": the word in the help; NULL for switches */
    const char *help;  /* one line; says the default */
};

/* What is left of a command line when its options are taken out. Texts are lent by argv. */
struct args_rest {
    const char *words[ARGS_LIST_MAX]; /* in order; at most ARGS_LIST_MAX */
    int count;
    char **after; /* what follows "--", NULL-terminated as argv is; NULL without "--" */
    bool help;    /* --help or -h was given: reading stopped there */
};

/* Reads argv[1] to argv[argc - 1] up to "--". options ends with a row whose flag is NULL and has
 * at most 64 rows; an option that is not given keeps its default. Returns 0 or ERR_USAGE, and
 * e->where is then the flag, variable or word that is wrong. Reads the environment: call it
 * before threads start. */
int args_read(const struct args_option *options, int argc, char **argv, struct args_rest *rest,
              struct err *e);

/* The value of an environment variable, lent; NULL when it is not set or empty, which is the same: a
 * secret of CI that is not there arrives as an empty one. */
const char *args_variable(const char *name);

/* Appends the options as lines for --help, each with the name of its variable. */
void args_help(const struct args_option *options, struct buf *out);

/* Exit codes of all programs. */
enum { EXIT_GOOD = 0, EXIT_CHECK_FAILED = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

/* ERR_USAGE → 2, ERR_FILE/ERR_NETWORK/ERR_MEMORY/ERR_TIMEOUT → 3, anything else → 1. */
int args_exit_code(enum err_code code);

#endif
