/* Reads a client's outcome, URL and reason in its exit code and its output. */
#include "profile.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "crash.h"
#include "output_url.h"

#include <stdio.h>
#include <string.h>

/* -- Searching -------------------------------------------------------------------------------- */

/* What is searched, and how much may still be done for it. */
struct search {
    struct span output;
    const char *expected_url; /* NULL: none is */
    uint32_t steps;
};

/* Takes the next line without its end, LF or CRLF. */
static struct span take_line(struct span *rest)
{
    struct span line = span_cut(*rest, 0, span_find(*rest, '\n'));
    *rest = span_cut(*rest, line.n + 1, rest->n);
    if (line.p && line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* Finds the first line that the expression matches, and in it the group (NULL: not wanted).
 * ERR_NOT_FOUND when there is none. */
static int find(struct search *s, const struct regex *re, struct span *group, struct err *e)
{
    struct span rest = s->output;
    struct span line, groups[2] = {{0}};
    int code = ERR_NOT_FOUND;
    bool more = true;
    while (code == ERR_NOT_FOUND && more) {
        more = span_find(rest, '\n') < rest.n; /* what follows the last line end is a line too */
        line = take_line(&rest);
        code = regex_test(re, line, &s->steps, e);
    }
    if (code || !group)
        return code;
    code = regex_find(re, line, groups, 2, e);
    *group = groups[1];
    return !code && !groups[1].p ? ERR_NOT_FOUND : code; /* the group took no part */
}

static int capture_reason(struct search *s, const struct regex *re, struct task_view *view,
                          struct err *e)
{
    struct span group = {0};
    int code = find(s, re, &group, e);
    if (!code)
        span_copy(span_trim(group), view->reason, sizeof view->reason);
    return code;
}

/* What was captured may be a URL as it was printed, with its escapes, quotes and colours; what is none
 * is told as it is. */
static int capture_url(struct search *s, const struct regex *re, struct task_view *view,
                       struct err *e)
{
    struct span group = {0};
    int code = find(s, re, &group, e);
    if (code)
        return code;
    output_url_find(group, s->expected_url, view->url, sizeof view->url);
    if (view->url[0] == '\0')
        span_copy(span_trim(group), view->url, sizeof view->url);
    return 0;
}

/* 0 when the row's exit code and all its expressions fit: view then has the URL and the reason.
 * ERR_NOT_FOUND when they do not; else e->where names the expression that could not be tried. */
static int fit(struct search *s, const struct profile_row *row, int exit_code,
               struct task_view *view, struct err *e)
{
    const char *key = "output";
    *view = (struct task_view){.progress = -1};
    if (row->exit_code >= 0 && row->exit_code != exit_code)
        return ERR_NOT_FOUND;
    int code = row->output ? find(s, row->output, NULL, e) : 0;
    if (!code && row->url) {
        key = "url";
        code = capture_url(s, row->url, view, e);
    }
    if (!code && row->reason) {
        key = "reason";
        code = capture_reason(s, row->reason, view, e);
    }
    return !code || code == ERR_NOT_FOUND ? code : err_wrap(e, (enum err_code)code, "/%s", key);
}

/* Expressions are of characters: a byte that begins none is a question mark to them. */
static int copy_as_utf8(struct span output, struct buf *out, struct err *e)
{
    while (output.n > 0) {
        size_t n = utf8_len(output, NULL);
        if (n)
            buf_add(out, output.p, n);
        else
            buf_add_char(out, '?');
        output = span_cut(output, n ? n : 1, output.n);
    }
    return buf_err(out, "the client's output", e);
}

/* -- The outcome ------------------------------------------------------------------------------ */

/* What of a client is read, and the row of its profile that fits; NULL: none. */
struct reading {
    const struct profile *profile;
    const struct profile_end *end;
    const struct profile_row *row;
};

/* The first row that fits. ERR_NOT_FOUND when there is none. */
static int read_rows(struct reading *reading, struct span output, struct evidence *evidence,
                     struct err *e)
{
    const struct profile *p = reading->profile;
    struct task_result *r = &evidence->result;
    struct search s = {
        .output = output, .expected_url = evidence_url(evidence), .steps = PROFILE_STEPS_MAX};
    for (uint32_t i = 0; i < p->row_count; i++) {
        int code = fit(&s, &p->rows[i], reading->end->exit_code, &r->view, e);
        if (code == ERR_NOT_FOUND)
            continue;
        if (code)
            return err_wrap(e, (enum err_code)code, "%s: /outcomes/%u", p->path, i);
        r->outcome = p->rows[i].outcome;
        reading->row = &p->rows[i];
        return 0;
    }
    return ERR_NOT_FOUND;
}

static void read_without_rows(const struct profile_end *end, struct evidence *evidence)
{
    struct task_result *r = &evidence->result;
    r->view = (struct task_view){.progress = -1};
    r->outcome = end->exit_code == 0 ? TASK_OUTCOME_SUCCEEDED : TASK_OUTCOME_FAILED;
    evidence->unspecific = end->exit_code != 0;
    if (end->exit_code == 0)
        output_url_find(span_of(end->output), evidence_url(evidence), r->view.url,
                        sizeof r->view.url);
}

static int read_report(struct reading *reading, struct evidence *evidence, struct err *e)
{
    struct buf text;
    int code = ERR_NOT_FOUND;
    buf_init(&text, SIZE_MAX / 2);
    if (reading->profile && reading->profile->row_count) {
        code = copy_as_utf8(span_of(reading->end->output), &text, e);
        if (!code)
            code = read_rows(reading, buf_span(&text), evidence, e);
    }
    buf_fini(&text);
    if (code == ERR_NOT_FOUND) {
        read_without_rows(reading->end, evidence);
        code = 0;
    }
    return code;
}

/* -- What is no outcome ----------------------------------------------------------------------- */

/* 0 when the row's `output` names the line that an exception left: the client reports so. */
static int names_line(const struct reading *reading, struct span line, struct err *e)
{
    struct buf text;
    if (!reading->row || !reading->row->output || line.n == 0)
        return ERR_NOT_FOUND;
    buf_init(&text, SIZE_MAX / 2);
    int code = copy_as_utf8(line, &text, e);
    struct search s = {.output = buf_span(&text), .steps = PROFILE_STEPS_MAX};
    if (!code)
        code = find(&s, reading->row->output, NULL, e);
    buf_fini(&text);
    return !code || code == ERR_NOT_FOUND ? code : err_wrap(e, (enum err_code)code, "/output");
}

/* A client that has crashed has reported nothing, whatever its exit code says. */
static int read_crash(const struct reading *reading, struct evidence *evidence, struct err *e)
{
    struct span line;
    char why[sizeof evidence->crashed];
    crash_read(reading->end->exit_code, span_of(reading->end->errors), &line, why, sizeof why);
    int code = why[0] != '\0' ? names_line(reading, line, e) : 0;
    if (code != ERR_NOT_FOUND)
        return code;
    memcpy(evidence->crashed, why, sizeof why);
    evidence->unspecific = true;
    evidence->result.outcome = TASK_OUTCOME_FAILED;
    evidence->result.view = (struct task_view){.progress = -1};
    snprintf(evidence->result.why, sizeof evidence->result.why, "crashed: %s", why);
    return 0;
}

static bool has_row(const struct profile *p, int exit_code)
{
    for (uint32_t i = 0; i < p->row_count; i++)
        if (p->rows[i].exit_code < 0 || p->rows[i].exit_code == exit_code)
            return true;
    return false;
}

static void tell_end(const struct reading *reading, struct task_result *r)
{
    const struct profile *p = reading->profile;
    int exit_code = reading->end->exit_code;
    const char *hint = crash_hint(exit_code);
    snprintf(r->why, sizeof r->why, "it ended with exit code %d%s%s%s", exit_code,
             p && p->row_count && !has_row(p, exit_code) ? ", which is in no row of its profile"
                                                         : "",
             hint ? "; that is " : "", hint ? hint : "");
}

/* Copies, of the URLs that the client fetched, the expected one, else the last. out stays
 * when none was. */
static void take_download(const struct evidence *evidence, char *out, size_t out_size)
{
    const struct downloads *d = &evidence->downloads;
    const char *expected = evidence_url(evidence);
    for (uint32_t i = 0; i < d->count; i++) {
        span_copy(span_of(d->list[i].url), out, out_size);
        if (expected && strcmp(d->list[i].url, expected) == 0)
            return;
    }
}

int profile_read(const struct profile *p, const struct profile_end *end, struct evidence *evidence,
                 struct err *e)
{
    struct task_result *r = &evidence->result;
    const struct trace *s = &evidence->trace;
    struct reading reading = {.profile = p, .end = end};
    struct err own = {0}; /* a row that does not fit leaves its error there, and is none */
    *r = (struct task_result){.polls = s->count, .view = {.progress = -1}};
    if (s->count > 0)
        r->elapsed_ms = s->polls[s->count - 1].ended_ms - s->polls[0].began_ms;
    evidence->crashed[0] = '\0';
    tell_end(&reading, r);
    int code = read_report(&reading, evidence, &own);
    if (!code)
        code = read_crash(&reading, evidence, &own);
    if (code && e)
        *e = own;
    if (!code && r->outcome == TASK_OUTCOME_SUCCEEDED && r->view.url[0] == '\0')
        take_download(evidence, r->view.url, sizeof r->view.url);
    return code;
}
