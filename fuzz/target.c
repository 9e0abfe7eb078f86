/* Fuzzes the reader of request targets. An input is a target, as it stands on a request line. */
#include "fuzz.h"

#include "mockserver/message/query.h"
#include "mockserver/message/target.h"

#include <string.h>

/* -- Percent escapes, read apart from the product's own decoder --------------------------------- */

static int hex(char c)
{
    const char *digits = "0123456789abcdefABCDEF", *at = c ? strchr(digits, c) : NULL;
    return !at ? -1 : at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* True when text, decoded, is want. */
static bool decodes_to(struct span text, const char *want)
{
    size_t i = 0;
    for (; i < text.n; want++) {
        int c = (unsigned char)text.p[i];
        if (c == '%') {
            if (text.n - i < 3 || hex(text.p[i + 1]) < 0 || hex(text.p[i + 2]) < 0)
                return false;
            c = hex(text.p[i + 1]) * 16 + hex(text.p[i + 2]);
            i += 2;
        }
        i++;
        if (c == 0 || (unsigned char)*want != c)
            return false;
    }
    return *want == '\0';
}

/* -- Properties -------------------------------------------------------------------------------- */

/* Pair by pair, the query is the text behind the question mark. */
static void demand_whole_query(struct span text)
{
    struct query q = query_of(text);
    struct query_pair pair;
    size_t at = span_find(text, '?');
    while (query_next(&q, &pair)) {
        fuzz_demand(at < text.n && (at == span_find(text, '?') || text.p[at] == '&'),
                    "a pair begins behind ? or &");
        fuzz_demand(pair.text.n == 0 || pair.text.p == text.p + at + 1, "pairs come in order");
        fuzz_demand(span_find(pair.text, '&') == pair.text.n, "a pair is one pair");
        fuzz_demand(pair.name.n + pair.value.n + pair.has_value == pair.text.n,
                    "name, equals sign and value are the pair");
        at += 1 + pair.text.n;
    }
    fuzz_demand(at == text.n, "no byte of a query is lost");
}

static void demand_params(const struct target *t, struct span text)
{
    struct query q = query_of(text);
    struct query_pair pair;
    uint32_t i = 0;
    while (query_next(&q, &pair)) {
        if (pair.text.n == 0)
            continue;
        fuzz_demand(i < t->param_count, "every pair is a parameter");
        const struct target_param *p = &t->params[i++];
        fuzz_demand(decodes_to(pair.name, p->name) && decodes_to(pair.value, p->value),
                    "a parameter is what its text decodes to");
        fuzz_demand(target_param(t, p->name) == p->value, "a parameter is found by its name");
    }
    fuzz_demand(i == t->param_count && i <= TARGET_PARAMS_MAX, "every parameter has a pair");
}

/* The segments, with slashes before them, are the path. */
static void demand_segments(struct span path)
{
    struct span segments[TARGET_SEGMENTS_MAX];
    uint32_t count = target_segments(path, segments);
    size_t at = 0;
    fuzz_demand(count >= 1 && count <= TARGET_SEGMENTS_MAX + 1, "a path has segments");
    for (uint32_t i = 0; i < count && count <= TARGET_SEGMENTS_MAX; i++) {
        fuzz_demand(at < path.n && path.p[at] == '/', "a segment follows a slash");
        fuzz_demand(span_same(segments[i], span_cut(path, at + 1, segments[i].n)),
                    "segments come in order");
        fuzz_demand(span_find(segments[i], '/') == segments[i].n, "a segment is one segment");
        at += 1 + segments[i].n;
    }
    fuzz_demand(count > TARGET_SEGMENTS_MAX || at == path.n, "no byte of a path is lost");
}

static bool same(const struct target *a, const struct target *b)
{
    bool good = span_same(a->path, b->path) && a->param_count == b->param_count;
    for (uint32_t i = 0; good && i < a->param_count; i++)
        good = strcmp(a->params[i].name, b->params[i].name) == 0
            && strcmp(a->params[i].value, b->params[i].value) == 0;
    return good;
}

/* A proxy's form of the same target: "http://host/path?query". */
static void demand_absolute_form(const struct target *wanted, struct span text)
{
    static char room[32 + TARGET_BYTES_MAX];
    static struct target t;
    static const char *const hosts[] = {"http://h", "https://h:8443", "http://[::1]:80"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (n + text.n > TARGET_BYTES_MAX)
            return;
        memcpy(room, hosts[i], n);
        memcpy(room + n, text.p, text.n);
        fuzz_demand(target_parse((struct span){room, n + text.n}, &t, NULL) == 0
                        && same(wanted, &t),
                    "a target is the same behind a host");
        if (wanted->path.n > 1)
            continue;
        memmove(room + n, room + n + 1, text.n - 1);
        fuzz_demand(target_parse((struct span){room, n + text.n - 1}, &t, NULL) != 0
                        || same(wanted, &t),
                    "an empty path behind a host is /, and the query is not lost");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct target t, again;
    struct span text = {(const char *)data, size};
    struct err e = {0}, other = {0};
    memset(&t, 0xA5, sizeof t);
    memset(&again, 0x5A, sizeof again);
    int code = target_parse(text, &t, &e);
    fuzz_demand(span_starts(t.path, "/") && span_find(t.path, '?') == t.path.n,
                "there is a path, whatever the target");
    fuzz_demand(span_is(t.path, "/")
                    || (t.path.p >= text.p && t.path.p + t.path.n <= text.p + size),
                "a path is a part of the target");
    demand_whole_query(text);
    demand_segments(t.path);
    fuzz_demand(target_parse(fuzz_elsewhere(text), &again, &other) == code,
                "the same bytes give the same result wherever they stand");
    if (code) {
        fuzz_demand(code == ERR_SYNTAX || code == ERR_LIMIT, "a target fails by syntax or limit");
        fuzz_demand(fuzz_same_err(&e, &other) && e.what[0], "an error has a sentence");
        return 0;
    }
    fuzz_demand(same(&t, &again), "the same bytes give the same parameters");
    fuzz_demand(size <= TARGET_BYTES_MAX, "a target is no longer than the maximum");
    demand_params(&t, text);
    if (text.p[0] == '/')
        demand_absolute_form(&t, text);
    return 0;
}
