/* The scan: the grammar of RFC 8259, UTF-8 and limits. Builds nothing.
 *
 * One loop over the bytes with a stack of open brackets. The keys of open objects are kept on a
 * second stack, a hash and an offset each; when an object closes its keys are compared, by hash
 * first, and by the unescaped characters when hashes agree. Many keys are sorted, so that a hostile
 * text costs no more than n log n.
 *
 * What the grammar allows and no reader can use (half a surrogate pair, \u0000, a number beyond a
 * double, a key twice) is noted in a plain scan and an error in a strict one. When a text fails a
 * strict scan elsewhere first, the objects still open are checked too, and the error that stands
 * earliest in the text is reported. */
#include "json_inner.h"

#include "base/grow.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEYS_AT_FIRST = 64, /* on the C stack; more go to the heap */
    FEW_KEYS = 32,      /* compared pair by pair */
    HASHED_BYTES = 16,
    NUMBER_SURE = 300 /* bytes: a number that long needs an exponent to leave the range */
};

struct key {
    uint32_t hash;
    uint32_t at; /* its opening quote */
};

struct level {
    bool object;
    size_t keys_from;
};

struct scan {
    const char *text;
    size_t n;
    size_t i;
    bool strict;
    struct json_traits traits;
    unsigned depth;
    struct level levels[JSON_DEPTH_MAX];
    struct key *keys; /* of all open objects, innermost last */
    size_t keys_n, keys_room;
    struct key first_keys[KEYS_AT_FIRST];
    /* the fault */
    enum err_code code;
    size_t fault_at;
    const char *fault;
};

/* Classes of bytes inside a string. */
enum byte_class { PLAIN, QUOTE, ESCAPE, CONTROL, BEYOND_ASCII };

static const uint8_t classes[256] = {
    [0 ... 31] = CONTROL,
    ['"'] = QUOTE,
    ['\\'] = ESCAPE,
    [128 ... 255] = BEYOND_ASCII,
};

static bool fail(struct scan *s, enum err_code code, size_t at, const char *fault)
{
    s->code = code;
    s->fault_at = at;
    s->fault = fault;
    return false;
}

static bool wrong(struct scan *s, const char *fault)
{
    return fail(s, ERR_SYNTAX, s->i, s->i < s->n ? fault : "the text ends too early");
}

/* The byte at i, or 0 behind the end: a zero byte is valid nowhere in JSON. */
static char byte_at(const struct scan *s, size_t i)
{
    return i < s->n ? s->text[i] : '\0';
}

/* Keys: hashing, comparing */

static uint32_t hash_of_key(const char *p, const char *end)
{
    uint32_t hash = HASH32_START;
    size_t hashed = 0;
    while (hashed < HASHED_BYTES && *p != '"') {   /* the closing quote comes before end */
        if (classes[(unsigned char)*p] == PLAIN) { /* most are: not worth a call */
            hash = hash32_step(hash, (unsigned char)*p++);
            hashed++;
            continue;
        }
        char bytes[4];
        size_t n = json_next_char(&p, end, bytes);
        for (size_t i = 0; i < n; i++)
            hash = hash32_step(hash, (unsigned char)bytes[i]);
        hashed += n;
    }
    return hash;
}

static int compare_keys(const struct scan *s, const struct key *a, const struct key *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    const char *p = s->text + a->at + 1;
    const char *q = s->text + b->at + 1;
    const char *end = s->text + s->n;
    for (;;) {
        char x[4] = {0};
        char y[4] = {0};
        size_t n = json_next_char(&p, end, x);
        int order = (int)n - (int)json_next_char(&q, end, y); /* \u0000 is one byte, the end none */
        if (order == 0)
            order = memcmp(x, y, sizeof x);
        if (order != 0 || n == 0)
            return order;
    }
}

static int by_key_then_place(const void *a, const void *b, void *scan)
{
    const struct key *x = a;
    const struct key *y = b;
    int order = compare_keys(scan, x, y);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* Offset of the first key of a level that stood there before; s->n when there is none. */
static size_t first_repeated(const struct scan *s, size_t from, size_t to)
{
    size_t first = s->n;
    struct key *keys = s->keys;
    if (to - from <= FEW_KEYS) {
        for (size_t i = from + 1; i < to; i++) {
            uint32_t hash = keys[i].hash; /* the compiler does not see that it stays */
            for (size_t j = from; j < i; j++) {
                if (keys[j].hash == hash && compare_keys(s, &keys[i], &keys[j]) == 0)
                    return keys[i].at;
            }
        }
        return first;
    }
    qsort_r(keys + from, to - from, sizeof *keys, by_key_then_place, (void *)(uintptr_t)s);
    for (size_t i = from + 1; i < to; i++) {
        if (keys[i].at < first && compare_keys(s, &keys[i - 1], &keys[i]) == 0)
            first = keys[i].at;
    }
    return first;
}

static bool add_key(struct scan *s, size_t at)
{
    if (s->keys_n == s->keys_room) {
        struct key *old = s->keys == s->first_keys ? NULL : s->keys;
        struct key *more = grow(old, s->keys_n, &s->keys_room, sizeof *more, JSON_TEXT_MAX);
        if (!more)
            return fail(s, ERR_MEMORY, at, "no memory for the keys of an object");
        if (!old)
            memcpy(more, s->first_keys, sizeof s->first_keys);
        s->keys = more;
    }
    uint32_t hash = hash_of_key(s->text + at + 1, s->text + s->n);
    s->keys[s->keys_n++] = (struct key){hash, (uint32_t)at};
    return true;
}

/* Strings */

/* The four digits behind "\u". s->i stands on the first; moves behind the last. */
static bool scan_hex(struct scan *s, unsigned *unit)
{
    *unit = 0;
    for (unsigned k = 0; k < 4; k++, s->i++) {
        int value = text_hex_value(byte_at(s, s->i));
        if (value < 0)
            return wrong(s, "\\u needs four hexadecimal digits");
        *unit = *unit * 16 + (unsigned)value;
        if (s->strict && k == 1 && *unit >= 0xDC && *unit <= 0xDF)
            return wrong(s, "the second half of a surrogate pair without the first");
    }
    return true;
}

/* The second half of a surrogate pair, byte by byte, so that the error's offset is exact. */
static bool scan_second_half(struct scan *s)
{
    static const char *const allowed[] = {"\\", "u", "dD", "cdefCDEF"};
    for (size_t k = 0; k < sizeof allowed / sizeof allowed[0]; k++, s->i++) {
        char c = byte_at(s, s->i);
        if (c == '\0' || !strchr(allowed[k], c))
            return wrong(s, "the first half of a surrogate pair without the second");
    }
    for (size_t k = 0; k < 2; k++, s->i++) {
        if (text_hex_value(byte_at(s, s->i)) < 0)
            return wrong(s, "\\u needs four hexadecimal digits");
    }
    return true;
}

/* s->i stands behind the backslash. */
static bool scan_escape(struct scan *s)
{
    char c = byte_at(s, s->i);
    if (c == '\0' || !strchr("\"\\/bfnrtu", c))
        return wrong(s, "a backslash before a byte that it cannot escape");
    s->i++;
    if (c != 'u')
        return true;
    unsigned unit = 0;
    if (!scan_hex(s, &unit))
        return false;
    bool first_half = unit >= 0xD800 && unit <= 0xDBFF;
    if (s->strict && unit == 0) {
        s->i--;
        return wrong(s, "\\u0000 is not accepted");
    }
    if (s->strict)
        return !first_half || scan_second_half(s);
    int second = first_half ? json_unit(s->text + s->i, s->text + s->n) : 0;
    if (second >= 0xDC00 && second <= 0xDFFF)
        s->i += 6;
    else if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF))
        s->traits.odd_tokens = true;
    return true;
}

/* s->i stands on the opening quote; moves behind the closing one. */
static bool scan_string(struct scan *s)
{
    s->i++;
    for (;;) {
        size_t i = s->i;
        while (i < s->n && classes[(unsigned char)s->text[i]] == PLAIN)
            i++;
        s->i = i;
        if (i == s->n)
            return wrong(s, "");
        size_t good = 0;
        size_t len = 0;
        switch (classes[(unsigned char)s->text[i]]) {
        case QUOTE: s->i++; return true;
        case CONTROL: return wrong(s, "a control character in a string");
        case ESCAPE:
            s->i++;
            if (!scan_escape(s))
                return false;
            break;
        default:
            len = utf8_len((struct span){s->text + i, s->n - i}, &good);
            s->i += len > 0 ? len : good;
            if (len == 0)
                return wrong(s, "bytes that are not UTF-8");
        }
    }
}

/* Numbers and words */

/* At least one digit. */
static bool scan_digits(struct scan *s)
{
    size_t from = s->i;
    while (byte_at(s, s->i) >= '0' && byte_at(s, s->i) <= '9')
        s->i++;
    if (s->i == from)
        return wrong(s, "a digit is missing in a number");
    return true;
}

static bool scan_number(struct scan *s)
{
    size_t from = s->i;
    if (byte_at(s, s->i) == '-')
        s->i++;
    if (byte_at(s, s->i) == '0')
        s->i++;
    else if (!scan_digits(s))
        return false;
    if (byte_at(s, s->i) == '.') {
        s->i++;
        if (!scan_digits(s))
            return false;
    }
    bool exponent = byte_at(s, s->i) == 'e' || byte_at(s, s->i) == 'E';
    if (exponent) {
        s->i++;
        if (byte_at(s, s->i) == '+' || byte_at(s, s->i) == '-')
            s->i++;
        if (!scan_digits(s))
            return false;
    }
    struct span token = {s->text + from, s->i - from};
    double value = 0;
    if (s->strict && (exponent || token.n > NUMBER_SURE) && !json_number_double(token, &value))
        return fail(s, ERR_SYNTAX, from, "a number beyond the range of a double");
    s->traits.odd_tokens = s->traits.odd_tokens || exponent || json_number_is_long(token);
    return true;
}

static bool scan_word(struct scan *s, const char *word)
{
    for (; *word != '\0'; word++, s->i++) {
        if (byte_at(s, s->i) != *word)
            return wrong(s, "a word other than true, false or null");
    }
    return true;
}

/* Structure */

static void skip_blanks(struct scan *s)
{
    size_t i = s->i;
    while (i < s->n
           && (s->text[i] == ' ' || s->text[i] == '\n' || s->text[i] == '\r' || s->text[i] == '\t'))
        i++;
    s->i = i;
}

static bool open_level(struct scan *s, bool object)
{
    if (s->depth == JSON_DEPTH_MAX)
        return fail(s, ERR_LIMIT, s->i, "nested deeper than 64 levels");
    s->levels[s->depth++] = (struct level){object, s->keys_n};
    s->i++;
    return true;
}

static bool close_level(struct scan *s)
{
    size_t from = s->levels[s->depth - 1].keys_from;
    size_t repeated = first_repeated(s, from, s->keys_n);
    s->traits.repeated_keys = s->traits.repeated_keys || repeated < s->n;
    if (s->strict && repeated < s->n)
        return fail(s, ERR_SYNTAX, repeated, "a key that stood in this object before");
    s->keys_n = from;
    s->depth--;
    s->i++;
    return true;
}

static bool scan_key(struct scan *s)
{
    size_t at = s->i;
    if (byte_at(s, at) != '"')
        return wrong(s, "a key in quotes is missing");
    if (!scan_string(s) || !add_key(s, at))
        return false;
    skip_blanks(s);
    if (byte_at(s, s->i) != ':')
        return wrong(s, "a colon is missing after a key");
    s->i++;
    return true;
}

/* One value; of an array or object only its opening bracket (then *opened). */
static bool scan_value(struct scan *s, bool *opened)
{
    char c = byte_at(s, s->i);
    *opened = c == '{' || c == '[';
    switch (c) {
    case '{': return open_level(s, true);
    case '[': return open_level(s, false);
    case '"': return scan_string(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: break;
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(s);
    bool mark = s->i == 0 && s->n >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0;
    return wrong(s, mark ? "a byte order mark" : "a value is missing");
}

/* What may follow inside brackets: a comma and the next place for a value, or closings. Leaves
 * s->i where a value begins, or with depth 0 behind the whole value. */
static bool scan_after(struct scan *s, bool just_opened)
{
    while (s->depth > 0) {
        skip_blanks(s);
        bool object = s->levels[s->depth - 1].object;
        if (byte_at(s, s->i) == (object ? '}' : ']')) {
            if (!close_level(s))
                return false;
            just_opened = false;
            continue;
        }
        if (!just_opened) {
            if (byte_at(s, s->i) != ',')
                return wrong(s, object ? "a comma or } is missing" : "a comma or ] is missing");
            s->i++;
            skip_blanks(s);
        }
        return !object || scan_key(s);
    }
    return true;
}

static bool scan_text(struct scan *s)
{
    do {
        bool opened = false;
        skip_blanks(s);
        if (!scan_value(s, &opened) || !scan_after(s, opened))
            return false;
    } while (s->depth > 0);
    skip_blanks(s);
    if (s->i < s->n)
        return wrong(s, "something follows the value");
    return true;
}

/* The scan failed. A key that is repeated before that offset, in an object still open, is the
 * error to report. */
static void prefer_repeated_key(struct scan *s)
{
    for (unsigned d = 0; d < s->depth; d++) {
        size_t to = d + 1 < s->depth ? s->levels[d + 1].keys_from : s->keys_n;
        size_t at = first_repeated(s, s->levels[d].keys_from, to);
        if (at < s->fault_at)
            (void)fail(s, ERR_SYNTAX, at, "a key that stood in this object before");
    }
}

int json_scan_traits(struct span text, bool strict, size_t *at, struct json_traits *traits,
                     struct err *e)
{
    struct scan s;
    s.text = text.p;
    s.n = text.n;
    s.i = 0;
    s.strict = strict;
    s.traits = (struct json_traits){false, false};
    s.depth = 0;
    s.keys = s.first_keys;
    s.keys_n = 0;
    s.keys_room = KEYS_AT_FIRST;
    bool good = text.n <= JSON_TEXT_MAX
        ? scan_text(&s)
        : fail(&s, ERR_LIMIT, JSON_TEXT_MAX, "the text is longer than 16777216 bytes");
    if (!good && strict && s.code != ERR_MEMORY)
        prefer_repeated_key(&s);
    if (s.keys != s.first_keys)
        free(s.keys);
    *traits = s.traits;
    if (at)
        *at = good ? 0 : s.fault_at;
    if (good)
        return 0;
    char where[32];
    (void)snprintf(where, sizeof where, "byte %zu", s.fault_at);
    return err_set(e, s.code, where, "%s", s.fault);
}

int json_scan(struct span text, size_t *at, struct err *e)
{
    struct json_traits traits;
    return json_scan_traits(text, false, at, &traits, e);
}

int json_scan_strict(struct span text, size_t *at, struct err *e)
{
    struct json_traits traits;
    return json_scan_traits(text, true, at, &traits, e);
}
