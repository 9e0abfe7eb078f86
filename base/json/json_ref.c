/* References: one step, and all of them. */
#include "json_ref.h"

#include "base/text.h"

#include <string.h>

const char *json_ref_text(const struct json *v)
{
    return json_string(json_get(v, "$ref"));
}

bool json_ref_pointer(const char *ref, char out[JSON_REF_MAX])
{
    out[0] = '\0';
    return ref[0] == '#' && text_percent_decode(span_of(ref + 1), out, JSON_REF_MAX);
}

const struct json *json_ref_target(const struct json *document, const struct json *v)
{
    char pointer[JSON_REF_MAX];
    const char *ref = json_ref_text(v);
    return ref && json_ref_pointer(ref, pointer) ? json_at(document, pointer) : NULL;
}

/* `slow` takes every other step: in a circle v meets it again. */
const struct json *json_ref_resolve(const struct json *document, const struct json *v, bool *circle)
{
    const struct json *slow = v;
    bool met = false;
    for (bool odd = true; !met && json_ref_text(v); odd = !odd) {
        v = json_ref_target(document, v);
        slow = odd ? slow : json_ref_target(document, slow);
        met = v && v == slow;
    }
    if (circle)
        *circle = met;
    return met ? NULL : v;
}

int json_ref_error(const struct json_doc *ref, bool circle, struct err *e)
{
    const char *text = json_string(ref->value);
    if (strlen(text) > JSON_REF_MAX)
        return json_doc_error(ref, ERR_LIMIT, e, "a $ref of more than %d bytes", JSON_REF_MAX);
    return json_doc_error(ref, ERR_CONTRACT, e,
                          circle ? "\"%s\" leads in a circle" : "\"%s\" leads nowhere in this file",
                          text);
}
