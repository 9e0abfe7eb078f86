/* The door of the wire: which requests are let in, and how much body they may bring. Pure. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H

#include "mockserver/decide/mock.h"

#include <stdbool.h>
#include <stdint.h>

struct door {
    int status;      /* 0: come in; else the status of the refusal */
    const char *why; /* of a refusal: one sentence */
    bool chunked;    /* the body comes in chunks */
    uint64_t length; /* of the body when it does not */
    bool expects_go; /* Expect: 100-continue */
    bool last;       /* the client wants the connection closed after the answer */
};

/* Judges method, target and headers; the body is not read yet. http_1_0: the request is HTTP/1.0. */
void door_judge(const struct mock_request *request, bool http_1_0, struct door *out);

/* Makes the plan of a refusal: a small JSON body, then close. */
void door_refuse(struct plan *plan, int status, const char *why);

#endif
