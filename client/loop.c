/* task_wait: ask, read, decide, wait, until the policy says that it is over. */
#include "chance.h"
#include "client.h"
#include "http.h"
#include "policy.h"
#include "request.h"
#include "retry_after.h"
#include "upstreams.h"
#include "view.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_MS = 3600 * 1000, DEFAULT_ATTEMPT_MS = 30 * 1000 };

/* What progress has reported of. */
struct known {
    bool any;
    enum task_state state;
    enum task_error error;
    int progress;
    char status[TASK_STATUS_MAX];
};

struct wait {
    const struct task_options *options;
    const struct upstream *upstream;
    struct task_transport *transport;
    struct clock *clock;        /* the transport's */
    struct task_transport *own; /* to be closed */
    struct chance chance;
    struct policy policy;
    int64_t attempt_ms;
    int64_t start_ms;
    struct request request;
    struct http_reply reply;
    /* The two take turns: what told of the task stays whole while the next reply is read. */
    struct task_view views[2];
    struct task_view *told; /* NULL until a reply told of the task */
    struct task_view *last;
    struct err trouble; /* in words, while troubles > 0 */
    unsigned troubles;  /* in a row */
    unsigned unknowns;
    struct known known;
};

static int check_name(const char *option, const char *name, const char *const *names, struct err *e)
{
    for (size_t i = 0; name != NULL && names[i] != NULL; i++) {
        if (strcmp(name, names[i]) == 0) {
            return 0;
        }
    }
    const char *nearest = name != NULL ? text_nearest(name, names) : NULL;
    if (nearest != NULL) {
        return err_set(e, ERR_USAGE, option, "there is no '%s'; did you mean '%s'?", name, nearest);
    }
    return err_set(e, ERR_USAGE, option, name != NULL ? "there is no '%s'" : "is missing%s",
                   name != NULL ? name : "");
}

static int check(const struct task_options *o, struct err *e)
{
    int code = check_name("upstream", o->upstream, task_upstreams(), e);
    if (code == 0 && o->goal != NULL) {
        code = check_name("goal", o->goal, task_goals(o->upstream), e);
    }
    if (code == 0 && (o->interval_ms < 0 || o->timeout_ms < 0 || o->attempt_ms < 0)) {
        code = err_set(e, ERR_USAGE, "interval_ms, timeout_ms, attempt_ms",
                       "should not be negative");
    }
    return code;
}

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value != 0 ? value : otherwise;
}

/* On error there is nothing to close. */
static int wait_open(struct wait *w, const struct task_options *o, struct err *e)
{
    int code = check(o, e);
    if (code != 0) {
        return code;
    }
    *w = (struct wait){
        .options = o, .upstream = upstream_find(o->upstream), .transport = o->transport};
    w->last = &w->views[0];
    w->attempt_ms = or_default(o->attempt_ms, DEFAULT_ATTEMPT_MS);
    w->policy.interval_ms = or_default(o->interval_ms, w->upstream->interval_ms);
    w->policy.timeout_ms = or_default(o->timeout_ms, DEFAULT_TIMEOUT_MS);
    chance_init(&w->chance, o->seed);
    code = request_open(&w->request, w->upstream, o, e);
    if (code == 0 && w->transport == NULL) {
        code = transport_curl_open(NULL, &w->own, e);
        w->transport = w->own;
        if (code != 0) {
            request_close(&w->request);
        }
    }
    if (code != 0) {
        return code;
    }
    http_reply_init(&w->reply);
    w->clock = w->transport->clock;
    w->start_ms = clock_now(w->clock);
    return 0;
}

static void wait_close(struct wait *w)
{
    http_reply_fini(&w->reply);
    request_close(&w->request);
    task_transport_close(w->own);
}

/* An exchange that came to nothing reads like a refusal that may pass. */
static void read_loss(const struct err *loss, struct task_view *out)
{
    view_clear(out);
    out->error = loss->code == ERR_LIMIT ? TASK_ERROR_LIMIT : TASK_ERROR_TRANSIENT;
    view_cut(loss->what, out->reason, sizeof(out->reason));
}

static int read_reply(struct wait *w, struct task_view *out)
{
    int code = upstream_read(w->upstream, w->reply.status, buf_span(&w->reply.body), out,
                             &w->trouble);
    if (code != 0) {
        return code;
    }
    out->state = upstream_goal_state(w->upstream, w->options->goal, out, w->told != NULL);
    if (out->error == TASK_ERROR_NONE) {
        return 0;
    }
    if (out->state != TASK_UNKNOWN) {
        out->error = TASK_ERROR_NONE; /* under this goal the refusal is the good news */
        return 0;
    }
    err_set(&w->trouble, ERR_NETWORK, "", "HTTP %d%s%s%s%s", w->reply.status,
            out->code[0] != '\0' ? ", code " : "", out->code, out->reason[0] != '\0' ? ": " : "",
            out->reason);
    return 0;
}

/* One exchange into w->last. Non-zero only when the wait cannot go on. */
static int poll_once(struct wait *w, struct task_result *out, struct err *e)
{
    int64_t now_ms = clock_now(w->clock);
    int64_t left = w->policy.timeout_ms - (now_ms - w->start_ms);
    int64_t enough = left > POLICY_LAST_TRY_MS ? left : POLICY_LAST_TRY_MS;
    w->request.http.timeout_ms = w->attempt_ms < enough ? w->attempt_ms : enough;
    int code = request_sign(&w->request, now_ms, &w->chance, e);
    if (code != 0) {
        return code;
    }
    out->polls++;
    code = w->transport->exchange(w->transport, &w->request.http, &w->reply, &w->trouble);
    if (code == 0) {
        out->replies++;
        code = read_reply(w, w->last);
    } else {
        read_loss(&w->trouble, w->last);
    }
    if (code == ERR_MEMORY || code == ERR_CANCELLED) {
        return err_set(e, code, w->trouble.where, "%s", w->trouble.what);
    }
    return 0;
}

static void show(struct wait *w)
{
    const struct task_view *v = w->last;
    struct known *k = &w->known;
    if (w->options->progress == NULL
        || (k->any && k->state == v->state && k->error == v->error && k->progress == v->progress
            && strcmp(k->status, v->status) == 0)) {
        return;
    }
    *k = (struct known){.any = true, .state = v->state, .error = v->error, .progress = v->progress};
    memcpy(k->status, v->status, sizeof(k->status));
    w->options->progress(v, w->options->progress_arg);
}

/* Counts what comes in a row and says what the policy makes of it. */
static struct policy_answer decide(struct wait *w)
{
    const struct task_view *v = w->last;
    struct policy_fact fact = {
        .state = v->state, .error = v->error, .http_status = w->reply.status, .retry_after_ms = -1};
    w->troubles = v->error != TASK_ERROR_NONE ? w->troubles + 1 : 0;
    if (v->error == TASK_ERROR_NONE) {
        w->unknowns = v->state == TASK_UNKNOWN ? w->unknowns + 1 : 0;
    }
    fact.troubles = w->troubles;
    fact.unknowns = w->unknowns;
    if (w->troubles > 1) {
        fact.chance = chance_next(&w->chance);
    }
    int64_t now_ms = clock_now(w->clock);
    fact.elapsed_ms = now_ms - w->start_ms;
    if (w->reply.status != 0) {
        fact.retry_after_ms = retry_after_ms(http_header(&w->reply, "Retry-After"), now_ms);
    }
    return policy_decide(&w->policy, &fact);
}

/* A sentence too long is cut, never inside a character. */
__attribute__((format(printf, 2, 3))) static void say(char *why, const char *format, ...)
{
    char sentence[2 * TASK_REASON_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    view_cut(sentence, why, TASK_WHY_MAX);
}

static void explain(const struct wait *w, enum policy_verb verb, char *why)
{
    const struct task_view *v = w->last;
    char limit[64];
    switch (verb) {
    case POLICY_DONE:
        say(why, "the task %s%s%s", task_state_name(v->state), v->reason[0] != '\0' ? ": " : "",
            v->reason);
        return;
    case POLICY_REFUSED: say(why, "the service refused for good: %s", w->trouble.what); return;
    case POLICY_GIVE_UP_TROUBLE:
        say(why, "%u polls in a row told nothing, the last: %s%s%s", w->troubles, w->trouble.where,
            w->trouble.where[0] != '\0' ? ": " : "", w->trouble.what);
        return;
    case POLICY_GIVE_UP_UNKNOWN:
        say(why, "%u polls in a row told the unknown status '%s'", w->unknowns, v->status);
        return;
    case POLICY_GIVE_UP_RETRY_AFTER:
        say(why, "the service asked to be left alone beyond the limit of %s",
            text_of_ms(w->policy.timeout_ms, limit, sizeof(limit)));
        return;
    default:
        say(why, "the task was still open after the limit of %s%s%s",
            text_of_ms(w->policy.timeout_ms, limit, sizeof(limit)),
            w->troubles > 0 ? "; the last poll: " : "", w->troubles > 0 ? w->trouble.what : "");
    }
}

static enum task_outcome outcome_of(enum policy_verb verb, enum task_state state)
{
    switch (verb) {
    case POLICY_DONE: return state == TASK_SUCCEEDED ? TASK_OUTCOME_SUCCEEDED : TASK_OUTCOME_FAILED;
    case POLICY_REFUSED: return TASK_OUTCOME_ERROR;
    default: return TASK_OUTCOME_GAVE_UP;
    }
}

/* The task stays known through troubles; a reply that ends the wait is always the last word. */
static void conclude(const struct wait *w, enum policy_verb verb, struct task_result *out)
{
    bool last_word = verb == POLICY_DONE || verb == POLICY_REFUSED || w->told == NULL;
    out->view = last_word ? *w->last : *w->told;
    out->outcome = outcome_of(verb, w->last->state);
    explain(w, verb, out->why);
}

static int wait_run(struct wait *w, struct task_result *out, struct err *e)
{
    for (;;) {
        int code = poll_once(w, out, e);
        if (code != 0) {
            return code;
        }
        show(w);
        struct policy_answer answer = decide(w);
        if (answer.verb != POLICY_WAIT) {
            conclude(w, answer.verb, out);
            return 0;
        }
        if (w->last->error == TASK_ERROR_NONE) {
            w->told = w->last;
            w->last = w->told == &w->views[0] ? &w->views[1] : &w->views[0];
        }
        clock_wait(w->clock, answer.wait_ms);
    }
}

static void clear(struct task_result *out)
{
    memset(out, 0, sizeof(*out));
    out->view.progress = -1;
}

static int wait_for(const struct task_options *options, struct task_result *out, struct err *e)
{
    struct wait w;
    clear(out);
    int code = wait_open(&w, options, e);
    if (code != 0) {
        return code;
    }
    code = wait_run(&w, out, e);
    if (code == ERR_CANCELLED) {
        conclude(&w, POLICY_GIVE_UP_TIME, out);
        out->outcome = TASK_OUTCOME_CANCELLED;
        say(out->why, "cancelled");
        code = 0;
    }
    out->elapsed_ms = clock_now(w.clock) - w.start_ms;
    wait_close(&w);
    if (code != 0) {
        clear(out);
    }
    return code;
}

int task_wait(const struct task_options *options, struct task_result *out, struct task_failure *f)
{
    struct err e;
    int code = wait_for(options, out, &e);
    return code == 0 ? 0 : failure_tell(f, &e);
}
