/* What a text says of its own secrets: pairs, users of URLs, credentials, keys with a known shape. */
#include "redact_scan.h"

#include "redact_name.h"

#include "base/base64.h"
#include "base/text.h"
#include "mockserver/message/encoded.h"

#include <string.h>

enum {
    DIGITS_MIN = 12,
    CODE_MIN = 6,
    PROSE_MIN = 6,
    KEY_MIN = 16,
    SECRET_WITH_PADDING = 8,
    CREDENTIALS_MAX = 64 << 10
};

struct scan {
    struct redact_marks *marks;
    size_t base;
    enum redact_scan how;
    const struct encoded_view *view;
};

static void mark(const struct scan *s, size_t at, size_t n, const char *kind, bool everywhere)
{
    if (n == 0)
        return;
    struct encoded_range r = encoded_origin(s->view, at, n);
    redact_mark(s->marks, s->base + r.from, r.to - r.from, span_cut(s->view->bytes, at, n), kind,
                everywhere);
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* -- Values ------------------------------------------------------------------------------------ */

static bool has_digit(struct span value)
{
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] >= '0' && value.p[i] <= '9')
            return true;
    return false;
}

/* "user:password": a user may be a key too, then there is often no password. */
static void learn_user(struct redact_marks *m, struct span both)
{
    size_t colon = span_find(both, ':');
    struct span user = span_cut(both, 0, colon), password = span_cut(both, colon + 1, both.n);
    bool is_key = password.n == 0 || (user.n >= KEY_MIN && has_digit(user));
    if (password.n > 0 && !m->code && !redact_is_placeholder(password))
        m->code = redactor_learn(m->r, password, m->e);
    if (is_key && user.n > 0 && !m->code && !redact_is_placeholder(user))
        m->code = redactor_learn(m->r, user, m->e);
}

/* The password of Basic credentials, and what it is written as, are known from now on. */
static void learn_basic(struct redact_marks *m, struct span base64)
{
    struct buf plain;
    buf_init(&plain, CREDENTIALS_MAX);
    if (!m->code && base64_decode(&plain, base64)) {
        struct span both = buf_span(&plain);
        learn_user(m, both);
    }
    buf_fini(&plain);
}

/* Behind a scheme that nobody knows stands what it is about: its last word is known from now on too, by itself. */
static void learn_last_word(struct redact_marks *m, struct span value)
{
    size_t from = value.n;
    while (from > 0 && value.p[from - 1] != ' ')
        from--;
    struct span word = span_cut(value, from, value.n);
    if (from > 0 && word.n >= SECRET_BYTES_MIN && !redact_is_placeholder(word)
        && !redact_is_plain_value(span_of(""), word) && !m->code)
        m->code = redactor_learn(m->r, word, m->e);
}

void redact_mark_credentials(struct redact_marks *m, struct span value, size_t base,
                             const char *kind)
{
    size_t scheme = redact_scheme_length(value);
    struct span secret = span_cut(value, scheme, value.n);
    if (redact_is_plain_value(span_of(""), secret))
        return;
    if (scheme == strlen("Basic ") && span_is_nocase(span_cut(value, 0, scheme), "Basic "))
        learn_basic(m, secret);
    if (scheme == 0)
        learn_last_word(m, value);
    redact_mark(m, base + scheme, secret.n, secret, kind, true);
}

void redact_scan_cookies(struct redact_marks *m, struct span value, size_t base, bool is_set)
{
    for (size_t at = 0; at < value.n;) {
        struct span pair = span_cut(value, at, span_find(span_cut(value, at, value.n), ';'));
        size_t equals = span_find(pair, '=');
        size_t from = equals < pair.n ? equals + 1 : 0;
        if (from == pair.n && pair.n >= SECRET_WITH_PADDING && has_digit(pair))
            from = 0; /* no name with an empty value, but base64 */
        struct span secret = span_trim(span_cut(pair, from, pair.n));
        if (secret.n >= 2 && secret.p[0] == '"' && secret.p[secret.n - 1] == '"')
            secret = span_cut(secret, 1, secret.n - 2);
        /* A short one such as lang=en is hidden here, but is no secret elsewhere, unless its name says so. */
        bool everywhere = secret.n >= SECRET_BYTES_MIN
            || redact_is_secret_name(span_trim(span_cut(pair, 0, equals)));
        if (secret.n > 0 && !redact_is_plain_value(span_of(""), secret))
            redact_mark(m, base + (size_t)(secret.p - value.p), secret.n, secret, "cookie",
                        everywhere);
        at += pair.n + 1;
        if (is_set)
            break; /* what follows are attributes */
    }
}

/* -- Pairs ------------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '$' || c == '%' || c == '+'
        || (unsigned char)c >= 0x80;
}

/* A name, what stands between it and its value, and the value. */
struct pair {
    struct span name, value;
    size_t value_at;
    char quote;    /* what the value is in; 0 when nothing */
    bool is_url;   /* it stands behind one of ? & # ; */
    bool is_prose; /* "name: value" within a line */
    bool line_start;
};

static size_t length_of(struct span s, const char *characters)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '\0' && strchr(characters, s.p[n]))
        n++;
    return n;
}

static size_t length_without(struct span s, const char *characters)
{
    size_t n = 0;
    while (n < s.n && !(s.p[n] != '\0' && strchr(characters, s.p[n])))
        n++;
    return n;
}

/* The value behind `between`: up to the quote that it began with, or to what ends a word. */
static void read_value(struct pair *p, struct span text, struct span between, size_t at)
{
    p->quote = 0;
    for (size_t i = between.n; i > 0 && (between.p[i - 1] == '"' || between.p[i - 1] == '\''); i--)
        p->quote = between.p[i - 1];
    struct span rest = span_cut(text, at, text.n);
    size_t n = 0;
    if (p->quote) {
        char ends[] = {p->quote, '\\', '\r', '\n', '\0'};
        n = length_without(rest, ends);
    } else {
        /* a parameter of a path ends before the query */
        bool in_path = p->is_url && p->name.p > text.p && p->name.p[-1] == ';';
        n = length_without(rest, in_path ? "/?&;#, \"'" : "&;, \t\"'<>(){}[]\\|\r\n");
        struct span word = span_cut(rest, 0, length_without(rest, "\r\n\"'\\"));
        size_t scheme = redact_scheme_length(word);
        if (scheme > 0 && scheme > n)
            n = scheme + length_without(span_cut(rest, scheme, rest.n), " ,;\t\"'<>\\\r\n");
    }
    p->value = span_cut(rest, 0, n);
    p->value_at = at;
}

/* The pair whose name begins at `at`; false when what follows the name makes it none. */
static bool read_pair(struct span text, size_t at, size_t name_n, struct pair *p)
{
    struct span rest = span_cut(text, at + name_n, text.n);
    struct span between = span_cut(rest, 0, length_of(rest, " \t'\"\\:=,>]"));
    size_t colon = span_find(between, ':'), equals = span_find(between, '=');
    bool has_comma = span_find(between, ',') < between.n,
         quoted = length_without(between, "'\"") < between.n;
    char before = at > 0 ? text.p[at - 1] : '\n';
    bool is_tag = before == '<' && between.n > 0 && between.p[0] == '>';
    if (is_tag)
        between = span_cut(between, 0, 1);
    else if (colon == between.n && equals == between.n && !(has_comma && quoted))
        return false;
    if (colon == between.n
        && equals < between.n) /* one sign ends the name: "a==" has the value "=" */
        between = span_cut(between, 0,
                           equals + 1
                               + length_of(span_cut(between, equals + 1, between.n), " \t'\"\\>"));
    p->name = span_cut(text, at, name_n);
    p->is_url = strchr("?&#;", before) && equals == 0 && before;
    p->line_start = before == '\n'
        || (at > 1 && strchr(" >*<", before) && (text.p[at - 2] == '\n' || at == 2));
    read_value(p, text, between, at + name_n + between.n);
    if (is_tag) /* up to its end tag; without one it is a word in brackets */
        p->value.n = length_without(span_cut(text, p->value_at, text.n), "<");
    if (is_tag && !span_starts(span_cut(text, p->value_at + p->value.n, 2), "</"))
        return false;
    p->is_prose = !p->quote && !p->line_start && span_find(between, ' ') < between.n;
    return p->value.n > 0;
}

static bool is_cookie_name(struct span name)
{
    return span_is_nocase(name, "Cookie") || span_is_nocase(name, "Set-Cookie");
}

static void mark_pair(const struct scan *s, const struct pair *p)
{
    bool is_code = span_is(p->name, "code") && p->is_url && p->value.n >= CODE_MIN
        && has_digit(p->value);
    if (s->how == SCAN_SHORT) {
        if (redact_is_short_known(s->marks->r, p->value))
            mark(s, p->value_at, p->value.n, "known secret", false);
        return;
    }
    if (!(is_code || redact_is_secret_name(p->name)) || redact_is_plain_value(p->name, p->value))
        return;
    if (s->how == SCAN_URLS && !p->is_url)
        return;
    if (p->is_prose && redact_scheme_length(p->value) == 0
        && (p->value.n < PROSE_MIN || (!has_digit(p->value) && p->value.n < 20)))
        return;
    struct span value = p->value;
    if (is_cookie_name(p->name) && !p->quote) /* all to the end of the line */
        value = span_cut(
            s->view->bytes, p->value_at,
            length_without(span_cut(s->view->bytes, p->value_at, s->view->bytes.n), "\r\n"));
    size_t scheme = redact_scheme_length(value);
    if (scheme == 6 && span_is_nocase(span_cut(value, 0, 5), "Basic"))
        learn_basic(s->marks, span_cut(value, scheme, value.n));
    bool everywhere = !redact_is_local_value(p->name, value);
    mark(s, p->value_at + scheme, value.n - scheme, p->is_url ? "parameter" : "value", everywhere);
}

static void scan_pairs(const struct scan *s)
{
    struct span text = s->view->bytes;
    for (size_t i = 0; i < text.n;) {
        size_t n = 0;
        while (i + n < text.n && is_name_char(text.p[i + n]))
            n++;
        struct pair pair;
        if (n > 0 && read_pair(text, i, n, &pair))
            mark_pair(s, &pair);
        i += n > 0 ? n : 1;
    }
}

/* -- Users of URLs, credentials, shapes -------------------------------------------------------- */

static void scan_users(const struct scan *s)
{
    struct span text = s->view->bytes;
    for (const char *found = text.p; text.n > 0;) {
        size_t at = (size_t)(found - text.p);
        found = memmem(text.p + at, text.n - at, "://", 3);
        if (!found)
            return;
        found += 3;
        at = (size_t)(found - text.p);
        struct span authority = span_cut(
            text, at, length_without(span_cut(text, at, text.n), "/?#\"'<>\\ \t\r\n"));
        size_t end = authority.n;
        while (end > 0 && authority.p[end - 1] != '@')
            end--;
        if (end < 2)
            continue;
        struct span user = span_cut(authority, 0, end - 1);
        learn_user(s->marks, user);
        mark(s, at, user.n, "user of a URL", true);
    }
}

static size_t key_length(struct span rest, const char *more)
{
    size_t n = 0;
    while (n < rest.n && (is_alnum(rest.p[n]) || (rest.p[n] && strchr(more, rest.p[n]))))
        n++;
    return n;
}

static bool is_jwt(struct span key)
{
    size_t first = span_find(key, '.');
    struct span rest = span_cut(key, first + 1, key.n);
    return first > 10 && span_find(rest, '.') < rest.n;
}

/* The length of a key at the start of rest that can be told by its shape; 0 when there is none. */
static size_t shape_length(struct span rest, const char **kind)
{
    static const struct {
        const char *start, *more, *kind;
        size_t min;
    } shapes[] = {
        {"eyJ", "-_.", "JSON web token", 20},     {"sk-", "-_", "API key", 20},
        {"sk_live_", "_", "API key", 20},         {"rk_live_", "_", "API key", 20},
        {"ghp_", "", "access token", 36},         {"gho_", "", "access token", 36},
        {"github_pat_", "_", "access token", 40}, {"glpat-", "-_", "access token", 20},
        {"xoxb-", "-", "access token", 20},       {"xoxp-", "-", "access token", 20},
        {"hf_", "", "access token", 30},          {"AKIA", "", "access key", 20},
        {"ASIA", "", "access key", 20},           {"AIza", "-_", "API key", 35},
        {"r8_", "", "access token", 30},          {"npm_", "", "access token", 36},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t n = span_starts(rest, shapes[i].start) ? key_length(rest, shapes[i].more) : 0;
        bool good = n >= shapes[i].min && has_digit(span_cut(rest, 0, n));
        *kind = shapes[i].kind;
        if (good && (i > 0 || is_jwt(span_cut(rest, 0, n))))
            return n;
    }
    static const char begin[] = "-----BEGIN ", end[] = "PRIVATE KEY-----";
    struct span line = span_cut(rest, 0, 64);
    const char *stop = span_starts(rest, begin) ? memmem(line.p, line.n, end, sizeof end - 1)
                                                : NULL;
    const char *last = stop
        ? memmem(stop + 1, rest.n - (size_t)(stop + 1 - rest.p), end, sizeof end - 1)
        : NULL;
    *kind = "private key";
    return last ? (size_t)(last - rest.p) + sizeof end - 1 : stop ? rest.n : 0;
}

static void scan_shapes(const struct scan *s)
{
    struct span text = s->view->bytes;
    for (size_t i = 0; i < text.n; i++) {
        const char *kind = "credentials";
        char before = i > 0 ? text.p[i - 1] : ' ';
        if (is_alnum(before) || !text.p[i] || !strchr("esrghxAn-bB", text.p[i]))
            continue;
        struct span rest = span_cut(text, i, text.n);
        size_t scheme = (rest.p[0] | 0x20) == 'b' && rest.n > 8
            ? redact_scheme_length(span_cut(rest, 0, 8))
            : 0;
        size_t n = scheme ? key_length(span_cut(rest, scheme, rest.n), "-._~+/=")
                          : shape_length(rest, &kind);
        struct span key = span_cut(rest, scheme, n);
        if (n == 0 || (scheme && (key.n < 6 || (!has_digit(key) && key.n < 16))))
            continue;
        if (scheme == 6)
            learn_basic(s->marks, key);
        mark(s, i + scheme, n, kind, true);
        i += scheme + n - 1;
    }
}

static int scan_view(const struct encoded_view *view, void *arg)
{
    struct scan *s = arg;
    s->view = view;
    if (!view->is_text)
        return 0;
    scan_pairs(s);
    if (s->how != SCAN_SHORT)
        scan_users(s);
    if (s->how == SCAN_ALL)
        scan_shapes(s);
    return s->marks->code;
}

void redact_scan_text(struct redact_marks *m, struct span text, size_t base, enum redact_scan how)
{
    struct scan s = {m, base, how, NULL};
    if (how == SCAN_SHORT && m->r->short_count == 0)
        return;
    int code = m->code || text.n == 0 ? m->code : encoded_each(text, DIGITS_MIN, scan_view, &s);
    if (code && !m->code)
        m->code = err_set(m->e, (enum err_code)code, NULL,
                          code == ERR_MEMORY ? "no memory to look for secrets"
                                             : "too much inside each other to look for secrets in");
}
