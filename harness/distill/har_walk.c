/* A cursor over JSON text that steps over whole values. */
#include "har_walk.h"

/* The text, the byte at hand, and what is wrong there when something is. */
struct walk {
    struct span text;
    size_t at;
    const char *why;
};

static char byte(const struct walk *w)
{
    return w->at < w->text.n ? w->text.p[w->at] : '\0';
}

static bool wrong(struct walk *w, const char *why)
{
    w->why = w->at < w->text.n ? why : "the text ends too early";
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct walk *w)
{
    while (w->at < w->text.n && is_blank(w->text.p[w->at]))
        w->at++;
}

static bool skip_string(struct walk *w)
{
    if (byte(w) != '"')
        return wrong(w, "a key in quotes is missing");
    size_t from = ++w->at;
    for (;;) {
        size_t left = w->text.n - w->at, escapes = 0;
        const char *quote = left > 0 ? memchr(w->text.p + w->at, '"', left) : NULL;
        w->at = quote ? (size_t)(quote - w->text.p) : w->text.n;
        if (!quote)
            return wrong(w, "");
        while (w->at - escapes > from && w->text.p[w->at - escapes - 1] == '\\')
            escapes++;
        w->at++;
        if (escapes % 2 == 0)
            return true;
        from = w->at;
    }
}

/* A number or a word: what it says is not looked at. */
static bool skip_word(struct walk *w)
{
    size_t from = w->at;
    for (;; w->at++) {
        char c = byte(w);
        bool digit = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
        if (!digit && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
            break;
    }
    return w->at > from || wrong(w, "a value is missing");
}

static bool skip_colon(struct walk *w)
{
    skip_blanks(w);
    if (byte(w) != ':')
        return wrong(w, "a colon is missing after a key");
    w->at++;
    skip_blanks(w);
    return true;
}

/* Before a value in brackets, or at their end: *closed then. */
static bool next_in(struct walk *w, bool object, bool first, bool *closed)
{
    skip_blanks(w);
    *closed = byte(w) == (object ? '}' : ']');
    if (*closed) {
        w->at++;
        return true;
    }
    if (!first) {
        if (byte(w) != ',')
            return wrong(w, object ? "a comma or } is missing" : "a comma or ] is missing");
        w->at++;
        skip_blanks(w);
    }
    return !object || (skip_string(w) && skip_colon(w));
}

/* From the first byte of a value to behind its last. */
static bool skip_value(struct walk *w)
{
    bool objects[HAR_WALK_DEPTH_MAX];
    size_t depth = 0;
    do {
        char c = byte(w);
        bool opened = c == '{' || c == '[', closed = true;
        if (opened && depth == HAR_WALK_DEPTH_MAX)
            return wrong(w, "nested deeper than 1024 levels");
        if (opened) {
            objects[depth++] = c == '{';
            w->at++;
        } else if (!(c == '"' ? skip_string(w) : skip_word(w)))
            return false;
        while (depth > 0 && closed) {
            if (!next_in(w, objects[depth - 1], opened, &closed))
                return false;
            depth -= closed;
            opened = false;
        }
    } while (depth > 0);
    return true;
}

bool har_walk_check(struct span text, size_t *at, const char **why)
{
    struct walk w = {.text = text};
    skip_blanks(&w);
    bool good = skip_value(&w);
    if (good) {
        skip_blanks(&w);
        good = w.at == text.n || wrong(&w, "something follows the value");
    }
    *at = w.at;
    *why = w.why;
    return good;
}

struct span har_walk_root(struct span text)
{
    return span_trim(text);
}

bool har_walk_element(struct span array, size_t *at, struct span *value)
{
    struct walk w = {.text = array, .at = *at ? *at : 1};
    bool closed = true;
    if (array.n < 2 || array.p[0] != '[' || !next_in(&w, false, *at == 0, &closed) || closed)
        return false;
    size_t from = w.at;
    if (!skip_value(&w))
        return false;
    *value = span_cut(array, from, w.at - from);
    *at = w.at;
    return true;
}

/* The member of one key. */
static struct span member(struct span object, struct span key)
{
    struct walk w = {.text = object, .at = 1};
    if (object.n < 2 || object.p[0] != '{')
        return (struct span){0};
    for (bool first = true;; first = false) {
        bool closed = false;
        skip_blanks(&w);
        size_t name = w.at + (byte(&w) == ',');
        if (!next_in(&w, true, first, &closed) || closed)
            return (struct span){0};
        size_t from = w.at;
        struct span found = span_trim(span_cut(object, name, from - name));
        if (!skip_value(&w))
            return (struct span){0};
        if (found.n > key.n + 1 && found.p[key.n + 1] == '"'
            && span_same(span_cut(found, 1, key.n), key))
            return span_cut(object, from, w.at - from);
    }
}

struct span har_walk_find(struct span value, const char *path)
{
    struct span rest = span_of(path);
    while (rest.n > 0 && value.n > 0) {
        size_t slash = span_find(rest, '/');
        value = member(value, span_cut(rest, 0, slash));
        rest = span_cut(rest, slash + 1, rest.n);
    }
    return value;
}
