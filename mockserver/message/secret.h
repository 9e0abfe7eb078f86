/* Secrets that are known, and where a text shows one: as it is, or however encoded.h reads it (percent-encoded, escaped as in
 * JSON, in base64 with what stands around it as in Basic credentials, in hex, and these inside each other). */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_SECRET_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_SECRET_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* secret: NULL and "" are shown by nothing. Without memory it says false. Thread safe. */
bool secret_is_shown(struct span text, const char *secret);

/* Secrets to look for together: as long as one alone, whatever their number. Zeroed is empty. Texts are copied. Not
 * thread safe while it changes. */
enum { SECRET_BYTES_MIN = 6, SECRET_SLOTS = 8192 };
struct secret_known {
    char *bytes;
    size_t n;
    uint32_t number; /* of the caller's */
    uint32_t next;   /* index + 1 of the next one with the same start */
};
struct secret_set {
    struct secret_known *list;
    uint32_t count, room;
    uint32_t slots[SECRET_SLOTS]; /* index + 1 of the first with that hash of its first six bytes */
};

/* Of SECRET_BYTES_MIN bytes at least. ERR_MEMORY. */
int secret_set_add(struct secret_set *s, struct span secret, uint32_t number, struct err *e);
void secret_set_fini(struct secret_set *s); /* it is empty then */

/* Calls visit with each place of text that shows one of the secrets, of those that begin at one byte the longest.
 * ERR_MEMORY, ERR_LIMIT: the text may show any. */
typedef int secret_visit(size_t at, size_t n, uint32_t number, void *arg);
int secret_find(struct span text, const struct secret_set *s, secret_visit *visit, void *arg);

struct encoded_view;
/* The same in one view of a text (encoded.h). */
int secret_find_in(const struct encoded_view *view, const struct secret_set *s, secret_visit *visit,
                   void *arg);

#endif
