/* Fuzzes the JSON of base: the scans, the tree, the finder and the writer must agree. */
#include "fuzz.h"

#include "base/json/json.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { NODES_MAX = 48, POINTER_MAX = 4096, NUMBER_MAX = 64 };

/* A walk through a tree: each value is asked for again in the text, by its pointer. */
struct walk {
    struct span text;
    unsigned nodes;
    struct buf pointer;
};

static void add_segment(struct buf *pointer, const char *key)
{
    buf_add_char(pointer, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/')
            buf_add_text(pointer, *key == '~' ? "~0" : "~1");
        else
            buf_add_char(pointer, *key);
    }
}

static void demand_number(const struct json *v, struct span token)
{
    char text[NUMBER_MAX];
    double d = 0;
    int64_t n = 0;
    fuzz_demand(json_double(v, &d) && isfinite(d), "a number is a finite double");
    bool whole = json_int64(v, &n);
    fuzz_demand(!whole || fabs((double)n - d) <= fabs(d) * 1e-15, "integer and double agree");
    if (!json_number_text(v, text, sizeof text))
        return;
    long long spelled = 0;
    bool plain = span_int64(token, &spelled) && token.n < sizeof text;
    fuzz_demand(!plain || span_is(token, text), "an integer's text is the document's digits");
    fuzz_demand(!plain || (whole && n == (int64_t)spelled), "an integer survives exactly");
    fuzz_demand(json_scan(span_of(text), NULL, NULL) == 0, "a number's text is a number");
}

/* The value of a repeated key: neither reader may take one of them for the value. */
static void demand_repeated(struct walk *w, const struct json *root)
{
    struct json_range range;
    const struct json *first = json_at(root, w->pointer.p);
    fuzz_demand(json_string(first) == NULL && json_unreadable(first) != NULL,
                "the tree does not choose among the values of a repeated key");
    fuzz_demand(!json_find(w->text, w->pointer.p, &range), "nor does the finder");
}

static void demand_value(struct walk *w, const struct json *v, const struct json *root)
{
    struct json_range range;
    struct json *alone;
    bool odd_key = json_key(v) != NULL && strstr(json_key(v), UTF8_REPLACEMENT) != NULL;
    if (w->pointer.broken != ERR_OK || odd_key) /* what such a key stands for it may not be */
        return;
    fuzz_demand((json_kind(v) == JSON_UNREADABLE) == (json_unreadable(v) != NULL),
                "what is unreadable says why");
    if (json_written_kind(v) == JSON_UNREADABLE) {
        demand_repeated(w, root);
        return;
    }
    fuzz_demand(json_at(root, w->pointer.p) == v, "a pointer leads back to its value");
    fuzz_demand(json_find(w->text, w->pointer.p, &range), "what is in the tree is in the text");
    fuzz_demand(range.key_at <= range.at && range.len > 0 && range.at <= w->text.n
                    && range.len <= w->text.n - range.at,
                "a place lies within the text");
    struct span token = span_cut(w->text, range.at, range.len);
    fuzz_demand(json_open(token, &alone, NULL) == 0, "a place holds one value");
    fuzz_demand(json_kind(alone) == json_kind(v) && json_count(alone) == json_count(v),
                "the value of a place is of the tree's kind");
    fuzz_demand(json_written_kind(alone) == json_written_kind(v)
                    && json_length(alone) == json_length(v),
                "what is unreadable is written alike at its place");
    if (json_kind(v) == JSON_NUMBER)
        demand_number(v, token);
    if (json_kind(v) == JSON_STRING) {
        const char *s = json_string(v);
        fuzz_demand(fuzz_is_text(s, strlen(s) + 1), "a string is UTF-8");
        fuzz_demand(strcmp(s, json_string(alone)) == 0, "a string is that of its place");
    }
    json_close(alone);
}

static void walk_tree(struct walk *w, const struct json *v, const struct json *root)
{
    if (w->nodes++ == NODES_MAX)
        return;
    demand_value(w, v, root);
    size_t index = 0;
    for (const struct json *c = json_first(v); c != NULL; c = json_next(c), index++) {
        size_t n = w->pointer.n;
        if (json_key(c) != NULL) {
            add_segment(&w->pointer, json_key(c));
        } else {
            buf_addf(&w->pointer, "/%zu", index);
        }
        if (w->nodes <= NODES_MAX)
            walk_tree(w, c, root);
        if (w->pointer.broken != ERR_OK)
            return;
        w->pointer.n = n;
        w->pointer.p[n] = '\0';
    }
}

static void write_tree(struct json_writer *w, const struct json *v)
{
    bool array = json_kind(v) == JSON_ARRAY;
    char number[NUMBER_MAX];
    double d = 0;
    switch (json_kind(v)) {
    case JSON_ABSENT:
    case JSON_UNREADABLE:
    case JSON_NULL: json_write_null(w); break;
    case JSON_FALSE:
    case JSON_TRUE: json_write_bool(w, json_kind(v) == JSON_TRUE); break;
    case JSON_STRING: json_write_text(w, json_string(v)); break;
    case JSON_NUMBER:
        if (json_number_text(v, number, sizeof number))
            json_write_raw(w, span_of(number));
        else if (json_double(v, &d))
            json_write_double(w, d);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_write_open(w, array ? '[' : '{');
        for (const struct json *c = json_first(v); c != NULL; c = json_next(c)) {
            if (!array)
                json_write_key(w, json_key(c));
            write_tree(w, c);
        }
        json_write_close(w, array ? ']' : '}');
        break;
    }
}

static bool same_number(const struct json *a, const struct json *b)
{
    char x[NUMBER_MAX], y[NUMBER_MAX];
    double d = 0, f = 0;
    if (json_number_text(a, x, sizeof x))
        return json_number_text(b, y, sizeof y) && strcmp(x, y) == 0;
    return json_double(a, &d) && json_double(b, &f) && fabs(d - f) <= fabs(d) * 1e-15;
}

static bool same_tree(const struct json *a, const struct json *b)
{
    if (json_kind(a) != json_kind(b))
        return false;
    if (json_kind(a) == JSON_NUMBER)
        return same_number(a, b);
    if (json_kind(a) == JSON_STRING)
        return strcmp(json_string(a), json_string(b)) == 0;
    const struct json *x = json_first(a), *y = json_first(b);
    for (; x != NULL && y != NULL; x = json_next(x), y = json_next(y)) {
        bool keyed = json_kind(a) == JSON_OBJECT;
        if ((keyed && strcmp(json_key(x), json_key(y)) != 0) || !same_tree(x, y))
            return false;
    }
    return x == NULL && y == NULL;
}

static void demand_round_trip(const struct json *root, bool pretty)
{
    struct buf text;
    struct json_writer w;
    struct json *again;
    buf_init(&text, JSON_TEXT_MAX);
    json_write_init(&w, &text, pretty);
    write_tree(&w, root);
    fuzz_demand(buf_err(&text, "the tree", NULL) == 0, "a tree can be written");
    fuzz_demand(json_open(buf_span(&text), &again, NULL) == 0, "what is written can be read");
    fuzz_demand(same_tree(root, again), "a tree reads back as the same");
    json_close(again);
    buf_fini(&text);
}

/* What stands before the fault could still have become a text. */
static void demand_fault(struct span text, size_t at, const struct err *e)
{
    size_t before_at = 0;
    fuzz_demand(at <= text.n, "the fault stands within the text, or at its end");
    fuzz_demand(fuzz_byte_of(e->where) == at, "where names the fault's byte");
    fuzz_demand(e->what[0] != '\0' && fuzz_is_text(e->what, sizeof e->what),
                "what is a sentence in UTF-8");
    if (at < text.n && json_scan(span_cut(text, 0, at), &before_at, NULL) != 0)
        fuzz_demand(before_at == at, "no byte before the fault is at fault");
}

static bool holds_unreadable(const struct json *v)
{
    bool found = json_kind(v) == JSON_UNREADABLE;
    for (const struct json *c = json_first(v); !found && c != NULL; c = json_next(c))
        found = holds_unreadable(c);
    return found;
}

/* The strict scan refuses what the tree says is unreadable, and nothing else. True when it passes. */
static bool demand_strict(struct span text, int code, size_t fault_at, const struct json *root)
{
    struct json *strict_root;
    struct err e = {0};
    size_t at = 0;
    int strict = json_scan_strict(text, &at, &e);
    fuzz_demand(json_open_strict(text, &strict_root, NULL) == strict,
                "strict scan and strict tree accept the same texts");
    fuzz_demand(!holds_unreadable(strict_root), "a strict tree holds nothing unreadable");
    json_close(strict_root);
    fuzz_demand(code == 0 || (strict != 0 && at <= fault_at), "strictness forgives nothing");
    fuzz_demand(code != 0 || (strict != 0) == holds_unreadable(root),
                "what is strictly wrong and right by the grammar is unreadable in the tree");
    fuzz_demand(strict == 0 || fuzz_byte_of(e.where) == at, "where names the strict fault's byte");
    return strict == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct json *root;
    struct err scanned = {0}, opened = {0}, again = {0};
    size_t at = 0, again_at = 0;

    int code = json_scan(text, &at, &scanned);
    fuzz_demand(json_open(text, &root, &opened) == code, "scan and tree accept the same texts");
    fuzz_demand(json_scan(fuzz_elsewhere(text), &again_at, &again) == code && again_at == at
                    && fuzz_same_err(&scanned, &again),
                "the same text gives the same result wherever it stands");
    bool strict = demand_strict(text, code, at, root);
    if (code != 0) {
        fuzz_demand(root == NULL, "no tree on error");
        fuzz_demand(fuzz_same_err(&scanned, &opened), "scan and tree find the same fault");
        demand_fault(text, at, &scanned);
        return 0;
    }
    struct walk w = {.text = text};
    buf_init(&w.pointer, POINTER_MAX);
    walk_tree(&w, root, root);
    buf_fini(&w.pointer);
    if (strict) {
        demand_round_trip(root, false);
        demand_round_trip(root, true);
    }
    json_close(root);
    return 0;
}
