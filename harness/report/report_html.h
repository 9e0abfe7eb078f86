/* What the HTML report is made of. The page is well-formed XML too, so that any tool
 * can check it. */
#ifndef UNDERSTUDY_HARNESS_REPORT_REPORT_HTML_H
#define UNDERSTUDY_HARNESS_REPORT_REPORT_HTML_H

#include "report.h"

/* harness/report.css, turned into a string by the build */
extern const char report_css[];

/* The class of a result's colour: "good", "bad", "unclear", "skip". */
const char *html_class(const struct run_result *result);

/* Ids, as they stand in links to them: `poll:` a client's part of the page (nothing
 * of one client alone), `poll:doubao` an upstream's table in it,
 * `poll:doubao.success` a scenario's section. */
void html_client_id(struct buf *out, const struct job *job, const struct report_options *options);
void html_upstream_id(struct buf *out, const struct job *job, const struct report_options *options);
void html_id(struct buf *out, const struct job *job, const struct report_options *options);

/* A table that may be wider than the page: its class, its caption, the heads of its first two
 * columns; heads of more columns; html_table_body; its rows; html_table_end. */
void html_table_begin(struct buf *out, const char *kind, const char *caption, const char *first,
                      const char *second);
void html_rule_heads(struct buf *out); /* a column a rule */
void html_table_body(struct buf *out);
void html_table_end(struct buf *out);
void html_rule_list(struct buf *out); /* what the rules ask for */

/* How many passed, of how many; how many scenarios broke a rule, if any was judged by it. */
void html_passed_cell(struct buf *out, uint32_t passed, uint32_t all);
void html_broken_cell(struct buf *out, const struct rule_tally *tally);
extern const char html_not_judged_cell[];

/* What the tables of several clients keep of a result. */
struct html_cell {
    struct job job;
    const char *kind; /* html_class */
    const char *word; /* report_word */
    uint64_t broken;  /* bit i: rule i */
    uint64_t judged;  /* kept or broken */
};

/* Client x rule, then client x scenario for each upstream. cells has options->total of them, in
 * the order of the results. */
void html_clients(struct buf *out, const struct html_cell *cells,
                  const struct report_options *options);

/* Everything about one scenario. number tells drawings apart. */
void html_scenario(struct buf *out, const struct run_result *result,
                   const struct report_options *options, uint32_t number);

/* One run as a drawing: when it polled, what it got, how long it waited, and where it broke a
 * rule. Nothing without polls. id is unique on the page. */
void timeline(struct buf *out, const struct run_half *half, const char *id);
/* The marks, once a page, and what they mean. */
void timeline_marks(struct buf *out);
void timeline_legend(struct buf *out);

/* What a poll must leave after reply i: the contract's interval or the reply's Retry-After,
 * whichever is longer; 0 when nothing is asked for. */
int64_t timeline_asked_ms(const struct evidence *e, uint32_t i);

#endif
