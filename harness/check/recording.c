/* Holds the answers of a HAR file against the operations that they were asked of. */
#include "check.h"

#include "checking.h"
#include "harness/distill/har_exchange.h"
#include "mockserver/decide/route.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_MAX = 1 << 20 };

struct holding {
    struct checking k; /* as it is before each answer */
    const struct upstream *u;
    const struct router *router;
    const struct check_age *age;
};

/* As header lines. The body comes without its coding. */
static void add_head(struct buf *out, const struct har_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const struct header *h = &headers->list[i];
        if (span_is_nocase(h->name, "Content-Encoding"))
            continue;
        buf_add_span(out, h->name);
        buf_add_text(out, ": ");
        buf_add_span(out, h->value);
        buf_add_text(out, "\r\n");
    }
}

/* A path without its first segment: "/a/b" is "/b"; empty when there is none behind it. */
static struct span drop_segment(struct span path)
{
    struct span rest = span_cut(path, 1, path.n);
    return span_cut(rest, span_find(rest, '/'), rest.n);
}

/* The operation that the request is one of; NULL when it is none. The service may lie below a path of its own, which
 * no contract knows. */
static const struct contract_route *operation_of(const struct holding *h, const struct exchange *x)
{
    struct message m = {.method = span_of(x->method),
                        .target_text = span_of(x->url),
                        .body = buf_span(&x->request_body)};
    struct route route = {0};
    struct span path = message_open(&m) == 0 ? m.target.path : (struct span){0};
    for (; path.n && !route.match; path = drop_segment(path))
        (void)route_find_in(h->router, h->u, path, &m, &route);
    message_close(&m);
    return route.match;
}

static void tell(struct checking *k, enum check_level level, const char *format,
                 const struct exchange *x, const char *why)
{
    char what[ERR_WHAT_MAX];
    size_t shown = strcspn(x->url, "?");
    snprintf(what, sizeof what, "%.16s %.*s%s%.200s", x->method, (int)(shown < 120 ? shown : 120),
             x->url, format, why);
    checking_tell_at(k, level, 0, what);
}

/* The answer to an operation that is known. body: of it. */
static int hold_answer(const struct holding *h, const struct checking *k, const struct exchange *x,
                       struct span body, struct err *e)
{
    struct reply reply = {.status = x->status, .body = body};
    const char *recorded = json_string(json_get(x->tree, "startedDateTime"));
    struct buf head;
    buf_init(&head, HEAD_MAX);
    add_head(&head, &x->headers);
    int code = buf_err(&head, "a recorded head", e);
    reply.head = buf_span(&head);
    struct checking own = *k;
    own.reply = &reply;
    if (!code)
        code = checking_body(&own, e);
    if (!code)
        check_age_of(&own, h->age, checking_header(reply.head, "Date"), recorded ? recorded : "");
    if (!code)
        checking_end(&own);
    buf_fini(&head);
    return code;
}

/* A body that came and that whoever recorded it left out. */
static bool is_dropped(const struct exchange *x)
{
    const struct json *content = json_at(x->tree, "/response/content");
    int64_t size = 0;
    return !json_get(content, "text") && !json_get(content, "_file")
        && json_int64(json_get(content, "size"), &size) && size > 0;
}

static int hold(const struct holding *h, const struct recording *r, const struct exchange *x,
                const char *where, uint32_t *answers, struct err *e)
{
    struct reply none = {0};
    struct checking k = h->k;
    struct buf body;
    struct err unreadable = {0};
    bool was_text;
    k.route = operation_of(h, x);
    k.reply = &none;
    snprintf(k.where, sizeof k.where, "%s", where);
    if (!k.route || x->status == 0) {
        tell(&k, CHECK_NOTE, k.route ? " has no answer" : " is no operation of the contract", x,
             "");
        return 0;
    }
    ++*answers;
    if (is_dropped(x)) {
        tell(&k, CHECK_NOTE, "'s answer has no body here: the recording did not keep it", x, "");
        return 0;
    }
    buf_init(&body, REPLY_BODY_MAX);
    int code = exchange_body(r, x, &body, &was_text, &unreadable);
    if (!code)
        code = hold_answer(h, &k, x, buf_span(&body), e);
    else if (code != ERR_MEMORY) {
        tell(&k, CHECK_WRONG, "'s answer is unreadable: ", x, unreadable.what);
        code = 0;
    }
    buf_fini(&body);
    return code;
}

static int hold_all(const struct holding *h, const struct recording *r, const char *path,
                    uint32_t *answers, struct err *e)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < r->count; i++) {
        char where[FILE_PATH_MAX];
        struct exchange x;
        snprintf(where, sizeof where, "%.200s: /log/entries/%u", path, i);
        if (!r->entries[i].method || !r->entries[i].url)
            continue; /* nobody can say whose it is */
        code = exchange_open(r, i, &x, e);
        if (!code)
            code = hold(h, r, &x, where, answers, e);
        else
            err_wrap(e, (enum err_code)code, "%.200s", path);
        exchange_close(&x);
    }
    return code;
}

int check_recording(const char *path, const struct fixtures *f, const struct upstream *u,
                    const struct check_age *age, check_report *report, void *arg, uint32_t *answers,
                    struct err *e)
{
    struct recording recording;
    struct router *router = NULL;
    *answers = 0;
    int code = recording_read(path, &recording, e);
    if (code)
        return code;
    code = router_open(f, u->name, &router, e);
    if (!code) {
        struct holding h = {
            .k = {.u = u, .report = report, .arg = arg}, .u = u, .router = router, .age = age};
        code = hold_all(&h, &recording, path, answers, e);
    }
    router_close(router);
    recording_fini(&recording);
    return code;
}
