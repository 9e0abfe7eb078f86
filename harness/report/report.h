/* Reports: what a run tells. Several may be made of one run; each writes into a buffer of its own, which is
 * printed (at most one of them) or becomes a file at the end. Only main prints. */
#ifndef UNDERSTUDY_HARNESS_REPORT_REPORT_H
#define UNDERSTUDY_HARNESS_REPORT_REPORT_H

#include "base/args.h"
#include "base/buf.h"
#include "base/json/json.h"
#include "harness/run/run.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    REPORTS_MAX = 8,
    REPORT_BYTES_MAX = 512 << 20,
    REPORT_HELD_MAX = 6,
    REPORT_NAMES_MAX = 128, /* bytes of all names in a sentence */
    REPORT_RULES_MAX = 64,
    REPORT_SLOWEST_MAX = 3, /* named in a summary */
    REPORT_FAILURES_MAX = 5,
    REPORT_FIX_FIRST_MAX = 5
};

/* What the command that repeats a failure is made of, beside the result; NULL: it is left out. */
struct report_again {
    const char *folder; /* where harness was started, absolute: paths are told from there */
    const struct fixtures *fixtures; /* all of its folders are named */
    const char *known;               /* the file of known findings */
    bool fail_on_remark;
};

struct report_options {
    bool colour;
    uint64_t seed;                  /* named in the command that repeats a failure */
    uint32_t total;                 /* results that will be reported: a scenario for each client */
    uint32_t upstreams;             /* that the scenarios belong to */
    const struct external *clients; /* in the order of the results */
    uint32_t client_count;          /* 0: the built-in one */
    struct report_again again;
    const char *step_summary; /* file that `github` appends its summary to, NULL: none */
};

/* The first thing that is wrong with a result: the rule (or "parity", "unclear", "not-run") and a sentence.
 * Both "" when nothing is. */
struct report_cause {
    const char *rule;
    const char *text;
};
struct report_cause report_cause(const struct run_result *result);

/* What a summary and an exit code are made of. */
struct report_totals {
    uint32_t passed, failed, inconclusive, skipped;
    uint32_t known; /* failed as known, and in none of the others */
    uint32_t polls_direct, polls_wire;
    int64_t real_ms; /* on the wire, added up */
    struct {
        struct job job;
        int64_t real_ms;
    } slowest[REPORT_SLOWEST_MAX]; /* slowest first; ends where job.scenario is NULL */
    struct {
        struct job job;
        const char *rule;
        char text[256];
    } failures[REPORT_FAILURES_MAX]; /* the first ones, not the passed ones' warnings */
    uint32_t failure_count;
    uint32_t causes[CAUSES]; /* results that failed by that cause, not by what follows from it */
};

struct report;

/* A row, which stands at the end of the report's own file. */
struct report_type {
    const char *name;
    const char *is_for; /* who reads it, and what it tells them; for the documents, as is `goes` */
    const char *goes;   /* where: "printed", "a file" */
    void (*begin)(struct report *r);
    void (*result)(struct report *r, const struct run_result *result);
    void (*end)(struct report *r);
};

struct report {
    const struct report_type *type;
    const char *path; /* of its file; NULL: it is printed */
    const struct report_options *options;
    const struct report_totals *totals; /* the present result included */
    struct job last;                    /* of the last result, all NULL before the first */
    struct buf out;
    struct buf appended; /* to options->step_summary, at the end */
    /* The rest is the type's own. */
    struct buf held[REPORT_HELD_MAX]; /* text that belongs behind what only the end knows */
    struct report_totals suite;       /* of one upstream, or of one client */
    struct rule_tally {
        uint32_t judged, broken;
    } rules[REPORT_RULES_MAX]; /* scenarios of one upstream, for the rule of that row */
    struct json_writer json;
};

struct reports {
    struct report list[REPORTS_MAX];
    int count;
    struct report_options options;
    struct report_totals totals;
};

/* Reads words like "tap" and "junit=FILE". A report without a file is printed, one at most; when none is, the
 * table is. reports_fini even after an error. */
int reports_open(const struct args_list *words, struct reports *out, struct err *e);
void reports_fini(struct reports *rs);

/* options is copied; what it points to must outlive the reports. */
void reports_begin(struct reports *rs, const struct report_options *options);
void reports_result(struct reports *rs, const struct run_result *result);
/* Ends every report and writes those that are files; goes on after an error and returns the first. */
int reports_end(struct reports *rs, struct err *e);

/* What is to be printed since the last call; "" when nothing is. The caller takes it out with buf_move. */
struct buf *reports_printed(struct reports *rs);

/* All of them, in the order in which they are named; ended by NULL. */
const struct report_type *const *report_types(void);

/* "table, tap or junit": their names, cut to fit; last goes before the last. Returns out. */
const char *report_names(const char *last, char *out, size_t out_size);

extern const struct report_type report_table;
extern const struct report_type report_tap;
extern const struct report_type report_junit;
extern const struct report_type report_json;
extern const struct report_type report_html;
extern const struct report_type report_github;

/* -- What several reports share ------------------------------------------------------------------- */

/* A failure as text: each finding, the trace, what the client printed, and the command that repeats it. Every
 * line starts with indent. */
void report_failure(struct buf *out, const char *indent, const struct run_result *result,
                    const struct report_options *options);
/* Its parts. The last is one line without an end. */
void report_findings(struct buf *out, const char *indent, const struct run_result *result);
/* One finding: what was seen, and, unless it follows from another, what to change. */
void report_finding(struct buf *out, const char *indent, const struct finding *f);
/* The remarks of a result that is good otherwise; nothing when it has none. */
void report_remarks(struct buf *out, const char *indent, const struct run_result *result);
void report_output(struct buf *out, const char *indent, const char *output);
void report_again(struct buf *out, const struct run_result *result,
                  const struct report_options *options);

/* What to change first: the causes that failed the most results, at most `most` of them. Sets rank[0..]; returns how
 * many there are. */
uint32_t report_fix_first(const struct report_totals *totals, enum cause_id *rank, uint32_t most);

/* A client's command line as a shell reads it, "" for the built-in one (NULL). */
void report_client(struct buf *out, const struct external *client);

/* -- One client and several: what is said of one stays as it is, what is said of several names them -------- */

bool report_several(const struct report_options *options); /* clients */
uint32_t report_scenarios(const struct report_options *options);

/* "doubao/success"; of several clients "poll: doubao/success". */
void report_name(struct buf *out, const struct job *job, const struct report_options *options);

/* "12 scenarios of 2 upstreams"; "3 clients x 12 scenarios of 2 upstreams". */
void report_size(struct buf *out, const struct report_options *options);

/* True when the result is the first of one of several clients; of an upstream, of each client. */
bool report_begins_client(const struct report *r, const struct run_result *result);
bool report_begins_upstream(const struct report *r, const struct run_result *result);

/* "8 passed, 1 failed, 0 unclear, 2 skipped" */
void report_counts(struct buf *out, const struct report_totals *totals);

/* Adds a result to the totals. */
void report_count(struct report_totals *totals, const struct run_result *result);

/* "ok", "FAIL", "unclear", "skip"; an ok may have remarks */
const char *report_word(const struct run_result *result);
bool report_is_good(const struct run_result *result); /* passed, skipped or known */
const char *report_level_name(enum rule_level level); /* "REQUIRED", "RECOMMENDED" */
/* What a finding of that level is called: "REQUIRED", "remark". */
const char *report_weight_name(enum rule_level level);

/* How long the run took on the wire, in real time; 0 of the built-in client, which waits in simulated
 * time alone. */
int64_t report_real_ms(const struct run_result *result);

/* Long traces keep their first `head` polls, their last `tail`, and what is around the finding `here` (from
 * 1, 0: none). i is from 0. */
bool report_poll_is_told(uint32_t i, uint32_t count, uint32_t here, uint32_t head, uint32_t tail);

#endif
