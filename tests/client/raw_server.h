/* A server of raw bytes on 127.0.0.1: it reads a request, sends what it is told, and ends as told.
 * One connection at a time, in a thread of its own. */
#ifndef UNDERSTUDY_TESTS_CLIENT_RAW_SERVER_H
#define UNDERSTUDY_TESTS_CLIENT_RAW_SERVER_H

#include <pthread.h>
#include <stddef.h>

enum raw_end {
    RAW_CLOSE, /* FIN after the bytes */
    RAW_RESET, /* RST after the bytes */
    RAW_STALL, /* nothing more, until the client goes away */
    RAW_KEEP   /* the next answer goes over the same connection */
};

struct raw_answer {
    const char *bytes;
    size_t length; /* 0: strlen(bytes) */
    enum raw_end end;
};

struct raw_server {
    const struct raw_answer *answers; /* one a request; the last one repeats */
    size_t count;
    int listener;
    _Atomic int connection; /* the present one, until somebody took it; -1: none */
    unsigned port;
    pthread_t thread;
    /* read them after raw_server_stop */
    size_t connections;
    size_t requests;
    char last[16 << 10]; /* the last request's bytes */
};

void raw_server_start(struct raw_server *s, const struct raw_answer *answers, size_t count);
void raw_server_stop(struct raw_server *s); /* after the client has closed its connections */

#endif
