/* Scenarios: the steps a task goes through and what a good client is expected to do.
 * Format: docs/formats.md, fixtures/scenario.schema.json. */
#ifndef UNDERSTUDY_SCENARIO_H
#define UNDERSTUDY_SCENARIO_H

#include "base/err.h"
#include "base/json.h"
#include "base/span.h"
#include "mockserver/fault.h"
#include "mockserver/reply.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SCENARIO_STEPS_MAX = 256,
    SCENARIO_FAULTS_MAX = 8,
    SCENARIO_RULES_MAX = 32,
    SCENARIO_POLLS_MAX = 1000000
};

struct scenario_step {
    const struct reply *reply;
    enum reply_state state; /* of the reply, under the scenario's goal */
    uint32_t polls;         /* polls this step answers; 0 when it lasts for_ms instead */
    int64_t for_ms;
    struct fault faults[SCENARIO_FAULTS_MAX];
    uint32_t fault_count;
};

enum scenario_end { END_HOLD, END_LOOP, END_GONE, END_DROP };
enum scenario_outcome { EXPECT_SUCCEEDED, EXPECT_FAILED, EXPECT_ERROR, EXPECT_GAVE_UP };
const char *scenario_outcome_name(enum scenario_outcome outcome);

struct scenario_expect {
    enum scenario_outcome outcome;
    const char *url;    /* NULL: any */
    const char *reason; /* NULL: any */
    uint32_t polls_min; /* 0 when not stated */
    uint32_t polls_max; /* UINT32_MAX when not stated */
    int64_t within_ms;  /* the client's time-out */
};

struct scenario {
    char name[REPLY_NAME_MAX];
    char *path; /* of its file, as opened; owned */
    const char *title;
    const char *tasks; /* glob, NULL when none */
    const char *goal;  /* NULL: the default reading */
    const char *id;    /* the task id to poll; NULL: any */
    struct scenario_step *steps;
    uint32_t step_count;
    enum scenario_end end;
    struct scenario_expect expect;
    bool direct, wire; /* the transports it runs on */
    const char *rules_off[SCENARIO_RULES_MAX];
    const char *rules_strict[SCENARIO_RULES_MAX];
    uint32_t rules_off_count, rules_strict_count;
    uint64_t seed;
    struct json *document; /* owns the strings */
};

#endif
