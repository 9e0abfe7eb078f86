/* Reads and writes durations, globs, names and percent escapes, finds the nearest word,
 * and draws numbers. */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NEAREST_LEN_MAX = 63 };

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_duration_ms(struct span text, int64_t *out)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    enum { UNITS = sizeof units / sizeof units[0] };

    *out = 0;
    int64_t number = 0; /* all digits, as if there were no point */
    int64_t scale = 1;  /* 10 for each digit after the point */
    size_t i = 0;
    bool point = false;
    for (; i < text.n && (is_digit(text.p[i]) || (text.p[i] == '.' && !point)); i++) {
        if (text.p[i] == '.') {
            point = true;
            if (i == 0 || i + 1 == text.n || !is_digit(text.p[i + 1]))
                return false;
            continue;
        }
        number = number * 10 + (text.p[i] - '0');
        scale = point ? scale * 10 : scale;
        if (number > DAY_MS * 1000 || scale > 1000000)
            return false;
    }
    struct span unit = span_cut(text, i, text.n);
    for (size_t u = 0; i > 0 && u < UNITS; u++) {
        if (!span_is(unit, units[u].name))
            continue;
        int64_t ms = number * units[u].ms;
        if (ms % scale != 0 || ms / scale > DAY_MS)
            return false;
        *out = ms / scale;
        return true;
    }
    return false;
}

const char *text_count_word(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* "1 h 30 m 2.5 s": the parts that are not zero, from the largest down. Nothing is allocated, so that times can be told
 * when memory is short. */
const char *text_of_ms(int64_t ms, char *out, size_t out_size)
{
    static const struct {
        char letter;
        uint64_t ms;
    } units[] = {{'h', 3600000}, {'m', 60000}};
    uint64_t left = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    char text[80], fraction[8] = "";
    size_t n = (size_t)snprintf(text, sizeof text, "%s", ms < 0 ? "-" : "");
    if (left < 1000) {
        (void)snprintf(text + n, sizeof text - n, "%" PRIu64 " ms", left);
        (void)snprintf(out, out_size, "%s", text);
        return out;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (left >= units[i].ms)
            n += (size_t)snprintf(text + n, sizeof text - n, "%" PRIu64 " %c ", left / units[i].ms,
                                  units[i].letter);
        left %= units[i].ms;
    }
    if (left % 1000 != 0) {
        int digits = snprintf(fraction, sizeof fraction, ".%03u", (unsigned)(left % 1000));
        while (digits > 0 && fraction[digits - 1] == '0')
            fraction[--digits] = '\0';
    }
    if (left > 0)
        n += (size_t)snprintf(text + n, sizeof text - n, "%" PRIu64 "%s s ", left / 1000, fraction);
    text[n - 1] = '\0'; /* the blank behind the last part */
    (void)snprintf(out, out_size, "%s", text);
    return out;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours from a to b; case ignored. */
static size_t edits(struct span a, struct span b)
{
    size_t rows[3][NEAREST_LEN_MAX + 1];
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *higher = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = lower(a.p[i - 1]);
            char y = lower(b.p[j - 1]);
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + (x == y ? 0 : 1));
            if (i > 1 && j > 1 && x == lower(b.p[j - 2]) && y == lower(a.p[i - 2]))
                now[j] = least(now[j], higher[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

const char *text_nearest(const char *word, const char *const *candidates)
{
    struct span w = span_of(word);
    if (w.n == 0 || w.n > NEAREST_LEN_MAX)
        return NULL;
    const char *nearest = NULL;
    size_t fewest = NEAREST_LEN_MAX;
    for (; *candidates; candidates++) {
        struct span c = span_of(*candidates);
        if (c.n == 0 || c.n > NEAREST_LEN_MAX)
            continue;
        size_t n = edits(w, c);
        /* A likely typing slip: at most one edit for three letters of the longer word, or one. */
        size_t likely = w.n > c.n ? w.n / 3 : c.n / 3;
        if (n < fewest && n <= (likely > 1 ? likely : 1) && n < least(w.n, c.n)) {
            fewest = n;
            nearest = *candidates;
        }
    }
    return nearest;
}

/* Matches c against the class that starts at p[0] == '['. Returns the first byte after the class,
 * or NULL when no ']' closes it. "]" right after "[" or "[!" stands for itself. */
static const char *match_class(const char *p, char c, bool *matched)
{
    const unsigned char byte = (unsigned char)c;
    p++;
    bool inverted = *p == '!' || *p == '^';
    if (inverted)
        p++;
    bool in = false;
    for (const char *first = p; *p != '\0' && (*p != ']' || p == first); p++) {
        unsigned char from = (unsigned char)*p;
        unsigned char to = from;
        if (p[1] == '-' && p[2] != ']' && p[2] != '\0') {
            to = (unsigned char)p[2];
            p += 2;
        }
        if (from <= byte && byte <= to)
            in = true;
    }
    *matched = in != inverted;
    return *p == ']' ? p + 1 : NULL;
}

/* Matches one byte of text against one element of the pattern. NULL: no match. */
static const char *match_one(const char *pattern, char c)
{
    if (*pattern == '?')
        return pattern + 1;
    if (*pattern == '[') {
        bool matched = false;
        const char *after = match_class(pattern, c, &matched);
        if (after)
            return matched ? after : NULL;
    }
    return *pattern == c ? pattern + 1 : NULL;
}

bool text_glob(const char *pattern, const char *text)
{
    /* On a mismatch only the last star is made to match one byte more. Earlier stars need
     * no other try: what follows them has matched as early as it can, so a longer match
     * there cannot help. */
    const char *star = NULL;
    const char *star_text = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
            continue;
        }
        const char *next = *pattern != '\0' ? match_one(pattern, *text) : NULL;
        if (next) {
            pattern = next;
            text++;
            continue;
        }
        if (!star)
            return false;
        pattern = star;
        text = ++star_text;
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool is_word(char c)
{
    char l = lower(c);
    return (l >= 'a' && l <= 'z') || is_digit(c) || c == '.' || c == '_' || c == '-';
}

bool text_is_name(struct span text)
{
    if (text.n < 1 || text.n > 100 || text.p[0] == '.')
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (!is_word(text.p[i]))
            return false;
    }
    return true;
}

int text_hex_value(char c)
{
    char l = lower(c);
    if (is_digit(c))
        return c - '0';
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

static bool percent_decode(struct span text, char *out, size_t out_size)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 1 < text.n ? text_hex_value(text.p[i + 1]) : -1;
            int low = i + 2 < text.n ? text_hex_value(text.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0' || n + 1 >= out_size)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

bool text_percent_decode(struct span text, char *out, size_t out_size)
{
    if (out_size == 0)
        return false;
    if (percent_decode(text, out, out_size))
        return true;
    out[0] = '\0';
    return false;
}

void text_percent_encode(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (is_word(text.p[i]) || text.p[i] == '~')
            buf_add_char(out, text.p[i]);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)text.p[i]);
    }
}

uint64_t text_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

const char *text_saved_wrong(struct span file)
{
    if (span_starts(file, "\xEF\xBB\xBF"))
        return "a byte order mark stands first: save the file as UTF-8 without one";
    if (span_starts(file, "\xFF\xFE") || span_starts(file, "\xFE\xFF")
        || (file.n > 1 && (file.p[0] == '\0') != (file.p[1] == '\0')))
        return "the file is UTF-16: save it as UTF-8";
    if (span_starts(file, "\x1F\x8B"))
        return "the file is compressed (gzip): unpack it first";
    return NULL;
}
