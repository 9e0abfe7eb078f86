/* Fuzzes the reader of recordings. An input is a whole HAR file. */
#include "fuzz.h"

#include "base/buf.h"
#include "harness/distill/har_exchange.h"
#include "mockserver/fixture/reply.h"

#include <string.h>

static const char *text_at(const struct json *entry, const char *pointer)
{
    return json_string(json_at(entry, pointer));
}

/* A body of plain characters that nothing is said of is what its text says. */
static void demand_plain(const struct exchange *x, struct span body, bool was_text)
{
    const char *text = text_at(x->tree, "/response/content/text");
    if (was_text && text && !text_at(x->tree, "/response/content/encoding") && x->headers.count == 0
        && text[0] >= ' ')
        fuzz_demand(span_same(body, span_of(text)), "a body that is text is the entry's");
}

static void demand_headers(const struct har_headers *h)
{
    fuzz_demand(h->count <= HAR_HEADERS_MAX, "no header beyond the maximum");
    for (size_t i = 0; i < h->count; i++)
        fuzz_demand(span_find(h->list[i].value, '\n') == h->list[i].value.n,
                    "a header is one line");
}

static void demand_body(const struct recording *r, const struct exchange *x)
{
    struct buf body, again;
    struct err e = {0};
    bool was_text = false, too = false;
    buf_init(&body, REPLY_BODY_MAX);
    buf_init(&again, REPLY_BODY_MAX);
    int code = exchange_body(r, x, &body, &was_text, &e);
    fuzz_demand(exchange_body(r, x, &again, &too, NULL) == code, "a body is read twice alike");
    if (code) {
        fuzz_demand((int)e.code == code && e.what[0] != '\0' && e.where[0] == '/',
                    "an error has a code, a place and a sentence");
    } else {
        fuzz_demand(span_same(buf_span(&body), buf_span(&again)) && too == was_text,
                    "the same bytes give the same body");
        demand_plain(x, buf_span(&body), was_text);
    }
    buf_fini(&body);
    buf_fini(&again);
}

static void demand_exchange(const struct recording *r, uint32_t i)
{
    struct exchange x;
    struct err e = {0};
    const struct recording_entry *entry = &r->entries[i];
    if (!entry->method || !entry->url)
        return;
    int code = exchange_open(r, i, &x, &e);
    if (code) {
        fuzz_demand((int)e.code == code && e.what[0] != '\0'
                        && span_starts(span_of(e.where), "/log/entries/"),
                    "an error has a code, a place and a sentence");
    } else {
        fuzz_demand(x.status == 0 || (x.status >= 100 && x.status <= 999), "a status is one");
        fuzz_demand(!x.has_started || !x.odd_started, "a time is read or not");
        demand_headers(&x.headers);
        demand_headers(&x.request_headers);
        demand_body(r, &x);
    }
    exchange_close(&x);
}

static bool same_text(const char *a, const char *b)
{
    return !a == !b && (!a || strcmp(a, b) == 0);
}

static bool same(const struct recording *a, const struct recording *b)
{
    bool good = a->count == b->count;
    for (uint32_t i = 0; good && i < a->count; i++)
        good = span_same(a->entries[i].text, b->entries[i].text)
            && same_text(a->entries[i].method, b->entries[i].method)
            && same_text(a->entries[i].url, b->entries[i].url);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct recording zero;
    struct span text = {(const char *)data, size};
    struct recording r, again;
    struct err e = {0}, other = {0};
    memset(&r, 0xA5, sizeof r);
    memset(&again, 0x5A, sizeof again);
    int code = recording_parse(text, "fuzz.har", &r, &e);
    fuzz_demand(recording_parse(fuzz_elsewhere(text), "fuzz.har", &again, &other) == code,
                "the same bytes give the same result wherever they stand");
    if (code) {
        fuzz_demand(memcmp(&r, &zero, sizeof r) == 0, "the recording is zero on error");
        fuzz_demand(code == ERR_SYNTAX || code == ERR_CONTRACT || code == ERR_LIMIT,
                    "a recording fails by what is written in it");
        fuzz_demand(fuzz_same_err(&e, &other) && (int)e.code == code && e.what[0] != '\0',
                    "an error has a code and a sentence");
        fuzz_demand(span_starts(span_of(e.where), "fuzz.har"), "an error names the file");
        return 0;
    }
    fuzz_demand(r.count <= HAR_ENTRIES_MAX, "no entry beyond the maximum");
    fuzz_demand(same(&r, &again), "the same bytes give the same entries");
    for (uint32_t i = 0; i < r.count; i++)
        demand_exchange(&r, i);
    recording_fini(&again);
    recording_fini(&r);
    return 0;
}
