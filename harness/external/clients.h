/* The clients of a run, as a command line names them: by profiles that hold a command, or by
 * words after "--". */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_CLIENTS_H
#define UNDERSTUDY_HARNESS_EXTERNAL_CLIENTS_H

#include "base/args.h"
#include "external.h"

#include <stdint.h>

enum { CLIENTS_MAX = 32 };

struct clients {
    struct external *list;
    struct profile *profiles; /* profiles[i] belongs to list[i], which points to it */
    uint32_t count;           /* 0: the built-in client */
    uint32_t profile_count;
};

/* Each profile with a command is a client, named as its file without ".json". The words after
 * "--" (NULL: none) are one client, named as its program and the script that it runs, and go with one profile at most, which
 * then has no command. Every client is checked before anything runs: ERR_NOT_FOUND when a
 * program is not there, ERR_USAGE when profiles and words do not fit together, and the errors of
 * profile_load; e->where is the profile where one is wrong. paths and after are lent and must
 * outlive the clients. clients_fini even after an error. speed is 1 or more. */
int clients_read(const struct args_list *paths, char *const *after, uint32_t speed,
                 struct clients *out, struct err *e);
void clients_fini(struct clients *c);

#endif
