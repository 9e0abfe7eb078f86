/* The words and the environment that an external client is started with. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_ARGS_H
#define UNDERSTUDY_HARNESS_EXTERNAL_EXTERNAL_ARGS_H

#include "base/buf.h"
#include "base/clock.h"
#include "external_client.h"
#include "placeholder.h"
#include "harness/testbed/endpoint.h"

struct external_args {
    char **argv;        /* NULL-terminated; pointers into texts */
    char **environment; /* NULL-terminated */
    struct buf texts;   /* owns every word that was made */
};

/* clock is the mock's: libfaketime lets the client's time begin at its present time. ERR_MEMORY,
 * or ERR_LIMIT when the texts are longer than a megabyte; *out is then all zero. The inherited
 * environment is lent. */
int external_args_make(const struct external *x, struct clock *clock,
                       const struct endpoint *endpoint, struct external_args *out, struct err *e);
void external_args_fini(struct external_args *args);

/* What its profile adds to the end of a client's command; ended by NULL. */
const char *const *external_added_words(const struct external *x);

/* True when the words that the client is started with hold the placeholder. */
bool external_args_use(const struct external *x, enum placeholder which);

/* What {timeout} says: the profile's bound, or the scenario's `within`. */
int64_t external_args_bound_ms(const struct external *x, const struct scenario *s);

#endif
