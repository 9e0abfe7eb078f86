/* Takes bodies out of what tools store: base64, chunks, compression, and text that was never text. */
#include "har_body.h"

#include "base/base64.h"
#include "base/inflate.h"
#include "base/json/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "har_brotli.h"

/* -- Text and base64 -------------------------------------------------------------------------- */

static bool is_json(struct span text)
{
    struct span s = span_trim(text);
    return s.n > 1 && (s.p[0] == '{' || s.p[0] == '[') && json_scan(s, NULL, NULL) == 0;
}

/* Base64 as anybody writes it: behind "data:...;base64,", with the alphabet of URLs. */
static bool add_base64(struct buf *out, struct span text)
{
    struct buf usual;
    size_t comma = span_find(span_cut(text, 0, 256), ',');
    if (span_starts(text, "data:"))
        text = span_cut(text, comma + 1, text.n);
    buf_init(&usual, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        buf_add_char(&usual, (char)(c == '-' ? '+' : c == '_' ? '/' : c));
    }
    bool good = base64_decode(out, buf_span(&usual));
    buf_break_with(out, &usual);
    buf_fini(&usual);
    return good;
}

static bool add_hex(struct buf *out, struct span text)
{
    for (size_t i = 0; i + 1 < text.n; i += 2) {
        int high = text_hex_value(text.p[i]), low = text_hex_value(text.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        buf_add_char(out, (char)(high * 16 + low));
    }
    return text.n % 2 == 0;
}

/* Polly stores the pieces that came: ["H4sI...", "..."]. */
static bool add_pieces(struct buf *out, struct span text, bool hex)
{
    struct json *list = NULL;
    bool good = json_open(span_trim(text), &list, NULL) == 0 && json_kind(list) == JSON_ARRAY
        && json_count(list) > 0;
    for (const struct json *v = good ? json_first(list) : NULL; v && good; v = json_next(v)) {
        struct span piece = span_of(json_string(v));
        good = json_kind(v) == JSON_STRING && (hex ? add_hex(out, piece) : add_base64(out, piece));
    }
    json_close(list);
    return good;
}

/* A text that nothing is said of is base64 only when it stands for something that a body is. */
static bool is_base64_of_body(struct span text, struct buf *bytes)
{
    enum { SHORTEST = 12 };
    struct span s = span_trim(text);
    bool good = s.n >= SHORTEST && base64_decode(bytes, s);
    return good && bytes->broken == ERR_OK
        && (is_json(buf_span(bytes)) || inflate_is_gzip(buf_span(bytes)));
}

/* text is the characters of a string. */
static int add_text(struct buf *out, struct span text, const char *encoding, bool is_binary,
                    bool *was_text, struct err *e)
{
    struct buf bytes;
    bool says_base64 = encoding && span_is_nocase(span_trim(span_of(encoding)), "base64");
    struct span start = span_cut(span_trim(text), 0, 1);
    buf_init(&bytes, out->max);
    bool pieces = (says_base64 || is_binary) && span_is(start, "[")
        && add_pieces(&bytes, text, !says_base64);
    bool decoded = pieces;
    if (!decoded) {
        buf_reset(&bytes);
        decoded = says_base64 ? add_base64(&bytes, text) : is_base64_of_body(text, &bytes);
    }
    bool lost = says_base64 && !decoded && !is_json(text);
    *was_text = !decoded;
    if (decoded)
        buf_move(out, &bytes);
    else if (!lost)
        buf_add_span(out, text);
    buf_break_with(out, &bytes);
    buf_fini(&bytes);
    return lost ? err_set(e, ERR_CONTRACT, "", "its encoding is \"base64\", but it is not") : 0;
}

int har_body_text(struct buf *out, struct span value, const char *encoding, bool is_binary,
                  bool *was_text, struct err *e)
{
    struct buf text;
    *was_text = true;
    if (value.n < 2 || value.p[0] != '"') {
        buf_add_span(out, value); /* the JSON itself stands there */
        return 0;
    }
    buf_init(&text, out->max);
    int code = json_string_bytes(value, &text)
        ? buf_err(&text, "the body", e)
        : err_set(e, ERR_CONTRACT, "", "is unreadable: half a surrogate pair in a string");
    if (!code)
        code = add_text(out, buf_span(&text), encoding, is_binary, was_text, e);
    buf_fini(&text);
    return code;
}

/* -- Codings ---------------------------------------------------------------------------------- */

static bool is_plain_text(struct span body)
{
    for (size_t i = 0; i < body.n; i++)
        if ((unsigned char)body.p[i] < ' ' && !strchr("\t\r\n\f", body.p[i]))
            return false;
    return utf8_is_valid(body);
}

/* Bytes that were taken for the characters U+0000 to U+00FF become bytes again. False when there are others. */
static bool narrow(struct buf *bytes)
{
    struct span s = buf_span(bytes);
    struct buf narrowed;
    buf_init(&narrowed, bytes->max);
    while (s.n > 0) {
        uint32_t code = 256;
        size_t n = utf8_read(s, &code);
        if (n == 0 || code > 255)
            break;
        buf_add_char(&narrowed, (char)code);
        s = span_cut(s, n, s.n);
    }
    bool good = s.n == 0;
    if (good) {
        buf_reset(bytes);
        buf_move(bytes, &narrowed);
    }
    buf_fini(&narrowed);
    return good;
}

static int wrong_coding(struct span coding, const char *why, struct err *e)
{
    return err_set(e, ERR_CONTRACT, "", "the body is compressed (Content-Encoding: %.*s), %s",
                   (int)(coding.n < 40 ? coding.n : 40), coding.p, why);
}

/* Takes one coding off; *bytes is what is left then. */
static int take_off(struct buf *bytes, struct span coding, size_t most, struct err *e)
{
    struct buf plain;
    int code = 0;
    buf_init(&plain, most);
    if (span_is_nocase(coding, "br"))
        code = har_brotli(&plain, buf_span(bytes), e);
    else if (span_is_nocase(coding, "gzip") || span_is_nocase(coding, "x-gzip")
             || span_is_nocase(coding, "deflate"))
        code = inflate_bytes(&plain, buf_span(bytes), e);
    else
        code = wrong_coding(coding,
                            "which is not read here: record it with gzip, deflate, br or plain", e);
    if (code == ERR_SYNTAX)
        code = wrong_coding(coding, "but its bytes are not that, or not whole", e);
    if (!code) {
        buf_reset(bytes);
        buf_move(bytes, &plain);
        code = buf_err(bytes, "the body", e);
    }
    buf_fini(&plain);
    return code;
}

/* The last of the codings that all Content-Encoding lines list together, without the first `taken` from behind. */
static struct span coding_of(const struct har_headers *headers, unsigned taken)
{
    for (size_t i = headers->count; i > 0; i--) {
        const struct header *h = &headers->list[i - 1];
        struct span rest = h->value;
        if (!span_is_nocase(h->name, "Content-Encoding"))
            continue;
        while (rest.n > 0) {
            size_t comma = rest.n;
            while (comma > 0 && rest.p[comma - 1] != ',')
                comma--;
            struct span coding = span_trim(span_cut(rest, comma, rest.n));
            rest = span_cut(rest, 0, comma > 0 ? comma - 1 : 0);
            if (coding.n == 0 || span_is_nocase(coding, "identity"))
                continue;
            if (taken-- == 0)
                return coding;
        }
    }
    return (struct span){0};
}

int har_body_decode(struct buf *out, struct buf *stored, const struct har_headers *headers,
                    bool *was_text, struct err *e)
{
    enum { CODINGS_MAX = 4 };
    int code = 0;
    struct span start = buf_span(stored);
    if (*was_text && span_starts(start, "\x1f\xEF\xBF\xBD"))
        return err_set(
            e, ERR_CONTRACT, "",
            "the body was saved as text while it was compressed with gzip: its bytes are lost");
    if (*was_text && !is_plain_text(start)
        && (span_starts(start, "\x1f\xC2\x8B") || coding_of(headers, 0).n))
        (void)narrow(stored);
    for (unsigned i = 0; !code && i < CODINGS_MAX && stored->n > 0; i++) {
        bool gzip = inflate_is_gzip(buf_span(stored));
        struct span coding = gzip ? span_of("gzip") : coding_of(headers, i);
        if (coding.n == 0 || is_plain_text(buf_span(stored)))
            break;
        *was_text = false;
        code = take_off(stored, coding, out->max, e);
    }
    if (!code)
        buf_move(out, stored);
    return code ? code : buf_err(out, "the body", e);
}
