/* What a rule is, the ways to break it, and what it finds. The judges need this and the evidence, and nothing else.
 *
 * A rule is a demand on a client's conduct. Each way to break one is a row of causes.c with an id of its own: reports, baselines
 * of known findings and documents go by it, so an id never changes its meaning. How much a finding weighs is data as well: the
 * row's level, as far as the source of the demand carries it (provenance.h). */
#ifndef UNDERSTUDY_HARNESS_RULES_RULE_H
#define UNDERSTUDY_HARNESS_RULES_RULE_H

#include "harness/testbed/evidence.h"
#include "mockserver/fixture/provenance.h"

#include <stdbool.h>
#include <stdint.h>

enum { FINDING_POLLS_MAX = 16, FINDING_TEXT_MAX = 256 };

/* A breach of REQUIRED fails; of RECOMMENDED it is a remark. */
enum rule_level { RULE_REQUIRED, RULE_RECOMMENDED };

/* The ways to break a rule, in the order of the table in causes.c. */
enum cause_id {
    CAUSE_CRASHED,
    CAUSE_OUTSIDE_MOUNT,
    CAUSE_NO_OPERATION,
    CAUSE_BAD_REQUEST,
    CAUSE_BAD_CREDENTIALS,
    CAUSE_BAD_SIGNATURE,
    CAUSE_OTHER_TASK,
    CAUSE_CREATED_TWICE,
    CAUSE_CREATED_AGAIN,
    CAUSE_CREATED_EARLY,
    CAUSE_CREATED_AFTER_ERROR,
    CAUSE_TOKEN_ELSEWHERE,
    CAUSE_TOKEN_IN_URL,
    CAUSE_SECRET_SENT,
    CAUSE_NONCE_REUSED,
    CAUSE_TOKEN_TWICE,
    CAUSE_UNKNOWN_TAKEN,
    CAUSE_TROUBLE_FATAL,
    CAUSE_POLLED_AFTER_END,
    CAUSE_REFUSAL_REPEATED,
    CAUSE_HOT_LOOP,
    CAUSE_OVERLAP,
    CAUSE_TOO_EARLY,
    CAUSE_TOO_EARLY_OPEN,
    CAUSE_OVER_RATE,
    CAUSE_SHORT_WAIT,
    CAUSE_NO_GROWTH,
    CAUSE_NO_JITTER,
    CAUSE_NEVER_ENDS,
    CAUSE_PAST_OWN_BOUND,
    CAUSE_PAST_BOUND,
    CAUSE_GAVE_UP_EARLY,
    CAUSE_FEW_POLLS,
    CAUSE_WRONG_OUTCOME,
    CAUSE_WRONG_URL,
    CAUSE_WRONG_REASON,
    CAUSE_EARLY_DOWNLOAD,
    CAUSE_EARLY_CONTENT,
    CAUSE_CUT_CONTENT,
    CAUSE_MANY_POLLS,
    CAUSES
};

struct rule;

struct cause {
    const char *rule;
    const char *id; /* "short-wait"; rule and id together name it: "interval/short-wait" */
    enum rule_level level;
    const char *
        change; /* what to change in the client: "wait the whole interval, from the end of each reply" */
    uint64_t follows; /* of which causes it may be the consequence: bits 1 << enum cause_id */
};

const struct cause *cause_of(enum cause_id id);

/* What was found wrong: one for each cause, however many polls show it. */
struct finding {
    const struct rule *rule;
    const struct cause *cause;
    enum rule_level level;
    /* Where the demand that it breaks is written. */
    enum provenance source;
    uint32_t poll; /* the first poll it shows at, from 1; 0 when it is no single one */
    /* All of them, ascending, as far as there is room; count goes on. */
    uint32_t polls[FINDING_POLLS_MAX];
    uint32_t count;
    int32_t under; /* the finding that it follows from, an index into the same list; -1: none */
    char text[FINDING_TEXT_MAX]; /* what was seen and what was due, of the first poll */
};

struct findings {
    struct finding list[CAUSES]; /* one a cause, so that there is always room */
    uint32_t count;
};

/* What a run must hold for a rule to have something to judge. The simulation counts by it which rules were at
 * work. */
enum rule_subject {
    RULE_ABOUT_ANY_RUN,
    RULE_ABOUT_SEVERAL_POLLS,
    RULE_ABOUT_RETRY_AFTER,
    RULE_ABOUT_A_TOKEN,
    RULE_ABOUT_A_SIGNATURE,
    RULE_ABOUT_A_WHOLE_PROGRAM, /* one that creates its tasks */
    /* These are about what the contract reads from a reply. */
    RULE_ABOUT_AN_OPEN_END,      /* the task never ended, as far as the client could see */
    RULE_ABOUT_REPEATED_TROUBLE, /* three transient failures in a row, waited out */
    RULE_ABOUT_A_TERMINAL_REPLY,
    RULE_ABOUT_A_REFUSAL,
    RULE_ABOUT_A_TRANSIENT_FAILURE,
    RULE_ABOUT_AN_UNKNOWN_STATUS
};

/* Adds what it finds to *out; nothing when its demands are met. */
typedef void rule_judge(const struct evidence *evidence, struct findings *out);

struct rule {
    const char *name;
    enum rule_level level; /* the highest of its causes' */
    enum rule_subject subject;
    const char *demand; /* "a client ..." */
    rule_judge *judge;
    bool of_run; /* judged once, and not of each task of a run that created several */
};

#endif
