/* The reader: fills an http_reply as the bytes come, head line by head line, then the body, within
 * the limits of http.h. One thread. */
#ifndef UNDERSTUDY_CLIENT_HTTP_READER_H
#define UNDERSTUDY_CLIENT_HTTP_READER_H

#include "framing.h"
#include "http.h"

#include <stdbool.h>
#include <stddef.h>

/* Readable by the transport that drives it. */
struct reader {
    struct http_reply *reply; /* lent from reader_begin to reader_end */
    bool head_done;           /* of the reply under way: an interim one, or the final one */
    enum err_code refused;    /* why reading stopped; ERR_OK: it has not */
    const char *wrong;        /* in words, with ERR_NETWORK */
    size_t head_bytes;        /* of all heads, interim ones too */
    struct framing framing;
};

void reader_begin(struct reader *r, struct http_reply *reply); /* empties *reply */
void reader_end(struct reader *r, bool good);                  /* empties it again unless good */

/* Each returns false when nothing more is to be read; `refused` then says why. A line of a
 * head is a status line, a header, the empty line that ends a head, or a trailer, with or
 * without line end. */
bool reader_head(struct reader *r, struct span line);
bool reader_body(struct reader *r, struct span bytes);
bool reader_refuse(struct reader *r, const char *wrong); /* returns false */

#endif
