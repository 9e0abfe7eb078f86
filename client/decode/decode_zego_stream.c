/* zego-stream: a digital human's stream, whose state is a number from 1 to 5. */
#include "decode.h"

int zego_stream_decode(const struct json *root, struct zego_stream_reply *out, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    struct fields data = zego_envelope_read(&f, &out->envelope);
    if (out->envelope.code == 0)
        field_need(&data, "Status");
    out->status = field_int(&data, "Status");
    out->room_id = note_text(&data, "RoomId");
    out->stream_id = note_text(&data, "StreamId");
    out->fail_reason = out->status == 2 ? field_text(&data, "FailReason") : "";
    out->create_ms = field_time_ms(&data, "CreateTime");
    return r.code;
}

static enum task_state state_of(int64_t status)
{
    switch (status) {
    case 1: return TASK_QUEUED; /* initialising */
    case 2: return TASK_FAILED;
    case 3:                      /* streaming: some wait for this, see the goals */
    case 4: return TASK_RUNNING; /* stopping */
    case 5: return TASK_SUCCEEDED;
    default: return TASK_UNKNOWN;
    }
}

int zego_stream_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct zego_stream_reply reply;
    struct reading r = {.e = e};
    r.code = zego_stream_decode(root, &reply, e);
    if (r.code != 0)
        return r.code;
    if (reply.envelope.code != 0) {
        refusal_read(root, zego_codes, TASK_ERROR_PERMANENT, out);
        return 0;
    }
    out->state = state_of(reply.status);
    out->created_ms = reply.create_ms;
    view_int(reply.status, out->status, sizeof out->status);
    view_cut(reply.fail_reason, out->reason, sizeof out->reason);
    return 0;
}
