/* Which file an exchange belongs to: one a task, from the request that creates it to the last byte of its result.
 *
 * A request that names a task (by the contract's id) belongs to that task. One that makes a task names none: it gets a file of
 * its own, until another request names an id that its reply holds, wherever the reply holds it; the file is then that task's.
 * So it needs no contract: without one, a request belongs to the task of which some reply told an id that stands in its
 * path, its query or its body. All others go by their path. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_TASK_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_TASK_H

#include "record_curl.h"

#include "base/err.h"
#include "base/file.h"
#include "mockserver/decide/route.h"
#include "mockserver/fixture/upstream.h"
#include "mockserver/message/message.h"

enum { RECORD_CREATES_MAX = 1024, RECORD_IDS_MAX = 64 };

struct record_tasks;
/* ERR_MEMORY. Close NULL is fine. For one thread. */
int record_tasks_open(struct record_tasks **out, struct err *e);
void record_tasks_close(struct record_tasks *t);

struct record_place {
    char task[MOCK_TASK_ID_MAX]; /* what names the file, when path does not */
    char path[FILE_PATH_MAX];    /* of a file that is there already; else "" */
    char was[FILE_PATH_MAX]; /* where the task's file stood so far, when that changes; else "" */
    bool is_create;  /* the file is new, and to be given a number when there is one of that name */
    uint32_t create; /* for record_tasks_written */
    bool ended;      /* the reply tells that the task is over */
};

/* Finds the place. router and contract may be NULL. target: path and query asked for at the real service. */
void record_tasks_place(struct record_tasks *t, const struct router *router,
                        const struct upstream *contract, const struct message *request,
                        struct span target, const struct fetched *reply, struct record_place *out);

/* Where a create's file stands. */
void record_tasks_written(struct record_tasks *t, const struct record_place *place,
                          const char *path);

#endif
