/* Holds one reply against HTTP and the contract of its upstream. */
#include "checking.h"

#include "base/json/json.h"
#include "base/utf8.h"
#include "mockserver/message/header.h"
#include "shape.h"

#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 16 /* findings of a reply */ };

/* -- Telling ---------------------------------------------------------------------------------- */

static void tell(struct checking *k, const struct check_finding *f)
{
    if (k->told == TOLD_MAX) {
        k->left[f->level]++;
        return;
    }
    k->told++;
    k->report(f, k->arg);
}

void checking_tell(struct checking *k, enum check_level level, const struct err *e)
{
    tell(k, &(struct check_finding){level, e, "", ""});
}

void checking_end(struct checking *k)
{
    for (int level = CHECK_WRONG; level <= CHECK_NOTE; level++) {
        struct err e;
        err_set(&e, ERR_CONTRACT, k->where, "and %u more", k->left[level]);
        if (k->left[level])
            k->report(&(struct check_finding){(enum check_level)level, &e, "", ""}, k->arg);
    }
}

static void place_of(const struct checking *k, size_t at, char *out, size_t out_size)
{
    unsigned line = 1, column = 1;
    if (!k->file.n) {
        snprintf(out, out_size, "%.250s", k->where);
        return;
    }
    size_t body_at = k->file.n >= k->reply->body.n ? k->file.n - k->reply->body.n : 0;
    json_line_column(k->file, body_at + at, &line, &column);
    snprintf(out, out_size, "%.220s:%u:%u", k->where, line, column);
}

void checking_tell_at(struct checking *k, enum check_level level, size_t at, const char *what)
{
    struct err e;
    char where[ERR_WHERE_MAX];
    place_of(k, at, where, sizeof where);
    err_set(&e, ERR_CONTRACT, where, "%s", what);
    checking_tell(k, level, &e);
}

static void tell_shape(struct checking *k, enum check_level level, const char *pointer,
                       const char *rule, const char *what)
{
    struct json_range found = {0};
    struct err e;
    char where[ERR_WHERE_MAX];
    if (!json_find(k->reply->body, pointer, &found))
        found.at = 0;
    place_of(k, found.at, where, sizeof where);
    if (pointer[0])
        err_set(&e, ERR_CONTRACT, where, "%.200s: %.300s", pointer, what);
    else
        err_set(&e, ERR_CONTRACT, where, "the body %.400s", what);
    tell(k, &(struct check_finding){level, &e, pointer, rule});
}

/* -- HTTP ------------------------------------------------------------------------------------- */

struct span checking_header(struct span head, const char *name)
{
    for (struct span rest = head; rest.n;) {
        struct span line = span_cut(rest, 0, span_find(rest, '\n'));
        size_t colon = span_find(line, ':');
        rest = span_cut(rest, line.n + 1, rest.n);
        if (!span_trim(line).n)
            break;
        if (span_is_nocase(span_cut(line, 0, colon), name))
            return span_trim(span_cut(line, colon + 1, line.n));
    }
    return (struct span){0};
}

static bool is_plain_text(struct span body)
{
    for (size_t i = 0; i < body.n; i++)
        if ((unsigned char)body.p[i] < ' ' && !strchr("\t\r\n", body.p[i]))
            return false;
    return utf8_is_valid(body);
}

/* True when the body can be of that coding. Brotli begins like nothing in particular, so whatever is
 * no plain text may be it; the same for codings that nobody here knows. */
static bool may_be_coded(struct span coding, struct span body)
{
    unsigned first = body.n > 0 ? (unsigned char)body.p[0] : 0;
    unsigned second = body.n > 1 ? (unsigned char)body.p[1] : 0;
    if (span_is_nocase(coding, "gzip") || span_is_nocase(coding, "x-gzip"))
        return first == 0x1f && second == 0x8b;
    if (span_is_nocase(coding, "deflate")) /* in zlib's wrapper */
        return (first & 0x0f) == 8 && (first * 256 + second) % 31 == 0;
    return !is_plain_text(body);
}

/* Several codings: the last one is what the bytes are. */
static void check_encoding(struct checking *k)
{
    struct span coding = checking_header(k->reply->head, "Content-Encoding");
    for (size_t comma = span_find(coding, ','); comma < coding.n; comma = span_find(coding, ','))
        coding = span_trim(span_cut(coding, comma + 1, coding.n));
    if (!coding.n || !k->reply->body.n || span_is_nocase(coding, "identity")
        || may_be_coded(coding, k->reply->body))
        return;
    char what[ERR_WHAT_MAX];
    snprintf(what, sizeof what,
             "Content-Encoding says %.*s, but the body is not: leave the header out, as curl "
             "--compressed does not",
             (int)(coding.n < 40 ? coding.n : 40), coding.p);
    k->broken++;
    if (!k->want || !k->want->breaks)
        checking_tell_at(k, CHECK_WRONG, 0, what);
}

static void check_second_head(struct checking *k)
{
    if (!span_starts(k->reply->body, "HTTP/1.") && !span_starts(k->reply->body, "HTTP/2 ")
        && !span_starts(k->reply->body, "HTTP/3 "))
        return;
    k->broken++;
    if (!k->want || !k->want->breaks)
        checking_tell_at(k, CHECK_WRONG, 0,
                         "the body begins with a second head: curl -i writes a proxy's before the "
                         "service's; take the first one out");
}

/* -- The contract ----------------------------------------------------------------------------- */

static bool is_json_type(struct span type)
{
    return span_is_nocase(type, "application/json")
        || (type.n > 5 && span_is_nocase(span_cut(type, type.n - 5, 5), "+json"));
}

/* Of the operation that was asked, or of those that are polls, the description of such an answer that differs least from the
 * body (NULL: no JSON). NULL when none describes it. */
static const struct json *nearest_schema(const struct checking *k, struct span type,
                                         const struct json *body)
{
    const struct contract *c = &k->u->contract;
    const struct json *nearest = NULL;
    struct shape_counts least = {0};
    for (uint32_t i = 0; i < c->route_count; i++) {
        const struct json *schema = NULL;
        struct shape_counts counts = {0};
        if ((k->route ? &c->routes[i] != k->route
                      : c->routes[i].role != contract_reply_role(k->reply->name))
            || !contract_answer(c, &c->routes[i], k->reply->status, type, &schema))
            continue;
        if (body)
            (void)shape_compare(c, schema, body, NULL, NULL, &counts, NULL);
        if (nearest && !shape_is_nearer(&counts, &least))
            continue;
        nearest = schema;
        least = counts;
    }
    return nearest;
}

bool checking_is_excused(const struct checking *k)
{
    return k->want && (k->want->breaks || k->want->error >= TASK_ERROR_SYNTAX);
}

static void tell_unlike(enum check_level level, const char *pointer, const char *rule,
                        const char *what, void *arg)
{
    struct checking *k = arg;
    k->broken += level != CHECK_NOTE;
    if (level == CHECK_NOTE || !checking_is_excused(k))
        tell_shape(k, level, pointer, rule, what);
}

/* root: NULL when the body is no JSON, which *why then says. */
static void check_contract(struct checking *k, const struct json *root, const struct err *why)
{
    char what[ERR_WHAT_MAX];
    struct shape_counts counts;
    struct err e;
    struct span type = header_media_type(checking_header(k->reply->head, "Content-Type"));
    const struct json *schema = nearest_schema(k, type, root);
    if (!schema) {
        snprintf(what, sizeof what, "the contract does not describe an answer %d %s%.*s",
                 k->reply->status, type.n ? "of type " : "without a Content-Type",
                 (int)(type.n < 80 ? type.n : 80), type.p);
        checking_tell_at(k, CHECK_NOTE, 0, what);
    } else if (root) {
        if (shape_compare(&k->u->contract, schema, root, tell_unlike, k, &counts, &e))
            tell_unlike(CHECK_WRONG, "", "", e.what, k);
    } else if (is_json_type(type)) {
        snprintf(what, sizeof what, "is not JSON, which its Content-Type says: %.80s: %.300s",
                 why->where, why->what);
        tell_unlike(CHECK_WRONG, "", "", what, k);
    }
}

/* -- All of it -------------------------------------------------------------------------------- */

int checking_body(struct checking *k, struct err *e)
{
    struct json *root = NULL;
    struct err cause = {0};
    int code = json_open(k->reply->body, &root, &cause);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, k->where, "%s", cause.what);
    check_encoding(k);
    check_second_head(k);
    check_contract(k, root, &cause);
    json_close(root);
    if (k->want && k->want->breaks && !k->broken) {
        want_breaks_error(k->want, &cause, "\"breaks\" is there, but the reply breaks nothing");
        checking_tell(k, CHECK_WARNING, &cause);
    }
    return 0;
}
