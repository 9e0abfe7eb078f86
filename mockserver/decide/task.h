/* Tasks: where each id stands in its scenario. Bounded, thread safe; one lock. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_TASK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_TASK_H

#include "base/err.h"
#include "mockserver/fixture/fixtures.h"
#include "mock.h"

#include <stdint.h>

struct tasks;

int tasks_open(uint32_t tasks_max, uint64_t seed, struct tasks **out, struct err *e);
void tasks_close(struct tasks *t);

struct task_key {
    const struct upstream *upstream;
    const struct scenario *scenario;
    const char *session; /* "" when none */
    const char *id;
};

enum task_answer { TASK_STEP, TASK_GONE, TASK_DROP };

/* What one poll got. */
struct task_turn {
    enum task_answer answer;
    const struct scenario_step *step; /* NULL unless TASK_STEP */
    uint32_t step_index;              /* step_count once the task is gone or dropped */
    int64_t created_ms;
    int64_t started_ms;  /* -1 while the task has entered no running or terminal step */
    int64_t finished_ms; /* -1 while it has entered no terminal step */
    uint64_t seed; /* from the options' seed, the scenario's, the key and the poll's number alone */
};

/* Takes the task's next turn, making the task when it is new. False when memory ran out. */
bool task_take(struct tasks *t, const struct task_key *key, int64_t now_ms, struct task_turn *out);

void tasks_each(struct tasks *t, mock_task_visit *visit, void *arg); /* in the order of creation */
size_t tasks_count(struct tasks *t);
uint64_t tasks_evicted(struct tasks *t);
void tasks_reset(struct tasks *t);

#endif
