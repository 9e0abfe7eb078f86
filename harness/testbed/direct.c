/* Plays a plan in simulated time and reads the bytes back as an HTTP client would. */
#include "direct.h"

#include "base/text.h"

#include <string.h>

/* "http://host:port/path?query" to host and target; false on anything without both. */
static bool split_url(const char *url, struct span *host, struct span *target)
{
    const char *at = strstr(url, "://");
    if (!at)
        return false;
    at += 3;
    size_t host_len = strcspn(at, "/?");
    *host = (struct span){at, host_len};
    *target = at[host_len] == '\0' ? span_of("/") : span_of(at + host_len);
    return host_len > 0;
}

static size_t take_headers(const struct http_request *request, struct span host, struct header *out)
{
    size_t count = 0;
    out[count++] = (struct header){span_of("Host"), host};
    for (size_t i = 0; i < HTTP_HEADERS_MAX && request->headers[i]; i++) {
        struct span line = span_of(request->headers[i]);
        size_t colon = span_find(line, ':');
        out[count++] = (struct header){
            .name = span_cut(line, 0, colon),
            .value = span_trim(span_cut(line, colon + 1, line.n)),
        };
    }
    return count;
}

/* What had reached the client when the plan ended, or the client's time-out cut it short. */
struct played {
    struct span bytes;
    bool timed_out;
    bool reset;
    bool closed;
};

/* Adds the bytes of a sending act to what was received. Acts usually send the answer from its
 * first byte on, one piece after the other: *got then simply grows over the plan's own bytes.
 * Only when pieces are left out or sent in another order are they copied together. */
static void receive(struct direct *d, struct span *got, const struct act *act)
{
    const char *from = d->plan.answer.p + act->at;
    if (got->n == 0 && d->received.n == 0) {
        *got = (struct span){from, act->len};
        return;
    }
    if (d->received.n == 0 && from == got->p + got->n) {
        got->n += act->len;
        return;
    }
    if (d->received.n == 0)
        buf_add_span(&d->received, *got);
    buf_add(&d->received, from, act->len);
    *got = buf_span(&d->received);
}

static struct played play(struct direct *d, int64_t deadline_ms)
{
    struct played p = {0};
    buf_reset(&d->received);
    for (uint32_t i = 0; i < d->plan.act_count && !p.timed_out; i++) {
        const struct act *act = &d->plan.acts[i];
        switch (act->kind) {
        case ACT_SEND: receive(d, &p.bytes, act); break;
        case ACT_WAIT:
            p.timed_out = d->clock->ms + act->ms >= deadline_ms;
            d->clock->ms = p.timed_out ? deadline_ms : d->clock->ms + act->ms;
            break;
        case ACT_CLOSE:
        case ACT_RESET:
            p.closed = true;
            p.reset = act->kind == ACT_RESET;
            break;
        }
    }
    if (d->plan.broken)
        p.closed = true;
    return p;
}

/* The body of a message in chunks, as far as its last one. */
static int read_chunks(struct span body, struct buf *out, struct err *e)
{
    for (;;) {
        size_t line = span_find(body, '\n');
        uint64_t size = 0;
        size_t digits = 0;
        int digit;
        while (digits < line && digits < 8 && (digit = text_hex_value(body.p[digits])) >= 0) {
            size = size * 16 + (uint64_t)digit;
            digits++;
        }
        if (line == body.n || digits == 0 || body.p[digits] != '\r')
            return err_set(e, ERR_NETWORK, NULL,
                           "the reply was cut, or has a chunk without a size");
        body = span_cut(body, line + 1, body.n);
        if (size == 0)
            return 0;
        if (size + 2 > body.n)
            return err_set(e, ERR_NETWORK, NULL, "the reply was cut within a chunk");
        buf_add_span(out, span_cut(body, 0, size));
        body = span_cut(body, size + 2, body.n);
    }
}

static int read_body(struct span body, bool closed, bool none, struct http_reply *reply,
                     struct err *e)
{
    long long length = none ? 0 : -1;
    struct span announced = http_header(reply, "Content-Length");
    if (!none && span_is(http_header(reply, "Transfer-Encoding"), "chunked"))
        return read_chunks(body, &reply->body, e);
    if (length < 0 && announced.n > 0 && !span_int64(announced, &length))
        return err_set(e, ERR_NETWORK, NULL, "the reply's Content-Length is no number");
    if (length < 0 && !closed)
        return err_set(e, ERR_NETWORK, NULL, "the reply does not say where it ends");
    if (length >= 0 && body.n < (size_t)length)
        return err_set(e, ERR_NETWORK, NULL, "the reply was cut after %zu of %lld body bytes",
                       body.n, length);
    buf_add_span(&reply->body, length >= 0 ? span_cut(body, 0, (size_t)length) : body);
    return 0;
}

/* Splits "HTTP/1.1 200 OK\r\nHeaders\r\n\r\nbody", interim responses before it aside, and demands the length that the
 * head announces. */
static int read_reply(struct span bytes, bool closed, bool no_body, struct http_reply *reply,
                      struct err *e)
{
    long long status = 100;
    struct span head, body = bytes;
    while (status < 200) {
        const char *end = body.n == 0 ? NULL : memmem(body.p, body.n, "\r\n\r\n", 4);
        if (!end || body.n < 12 || memcmp(body.p, "HTTP/1.", 7) != 0)
            return err_set(e, ERR_NETWORK, NULL, "%zu bytes came, which are no HTTP reply",
                           bytes.n);
        head = (struct span){body.p, (size_t)(end - body.p) + 2};
        body = (struct span){end + 4, body.n - head.n - 2};
        if (!span_int64(span_cut(head, 9, 3), &status))
            return err_set(e, ERR_NETWORK, NULL, "the reply has no status");
    }
    size_t first_line = span_find(head, '\n') + 1;
    buf_add_span(&reply->head, span_cut(head, first_line, head.n));
    int code = read_body(body, closed, no_body || status == 204 || status == 304, reply, e);
    if (code)
        return code;
    reply->status = (int)status;
    code = buf_err(&reply->head, "the reply's head", e);
    return code ? code : buf_err(&reply->body, "the reply's body", e);
}

static int exchange(struct task_transport *t, const struct http_request *request,
                    struct http_reply *reply, struct err *e)
{
    struct direct *d = (struct direct *)t;
    struct header headers[HTTP_HEADERS_MAX + 1];
    struct message *asked = &d->request; /* large: not made anew for each request */
    struct span host = {0};
    reply->status = 0;
    buf_reset(&reply->head);
    buf_reset(&reply->body);
    if (!split_url(request->url, &host, &asked->target_text))
        return err_set(e, ERR_NETWORK, NULL, "\"%s\" is no absolute URL", request->url);
    asked->method = span_of(request->method);
    asked->body = request->body;
    asked->client_ms = 0;
    asked->headers = headers;
    asked->header_count = take_headers(request, host, headers);

    int64_t deadline_ms = d->clock->ms + request->timeout_ms;
    message_open(asked);
    mock_answer(d->mock, asked, d->clock->ms, &d->plan);
    message_close(asked);
    struct played p = play(d, deadline_ms);
    bool complete = !p.timed_out && !p.reset && p.bytes.n >= d->plan.answer.n && p.bytes.n > 0;
    mock_played(d->mock, &d->plan, d->clock->ms, p.bytes.n, complete);

    if (p.timed_out)
        return err_set(e, ERR_TIMEOUT, NULL, "no whole reply within %lld ms",
                       (long long)request->timeout_ms);
    if (p.reset)
        return err_set(e, ERR_NETWORK, NULL, "connection reset after %zu bytes", p.bytes.n);
    int code = read_reply(p.bytes, p.closed, strcmp(request->method, "HEAD") == 0, reply, e);
    if (code) {
        reply->status = 0;
        buf_reset(&reply->head);
        buf_reset(&reply->body);
    }
    return code;
}

void direct_init(struct direct *d, struct mock *mock, struct clock_sim *clock)
{
    *d = (struct direct){
        .transport = {.exchange = exchange, .clock = &clock->clock}, .mock = mock, .clock = clock};
    plan_init(&d->plan);
    buf_init(&d->received, PLAN_ANSWER_MAX);
}

void direct_fini(struct direct *d)
{
    plan_fini(&d->plan);
    buf_fini(&d->received);
}
