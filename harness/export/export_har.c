/* HAR 1.2: an entry an answer, as `mockserver record` would have written it. */
#include "formats.h"

#include "harness/ask/ask.h"
#include "mockserver/record/har.h"

#include <stdio.h>

enum { HEADERS_MAX = REPLY_HEADERS_MAX + 1 };

static const int64_t began_ms = INT64_C(1705334400000); /* 2024-01-15T16:00:00Z */

static size_t headers_of(const struct reply *r, struct header *out)
{
    struct span head = r->head;
    size_t n = 0;
    while (n < HEADERS_MAX && export_next_header(&head, &out[n].name, &out[n].value))
        n++;
    return n;
}

static void write_entry(struct json_writer *w, const struct ask *ask, const struct story_answer *a)
{
    static const struct header asked[] = {{{"Accept", 6}, {"application/json", 16}},
                                          {{"Content-Type", 12}, {"application/json", 16}}};
    struct header headers[HEADERS_MAX];
    struct har_entry entry = {.started_ms = began_ms + a->at_ms,
                              .wait_ms = (double)a->delay_ms,
                              .method = span_of(ask->route->method),
                              .url = buf_span(&ask->url),
                              .request_headers = asked,
                              .request_header_count = ask->body.n ? 2 : 1,
                              .request_body = buf_span(&ask->body)};
    if (a->reply && a->came == ANSWER_WHOLE) {
        entry.status = a->reply->status;
        entry.response_headers = headers;
        entry.response_header_count = headers_of(a->reply, headers);
        entry.response_body = a->reply->body;
    } else {
        entry.error = span_of(a->came == ANSWER_SILENCE
                                  ? "the connection closed without a byte"
                                  : "the connection closed within the answer");
    }
    har_write_entry(w, &entry);
}

int export_har(const struct story *s, struct buf *out, struct err *e)
{
    char base[CONTRACT_HOST_MAX + 16];
    struct ask ask;
    const struct contract *c = &s->upstream->contract;
    const struct contract_route *poll = ask_poll(c);
    if (!poll)
        return err_set(e, ERR_USAGE, s->upstream->name, "its contract has no poll");
    snprintf(base, sizeof base, "https://%s", c->host_count ? c->hosts[0] : "service.example.com");
    int code = ask_open(&ask, c, poll, base, s->task, NULL, e);
    buf_add_text(out, har_file_start);
    for (uint32_t i = 0; !code && i < s->count; i++) {
        struct json_writer w;
        json_write_init(&w, out, false);
        buf_add_text(out, i ? ",\n" : "");
        write_entry(&w, &ask, &s->answers[i]);
    }
    buf_add_text(out, har_file_end);
    ask_close(&ask);
    return code;
}
