/* Goes over the replies of an upstream and holds each against its want and its contract. */
#include "check.h"

#include "base/file.h"
#include "base/json/json.h"
#include "base/utf8.h"
#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "mockserver/message/header.h"
#include "shape.h"
#include "want.h"

#include <stdio.h>
#include <string.h>

enum { REPLY_FILE_MAX = REPLY_BODY_MAX + REPLY_HEAD_MAX, TOLD_MAX = 16 /* findings of a reply */ };

/* One reply under way. */
struct checking {
    const struct upstream *u;
    const struct dialect *dialect; /* how the client reads */
    const struct reply *reply;
    char path[FILE_PATH_MAX]; /* of its .http */
    struct buf file;          /* its bytes: findings name their line */
    struct want *want;        /* NULL: there is none, or it is no want */
    check_report *report;
    void *arg;
    unsigned broken;               /* breaches of contract and HTTP, told or excused */
    unsigned told;                 /* findings */
    unsigned left[CHECK_NOTE + 1]; /* findings beyond TOLD_MAX */
};

/* -- Telling ---------------------------------------------------------------------------------- */

static void tell(struct checking *k, enum check_level level, const struct err *e)
{
    if (k->told == TOLD_MAX) {
        k->left[level]++;
        return;
    }
    k->told++;
    k->report(level, e, k->arg);
}

static void tell_rest(struct checking *k)
{
    for (int level = CHECK_WRONG; level <= CHECK_NOTE; level++) {
        struct err e;
        err_set(&e, ERR_CONTRACT, k->path, "and %u more", k->left[level]);
        if (k->left[level])
            k->report((enum check_level)level, &e, k->arg);
    }
}

/* Of the byte at an offset in the body. */
static void tell_at(struct checking *k, enum check_level level, size_t at, const char *what)
{
    struct err e;
    char where[ERR_WHERE_MAX];
    unsigned line = 1, column = 1;
    size_t body_at = k->file.n >= k->reply->body.n ? k->file.n - k->reply->body.n : 0;
    json_line_column(buf_span(&k->file), body_at + at, &line, &column);
    snprintf(where, sizeof where, "%.220s:%u:%u", k->path, line, column);
    err_set(&e, ERR_CONTRACT, where, "%s", what);
    tell(k, level, &e);
}

static void tell_shape(enum check_level level, const char *pointer, const char *what, void *arg)
{
    struct checking *k = arg;
    struct json_range found = {0};
    char text[ERR_WHAT_MAX];
    snprintf(text, sizeof text, "%.200s: %.300s", pointer, what);
    if (!pointer[0])
        snprintf(text, sizeof text, "the body %.400s", what);
    if (!json_find(k->reply->body, pointer, &found))
        found.at = 0;
    tell_at(k, level, found.at, text);
}

static void tell_want(const struct err *e, void *arg)
{
    tell(arg, CHECK_WRONG, e);
}

/* -- HTTP ------------------------------------------------------------------------------------- */

/* The value of the reply's first header of that name, or nothing. */
static struct span header_of(const struct reply *r, const char *name)
{
    for (struct span rest = r->head; rest.n;) {
        struct span line = span_cut(rest, 0, span_find(rest, '\n'));
        size_t colon = span_find(line, ':');
        rest = span_cut(rest, line.n + 1, rest.n);
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
    struct span coding = header_of(k->reply, "Content-Encoding");
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
        tell_at(k, CHECK_WRONG, 0, what);
}

static void check_second_head(struct checking *k)
{
    if (!span_starts(k->reply->body, "HTTP/1.") && !span_starts(k->reply->body, "HTTP/2 ")
        && !span_starts(k->reply->body, "HTTP/3 "))
        return;
    k->broken++;
    if (!k->want || !k->want->breaks)
        tell_at(k, CHECK_WRONG, 0,
                "the body begins with a second head: curl -i writes a proxy's before the "
                "service's; take the first one out");
}

/* -- The contract ----------------------------------------------------------------------------- */

static bool is_json_type(struct span type)
{
    return span_is_nocase(type, "application/json")
        || (type.n > 5 && span_is_nocase(span_cut(type, type.n - 5, 5), "+json"));
}

/* Of the operations that are polls, the description of such an answer that differs least from the
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
        if (c->routes[i].role != ROLE_POLL
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

static bool is_excused(const struct checking *k)
{
    return k->want && (k->want->breaks || k->want->error >= TASK_ERROR_SYNTAX);
}

static void tell_unlike(enum check_level level, const char *pointer, const char *what, void *arg)
{
    struct checking *k = arg;
    k->broken += level != CHECK_NOTE;
    if (level == CHECK_NOTE || !is_excused(k))
        tell_shape(level, pointer, what, arg);
}

/* root: NULL when the body is no JSON, which *why then says. */
static void check_contract(struct checking *k, const struct json *root, const struct err *why)
{
    char what[ERR_WHAT_MAX];
    struct shape_counts counts;
    struct err e;
    struct span type = header_media_type(header_of(k->reply, "Content-Type"));
    const struct json *schema = nearest_schema(k, type, root);
    if (!schema) {
        snprintf(what, sizeof what, "the contract does not describe an answer %d %s%.*s",
                 k->reply->status, type.n ? "of type " : "without a Content-Type",
                 (int)(type.n < 80 ? type.n : 80), type.p);
        tell_at(k, CHECK_NOTE, 0, what);
    } else if (root) {
        if (shape_compare(&k->u->contract, schema, root, tell_unlike, k, &counts, &e))
            tell_unlike(CHECK_WRONG, "", e.what, k);
    } else if (is_json_type(type)) {
        snprintf(what, sizeof what, "is not JSON, which its Content-Type says: %.80s: %.300s",
                 why->where, why->what);
        tell_unlike(CHECK_WRONG, "", what, k);
    }
}

/* -- A reply ---------------------------------------------------------------------------------- */

/* What a state means to who polls: 0 it cannot be known, 1 the task is open, 2 it has ended. */
static int stage_of_reply(enum reply_state state)
{
    if (state == REPLY_STATE_QUEUED || state == REPLY_STATE_RUNNING)
        return 1;
    return reply_state_is_end(state) ? 2 : 0;
}

static int stage_of_task(enum task_state state)
{
    if (state == TASK_QUEUED || state == TASK_RUNNING)
        return 1;
    return state == TASK_SUCCEEDED || state == TASK_FAILED ? 2 : 0;
}

/* The rules read by the contract, with a reader of their own. */
static void check_rules_reading(struct checking *k)
{
    struct err e;
    enum task_state wanted = want_state(k->want);
    enum reply_state state = k->reply->status < 300
        ? contract_state(&k->u->contract, NULL, k->reply->body)
        : REPLY_STATE_NONE;
    if (stage_of_reply(state) == stage_of_task(wanted))
        return;
    want_error_at(
        k->want, "state", &e,
        "\"state\" is \"%s\", but the rules read \"%s\" by the contract: the reply decides "
        "nothing",
        task_state_name(wanted), reply_state_name(state));
    tell(k, is_excused(k) ? CHECK_NOTE : CHECK_WARNING, &e);
}

/* The want against both readers: the client's, and the rules'. */
static int check_want(struct checking *k, struct err *e)
{
    struct task_view view;
    struct err cause = {0};
    int code = dialect_read(k->dialect, k->reply->status, k->reply->body, &view, &cause);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, k->path, "%s", cause.what);
    unsigned before = k->told;
    want_compare(k->want, &view, view.error >= TASK_ERROR_SYNTAX ? cause.where : "", tell_want, k);
    if (k->told == before) /* else they differ in what the want gets wrong */
        check_rules_reading(k);
    return 0;
}

/* The body against everything but the want. */
static int check_body(struct checking *k, struct err *e)
{
    struct json *root = NULL;
    struct err cause = {0};
    int code = json_open(k->reply->body, &root, &cause);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, k->path, "%s", cause.what);
    check_encoding(k);
    check_second_head(k);
    check_contract(k, root, &cause);
    json_close(root);
    if (k->want && k->want->breaks && !k->broken) {
        want_breaks_error(k->want, &cause, "\"breaks\" is there, but the reply breaks nothing");
        tell(k, CHECK_WARNING, &cause);
    }
    return 0;
}

/* want_path is empty when there is no want. */
static int check_reply(struct checking *k, const char *want_path, struct err *e)
{
    struct want want;
    struct err own = {0};
    int code = file_read(k->path, &k->file, e);
    if (!code && want_path[0]) {
        int bad = want_open(want_path, &want, &own);
        if (bad == ERR_MEMORY)
            return err_set(e, ERR_MEMORY, own.where, "%s", own.what);
        if (bad)
            tell(k, CHECK_WRONG, &own);
        k->want = bad ? NULL : &want;
    }
    if (!code && k->want)
        code = check_want(k, e);
    if (!code)
        code = check_body(k, e);
    if (!code)
        tell_rest(k);
    if (k->want)
        want_fini(k->want);
    k->want = NULL;
    return code;
}

int check_replies(const char *dir, const struct upstream *u, check_report *report, void *arg,
                  struct err *e)
{
    struct task_pack *pack = NULL;
    const struct dialect *dialect = dialect_find(u->name);
    int code = dialect ? 0 : pack_open_folder(dir, &pack, e);
    for (uint32_t i = 0; !code && i < u->reply_count; i++) {
        struct checking k = {.u = u,
                             .dialect = dialect ? dialect : pack_dialect(pack),
                             .reply = &u->replies[i],
                             .report = report,
                             .arg = arg};
        if (k.reply->by_default)
            continue; /* there is no file */
        char want_path[FILE_PATH_MAX];
        int a = snprintf(k.path, sizeof k.path, "%s/replies/%s.http", dir, k.reply->name);
        int b = snprintf(want_path, sizeof want_path, "%s/replies/%s.want.json", dir,
                         k.reply->name);
        if (a < 0 || (size_t)a >= sizeof k.path || b < 0 || (size_t)b >= sizeof want_path) {
            code = err_set(e, ERR_LIMIT, dir, "the path is too long");
            break;
        }
        if (!file_exists(want_path))
            want_path[0] = '\0';
        buf_init(&k.file, REPLY_FILE_MAX);
        code = check_reply(&k, want_path, e);
        buf_fini(&k.file);
    }
    task_pack_close(pack);
    return code;
}
