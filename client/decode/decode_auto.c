/* auto: replies of the path that video, doubao and newapi share, in whichever of their
 * formats they are. */
#include "decode.h"

static bool has(const struct json *root, const char *key)
{
    return json_kind(json_get(root, key)) > JSON_NULL;
}

int auto_view(const struct json *root, struct task_view *out, struct err *e)
{
    bool enveloped = !has(root, "status") && (has(root, "code") || has(root, "data"));
    return enveloped ? newapi_view(root, out, e) : video_view(root, out, e);
}
