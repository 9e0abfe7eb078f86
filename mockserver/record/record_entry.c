/* One exchange as it is recorded: first its secrets are collected, then every text is copied without them. */
#include "record_entry.h"

#include "har.h"
#include "redact.h"

#include <string.h>

/* Redacted texts of one exchange live here until the entry is written. */
struct kept {
    struct redact_secrets secrets;
    const struct json *pointers; /* x-task.redact */
    struct buf text;             /* all of them, one after the other */
    struct buf scratch;
};

static void kept_init(struct kept *k, const struct json *pointers)
{
    k->secrets.count = 0;
    k->secrets.dropped = false;
    k->pointers = pointers;
    buf_init(&k->text, RECORD_ENTRY_MAX);
    buf_init(&k->scratch, RECORD_ENTRY_MAX);
}

static void kept_fini(struct kept *k)
{
    buf_fini(&k->text);
    buf_fini(&k->scratch);
}

/* A text without secrets, as an offset and a length in k->text: it may move while it grows. */
struct kept_at {
    size_t at, n;
};

static struct kept_at keep(struct kept *k, struct span text)
{
    struct kept_at place = {k->text.n, 0};
    redact_text(&k->text, text, &k->secrets);
    place.n = k->text.n - place.at;
    return place;
}

/* The scratch is used text by text: what broke it must be told before the next one resets it. */
static struct kept_at keep_scratch(struct kept *k)
{
    buf_break_with(&k->text, &k->scratch);
    struct kept_at place = keep(k, buf_span(&k->scratch));
    buf_reset(&k->scratch);
    return place;
}

static struct kept_at keep_body(struct kept *k, struct span body)
{
    redact_body(&k->scratch, body, k->pointers);
    return keep_scratch(k);
}

static struct kept_at keep_url(struct kept *k, const char *base, struct span target)
{
    buf_add_text(&k->scratch, base);
    redact_target(&k->scratch, target);
    return keep_scratch(k);
}

static struct span kept_span(const struct kept *k, struct kept_at place)
{
    return (struct span){k->text.p + place.at, place.n};
}

static void keep_headers(struct kept *k, const struct header *headers, size_t count,
                         struct kept_at out[MESSAGE_HEADERS_MAX])
{
    for (size_t i = 0; i < count; i++)
        out[i] = redact_is_secret_header(headers[i].name) ? keep(k, span_of(REDACTED))
                                                          : keep(k, headers[i].value);
}

static void collect_secrets(struct kept *k, const struct message *request,
                            const struct fetched *fetched)
{
    redact_collect_target(&k->secrets, request->target_text);
    for (size_t i = 0; i < request->header_count; i++)
        redact_collect_header(&k->secrets, request->headers[i].name, request->headers[i].value);
    for (size_t i = 0; i < fetched->header_count; i++)
        redact_collect_header(&k->secrets, fetched->headers[i].name, fetched->headers[i].value);
}

static void set_headers(const struct kept *k, const struct header *from,
                        const struct kept_at *values, size_t count, struct header *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (struct header){from[i].name, kept_span(k, values[i])};
}

/* Every text is kept before the first is pointed at, for the buffer that holds them moves while it grows. */
static void write_entry(const struct record_exchange *x, struct kept *k, struct buf *out)
{
    struct kept_at request_values[MESSAGE_HEADERS_MAX], response_values[MESSAGE_HEADERS_MAX];
    struct header request_headers[MESSAGE_HEADERS_MAX], response_headers[MESSAGE_HEADERS_MAX];
    const struct message *request = x->request;
    const struct fetched *f = x->fetched;
    struct json_writer w;
    struct kept_at url = keep_url(k, x->base, x->target);
    struct kept_at reason = keep(k, f->reason);
    struct kept_at request_body = keep_body(k, request->body);
    struct kept_at response_body = keep_body(k, f->status ? buf_span(&f->body) : span_of(""));
    keep_headers(k, request->headers, request->header_count, request_values);
    keep_headers(k, f->headers, f->header_count, response_values);
    set_headers(k, request->headers, request_values, request->header_count, request_headers);
    set_headers(k, f->headers, response_values, f->header_count, response_headers);

    struct har_entry entry = {
        .started_ms = x->started_ms,
        .dns_ms = f->dns_ms,
        .connect_ms = f->connect_ms,
        .send_ms = f->send_ms,
        .wait_ms = f->wait_ms,
        .receive_ms = f->receive_ms,
        .method = request->method,
        .url = kept_span(k, url),
        .request_headers = request_headers,
        .request_header_count = request->header_count,
        .request_body = kept_span(k, request_body),
        .status = f->status,
        .reason = kept_span(k, reason),
        .response_headers = response_headers,
        .response_header_count = f->header_count,
        .response_body = kept_span(k, response_body),
        .error = f->status ? NULL : f->why,
    };
    json_write_init(&w, out, false);
    har_write_entry(&w, &entry);
    buf_break_with(out, &k->text);
}

int record_entry_write(const struct record_exchange *x, struct buf *out, struct buf *name,
                       struct err *e)
{
    struct kept k;
    kept_init(&k, x->pointers);
    collect_secrets(&k, x->request, x->fetched);
    write_entry(x, &k, out);
    redact_text(name, x->task, &k.secrets);
    kept_fini(&k);
    if (k.secrets.dropped)
        return err_set(e, ERR_LIMIT, "the entry", "more than %d secrets", REDACT_SECRETS_MAX);
    int code = buf_err(out, "the entry", e);
    return code ? code : buf_err(name, "the task's name", e);
}
