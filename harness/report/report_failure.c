/* A failure as text: what was wanted and what came, every poll of the run, and the command
 * that repeats it. */
#include "report.h"

#include "base/plain.h"
#include "base/text.h"
#include "harness/rules/pace.h"
#include "report_escape.h"

#include <stdio.h>
#include <string.h>

enum {
    OTHERS_TOLD_MAX = 5,
    TRACE_HEAD = 4,
    TRACE_TAIL = 4,
    OUTPUT_SHOWN_MAX = 4096,
    OUTPUT_LINES_MAX = 24,
    PATH_BYTES_MAX = 16384
};

static void write_poll(struct buf *out, const char *indent, const struct evidence *e, uint32_t i,
                       bool here)
{
    const struct poll *p = &e->trace.polls[i];
    char faults[128];
    char status[16] = "-";
    if (p->status != 0)
        snprintf(status, sizeof status, "%u", p->status);
    buf_addf(out, "%s          %9lld ms  poll %-4u %-24s %s", indent,
             (long long)(p->began_ms - e->trace.polls[0].began_ms), i + 1,
             p->reply ? p->reply->name : "no reply", status);
    if (p->retry_after_ms >= 0)
        buf_addf(out, "  Retry-After: %lld", (long long)(p->retry_after_ms / 1000));
    if (trace_faults(e->scenario, p, faults, sizeof faults)[0] != '\0')
        buf_addf(out, "  fault: %s", faults);
    if (!poll_was_complete(p))
        buf_add_text(out, "  (not delivered whole)");
    if (i > 0 && pace_is_resent(&e->trace, i))
        buf_add_text(out, "  (sent again at once: by its HTTP library?)");
    if ((p->flags & JOURNAL_RANGE) != 0)
        buf_add_text(out, "  (asks for a part: Range)");
    if (p->outside)
        buf_add_text(out, "  (outside of its base URL)");
    buf_add_text(out, here ? "   <- here\n" : "\n");
}

static void write_downloads(struct buf *out, const char *indent, const struct evidence *e)
{
    for (uint32_t i = 0; i < e->downloads.count; i++) {
        const struct download *d = &e->downloads.list[i];
        buf_addf(out, "%s          ", indent);
        if (e->trace.count > 0)
            buf_addf(out, "%9lld ms  ", (long long)(d->began_ms - e->trace.polls[0].began_ms));
        buf_add_text(out, "fetched ");
        escape_line(out, span_of(d->url));
        if (d->leak) {
            buf_add_text(out, "  with credentials in ");
            escape_line(out, span_of(d->leak));
        }
        buf_add_char(out, '\n');
    }
}

/* "         -120 ms  create    created                  200  task_8fj2": before the first poll, mostly. */
static void write_calls(struct buf *out, const char *indent, const struct evidence *e)
{
    const struct trace *s = &e->trace;
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        int64_t first_ms = s->count > 0 ? s->polls[0].began_ms : s->calls[0].began_ms;
        char status[16] = "-";
        if (c->status != 0)
            snprintf(status, sizeof status, "%u", c->status);
        buf_addf(out, "%s          %9lld ms  %-9s %-24s %s  ", indent,
                 (long long)(c->began_ms - first_ms), contract_role_name(c->role),
                 c->reply ? c->reply->name : "no reply", status);
        escape_line(out, span_of(c->task));
        if (c->retry_after_ms >= 0)
            buf_addf(out, "%sRetry-After: %lld", c->task[0] ? "  " : "",
                     (long long)(c->retry_after_ms / 1000));
        buf_add_text(out, call_was_complete(c) ? "\n" : "  (not delivered whole)\n");
    }
}

/* Long traces keep their beginning, their end, and what is around the finding. */
static void write_trace(struct buf *out, const char *indent, const struct evidence *e,
                        uint32_t here)
{
    uint32_t count = e->trace.count;
    uint32_t left_out = 0;
    buf_addf(out, "%sstory     %s\n", indent, testbed_transport_name(e->transport));
    write_calls(out, indent, e);
    for (uint32_t i = 0; i < count; i++) {
        if (!report_poll_is_told(i, count, here, TRACE_HEAD, TRACE_TAIL)) {
            left_out++;
            continue;
        }
        if (left_out > 0)
            buf_addf(out, "%s          ... %u more %s ...\n", indent, left_out,
                     text_count_word(left_out, "poll", "polls"));
        left_out = 0;
        write_poll(out, indent, e, i, here == i + 1);
    }
    if (e->trace.evicted)
        buf_addf(out, "%s          ... and more polls, which were not kept ...\n", indent);
    write_downloads(out, indent, e);
}

/* "; so do polls 5, 6 and 12 more": the others that show the same. */
static void write_other_polls(struct buf *out, const struct finding *f)
{
    uint32_t others = f->count - 1, told = 0;
    for (uint32_t i = 0; i < f->count && i < FINDING_POLLS_MAX && told < OTHERS_TOLD_MAX; i++)
        if (f->polls[i] != f->poll && f->polls[i] > 0)
            buf_addf(out, "%s%u", told++ == 0 ? "; the same at poll " : ", ", f->polls[i]);
    if (told > 0 && others > told)
        buf_addf(out, " and %u more", others - told);
}

void report_finding(struct buf *out, const char *indent, const struct finding *f)
{
    buf_addf(out, "%s%s%s (%s): ", indent, f->under < 0 ? "rule      " : "  so      ",
             f->rule->name, report_weight_name(f->level));
    escape_line(out, span_of(f->text));
    write_other_polls(out, f);
    buf_add_char(out, '\n');
    if (f->under < 0)
        buf_addf(out, "%sfix       %s\n", indent, f->cause->change);
}

static void write_half(struct buf *out, const char *indent, const struct run_half *half)
{
    if (!half->ran || half->verdict.kind == VERDICT_PASS)
        return;
    if (half->verdict.kind == VERDICT_INCONCLUSIVE) {
        buf_addf(out, "%sunclear   %s: ", indent, testbed_transport_name(half->evidence.transport));
        escape_line(out, span_of(half->verdict.inconclusive));
        buf_add_char(out, '\n');
    }
    for (uint32_t i = 0; i < half->verdict.finding_count; i++)
        report_finding(out, indent, &half->verdict.findings[i]);
    uint32_t here = half->verdict.finding_count > 0 ? half->verdict.findings[0].poll : 0;
    write_trace(out, indent, &half->evidence, here);
}

static void write_parity(struct buf *out, const char *indent, const struct run_result *result)
{
    if (result->parity != PARITY_BROKEN)
        return;
    buf_addf(out, "%sparity    %s\n", indent, result->parity_why);
    if (result->direct.verdict.kind == VERDICT_PASS)
        write_trace(out, indent, &result->direct.evidence, 0);
    if (result->wire.verdict.kind == VERDICT_PASS)
        write_trace(out, indent, &result->wire.evidence, 0);
}

/* The last OUTPUT_LINES_MAX lines of an output, or fewer: at most OUTPUT_SHOWN_MAX bytes. */
static struct span last_lines(struct span output)
{
    size_t lines = 0;
    size_t at = output.n;
    while (at > 0 && output.n - at < OUTPUT_SHOWN_MAX) {
        lines += output.p[at - 1] == '\n' && at < output.n;
        if (lines == OUTPUT_LINES_MAX)
            break;
        at--;
    }
    return span_cut(output, at, output.n);
}

void report_output(struct buf *out, const char *indent, const char *output)
{
    struct span left = last_lines(span_of(output));
    size_t left_out = strlen(output ? output : "") - left.n;
    if (left.n == 0)
        return;
    buf_addf(out, "%soutput\n", indent);
    if (left_out > 0)
        buf_addf(out, "%s          ... %zu bytes left out ...\n", indent, left_out);
    while (left.n > 0) {
        size_t n = span_find(left, '\n');
        buf_addf(out, "%s          ", indent);
        escape_line(out, span_cut(left, 0, n));
        buf_add_char(out, '\n');
        left = span_cut(left, n + 1, left.n);
    }
}

/* The transport on which the failure is seen; "both" when only the comparison of the two failed. */
static const char *transport_to_repeat(const struct run_result *r)
{
    if (r->direct.ran && r->direct.verdict.kind != VERDICT_PASS)
        return "direct";
    if (r->wire.ran && r->wire.verdict.kind != VERDICT_PASS)
        return "wire";
    return "both";
}

static bool is_plain(struct span text)
{
    while (text.n > 0) {
        uint32_t point;
        size_t len = plain_read(text, &point);
        if (point == '\n' || point == 0xfffd || plain_drops(point))
            return false;
        text = span_cut(text, len, text.n);
    }
    return true;
}

/* $'...', in which a word that is no plain text is one: each byte that is not ASCII's is written out. */
static void add_odd_word(struct buf *out, const char *word)
{
    buf_add_text(out, "$'");
    for (; *word != '\0'; word++)
        if (*word == '\'' || *word == '\\')
            buf_addf(out, "\\%c", *word);
        else if (*word >= ' ' && *word < 0x7f)
            buf_add_char(out, *word);
        else
            buf_addf(out, "\\%03o", (unsigned char)*word);
    buf_add_char(out, '\'');
}

void report_shell_word(struct buf *out, const char *word)
{
    if (word[0] != '\0'
        && strspn(word,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                  "0123456789_-./:=@%+,")
            == strlen(word)) {
        buf_add_text(out, word);
        return;
    }
    if (!is_plain(span_of(word))) {
        add_odd_word(out, word);
        return;
    }
    buf_add_char(out, '\'');
    for (; *word != '\0'; word++)
        if (*word == '\'')
            buf_add_text(out, "'\\''");
        else
            buf_add_char(out, *word);
    buf_add_char(out, '\'');
}

void report_client(struct buf *out, const struct external *client)
{
    for (size_t i = 0; client && client->command[i]; i++) {
        if (i > 0)
            buf_add_char(out, ' ');
        report_shell_word(out, client->command[i]);
    }
}

/* A path as one word, from the folder in which harness was started (NULL: as it is). */
static void add_path(struct buf *out, const char *folder, const char *path)
{
    struct buf text;
    while (path[0] == '.' && path[1] == '/')
        path += 2 + strspn(path + 2, "/");
    buf_init(&text, PATH_BYTES_MAX);
    if (folder && path[0] != '/')
        buf_addf(&text, "%s/", strcmp(folder, "/") == 0 ? "" : folder);
    buf_add_text(&text, path);
    report_shell_word(out, text.p);
    buf_break_with(out, &text);
    buf_fini(&text);
}

static void add_path_option(struct buf *out, const char *option, const char *folder,
                            const char *path)
{
    if (!path)
        return;
    buf_addf(out, " %s ", option);
    add_path(out, folder, path);
}

/* How the client is started: its time, its profile, its words. */
static void add_client(struct buf *out, const struct external *client, const char *folder)
{
    const struct profile *profile = client->profile;
    if (client->pace != PACE_EVENTS)
        buf_add_text(out, " --clock real");
    if (client->speed > 1)
        buf_addf(out, " --speed %u", client->speed);
    add_path_option(out, "--profile", folder, profile ? profile->path : NULL);
    if (profile && profile->command[0])
        return;
    buf_add_text(out, " -- ");
    report_client(out, client);
}

void report_again(struct buf *out, const struct run_result *result,
                  const struct report_options *options)
{
    const struct report_again *a = &options->again;
    if (result->job.client && a->folder) { /* its words may name files from there */
        buf_add_text(out, "cd ");
        report_shell_word(out, a->folder);
        buf_add_text(out, " && ");
    }
    buf_add_text(out, "harness run ");
    add_path(out, a->folder, result->job.scenario->path);
    for (uint32_t i = 0; a->fixtures && i <= a->fixtures->more_count; i++)
        add_path_option(out, "--fixtures", a->folder,
                        i == 0 ? a->fixtures->dir : a->fixtures->more[i - 1]);
    buf_addf(out, " --seed %llu", (unsigned long long)options->seed);
    if (a->fail_on_remark)
        buf_add_text(out, " --fail-on remark");
    add_path_option(out, "--known", a->folder, a->known);
    if (result->job.client)
        add_client(out, result->job.client, a->folder);
    else
        buf_addf(out, " --transport %s", transport_to_repeat(result));
}

void report_repeat(struct buf *out, const char *indent, const struct run_result *result,
                   const struct report_options *options)
{
    struct buf curl;
    buf_init(&curl, PATH_BYTES_MAX);
    buf_addf(out, "%sagain     ", indent);
    report_again(out, result, options);
    buf_add_char(out, '\n');
    if (report_curl(&curl, result))
        buf_addf(out, "%scurl      %s\n", indent, curl.p);
    buf_break_with(out, &curl);
    buf_fini(&curl);
}

void report_findings(struct buf *out, const char *indent, const struct run_result *result)
{
    if (result->failed.code != ERR_OK) {
        buf_addf(out, "%snot run   %s%s", indent, result->failed.where,
                 result->failed.where[0] != '\0' ? ": " : "");
        escape_line(out, span_of(result->failed.what));
        buf_add_char(out, '\n');
        return;
    }
    buf_addf(out, "%sclaim     ", indent);
    escape_line(out, span_of(result->job.scenario->title));
    buf_add_char(out, '\n');
    write_half(out, indent, &result->direct);
    write_half(out, indent, &result->wire);
    write_parity(out, indent, result);
}

void report_failure(struct buf *out, const char *indent, const struct run_result *result,
                    const struct report_options *options)
{
    report_findings(out, indent, result);
    report_output(out, indent, result->wire.output);
    report_repeat(out, indent, result, options);
}

static bool has_same(const struct verdict *v, const struct finding *f)
{
    for (uint32_t i = 0; i < v->finding_count; i++)
        if (v->findings[i].cause == f->cause && strcmp(v->findings[i].text, f->text) == 0)
            return true;
    return false;
}

void report_remarks(struct buf *out, const char *indent, const struct run_result *result)
{
    const struct verdict *direct = &result->direct.verdict, *wire = &result->wire.verdict;
    for (uint32_t i = 0; direct->kind == VERDICT_PASS && i < direct->finding_count; i++)
        report_finding(out, indent, &direct->findings[i]);
    for (uint32_t i = 0; wire->kind == VERDICT_PASS && i < wire->finding_count; i++)
        if (!has_same(direct, &wire->findings[i]))
            report_finding(out, indent, &wire->findings[i]);
}
