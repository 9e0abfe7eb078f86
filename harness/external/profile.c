/* Loads profiles, and reads clients' outcomes with them. */
#include "profile.h"

#include "base/text.h"
#include "output_url.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_BYTES_MAX = 1 << 20, REGEX_TEXT_MAX = 4096 };

/* Exit codes that say which signal ended a program: 128 and its number. */
enum { SIGNAL_FIRST = 128, SIGNAL_LAST = 128 + 31 };

static const char *const outcome_words[] = {"succeeded", "failed", "error", "gave_up", NULL};
static const char *const row_keys[] = {"outcome", "exit", "output", "url", "reason", NULL};
static const char *const profile_keys[] = {"$schema", "command", "outcomes", "arguments",
                                           "auth",    "urls",    "limit",    NULL};
static const char *const auth_words[] = {"contract", "none", NULL};
static const char *const urls_words[] = {"local", "recorded", NULL};

static int wrong(const char *pointer, struct err *e, const char *what)
{
    return err_set(e, ERR_CONTRACT, pointer, "%s", what);
}

static int check_keys(const struct json *object, const char *const *known, const char *pointer,
                      struct err *e)
{
    if (json_kind(object) != JSON_OBJECT)
        return wrong(pointer, e, "an object is wanted");
    for (const struct json *v = json_first(object); v; v = json_next(v)) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], json_key(v)) != 0)
            i++;
        if (known[i])
            continue;
        const char *near = text_nearest(json_key(v), known);
        return err_set(e, ERR_CONTRACT, pointer, "unknown key \"%s\"%s%s", json_key(v),
                       near ? "; nearest: " : "", near ? near : "");
    }
    return 0;
}

/* The index of the word; -1 and an error that names the nearest when it is none of them. */
static int read_word(const struct json *v, const char *const *words, const char *pointer,
                     const char *wanted, struct err *e)
{
    const char *word = json_string(v);
    for (int i = 0; word && words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    const char *near = word ? text_nearest(word, words) : NULL;
    err_set(e, ERR_CONTRACT, pointer, "%s is wanted%s%s", wanted, near ? "; nearest: " : "",
            near ? near : "");
    return -1;
}

static int read_outcome(const struct json *v, enum task_outcome *out, struct err *e)
{
    int i = read_word(v, outcome_words, "/outcome", "succeeded, failed, error or gave_up", e);
    if (i < 0)
        return ERR_CONTRACT;
    *out = (enum task_outcome)i;
    return 0;
}

static int read_words(const struct json *list, const char *pointer, int max, const char **words,
                      struct err *e)
{
    int count = 0;
    if (list && json_kind(list) != JSON_ARRAY)
        return wrong(pointer, e, "a list of words is wanted");
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (count == max)
            return err_set(e, ERR_LIMIT, pointer, "at most %d words", max);
        words[count] = json_string(v);
        if (!words[count++])
            return wrong(pointer, e, "each of the list must be a word: a string");
    }
    return 0;
}

static int read_command(const struct json *list, struct profile *p, struct err *e)
{
    int code = read_words(list, "/command", PROFILE_COMMAND_MAX, p->command, e);
    if (!code && list && (!p->command[0] || p->command[0][0] == '\0'))
        code = wrong("/command", e, "its first word is wanted: the program");
    return code;
}

/* Reads one of two words; *out is true for the second. The first is the default. */
static int read_choice(const struct json *v, const char *const *words, const char *pointer,
                       const char *wanted, bool *out, struct err *e)
{
    int i = v ? read_word(v, words, pointer, wanted, e) : 0;
    *out = i == 1;
    return i < 0 ? ERR_CONTRACT : 0;
}

/* Compiles the expression at a key of a row; *text is NULL when there is none. captures: it must
 * have exactly one group, which gives the URL or the reason. */
static int read_regex(const struct json *row, const char *key, bool captures, const char **text,
                      regex_t *regex, struct err *e)
{
    char pointer[32];
    const struct json *v = json_get(row, key);
    *text = NULL;
    if (!v)
        return 0;
    snprintf(pointer, sizeof pointer, "/%s", key);
    const char *pattern = json_string(v);
    if (!pattern || strlen(pattern) > REGEX_TEXT_MAX)
        return wrong(pointer, e, "a regular expression of at most 4096 bytes is wanted");
    int code = regcomp(regex, pattern, REG_EXTENDED | REG_NEWLINE);
    if (code) {
        char why[128];
        regerror(code, regex, why, sizeof why);
        return wrong(pointer, e, why);
    }
    *text = pattern; /* set only now: profile_fini frees the regex of each text that is set */
    if (captures && regex->re_nsub != 1)
        return wrong(pointer, e, "exactly one capture is wanted: (...)");
    return 0;
}

static int read_row(const struct json *v, struct profile_row *row, struct err *e)
{
    const struct json *exit_code = json_get(v, "exit");
    row->exit_code = -1;
    int code = check_keys(v, row_keys, "", e);
    if (!code)
        code = read_outcome(json_get(v, "outcome"), &row->outcome, e);
    if (!code && exit_code
        && (!json_int64(exit_code, &row->exit_code) || row->exit_code < 0 || row->exit_code > 255))
        code = wrong("/exit", e, "an exit code of 0 to 255 is wanted");
    if (!code)
        code = read_regex(v, "output", false, &row->output, &row->output_regex, e);
    if (!code)
        code = read_regex(v, "url", true, &row->url, &row->url_regex, e);
    if (!code)
        code = read_regex(v, "reason", true, &row->reason, &row->reason_regex, e);
    return code;
}

static int read_document(struct profile *p, struct err *e)
{
    const struct json *limit = json_get(p->document, "limit");
    const struct json *outcomes = json_get(p->document, "outcomes");
    int code = check_keys(p->document, profile_keys, "", e);
    if (!code)
        code = read_command(json_get(p->document, "command"), p, e);
    if (!code)
        code = read_words(json_get(p->document, "arguments"), "/arguments", PROFILE_ARGUMENTS_MAX,
                          p->arguments, e);
    if (!code)
        code = read_choice(json_get(p->document, "auth"), auth_words, "/auth", "contract or none",
                           &p->no_auth, e);
    if (!code)
        code = read_choice(json_get(p->document, "urls"), urls_words, "/urls", "local or recorded",
                           &p->recorded_urls, e);
    if (code)
        return code;
    if (limit && !text_duration_ms(span_of(json_string(limit)), &p->limit_ms))
        return wrong("/limit", e, "a duration is wanted, such as \"90s\"");
    if (outcomes && json_kind(outcomes) != JSON_ARRAY)
        return wrong("/outcomes", e, "a list is wanted");
    for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
        if (p->row_count == PROFILE_ROWS_MAX)
            return err_set(e, ERR_LIMIT, "/outcomes", "at most %d rows", PROFILE_ROWS_MAX);
        uint32_t i = p->row_count++;
        code = read_row(v, &p->rows[i], e);
        if (code)
            return err_wrap(e, ERR_CONTRACT, "/outcomes/%u", i);
    }
    return 0;
}

int profile_load(const char *path, struct profile *out, struct err *e)
{
    *out = (struct profile){.path = path};
    int code = json_open_file(path, PROFILE_BYTES_MAX, true, &out->document, e);
    if (!code) {
        code = read_document(out, e);
        if (code)
            err_wrap(e, (enum err_code)code, "%s", path);
    }
    if (code)
        profile_fini(out);
    return code;
}

void profile_fini(struct profile *p)
{
    for (uint32_t i = 0; i < p->row_count; i++) {
        struct profile_row *row = &p->rows[i];
        if (row->output)
            regfree(&row->output_regex);
        if (row->url)
            regfree(&row->url_regex);
        if (row->reason)
            regfree(&row->reason_regex);
    }
    json_close(p->document);
    *p = (struct profile){0};
}

/* Copies what the group of a regex matched in the output; false when it is not found. */
static bool capture(const regex_t *regex, const char *output, char *out, size_t out_size)
{
    regmatch_t match[2];
    if (regexec(regex, output, 2, match, 0) != 0 || match[1].rm_so < 0)
        return false;
    struct span found = {output + match[1].rm_so, (size_t)(match[1].rm_eo - match[1].rm_so)};
    span_copy(span_trim(found), out, out_size);
    return true;
}

/* True when the row's exit code and all its regexes fit. view then has the URL and the reason. */
static bool row_fits(const struct profile_row *row, int exit_code, const char *output,
                     struct task_view *view)
{
    *view = (struct task_view){.progress = -1};
    if (row->exit_code >= 0 && row->exit_code != exit_code)
        return false;
    if (row->output && regexec(&row->output_regex, output, 0, NULL, 0) != 0)
        return false;
    if (row->url && !capture(&row->url_regex, output, view->url, sizeof view->url))
        return false;
    return !row->reason || capture(&row->reason_regex, output, view->reason, sizeof view->reason);
}

static void read_report(const struct profile *p, int exit_code, const char *output,
                        struct evidence *evidence)
{
    struct task_result *r = &evidence->result;
    for (uint32_t i = 0; p && i < p->row_count; i++) {
        if (!row_fits(&p->rows[i], exit_code, output, &r->view))
            continue;
        r->outcome = p->rows[i].outcome;
        return;
    }
    r->view = (struct task_view){.progress = -1};
    r->outcome = exit_code == 0 ? TASK_OUTCOME_SUCCEEDED : TASK_OUTCOME_FAILED;
    evidence->unspecific = exit_code != 0;
    struct span url = {0};
    if (exit_code == 0)
        output_url_find(span_of(output), evidence->scenario->expect.url, &url);
    span_copy(url, r->view.url, sizeof r->view.url);
}

/* Copies, of the URLs that the client fetched, the expected one, else the last. out stays
 * when none was. */
static void take_download(const struct evidence *evidence, char *out, size_t out_size)
{
    const struct downloads *d = &evidence->downloads;
    const char *expected = evidence->scenario->expect.url;
    for (uint32_t i = 0; i < d->count; i++) {
        span_copy(span_of(d->list[i].url), out, out_size);
        if (expected && strcmp(d->list[i].url, expected) == 0)
            return;
    }
}

void profile_read(const struct profile *p, int exit_code, const char *output,
                  struct evidence *evidence)
{
    struct task_result *r = &evidence->result;
    const struct trace *s = &evidence->trace;
    *r = (struct task_result){.polls = s->count, .view = {.progress = -1}};
    if (s->count > 0)
        r->elapsed_ms = s->polls[s->count - 1].ended_ms - s->polls[0].began_ms;
    bool by_signal = exit_code > SIGNAL_FIRST && exit_code <= SIGNAL_LAST;
    snprintf(r->why, sizeof r->why, "it ended with exit code %d%s%s", exit_code,
             by_signal ? ", signal " : "", by_signal ? sigabbrev_np(exit_code - SIGNAL_FIRST) : "");
    read_report(p, exit_code, output, evidence);
    if (r->outcome == TASK_OUTCOME_SUCCEEDED && r->view.url[0] == '\0')
        take_download(evidence, r->view.url, sizeof r->view.url);
}
