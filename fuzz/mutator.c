/* A mutator that keeps JSON whole: one mutation in eight changes a value for another. Bytes that do
 * not parse end in the scan, so few of libFuzzer's own mutations reach what stands behind it.
 * One in eight: more edges in the same time than none or half of them. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size); /* libFuzzer's own */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

enum { VALUES_MAX = 256, ONE_IN = 8 };

/* The values of a scanned text, in the order they begin. */
struct values {
    struct span text;
    size_t count;
    struct span found[VALUES_MAX];
};

static const char *const odd_values[] = {
    "null",
    "true",
    "false",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "-1",
    "100",
    "200",
    "404",
    "429",
    "0.5",
    "1e3",
    "1705334400",
    "1705334400000",
    "-9223372036854775808",
    "9007199254740993",
    "18446744073709551616",
    "\"\"",
    "\"0\"",
    "\"200\"",
    "\"50%\"",
    "\"success\"",
    "\"SUCCESS\"",
    "\"failed\"",
    "\"FAILURE\"",
    "\"https://a.b/c.mp4\"",
    "\"\\u4e2d\\ud83d\\ude00\"",
    "[]",
    "{}",
    "[{}]",
    "400000005",
    "400000007",
};

static size_t string_len(struct span s)
{
    size_t i = 1;
    while (i < s.n && s.p[i] != '"')
        i += s.p[i] == '\\' ? 2 : 1;
    return i + 1;
}

static bool is_key(struct span after)
{
    struct span rest = span_trim(after);
    return rest.n > 0 && rest.p[0] == ':';
}

static void add_value(struct values *v, size_t at, size_t len)
{
    if (v->count < VALUES_MAX)
        v->found[v->count++] = span_cut(v->text, at, len);
}

static void find_values(struct values *v)
{
    size_t open[JSON_DEPTH_MAX], depth = 0, len = 1;
    for (size_t i = 0; i < v->text.n; i += len) {
        char c = v->text.p[i];
        struct span rest = span_cut(v->text, i, v->text.n);
        len = 1;
        if (c == '"') {
            len = string_len(rest);
            if (!is_key(span_cut(rest, len, rest.n)))
                add_value(v, i, len);
        } else if (c == '{' || c == '[') {
            open[depth++] = i;
        } else if (c == '}' || c == ']') {
            depth--;
            add_value(v, open[depth], i + 1 - open[depth]);
        } else if (strchr(" \t\r\n,:", c) == NULL) {
            while (len < rest.n && strchr(" \t\r\n,:]}", rest.p[len]) == NULL)
                len++;
            add_value(v, i, len);
        }
    }
}

/* A string about as long as a place of a view, so that it is cut, or refused, within a character. */
static void add_long(struct buf *out, uint64_t *random)
{
    static const size_t places[] = {64, 256, 1024, 4096};
    size_t end = out->n + places[text_random(random) % (sizeof places / sizeof *places)];
    buf_add_char(out, '"');
    for (uint64_t i = text_random(random) % 4; i > 0; i--)
        buf_add_char(out, 'x');
    while (out->n < end && out->broken == ERR_OK)
        buf_add_text(out, "\xe4\xb8\xad");
    buf_add_char(out, '"');
}

/* Another value for old: from elsewhere in the text, from the table, or the same in other clothes. */
static void add_other(struct buf *out, const struct values *v, struct span old, uint64_t *random)
{
    struct span other = v->found[text_random(random) % v->count];
    bool quoted = old.p[0] == '"';
    switch (text_random(random) % 6) {
    case 0: buf_add_span(out, other); break;
    case 1: /* a number as a string, a string as what it holds */
        if (quoted)
            buf_add_span(out, span_cut(old, 1, old.n - 2));
        else
            json_add_string(out, old);
        break;
    case 2: /* a list that grows, or a value that becomes a list */
        buf_add_char(out, '[');
        buf_add_span(out, old);
        buf_add_char(out, ',');
        buf_add_span(out, other);
        buf_add_char(out, ']');
        break;
    case 3: add_long(out, random); break;
    default:
        buf_add_text(out,
                     odd_values[text_random(random) % (sizeof odd_values / sizeof *odd_values)]);
    }
}

static size_t change_value(uint8_t *data, size_t max_size, const struct values *v, uint64_t random)
{
    struct span old = v->found[text_random(&random) % v->count];
    size_t at = (size_t)(old.p - v->text.p);
    struct buf out;
    buf_init(&out, max_size);
    buf_add_span(&out, span_cut(v->text, 0, at));
    add_other(&out, v, old, &random);
    buf_add_span(&out, span_cut(v->text, at + old.n, v->text.n));
    size_t n = out.broken == ERR_OK ? out.n : 0;
    memcpy(data, out.p, n);
    buf_fini(&out);
    return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct values v;
    v.text = (struct span){(const char *)data, size};
    v.count = 0;
    if (seed % ONE_IN == 0 && json_scan(v.text, NULL, NULL) == 0) {
        find_values(&v);
        size_t n = change_value(data, max_size, &v, seed);
        if (n > 0)
            return n;
    }
    return LLVMFuzzerMutate(data, size, max_size);
}
