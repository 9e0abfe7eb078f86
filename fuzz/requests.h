/* Requests as text: what the targets of the request side read their inputs as, so that seeds can be read and written
 * by hand.
 *
 *     GET /doubao/v1/video/generations/t-1
 *     Authorization: Bearer any
 *
 *     ### 5000
 *     POST /zego-drive/?Action=GetDriveStatus
 *     Content-Type: application/json
 *
 *     {"DriveId": "t-2"}
 *
 * A line that starts with ### parts two requests; a number in it is how many milliseconds pass in between. A request
 * line may end in " HTTP/1.0". Whatever the bytes are, they are some requests. */
#ifndef UNDERSTUDY_FUZZ_REQUESTS_H
#define UNDERSTUDY_FUZZ_REQUESTS_H

#include "base/span.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/message.h"
#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum { FUZZ_HEADERS_MAX = MESSAGE_HEADERS_MAX + 2 }; /* one more than is refused, and one beside */

struct fuzz_request {
    int64_t wait_ms; /* before it */
    bool http_1_0;
    struct message message; /* not opened; header lines point into this struct */
    struct header headers[FUZZ_HEADERS_MAX];
};

/* Takes the next request off *text; false when none is left. What it points at is lent by the text. */
bool fuzz_request_next(struct span *text, struct fuzz_request *out);

/* The shipped fixtures, loaded once and kept to the end. */
const struct fixtures *fuzz_fixtures(void);

/* Demands what holds for every plan: it can be played, and what it sends is a well-formed HTTP response, or nothing
 * before the end of the connection. is_head: it answers a HEAD request. Returns the body. */
struct span fuzz_demand_plan(const struct plan *p, bool is_head);

#endif
