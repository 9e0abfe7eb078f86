/* The direct transport: an exchange is a call of mock_answer, and its plan is played
 * in simulated time.
 *
 * Waiting acts move the clock, a time-out ends the exchange at its moment, and the bytes that
 * were sent by then are read as an HTTP client would: a reply that is cut is ERR_NETWORK. No
 * thread, no socket, no sleep. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_DIRECT_H
#define UNDERSTUDY_HARNESS_TESTBED_DIRECT_H

#include "base/clock.h"
#include "client/http/http.h"
#include "mockserver/decide/mock.h"

/* One thread at a time. mock and clock are lent and must outlive it. */
struct direct {
    struct task_transport transport; /* first: &direct.transport goes to the client */
    struct mock *mock;
    struct clock_sim *clock;
    struct message request;
    struct plan plan;
    struct buf received; /* used only when the acts do not send the answer in one piece */
};

/* Allocates nothing: cannot fail. */
void direct_init(struct direct *d, struct mock *mock, struct clock_sim *clock);
void direct_fini(struct direct *d);

#endif
