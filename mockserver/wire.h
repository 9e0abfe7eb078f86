/* The wire transport: CivetWeb serves a mock on real sockets. The one door to CivetWeb. */
#ifndef UNDERSTUDY_WIRE_H
#define UNDERSTUDY_WIRE_H

#include "base/clock.h"
#include "base/err.h"
#include "mockserver/mock.h"

#include <stdint.h>

struct wire_options {
    const char *listen; /* "127.0.0.1:8080"; port 0 picks a free one; NULL: "127.0.0.1:0" */
    uint32_t threads;   /* most connections served at once; 0: 256. Spawned on demand */
};

struct wire;

/* Starts serving. mock and clock are lent and must outlive the wire. When it returns 0 the port
 * accepts connections. ERR_NETWORK when the address cannot be bound. */
int wire_open(struct mock *mock, struct clock *clock, const struct wire_options *options,
              struct wire **out, struct err *e);

const char *wire_address(const struct wire *w); /* "http://127.0.0.1:41234" */

/* Stops accepting, lets answers under way finish (at most drain_ms real milliseconds), stops. */
void wire_close(struct wire *w, uint32_t drain_ms);

#endif
