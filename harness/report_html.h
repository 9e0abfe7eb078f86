/* What the HTML report is made of. The page is well-formed XML too, so that any tool can check it. */
#ifndef UNDERSTUDY_REPORT_HTML_H
#define UNDERSTUDY_REPORT_HTML_H

#include "harness/report.h"

/* harness/report.css, turned into a string by the build */
extern const char report_css[];

/* The class of a result's colour: "good", "bad", "unclear", "skip". */
const char *html_class(const struct run_result *result);

/* `upstream.scenario`, as the id of a section and in links to it. */
void html_id(struct buf *out, const struct run_result *result);

/* Everything about one scenario. number tells drawings apart. */
void html_scenario(struct buf *out, const struct run_result *result,
                   const struct report_options *options, uint32_t number);

/* One run as a drawing: when it polled, what it got, how long it waited, and where it broke a rule. Nothing
 * without polls. id is unique on the page. */
void timeline(struct buf *out, const struct run_half *half, const char *id);
/* The marks, once a page, and what they mean. */
void timeline_marks(struct buf *out);
void timeline_legend(struct buf *out);

/* What a poll must leave after reply i: the contract's interval or the reply's Retry-After, whichever is
 * longer; 0 when nothing is asked for. */
int64_t timeline_asked_ms(const struct evidence *e, uint32_t i);

#endif
