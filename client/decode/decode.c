/* What the decoders share: status words, the envelope of the gateways, and writing into a view. */
#include "decode.h"

#include "base/span.h"

#include <string.h>

const struct refusal_code gateway_codes[] = {
    {"task_not_exist", TASK_ERROR_NOT_FOUND}, /* with HTTP 400 */
    {NULL, TASK_ERROR_NONE},
};

enum task_state state_of_word(const struct state_word *words, const char *word)
{
    struct span s = span_of(word);
    for (; words->word; words++)
        if (span_is_nocase(s, words->word))
            return words->state;
    return TASK_UNKNOWN;
}

static bool is_success(const char *code)
{
    return span_is_nocase(span_of(code), "success");
}

bool gateway_refused(const struct json *root, const char *own_status, struct task_view *out)
{
    struct reading ignored = {0};
    struct fields f = {.object = root, .reading = &ignored};
    if (own_status && field_has(&f, own_status))
        return false;
    bool error = json_kind(json_get(root, "error")) == JSON_OBJECT && !field_has(&f, "data");
    if (!error) {
        char code[TASK_CODE_MAX];
        field_word(&f, "code", code, sizeof code);
        if (ignored.code != 0 || !field_has(&f, "code") || is_success(code))
            return false;
    }
    refusal_read(root, gateway_codes, TASK_ERROR_PERMANENT, out);
    return true;
}

struct fields gateway_data(const struct fields *root, char *code, size_t code_size)
{
    field_need(root, "code");
    field_word(root, "code", code, code_size);
    field_need(root, "data");
    struct fields data = field_object(root, "data");
    field_need(&data, "status");
    return data;
}

bool is_web_url(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}
