/* Turns exchanges into steps: reads each answer, finds equal replies, and counts runs of them. */
#include "distill_steps.h"

#include <stdio.h>
#include <string.h>

enum { NO_REPLY = DISTILL_REPLIES_MAX };

/* True when two replies differ in nothing but their stamped values (ids and times that the mock
 * writes anew): status, Retry-After, the number of stamps and all bytes between them are equal. */
static bool same_reply(const struct reply *a, const struct reply *b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    if (a->status != b->status || a->stamp_count != b->stamp_count
        || a->retry_after_ms != b->retry_after_ms)
        return false;
    for (uint32_t i = 0; i <= a->stamp_count; i++) {
        bool last = i == a->stamp_count;
        size_t end_a = last ? a->body.n : a->stamps[i].at;
        size_t end_b = last ? b->body.n : b->stamps[i].at;
        if (!span_same(span_cut(a->body, at_a, end_a - at_a),
                       span_cut(b->body, at_b, end_b - at_b)))
            return false;
        at_a = last ? end_a : a->stamps[i].at + a->stamps[i].len;
        at_b = last ? end_b : b->stamps[i].at + b->stamps[i].len;
    }
    return true;
}

/* Gives a reply, which is not the last that d has room for, a name of its own: "recorded.queued",
 * "recorded.status_429", "recorded.queued-2". */
static void name_reply(const struct distilling *d, enum reply_state state, struct reply *reply)
{
    char word[32];
    if (state == REPLY_STATE_NONE)
        snprintf(word, sizeof word, "status_%d", reply->status);
    else
        snprintf(word, sizeof word, "%s", reply_state_name(state));
    bool taken = true;
    for (uint32_t n = 1; taken; n++) {
        char suffix[16] = "";
        if (n > 1)
            snprintf(suffix, sizeof suffix, "-%u", n);
        snprintf(reply->name, sizeof reply->name, "%s.%s%s", d->name, word, suffix);
        taken = false;
        for (uint32_t i = 0; i < d->reply_count && !taken; i++)
            taken = strcmp(d->replies[i].name, reply->name) == 0;
    }
}

/* Adds the reply to d unless an equal one is there; *index is where. Owns the reply from here
 * on, also on error. */
static int keep_reply(struct distilling *d, struct reply *reply, uint32_t *index, struct err *e)
{
    for (uint32_t i = 0; i < d->reply_count; i++) {
        if (!same_reply(&d->replies[i], reply))
            continue;
        *index = i;
        reply_fini(reply);
        return 0;
    }
    if (d->reply_count == DISTILL_REPLIES_MAX) {
        reply_fini(reply);
        return err_set(e, ERR_LIMIT, NULL, "more than %d different replies", DISTILL_REPLIES_MAX);
    }
    name_reply(d, contract_state(&d->contract, NULL, reply->body), reply);
    *index = d->reply_count;
    d->replies[d->reply_count++] = *reply;
    return 0;
}

/* Counts a poll in the last step when it is of the same kind, else in a new one. */
static int add_poll(struct distilling *d, uint32_t reply, const char *fault, struct err *e)
{
    struct distilled_step *last = d->step_count > 0 ? &d->steps[d->step_count - 1] : NULL;
    d->polls++;
    if (last && last->fault == fault && (fault || last->reply == reply)) {
        last->polls++;
        return 0;
    }
    if (d->step_count == SCENARIO_STEPS_MAX)
        return err_set(e, ERR_LIMIT, NULL, "more than %d steps", SCENARIO_STEPS_MAX);
    d->steps[d->step_count++] = (struct distilled_step){reply, fault, 1};
    return 0;
}

/* -- What one exchange is --------------------------------------------------------------------- */

static bool says(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcasestr(text, *words))
            return true;
    return false;
}

/* The client itself ended it: that is nothing of the service. */
static bool was_ended(const struct exchange *x)
{
    static const char *const words[] = {
        "ERR_ABORTED", "BINDING_ABORTED",   "AbortError", "request aborted",
        "was aborted", "BLOCKED_BY_CLIENT", "cancel",     NULL};
    return says(x->failure, words);
}

static const char fault_empty[] = "empty", fault_truncate[] = "truncate";

/* What a client saw of an exchange without a whole answer. */
static const char *fault_of(const struct exchange *x)
{
    static const char *const cut[] = {
        "CONTENT_LENGTH_MISMATCH", "INCOMPLETE",      "partial", "outstanding read data",
        "bytes missing",           "bytes remaining", NULL};
    return x->status >= 200 || says(x->failure, cut) ? fault_truncate : fault_empty;
}

/* True when the exchange says nothing of the service. */
static bool is_left_out(const struct distilling *d, const struct exchange *x)
{
    if (x->from_cache)
        distill_note(&d->notes, "", "is left out: a cache answered it, not the service");
    else if (was_ended(x))
        distill_note(&d->notes, "", "is left out: the client ended it (%s)", x->failure);
    else if (x->status > 0 && x->status < 200)
        distill_note(&d->notes, "/response/status", "is left out: %d is no final answer",
                     x->status);
    else
        return false;
    return true;
}

static int parse_reply(struct distilling *d, const struct recording *r, const struct exchange *x,
                       struct reply *reply, struct err *e)
{
    struct buf file, body;
    bool was_text = false;
    buf_init(&file, REPLY_BODY_MAX + (64 << 10));
    buf_init(&body, REPLY_BODY_MAX);
    int code = exchange_body(r, x, &body, &was_text, e);
    if (!code)
        code = distill_format_reply(&file, x, buf_span(&body), was_text, &d->contract, &d->notes,
                                    e);
    if (!code)
        code = reply_parse(buf_span(&file), "recorded", "recorded", reply, e);
    buf_fini(&body);
    buf_fini(&file);
    if (!code)
        code = contract_stamp(&d->contract, reply, e);
    if (code)
        reply_fini(reply);
    return code;
}

/* The last answer that came; NO_REPLY when none did. */
static uint32_t last_answer(const struct distilling *d)
{
    for (uint32_t i = d->step_count; i > 0; i--)
        if (!d->steps[i - 1].fault)
            return d->steps[i - 1].reply;
    return NO_REPLY;
}

static int take_exchange(struct distilling *d, const struct recording *r, const struct exchange *x,
                         struct err *e)
{
    struct reply reply = {0};
    uint32_t index = last_answer(d);
    if (is_left_out(d, x))
        return 0;
    if (x->odd_started)
        distill_note(&d->notes, "/startedDateTime",
                     "\"%.60s\" is no time: the poll keeps its place in the file", x->odd_started);
    if (x->status == 0 || x->failure) {
        const char *fault = fault_of(x);
        distill_note(&d->notes, "/response/status",
                     "no whole answer came (%.200s): a step with \"%s\"",
                     x->failure ? x->failure : "status 0 or none", fault);
        return add_poll(d, NO_REPLY, fault, e);
    }
    if (x->status == 304 && index != NO_REPLY)
        return add_poll(d, index, NULL, e);
    int code = parse_reply(d, r, x, &reply, e);
    if (!code)
        code = keep_reply(d, &reply, &index, e);
    return code ? code : add_poll(d, index, NULL, e);
}

/* A step with a fault needs a reply, of which a client sees little: the one before it, else the first. */
static int give_replies(struct distilling *d, struct err *e)
{
    uint32_t reply = 0;
    if (d->reply_count == 0)
        return err_set(e, ERR_NOT_FOUND, NULL,
                       "the recording holds no answer to any of the %u polls of task \"%s\"",
                       d->polls, d->task);
    for (uint32_t i = 0; i < d->step_count; i++) {
        if (d->steps[i].fault)
            d->steps[i].reply = reply;
        reply = d->steps[i].reply;
    }
    return 0;
}

/* Notes of an exchange name its entry. */
struct entry_notes {
    struct distill_notes notes;
    const char *path;
    uint32_t entry;
};

static void tell_of_entry(const struct err *note, void *arg)
{
    const struct entry_notes *of = arg;
    char where[ERR_WHERE_MAX];
    snprintf(where, sizeof where, "%.150s: /log/entries/%u%s%.80s", of->path, of->entry,
             note->where[0] ? ": " : "", note->where);
    distill_note(&of->notes, where, "%s", note->what);
}

int distill_take(struct distilling *d, const struct recording *r, const struct own_polls *polls,
                 struct err *e)
{
    struct entry_notes of = {.notes = d->notes, .path = r->path};
    int code = 0;
    d->notes = (struct distill_notes){tell_of_entry, &of};
    for (uint32_t i = 0; !code && i < polls->count; i++) {
        struct exchange x;
        of.entry = polls->list[i].entry;
        code = exchange_open(r, of.entry, &x, e);
        if (!code) {
            code = take_exchange(d, r, &x, e);
            if (code)
                err_wrap(e, (enum err_code)code, "/log/entries/%u", of.entry);
        }
        if (code)
            err_wrap(e, (enum err_code)code, "%s", r->path);
        exchange_close(&x);
    }
    d->notes = of.notes;
    return code ? code : give_replies(d, e);
}
