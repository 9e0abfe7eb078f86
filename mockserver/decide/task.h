/* Tasks: the position of each task id in its scenario.
 *
 * A task is made when it is created, else at its first poll. At tasks_max the one that was polled longest ago is
 * forgotten; if it is polled again it begins anew, so a run with evictions proves nothing about
 * that task (tasks_evicted). Times are Unix milliseconds on the mock's clock. Thread safe: one
 * lock. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_TASK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_TASK_H

#include "base/err.h"
#include "task_key.h"
#include "mockserver/fixture/upstream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MOCK_TASKS_MAX = 100000 /* tasks that are remembered unless another maximum is given */
};

struct tasks;

int tasks_open(uint32_t tasks_max, uint64_t seed, struct tasks **out, struct err *e);
void tasks_close(struct tasks *t);

enum task_answer { TASK_STEP, TASK_GONE, TASK_DROP, TASK_CANCELLED };

/* What one poll gets. */
struct task_turn {
    enum task_answer answer;
    const struct scenario_step *step; /* NULL unless TASK_STEP */
    uint32_t step_index;              /* of the step, the last one for TASK_GONE and TASK_DROP */
    int64_t created_ms;
    int64_t started_ms;  /* -1 while the task has entered no running or terminal step */
    int64_t finished_ms; /* -1 while it has entered no terminal step */
    int64_t asked_ms;    /* when the poll counts as made: now_ms, or later when it is paced */
    uint64_t seed; /* from both seeds, the names and the poll's number: the same in each run */
    /* From both seeds and the poll's number alone: of faults, whose chance may not depend on which task it is, or on what
     * else runs beside it. */
    uint64_t fault_seed;
};

/* Counts one poll of the task and returns what it gets; makes the task when it is new. Finding
 * and advancing are one step under the lock, so parallel polls never get the same turn. False,
 * and nothing has changed for the task, when memory ran out or session or id is too long.
 *
 * pace_ms: see position_asked_ms. */
bool task_take(struct tasks *t, const struct task_key *key, int64_t now_ms, int64_t pace_ms,
               struct task_turn *out);

/* What task_take would give now: the task stays as it is, and is not made when it is new;
 * asked_ms is now_ms. False when session or id is too long. */
bool task_look(struct tasks *t, const struct task_key *key, int64_t now_ms, int64_t pace_ms,
               struct task_turn *out);

/* Makes the task that a request to create asked for. Polls then find it by its id alone, whatever scenario ids of
 * their own have. False, and nothing has changed, when that id was created before in the session, memory ran out,
 * or session or id is too long. */
bool task_create(struct tasks *t, const struct task_key *key, int64_t now_ms);
/* The scenario of a task that was created; NULL: none was, with that id. key->scenario is not looked at. */
const struct scenario *task_created(struct tasks *t, const struct task_key *key);

/* What the last answer to a poll said of the task; REPLY_STATE_NONE before the first, and once it is over or
 * cancelled. */
enum reply_state task_state(struct tasks *t, const struct task_key *key);
/* From now on polls are answered TASK_CANCELLED; makes the task when it is new. False when memory ran out, or
 * session or id is too long. */
bool task_cancel(struct tasks *t, const struct task_key *key, int64_t now_ms);

/* The position of a task, for those who look (admin pages, tests). */
struct mock_task {
    uint64_t number; /* from 1, in the order of creation; never given twice */
    const struct upstream *upstream;
    const struct scenario *scenario;
    char session[REPLY_NAME_MAX];
    char id[MOCK_TASK_ID_MAX];
    uint32_t step;       /* of the last answer; the last step once it is over */
    bool over;           /* past the last step of a scenario that ends in gone or drop */
    uint32_t step_polls; /* answers given in that step */
    uint64_t polls;
    int64_t created_ms; /* first poll */
    int64_t entered_ms; /* the step */
    int64_t last_ms;    /* last poll */
    enum reply_state state;
};
typedef bool mock_task_visit(const struct mock_task *task, void *arg);

/* Which tasks are meant. NULL: any; a session of "" is that of tasks that have none. */
struct task_filter {
    const char *upstream, *session, *id;
    uint64_t since; /* those with number > since */
};

/* The positions in scripts (scenario.h) are kept as tasks are, and are none: nothing below shows or counts them.
 *
 * Calls visit for each task that is meant in the order of creation until it returns false. The
 * tasks are locked meanwhile, so all polls wait: visit must be quick and must not call this
 * module. */
void tasks_each(struct tasks *t, const struct task_filter *filter, mock_task_visit *visit,
                void *arg);
/* When the first of the tasks that are meant gets past its step because time passes. False when
 * none does: they count polls, hold their last step, are over, or are due, which a poll shows. */
bool tasks_next_change(struct tasks *t, const struct task_filter *filter, int64_t now_ms,
                       int64_t *at_ms);
/* Forgets the tasks that are meant; returns how many. */
size_t tasks_forget(struct tasks *t, const struct task_filter *filter);
size_t tasks_count(struct tasks *t);
uint64_t tasks_evicted(struct tasks *t);
void tasks_reset(struct tasks *t); /* forgets all tasks, and that some were evicted */

#endif
