/* Finds secrets in the views of a text, many at once by a hash of their first six bytes. */
#include "secret.h"

#include "encoded.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MIN = SECRET_BYTES_MIN * 8 / 6, FOUND = -1 };

/* -- One, of any length ------------------------------------------------------------------------ */

static int look_for_one(const struct encoded_view *view, void *arg)
{
    const char *secret = arg;
    struct span text = view->bytes;
    return text.n > 0 && memmem(text.p, text.n, secret, strlen(secret)) ? FOUND : 0;
}

bool secret_is_shown(struct span text, const char *secret)
{
    char *wanted = (char *)(uintptr_t)secret; /* it is not written to */
    return secret && secret[0]
        && encoded_each(text, (strlen(secret) * 8 + 5) / 6, look_for_one, wanted) == FOUND;
}

/* -- Many -------------------------------------------------------------------------------------- */

static uint32_t slot_of(const char *six_bytes)
{
    uint64_t bits = 0;
    memcpy(&bits, six_bytes, SECRET_BYTES_MIN);
    return (uint32_t)(bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) % SECRET_SLOTS;
}

int secret_set_add(struct secret_set *s, struct span secret, uint32_t number, struct err *e)
{
    if (s->count == s->room) {
        uint32_t room = s->room ? 2 * s->room : 16;
        struct secret_known *list = realloc(s->list, room * sizeof *list);
        if (!list)
            return err_set(e, ERR_MEMORY, NULL, "no memory for a secret");
        s->list = list;
        s->room = room;
    }
    char *bytes = malloc(secret.n);
    if (!bytes)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a secret");
    memcpy(bytes, secret.p, secret.n);
    uint32_t *slot = &s->slots[slot_of(bytes)];
    s->list[s->count] = (struct secret_known){bytes, secret.n, number, *slot};
    *slot = ++s->count;
    return 0;
}

void secret_set_fini(struct secret_set *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        free(s->list[i].bytes);
    free(s->list);
    memset(s, 0, sizeof *s);
}

/* The longest secret at the start of rest, which has six bytes at least. */
static const struct secret_known *known_at(const struct secret_set *s, struct span rest)
{
    const struct secret_known *longest = NULL;
    for (uint32_t i = s->slots[slot_of(rest.p)]; i > 0; i = s->list[i - 1].next) {
        const struct secret_known *k = &s->list[i - 1];
        if (k->n <= rest.n && (!longest || k->n > longest->n)
            && memcmp(k->bytes, rest.p, k->n) == 0)
            longest = k;
    }
    return longest;
}

int secret_find_in(const struct encoded_view *view, const struct secret_set *s, secret_visit *visit,
                   void *arg)
{
    struct span text = view->bytes;
    int code = 0;
    for (size_t i = 0; !code && s->count > 0 && i + SECRET_BYTES_MIN <= text.n; i++) {
        const struct secret_known *k = known_at(s, span_cut(text, i, text.n));
        if (!k)
            continue;
        struct encoded_range range = encoded_origin(view, i, k->n);
        code = visit(range.from, range.to - range.from, k->number, arg);
        i += k->n - 1;
    }
    return code;
}

struct finding {
    const struct secret_set *set;
    secret_visit *visit;
    void *arg;
};

static int find_in_view(const struct encoded_view *view, void *arg)
{
    const struct finding *f = arg;
    return secret_find_in(view, f->set, f->visit, f->arg);
}

int secret_find(struct span text, const struct secret_set *s, secret_visit *visit, void *arg)
{
    struct finding f = {s, visit, arg};
    return s->count > 0 ? encoded_each(text, DIGITS_MIN, find_in_view, &f) : 0;
}
