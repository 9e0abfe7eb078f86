/* Fuzzes the reader of recordings. An input is a whole HAR file. */
#include "fuzz.h"

#include "base/base64.h"
#include "base/buf.h"
#include "harness/distill/har_read.h"

#include <string.h>

static const char *text_at(const struct json *entry, const char *pointer)
{
    return json_string(json_at(entry, pointer));
}

/* Without line ends, and without what fills up the last four. */
static void add_digits(struct buf *out, struct span base64)
{
    for (size_t i = 0; i < base64.n && base64.p[i] != '='; i++)
        if (base64.p[i] != '\r' && base64.p[i] != '\n')
            buf_add_char(out, base64.p[i]);
}

/* Encoded again, a body is its text, but for bits at its end that say nothing. */
static void demand_decoded(struct span body, struct span text)
{
    struct buf again, wanted, found;
    buf_init(&again, text.n + body.n * 2 + 16);
    buf_init(&wanted, text.n + 1);
    buf_init(&found, text.n + body.n * 2 + 16);
    base64_encode(&again, body);
    add_digits(&wanted, text);
    add_digits(&found, buf_span(&again));
    size_t whole = wanted.n / 4 * 4;
    fuzz_demand(body.n == wanted.n * 3 / 4, "four digits are three bytes");
    fuzz_demand(
        span_same(span_cut(buf_span(&wanted), 0, whole), span_cut(buf_span(&found), 0, whole)),
        "a body that was base64 encodes to what it was");
    buf_fini(&again);
    buf_fini(&wanted);
    buf_fini(&found);
}

static void demand_exchange(const struct exchange *x, const struct json *entry)
{
    int64_t status = -1;
    const char *encoding = text_at(entry, "/response/content/encoding");
    struct span text = span_of(text_at(entry, "/response/content/text"));
    struct span url = span_of(text_at(entry, "/request/url"));
    fuzz_demand(x->method && strcmp(x->method, text_at(entry, "/request/method")) == 0,
                "the method is the entry's");
    fuzz_demand(json_int64(json_at(entry, "/response/status"), &status) && status == x->status
                    && x->status >= 0 && x->status <= 599,
                "the status is the entry's, and one");
    fuzz_demand(span_is(x->target, "/")
                    || (x->target.p >= url.p && x->target.p + x->target.n == url.p + url.n),
                "a target is the end of its URL");
    fuzz_demand(
        span_is(x->request_body, "")
            || span_same(x->request_body, span_of(text_at(entry, "/request/postData/text"))),
        "the body that was sent is the entry's");
    if (text.n > 0 && encoding && strcmp(encoding, "base64") == 0)
        demand_decoded(x->body, text);
    else
        fuzz_demand(span_same(x->body, text), "a body that is text is the entry's");
}

static bool same(const struct recording *a, const struct recording *b)
{
    bool good = a->count == b->count;
    for (uint32_t i = 0; good && i < a->count; i++)
        good = span_same(a->exchanges[i].target, b->exchanges[i].target)
            && span_same(a->exchanges[i].body, b->exchanges[i].body);
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
    const struct json *entry = json_first(json_at(r.document, "/log/entries"));
    fuzz_demand(r.count <= HAR_EXCHANGES_MAX, "no exchange beyond the maximum");
    fuzz_demand(same(&r, &again), "the same bytes give the same exchanges");
    for (uint32_t i = 0; i < r.count; i++, entry = json_next(entry))
        demand_exchange(&r.exchanges[i], entry);
    fuzz_demand(!entry, "every entry is an exchange");
    recording_fini(&again);
    recording_fini(&r);
    return 0;
}
