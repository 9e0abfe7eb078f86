/* The direct transport: an exchange is a call of mock_answer, its plan is played in simulated time. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_DIRECT_H
#define UNDERSTUDY_HARNESS_TESTBED_DIRECT_H

#include "base/clock.h"
#include "client/http/http.h"
#include "mockserver/decide/mock.h"

/* One thread. mock and clock are lent. */
struct direct {
    struct task_transport transport; /* first: &direct.transport goes to the client */
    struct mock *mock;
    struct clock_sim *clock;
    struct plan plan;
    struct buf received; /* used only when the acts do not send the answer in one piece */
};

void direct_init(struct direct *d, struct mock *mock, struct clock_sim *clock);
void direct_fini(struct direct *d);

#endif
