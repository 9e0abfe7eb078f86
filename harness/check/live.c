/* Asks a live service once, as the contract's poll says, and holds its answer against the contract. */
#include "check.h"

#include "base/clock.h"
#include "checking.h"
#include "client/http/http.h"
#include "client/http/request.h"
#include "harness/ask/ask.h"

#include <stdio.h>
#include <string.h>

static int check_url(const char *url, struct err *e)
{
    const char *host = strstr(url, "://");
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return err_set(e, ERR_USAGE, "--live", "the URL starts with http:// or https://");
    host += strlen("://");
    if (memchr(host, '@', strcspn(host, "/")))
        return err_set(e, ERR_USAGE, "--live", "credentials do not belong in a URL");
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == '?' || *c == '#' || *c == 0x7f)
            return err_set(e, ERR_USAGE, "--live", "the URL ends before any '?', '#' or space");
    return 0;
}

/* -- The answer -------------------------------------------------------------------------------- */

static int hold(const struct checking *k, const struct http_reply *answer,
                const struct check_live *live, struct err *e)
{
    struct reply reply = {
        .status = answer->status, .head = buf_span(&answer->head), .body = buf_span(&answer->body)};
    struct checking own = *k;
    own.reply = &reply;
    if (reply.status == 401 || reply.status == 403) {
        char what[80];
        snprintf(what, sizeof what, "the service refuses %s: %d",
                 live->token || live->secret ? "the credentials" : "without credentials",
                 reply.status);
        checking_tell_at(&own, CHECK_WARNING, 0, what);
    }
    int code = checking_body(&own, e);
    checking_end(&own);
    return code;
}

static int exchange(const struct http_request *http, struct checking *k,
                    const struct check_live *live, struct err *e)
{
    struct task_transport *transport = NULL;
    struct http_reply answer;
    int code = transport_curl_open(NULL, &transport, e);
    if (code)
        return code;
    http_reply_init(&answer);
    code = transport->exchange(transport, http, &answer, e);
    if (!code)
        code = hold(k, &answer, live, e);
    else
        err_wrap(e, (enum err_code)code, "%.200s", k->where);
    http_reply_fini(&answer);
    task_transport_close(transport);
    return code;
}

/* By the contract alone. */
static int ask_by_contract(struct checking *k, const struct check_live *live, struct err *e)
{
    struct ask a;
    int code = ask_open(&a, &k->u->contract, k->route, live->base_url, live->task, live->token, e);
    if (!code) {
        size_t n = 0;
        struct http_request http = {.method = k->route->method,
                                    .url = a.url.p,
                                    .body = buf_span(&a.body),
                                    .timeout_ms = live->timeout_ms};
        http.headers[n++] = "Accept: application/json";
        if (a.body.n)
            http.headers[n++] = "Content-Type: application/json";
        if (a.auth.n)
            http.headers[n++] = a.auth.p;
        code = exchange(&http, k, live, e);
    } else if (code == ERR_USAGE) {
        err_wrap(e, ERR_USAGE, "--live");
    }
    ask_close(&a);
    return code;
}

/* Where requests are signed, as the client signs them. */
static int ask_by_dialect(struct checking *k, const struct dialect *d,
                          const struct check_live *live, struct err *e)
{
    struct request r;
    struct rng rng;
    const struct task_options o = {.upstream = d->name,
                                   .base_url = live->base_url,
                                   .task_id = live->task,
                                   .token = live->token,
                                   .app_id = live->app_id,
                                   .secret = live->secret};
    int code = request_open(&r, d, &o, e);
    if (code)
        return code;
    rng_init(&rng, 0);
    code = request_sign(&r, clock_now(clock_real()), &rng, e);
    r.http.timeout_ms = live->timeout_ms;
    if (!code)
        code = exchange(&r.http, k, live, e);
    request_close(&r);
    return code;
}

int check_live(const struct upstream *u, const struct check_live *live, check_report *report,
               void *arg, struct err *e)
{
    struct checking k = {.u = u, .report = report, .arg = arg};
    const struct contract *c = &u->contract;
    int code = check_url(live->base_url, e);
    if (code)
        return code;
    k.route = ask_poll(c);
    if (!k.route)
        return err_set(e, ERR_USAGE, "--live", "the contract of %s has no poll", u->name);
    snprintf(k.where, sizeof k.where, "%.200s", live->base_url);
    const struct dialect *d = contract_is_signed(c) ? dialect_find(u->name) : NULL;
    if (!d)
        return ask_by_contract(&k, live, e);
    k.route = NULL; /* which of its polls the client asks is not known here */
    return ask_by_dialect(&k, d, live, e);
}
