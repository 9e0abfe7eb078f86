/* doubao: {"code": "success", "data": {...}}; a finished task has its URL in fail_reason. */
#include "decode.h"

static const struct state_word words[] = {
    {"queued", TASK_QUEUED},     {"in_progress", TASK_RUNNING},
    {"success", TASK_SUCCEEDED}, /* the URL is then in fail_reason */
    {"failure", TASK_FAILED},    {NULL, TASK_UNKNOWN},
};

int doubao_decode(const struct json *root, struct doubao_reply *out, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    struct fields data = gateway_data(&f, out->code, sizeof out->code);
    field_word(&data, "task_id", out->task_id, sizeof out->task_id);
    out->action = note_text(&data, "action");
    field_word(&data, "status", out->status, sizeof out->status);
    out->progress = note_percent(&data, "progress");
    out->fail_reason = field_text(&data, "fail_reason");
    out->submit_ms = field_time_ms(&data, "submit_time");
    out->start_ms = field_time_ms(&data, "start_time");
    out->finish_ms = field_time_ms(&data, "finish_time");
    return r.code;
}

int doubao_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct doubao_reply reply;
    struct reading r = {.e = e};
    if (gateway_refused(root, NULL, out))
        return 0;
    r.code = doubao_decode(root, &reply, e);
    if (r.code != 0)
        return r.code;
    out->state = state_of_word(words, reply.status);
    out->progress = reply.progress;
    out->created_ms = reply.submit_ms;
    out->started_ms = reply.start_ms;
    out->finished_ms = reply.finish_ms;
    view_text(&r, "/data/status", reply.status, out->status, sizeof out->status);
    view_text(&r, "/data/task_id", reply.task_id, out->id, sizeof out->id);
    if (out->state == TASK_FAILED)
        view_cut(reply.fail_reason, out->reason, sizeof out->reason);
    if (out->state == TASK_SUCCEEDED && is_web_url(reply.fail_reason))
        view_text(&r, "/data/fail_reason", reply.fail_reason, out->url, sizeof out->url);
    return r.code;
}
