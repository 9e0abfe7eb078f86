/* One scenario on the page: what was found, the drawing, the trace as a table, the command
 * that repeats it. */
#include "harness/rules/pace.h"
#include "report_html.h"

#include "base/text.h"
#include "report_escape.h"

#include <stdio.h>

enum { TRACE_HEAD = 50, TRACE_TAIL = 20, TRACE_OPEN_MAX = 12, OUTPUT_MAX = 64 << 10 };

static uint32_t place_of_finding(const struct run_half *half)
{
    return half->verdict.finding_count > 0 ? half->verdict.findings[0].poll : 0;
}

static void cell(struct buf *out, const char *text)
{
    buf_add_text(out, "<td>");
    escape_markup(out, span_of(text));
    buf_add_text(out, "</td>");
}

static void remarks(struct buf *out, const struct evidence *e, uint32_t i)
{
    const struct poll *p = &e->trace.polls[i];
    char text[128];
    buf_add_text(out, "<td>");
    if (p->retry_after_ms >= 0)
        buf_addf(out, "Retry-After: %lld. ", (long long)(p->retry_after_ms / 1000));
    if (trace_faults(e->scenario, p, text, sizeof text)[0] != '\0') {
        buf_add_text(out, "Fault: ");
        escape_markup(out, span_of(text));
        buf_add_text(out, ". ");
    }
    if (!poll_was_complete(p))
        buf_add_text(out, "Not delivered whole. ");
    if (i > 0 && pace_is_resent(&e->trace, i))
        buf_add_text(out, "Sent again at once: by its HTTP library? ");
    if ((p->flags & JOURNAL_RANGE) != 0)
        buf_add_text(out, "Asks for a part: Range. ");
    if (p->outside)
        buf_add_text(out, "Outside of its base URL: ");
    if (p->why)
        escape_markup(out, span_of(p->why));
    buf_add_text(out, "</td>");
}

static void rules_at(struct buf *out, const struct verdict *v, uint32_t poll)
{
    buf_add_text(out, "<td>");
    for (uint32_t i = 0; i < v->finding_count; i++)
        if (v->findings[i].poll == poll)
            buf_addf(out, "<b class=\"bad\">%s</b> ", v->findings[i].rule->name);
    buf_add_text(out, "</td>");
}

static void poll_row(struct buf *out, const struct run_half *half, uint32_t i, uint32_t here)
{
    const struct evidence *e = &half->evidence;
    const struct poll *p = &e->trace.polls[i];
    char text[32];
    buf_addf(out, "<tr%s><th scope=\"row\">%u</th>", here == i + 1 ? " class=\"here\"" : "", i + 1);
    cell(out, text_of_ms(p->began_ms - e->trace.polls[0].began_ms, text, sizeof text));
    cell(out, i > 0 ? text_of_ms(p->began_ms - p[-1].ended_ms, text, sizeof text) : "");
    cell(out, p->reply ? p->reply->name : "no reply");
    buf_add_text(out, "<td>");
    if (p->status != 0)
        buf_add_int(out, p->status);
    buf_addf(out, "</td><td class=\"%s\">%s</td>", reply_state_name(p->state),
             reply_state_name(p->state));
    remarks(out, e, i);
    rules_at(out, &half->verdict, i + 1);
    buf_add_text(out, "</tr>\n");
}

static void trace(struct buf *out, const struct run_half *half)
{
    uint32_t count = half->evidence.trace.count;
    uint32_t here = place_of_finding(half);
    uint32_t left_out = 0;
    buf_addf(out,
             "<details%s><summary>Story: %u %s</summary>\n<div class=\"wide\" tabindex=\"0\" "
             "role=\"group\" aria-label=\"story\"><table class=\"story\">"
             "<thead><tr><th scope=\"col\">poll</th><th scope=\"col\">at</th><th "
             "scope=\"col\">waited</th>"
             "<th scope=\"col\">reply</th><th scope=\"col\">status</th><th scope=\"col\">state</th>"
             "<th scope=\"col\">remarks</th><th scope=\"col\">breaks</th></tr></thead>\n<tbody>\n",
             half->verdict.kind != VERDICT_PASS && count <= TRACE_OPEN_MAX ? " open=\"open\"" : "",
             count, text_count_word(count, "poll", "polls"));
    for (uint32_t i = 0; i < count; i++) {
        if (!report_poll_is_told(i, count, here, TRACE_HEAD, TRACE_TAIL)) {
            left_out++;
            continue;
        }
        if (left_out > 0)
            buf_addf(out, "<tr><td colspan=\"8\">%u more polls</td></tr>\n", left_out);
        left_out = 0;
        poll_row(out, half, i, here);
    }
    buf_add_text(out, "</tbody></table></div></details>\n");
}

static void findings(struct buf *out, const struct verdict *v)
{
    if (v->kind == VERDICT_INCONCLUSIVE) {
        buf_add_text(out, "<p class=\"unclear\"><b>unclear</b> ");
        escape_markup(out, span_of(v->inconclusive));
        buf_add_text(out, "</p>\n");
    }
    if (v->finding_count == 0)
        return;
    buf_add_text(out, "<ul class=\"findings\">\n");
    for (uint32_t i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        buf_addf(out,
                 "<li%s><b class=\"bad\">%s</b> (%s): ", f->under < 0 ? "" : " class=\"follows\"",
                 f->rule->name, report_weight_name(f->level));
        escape_markup(out, span_of(f->text));
        if (f->under < 0) {
            buf_add_text(out, ". <i>");
            escape_markup(out, span_of(f->cause->change));
            buf_add_text(out, "</i>");
        }
        buf_add_text(out, "</li>\n");
    }
    buf_add_text(out, "</ul>\n");
}

static void half_section(struct buf *out, const struct run_half *half, uint32_t number)
{
    char id[32];
    if (!half->ran)
        return;
    const char *transport = testbed_transport_name(half->evidence.transport);
    buf_addf(out, "<h4>%s", half->evidence.transport == TESTBED_WIRE ? "on the wire" : transport);
    if (half->evidence.speed > 1)
        buf_addf(out, ", time %u times faster", half->evidence.speed);
    buf_add_text(out, "</h4>\n");
    findings(out, &half->verdict);
    snprintf(id, sizeof id, "%s%u", transport, number);
    timeline(out, half, id);
    trace(out, half);
}

static void output(struct buf *out, const char *text)
{
    struct span s = span_of(text);
    if (s.n == 0)
        return;
    buf_add_text(out, "<details><summary>What the client printed</summary>\n<pre>");
    if (s.n > OUTPUT_MAX)
        buf_addf(out, "... %zu bytes left out ...\n", s.n - OUTPUT_MAX);
    escape_markup(out, s.n > OUTPUT_MAX ? span_cut(s, s.n - OUTPUT_MAX, OUTPUT_MAX) : s);
    buf_add_text(out, "</pre></details>\n");
}

static void again(struct buf *out, const struct run_result *result,
                  const struct report_options *options)
{
    struct buf command;
    buf_init(&command, 1 << 20);
    report_again(&command, result, options);
    buf_add_text(out, "<p>Again:</p>\n<pre class=\"again\">");
    escape_markup(out, buf_span(&command));
    buf_add_text(out, "</pre>\n");
    buf_break_with(out, &command);
    buf_reset(&command);
    if (report_curl(&command, result)) {
        buf_add_text(out, "<p>The poll itself:</p>\n<pre class=\"again\">");
        escape_markup(out, buf_span(&command));
        buf_add_text(out, "</pre>\n");
    }
    buf_break_with(out, &command);
    buf_fini(&command);
}

static void what_went_wrong(struct buf *out, const struct run_result *result)
{
    if (result->failed.code == ERR_OK && result->parity != PARITY_BROKEN)
        return;
    struct report_cause cause = result->failed.code != ERR_OK
        ? report_cause(result)
        : (struct report_cause){"parity", result->parity_why};
    buf_addf(out, "<p><b class=\"bad\">%s</b>: ", cause.rule);
    escape_markup(out, span_of(cause.text));
    buf_add_text(out, "</p>\n");
}

void html_scenario(struct buf *out, const struct run_result *result,
                   const struct report_options *options, uint32_t number)
{
    bool good = report_is_good(result);
    bool several = report_several(options);
    buf_add_text(out, "<section id=\"");
    html_id(out, &result->job, options);
    buf_addf(out,
             "\"><details%s><summary><h3><span class=\"word %s\">%s</span> %s%s%s / %s</h3> "
             "<span>",
             good ? "" : " open=\"open\"", html_class(result), report_word(result),
             several ? result->job.client->name : "", several ? ": " : "",
             result->job.upstream->name, result->job.scenario->name);
    escape_markup(out, span_of(result->job.scenario->title));
    buf_add_text(out, "</span></summary>\n");
    what_went_wrong(out, result);
    half_section(out, &result->direct, number);
    half_section(out, &result->wire, number);
    if (!good) {
        output(out, result->wire.output);
        again(out, result, options);
    }
    buf_add_text(out, "</details></section>\n");
}
