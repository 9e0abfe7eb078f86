/* One wait, step by step: makes the request, reads the reply, counts failures, asks the policy. */
#include "poll.h"

#include "retry_after.h"
#include "client/decode/pack.h"
#include "client/http/request_pack.h"

#include "base/text.h"

#include <string.h>

enum {
    DEFAULT_TIMEOUT_MS = 3600 * 1000,
    DEFAULT_ATTEMPT_MS = 30 * 1000,
    REDIRECT_SHOWN_MAX = 120, /* bytes: the sentence fits where results hold it */
    KNOWN_BODY_MAX = 4096     /* bytes; a thousand tasks in one thread keep one each */
};

static int check_name(const char *option, const char *name, const char *const *names, struct err *e)
{
    for (size_t i = 0; name && names[i]; i++)
        if (strcmp(name, names[i]) == 0)
            return 0;
    const char *nearest = name ? text_nearest(name, names) : NULL;
    if (nearest)
        return err_set(e, ERR_USAGE, option, "there is no '%s'; did you mean '%s'?", name, nearest);
    return err_set(e, ERR_USAGE, option, name ? "there is no '%s'" : "is missing%s",
                   name ? name : "");
}

static int check(const struct task_options *o, struct err *e)
{
    int code = o->pack ? 0 : check_name("upstream", o->upstream, task_upstreams(), e);
    if (!code && o->goal)
        code = check_name("goal", o->goal,
                          o->pack ? task_pack_goals(o->pack) : task_goals(o->upstream), e);
    if (!code && (o->interval_ms < 0 || o->timeout_ms < 0 || o->attempt_ms < 0)) {
        code = err_set(e, ERR_USAGE, "interval_ms, timeout_ms, attempt_ms",
                       "should not be negative");
    }
    return code;
}

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value != 0 ? value : otherwise;
}

int poll_open(struct task_poll *p, const struct task_options *o, int64_t now_ms, struct err *e)
{
    int code = check(o, e);
    if (code)
        return code;
    *p = (struct task_poll){.options = *o,
                            .dialect = o->pack ? pack_dialect(o->pack) : dialect_find(o->upstream),
                            .start_ms = now_ms,
                            .now_ms = now_ms,
                            .due_ms = now_ms};
    p->last = &p->views[0];
    view_clear(p->last);
    p->attempt_ms = or_default(o->attempt_ms, DEFAULT_ATTEMPT_MS);
    p->policy.interval_ms = or_default(o->interval_ms, p->dialect->interval_ms);
    p->policy.timeout_ms = or_default(o->timeout_ms, DEFAULT_TIMEOUT_MS);
    buf_init(&p->known_body, KNOWN_BODY_MAX + 1);
    rng_init(&p->rng, o->seed);
    return request_open(&p->request, p->dialect, &p->options, e);
}

void poll_close(struct task_poll *p)
{
    buf_fini(&p->known_body);
    request_close(&p->request);
}

/* An exchange may last until the deadline of the whole wait and not longer, but always has
 * POLICY_LAST_TRY_MS: the last poll is started so long before it. */
int poll_ask(struct task_poll *p, int64_t now_ms, const struct http_request **out, struct err *e)
{
    int64_t left = p->policy.timeout_ms - (now_ms - p->start_ms);
    int64_t enough = left > POLICY_LAST_TRY_MS ? left : POLICY_LAST_TRY_MS;
    p->now_ms = now_ms;
    p->request.http.timeout_ms = p->attempt_ms < enough ? p->attempt_ms : enough;
    int code = request_sign(&p->request, now_ms, &p->rng, e);
    if (code)
        return code;
    p->asked = true;
    p->polls++;
    *out = &p->request.http;
    return 0;
}

struct poll_answer poll_answer_of(const struct http_reply *reply)
{
    return (struct poll_answer){.status = reply->status,
                                .retry_after = http_header(reply, "Retry-After"),
                                .location = http_header(reply, "Location"),
                                .body = buf_span(&reply->body)};
}

/* Says where a redirect points, for somebody who has to mend a base URL. Its query is left out:
 * it may repeat that of the request, signature and all. */
static void explain_redirect(const struct poll_answer *answer, struct err *e)
{
    struct span to = answer->location;
    to = span_cut(to, 0, span_find(to, '?'));
    if (answer->status < 300 || answer->status > 399 || to.n == 0)
        return;
    int n = to.n < REDIRECT_SHOWN_MAX ? (int)to.n : REDIRECT_SHOWN_MAX;
    err_set(e, e->code, "", "HTTP %d points to %.*s; is the base URL wrong?", answer->status, n,
            to.p);
}

/* Reads a reply into *out under the options' goal. A refusal and an unreadable reply leave their
 * sentence in p->failure, for the result. */
static int read_reply(struct task_poll *p, const struct poll_answer *answer, struct task_view *out)
{
    int code = dialect_read(p->dialect, answer->status, answer->body, out, &p->failure);
    if (code == ERR_CONTRACT || code == ERR_SYNTAX)
        explain_redirect(answer, &p->failure);
    if (code)
        return code;
    if (out->state == TASK_SUCCEEDED && out->url[0] == '\0' && p->dialect->pack
        && pack_has_content(p->dialect->pack))
        (void)request_pack_content(p->dialect->pack, &p->options, out->url, sizeof out->url);
    bool seen = p->known || p->options.seen;
    out->state = dialect_goal_state(p->dialect, p->options.goal, out, seen);
    if (out->error == TASK_ERROR_NONE)
        return 0;
    if (out->state != TASK_UNKNOWN) {
        out->error = TASK_ERROR_NONE; /* a refusal such as "already stopped" meets the goal */
        return 0;
    }
    err_set(&p->failure, ERR_NETWORK, "", "HTTP %d%s%s%s%s", answer->status,
            out->code[0] != '\0' ? ", code " : "", out->code, out->reason[0] != '\0' ? ": " : "",
            out->reason);
    return 0;
}

/* Calls the caller's progress function when something differs from its last call. */
static void report_progress(struct task_poll *p)
{
    const struct task_view *v = p->last;
    struct poll_shown *shown = &p->shown;
    if (!p->options.progress
        || (shown->any && shown->state == v->state && shown->error == v->error
            && shown->progress == v->progress && strcmp(shown->status, v->status) == 0))
        return;
    *shown = (struct poll_shown){
        .any = true, .state = v->state, .error = v->error, .progress = v->progress};
    memcpy(shown->status, v->status, sizeof shown->status);
    p->options.progress(v, p->options.progress_arg);
}

/* Counts failures and unknown statuses in a row, and takes over what the policy decides. */
static void decide(struct task_poll *p, int http_status, int64_t retry_ms)
{
    const struct task_view *v = p->last;
    struct policy_fact fact = {.state = v->state,
                               .error = v->error,
                               .first = p->replies == 1 && !p->options.seen,
                               .http_status = http_status,
                               .retry_after_ms = retry_ms,
                               .elapsed_ms = p->now_ms - p->start_ms};
    p->transients = v->error != TASK_ERROR_NONE ? p->transients + 1 : 0;
    if (v->error == TASK_ERROR_NONE)
        p->unknowns = v->state == TASK_UNKNOWN ? p->unknowns + 1 : 0;
    fact.transients = p->transients;
    fact.unknowns = p->unknowns;
    if (p->transients > 1)
        fact.random = rng_next(&p->rng);
    struct policy_answer answer = policy_decide(&p->policy, &fact);
    p->verb = answer.verb;
    p->over = answer.verb != POLICY_WAIT;
    p->due_ms = p->now_ms + answer.wait_ms;
    if (!p->over && v->error == TASK_ERROR_NONE) {
        p->known = p->last;
        p->last = p->known == &p->views[0] ? &p->views[1] : &p->views[0];
    }
}

static bool is_known(const struct task_poll *p, const struct poll_answer *answer)
{
    return p->known && p->known_status == answer->status && p->known_body.n > 0
        && span_same(buf_span(&p->known_body), answer->body);
}

/* Without memory, or with a body that is too long, the next reply is read again: no harm. */
static void keep_known(struct task_poll *p, const struct poll_answer *answer)
{
    buf_reset(&p->known_body);
    if (answer->body.n <= KNOWN_BODY_MAX)
        buf_add_span(&p->known_body, answer->body);
    if (p->known_body.broken)
        buf_reset(&p->known_body);
    p->known_status = answer->status;
}

int poll_reply(struct task_poll *p, int64_t now_ms, const struct poll_answer *answer, struct err *e)
{
    struct task_view *fresh = p->last;
    if (is_known(p, answer))
        p->last = p->known;
    else if (read_reply(p, answer, fresh) == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, p->failure.where, "%s", p->failure.what);
    p->now_ms = now_ms;
    p->asked = false;
    p->replies++;
    report_progress(p);
    decide(p, answer->status, retry_after_ms(answer->retry_after, now_ms));
    if (p->known == fresh)
        keep_known(p, answer);
    return 0;
}

static enum task_error error_of_loss(enum err_code code)
{
    switch (code) {
    case ERR_LIMIT: return TASK_ERROR_LIMIT;
    case ERR_USAGE: return TASK_ERROR_PERMANENT;
    default: return TASK_ERROR_TRANSIENT;
    }
}

/* An exchange without a whole reply is treated as a refusal: transient, unless the error says that
 * a repeat cannot help. */
void poll_lost(struct task_poll *p, int64_t now_ms, const struct err *loss)
{
    struct task_view *out = p->last;
    p->now_ms = now_ms;
    p->asked = false;
    p->failure = *loss;
    view_clear(out);
    out->error = error_of_loss(loss->code);
    view_cut(loss->what, out->reason, sizeof out->reason);
    report_progress(p);
    decide(p, 0, -1);
}

void poll_cancel(struct task_poll *p, int64_t now_ms)
{
    if (!p->over) {
        p->now_ms = now_ms;
        p->asked = false;
        p->cancelled = true;
        p->over = true;
    }
}
