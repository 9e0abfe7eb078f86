/* Which task is meant, and the bytes by which the table of tasks knows it. A pure function. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_TASK_KEY_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_TASK_KEY_H

#include "mockserver/fixture/upstream.h"

#include <stdbool.h>
#include <stdint.h>

enum { MOCK_TASK_ID_MAX = 256 }; /* bytes of an id, its terminator included */

struct task_key {
    const struct upstream *upstream;
    const struct scenario *scenario;
    const char *session; /* "" when none */
    const char *id;
};

enum { KEY_MAX = 2 * sizeof(void *) + REPLY_NAME_MAX + MOCK_TASK_ID_MAX };

/* The pointers of upstream and scenario (NULL: a task that was created), then session and id, terminated. */
struct task_bytes {
    char bytes[KEY_MAX];
    uint32_t len;
    uint64_t hash; /* of names, not of pointers: the same in every run, so seeds may use it */
};

/* False when session or id is too long, which callers rule out. */
bool task_key_bytes(struct task_bytes *out, const struct task_key *key);

#endif
