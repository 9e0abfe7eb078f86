/* What a hostile upstream says in one reply, and what the client must make of it. */
#ifndef UNDERSTUDY_TESTS_HOSTILE_ROWS_H
#define UNDERSTUDY_TESTS_HOSTILE_ROWS_H

#include "server.h"

#include "base/err.h"
#include "client/client.h"

/* The bodies, and their length for Content-Length: a task that has succeeded, that runs, and that
 * failed for the reason "second". */
#define DONE                                                                                       \
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"action\":\"g\",\"status\":\"success\","   \
    "\"progress\":\"100%\",\"fail_reason\":\"https://a.test/v.mp4\",\"submit_time\":1,"            \
    "\"start_time\":2,\"finish_time\":3}}"
#define RUNS                                                                                       \
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"action\":\"g\",\"status\":"               \
    "\"in_progress\",\"progress\":\"50%\",\"fail_reason\":\"\",\"submit_time\":1,"                 \
    "\"start_time\":2,\"finish_time\":0}}"
#define FAILED                                                                                     \
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"action\":\"g\",\"status\":\"failure\","   \
    "\"progress\":\"100%\",\"fail_reason\":\"second\",\"submit_time\":1,\"start_time\":2,"         \
    "\"finish_time\":3}}"
#define DONE_N "175"
#define DONE_HEX "af"
#define RUNS_N "158"
#define FAILED_N "161"

#define OK "HTTP/1.1 200 OK\r\n"
#define LENGTH_OF(body) "Content-Length: " body##_N "\r\n"
#define WHOLE(body) OK "Content-Length: " body##_N "\r\n\r\n" body

/* One reply and the one outcome it must have: an error of the transport, or a reply and how the
 * decoder of doubao reads it. */
struct raw_row {
    const char *name;
    struct raw_reply reply;
    enum err_code code;    /* of the exchange; ERR_OK: a whole reply */
    int status;            /* of that reply */
    enum task_error error; /* what view_read says of it */
    enum task_state state; /* and of the task */
    bool stalls;           /* ends only because the client's time for one attempt does */
};

extern const struct raw_row rows[];
extern const size_t row_count;

#endif
