/* Crashes: whether a program ended without having reported anything. Pure functions.
 *
 * A program that could not be started (exit codes 126 and 127 of a shell), that a signal ended (129 to 192,
 * the shell's way of saying so) or that an uncaught exception ended has not. An exception is uncaught only when the
 * runtime's own exit code comes with its mark as the last thing on standard error, so that a traceback that
 * was logged before a proper report is none:
 *
 *   Python  1       "Traceback (most recent call last):", its frames, and last the exception; of a thread: none
 *   Node    1       a block that ends with "Node.js v..."
 *   Java    1       "Exception in thread "main"" and its frames
 *   Ruby    1       "file:line:in 'method': text (Class)" and its frames
 *   Go      2       "panic:" or "fatal error:", and goroutines; 1 when "go run" says "exit status 2" behind them
 *   PHP     255     "PHP Fatal error:", and where an exception was thrown
 *   Perl    255     "text at FILE line N." */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_CRASH_H
#define UNDERSTUDY_HARNESS_EXTERNAL_CRASH_H

#include "base/span.h"

#include <stddef.h>

/* Writes what happened, such as "it was ended by signal 11 (SEGV)" or "uncaught exception: KeyError:
 * 'result'"; "" when it has ended in order. *line is the line of an exception that says which, else empty; part
 * of errors, which is its standard error. */
void crash_read(int exit_code, struct span errors, struct span *line, char *out, size_t out_size);

/* What is known to be behind an exit code, such as Node's 13; NULL when nothing is. */
const char *crash_hint(int exit_code);

#endif
