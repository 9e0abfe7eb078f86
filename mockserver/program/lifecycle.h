/* Lifecycle: what serve and record share from start to end: load fixtures, say where they
 * listen, wait for a signal.
 *
 * Called on the main thread only, in the order below. */
#ifndef UNDERSTUDY_MOCKSERVER_PROGRAM_LIFECYCLE_H
#define UNDERSTUDY_MOCKSERVER_PROGRAM_LIFECYCLE_H

#include "mockserver/fixture/fixtures.h"
#include "mockserver/wire/wire.h"

#include "base/args.h"
#include "base/err.h"

#include <stdbool.h>

/* Writes "usage: mockserver WORDS" and the options to standard output. ERR_FILE when that cannot
 * be written. */
int lifecycle_help(const char *words, const struct args_option *options, struct err *e);

/* Finds (fixtures_find) and loads the fixtures. Every error is printed to standard error as it
 * is found; *e is then a last line that refers to them. The caller frees *out. */
int lifecycle_load_fixtures(const char *given, struct fixtures **out, struct err *e);
/* The same for every folder that was given. */
int lifecycle_load_folders(const struct args_list *given, struct fixtures **out, struct err *e);

/* Blocks the signals that end a server until lifecycle_until_told takes one. Threads inherit
 * this, so call it before any is started: an unblocked thread would take the signal, and the
 * process would end without closing the wire. */
void lifecycle_block_signals(void);

/* Call once the port accepts connections. Writes the port to port_file (NULL: none), then one
 * line with the address to standard output, a JSON object when json. ERR_FILE when either cannot
 * be written. */
int lifecycle_ready(const struct wire *w, const char *port_file, bool json, struct err *e);

/* Waits for SIGTERM, SIGINT, SIGQUIT or SIGHUP (not under nohup). Further ones stay blocked, so
 * that they cut no answer: wire_close has a bound of its own. */
void lifecycle_until_told(void);

/* How long wire_close lets answers finish, in real milliseconds. */
enum { LIFECYCLE_DRAIN_MS = 8000 };

#endif
