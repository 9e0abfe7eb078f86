/* Whether a mock on this machine answers: what a container asks itself every few seconds. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_HEALTH_H
#define UNDERSTUDY_MOCKSERVER_WIRE_HEALTH_H

#include "base/err.h"

enum { HEALTH_WAIT_S = 5 };

/* Asks for /_mock/health on the address that the mock listens on ("0.0.0.0:8080": by the loopback one), waiting at
 * most HEALTH_WAIT_S real seconds for each step. ERR_USAGE when listen is no address, ERR_NETWORK when nobody answers,
 * or not with 200. */
int health_ask(const char *listen, struct err *e);

#endif
