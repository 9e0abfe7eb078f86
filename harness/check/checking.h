/* One reply under way: what is told of it, and how it is held against HTTP and its contract, wherever it comes from. */
#ifndef UNDERSTUDY_HARNESS_CHECK_CHECKING_H
#define UNDERSTUDY_HARNESS_CHECK_CHECKING_H

#include "base/buf.h"
#include "base/file.h"
#include "client/decode/upstreams.h"
#include "finding.h"
#include "mockserver/fixture/upstream.h"
#include "want.h"

struct checking {
    const struct upstream *u;
    const struct dialect
        *dialect; /* how the client reads it; NULL: nothing is held against a want */
    const struct contract_route
        *route; /* that it answers; NULL: whatever operation of its role describes it best */
    const struct reply *reply;
    /* What findings are told at: the line in a file that ends with the reply's body, or, without its bytes, where. */
    char where[FILE_PATH_MAX];
    struct span file;
    struct want *want; /* NULL: there is none, or it is no want */
    check_report *report;
    void *arg;
    unsigned broken;               /* breaches of contract and HTTP, told or excused */
    unsigned told;                 /* findings */
    unsigned left[CHECK_NOTE + 1]; /* findings beyond a number */
};

/* At a place of its own. */
void checking_tell(struct checking *k, enum check_level level, const struct err *e);
/* Of the byte at an offset in the body. */
void checking_tell_at(struct checking *k, enum check_level level, size_t at, const char *what);
/* How many more there were. */
void checking_end(struct checking *k);

/* True when its want says that it breaks on purpose, or cannot be understood. */
bool checking_is_excused(const struct checking *k);

/* The body against everything but the want. ERR_MEMORY. */
int checking_body(struct checking *k, struct err *e);

/* The value of the first header of that name in header lines, which an empty one ends, or nothing. */
struct span checking_header(struct span head, const char *name);

#endif
