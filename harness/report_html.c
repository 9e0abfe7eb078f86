/* The report as one HTML page: no script, nothing from elsewhere. Summary, tables, then every scenario. */
#include "report_html.h"

#include "harness/report_escape.h"

#include <string.h>

/* What is held: a table row a scenario of the present upstream, the tables that are done, a row an upstream, the
 * scenarios themselves. All stand behind the counts. */
enum { ROWS, TABLES, OVERVIEW, SCENARIOS };

const char *html_class(const struct run_result *result)
{
    static const char *const classes[] = {
        [VERDICT_PASS] = "good", [VERDICT_FAIL] = "bad", [VERDICT_INCONCLUSIVE] = "unclear"};
    return run_skipped(result) ? "skip" : classes[run_verdict(result)];
}

void html_id(struct buf *out, const struct run_result *result)
{
    buf_addf(out, "%s.%s", result->job.upstream->name, result->job.scenario->name);
}

static void begin(struct report *r)
{
    (void)r;
}

static void rule_heads(struct buf *out)
{
    for (const struct rule *rule = rules(); rule->name != NULL; rule++) {
        buf_add_text(out, "<th scope=\"col\" class=\"rule\" title=\"");
        escape_attribute(out, span_of(rule->demand));
        buf_addf(out, "\"><span>%s</span></th>", rule->name);
    }
}

static void table_begin(struct buf *out, const char *caption, const char *first)
{
    buf_addf(out,
             "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table "
             "class=\"matrix\">"
             "<caption>%s</caption>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\" class=\"rule\"><span>verdict</span></th>",
             caption, caption, first);
    rule_heads(out);
    buf_add_text(out, "</tr></thead>\n<tbody>\n");
}

static void table_end(struct buf *out)
{
    buf_add_text(out, "</tbody></table></div>\n");
}

static void overview_row(struct report *r)
{
    struct buf *out = &r->held[OVERVIEW];
    const struct report_totals *t = &r->suite;
    uint32_t bad = t->failed + t->inconclusive;
    buf_addf(out, "<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th><td class=\"%s\">%u of %u</td>",
             r->upstream->name, r->upstream->name, bad > 0 ? "bad" : "good", t->passed,
             t->passed + bad);
    for (uint32_t i = 0; rules()[i].name != NULL && i < REPORT_RULES_MAX; i++)
        if (r->broken[i] > 0)
            buf_addf(out, "<td class=\"bad\">%u &#215;</td>", r->broken[i]);
        else
            buf_add_text(out, "<td class=\"good\">&#10003;</td>");
    buf_add_text(out, "</tr>\n");
}

static void end_upstream(struct report *r)
{
    struct buf *out = &r->held[TABLES];
    if (r->upstream == NULL)
        return;
    overview_row(r);
    buf_addf(out, "<h3 id=\"%s\">%s</h3>\n", r->upstream->name, r->upstream->name);
    table_begin(out, "scenarios by rules", "scenario");
    buf_add_span(out, buf_span(&r->held[ROWS]));
    table_end(out);
    buf_reset(&r->held[ROWS]);
    r->suite = (struct report_totals){0};
    memset(r->broken, 0, sizeof r->broken);
}

static bool breaks(const struct run_half *half, const struct rule *rule)
{
    for (uint32_t i = 0; half->ran && i < half->verdict.finding_count; i++)
        if (half->verdict.findings[i].rule == rule)
            return true;
    return false;
}

static bool is_off(const struct scenario *s, const struct rule *rule)
{
    for (uint32_t i = 0; i < s->rules_off_count; i++)
        if (strcmp(s->rules_off[i], rule->name) == 0)
            return true;
    return false;
}

static bool is_judged(const struct run_half *half)
{
    return half->ran && half->verdict.kind != VERDICT_INCONCLUSIVE;
}

static void rule_cell(struct report *r, const struct run_result *result, uint32_t i)
{
    const struct rule *rule = &rules()[i];
    struct buf *out = &r->held[ROWS];
    if (breaks(&result->direct, rule) || breaks(&result->wire, rule)) {
        r->broken[i]++;
        buf_add_text(out, "<td class=\"bad\">&#10007;<span class=\"said\"> broken</span></td>");
    } else if (is_off(result->job.scenario, rule)) {
        buf_add_text(out, "<td class=\"skip\">off</td>");
    } else if (is_judged(&result->direct) || is_judged(&result->wire)) {
        buf_add_text(out, "<td class=\"good\">&#10003;<span class=\"said\"> kept</span></td>");
    } else {
        buf_add_text(out, "<td class=\"skip\">&#8211;<span class=\"said\"> not judged</span></td>");
    }
}

static void row(struct report *r, const struct run_result *result)
{
    struct buf *out = &r->held[ROWS];
    buf_add_text(out, "<tr><th scope=\"row\"><a href=\"#");
    html_id(out, result);
    buf_addf(out, "\">%s</a></th><td class=\"%s\">%s</td>", result->job.scenario->name,
             html_class(result), report_word(result));
    for (uint32_t i = 0; rules()[i].name != NULL && i < REPORT_RULES_MAX; i++)
        rule_cell(r, result, i);
    buf_add_text(out, "</tr>\n");
}

static void result(struct report *r, const struct run_result *result)
{
    const struct report_totals *t = r->totals;
    if (r->upstream != result->job.upstream)
        end_upstream(r);
    report_count(&r->suite, result);
    row(r, result);
    html_scenario(&r->held[SCENARIOS], result, r->options,
                  t->passed + t->failed + t->inconclusive + t->skipped);
}

static void tile(struct buf *out, const char *class, uint32_t count, const char *what)
{
    buf_addf(out, "<li class=\"%s\"><b>%u</b> %s</li>\n", count > 0 ? class : "skip", count, what);
}

static void head(struct report *r)
{
    const struct report_totals *t = r->totals;
    uint32_t bad = t->failed + t->inconclusive;
    struct buf *out = &r->out;
    buf_add_text(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
        "<meta charset=\"utf-8\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>harness run: ");
    if (bad > 0)
        buf_addf(out, "%u of %u scenarios not passed", bad, r->options->total);
    else
        buf_addf(out, "%u scenarios passed", t->passed);
    buf_add_text(out, "</title>\n<style>\n");
    buf_add_text(out, report_css);
    buf_add_text(out, "</style>\n</head>\n<body>\n");
    timeline_marks(out);
}

static void summary(struct report *r)
{
    const struct report_totals *t = r->totals;
    struct buf *out = &r->out;
    struct buf client;
    buf_add_text(out, "<header>\n<h1>harness run</h1>\n<ul class=\"tiles\">\n");
    tile(out, "good", t->passed, "passed");
    tile(out, "bad", t->failed, "failed");
    tile(out, "unclear", t->inconclusive, "unclear");
    tile(out, "skip", t->skipped, "skipped");
    buf_add_text(out, "</ul>\n<p>Client: ");
    buf_init(&client, 1 << 20);
    report_client(&client, r->options);
    if (client.n > 0) {
        buf_add_text(out, "<code>");
        escape_markup(out, buf_span(&client));
        buf_add_text(out, "</code>");
    } else {
        buf_add_text(out, "the built-in one");
    }
    buf_fini(&client);
    buf_addf(
        out,
        ". %u scenarios of %u upstreams; %u polls direct, %u on the wire; seed %llu; version %s.",
        r->options->total, r->options->upstreams, t->polls_direct, t->polls_wire,
        (unsigned long long)r->options->seed, UNDERSTUDY_VERSION);
    if (t->repeated > 0)
        buf_addf(out, " %u scenarios were repeated at a lower speed: the machine was too busy.",
                 t->repeated);
    buf_add_text(out, "</p>\n</header>\n<main>\n");
}

static void rule_list(struct buf *out)
{
    buf_add_text(out, "<details class=\"rules\"><summary>What the rules ask for</summary>\n<dl>\n");
    for (const struct rule *rule = rules(); rule->name != NULL; rule++) {
        buf_addf(out, "<dt>%s</dt><dd>", rule->name);
        escape_markup(out, span_of(rule->demand));
        buf_add_text(out, "</dd>\n");
    }
    buf_add_text(out, "</dl></details>\n");
}

static void end(struct report *r)
{
    struct buf *out = &r->out;
    end_upstream(r);
    head(r);
    summary(r);
    buf_add_text(out, "<h2>Upstreams and rules</h2>\n");
    table_begin(out, "scenarios that broke a rule", "upstream");
    buf_add_span(out, buf_span(&r->held[OVERVIEW]));
    table_end(out);
    rule_list(out);
    buf_add_text(out, "<h2>Scenarios and rules</h2>\n");
    buf_add_span(out, buf_span(&r->held[TABLES]));
    buf_add_text(out, "<h2>Every scenario</h2>\n");
    timeline_legend(out);
    buf_add_span(out, buf_span(&r->held[SCENARIOS]));
    buf_add_text(out, "</main>\n</body>\n</html>\n");
}

const struct report_type report_html = {"html", begin, result, end};
