/* Standing as a server: what every command that listens does the same way. Part of the program. */
#ifndef UNDERSTUDY_MOCKSERVER_PROGRAM_LIFECYCLE_H
#define UNDERSTUDY_MOCKSERVER_PROGRAM_LIFECYCLE_H

#include "mockserver/fixture/fixtures.h"
#include "mockserver/wire/wire.h"

#include "base/err.h"

#include <stdbool.h>

/* Loads what fixtures_find finds. Every error is printed as it is found; *e keeps a closing line. */
int lifecycle_load_fixtures(const char *given, struct fixtures **out, struct err *e);

/* Call before any thread is started, so that signals wait for lifecycle_until_told. */
void lifecycle_block_signals(void);

/* Says where the server listens: port_file first (NULL: none), then one line to standard output, with json
 * an object. */
int lifecycle_ready(const struct wire *w, const char *port_file, bool json, struct err *e);

/* Returns when SIGTERM or SIGINT comes. A second one then ends the process at once. */
void lifecycle_until_told(void);

enum { LIFECYCLE_DRAIN_MS = 8000 };

#endif
