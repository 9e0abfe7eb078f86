/* zego-drive: one drive, or all drives of a stream task, which end at different times,
 * as one state. */
#include "decode.h"

#include "base/span.h"

int zego_drive_decode(const struct json *root, struct zego_drive_reply *out,
                      zego_drive_visit *visit, void *arg, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    struct fields data = zego_envelope_read(&f, &out->envelope);
    out->drives = 0;
    if (out->envelope.code != 0)
        return r.code;
    const struct json *item;
    field_need(&data, "DriveList");
    struct fields list = field_list(&data, "DriveList", &item);
    for (; item && r.code == 0; item = json_next(item), out->drives++) {
        struct zego_drive drive;
        struct fields d = fields_item(&list, item, out->drives);
        field_word(&d, "DriveId", drive.id, sizeof drive.id);
        field_need(&d, "Status");
        drive.status = field_int(&d, "Status");
        visit(&drive, arg);
    }
    return r.code;
}

static enum task_state state_of(int64_t status)
{
    switch (status) {
    case 1: return TASK_QUEUED;
    case 2: return TASK_RUNNING; /* playing */
    case 3: return TASK_FAILED;
    case 4: return TASK_SUCCEEDED; /* ended */
    default: return TASK_UNKNOWN;  /* an official demo knows 5, interrupted */
    }
}

/* Of several drives the state with the highest weight is the task's: unknown, queued or running
 * while any drive is, in this order; else failed when any has failed; else succeeded. */
static int weight(enum task_state state)
{
    static const int weights[] = {[TASK_UNKNOWN] = 5,
                                  [TASK_QUEUED] = 4,
                                  [TASK_RUNNING] = 3,
                                  [TASK_FAILED] = 2,
                                  [TASK_SUCCEEDED] = 1};
    return weights[state];
}

struct summary {
    int weight;
    struct task_view *view;
};

static void sum_up(const struct zego_drive *drive, void *arg)
{
    struct summary *s = arg;
    enum task_state state = state_of(drive->status);
    if (s->weight == 0)
        span_copy(span_of(drive->id), s->view->id, sizeof s->view->id);
    else
        s->view->id[0] = '\0'; /* no single drive's id names the task */
    if (weight(state) > s->weight) {
        s->weight = weight(state);
        s->view->state = state;
        view_int(drive->status, s->view->status, sizeof s->view->status);
    }
}

int zego_drive_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct zego_drive_reply reply;
    struct summary s = {.view = out};
    int code = zego_drive_decode(root, &reply, sum_up, &s, e);
    if (!code && reply.envelope.code != 0)
        refusal_read(root, zego_codes, TASK_ERROR_PERMANENT, out);
    return code;
}
