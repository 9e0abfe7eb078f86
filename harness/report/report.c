/* What all reports share: the table of them, where they go, and the totals. */
#include "report.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TRACE_AROUND = 2 };

static const struct report_type *const types[] = {
    &report_table, &report_tap,  &report_tap14,  &report_junit,
    &report_json,  &report_html, &report_github, NULL,
};
enum { TYPE_COUNT = sizeof types / sizeof types[0] - 1 };

const struct report_type *const *report_types(void)
{
    return types;
}

const char *report_names(const char *last, char *out, size_t out_size)
{
    out[0] = '\0';
    for (int i = 0; i < TYPE_COUNT; i++) {
        const char *before = i == 0 ? "" : i < TYPE_COUNT - 1 ? ", " : last;
        size_t n = strlen(out);
        snprintf(out + n, out_size - n, "%s%s", before, types[i]->name);
    }
    return out;
}

static const struct report_type *find_type(struct span name)
{
    for (int i = 0; i < TYPE_COUNT; i++)
        if (span_is(name, types[i]->name))
            return types[i];
    return NULL;
}

static int unknown_type(const char *word, struct err *e)
{
    const char *names[TYPE_COUNT + 1] = {0};
    char name[32], all[REPORT_NAMES_MAX];
    struct span s = span_of(word);
    for (int i = 0; i < TYPE_COUNT; i++)
        names[i] = types[i]->name;
    span_copy(span_cut(s, 0, span_find(s, '=')), name, sizeof name);
    const char *near = text_nearest(name, names);
    return err_set(e, ERR_USAGE, "--report", "\"%s\" is no report (%s)%s%s", word,
                   report_names(", ", all, sizeof all), near ? "; nearest: " : "",
                   near ? near : "");
}

static bool go_to_the_same_place(const struct report *a, const struct report *b)
{
    return !a->path || !b->path ? a->path == b->path : strcmp(a->path, b->path) == 0;
}

/* Takes the report that stands behind the last one. */
static void count_in(struct reports *rs)
{
    struct report *r = &rs->list[rs->count++];
    buf_init(&r->out, REPORT_BYTES_MAX);
    buf_init(&r->appended, REPORT_BYTES_MAX);
    for (int i = 0; i < REPORT_HELD_MAX; i++)
        buf_init(&r->held[i], REPORT_BYTES_MAX);
}

static int add(struct reports *rs, const char *word, struct err *e)
{
    struct span s = span_of(word);
    size_t name_len = span_find(s, '=');
    struct report *r = &rs->list[rs->count];
    if (rs->count == REPORTS_MAX)
        return err_set(e, ERR_LIMIT, "--report", "at most %d reports", REPORTS_MAX);
    *r = (struct report){.type = find_type(span_cut(s, 0, name_len)),
                         .path = name_len < s.n ? word + name_len + 1 : NULL};
    if (!r->type)
        return unknown_type(word, e);
    if (r->path && (r->path[0] == '\0' || file_is_dir(r->path)))
        return err_set(e, ERR_USAGE, "--report", "\"%s\" needs a file: %s=FILE", word,
                       r->type->name);
    for (int i = 0; i < rs->count; i++)
        if (go_to_the_same_place(&rs->list[i], r))
            return err_set(e, ERR_USAGE, "--report",
                           "%s and %s both go to %s: give one a file, %s=FILE",
                           rs->list[i].type->name, r->type->name,
                           r->path ? r->path : "standard output", r->type->name);
    count_in(rs);
    return 0;
}

int reports_open(const struct args_list *words, struct reports *out, struct err *e)
{
    bool printed = false;
    int code = 0;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < words->count && !code; i++) {
        code = add(out, words->values[i], e);
        printed = printed || (!code && !out->list[out->count - 1].path);
    }
    if (!code && !printed)
        code = add(out, report_table.name, e);
    return code;
}

/* NULL not after reports_open: the table is printed when nothing else is. */
static struct report *printed_report(struct reports *rs)
{
    for (int i = 0; i < rs->count; i++)
        if (!rs->list[i].path && !rs->list[i].below)
            return &rs->list[i];
    return NULL;
}

static bool has_type(const struct reports *rs, const struct report_type *type)
{
    for (int i = 0; i < rs->count; i++)
        if (rs->list[i].type == type)
            return true;
    return false;
}

int reports_add_ci(struct reports *rs, struct err *e)
{
    const char *github = args_variable("GITHUB_ACTIONS");
    if (args_variable("GITLAB_CI") && !has_type(rs, &report_junit)) {
        int code = add(rs, "junit=" REPORT_GITLAB, e);
        if (code)
            return code;
    }
    if (!github || strcmp(github, "true") != 0 || has_type(rs, &report_github)
        || printed_report(rs)->type != &report_table)
        return 0;
    if (rs->count == REPORTS_MAX)
        return err_set(e, ERR_LIMIT, "--report", "at most %d reports, with that for GitHub",
                       REPORTS_MAX);
    rs->list[rs->count] = (struct report){.type = &report_github, .below = true};
    count_in(rs);
    return 0;
}

void reports_fini(struct reports *rs)
{
    for (int i = 0; i < rs->count; i++) {
        buf_fini(&rs->list[i].out);
        buf_fini(&rs->list[i].appended);
        for (int k = 0; k < REPORT_HELD_MAX; k++)
            buf_fini(&rs->list[i].held[k]);
    }
    rs->count = 0;
}

void reports_begin(struct reports *rs, const struct report_options *options)
{
    rs->options = *options;
    for (int i = 0; i < rs->count; i++) {
        rs->list[i].options = &rs->options;
        rs->list[i].totals = &rs->totals;
        rs->list[i].type->begin(&rs->list[i]);
    }
}

static void count_slow(struct report_totals *t, const struct run_result *result)
{
    int64_t real_ms = report_real_ms(result);
    int at = REPORT_SLOWEST_MAX;
    while (at > 0 && (!t->slowest[at - 1].job.scenario || real_ms > t->slowest[at - 1].real_ms))
        at--;
    if (at == REPORT_SLOWEST_MAX || real_ms == 0)
        return;
    memmove(&t->slowest[at + 1], &t->slowest[at],
            (size_t)(REPORT_SLOWEST_MAX - 1 - at) * sizeof t->slowest[0]);
    t->slowest[at].job = result->job;
    t->slowest[at].real_ms = real_ms;
}

static void count_failure(struct report_totals *t, const struct run_result *result)
{
    if (report_is_good(result) || t->failure_count == REPORT_FAILURES_MAX)
        return;
    struct report_cause cause = report_cause(result);
    t->failures[t->failure_count].job = result->job;
    t->failures[t->failure_count].rule = cause.rule;
    snprintf(t->failures[t->failure_count].text, sizeof t->failures[0].text, "%s", cause.text);
    t->failure_count++;
}

void report_count(struct report_totals *t, const struct run_result *result)
{
    enum verdict_kind kind = run_verdict(result);
    if (run_skipped(result))
        t->skipped++;
    else if (result->known)
        t->known++;
    else if (kind == VERDICT_PASS)
        t->passed++;
    else if (kind == VERDICT_FAIL)
        t->failed++;
    else
        t->inconclusive++;
    t->polls_direct += result->direct.evidence.trace.count;
    t->polls_wire += result->wire.evidence.trace.count;
    t->real_ms += report_real_ms(result);
    count_slow(t, result);
    count_failure(t, result);
    report_count_causes(t, result);
}

void reports_result(struct reports *rs, const struct run_result *result)
{
    report_count(&rs->totals, result);
    for (int i = 0; i < rs->count; i++) {
        rs->list[i].type->result(&rs->list[i], result);
        rs->list[i].last = result->job;
    }
}

static int append(const char *path, struct span bytes, struct err *e)
{
    FILE *file = fopen(path, "ae");
    if (!file)
        return err_set(e, ERR_FILE, path, "%s", strerror(errno));
    bool good = fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
    good = fclose(file) == 0 && good;
    return good ? 0 : err_set(e, ERR_FILE, path, "cannot append to it");
}

static int write_out(struct report *r, struct err *e)
{
    int code = buf_err(&r->out, r->type->name, e);
    for (int i = 0; i < REPORT_HELD_MAX && !code; i++)
        code = buf_err(&r->held[i], r->type->name, e);
    if (!code)
        code = buf_err(&r->appended, r->type->name, e);
    if (!code && r->path)
        code = file_write(r->path, buf_span(&r->out), e);
    if (!code && r->appended.n > 0 && r->options->step_summary)
        code = append(r->options->step_summary, buf_span(&r->appended), e);
    return code;
}

int reports_end(struct reports *rs, struct err *e)
{
    int first = 0;
    for (int i = 0; i < rs->count; i++) {
        rs->list[i].type->end(&rs->list[i]);
        int code = write_out(&rs->list[i], first == 0 ? e : NULL);
        first = first != 0 ? first : code;
        if (rs->list[i].below) {
            buf_add_span(reports_printed(rs), buf_span(&rs->list[i].out));
            buf_reset(&rs->list[i].out);
        }
    }
    return first;
}

struct buf *reports_printed(struct reports *rs)
{
    struct report *r = printed_report(rs);
    return r ? &r->out : NULL;
}

struct report_cause report_cause(const struct run_result *r)
{
    const struct run_half *halves[] = {&r->direct, &r->wire};
    if (r->failed.code != ERR_OK)
        return (struct report_cause){"not-run", r->failed.what};
    for (int i = 0; i < 2; i++)
        if (halves[i]->ran && halves[i]->verdict.kind == VERDICT_FAIL)
            return (struct report_cause){halves[i]->verdict.findings[0].rule->name,
                                         halves[i]->verdict.findings[0].text};
    if (r->parity == PARITY_BROKEN)
        return (struct report_cause){"parity", r->parity_why};
    for (int i = 0; i < 2; i++)
        if (halves[i]->ran && halves[i]->verdict.kind == VERDICT_INCONCLUSIVE)
            return (struct report_cause){"unclear", halves[i]->verdict.inconclusive};
    return (struct report_cause){"", ""};
}

const char *report_word(const struct run_result *result)
{
    if (run_skipped(result))
        return "skip";
    return result->known ? "known" : verdict_word(run_verdict(result));
}

bool report_is_good(const struct run_result *result)
{
    return run_skipped(result) || result->known || run_verdict(result) == VERDICT_PASS;
}

const char *report_level_name(enum rule_level level)
{
    return level == RULE_REQUIRED ? "REQUIRED" : "RECOMMENDED";
}

const char *report_weight_name(enum rule_level level)
{
    return level == RULE_REQUIRED ? "REQUIRED" : "remark";
}

int64_t report_real_ms(const struct run_result *result)
{
    if (!result->wire.ran)
        return 0;
    uint32_t speed = result->wire.evidence.speed;
    return speed > 0 ? result->wire.evidence.result.elapsed_ms / speed : 0;
}

bool report_poll_is_told(uint32_t i, uint32_t count, uint32_t here, uint32_t head, uint32_t tail)
{
    bool near = here > 0 && i + 1 + TRACE_AROUND >= here && i + 1 <= here + TRACE_AROUND;
    return near || i < head || i + tail >= count;
}
