/* video: a flat body, with an error object when the task failed. */
#include "decode.h"

static const struct state_word words[] = {
    {"queued", TASK_QUEUED},       {"in_progress", TASK_RUNNING},
    {"processing", TASK_RUNNING}, /* in other translations of the document */
    {"completed", TASK_SUCCEEDED}, {"succeeded", TASK_SUCCEEDED}, /* likewise */
    {"failed", TASK_FAILED},       {NULL, TASK_UNKNOWN},
};

/* An object in the document; also seen as the message alone, and as a list of messages. */
static void read_error(const struct fields *f, struct video_reply *out)
{
    const struct json *error = json_get(f->object, "error");
    if (json_kind(error) == JSON_ARRAY)
        error = json_first(error);
    out->error_message = json_string(error);
    out->error_code[0] = '\0';
    if (out->error_message)
        return;
    struct fields object = field_object(f, "error");
    field_word(&object, "code", out->error_code, sizeof out->error_code);
    out->error_message = field_text(&object, "message");
}

int video_decode(const struct json *root, struct video_reply *out, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    field_word(&f, "task_id", out->task_id, sizeof out->task_id);
    field_need(&f, "status");
    field_word(&f, "status", out->status, sizeof out->status);
    out->url = field_text(&f, "url");
    out->format = note_text(&f, "format");
    struct fields metadata = note_object(&f, "metadata");
    out->duration_s = note_double(&metadata, "duration");
    out->fps = note_int(&metadata, "fps");
    out->width = note_int(&metadata, "width");
    out->height = note_int(&metadata, "height");
    out->seed = note_int(&metadata, "seed");
    read_error(&f, out);
    return r.code;
}

int video_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct video_reply reply;
    struct reading r = {.e = e};
    if (gateway_refused(root, "status", out))
        return 0;
    r.code = video_decode(root, &reply, e);
    if (r.code != 0)
        return r.code;
    out->state = state_of_word(words, reply.status);
    view_text(&r, "/status", reply.status, out->status, sizeof out->status);
    view_text(&r, "/task_id", reply.task_id, out->id, sizeof out->id);
    if (out->state == TASK_SUCCEEDED)
        view_text(&r, "/url", reply.url, out->url, sizeof out->url);
    if (out->state == TASK_FAILED) {
        view_text(&r, "/error/code", reply.error_code, out->code, sizeof out->code);
        view_cut(reply.error_message, out->reason, sizeof out->reason);
    }
    return r.code;
}
