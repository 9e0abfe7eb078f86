/* What the tables of the page share, and its ids. */
#include "report_html.h"

#include "report_escape.h"

const char *html_class(const struct run_result *result)
{
    static const char *const classes[] = {
        [VERDICT_PASS] = "good", [VERDICT_FAIL] = "bad", [VERDICT_INCONCLUSIVE] = "unclear"};
    return run_skipped(result) || result->known ? "skip" : classes[run_verdict(result)];
}

void html_client_id(struct buf *out, const struct job *job, const struct report_options *options)
{
    if (report_several(options))
        buf_addf(out, "%s:", job->client->name);
}

void html_upstream_id(struct buf *out, const struct job *job, const struct report_options *options)
{
    html_client_id(out, job, options);
    buf_add_text(out, job->upstream->name);
}

void html_id(struct buf *out, const struct job *job, const struct report_options *options)
{
    html_upstream_id(out, job, options);
    buf_addf(out, ".%s", job->scenario->name);
}

void html_rule_heads(struct buf *out)
{
    for (const struct rule *rule = rules(); rule->name; rule++) {
        buf_add_text(out, "<th scope=\"col\" class=\"rule\" title=\"");
        escape_attribute(out, span_of(rule->demand));
        buf_addf(out, "\"><span>%s</span></th>", rule->name);
    }
}

void html_table_begin(struct buf *out, const char *kind, const char *caption, const char *first,
                      const char *second)
{
    buf_addf(out,
             "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table "
             "class=\"%s\">"
             "<caption>%s</caption>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\" class=\"rule\"><span>%s</span></th>",
             caption, kind, caption, first, second);
}

void html_table_body(struct buf *out)
{
    buf_add_text(out, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct buf *out)
{
    buf_add_text(out, "</tbody></table></div>\n");
}

void html_passed_cell(struct buf *out, uint32_t passed, uint32_t all)
{
    buf_addf(out, "<td class=\"%s\">%u of %u</td>", passed < all ? "bad" : "good", passed, all);
}

const char html_not_judged_cell[] =
    "<td class=\"skip\">&#8211;<span class=\"said\"> not judged</span></td>";

void html_broken_cell(struct buf *out, const struct rule_tally *tally)
{
    if (tally->judged == 0)
        buf_add_text(out, html_not_judged_cell);
    else if (tally->broken > 0)
        buf_addf(out, "<td class=\"bad\">%u &#215;</td>", tally->broken);
    else
        buf_add_text(out, "<td class=\"good\">&#10003;</td>");
}

void html_rule_list(struct buf *out)
{
    buf_add_text(out, "<details class=\"rules\"><summary>What the rules ask for</summary>\n<dl>\n");
    for (const struct rule *rule = rules(); rule->name; rule++) {
        buf_addf(out, "<dt>%s</dt><dd>", rule->name);
        escape_markup(out, span_of(rule->demand));
        buf_add_text(out, "</dd>\n");
    }
    buf_add_text(out, "</dl></details>\n");
}
