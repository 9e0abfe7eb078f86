/* Fuzzes the reader of .http files. An input is a whole file. */
#include "fuzz.h"

#include "base/buf.h"
#include "mockserver/fixture/reply.h"

#include <string.h>

static void demand_none(const struct reply *r, const struct err *e, int code)
{
    struct reply zero;
    memset(&zero, 0, sizeof zero);
    fuzz_demand(memcmp(r, &zero, sizeof zero) == 0, "the reply is zero on error");
    fuzz_demand(code == ERR_SYNTAX || code == ERR_LIMIT, "a file fails by syntax or limit");
    fuzz_demand((int)e->code == code, "the error's code is the one returned");
    fuzz_demand(span_starts(span_of(e->where), "fuzz.http:"), "an error names file and line");
    fuzz_demand(e->what[0] != '\0', "an error has a sentence");
}

/* Every line is "Name: value\r\n". */
static void demand_head(struct span head)
{
    while (head.n > 0) {
        size_t end = span_find(head, '\n');
        fuzz_demand(end < head.n && end > 0 && head.p[end - 1] == '\r', "a header ends in CRLF");
        struct span line = span_cut(head, 0, end - 1);
        size_t colon = span_find(line, ':');
        fuzz_demand(colon > 0 && colon < line.n, "a header has a name and a colon");
        fuzz_demand(span_find(line, '\r') == line.n && span_find(line, '\0') == line.n,
                    "a header cannot split the answer");
        head = span_cut(head, end + 1, head.n);
    }
}

static void demand_lawful(const struct reply *r, struct span file)
{
    fuzz_demand(r->status >= 200 && r->status <= 599, "the status is 200..599");
    fuzz_demand(r->retry_after_ms >= -1, "Retry-After is -1 or a time");
    fuzz_demand(r->stamp_count == 0, "stamps come with the contract");
    fuzz_demand(r->body.n <= file.n
                    && span_same(r->body, span_cut(file, file.n - r->body.n, r->body.n)),
                "the body is the file's tail, byte for byte");
    demand_head(r->head);
}

/* What was read, written in the plainest way, reads back as the same. */
static void demand_round_trip(const struct reply *r)
{
    struct reply again;
    struct err e;
    struct buf text;
    buf_init(&text, 4 << 20);
    buf_addf(&text, "HTTP/1.1 %d\r\n", r->status);
    buf_add_span(&text, r->head);
    buf_add_text(&text, "\r\n");
    buf_add_span(&text, r->body);
    int code = reply_parse(buf_span(&text), "again", "again.http", &again, &e);
    fuzz_demand(code == 0, "what was read can be written and read");
    fuzz_demand(again.status == r->status && again.retry_after_ms == r->retry_after_ms
                    && span_same(again.head, r->head) && span_same(again.body, r->body),
                "a reply reads back as the same");
    reply_fini(&again);
    buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span file = {(const char *)data, size};
    struct reply r;
    struct err e = {0};
    memset(&r, 0xA5, sizeof r);
    int code = reply_parse(file, "fuzz", "fuzz.http", &r, &e);
    if (code != 0) {
        demand_none(&r, &e, code);
        return 0;
    }
    demand_lawful(&r, file);
    demand_round_trip(&r);
    reply_fini(&r);
    return 0;
}
