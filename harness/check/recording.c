/* Holds the answers of a HAR file against the operations that they were asked of. */
#include "check.h"

#include "checking.h"
#include "harness/distill/har_read.h"
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

/* As header lines. Recordings hold bodies without their coding, whatever the header says. */
static void add_head(struct buf *out, const struct json *headers)
{
    for (const struct json *h = json_first(headers); h; h = json_next(h)) {
        const char *name = json_string(json_get(h, "name"));
        const char *value = json_string(json_get(h, "value"));
        if (name && value && strcasecmp(name, "Content-Encoding") != 0 && !strpbrk(value, "\r\n"))
            buf_addf(out, "%s: %s\r\n", name, value);
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
    struct message m = {
        .method = span_of(x->method), .target_text = x->target, .body = x->request_body};
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
    char what[ERR_WHAT_MAX], path[128];
    span_copy(span_cut(x->target, 0, span_find(x->target, '?')), path, sizeof path);
    snprintf(what, sizeof what, "%.16s %.120s%s%.200s", x->method, path, format, why);
    checking_tell_at(k, level, 0, what);
}

static int hold(const struct holding *h, const struct exchange *x, const char *recorded,
                const char *where, uint32_t *answers, struct err *e)
{
    struct reply reply = {.status = x->status, .body = x->body};
    struct checking k = h->k;
    struct buf head;
    int code = 0;
    k.route = operation_of(h, x);
    k.reply = &reply;
    snprintf(k.where, sizeof k.where, "%s", where);
    if (!k.route || x->status == 0) {
        tell(&k, CHECK_NOTE, k.route ? " has no answer" : " is no operation of the contract", x,
             "");
        return 0;
    }
    ++*answers;
    if (x->body_unreadable) {
        tell(&k, CHECK_WRONG, "'s answer is unreadable: ", x, x->body_unreadable);
        return 0;
    }
    buf_init(&head, HEAD_MAX);
    add_head(&head, x->headers);
    code = buf_err(&head, "a recorded head", e);
    reply.head = buf_span(&head);
    if (!code)
        code = checking_body(&k, e);
    if (!code)
        check_age_of(&k, h->age, checking_header(reply.head, "Date"), recorded);
    if (!code)
        checking_end(&k);
    buf_fini(&head);
    return code;
}

static int hold_all(const struct holding *h, const struct recording *r, const char *path,
                    uint32_t *answers, struct err *e)
{
    const struct json *entry = json_first(json_at(r->document, "/log/entries"));
    int code = 0;
    for (uint32_t i = 0; !code && i < r->count; i++, entry = json_next(entry)) {
        char where[FILE_PATH_MAX];
        const char *recorded = json_string(json_get(entry, "startedDateTime"));
        snprintf(where, sizeof where, "%.200s: /log/entries/%u", path, i);
        code = hold(h, &r->exchanges[i], recorded ? recorded : "", where, answers, e);
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
