/* One exchange as it is recorded: redacted as a whole, then written. */
#include "record_entry.h"

#include "har.h"

#include <string.h>

enum { URL_MAX = 64 << 10 };

static const char too_long[] = "the body is longer than 16777216 bytes";

static void write_entry(const struct record_exchange *x, const struct redacted *kept,
                        struct buf *out)
{
    const struct fetched *f = x->fetched;
    struct json_writer w;
    struct har_entry entry = {
        .started_ms = x->started_ms,
        .dns_ms = f->dns_ms,
        .connect_ms = f->connect_ms,
        .send_ms = f->send_ms,
        .wait_ms = f->wait_ms,
        .receive_ms = f->receive_ms,
        .method = kept->method,
        .url = kept->url,
        .request_headers = kept->request_headers,
        .request_header_count = x->request->header_count,
        .request_body = kept->request_body,
        .request_dropped = kept->request_dropped,
        .status = f->status,
        .reason = kept->reason,
        .response_headers = kept->response_headers,
        .response_header_count = f->header_count,
        .response_body = kept->response_body,
        .response_dropped = f->status && f->body.n > RECORD_BODY_MAX ? too_long
                                                                     : kept->response_dropped,
        .response_sent = f->status ? f->body.n : 0,
        .error = kept->error,
    };
    json_write_init(&w, out, false);
    har_write_entry(&w, &entry);
}

int record_entry_write(struct redactor *r, const struct record_exchange *x, struct buf *out,
                       struct buf *name, struct err *e)
{
    const struct fetched *f = x->fetched;
    struct redacted kept;
    struct buf url;
    bool has_body = f->status && f->body.n <= RECORD_BODY_MAX;
    buf_init(&url, URL_MAX);
    buf_add_text(&url, x->base);
    buf_add_span(&url, x->target);
    struct redact_exchange exchange = {
        .method = x->request->method,
        .url = buf_span(&url),
        .request_headers = x->request->headers,
        .request_header_count = x->request->header_count,
        .request_body = x->request->body,
        .response_headers = f->headers,
        .response_header_count = f->header_count,
        .response_body = has_body ? buf_span(&f->body) : span_of(""),
        .reason = f->reason,
        .error = span_of(f->status ? "" : f->why),
        .x_task = x->x_task,
    };
    int code = buf_err(&url, "the URL", e);
    if (!code)
        code = redact_exchange(r, &exchange, &kept, e);
    if (!code) {
        write_entry(x, &kept, out);
        code = buf_err(out, "the entry", e);
        redacted_fini(&kept);
    }
    if (!code)
        code = redact_text(r, x->task, name, e);
    buf_fini(&url);
    return code;
}
