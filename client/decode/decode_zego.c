/* The envelope that all calls of ZEGO's server API share. */
#include "decode.h"

const struct refusal_code zego_codes[] = {
    {"100000004", TASK_ERROR_TRANSIENT},    /* signature expired: the next call signs anew */
    {"100000005", TASK_ERROR_UNAUTHORIZED}, /* signature wrong */
    {"400000005", TASK_ERROR_NOT_FOUND},
    {"400000008", TASK_ERROR_TRANSIENT}, /* concurrency */
    {"400000010", TASK_ERROR_TRANSIENT}, /* internal configuration */
    {"400010002", TASK_ERROR_TRANSIENT}, /* busy */
    {"400010009", TASK_ERROR_TRANSIENT}, /* rate limited */
    {NULL, TASK_ERROR_NONE},
};

struct fields zego_envelope_read(const struct fields *root, struct zego_envelope *out)
{
    field_need(root, "Code");
    out->code = field_int(root, "Code");
    out->message = note_text(root, "Message");
    out->request_id = note_text(root, "RequestId");
    if (out->code != 0)
        return (struct fields){.parent = root, .key = "Data", .reading = root->reading};
    field_need(root, "Data");
    return field_object(root, "Data");
}
