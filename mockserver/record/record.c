/* The recorder: forwards the request, answers with the unchanged response, and hands the exchange to the writer. */
#include "record.h"

#include "mockserver/answer/answer.h"
#include "mockserver/answer/head.h"
#include "record_curl.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_TARGET_MAX = 32 << 10, RECORD_ANSWER_MAX = FETCH_BODY_MAX + (256 << 10) };

/* The length of "user:password@" at the start of what follows the scheme; 0 when there is none. */
static size_t user_length(struct span rest)
{
    struct span authority = span_cut(rest, 0, span_find(rest, '/'));
    size_t n = authority.n;
    while (n > 0 && authority.p[n - 1] != '@')
        n--;
    return n;
}

static bool copy_base(struct record_upstream *u, struct span base)
{
    size_t scheme = span_starts(base, "https") ? 8 : 7;
    size_t user = user_length(span_cut(base, scheme, base.n));
    struct span host = span_cut(base, scheme + user, base.n);
    bool fits = span_copy(base, u->fetch_base, sizeof u->fetch_base);
    if (fits)
        snprintf(u->base, sizeof u->base, "%.*s%.*s", (int)scheme, base.p, (int)host.n, host.p);
    return fits;
}

/* A word of the command line as an error may show it: what stands before an @ is left out. */
static int wrong_word(struct err *e, const char *word, const char *why)
{
    struct span text = span_of(word);
    size_t equals = span_find(text, '='), at = text.n;
    while (at > 0 && word[at - 1] != '@')
        at--;
    char shown[ERR_WHERE_MAX];
    snprintf(shown, sizeof shown, "%.*s%s%s", (int)(at > 0 ? equals : text.n), word,
             at > 0 ? "=..." : "", at > 0 ? word + at - 1 : "");
    return err_set(e, ERR_USAGE, shown, "%s", why);
}

int recorder_add(struct recorder *r, const char *word, struct err *e)
{
    struct span text = span_of(word);
    size_t equals = span_find(text, '=');
    struct span name = span_cut(text, 0, equals);
    struct span base = span_cut(text, equals + 1, text.n);
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (r->count == RECORD_UPSTREAMS_MAX)
        return wrong_word(e, word, "more than 16 upstreams");
    struct record_upstream *u = &r->upstreams[r->count];
    memset(u, 0, sizeof *u);
    bool is_url = (span_starts(base, "http://") && base.n > 7)
        || (span_starts(base, "https://") && base.n > 8);
    if (equals == text.n || !text_is_name(name) || !is_url || span_find(base, '?') < base.n
        || span_find(base, '#') < base.n)
        return wrong_word(e, word,
                          "not of the form UPSTREAM=http://host or UPSTREAM=https://host/base");
    if (!span_copy(name, u->name, sizeof u->name) || !copy_base(u, base))
        return wrong_word(e, word, "longer than 1024 bytes");
    for (uint32_t i = 0; i < r->count; i++)
        if (strcmp(r->upstreams[i].name, u->name) == 0) {
            char why[REPLY_NAME_MAX + 32];
            snprintf(why, sizeof why, "upstream %s is given twice", u->name);
            return wrong_word(e, word, why);
        }
    r->count++;
    return 0;
}

int recorder_learn(struct recorder *r, struct err *e)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < r->count; i++) {
        const char *base = r->upstreams[i].fetch_base;
        struct span rest = span_of(strstr(base, "://") + 3);
        struct span user = span_cut(rest, 0, user_length(rest));
        user.n -= user.n > 0; /* the @ */
        size_t colon = span_find(user, ':');
        struct span password = colon < user.n ? span_cut(user, colon + 1, user.n) : user;
        if (password.n > 0)
            code = record_writer_learn(r->writer, password, e);
    }
    return code;
}

/* -- Which upstream --------------------------------------------------------------------------- */

/* The target without /<name> when it starts with /<name>/; an empty span when it does not. */
static struct span below(struct span target, const char *name)
{
    size_t n = strlen(name);
    if (!span_starts(target, "/") || !span_starts(span_cut(target, 1, target.n), name))
        return (struct span){0};
    struct span rest = span_cut(target, n + 1, target.n);
    return rest.n > 0 && rest.p[0] == '/' ? rest : (struct span){0};
}

static struct span host_of(struct span url)
{
    const char *slashes = url.n > 0 ? memmem(url.p, url.n, "://", 3) : NULL;
    size_t from = slashes ? (size_t)(slashes - url.p) + 3 : 0;
    struct span rest = span_cut(url, from, url.n);
    return span_cut(rest, 0, span_find(rest, '/'));
}

/* Of a request in the form for proxies: the upstream whose host it names; its base path is the upstream's own. */
static const struct record_upstream *choose_host(const struct recorder *r,
                                                 const struct message *request, struct span *rest)
{
    struct span authority = request->target.authority;
    for (uint32_t i = 0; authority.n > 0 && i < r->count; i++) {
        const struct record_upstream *u = &r->upstreams[i];
        struct span base = span_of(u->base), host = host_of(base);
        struct span path = span_cut(base, (size_t)(host.p - base.p) + host.n, base.n);
        bool ours = host.n == authority.n && strncasecmp(host.p, authority.p, host.n) == 0;
        bool known = u->contract
            && contract_has_host(&u->contract->contract, header_host(authority));
        if (!ours && !known)
            continue;
        *rest = request->target.origin_form;
        struct span after = span_cut(*rest, path.n, rest->n);
        if (path.n > 0 && rest->n > path.n && memcmp(rest->p, path.p, path.n) == 0
            && after.p[0] == '/')
            *rest = after;
        return u;
    }
    return NULL;
}

static const struct record_upstream *choose(const struct recorder *r, const struct message *request,
                                            struct span *rest)
{
    struct span target = request->target.origin_form;
    const struct record_upstream *at_host = choose_host(r, request, rest);
    if (at_host)
        return at_host;
    for (uint32_t i = 0; i < r->count; i++) {
        *rest = below(target, r->upstreams[i].name);
        if (rest->n > 0)
            return &r->upstreams[i];
    }
    *rest = target;
    return r->count == 1 ? &r->upstreams[0] : NULL;
}

/* -- The answer ------------------------------------------------------------------------------- */

/* Headers about the connection are the wire's to set, and so is the length, since libcurl has
 * taken the body out of its chunks; only an answer to HEAD keeps the service's Content-Length. */
static void answer_as_it_came(struct plan *plan, const struct fetched *f, bool head_only)
{
    bool bodiless = head_only || f->status == 204 || f->status == 304;
    plan_reset(plan);
    plan->answer.max = RECORD_ANSWER_MAX;
    head_begin(plan, f->status, &f->reason);
    for (size_t i = 0; i < f->header_count; i++) {
        const struct header *h = &f->headers[i];
        bool is_length = span_is_nocase(h->name, "Content-Length");
        if (header_is_hop(h->name) || (is_length && !head_only))
            continue;
        buf_add_span(&plan->answer, h->name);
        buf_add_text(&plan->answer, ": ");
        buf_add_span(&plan->answer, h->value);
        buf_add_text(&plan->answer, "\r\n");
    }
    head_end(plan, bodiless ? HEAD_NO_LENGTH : (int64_t)f->body.n);
    buf_add_span(&plan->answer, buf_span(&f->body));
    head_send(plan);
}

static void answer_no_upstream(const struct recorder *r, struct plan *plan)
{
    struct buf names;
    buf_init(&names, RECORD_UPSTREAMS_MAX * (REPLY_NAME_MAX + 8));
    for (uint32_t i = 0; i < r->count; i++)
        buf_addf(&names, "%s/%s/", i ? ", " : "", r->upstreams[i].name);
    answer_error(plan, 404, NULL, "the path names no upstream that is recorded: %s", names.p);
    buf_fini(&names);
}

/* wire_service.answer: called on the thread of the connection, which it holds until the real
 * service has answered. */
static void forward(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    struct recorder *r = arg;
    struct span target; /* without the mount */
    const struct record_upstream *u = choose(r, request, &target);
    if (!u) {
        answer_no_upstream(r, plan);
        return;
    }
    struct buf url;
    struct fetched fetched;
    buf_init(&url, RECORD_TARGET_MAX);
    fetched_init(&fetched);
    buf_add_text(&url, u->fetch_base);
    buf_add_span(&url, target);
    fetch(url.p, request, &r->fetch, &fetched);
    if (fetched.status)
        answer_as_it_came(plan, &fetched, span_is(request->method, "HEAD"));
    else
        answer_error(plan, fetched.timed_out ? 504 : 502, NULL, "no whole answer from %s: %s",
                     u->base, fetched.why);
    if (r->writer)
        record_writer_take(r->writer, u, request, target, &fetched, now_ms);
    fetched_fini(&fetched);
    buf_fini(&url);
}

struct wire_service recorder_service(struct recorder *r)
{
    return (struct wire_service){.arg = r, .answer = forward};
}
