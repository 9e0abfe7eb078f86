/* One exchange as a reply: the bytes of its .http file. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_REPLY_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_REPLY_H

#include "har_exchange.h"

#include "base/buf.h"
#include "base/err.h"
#include "mockserver/fixture/contract.h"

/* Hears of one thing that is not as it was recorded. */
typedef void distill_tell(const struct err *note, void *arg);

/* Where a note goes; tell may be NULL. */
struct distill_notes {
    distill_tell *tell;
    void *arg;
};
void distill_note(const struct distill_notes *n, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends status line, headers and body, without what is secret. Left out: headers about the connection and the coding of the
 * body, and those that are no lawful lines, which is told. A Retry-After that is a date gets a Date that is as far from it as
 * the recorded one, or the moment of the exchange. A status beyond 599 becomes 500 (RFC 9110 §15). body is decoded. */
int distill_format_reply(struct buf *out, const struct exchange *x, struct span body, bool was_text,
                         const struct contract *c, const struct distill_notes *notes,
                         struct err *e);

#endif
