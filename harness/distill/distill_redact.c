/* Calls the recorder's redactor. */
#include "distill_redact.h"

#include "mockserver/record/redact.h"

#include <stdlib.h>

static void collect(struct redact_secrets *s, const struct har_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++)
        redact_collect_header(s, headers->list[i].name, headers->list[i].value);
}

/* The value's place is an offset until all of them are there: the buffer may move. */
static void add_values(struct harmless *out, const struct exchange *x,
                       const struct redact_secrets *s)
{
    for (size_t i = 0; i < x->headers.count; i++) {
        const struct header *h = &x->headers.list[i];
        size_t from = out->values.n;
        if (redact_is_secret_header(h->name))
            buf_add_text(&out->values, REDACTED);
        else
            redact_text(&out->values, h->value, s);
        out->headers[i] = (struct header){h->name, {NULL, out->values.n - from}};
    }
    size_t at = 0;
    for (size_t i = 0; i < x->headers.count; i++) {
        out->headers[i].value.p = out->values.p + at;
        at += out->headers[i].value.n;
    }
}

int distill_redact(const struct contract *c, const struct exchange *x, struct span body,
                   struct harmless *out, struct err *e)
{
    struct redact_secrets secrets = {0};
    struct buf pointed;
    *out = (struct harmless){.headers = calloc(x->headers.count + 1, sizeof *out->headers)};
    buf_init(&out->values, JSON_TEXT_MAX);
    buf_init(&out->body, 2 * REPLY_BODY_MAX);
    if (!out->headers)
        return err_set(e, ERR_MEMORY, "", "no memory for the headers");
    collect(&secrets, &x->request_headers);
    collect(&secrets, &x->headers);
    redact_collect_target(&secrets, span_of(x->url));
    if (secrets.dropped)
        return err_set(e, ERR_LIMIT, "", "holds more than %d secrets", REDACT_SECRETS_MAX);
    buf_init(&pointed, 2 * REPLY_BODY_MAX);
    redact_body(&pointed, body, json_get(c->x_task, "redact"));
    redact_text(&out->body, buf_span(&pointed), &secrets);
    buf_break_with(&out->body, &pointed);
    buf_fini(&pointed);
    add_values(out, x, &secrets);
    int code = buf_err(&out->values, "the headers", e);
    return code ? code : buf_err(&out->body, "the body", e);
}

void harmless_fini(struct harmless *h)
{
    free(h->headers);
    buf_fini(&h->values);
    buf_fini(&h->body);
}
