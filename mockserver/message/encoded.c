/* Views of a text: itself, without escapes, and what its digits stand for. */
#include "encoded.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { CHARACTER_MAX = 4, WORK_FREE = 65536 };

struct walk {
    encoded_visit *visit;
    void *arg;
    size_t digits_min;
    uint64_t work_left;
};

struct encoded_range encoded_origin(const struct encoded_view *view, size_t at, size_t n)
{
    if (!view->origin)
        return (struct encoded_range){(uint32_t)(view->base + at), (uint32_t)(view->base + at + n)};
    return (struct encoded_range){view->origin[at].from, view->origin[at + n - 1].to};
}

/* A view under construction; it has room for as many bytes as the one that it is made of. Short ones need no memory:
 * most texts are. */
enum { SHORT = 256 };
struct made {
    struct encoded_view view;
    char *bytes;
    struct encoded_range *origin;
    size_t n;
    char short_bytes[SHORT];
    struct encoded_range short_origin[SHORT];
};

static int made_open(struct made *m, struct walk *w, size_t room)
{
    bool is_short = room <= SHORT;
    m->n = 0;
    m->bytes = is_short ? m->short_bytes : NULL;
    m->origin = is_short ? m->short_origin : NULL;
    if (w->work_left < room)
        return ERR_LIMIT;
    w->work_left -= room;
    if (is_short)
        return 0;
    m->bytes = malloc(room);
    m->origin = malloc(room * sizeof *m->origin);
    return m->bytes && m->origin ? 0 : ERR_MEMORY;
}

static void made_close(struct made *m)
{
    if (m->bytes != m->short_bytes)
        free(m->bytes);
    if (m->origin != m->short_origin)
        free(m->origin);
}

static void made_add(struct made *m, char c, struct encoded_range from)
{
    m->bytes[m->n] = c;
    m->origin[m->n++] = from;
}

static void made_end(struct made *m, bool is_text)
{
    m->view = (struct encoded_view){{m->bytes, m->n}, 0, m->origin, is_text};
}

/* -- Escapes ----------------------------------------------------------------------------------- */

/* The number of n hexadecimal digits; -1 when they are none. */
static int32_t hex_number(struct span s, size_t at, size_t n)
{
    int32_t value = 0;
    if (s.n < at + n)
        return -1;
    for (size_t i = at; i < at + n; i++) {
        int digit = text_hex_value(s.p[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* \uXXXX, or two of them that make a character. Returns the bytes read; 0 when it is none. */
static size_t read_unicode(struct span s, uint32_t *code)
{
    int32_t first = hex_number(s, 2, 4);
    int32_t second = s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u' ? hex_number(s, 8, 4) : -1;
    if (first < 0)
        return 0;
    *code = (uint32_t)first;
    if (first < 0xD800 || first > 0xDBFF || second < 0xDC00 || second > 0xDFFF)
        return 6;
    *code = 0x10000 + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00);
    return 12;
}

/* What a JSON string or a program's source means by a backslash and what follows it. */
static size_t read_backslash(struct span s, uint32_t *code)
{
    static const char from[] = "\"\\/bfnrt'", to[] = "\"\\/\b\f\n\r\t'";
    if (s.n < 2)
        return 0;
    if (s.p[1] == 'u')
        return read_unicode(s, code);
    if (s.p[1] == 'x' && hex_number(s, 2, 2) >= 0) {
        *code = (uint32_t)hex_number(s, 2, 2);
        return 4;
    }
    const char *found = s.p[1] ? strchr(from, s.p[1]) : NULL;
    if (!found)
        return 0;
    *code = (unsigned char)to[found - from];
    return 2;
}

static size_t read_number_reference(struct span s, uint32_t *code)
{
    bool hex = s.n > 2 && (s.p[2] | 0x20) == 'x';
    size_t at = hex ? 3 : 2;
    uint32_t value = 0, base = hex ? 16 : 10;
    size_t from = at;
    for (; at < s.n && at < from + 7; at++) {
        int digit = text_hex_value(s.p[at]);
        if (digit < 0 || (uint32_t)digit >= base)
            break;
        value = value * base + (uint32_t)digit;
    }
    if (at == from || at == s.n || s.p[at] != ';' || value > 0x10FFFF)
        return 0;
    *code = value;
    return at + 1;
}

static size_t read_reference(struct span s, uint32_t *code)
{
    static const struct {
        const char *name;
        char means;
    } names[] = {{"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}};
    if (s.n > 1 && s.p[1] == '#')
        return read_number_reference(s, code);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (span_starts(s, names[i].name)) {
            *code = (unsigned char)names[i].means;
            return strlen(names[i].name);
        }
    return 0;
}

/* The bytes that an escape at the start of s takes, and what it stands for; 0 when there is none. */
static size_t read_escape(struct span s, bool backslash_only, char out[CHARACTER_MAX],
                          size_t *out_n)
{
    uint32_t code = 0;
    size_t n = 0;
    bool is_byte = false;
    if (s.p[0] == '\\')
        n = read_backslash(s, &code);
    else if (!backslash_only && s.p[0] == '&')
        n = read_reference(s, &code);
    else if (!backslash_only && s.p[0] == '%' && hex_number(s, 1, 2) >= 0) {
        code = (uint32_t)hex_number(s, 1, 2);
        is_byte = true;
        n = 3;
    }
    if (n > 0 && (is_byte || (s.p[0] == '\\' && n == 4)))
        out[0] = (char)code, *out_n = 1;
    else if (n > 0)
        *out_n = utf8_write(code, out);
    return n;
}

static int unescape(const struct encoded_view *view, bool backslash_only, struct walk *w,
                    struct made *m)
{
    struct span text = view->bytes;
    int code = made_open(m, w, text.n);
    for (size_t i = 0; !code && i < text.n;) {
        char c[CHARACTER_MAX];
        size_t n_out = 1;
        size_t n = read_escape(span_cut(text, i, text.n), backslash_only, c, &n_out);
        if (n == 0)
            c[0] = text.p[i], n = 1;
        for (size_t k = 0; k < n_out; k++)
            made_add(m, c[k], encoded_origin(view, i, n));
        i += n;
    }
    made_end(m, true);
    return code;
}

/* -- Digits ------------------------------------------------------------------------------------ */

/* 0 to 63; -1 for what is no digit of base64, in neither of its alphabets. */
static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* The bytes of the digits of a base of so many bits, the first `skip` of them left out. Line ends are no digits. */
static int read_digits(const struct encoded_view *view, size_t from, size_t to, unsigned bits,
                       unsigned skip, struct walk *w, struct made *m)
{
    int code = made_open(m, w, to - from);
    uint32_t held = 0;
    unsigned held_bits = 0;
    size_t last = from;
    for (size_t i = from; !code && i < to; i++) {
        char c = view->bytes.p[i];
        int value = bits == 6 ? base64_value(c) : text_hex_value(c);
        if (value < 0 || skip > 0) {
            skip -= skip > 0 && value >= 0;
            continue;
        }
        size_t first = held_bits > 0 ? last : i;
        held = held << bits | (uint32_t)value;
        held_bits += bits;
        last = i;
        if (held_bits < 8)
            continue;
        held_bits -= 8;
        made_add(m, (char)(held >> held_bits),
                 (struct encoded_range){encoded_origin(view, first, 1).from,
                                        encoded_origin(view, i, 1).to});
    }
    bool is_text = m->n > 0;
    for (size_t i = 0; is_text && i < m->n; i++)
        is_text = (unsigned char)m->bytes[i] >= ' '
            || (m->bytes[i] && strchr("\t\r\n", m->bytes[i]));
    made_end(m, is_text && utf8_is_valid((struct span){m->bytes, m->n}));
    return code;
}

/* -- All of them ------------------------------------------------------------------------------- */

static int walk_view(struct walk *w, const struct encoded_view *view, unsigned rounds);

static int walk_escapes(struct walk *w, const struct encoded_view *view, bool backslash_only,
                        unsigned rounds)
{
    struct made m;
    int code = unescape(view, backslash_only, w, &m);
    if (!code && m.n < view->bytes.n)
        code = walk_view(w, &m.view, rounds - 1);
    made_close(&m);
    return code;
}

static int walk_run(struct walk *w, const struct encoded_view *view, size_t from, size_t to,
                    unsigned bits, unsigned rounds)
{
    int code = 0;
    for (unsigned skip = 0; !code && skip < (bits == 6 ? 4 : 2); skip++) {
        struct made m;
        code = read_digits(view, from, to, bits, skip, w, &m);
        if (!code)
            code = m.view.is_text && rounds > 1 ? walk_view(w, &m.view, rounds - 1)
                                                : w->visit(&m.view, w->arg);
        made_close(&m);
    }
    return code;
}

static bool is_digit(char c, unsigned bits)
{
    return bits == 6 ? base64_value(c) >= 0 : text_hex_value(c) >= 0;
}

/* Every run of digits that is long enough. */
static int walk_digits(struct walk *w, const struct encoded_view *view, unsigned bits,
                       unsigned rounds)
{
    struct span text = view->bytes;
    size_t least = bits == 6 ? w->digits_min : w->digits_min * 6 / 4;
    int code = 0;
    for (size_t i = 0; !code && i < text.n; i++) {
        size_t from = i, count = 0, end = i;
        for (; i < text.n
             && (is_digit(text.p[i], bits) || (count && strchr("\r\n", text.p[i]) && text.p[i]));
             i++)
            if (is_digit(text.p[i], bits))
                count++, end = i + 1;
        if (count >= least && count > 0)
            code = walk_run(w, view, from, end, bits, rounds);
    }
    return code;
}

static bool has(struct span text, char c)
{
    return text.n > 0 && memchr(text.p, c, text.n);
}

static int walk_view(struct walk *w, const struct encoded_view *view, unsigned rounds)
{
    bool backslash = has(view->bytes, '\\');
    bool other = has(view->bytes, '%') || (has(view->bytes, '&') && has(view->bytes, ';'));
    int code = w->visit(view, w->arg);
    if (code || rounds == 0)
        return code;
    if (backslash || other)
        code = walk_escapes(w, view, false, rounds);
    if (!code && backslash && other)
        code = walk_escapes(w, view, true, rounds);
    if (!code)
        code = walk_digits(w, view, 6, rounds);
    return code ? code : walk_digits(w, view, 4, rounds);
}

int encoded_each(struct span text, size_t digits_min, encoded_visit *visit, void *arg)
{
    size_t at = 0;
    int code = text.n >= UINT32_MAX ? ERR_LIMIT : 0;
    while (!code) {
        struct span piece = span_cut(text, at, ENCODED_PIECE_MAX);
        struct walk w = {visit, arg, digits_min, (uint64_t)piece.n * ENCODED_WORK_MAX + WORK_FREE};
        struct encoded_view view = {piece, at, NULL, true};
        code = walk_view(&w, &view, ENCODED_ROUNDS_MAX);
        if (at + piece.n == text.n)
            break;
        at += piece.n - ENCODED_OVERLAP;
    }
    return code;
}
