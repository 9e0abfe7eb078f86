/* A server of raw bytes on 127.0.0.1, in a thread of the test. It understands requests just enough
 * to know where they end, and answers with whatever it is told, lawful or not.
 *
 *     struct raw_server *s = raw_open();
 *     raw_play(s, replies, 2);      the n-th request gets the n-th reply, later ones the last
 *     ... the client talks to raw_url(s) ...
 *     struct raw_story told = raw_tell(s);
 *     raw_close(s);
 *
 * One connection at a time, in the order they come: the clients under test have one poll in flight.
 * It never sleeps: where a reply stalls, it waits until the peer closes or asks again. */
#ifndef UNDERSTUDY_TESTS_HOSTILE_SERVER_H
#define UNDERSTUDY_TESTS_HOSTILE_SERVER_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAW_FOREVER = -1, RAW_REQUEST_MAX = 8192 };

enum raw_end {
    RAW_WAIT, /* says no more, and takes what comes next: a request or the peer's close */
    RAW_FIN,
    RAW_RST
};

struct raw_reply {
    struct span bytes;
    struct span again; /* then this, `times` times: RAW_FOREVER is until the peer closes */
    int64_t times;
    struct span tail; /* then this */
    enum raw_end end;
    bool early; /* speaks before it has read the request */
};

struct raw_trace {
    unsigned connections;
    unsigned requests;
    unsigned unasked;           /* requests that held more bytes than one request */
    size_t heap_peak;           /* bytes in use by the process, at the most, while it spoke */
    char last[RAW_REQUEST_MAX]; /* the last request, terminated */
};

struct raw_server;

struct raw_server *raw_open(void); /* NULL when no socket can be had */
void raw_close(struct raw_server *s);
unsigned raw_port(const struct raw_server *s);

/* A new play: the counts begin anew. The replies are copied, their bytes must live on. Requests of
 * an earlier play, which their client gave up before they were read, are neither answered nor
 * counted: each play has its own URL. */
void raw_play(struct raw_server *s, const struct raw_reply *replies, size_t count);
const char *raw_url(const struct raw_server *s); /* "http://127.0.0.1:PORT/PLAY" */
struct raw_trace raw_tell(struct raw_server *s);

/* Between two polls: on loopback the bytes, or the close, have arrived when these return. */
void raw_push(struct raw_server *s, struct span bytes);
void raw_hang_up(struct raw_server *s);

/* Bytes in use on the heap now, by the sanitizer's count where there is one. */
size_t raw_heap_bytes(void);

#endif
