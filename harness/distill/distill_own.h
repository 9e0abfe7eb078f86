/* Which entries of a recording are polls: those whose method, path and fixed query parameters are a poll's of the contract,
 * and whose host is the service's. All else (pages, icons, preflights, calls that create) is somebody else's and is not
 * looked at. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_OWN_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_OWN_H

#include "har_exchange.h"
#include "mockserver/fixture/contract.h"

struct own_poll {
    uint32_t entry;
    char *id; /* of the task; owned */
    struct span
        origin; /* what stands before the contract's path: "https://host/base"; the recording's */
    bool has_started;
    struct text_moment started;
};

struct own_polls {
    struct own_poll *list;
    uint32_t count;
    size_t room;
};

/* Finds the polls, as they stand in the file. The path may have more before it: a gateway's base, a mount of the mock. Of several
 * origins those count whose host the contract names, else those that tell a state in some answer, else all. ERR_MEMORY; errors of
 * exchange_open for an entry that may be one. Free with own_polls_fini, also on error. */
int own_polls_find(const struct contract *c, const struct recording *r, struct own_polls *out,
                   struct err *e);
void own_polls_fini(struct own_polls *p);

/* Keeps those of one task. */
void own_polls_keep(struct own_polls *p, const char *id);

/* Sorts by startedDateTime; a poll without one stays behind the one that stands before it in the file. */
void own_polls_sort(struct own_polls *p);

/* True when the contract reads where a task stands from a good answer of some poll. */
bool own_polls_tell(const struct contract *c, const struct recording *r, const struct own_polls *p);

#endif
