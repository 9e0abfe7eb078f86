/* The tables that put several clients side by side: by rules, and by scenarios. */
#include "report_html.h"

#include "report_escape.h"

#include <string.h>

static void client_link(struct buf *out, const struct html_cell *cell,
                        const struct report_options *options)
{
    buf_add_text(out, "<a href=\"#");
    html_client_id(out, &cell->job, options);
    buf_addf(out, "\" title=\"%s\">%s</a>", cell->job.client->name, cell->job.client->name);
}

static bool is(const struct html_cell *cell, const char *kind)
{
    return strcmp(cell->kind, kind) == 0;
}

/* How often one client broke a rule. cells: its count results. */
static void rule_cell(struct buf *out, const struct html_cell *cells, uint32_t count, uint32_t rule)
{
    struct rule_tally tally = {0};
    for (uint32_t i = 0; i < count; i++) {
        tally.broken += (cells[i].broken >> rule & 1) != 0;
        tally.judged += (cells[i].judged >> rule & 1) != 0;
    }
    html_broken_cell(out, &tally);
}

static void client_row(struct buf *out, const struct html_cell *cells,
                       const struct report_options *options)
{
    uint32_t count = report_scenarios(options);
    uint32_t passed = 0;
    uint32_t skipped = 0;
    for (uint32_t i = 0; i < count; i++) {
        passed += is(&cells[i], "good");
        skipped += is(&cells[i], "skip");
    }
    buf_add_text(out, "<tr><th scope=\"row\">");
    client_link(out, cells, options);
    buf_add_text(out, "</th>");
    html_passed_cell(out, passed, count - skipped);
    for (uint32_t rule = 0; rules()[rule].name && rule < REPORT_RULES_MAX; rule++)
        rule_cell(out, cells, count, rule);
    buf_add_text(out, "</tr>\n");
}

static void by_rules(struct buf *out, const struct html_cell *cells,
                     const struct report_options *options)
{
    html_table_begin(out, "matrix", "scenarios in which a client broke a rule", "client", "passed");
    html_rule_heads(out);
    html_table_body(out);
    for (uint32_t i = 0; i < options->client_count; i++)
        client_row(out, &cells[i * report_scenarios(options)], options);
    html_table_end(out);
}

/* "interval, terminal" */
static void broken_rules(struct buf *out, const struct html_cell *cell)
{
    const char *comma = "";
    for (uint32_t i = 0; rules()[i].name && i < REPORT_RULES_MAX; i++) {
        if ((cell->broken >> i & 1) == 0)
            continue;
        buf_addf(out, "%s%s", comma, rules()[i].name);
        comma = ", ";
    }
}

static void scenario_cell(struct buf *out, const struct html_cell *cell,
                          const struct report_options *options)
{
    static const struct {
        const char *kind, *glyph;
    } glyphs[] = {{"good", "&#10003;"}, {"bad", "&#10007;"}, {"unclear", "?"}, {"skip", "&#8211;"}};
    buf_addf(out, "<td class=\"%s\"><a href=\"#", cell->kind);
    html_id(out, &cell->job, options);
    buf_addf(out, "\" title=\"%s: %s", cell->job.client->name, cell->word);
    buf_add_text(out, cell->broken != 0 ? ": " : "");
    broken_rules(out, cell);
    buf_add_text(out, "\">");
    for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
        if (is(cell, glyphs[i].kind))
            buf_add_text(out, glyphs[i].glyph);
    buf_addf(out, "<span class=\"said\"> %s ", cell->word);
    broken_rules(out, cell);
    buf_add_text(out, "</span></a></td>");
}

/* One scenario with a cell for each client. first is the first client's; the next client's is as
 * many cells further as there are scenarios. */
static void scenario_row(struct buf *out, const struct html_cell *first,
                         const struct report_options *options)
{
    uint32_t step = report_scenarios(options);
    uint32_t passed = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i < options->client_count; i++) {
        passed += is(&first[i * step], "good");
        all += !is(&first[i * step], "skip");
    }
    buf_add_text(out, "<tr><th scope=\"row\" title=\"");
    escape_attribute(out, span_of(first->job.scenario->title));
    buf_addf(out, "\">%s</th>", first->job.scenario->name);
    html_passed_cell(out, passed, all);
    for (uint32_t i = 0; i < options->client_count; i++)
        scenario_cell(out, &first[i * step], options);
    buf_add_text(out, "</tr>\n");
}

static void client_heads(struct buf *out, const struct html_cell *cells,
                         const struct report_options *options)
{
    for (uint32_t i = 0; i < options->client_count; i++) {
        buf_add_text(out, "<th scope=\"col\" class=\"rule\"><span>");
        client_link(out, &cells[i * report_scenarios(options)], options);
        buf_add_text(out, "</span></th>");
    }
}

static void by_scenarios(struct buf *out, const struct html_cell *cells,
                         const struct report_options *options)
{
    const struct upstream *upstream = NULL;
    for (uint32_t i = 0; i < report_scenarios(options); i++) {
        if (upstream != cells[i].job.upstream) {
            if (upstream)
                html_table_end(out);
            upstream = cells[i].job.upstream;
            buf_addf(out, "<h3>%s</h3>\n", upstream->name);
            html_table_begin(out, "matrix clients", "scenarios by clients", "scenario", "passed");
            client_heads(out, cells, options);
            html_table_body(out);
        }
        scenario_row(out, &cells[i], options);
    }
    if (upstream)
        html_table_end(out);
}

void html_clients(struct buf *out, const struct html_cell *cells,
                  const struct report_options *options)
{
    buf_add_text(out, "<h2>Clients and rules</h2>\n");
    by_rules(out, cells, options);
    html_rule_list(out);
    buf_add_text(out, "<h2>Clients and scenarios</h2>\n");
    by_scenarios(out, cells, options);
}
