/* Known secrets by number, and placeholders written over marks. */
#include "redact_marks.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MARKS_MAX = 1 << 20, DECODE_ROUNDS = 4 };

/* -- Known secrets ----------------------------------------------------------------------------- */

int redactor_open(bool plain, struct redactor **out, struct err *e)
{
    struct redactor *r = *out = calloc(1, sizeof *r);
    if (!r)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a redactor");
    r->plain = plain;
    r->cache = plain ? NULL : redact_cache_open();
    if (plain || r->cache)
        return 0;
    free(r);
    *out = NULL;
    return err_set(e, ERR_MEMORY, NULL, "no memory for a redactor");
}

void redactor_close(struct redactor *r)
{
    for (uint32_t i = 0; r && i < r->count; i++)
        free(r->list[i].bytes);
    if (r) {
        secret_set_fini(&r->set);
        redact_cache_close(r->cache);
        free(r->list);
    }
    free(r);
}

static uint32_t *slot_of(struct redactor *r, struct span value)
{
    return &r->slots[hash32_add(HASH32_START, value.p, value.n) % SECRET_SLOTS];
}

static struct redact_known *find(struct redactor *r, struct span value)
{
    for (uint32_t i = *slot_of(r, value); i > 0; i = r->list[i - 1].next)
        if (span_same((struct span){r->list[i - 1].bytes, r->list[i - 1].n}, value))
            return &r->list[i - 1];
    return NULL;
}

static int compare_used(const void *a, const void *b)
{
    const struct redact_known *x = a, *y = b;
    return (x->used < y->used) - (x->used > y->used);
}

/* Forgets the half that was not seen for longest. ERR_LIMIT when all were seen in this exchange. */
static int forget(struct redactor *r, struct err *e)
{
    uint32_t keep = r->count / 2;
    qsort(r->list, r->count, sizeof *r->list, compare_used);
    while (keep < r->count && r->list[keep].used == r->now)
        keep++;
    if (keep == REDACT_SECRETS_MAX)
        return err_set(e, ERR_LIMIT, NULL, "more than %d secrets in one exchange",
                       REDACT_SECRETS_MAX);
    for (uint32_t i = keep; i < r->count; i++)
        free(r->list[i].bytes);
    r->count = keep;
    r->version++;
    memset(r->slots, 0, sizeof r->slots);
    secret_set_fini(&r->set);
    int code = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        struct redact_known *k = &r->list[i];
        struct span value = {k->bytes, k->n};
        uint32_t *slot = slot_of(r, value);
        k->next = *slot;
        *slot = i + 1;
        if (!code && k->everywhere && k->n >= SECRET_BYTES_MIN)
            code = secret_set_add(&r->set, value, k->number, e);
    }
    return code;
}

static int grow(struct redactor *r, struct err *e)
{
    uint32_t room = r->room ? 2 * r->room : 16;
    struct redact_known *list = realloc(r->list, room * sizeof *list);
    if (!list)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a secret");
    r->list = list;
    r->room = room;
    return 0;
}

static int add(struct redactor *r, struct span value, struct redact_known **out, struct err *e)
{
    int code = 0;
    if (r->count == REDACT_SECRETS_MAX)
        code = forget(r, e);
    else if (r->count == r->room)
        code = grow(r, e);
    char *bytes = code ? NULL : malloc(value.n + 1);
    if (code)
        return code;
    if (!bytes)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a secret");
    memcpy(bytes, value.p, value.n);
    uint32_t *slot = slot_of(r, value);
    r->list[r->count] = (struct redact_known){
        .bytes = bytes, .n = value.n, .number = ++r->numbers, .next = *slot};
    *out = &r->list[r->count];
    *slot = ++r->count;
    r->version++;
    return 0;
}

/* The known secret of that value, a new one if need be. A part of our placeholder is never looked for: it would be found
 * in all that is written. */
static int know(struct redactor *r, struct span value, bool everywhere, uint32_t *number,
                struct err *e)
{
    struct redact_known *k = find(r, value);
    int code = k ? 0 : add(r, value, &k, e);
    if (code)
        return code;
    k->used = r->now;
    *number = k->number;
    if (!everywhere || k->everywhere || memmem(REDACTED "-", sizeof REDACTED, value.p, value.n))
        return 0;
    if (value.n >= SECRET_BYTES_MIN)
        code = secret_set_add(&r->set, value, k->number, e);
    else
        r->short_count++;
    k->everywhere = !code;
    r->version++;
    return code;
}

/* Percent-decoded as often as that is possible; in room, which has as many bytes as value and one. */
static struct span decoded(struct span value, char *room)
{
    char *spare = NULL;
    for (int round = 0; round < DECODE_ROUNDS && span_find(value, '%') < value.n; round++) {
        if (!spare && !(spare = malloc(value.n + 1)))
            break;
        if (!text_percent_decode(value, spare, value.n + 1))
            break;
        value.n = strlen(spare);
        memcpy(room, spare, value.n);
        value.p = room;
    }
    free(spare);
    return value;
}

int redactor_learn(struct redactor *r, struct span secret, struct err *e)
{
    uint32_t number;
    char *room = malloc(secret.n + 1);
    if (!room)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a secret");
    struct span plain = decoded(secret, room);
    int code = plain.n > 0 ? know(r, plain, true, &number, e) : 0;
    free(room);
    return code;
}

bool redact_is_short_known(struct redactor *r, struct span value)
{
    const struct redact_known *k = value.n > 0 && value.n < SECRET_BYTES_MIN ? find(r, value)
                                                                             : NULL;
    return k && k->everywhere;
}

/* -- Marks ------------------------------------------------------------------------------------- */

void redact_marks_init(struct redact_marks *m, struct redactor *r, struct err *e)
{
    *m = (struct redact_marks){.r = r, .e = e};
    buf_init(&m->list, MARKS_MAX * sizeof(struct redact_mark));
}

void redact_marks_fini(struct redact_marks *m)
{
    buf_fini(&m->list);
}

size_t redact_marks_count(const struct redact_marks *m)
{
    return m->list.n / sizeof(struct redact_mark);
}

static void add_mark(struct redact_marks *m, struct redact_mark mark, struct span value,
                     bool everywhere)
{
    char *room = m->code ? NULL : malloc(value.n + 1);
    if (m->code)
        return;
    if (!room) {
        m->code = err_set(m->e, ERR_MEMORY, NULL, "no memory for a secret");
        return;
    }
    m->code = know(m->r, decoded(value, room), everywhere, &mark.number, m->e);
    free(room);
    buf_add(&m->list, &mark, sizeof mark);
    if (!m->code)
        m->code = buf_err(&m->list, "the secrets of a text", m->e);
}

void redact_mark(struct redact_marks *m, size_t at, size_t n, struct span value, const char *kind,
                 bool everywhere)
{
    if (n > 0 && value.n > 0 && !redact_is_placeholder(value))
        add_mark(m, (struct redact_mark){.at = at, .n = n, .kind = kind}, value, everywhere);
}

void redact_mark_quoted(struct redact_marks *m, size_t at, size_t n, struct span value,
                        const char *kind)
{
    add_mark(m, (struct redact_mark){.at = at, .n = n, .kind = kind, .quoted = true}, value, false);
}

struct known_pass {
    struct redact_marks *marks;
    size_t base;
};

static int mark_found(size_t at, size_t n, uint32_t number, void *arg)
{
    const struct known_pass *k = arg;
    struct redact_mark mark = {
        .at = k->base + at, .n = n, .number = number, .kind = "known secret"};
    buf_add(&k->marks->list, &mark, sizeof mark);
    return buf_err(&k->marks->list, "the secrets of a text", k->marks->e);
}

void redact_mark_known(struct redact_marks *m, struct span text, size_t base)
{
    struct known_pass pass = {m, base};
    if (m->code)
        return;
    m->code = secret_find(text, &m->r->set, mark_found, &pass);
    if (m->code)
        err_set(m->e, (enum err_code)m->code, NULL,
                m->code == ERR_MEMORY ? "no memory to look for secrets"
                                      : "too much inside each other to look for secrets in");
}

/* -- Writing ----------------------------------------------------------------------------------- */

bool redact_is_placeholder(struct span text)
{
    size_t word = sizeof REDACTED - 1;
    if (!span_starts(text, REDACTED) || text.n == word)
        return text.n == word && span_starts(text, REDACTED);
    for (size_t i = word + 1; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.p[word] == '-' && text.n > word + 1;
}

/* By where they begin; of two that begin at one byte the longer first. */
static int compare_marks(const void *a, const void *b)
{
    const struct redact_mark *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->n < y->n) - (x->n > y->n);
}

static void add_placeholder(const struct redactor *r, const struct redact_mark *mark,
                            struct buf *out)
{
    const char *quote = mark->quoted ? "\"" : "";
    if (r->plain)
        buf_addf(out, "%s" REDACTED "%s", quote, quote);
    else
        buf_addf(out, "%s" REDACTED "-%u%s", quote, mark->number, quote);
}

void redact_write(struct redact_marks *m, struct span text, struct buf *out)
{
    struct redact_mark *list = (struct redact_mark *)(void *)m->list.p;
    size_t count = redact_marks_count(m), from = 0;
    if (count > 1)
        qsort(list, count, sizeof *list, compare_marks);
    for (size_t i = 0; i < count;) {
        struct redact_mark mark = list[i];
        size_t end = mark.at + mark.n, longest = mark.n;
        for (i++; i < count && list[i].at < end; i++) {
            end = list[i].at + list[i].n > end ? list[i].at + list[i].n : end;
            if (list[i].n > longest)
                mark.number = list[i].number, longest = list[i].n;
            mark.quoted |= list[i].quoted;
        }
        buf_add_span(out, span_cut(text, from, mark.at - from));
        add_placeholder(m->r, &mark, out);
        from = end;
    }
    buf_add_span(out, span_cut(text, from, text.n));
}
