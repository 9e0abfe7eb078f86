/* task_wait: asks over a transport and waits on its clock, step by step, until the wait is over. */
#include "client/http/cancel.h"
#include "client/http/http.h"
#include "poll.h"
#include "client/decode/view.h"

#include "base/clock.h"

/* True when the wait was cancelled before or while it waited. */
static bool wait_until(struct clock *clock, int64_t due_ms, const struct task_cancel *cancel)
{
    int64_t ms = due_ms - clock_now(clock);
    if (cancel)
        return clock_wait_or_readable(clock, ms, cancel_fd(cancel));
    clock_wait(clock, ms);
    return false;
}

/* Makes one poll and lets p decide what follows. A lost exchange is no error here: non-zero is
 * returned only when the wait cannot go on (no memory, a URL that is too long). */
static int exchange(struct task_poll *p, struct task_transport *t, struct http_reply *reply,
                    struct err *e)
{
    const struct http_request *request;
    struct err loss = {0};
    int code = poll_ask(p, clock_now(t->clock), &request, e);
    if (code)
        return code;
    code = t->exchange(t, request, reply, &loss);
    int64_t now_ms = clock_now(t->clock);
    switch (code) {
    case 0: {
        struct poll_answer answer = poll_answer_of(reply);
        return poll_reply(p, now_ms, &answer, e);
    }
    case ERR_MEMORY: return err_set(e, ERR_MEMORY, loss.where, "%s", loss.what);
    case ERR_CANCELLED: poll_cancel(p, now_ms); return 0;
    default: poll_lost(p, now_ms, &loss); return 0;
    }
}

static int run(struct task_poll *p, struct task_transport *t, struct err *e)
{
    const struct task_cancel *cancel = p->options.cancel;
    struct http_reply reply;
    int code = 0;
    http_reply_init(&reply);
    p->request.http.cancel = cancel;
    while (!code && !p->over)
        if (wait_until(t->clock, p->due_ms, cancel))
            poll_cancel(p, clock_now(t->clock));
        else
            code = exchange(p, t, &reply, e);
    http_reply_fini(&reply);
    return code;
}

static int wait_with(const struct task_options *o, struct task_transport *t,
                     struct task_result *out, struct err *e)
{
    struct task_poll p;
    int code = poll_open(&p, o, clock_now(t->clock), e);
    if (code)
        return code;
    code = run(&p, t, e);
    if (!code)
        poll_result(&p, out);
    poll_close(&p);
    return code;
}

int task_wait(const struct task_options *options, struct task_result *out, struct task_failure *f)
{
    struct err e;
    struct task_transport *own = NULL;
    poll_clear(out);
    int code = !options->transport ? transport_curl_open(NULL, &own, &e) : 0;
    if (own && options->ca_file)
        code = transport_curl_trust(own, options->ca_file, &e);
    if (!code)
        code = wait_with(options, own ? own : options->transport, out, &e);
    task_transport_close(own);
    return !code ? 0 : failure_from_err(f, &e);
}
