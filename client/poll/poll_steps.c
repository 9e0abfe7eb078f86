/* task_poll_*: the public functions over poll.h. */
#include "poll.h"
#include "client/decode/view.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)TASK_HEADERS_MAX == (int)HTTP_HEADERS_MAX, "headers");

/* 0, or the error in its public form. */
static int public_error(int code, struct task_failure *f, const struct err *e)
{
    return !code ? 0 : failure_from_err(f, e);
}

int task_poll_open(const struct task_options *options, int64_t now_ms, struct task_poll **out,
                   struct task_failure *f)
{
    struct err e;
    struct task_poll *p = calloc(1, sizeof *p);
    *out = NULL;
    if (!p)
        return public_error(err_set(&e, ERR_MEMORY, NULL, "out of memory for a poll"), f, &e);
    int code = poll_open(p, options, now_ms, &e);
    if (code) {
        free(p);
        return public_error(code, f, &e);
    }
    *out = p;
    return 0;
}

int64_t task_poll_due(const struct task_poll *p)
{
    return p->over ? -1 : p->due_ms;
}

int task_poll_ask(struct task_poll *p, int64_t now_ms, struct task_request *out,
                  struct task_failure *f)
{
    const struct http_request *http;
    struct err e;
    *out = (struct task_request){.method = NULL};
    if (p->over || p->asked) {
        err_set(&e, ERR_USAGE, NULL,
                p->over ? "the wait is over" : "the last request has not been answered");
        return failure_from_err(f, &e);
    }
    int code = poll_ask(p, now_ms, &http, &e);
    if (code)
        return public_error(code, f, &e);
    *out = (struct task_request){.method = http->method,
                                 .url = http->url,
                                 .body = http->body.p,
                                 .length = http->body.n,
                                 .timeout_ms = http->timeout_ms};
    memcpy(out->headers, http->headers, sizeof out->headers);
    return 0;
}

static int check_asked(const struct task_poll *p, struct err *e)
{
    return p->asked ? 0 : err_set(e, ERR_USAGE, NULL, "nothing was asked");
}

int task_poll_reply(struct task_poll *p, int64_t now_ms, const struct task_reply *reply,
                    struct task_failure *f)
{
    struct err e;
    struct poll_answer answer = {.status = reply->status,
                                 .retry_after = span_of(reply->retry_after),
                                 .location = span_of(reply->location),
                                 .body = {reply->body, reply->length}};
    int code = check_asked(p, &e);
    if (!code)
        code = poll_reply(p, now_ms, &answer, &e);
    return public_error(code, f, &e);
}

int task_poll_lost(struct task_poll *p, int64_t now_ms, const char *why, struct task_failure *f)
{
    struct err e;
    int code = check_asked(p, &e);
    if (!code) {
        struct err loss = {0};
        err_set(&loss, ERR_NETWORK, NULL, "%s", why);
        poll_lost(p, now_ms, &loss);
    }
    return public_error(code, f, &e);
}

void task_poll_cancel(struct task_poll *p, int64_t now_ms)
{
    poll_cancel(p, now_ms);
}

void task_poll_result(const struct task_poll *p, struct task_result *out)
{
    poll_result(p, out);
}

void task_poll_close(struct task_poll *p)
{
    if (p) {
        poll_close(p);
        free(p);
    }
}
