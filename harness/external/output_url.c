/* One pass over the output: at each place where a URL may begin it is read to its end, and the search
 * goes on behind it. */
#include "output_url.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum {
    NO_CHARACTER = -1, /* here stands nothing that can stand in a URL */
    ESCAPES_MAX = 7    /* backslashes before one character: JSON within JSON within JSON */
};

struct scan {
    struct span text;
    size_t at;     /* of the next byte */
    size_t looked; /* work done */
};

/* -- Characters ------------------------------------------------------------------------------- */

static bool is_url_character(int c)
{
    return c > ' ' && c < 0x7F && !strchr("\"<>\\^`{|}", c);
}

/* The character that "u002F" stands for; NO_CHARACTER when it is no such word. */
static int unicode_escape(struct span word)
{
    int value = 0;
    for (size_t i = 1; i < 5; i++) {
        int digit = i < word.n ? text_hex_value(word.p[i]) : -1;
        if (digit < 0)
            return NO_CHARACTER;
        value = value * 16 + digit;
    }
    return value;
}

/* What a run of backslashes and the word behind it stand for. */
static int escaped_character(struct span text, size_t *n)
{
    size_t slashes = 0;
    while (slashes < text.n && slashes <= ESCAPES_MAX && text.p[slashes] == '\\')
        slashes++;
    struct span word = span_cut(text, slashes, 5);
    *n = slashes + 1;
    if (slashes > ESCAPES_MAX || word.n == 0)
        return NO_CHARACTER;
    if (word.p[0] == '/')
        return '/';
    if (word.p[0] != 'u')
        return NO_CHARACTER;
    *n = slashes + word.n;
    return unicode_escape(word);
}

/* The URL's character at the scan's place, and of how many bytes it is made. A byte that is `expected`
 * (NO_CHARACTER: none) is one, whatever it is. */
static int look(struct scan *s, int expected, size_t *n)
{
    struct span left = span_cut(s->text, s->at, s->text.n);
    *n = 1;
    s->looked++;
    if (left.n == 0)
        return NO_CHARACTER;
    int c = (unsigned char)left.p[0];
    if (c == '\\') {
        c = escaped_character(left, n);
        s->looked += *n;
    }
    return c != NO_CHARACTER && (c == expected || is_url_character(c)) ? c : NO_CHARACTER;
}

/* -- One URL ---------------------------------------------------------------------------------- */

/* Takes the word, in any case; false, and the scan may be anywhere in it, when it is not here. */
static bool take_word(struct scan *s, const char *word)
{
    for (size_t n; *word != '\0'; word++) {
        if ((look(s, NO_CHARACTER, &n) | 0x20) != *word)
            return false;
        s->at += n;
    }
    return true;
}

/* Takes "http://" or "https://" and says which, as it is written plainly; NULL, and the scan is where it
 * was, when neither is here. */
static const char *take_scheme(struct scan *s)
{
    size_t begin = s->at;
    if (take_word(s, "http")) {
        size_t behind = s->at;
        if (take_word(s, "://"))
            return "http://";
        s->at = behind;
        if (take_word(s, "s://"))
            return "https://";
    }
    s->at = begin;
    return NULL;
}

static bool scheme_follows(struct scan *s)
{
    size_t at = s->at;
    bool follows = take_scheme(s) != NULL;
    s->at = at;
    return follows;
}

/* A URL while it is read. */
struct draft {
    const char *expected; /* NULL: none is */
    char *url;
    size_t room;
    size_t n;                 /* characters so far; those beyond the room are counted, not kept */
    size_t kept;              /* the same without punctuation at the end */
    int mark;                 /* the one in front of it, such as in _URL_; else NO_CHARACTER */
    bool reads_like;          /* all of it stands in the expected URL, at its beginning */
    bool goes_on_as_expected; /* beyond where another would have ended */
    size_t round, square;     /* brackets that are open */
};

/* The character that the expected URL goes on with. */
static int expected_next(const struct draft *d)
{
    int next = d->reads_like ? (unsigned char)d->expected[d->n] : 0;
    return next ? next : NO_CHARACTER;
}

static void add(struct draft *d, int c)
{
    d->reads_like = c == expected_next(d);
    if (d->n + 1 < d->room)
        d->url[d->n] = (char)c;
    d->n++;
    bool ends_sentence = c == d->mark || strchr(".,;:!?'*", c);
    if (!ends_sentence || (d->reads_like && d->expected[d->n] == '\0'))
        d->kept = d->n;
}

/* Counts brackets inside of the URL. False when c closes one that was opened in front of the URL. */
static bool balance(struct draft *d, int c)
{
    size_t *open = c == '(' || c == ')' ? &d->round : &d->square;
    if (c == '(' || c == '[')
        ++*open;
    if (c != ')' && c != ']')
        return true;
    if (*open == 0)
        return false;
    --*open;
    return true;
}

/* Whether a URL goes no further than to this character, which was looked at. */
static bool ends_at(struct scan *s, struct draft *d, int c, size_t bytes)
{
    if (!is_url_character(c) || !balance(d, c) || (c == '\'' && c == d->mark))
        return true;
    if (c != ',' && c != ';')
        return false;
    s->at += bytes;
    bool in_a_list = scheme_follows(s);
    s->at -= bytes;
    return in_a_list;
}

/* Takes the rest of a URL whose scheme was taken. */
static void take_url(struct scan *s, struct draft *d)
{
    for (;;) {
        int next = expected_next(d);
        size_t bytes;
        int c = look(s, next, &bytes);
        if (c == NO_CHARACTER)
            return;
        bool ends = ends_at(s, d, c, bytes);
        if (ends && c != next)
            return;
        d->goes_on_as_expected |= ends;
        s->at += bytes;
        add(d, c);
    }
}

/* The byte in front of a URL, when it is one that stands on both sides of what it marks. */
static int mark_before(struct span text, size_t at)
{
    char c = at > 0 ? text.p[at - 1] : '\0';
    return c == '\'' || c == '_' || c == '~' ? c : NO_CHARACTER;
}

/* Takes the URL at the scan's place. False when there is none, or url has not the room for it; the scan
 * is further in any case. */
static bool take(struct scan *s, const char *expected, char *url, size_t url_size,
                 bool *is_expected)
{
    size_t begin = s->at;
    struct draft d = {.expected = expected, .url = url, .room = url_size, .reads_like = expected};
    const char *scheme = take_scheme(s);
    if (!scheme) {
        s->at = begin + 1;
        return false;
    }
    d.mark = mark_before(s->text, begin);
    for (const char *c = scheme; *c != '\0'; c++)
        add(&d, *c);
    take_url(s, &d);
    bool fits = d.kept > strlen(scheme)
        && d.kept < url_size; /* else it has no host, or is too long */
    url[fits ? d.kept : 0] = '\0';
    *is_expected = fits && expected && strcmp(url, expected) == 0;
    if (*is_expected || !d.goes_on_as_expected)
        return fits;
    s->at = begin; /* it went on for nothing: read it as any other */
    return take(s, NULL, url, url_size, is_expected);
}

/* -- All of them ------------------------------------------------------------------------------ */

/* Moves to the next byte that a URL may begin with; false at the end. */
static bool seek(struct scan *s)
{
    for (; s->at < s->text.n; s->at++, s->looked++)
        if ((s->text.p[s->at] | 0x20) == 'h')
            return true;
    return false;
}

size_t output_url_find(struct span output, const char *expected, char *url, size_t url_size)
{
    struct scan s = {.text = output};
    size_t last = output.n; /* where the last one begins; output.n: there is none */
    bool is_expected = false;
    while (!is_expected && seek(&s)) {
        size_t begin = s.at;
        if (take(&s, expected, url, url_size, &is_expected))
            last = begin;
    }
    s.at = last;
    if (!is_expected && !take(&s, expected, url, url_size, &is_expected))
        url[0] = '\0';
    return s.looked;
}
