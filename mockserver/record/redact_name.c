/* Names that stand before secrets, word by word. */
#include "redact_name.h"

#include "redactor.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Anywhere in a name whose separators are left out. */
static const char *const parts[] = {
    "token",   "secret",     "key",    "sign",   "auth", "passw", "passphrase", "passcode", "jwt",
    "session", "credential", "cookie", "bearer", "hmac", "csrf",  "xsrf",       "dpop",     NULL};

/* As a word of their own only: "sid", but not "inside". */
static const char *const words[] = {"sig",  "sas", "sid",  "pwd",    "pw",    "pass", "pin", "otp",
                                    "totp", "mfa", "dpop", "ticket", "creds", "cred", "psk", NULL};

/* Read over before the parts are looked for. */
static const char *const harmless_parts[] = {
    "author", "keyword", "keyframe", "keyboard", "keypoint", "monkey", "turkey",  "hockey",
    "donkey", "design",  "signal",   "assign",   "tokeniz",  "signup", "keynote", NULL};

/* What a name of these ends with is about the secret. */
static const char *const harmless_ends[] = {
    "type",   "version", "method",     "algorithm", "alg",     "nonce",    "ttl",  "count",
    "counts", "limit",   "remaining",  "expiry",    "expires", "length",   "size", "status",
    "scope",  "scopes",  "expiration", "reset",     "headers", "provider", "mode", NULL};

/* Whole names, without separators. */
static const char *const harmless_names[] = {"idempotencykey",
                                             "xidempotencykey",
                                             "surrogatekey",
                                             "cachekey",
                                             "xcachekey",
                                             "secwebsocketkey",
                                             "wwwauthenticate",
                                             "proxyauthenticate",
                                             "accesscontrolallowcredentials",
                                             "authority",
                                             "tokensin",
                                             "tokensout",
                                             "keepalive",
                                             "expiresin",
                                             "expiresat",
                                             "keypairid",
                                             NULL};

enum { WORD_MAX = 16 };

static bool is_one_of(struct span text, const char *const *list)
{
    for (; *list; list++)
        if (span_is(text, *list))
            return true;
    return false;
}

/* A name as words in small letters, a blank between them; a capital behind a small letter begins one too. */
static struct span words_of(struct span name, char out[2 * REDACT_NAME_MAX])
{
    size_t n = 0;
    char before = 0;
    for (size_t i = 0; i < name.n && i < REDACT_NAME_MAX; i++) {
        char c = name.p[i];
        bool capital = c >= 'A' && c <= 'Z';
        bool small = c >= 'a' && c <= 'z';
        bool plain = capital || small || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (n > 0 && out[n - 1] != ' ' && (!plain || (capital && before >= 'a' && before <= 'z')))
            out[n++] = ' ';
        if (plain)
            out[n++] = (char)(capital ? c | 0x20 : c);
        before = c;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return (struct span){out, n};
}

/* The words without blanks between them, and without what is harmless. */
static struct span joined(struct span words_text, bool keep_harmless, char out[2 * REDACT_NAME_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < words_text.n; i++)
        if (words_text.p[i] != ' ')
            out[n++] = words_text.p[i];
    out[n] = '\0';
    for (const char *const *h = harmless_parts; !keep_harmless && *h; h++)
        for (char *at = strstr(out, *h); at; at = strstr(at + 1, *h)) {
            const char *rest = at + strlen(*h);
            bool is_author = strcmp(*h, "author") == 0;
            if (!is_author || (strncmp(rest, "iz", 2) != 0 && strncmp(rest, "is", 2) != 0))
                memset(at, ' ', strlen(*h));
        }
    return (struct span){out, n};
}

static bool has_word(struct span text, const char *const *list)
{
    while (text.n > 0) {
        size_t end = span_find(text, ' ');
        if (is_one_of(span_cut(text, 0, end), list))
            return true;
        text = span_cut(text, end + 1, text.n);
    }
    return false;
}

static struct span last_word(struct span text)
{
    size_t from = text.n;
    while (from > 0 && text.p[from - 1] != ' ')
        from--;
    return span_cut(text, from, text.n);
}

static bool is_secret_plain(struct span name)
{
    char spaced[2 * REDACT_NAME_MAX + 1], close[2 * REDACT_NAME_MAX + 1];
    struct span text = words_of(name, spaced);
    if (is_one_of(joined(text, true, close), harmless_names)
        || is_one_of(last_word(text), harmless_ends) || strstr(close, "expires"))
        return false;
    if (has_word(text, words))
        return true;
    joined(text, false, close);
    for (const char *const *part = parts; *part; part++)
        if (strstr(close, *part))
            return true;
    return false;
}

bool redact_is_secret_name(struct span name)
{
    char plain[2][REDACT_NAME_MAX + 1];
    struct span text = span_cut(name, 0, REDACT_NAME_MAX);
    for (int round = 0; round < 4 && span_find(text, '%') < text.n; round++) {
        char *room = plain[round % 2];
        if (!text_percent_decode(text, room, sizeof plain[0]))
            break;
        text = span_of(room);
    }
    return text.n > 0 && is_secret_plain(text);
}

static bool is_number(struct span value)
{
    static const char unit[] = "smhd.,";
    size_t i = 0;
    while (i < value.n
           && ((value.p[i] >= '0' && value.p[i] <= '9') || (i > 0 && strchr(unit, value.p[i]))))
        i++;
    return value.n > 0 && i == value.n;
}

static bool counts_tokens(struct span name)
{
    char spaced[2 * REDACT_NAME_MAX + 1];
    struct span text = words_of(name, spaced);
    static const char *const count[] = {"tokens", "keys", "sessions", NULL};
    return has_word(text, count);
}

/* What documents write in place of a secret: YOUR_API_KEY, <token>, ${TOKEN}, {token}, ***. */
static bool is_to_fill_in(struct span value)
{
    size_t scheme = redact_scheme_length(value);
    struct span v = span_cut(value, scheme, value.n);
    char last = v.n > 1 ? v.p[v.n - 1] : '\0';
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] <= ' ' || strchr("\":,/+=", v.p[i]))
            return false;
    if (v.n > 4 && strncasecmp(v.p, "your", 4) == 0 && (v.p[4] == '_' || v.p[4] == '-'))
        return true;
    return (last == '>' && v.p[0] == '<') || (last == '}' && (v.p[0] == '{' || v.p[0] == '$'))
        || (v.n > 0 && span_starts(v, "***"));
}

bool redact_is_plain_value(struct span name, struct span value)
{
    static const char *const plain[] = {"true", "false", "null", "none", "undefined", NULL};
    char small[16];
    if (value.n == 0 || redact_is_placeholder(value) || is_to_fill_in(value)
        || (is_number(value) && counts_tokens(name)))
        return true;
    if (!span_copy(value, small, sizeof small))
        return false;
    for (char *c = small; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    return is_one_of(span_of(small), plain);
}

size_t redact_scheme_length(struct span credentials)
{
    static const char *const schemes[] = {"Bearer",
                                          "Basic",
                                          "Digest",
                                          "Token",
                                          "Key",
                                          "ApiKey",
                                          "Api-Key",
                                          "Negotiate",
                                          "NTLM",
                                          "DPoP",
                                          "Bot",
                                          "OAuth",
                                          "GoogleLogin",
                                          "Signature",
                                          "HMAC",
                                          "HMAC-SHA256",
                                          "AWS4-HMAC-SHA256",
                                          "Hawk",
                                          "Session",
                                          NULL};
    size_t space = span_find(credentials, ' ');
    for (const char *const *s = schemes; space < credentials.n && *s; s++)
        if (span_is_nocase(span_cut(credentials, 0, space), *s)) {
            while (space < credentials.n && credentials.p[space] == ' ')
                space++;
            return space;
        }
    return 0;
}

bool redact_is_local_value(struct span name, struct span value)
{
    static const char *const strong[] = {"passw", "secret", "cookie", "passphrase", "pwd", NULL};
    char spaced[2 * REDACT_NAME_MAX + 1], close[2 * REDACT_NAME_MAX + 1];
    for (size_t i = 0; i < value.n; i++)
        if (!(value.p[i] >= 'a' && value.p[i] <= 'z') && value.p[i] != '_' && value.p[i] != ' ')
            return false;
    joined(words_of(name, spaced), true, close);
    for (const char *const *word = strong; *word; word++)
        if (strstr(close, *word))
            return false;
    return value.n < WORD_MAX;
}
