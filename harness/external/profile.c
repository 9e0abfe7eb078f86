/* Loads profiles: one function a key, each error with line and column. */
#include "profile.h"

#include "base/file.h"
#include "base/json/json_doc.h"
#include "base/text.h"
#include "harness/rules/rules.h"
#include "placeholder.h"

#include <string.h>

enum { PROFILE_BYTES_MAX = 1 << 20, RULE_NAMES_MAX = 64 };

static int read_any_text(const struct json_doc *p, void *profile, struct err *e)
{
    (void)profile;
    return json_doc_kind(p, JSON_STRING, e);
}

/* -- The command ------------------------------------------------------------------------------ */

static int read_words(const struct json_doc *list, int max, const char **words, struct err *e)
{
    struct err cause;
    int count = 0;
    int code = json_doc_kind(list, JSON_ARRAY, e);
    for (struct json_doc p = json_doc_first(list); !code && p.value; json_doc_next(&p)) {
        if (count == max)
            return json_doc_error(&p, ERR_LIMIT, e, "\"%s\" has more than %d words", list->key,
                                  max);
        code = json_doc_kind(&p, JSON_STRING, e);
        words[count] = code ? NULL : json_string(p.value);
        if (!code && placeholder_check(words[count], &cause) != 0)
            code = json_doc_error(&p, cause.code, e, "%s", cause.what);
        count++;
    }
    return code;
}

static int read_command(const struct json_doc *p, void *profile, struct err *e)
{
    const char **command = ((struct profile *)profile)->command;
    int code = read_words(p, PROFILE_COMMAND_MAX, command, e);
    if (!code && (!command[0] || command[0][0] == '\0'))
        code = json_doc_error(p, ERR_CONTRACT, e,
                              "\"command\" must begin with a word that is not empty: the program");
    return code;
}

static int read_arguments(const struct json_doc *p, void *profile, struct err *e)
{
    return read_words(p, PROFILE_ARGUMENTS_MAX, ((struct profile *)profile)->arguments, e);
}

/* -- Rows of outcomes ------------------------------------------------------------------------- */

static int read_outcome(const struct json_doc *p, void *row, struct err *e)
{
    static const char *const words[] = {"succeeded", "failed", "error", "gave_up", NULL};
    size_t word = 0;
    int code = json_doc_word(p, words, &word, e);
    ((struct profile_row *)row)->outcome = (enum task_outcome)word;
    return code;
}

static int read_exit(const struct json_doc *p, void *row, struct err *e)
{
    return json_doc_int(p, 0, 255, &((struct profile_row *)row)->exit_code, e);
}

/* Compiles the expression. captures: it must have exactly one group, which gives the URL or the
 * reason. What was compiled is the row's to free, also on error. */
static int read_regex(const struct json_doc *p, bool captures, struct regex **out, struct err *e)
{
    struct err cause = {0};
    const char *pattern = json_string(p->value);
    if (!pattern || strlen(pattern) > REGEX_PATTERN_MAX)
        return json_doc_error(p, ERR_CONTRACT, e,
                              "\"%s\" must be a regular expression of at most %d bytes", p->key,
                              REGEX_PATTERN_MAX);
    int code = regex_open(pattern, 0, out, &cause);
    if (code)
        return json_doc_error(p, (enum err_code)code, e, "\"%s\" at %s: %s", p->key, cause.where,
                              cause.what);
    if (captures && regex_group_count(*out) != 1)
        return json_doc_error(p, ERR_CONTRACT, e, "\"%s\" must have exactly one capture: (...)",
                              p->key);
    return 0;
}

static int read_output(const struct json_doc *p, void *row, struct err *e)
{
    return read_regex(p, false, &((struct profile_row *)row)->output, e);
}

static int read_url(const struct json_doc *p, void *row, struct err *e)
{
    return read_regex(p, true, &((struct profile_row *)row)->url, e);
}

static int read_reason(const struct json_doc *p, void *row, struct err *e)
{
    return read_regex(p, true, &((struct profile_row *)row)->reason, e);
}

static int read_outcomes(const struct json_doc *list, void *profile, struct err *e)
{
    static const struct json_doc_field fields[] = {
        {"outcome", true, read_outcome}, {"exit", false, read_exit},
        {"output", false, read_output},  {"url", false, read_url},
        {"reason", false, read_reason},  {0}};
    struct profile *p = profile;
    int code = json_doc_kind(list, JSON_ARRAY, e);
    for (struct json_doc row = json_doc_first(list); !code && row.value; json_doc_next(&row)) {
        if (p->row_count == PROFILE_ROWS_MAX)
            return json_doc_error(&row, ERR_LIMIT, e, "\"outcomes\" has more than %d rows",
                                  PROFILE_ROWS_MAX);
        struct profile_row *r = &p->rows[p->row_count++];
        r->exit_code = -1;
        code = json_doc_object(&row, fields, r, e);
    }
    return code;
}

/* -- How it is run and judged ----------------------------------------------------------------- */

/* Reads one of two words; *out is true for the second. The first is the default. */
static int read_choice(const struct json_doc *p, const char *const *words, bool *out, struct err *e)
{
    size_t word = 0;
    int code = json_doc_word(p, words, &word, e);
    *out = word == 1;
    return code;
}

static int read_auth(const struct json_doc *p, void *profile, struct err *e)
{
    static const char *const words[] = {"contract", "none", NULL};
    return read_choice(p, words, &((struct profile *)profile)->no_auth, e);
}

static int read_urls(const struct json_doc *p, void *profile, struct err *e)
{
    static const char *const words[] = {"local", "recorded", NULL};
    return read_choice(p, words, &((struct profile *)profile)->recorded_urls, e);
}

static int read_limit(const struct json_doc *p, void *profile, struct err *e)
{
    return json_doc_duration(p, &((struct profile *)profile)->limit_ms, e);
}

static int read_time(const struct json_doc *p, int64_t *ms, struct err *e)
{
    int code = json_doc_duration(p, ms, e);
    if (!code && *ms == 0)
        code = json_doc_error(p, ERR_CONTRACT, e, "\"%s\" must be longer than 0", p->key);
    return code;
}

static int read_bound(const struct json_doc *p, void *profile, struct err *e)
{
    return read_time(p, &((struct profile *)profile)->bound_ms, e);
}

static int read_interval(const struct json_doc *p, void *profile, struct err *e)
{
    return read_time(p, &((struct profile *)profile)->interval_ms, e);
}

static int read_goal(const struct json_doc *p, void *profile, struct err *e)
{
    return json_doc_text(p, &((struct profile *)profile)->goal, e);
}

static int read_tasks(const struct json_doc *p, void *profile, struct err *e)
{
    int64_t tasks = 1;
    int code = json_doc_int(p, 1, PROFILE_TASKS_MAX, &tasks, e);
    ((struct profile *)profile)->tasks = (uint32_t)tasks;
    return code;
}

static int read_off(const struct json_doc *p, void *profile, struct err *e)
{
    const char *known[RULE_NAMES_MAX] = {NULL};
    char hint[256];
    int code = rules_off_read(p, &((struct profile *)profile)->rules_off, e);
    size_t n = 0;
    for (const struct rule *r = rules(); r->name && n + 1 < RULE_NAMES_MAX; r++)
        known[n++] = r->name;
    for (struct json_doc row = json_doc_first(p); !code && row.value; json_doc_next(&row))
        if (!rule_find(row.key))
            code = json_doc_key_error(&row, e, "no rule \"%s\"%s", row.key,
                                      json_doc_hint(row.key, known, hint, sizeof hint));
    return code;
}

static int read_rules(const struct json_doc *p, void *profile, struct err *e)
{
    static const struct json_doc_field fields[] = {{"off", false, read_off}, {0}};
    return json_doc_object(p, fields, profile, e);
}

/* -- The file --------------------------------------------------------------------------------- */

static int read_document(const struct json_doc *root, struct profile *p, struct err *e)
{
    static const struct json_doc_field fields[] = {{"$schema", false, read_any_text},
                                                   {"command", false, read_command},
                                                   {"arguments", false, read_arguments},
                                                   {"outcomes", false, read_outcomes},
                                                   {"auth", false, read_auth},
                                                   {"urls", false, read_urls},
                                                   {"limit", false, read_limit},
                                                   {"bound", false, read_bound},
                                                   {"interval", false, read_interval},
                                                   {"goal", false, read_goal},
                                                   {"tasks", false, read_tasks},
                                                   {"rules", false, read_rules},
                                                   {0}};
    return json_doc_object(root, fields, p, e);
}

int profile_load(const char *path, struct profile *out, struct err *e)
{
    struct buf text;
    *out = (struct profile){.path = path, .bound_ms = -1, .interval_ms = -1, .tasks = 1};
    buf_init(&text, PROFILE_BYTES_MAX);
    int code = file_read(path, &text, e);
    if (!code) {
        json_blank_comments(text.p, text.n);
        struct json_doc_file file = {.path = path, .text = buf_span(&text)};
        code = json_doc_open(&file, &out->document, e);
        struct json_doc root = json_doc_root(&file, out->document, "");
        if (!code)
            code = read_document(&root, out, e);
    }
    buf_fini(&text);
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
