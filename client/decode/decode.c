/* What all decoders share. */
#include "decode.h"

#include "base/span.h"

#include <inttypes.h>
#include <stdio.h>
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

void view_clear(struct task_view *out)
{
    memset(out, 0, sizeof *out);
    out->progress = -1;
}

void view_text(struct reading *r, const char *pointer, const char *text, char *out, size_t out_size)
{
    if (!span_copy(span_of(text), out, out_size) && r->code == 0)
        r->code = err_set(r->e, ERR_LIMIT, pointer, "is longer than %zu bytes", out_size - 1);
}

void view_cut(const char *text, char *out, size_t out_size)
{
    static const char mark[] = "\xE2\x80\xA6"; /* an ellipsis */
    if (span_copy(span_of(text), out, out_size))
        return;
    size_t n = out_size - sizeof mark;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--; /* the first byte left out must not continue a character */
    memcpy(out, text, n);
    memcpy(out + n, mark, sizeof mark);
}

void view_int(int64_t n, char *out, size_t out_size)
{
    char room[SPAN_INT_MAX];
    (void)span_copy(span_of_int(n, room), out, out_size);
}
