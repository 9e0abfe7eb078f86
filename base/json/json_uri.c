/* URI references: taken apart, put together, and their dots taken out. */
#include "json_uri.h"

#include <ctype.h>

struct parts {
    struct span scheme, authority, path, query;
    bool has_authority, has_query;
};

/* A text under way, in the caller's room: no memory is taken. */
struct text {
    char *p;
    size_t n, room; /* room for the terminator too */
    bool broken;
};

static void add(struct text *out, struct span s)
{
    out->broken = out->broken || s.n >= out->room - out->n;
    if (out->broken || !s.n)
        return;
    memcpy(out->p + out->n, s.p, s.n);
    out->n += s.n;
}

static size_t scheme_length(struct span uri)
{
    size_t n = 0;
    while (n < uri.n
           && (isalpha((unsigned char)uri.p[n])
               || (n && (isdigit((unsigned char)uri.p[n]) || strchr("+-.", uri.p[n])))))
        n++;
    return n && n < uri.n && uri.p[n] == ':' ? n : 0;
}

static struct parts take_apart(struct span uri)
{
    struct parts p = {0};
    size_t n = scheme_length(uri);
    if (n) {
        p.scheme = span_cut(uri, 0, n);
        uri = span_cut(uri, n + 1, uri.n);
    }
    if (span_starts(uri, "//")) {
        uri = span_cut(uri, 2, uri.n);
        for (n = 0; n < uri.n && uri.p[n] != '/' && uri.p[n] != '?';)
            n++;
        p.authority = span_cut(uri, 0, n);
        p.has_authority = true;
        uri = span_cut(uri, n, uri.n);
    }
    n = span_find(uri, '?');
    p.path = span_cut(uri, 0, n);
    p.has_query = n < uri.n;
    p.query = span_cut(uri, n + 1, uri.n);
    return p;
}

/* Drops the last segment of what stands from `from` on, with its slash. */
static void drop_segment(struct text *out, size_t from)
{
    while (out->n > from && out->p[--out->n] != '/')
        ;
}

/* Adds a path without its "." and ".." segments. */
static void add_path(struct text *out, struct span path)
{
    size_t from = out->n;
    bool first = true;
    while (path.n || first) {
        size_t n = span_find(span_cut(path, 1, path.n), '/') + (path.n ? 1 : 0);
        struct span segment = span_cut(path, 0, n);
        bool last = n >= path.n;
        struct span name = segment.n && segment.p[0] == '/' ? span_cut(segment, 1, segment.n)
                                                            : segment;
        if (span_is(name, "..") && out->n > from)
            drop_segment(out, from);
        if (!span_is(name, ".") && !span_is(name, ".."))
            add(out, segment);
        else if (last)
            add(out, span_of("/"));
        path = span_cut(path, n, path.n);
        first = false;
    }
}

/* The base's path up to its last slash, then ref's. */
static void merge(struct text *out, const struct parts *base, struct span path)
{
    size_t n = base->path.n;
    while (n && base->path.p[n - 1] != '/')
        n--;
    if (!n && base->has_authority)
        add(out, span_of("/"));
    add(out, span_cut(base->path, 0, n));
    add(out, path);
}

static void put_together(struct text *out, const struct parts *p)
{
    if (p->scheme.n) {
        add(out, p->scheme);
        add(out, span_of(":"));
    }
    if (p->has_authority) {
        add(out, span_of("//"));
        add(out, p->authority);
    }
    if (p->has_authority || span_starts(p->path, "/"))
        add_path(out, p->path);
    else
        add(out, p->path);
    if (p->has_query) {
        add(out, span_of("?"));
        add(out, p->query);
    }
}

bool json_uri_resolve(const char *base_text, struct span ref, char out[JSON_URI_MAX])
{
    struct parts base = take_apart(span_of(base_text)), to = take_apart(ref);
    char room[2 * JSON_URI_MAX];
    struct text path = {room, 0, sizeof room, false}, whole = {out, 0, JSON_URI_MAX, false};
    if (!to.scheme.n && !to.has_authority && !to.path.n) {
        to.path = base.path;
        to.query = to.has_query ? to.query : base.query;
        to.has_query = to.has_query || base.has_query;
    } else if (!to.scheme.n && !to.has_authority && to.path.p[0] != '/') {
        merge(&path, &base, to.path);
        to.path = (struct span){path.p, path.n};
    }
    if (!to.scheme.n && !to.has_authority) {
        to.authority = base.authority;
        to.has_authority = base.has_authority;
    }
    if (!to.scheme.n)
        to.scheme = base.scheme;
    put_together(&whole, &to);
    bool good = !path.broken && !whole.broken;
    out[good ? whole.n : 0] = '\0';
    return good;
}
