/* newapi: the gateway's record with status words in upper case, as before and since early 2026, and
 * the provider's own reply with status words in lower case, which may take its place from one poll
 * to the next. */
#include "decode.h"

static const struct state_word record_words[] = {
    {"NOT_START", TASK_QUEUED},    {"SUBMITTED", TASK_QUEUED},  {"QUEUED", TASK_QUEUED},
    {"IN_PROGRESS", TASK_RUNNING}, {"SUCCESS", TASK_SUCCEEDED}, {"FAILURE", TASK_FAILED},
    {"UNKNOWN", TASK_UNKNOWN},     {NULL, TASK_UNKNOWN},
};

static const struct state_word provider_words[] = {
    {"processing", TASK_RUNNING}, /* queued and in_progress say the same in both dialects */
    {"succeeded", TASK_SUCCEEDED},
    {"failed", TASK_FAILED},
    {NULL, TASK_UNKNOWN},
};

void newapi_record_read(const struct fields *data, struct newapi_record *out)
{
    field_word(data, "task_id", out->task_id, sizeof out->task_id);
    field_word(data, "status", out->status, sizeof out->status);
    out->action = note_text(data, "action");
    out->notify_hook = note_text(data, "notify_hook");
    out->fail_reason = field_text(data, "fail_reason");
    out->result_url = field_text(data, "result_url");
    out->progress = note_percent(data, "progress");
    out->submit_ms = field_time_ms(data, "submit_time");
    out->start_ms = field_time_ms(data, "start_time");
    out->finish_ms = field_time_ms(data, "finish_time");
    out->record_id = note_int(data, "id");
    out->created_ms = note_time_ms(data, "created_at");
    out->updated_ms = note_time_ms(data, "updated_at");
    out->user_id = note_int(data, "user_id");
    out->channel_id = note_int(data, "channel_id");
    out->quota = note_int(data, "quota");
    out->platform = note_text(data, "platform");
    out->group = note_text(data, "group");
    out->url = field_text(data, "url");
    out->format = note_text(data, "format");
    struct fields error = field_object(data, "error");
    field_word(&error, "code", out->error_code, sizeof out->error_code);
    out->error_message = field_text(&error, "message");
}

static void record_url(const struct newapi_record *record, struct reading *r, struct task_view *out)
{
    if (is_web_url(record->result_url))
        view_text(r, "/data/result_url", record->result_url, out->url, sizeof out->url);
    else if (is_web_url(record->fail_reason)) /* until early 2026 */
        view_text(r, "/data/fail_reason", record->fail_reason, out->url, sizeof out->url);
}

/* result_url repeats the reason since early 2026. */
static void record_reason(const struct newapi_record *record, struct task_view *out)
{
    bool said = record->fail_reason[0] != '\0';
    view_cut(said ? record->fail_reason : record->result_url, out->reason, sizeof out->reason);
}

void newapi_record_view(const struct newapi_record *record, struct reading *r,
                        struct task_view *out)
{
    enum task_state provider = state_of_word(provider_words, record->status);
    out->state = provider != TASK_UNKNOWN ? provider : state_of_word(record_words, record->status);
    out->progress = record->progress;
    out->created_ms = record->submit_ms;
    out->started_ms = record->start_ms;
    out->finished_ms = record->finish_ms;
    view_text(r, "/data/status", record->status, out->status, sizeof out->status);
    view_text(r, "/data/task_id", record->task_id, out->id, sizeof out->id);
    if (provider == TASK_SUCCEEDED) {
        view_text(r, "/data/url", record->url, out->url, sizeof out->url);
    } else if (provider == TASK_FAILED) {
        view_text(r, "/data/error/code", record->error_code, out->code, sizeof out->code);
        view_cut(record->error_message, out->reason, sizeof out->reason);
    } else if (out->state == TASK_SUCCEEDED) {
        record_url(record, r, out);
    } else if (out->state == TASK_FAILED) {
        record_reason(record, out);
    }
}

int newapi_decode(const struct json *root, struct newapi_reply *out, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    struct fields data = gateway_data(&f, out->code, sizeof out->code);
    out->message = note_text(&f, "message");
    newapi_record_read(&data, &out->record);
    return r.code;
}

int newapi_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct newapi_reply reply;
    struct reading r = {.e = e};
    if (gateway_refused(root, NULL, out))
        return 0;
    r.code = newapi_decode(root, &reply, e);
    if (r.code == 0)
        newapi_record_view(&reply.record, &r, out);
    return r.code;
}
