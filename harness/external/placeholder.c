/* The table of placeholders, and the check for names that are none. */
#include "placeholder.h"

#include "base/span.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, KNOWN_MAX = 256 };

static const struct {
    const char *text, *variable;
} table[PLACEHOLDERS] = {
    [PLACEHOLDER_BASE_URL] = {"{base_url}", "MOCK_BASE_URL"},
    [PLACEHOLDER_TASK_ID] = {"{task_id}", "MOCK_TASK_ID"},
    [PLACEHOLDER_TOKEN] = {"{token}", "MOCK_TOKEN"},
    [PLACEHOLDER_INTERVAL] = {"{interval}", "MOCK_INTERVAL"},
    [PLACEHOLDER_TIMEOUT] = {"{timeout}", "MOCK_TIMEOUT"},
    [PLACEHOLDER_APP_ID] = {"{app_id}", "MOCK_APP_ID"},
    [PLACEHOLDER_SECRET] = {"{secret}", "MOCK_SECRET"},
    [PLACEHOLDER_GOAL] = {"{goal}", "MOCK_GOAL"},
    [PLACEHOLDER_UPSTREAM] = {"{upstream}", "MOCK_UPSTREAM"},
    [PLACEHOLDER_ASSET_URL] = {"{asset_url}", "MOCK_ASSET_URL"},
    [PLACEHOLDER_SPEED] = {"{speed}", "MOCK_SPEED"},
    [PLACEHOLDER_PROMPT] = {"{prompt}", "MOCK_PROMPT"},
};

const char *placeholder_text(enum placeholder which)
{
    return table[which].text;
}

const char *placeholder_variable(enum placeholder which)
{
    return table[which].variable;
}

bool placeholder_is_in(enum placeholder which, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (strstr(words[i], table[which].text))
            return true;
    return false;
}

/* The length of "{name}" at the beginning of text; 0 when none is there. */
static size_t braced(const char *text)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t n = strspn(text + 1, names);
    bool is_name = n > strspn(text + 1, "0123456789_-"); /* with a letter: {1,3} is none */
    return is_name && text[n + 1] == '}' ? n + 2 : 0;
}

static bool is_placeholder(const char *text)
{
    for (int i = 0; i < PLACEHOLDERS; i++)
        if (strncmp(text, table[i].text, strlen(table[i].text)) == 0)
            return true;
    return false;
}

static int complain(struct span word, bool is_script, struct err *e)
{
    const char *candidates[PLACEHOLDERS + 1] = {NULL};
    char text[NAME_MAX_BYTES], known[KNOWN_MAX];
    size_t n = 0;
    for (int i = 0; i < PLACEHOLDERS; i++) {
        candidates[i] = table[i].text;
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i > 0 ? " " : "", table[i].text);
    }
    const char *near = span_copy(word, text, sizeof text) ? text_nearest(text, candidates) : NULL;
    if (near)
        return err_set(e, ERR_USAGE, NULL, "%.*s is no placeholder; nearest: %s", (int)word.n,
                       word.p, near);
    return is_script
        ? 0
        : err_set(e, ERR_USAGE, NULL, "%.*s is no placeholder; known are %s",
                  (int)(word.n < NAME_MAX_BYTES ? word.n : NAME_MAX_BYTES), word.p, known);
}

int placeholder_check(const char *word, struct err *e)
{
    bool is_script = strpbrk(word, " \t\n\"'") != NULL;
    int code = 0;
    for (const char *at = strchr(word, '{'); !code && at; at = strchr(at + 1, '{')) {
        bool is_foreign = at > word && strchr("${%", at[-1]);
        size_t n = is_foreign ? 0 : braced(at);
        if (n > 0 && !is_placeholder(at))
            code = complain((struct span){at, n}, is_script, e);
    }
    return code;
}
