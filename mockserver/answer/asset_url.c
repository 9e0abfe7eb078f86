/* Moves and restores URLs in text, without parsing it: a body may be broken JSON, and a client's
 * output anything. */
#include "asset_url.h"

#include <string.h>

/* The spellings of a slash: JSON may escape it, and JSON within JSON escapes that. */
static const char *const slashes[] = {"/",       "\\/",     "\\\\/",     "\\\\\\/",
                                      "\\u002F", "\\u002f", "\\\\u002F", "\\\\u002f"};
enum { SLASHES = sizeof slashes / sizeof slashes[0] };
static const char *const schemes[] = {"https", "http"};
enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

static struct span rest_of(struct span s, size_t from)
{
    return span_cut(s, from, s.n);
}

/* Removes word from the front of *s; false, and *s is unchanged, when *s does not begin with it. */
static bool take(struct span *s, const char *word)
{
    if (!span_starts(*s, word))
        return false;
    *s = rest_of(*s, strlen(word));
    return true;
}

/* The same for base, whose slashes are written as `slash` in *s. */
static bool take_base(struct span *s, const char *base, const char *slash)
{
    struct span left = *s;
    for (; *base != '\0'; base++) {
        char letter[2] = {*base, '\0'};
        if (!take(&left, *base == '/' ? slash : letter))
            return false;
    }
    *s = left;
    return true;
}

static void add_base(struct buf *out, const char *base, const char *slash)
{
    for (; *base != '\0'; base++)
        if (*base == '/')
            buf_add_text(out, slash);
        else
            buf_add_char(out, *base);
}

/* When *s begins with "https://": appends BASE "/https/" and removes it from *s. False when it
 * does not. */
static bool move_here(struct buf *out, struct span *s, const char *base)
{
    for (int i = 0; i < SCHEMES; i++)
        for (int k = 0; k < SLASHES; k++) {
            struct span left = *s;
            if (!take(&left, schemes[i]) || !take(&left, ":") || !take(&left, slashes[k])
                || !take(&left, slashes[k]))
                continue;
            add_base(out, base, slashes[k]);
            buf_add_text(out, slashes[k]);
            buf_add_text(out, schemes[i]);
            buf_add_text(out, slashes[k]);
            *s = left;
            return true;
        }
    return false;
}

/* When *s begins with BASE "/https/": appends "https://" and removes it from *s. False when it
 * does not. */
static bool restore_here(struct buf *out, struct span *s, const char *base)
{
    for (int k = 0; k < SLASHES; k++)
        for (int i = 0; i < SCHEMES; i++) {
            struct span left = *s;
            if (!take_base(&left, base, slashes[k]) || !take(&left, slashes[k])
                || !take(&left, schemes[i]) || !take(&left, slashes[k]))
                continue;
            buf_add_text(out, schemes[i]);
            buf_add_char(out, ':');
            buf_add_text(out, slashes[k]);
            buf_add_text(out, slashes[k]);
            *s = left;
            return true;
        }
    return false;
}

void asset_url_move(struct buf *out, struct span body, const char *base)
{
    while (body.n > 0) {
        size_t n = span_find(body, '"');
        buf_add_span(out, span_cut(body, 0, n + 1));
        body = rest_of(body, n + 1);
        move_here(out, &body, base);
    }
}

void asset_url_restore(struct buf *out, struct span text, const char *base)
{
    while (text.n > 0) {
        size_t n = base[0] != '\0' ? span_find(text, base[0]) : text.n;
        buf_add_span(out, span_cut(text, 0, n));
        text = rest_of(text, n);
        if (text.n == 0 || restore_here(out, &text, base))
            continue;
        buf_add_span(out, span_cut(text, 0, 1));
        text = rest_of(text, 1);
    }
}

bool asset_url_of_target(struct span target, struct span *session, struct buf *url)
{
    if (!take(&target, "/"))
        return false;
    *session = span_cut(target, 0, span_find(target, '/'));
    if (session->n == 0)
        return false;
    target = rest_of(target, session->n);
    for (int i = 0; i < SCHEMES; i++) {
        struct span left = target;
        if (!take(&left, "/") || !take(&left, schemes[i]) || !take(&left, "/") || left.n == 0)
            continue;
        buf_add_text(url, schemes[i]);
        buf_add_text(url, "://");
        buf_add_span(url, left);
        return true;
    }
    return false;
}
