/* Targets: one pass over the path, one over the query. */
#include "target.h"
#include "query.h"

#include "base/text.h"

#include <string.h>

static bool has_control(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
            return true;
    return false;
}

/* Decodes s to *room, advances *room behind its terminator and returns it; NULL on a bad escape.
 * Decoding never makes a text longer, and the two terminators of a pair replace "&" and "=": a
 * pair without "=" needs one byte more than it had. target.text therefore has room for any query
 * within the limits. */
static const char *decode(struct span s, char **room, const char *end)
{
    char *text = *room;
    if (!text_percent_decode(s, text, (size_t)(end - text)))
        return NULL;
    *room += strlen(text) + 1;
    return text;
}

static int add_param(struct target *t, const struct query_pair *pair, char **room, struct err *e)
{
    const char *end = t->text + sizeof t->text;
    struct target_param param = {
        .name = decode(pair->name, room, end),
        .value = decode(pair->value, room, end),
    };
    if (!param.name || !param.value)
        return err_set(e, ERR_SYNTAX, "query", "bad percent escape in \"%.*s\"",
                       (int)(pair->text.n < 100 ? pair->text.n : 100), pair->text.p);
    if (target_param(t, param.name))
        return err_set(e, ERR_SYNTAX, "query", "parameter \"%.100s\" is given twice", param.name);
    if (t->param_count == TARGET_PARAMS_MAX)
        return err_set(e, ERR_LIMIT, "query", "more than %d parameters", TARGET_PARAMS_MAX);
    t->params[t->param_count++] = param;
    return ERR_OK;
}

static int parse_query(struct target *t, struct span text, struct err *e)
{
    char *room = t->text;
    struct query query = query_of(text);
    struct query_pair pair;
    int code = 0;
    while (!code && query_next(&query, &pair))
        if (pair.text.n != 0)
            code = add_param(t, &pair, &room, e);
    return code;
}

/* The length of "http://" or "https://" before an absolute form; 0 for any other. */
static size_t scheme_length(struct span text)
{
    return span_is_nocase(span_cut(text, 0, 7), "http://") ? 7
        : span_is_nocase(span_cut(text, 0, 8), "https://") ? 8
                                                           : 0;
}

bool target_has_form(struct span text)
{
    return span_starts(text, "/") || scheme_length(text) > 0;
}

/* "http://host/path" is "host" and "/path". Clients send this form to proxies; servers must accept
 * it too (RFC 9112 §3.2.2). */
static int split(struct span text, struct target *out, struct err *e)
{
    size_t skip = span_starts(text, "/") ? 0 : scheme_length(text), n = 0;
    if (skip == 0)
        return 0;
    struct span rest = span_cut(text, skip, text.n);
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != '#')
        n++;
    out->authority = span_cut(rest, 0, n);
    out->origin_form = n < rest.n ? span_cut(rest, n, rest.n) : span_of("/");
    if (n == 0)
        return err_set(e, ERR_SYNTAX, "target", "an absolute URL without a host");
    if (span_find(out->authority, '@') < n)
        return err_set(e, ERR_SYNTAX, "target", "a user before the host");
    return 0;
}

int target_parse(struct span text, struct target *out, struct err *e)
{
    out->path = span_of("/");
    out->authority = (struct span){NULL, 0};
    out->origin_form = text;
    out->param_count = 0;
    if (text.n > TARGET_BYTES_MAX)
        return err_set(e, ERR_LIMIT, "target", "longer than %d bytes", TARGET_BYTES_MAX);
    int code = split(text, out, e);
    text = out->origin_form;
    if (span_starts(text, "/"))
        out->path = span_cut(text, 0, span_find(text, '?'));
    else if (!code && out->authority.n == 0)
        code = err_set(e, ERR_SYNTAX, "target", "does not start with a slash");
    if (code)
        return code;
    if (has_control(text))
        return err_set(e, ERR_SYNTAX, "target", "holds a space or a control character");
    return parse_query(out, text, e);
}

const char *target_param(const struct target *t, const char *name)
{
    for (uint32_t i = 0; i < t->param_count; i++)
        if (strcmp(t->params[i].name, name) == 0)
            return t->params[i].value;
    return NULL;
}

uint32_t target_segments(struct span path, struct span out[TARGET_SEGMENTS_MAX])
{
    uint32_t count = 0;
    path = span_cut(path, 1, path.n);
    for (;;) {
        if (count == TARGET_SEGMENTS_MAX)
            return TARGET_SEGMENTS_MAX + 1;
        size_t slash = span_find(path, '/');
        out[count++] = span_cut(path, 0, slash);
        if (slash == path.n)
            return count;
        path = span_cut(path, slash + 1, path.n);
    }
}
