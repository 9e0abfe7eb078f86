/* Sorts HTTP statuses and error bodies into the four kinds of refusal. */
#include "refusal.h"

#include "fields.h"
#include "view_fill.h"

#include <string.h>

static bool take(const struct json *object, const char *code_key, const char *message_key,
                 struct task_view *out)
{
    struct reading ignored = {0};
    struct fields f = {.object = object, .reading = &ignored};
    if (!field_has(&f, code_key) && !field_has(&f, message_key))
        return false;
    field_word(&f, code_key, out->code, sizeof out->code);
    view_cut(note_text(&f, message_key), out->reason, sizeof out->reason);
    return true;
}

/* {"error": "no credit"}: some gateways send the message alone. */
static bool take_text(const struct json *error, struct task_view *out)
{
    const char *text = json_string(error);
    if (text)
        view_cut(text, out->reason, sizeof out->reason);
    return text;
}

void refusal_read(const struct json *root, const struct refusal_code *codes,
                  enum task_error otherwise, struct task_view *out)
{
    out->error = otherwise;
    const struct json *error = json_get(root, "error");
    if (!take(error, "code", "message", out) && !take_text(error, out)
        && !take(root, "code", "message", out))
        take(root, "Code", "Message", out);
    for (; codes->code; codes++) {
        if (strcmp(codes->code, out->code) == 0) {
            out->error = codes->error;
            return;
        }
    }
}

enum task_error refusal_of_status(int http_status)
{
    static const struct {
        int status;
        enum task_error error;
    } rows[] = {
        {401, TASK_ERROR_UNAUTHORIZED}, {403, TASK_ERROR_UNAUTHORIZED}, {404, TASK_ERROR_NOT_FOUND},
        {408, TASK_ERROR_TRANSIENT},    {425, TASK_ERROR_TRANSIENT},    {429, TASK_ERROR_TRANSIENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].status == http_status)
            return rows[i].error;
    if (http_status < 400)
        return TASK_ERROR_NONE;
    return http_status < 500 ? TASK_ERROR_PERMANENT : TASK_ERROR_TRANSIENT;
}
