/* Fuzzes one decoder: a reply's body in, a view out that must be lawful whatever the body holds.
 *
 * Built once per upstream, with FUZZ_UPSTREAM its name. An input is a body as it came. */
#include "fuzz.h"

#include "base/json/json.h"
#include "client/decode/view.h"

#include <stdio.h>
#include <string.h>

#ifndef FUZZ_READ
#define FUZZ_READ view_read
#endif

/* view_read, or the canary's. */
int FUZZ_READ(const char *upstream, int http_status, struct span body, struct task_view *out,
              struct err *e);

enum { HTTP_OK = 200, REFUSED_ONE_IN = 4 };

struct result {
    int code;
    struct task_view view;
    struct err e;
};

/* trash: what the result's memory holds before, so that a field left unset shows. */
static void read_into(struct result *r, int http_status, struct span body, unsigned char trash)
{
    memset(&r->view, trash, sizeof r->view);
    r->e = (struct err){0};
    r->code = FUZZ_READ(FUZZ_UPSTREAM, http_status, body, &r->view, &r->e);
}

static bool is_state(enum task_state state)
{
    return (int)state >= TASK_UNKNOWN && state <= TASK_FAILED;
}

/* What holds for every view. */
static void demand_values(const struct task_view *v)
{
    fuzz_demand(is_state(v->state), "state is one of its values");
    fuzz_demand((int)v->error >= TASK_ERROR_NONE && v->error <= TASK_ERROR_LIMIT,
                "error is one of its values");
    fuzz_demand(v->progress >= -1 && v->progress <= 100, "progress is -1..100");
    fuzz_demand(v->created_ms >= 0 && v->started_ms >= 0 && v->finished_ms >= 0,
                "times are not negative");
    fuzz_demand(fuzz_is_text(v->status, sizeof v->status), "status is terminated UTF-8");
    fuzz_demand(fuzz_is_text(v->id, sizeof v->id), "id is terminated UTF-8");
    fuzz_demand(fuzz_is_text(v->code, sizeof v->code), "code is terminated UTF-8");
    fuzz_demand(fuzz_is_text(v->reason, sizeof v->reason), "reason is terminated UTF-8");
    fuzz_demand(fuzz_is_text(v->url, sizeof v->url), "url is terminated UTF-8");
    fuzz_demand(v->url[0] == '\0' || v->state == TASK_SUCCEEDED,
                "url is empty unless the task succeeded");
}

/* Everything but what a refusal may say: error, and with can_tell code and reason too. */
static void demand_defaults(const struct task_view *v, bool can_tell)
{
    struct task_view want;
    memset(&want, 0, sizeof want);
    want.progress = -1;
    want.error = v->error;
    if (can_tell) {
        memcpy(want.code, v->code, sizeof want.code);
        memcpy(want.reason, v->reason, sizeof want.reason);
    }
    fuzz_demand(memcmp(v, &want, sizeof want) == 0,
                can_tell ? "a refusal sets nothing but error, code and reason"
                         : "all but error is at its default when the body is not understood");
}

/* The value that holds the field: a decoder can only miss something in what is there. */
static bool parent_is_there(struct span body, const char *pointer)
{
    struct json_range range;
    char parent[ERR_WHERE_MAX];
    const char *slash = strrchr(pointer, '/');
    size_t n = slash != NULL ? (size_t)(slash - pointer) : 0;
    return span_copy((struct span){pointer, n}, parent, sizeof parent)
        && json_find(body, parent, &range);
}

/* What the decoder finds unreadable the finder does not find either, or finds it as unreadable. */
static void demand_unreadable(struct span body, const struct err *e)
{
    struct json_range range;
    struct json *alone;
    if (strstr(e->what, "is unreadable") == NULL || !json_find(body, e->where, &range))
        return;
    fuzz_demand(json_open(span_cut(body, range.at, range.len), &alone, NULL) == 0
                    && json_kind(alone) == JSON_UNREADABLE,
                "finder and tree agree on what is unreadable");
    json_close(alone);
}

static void demand_error(const struct result *r, struct span body)
{
    static const enum task_error errors[] = {
        [ERR_SYNTAX] = TASK_ERROR_SYNTAX,
        [ERR_CONTRACT] = TASK_ERROR_CONTRACT,
        [ERR_LIMIT] = TASK_ERROR_LIMIT,
    };
    bool known = r->code == ERR_SYNTAX || r->code == ERR_CONTRACT || r->code == ERR_LIMIT;
    fuzz_demand(known, "a body fails by syntax, contract or limit");
    fuzz_demand((int)r->e.code == r->code, "the error's code is the one returned");
    fuzz_demand(r->view.error == errors[r->code], "the view's error is the one returned");
    demand_defaults(&r->view, false);
    fuzz_demand(fuzz_is_text(r->e.where, sizeof r->e.where), "where is terminated UTF-8");
    fuzz_demand(fuzz_is_text(r->e.what, sizeof r->e.what) && r->e.what[0] != '\0',
                "what is a sentence in UTF-8");
    size_t at = fuzz_byte_of(r->e.where);
    if (r->code == ERR_SYNTAX || at != SIZE_MAX) {
        fuzz_demand(r->code != ERR_CONTRACT, "a contract error names a pointer");
        fuzz_demand(at <= body.n, "the fault stands within the body, or at its end");
        return;
    }
    fuzz_demand(fuzz_is_pointer(r->e.where), "where is a JSON Pointer");
    demand_unreadable(body, &r->e);
    fuzz_demand(parent_is_there(body, r->e.where), "the wrong field's parent is in the body");
}

static void demand_lawful(const struct result *r, struct span body)
{
    demand_values(&r->view);
    if (r->code != 0) {
        demand_error(r, body);
    } else if (r->view.error != TASK_ERROR_NONE) {
        fuzz_demand(r->view.error <= TASK_ERROR_UNAUTHORIZED, "a refusal is the service's word");
        demand_defaults(&r->view, true);
    }
    fuzz_demand(r->code != 0 || r->view.error != TASK_ERROR_NONE || r->view.status[0] != '\0'
                    || r->view.state == TASK_UNKNOWN,
                "a task without a status is in no known state");
}

static void demand_goals(const struct task_view *v)
{
    fuzz_demand(task_goal_state(FUZZ_UPSTREAM, NULL, v, true) == v->state,
                "without a goal the state is the view's");
    for (const char *const *goal = task_goals(FUZZ_UPSTREAM); *goal != NULL; goal++) {
        fuzz_demand(is_state(task_goal_state(FUZZ_UPSTREAM, *goal, v, false))
                        && is_state(task_goal_state(FUZZ_UPSTREAM, *goal, v, true)),
                    "the state under a goal is one of its values");
    }
}

static bool same(const struct result *a, const struct result *b)
{
    return a->code == b->code && memcmp(&a->view, &b->view, sizeof a->view) == 0
        && fuzz_same_err(&a->e, &b->e);
}

/* The same body under an error status, which nothing in it may turn into an answer. */
static void demand_refusal(struct span body, int http_status)
{
    static struct result r;
    read_into(&r, http_status, body, 0xA5);
    demand_lawful(&r, body);
    fuzz_demand(r.code == 0 && r.view.error != TASK_ERROR_NONE,
                "an error status is a refusal whatever the body");
    demand_goals(&r.view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int refusals[] = {400, 401, 404, 408, 429, 500, 503};
    static struct result first, again;
    struct span body = {(const char *)data, size};

    read_into(&first, HTTP_OK, body, 0xA5);
    demand_lawful(&first, body);
    fuzz_demand((first.code == ERR_SYNTAX) == (json_scan(body, NULL, NULL) == ERR_SYNTAX),
                "grammar alone decides what is JSON");
    demand_goals(&first.view);
    read_into(&again, HTTP_OK, fuzz_elsewhere(body), 0x5A);
    fuzz_demand(same(&first, &again), "the same body gives the same result wherever it stands");

    /* For some bodies only: a third reading takes a third of the time. */
    if (size % REFUSED_ONE_IN == 0)
        demand_refusal(body,
                       refusals[size / REFUSED_ONE_IN % (sizeof refusals / sizeof *refusals)]);
    return 0;
}
