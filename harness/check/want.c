/* Reads wants, and compares them with views. */
#include "want.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { WANT_BYTES_MAX = 1 << 20 };

static const char *const states[] = {"unknown", "queued", "running", "succeeded", "failed", NULL};
static const char *const errors[] = {"transient", "permanent", "not_found", "unauthorized",
                                     "syntax",    "contract",  "limit",     NULL};

/* -- Keys ------------------------------------------------------------------------------------- */

static int read_state(const struct json_doc *p, void *out, struct err *e)
{
    size_t i = 0;
    (void)out;
    return json_doc_word(p, states, &i, e);
}

static int read_error(const struct json_doc *p, void *out, struct err *e)
{
    struct want *w = out;
    size_t i = 0;
    int code = json_doc_word(p, errors, &i, e);
    if (!code)
        w->error = (enum task_error)(TASK_ERROR_TRANSIENT + i);
    return code;
}

static int read_text(const struct json_doc *p, void *out, struct err *e)
{
    (void)out;
    return json_doc_kind(p, JSON_STRING, e);
}

static int read_progress(const struct json_doc *p, void *out, struct err *e)
{
    int64_t percent = 0;
    (void)out;
    return json_doc_int(p, 0, 100, &percent, e);
}

static int read_time(const struct json_doc *p, void *out, struct err *e)
{
    int64_t ms = 0;
    (void)out;
    return json_doc_int(p, 0, INT64_MAX, &ms, e);
}

static int read_breaks(const struct json_doc *p, void *out, struct err *e)
{
    struct want *w = out;
    return json_doc_text(p, &w->breaks, e);
}

static const struct json_doc_field fields[] = {
    {"state", false, read_state},       {"status", false, read_text},
    {"progress", false, read_progress}, {"id", false, read_text},
    {"url", false, read_text},          {"reason", false, read_text},
    {"code", false, read_text},         {"created", false, read_time},
    {"started", false, read_time},      {"finished", false, read_time},
    {"error", false, read_error},       {"at", false, read_text},
    {"breaks", false, read_breaks},     {0},
};

int want_open(const char *path, struct want *out, struct err *e)
{
    *out = (struct want){.file.path = path};
    buf_init(&out->text, WANT_BYTES_MAX);
    int code = file_read(path, &out->text, e);
    if (!code) {
        json_blank_comments(out->text.p, out->text.n);
        out->file.text = buf_span(&out->text);
        code = json_doc_open(&out->file, &out->document, e);
    }
    if (!code) {
        struct json_doc root = json_doc_root(&out->file, out->document, "");
        code = json_doc_object(&root, fields, out, e);
    }
    if (code)
        want_fini(out);
    return code;
}

void want_fini(struct want *w)
{
    json_close(w->document);
    buf_fini(&w->text);
    *w = (struct want){0};
}

/* -- Comparing -------------------------------------------------------------------------------- */

struct comparing {
    struct json_doc root;
    want_report *report;
    void *arg;
    unsigned told;
};

static void tell(struct comparing *c, const char *key, const char *wanted, const char *quote,
                 const char *got)
{
    struct err e;
    struct json_doc p = json_doc_get(&c->root, key);
    if (p.value)
        json_doc_error(&p, ERR_CONTRACT, &e, "\"%s\" is %s%s%s, but the reply reads as %s%s%s", key,
                       quote, wanted, quote, quote, got, quote);
    else
        json_doc_error(&p, ERR_CONTRACT, &e, "\"%s\" is left out, but the reply reads as %s%s%s",
                       key, quote, got, quote);
    c->report(&e, c->arg);
    c->told++;
}

static void compare_text(struct comparing *c, const char *key, const char *otherwise,
                         const char *got)
{
    const char *wanted = json_string(json_get(c->root.value, key));
    wanted = wanted ? wanted : otherwise;
    if (strcmp(wanted, got) != 0)
        tell(c, key, wanted, "\"", got);
}

static void compare_int(struct comparing *c, const char *key, int64_t otherwise, int64_t got)
{
    char wanted_text[32], got_text[32];
    int64_t wanted = otherwise;
    if (!json_int64(json_get(c->root.value, key), &wanted))
        wanted = otherwise;
    snprintf(wanted_text, sizeof wanted_text, "%" PRId64, wanted);
    snprintf(got_text, sizeof got_text, "%" PRId64, got);
    if (wanted != got)
        tell(c, key, wanted_text, "", got_text);
}

void want_compare(const struct want *w, const struct task_view *view, const char *at,
                  want_report *report, void *arg)
{
    struct comparing c = {
        .root = json_doc_root(&w->file, w->document, ""), .report = report, .arg = arg};
    compare_text(&c, "error", "none", task_error_name(view->error));
    if (c.told)
        return;
    compare_text(&c, "at", "", at);
    compare_text(&c, "state", "unknown", task_state_name(view->state));
    compare_text(&c, "status", "", view->status);
    compare_int(&c, "progress", -1, view->progress);
    compare_text(&c, "id", "", view->id);
    compare_text(&c, "url", "", view->url);
    compare_text(&c, "reason", "", view->reason);
    compare_text(&c, "code", "", view->code);
    compare_int(&c, "created", 0, view->created_ms);
    compare_int(&c, "started", 0, view->started_ms);
    compare_int(&c, "finished", 0, view->finished_ms);
}

enum task_state want_state(const struct want *w)
{
    struct span state = span_of(json_string(json_get(w->document, "state")));
    for (int s = TASK_UNKNOWN; s <= TASK_FAILED; s++)
        if (span_is(state, task_state_name((enum task_state)s)))
            return (enum task_state)s;
    return TASK_UNKNOWN;
}

void want_error_at(const struct want *w, const char *key, struct err *e, const char *format, ...)
{
    char what[ERR_WHAT_MAX];
    struct json_doc root = json_doc_root(&w->file, w->document, "");
    struct json_doc p = json_doc_get(&root, key);
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    json_doc_error(&p, ERR_CONTRACT, e, "%s", what);
}

void want_breaks_error(const struct want *w, struct err *e, const char *what)
{
    struct json_doc root = json_doc_root(&w->file, w->document, "");
    struct json_doc p = json_doc_get(&root, "breaks");
    json_doc_error(&p, ERR_CONTRACT, e, "%s", what);
}
