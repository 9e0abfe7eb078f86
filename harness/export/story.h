/* Stories: what one task was answered, poll by poll, whether a scenario says it or a run has seen it. */
#ifndef UNDERSTUDY_HARNESS_EXPORT_STORY_H
#define UNDERSTUDY_HARNESS_EXPORT_STORY_H

#include "base/err.h"
#include "base/json/json.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    STORY_ANSWERS_MAX = 4096,
    STORY_NAME_MAX = 3 * REPLY_NAME_MAX,
    STORY_INTERVAL_MS = 5000 /* between two polls where the contract states none */
};

struct story_answer {
    const struct reply *reply; /* NULL: the mock answered for itself, or not at all */
    int64_t at_ms;             /* since the first poll */
    int64_t delay_ms;          /* that faults hold it up */
    enum { ANSWER_WHOLE, ANSWER_CUT, ANSWER_SILENCE } came;
};

struct story {
    const struct upstream *upstream;
    char name[STORY_NAME_MAX];  /* "doubao-success", of a run with its client in front */
    char mount[STORY_NAME_MAX]; /* "doubao:success" */
    char task[256];
    struct story_answer *answers;
    uint32_t count;
    size_t room;
    enum scenario_end end;
    uint32_t
        left_out; /* polls that the run's report does not hold, or that said nothing of a reply */
};

/* What polls at the contract's interval get. ERR_LIMIT beyond STORY_ANSWERS_MAX; ERR_MEMORY. story_close even after an
 * error. */
int story_of_scenario(struct story *s, const struct upstream *u, const struct scenario *scenario,
                      struct err *e);

/* What one run of a report (docs/report.schema.json) has seen; scenario is an element of its "scenarios". ERR_NOT_FOUND when
 * the fixtures have no such upstream; ERR_LIMIT, ERR_MEMORY. */
int story_of_run(struct story *s, const struct fixtures *f, const struct json *scenario,
                 struct err *e);

void story_close(struct story *s);

int story_add(struct story *s, const struct story_answer *a, struct err *e);
/* The task: the given id, else the one in the first reply that holds one. */
void story_name_task(struct story *s, const char *id);

#endif
