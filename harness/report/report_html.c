/* The report as one HTML page: no script, nothing from elsewhere. Summary, tables,
 * then every scenario. */
#include "report_html.h"

#include "base/text.h"

#include "report_escape.h"

#include <string.h>

/* What is held: a table row a scenario of the present upstream, the tables that are done, a row
 * an upstream, the scenarios that did not pass, and the others. All stand behind the counts. Of several clients: the
 * parts of those that are done, and a struct html_cell a result. */
enum { ROWS, TABLES, OVERVIEW, NOT_PASSED, SCENARIOS, PARTS, CELLS };

static void begin(struct report *r)
{
    (void)r;
}

static void rules_table_begin(struct buf *out, const char *caption, const char *first)
{
    html_table_begin(out, "matrix", caption, first, "verdict");
    html_rule_heads(out);
    html_table_body(out);
}

static void overview_row(struct report *r)
{
    struct buf *out = &r->held[OVERVIEW];
    const struct report_totals *t = &r->suite;
    buf_add_text(out, "<tr><th scope=\"row\"><a href=\"#");
    html_upstream_id(out, &r->last, r->options);
    buf_addf(out, "\">%s</a></th>", r->last.upstream->name);
    html_passed_cell(out, t->passed, t->passed + t->failed + t->inconclusive);
    for (uint32_t i = 0; rules()[i].name && i < REPORT_RULES_MAX; i++)
        html_broken_cell(out, &r->rules[i]);
    buf_add_text(out, "</tr>\n");
}

static void end_upstream(struct report *r)
{
    struct buf *out = &r->held[TABLES];
    if (!r->last.upstream)
        return;
    overview_row(r);
    buf_add_text(out, "<h3 id=\"");
    html_upstream_id(out, &r->last, r->options);
    buf_addf(out, "\">%s</h3>\n", r->last.upstream->name);
    rules_table_begin(out, "scenarios by rules", "scenario");
    buf_move(out, &r->held[ROWS]);
    html_table_end(out);
    r->suite = (struct report_totals){0};
    memset(r->rules, 0, sizeof r->rules);
}

static bool breaks(const struct run_half *half, const struct rule *rule)
{
    for (uint32_t i = 0; half->ran && i < half->verdict.finding_count; i++)
        if (half->verdict.findings[i].rule == rule)
            return true;
    return false;
}

static bool is_judged(const struct run_half *half, const struct rule *rule)
{
    return half->ran && half->verdict.kind != VERDICT_INCONCLUSIVE
        && rule_had_something(rule, &half->evidence);
}

enum rule_state { RULE_BROKEN, RULE_OFF, RULE_KEPT, RULE_NOT_JUDGED };

static enum rule_state rule_state(const struct run_result *result, const struct rule *rule)
{
    if (breaks(&result->direct, rule) || breaks(&result->wire, rule))
        return RULE_BROKEN;
    const struct run_half *half = result->direct.ran ? &result->direct : &result->wire;
    if (half->ran && rule_is_off(&half->evidence, rule))
        return RULE_OFF;
    return is_judged(&result->direct, rule) || is_judged(&result->wire, rule) ? RULE_KEPT
                                                                              : RULE_NOT_JUDGED;
}

static bool is_verdict(enum rule_state state)
{
    return state == RULE_BROKEN || state == RULE_KEPT;
}

static void rule_cell(struct report *r, const struct run_result *result, uint32_t i)
{
    const char *const cells[] = {
        [RULE_BROKEN] = "<td class=\"bad\">&#10007;<span class=\"said\"> broken</span></td>",
        [RULE_OFF] = "<td class=\"skip\">off</td>",
        [RULE_KEPT] = "<td class=\"good\">&#10003;<span class=\"said\"> kept</span></td>",
        [RULE_NOT_JUDGED] = html_not_judged_cell};
    enum rule_state state = rule_state(result, &rules()[i]);
    r->rules[i].broken += state == RULE_BROKEN;
    r->rules[i].judged += is_verdict(state);
    buf_add_text(&r->held[ROWS], cells[state]);
}

static void row(struct report *r, const struct run_result *result)
{
    struct buf *out = &r->held[ROWS];
    buf_add_text(out, "<tr><th scope=\"row\"><a href=\"#");
    html_id(out, &result->job, r->options);
    buf_addf(out, "\">%s</a></th><td class=\"%s\">%s</td>", result->job.scenario->name,
             html_class(result), report_word(result));
    for (uint32_t i = 0; rules()[i].name && i < REPORT_RULES_MAX; i++)
        rule_cell(r, result, i);
    buf_add_text(out, "</tr>\n");
}

/* How a client is started. */
static void started_as(struct buf *out, const struct external *client)
{
    struct buf command;
    buf_init(&command, 1 << 20);
    report_client(&command, client);
    buf_add_text(out, "Client: ");
    if (command.n > 0) {
        buf_add_text(out, "<code>");
        escape_markup(out, buf_span(&command));
        buf_add_text(out, "</code>");
    } else {
        buf_add_text(out, "the built-in one");
    }
    buf_add_char(out, '.');
    buf_break_with(out, &command);
    buf_fini(&command);
}

static void overview(struct report *r, struct buf *out)
{
    rules_table_begin(out, "scenarios that broke a rule", "upstream");
    buf_move(out, &r->held[OVERVIEW]);
    html_table_end(out);
}

/* What did not pass first: it is what somebody opens the page for. h: the heading's level. */
static void scenarios(struct report *r, struct buf *out, int h)
{
    bool both = r->held[NOT_PASSED].n > 0 && r->held[SCENARIOS].n > 0;
    buf_addf(out, "<h%d>%s</h%d>\n", h,
             r->held[NOT_PASSED].n > 0 ? "Scenarios that did not pass" : "Every scenario", h);
    timeline_legend(out);
    buf_move(out, &r->held[NOT_PASSED]);
    if (both)
        buf_addf(out, "<h%d>Every other scenario</h%d>\n", h, h);
    buf_move(out, &r->held[SCENARIOS]);
}

/* Moves what was held of the client that has ended, one of several, into its part of the page. */
static void end_client(struct report *r)
{
    struct buf *out = &r->held[PARTS];
    const struct external *client = r->last.client;
    if (!client)
        return;
    buf_add_text(out, "<h2 id=\"");
    html_client_id(out, &r->last, r->options);
    buf_addf(out, "\">%s</h2>\n<p>", client->name);
    started_as(out, client);
    buf_add_text(out, " Profile: <code>");
    escape_markup(out, span_of(client->profile->path));
    buf_add_text(out, "</code>.</p>\n");
    overview(r, out);
    buf_move(out, &r->held[TABLES]);
    scenarios(r, out, 3);
}

static void keep_cell(struct report *r, const struct run_result *result)
{
    struct html_cell cell = {
        .job = result->job, .kind = html_class(result), .word = report_word(result)};
    for (uint32_t i = 0; rules()[i].name && i < REPORT_RULES_MAX; i++) {
        enum rule_state state = rule_state(result, &rules()[i]);
        cell.broken |= (uint64_t)(state == RULE_BROKEN) << i;
        cell.judged |= (uint64_t)is_verdict(state) << i;
    }
    buf_add_span(&r->held[CELLS], (struct span){(const char *)&cell, sizeof cell});
}

static void result(struct report *r, const struct run_result *result)
{
    const struct report_totals *t = r->totals;
    if (report_begins_upstream(r, result))
        end_upstream(r);
    if (report_begins_client(r, result))
        end_client(r);
    report_count(&r->suite, result);
    row(r, result);
    if (report_several(r->options))
        keep_cell(r, result);
    html_scenario(&r->held[report_is_good(result) ? SCENARIOS : NOT_PASSED], result, r->options,
                  t->passed + t->failed + t->inconclusive + t->skipped + t->known);
}

static void tile(struct buf *out, const char *class, uint32_t count, const char *what)
{
    buf_addf(out, "<li class=\"%s\"><b>%u</b> %s</li>\n", count > 0 ? class : "skip", count, what);
}

/* Whose page this is. */
static void who(struct report *r)
{
    buf_add_text(&r->out, "harness run: ");
    if (report_several(r->options))
        buf_addf(&r->out, "%u clients", r->options->client_count);
    else
        escape_markup(
            &r->out,
            span_of(external_name(r->options->client_count > 0 ? r->options->clients : NULL)));
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
        "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
    who(r);
    buf_add_text(out, ": ");
    if (bad > 0)
        buf_addf(out, "%u of %u %s not passed", bad, r->options->total,
                 report_several(r->options) ? "clients x scenarios" : "scenarios");
    else
        buf_addf(out, "%u %s passed", t->passed,
                 text_count_word(t->passed, "scenario", "scenarios"));
    buf_add_text(out, "</title>\n<style>\n");
    buf_add_text(out, report_css);
    buf_add_text(out, "</style>\n</head>\n<body>\n");
    timeline_marks(out);
}

static void summary(struct report *r)
{
    const struct report_totals *t = r->totals;
    struct buf *out = &r->out;
    buf_add_text(out, "<header>\n<h1>");
    who(r);
    buf_add_text(out, "</h1>\n<ul class=\"tiles\">\n");
    tile(out, "good", t->passed, "passed");
    tile(out, "bad", t->failed, "failed");
    tile(out, "unclear", t->inconclusive, "unclear");
    tile(out, "skip", t->skipped, "skipped");
    if (t->known > 0)
        tile(out, "skip", t->known, "known");
    buf_add_text(out, "</ul>\n<p>");
    if (!report_several(r->options)) {
        started_as(out, r->options->client_count > 0 ? r->options->clients : NULL);
        buf_add_char(out, ' ');
    }
    report_size(out, r->options);
    buf_addf(out, "; %u %s direct, %u on the wire; seed %llu; version %s.", t->polls_direct,
             text_count_word(t->polls_direct, "poll", "polls"), t->polls_wire,
             (unsigned long long)r->options->seed, UNDERSTUDY_VERSION);
    buf_add_text(out, "</p>\n</header>\n<main>\n");
}

static void fix_first(struct report *r)
{
    struct buf *out = &r->out;
    struct buf text;
    struct report_fix fixes[REPORT_FIX_FIRST_MAX];
    uint32_t n = report_fix_first(r->totals, fixes);
    if (n == 0)
        return;
    buf_init(&text, 1 << 16);
    buf_add_text(out, "<h2>Fix first</h2>\n<ol>\n");
    for (uint32_t i = 0; i < n; i++) {
        buf_reset(&text);
        report_fix_text(&text, &fixes[i], r->options);
        buf_addf(out, "<li><b class=\"bad\">%u %s</b>: ", fixes[i].results,
                 text_count_word(fixes[i].results, "scenario", "scenarios"));
        escape_markup(out, buf_span(&text));
        buf_add_text(out, "</li>\n");
    }
    buf_add_text(out, "</ol>\n");
    buf_break_with(out, &text);
    buf_fini(&text);
}

static void one(struct report *r)
{
    struct buf *out = &r->out;
    buf_add_text(out, "<h2>Upstreams and rules</h2>\n");
    overview(r, out);
    html_rule_list(out);
    buf_add_text(out, "<h2>Scenarios and rules</h2>\n");
    buf_add_span(out, buf_span(&r->held[TABLES]));
    scenarios(r, out, 2);
}

static void several(struct report *r)
{
    const struct buf *cells = &r->held[CELLS];
    end_client(r);
    /* There are fewer cells when memory ran out; writing the report then fails with that error. */
    if (cells->n == r->options->total * sizeof(struct html_cell))
        html_clients(&r->out, (const void *)cells->p, r->options);
    buf_add_span(&r->out, buf_span(&r->held[PARTS]));
}

static void end(struct report *r)
{
    struct buf *out = &r->out;
    end_upstream(r);
    head(r);
    summary(r);
    fix_first(r);
    if (report_several(r->options))
        several(r);
    else
        one(r);
    buf_add_text(out, "</main>\n</body>\n</html>\n");
}

const struct report_type report_html = {
    .name = "html",
    .is_for = "people, as an artefact of CI: tables, a drawing and the story of every scenario",
    .goes = "a file",
    .begin = begin,
    .result = result,
    .end = end,
};
