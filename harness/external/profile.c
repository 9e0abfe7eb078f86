/* Loads profiles. */
#include "profile.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { PROFILE_BYTES_MAX = 1 << 20 };

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

/* Compiles the expression at a key of a row; *out is NULL when there is none. captures: it must
 * have exactly one group, which gives the URL or the reason. What was compiled is the row's to free,
 * also on error. */
static int read_regex(const struct json *row, const char *key, bool captures, struct regex **out,
                      struct err *e)
{
    char pointer[32];
    const struct json *v = json_get(row, key);
    if (!v)
        return 0;
    snprintf(pointer, sizeof pointer, "/%s", key);
    const char *pattern = json_string(v);
    if (!pattern || strlen(pattern) > REGEX_PATTERN_MAX)
        return err_set(e, ERR_CONTRACT, pointer,
                       "a regular expression of at most %d bytes is wanted", REGEX_PATTERN_MAX);
    int code = regex_open(pattern, 0, out, e);
    if (code)
        return err_wrap(e, (enum err_code)code, "%s", pointer);
    if (captures && regex_group_count(*out) != 1)
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
        code = read_regex(v, "output", false, &row->output, e);
    if (!code)
        code = read_regex(v, "url", true, &row->url, e);
    if (!code)
        code = read_regex(v, "reason", true, &row->reason, e);
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
            return err_wrap(e, (enum err_code)code, "/outcomes/%u", i);
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
        regex_close(p->rows[i].output);
        regex_close(p->rows[i].url);
        regex_close(p->rows[i].reason);
    }
    json_close(p->document);
    *p = (struct profile){0};
}
