/* Calls the recorder's redactor. */
#include "distill_redact.h"

int distill_redact(const struct contract *c, const struct exchange *x, struct span body,
                   struct harmless *out, struct err *e)
{
    const struct redact_exchange exchange = {
        .method = span_of(x->method),
        .url = span_of(x->url),
        .request_headers = x->request_headers.list,
        .request_header_count = x->request_headers.count,
        .request_body = buf_span(&x->request_body),
        .response_headers = x->headers.list,
        .response_header_count = x->headers.count,
        .response_body = body,
        .x_task = c->x_task,
    };
    *out = (struct harmless){0};
    /* Plain placeholders: a repeated answer stays the same, whichever secrets came before it. */
    int code = redactor_open(true, &out->redactor, e);
    return code ? code : redact_exchange(out->redactor, &exchange, &out->redacted, e);
}

void harmless_fini(struct harmless *h)
{
    redacted_fini(&h->redacted);
    redactor_close(h->redactor);
}
