/* A program's standard streams: what is written is checked, so that nothing is lost in silence (a
 * closed output, a full disk, a reader that has gone), and errors are said in one way.
 *
 * For main and what it calls; one thread at a time. */
#ifndef UNDERSTUDY_BASE_OUTPUT_H
#define UNDERSTUDY_BASE_OUTPUT_H

#include "err.h"
#include "span.h"

/* First in main. A reader that goes away becomes an error of writing (SIGPIPE is ignored), and a
 * standard stream that is closed stays one that nothing can be written to: no file or connection
 * takes its number. */
void output_begin(void);

/* Writes all of text to standard output. ERR_FILE when that fails, now or earlier: nothing more is
 * written then. */
int output_write(struct span text, struct err *e);

/* "program: where: what", a line on standard error. */
void output_complain(const char *program, const struct err *e);

/* Last in main. Says what e holds (nothing when its code is ERR_OK), and that standard output could
 * not be written, if that is so and not what e says. Returns the exit code: the one given, but
 * EXIT_ENVIRONMENT in place of EXIT_GOOD when output was lost. */
int output_end(const char *program, int exit_code, const struct err *e);

#endif
