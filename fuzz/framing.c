/* Fuzzes the framing check. An input is one request (requests.h), of which the head counts. The properties are those
 * of RFC 9112, section 6.3, read apart from the product's own look-up of headers. */
#include "fuzz.h"
#include "requests.h"

#include "mockserver/message/framing.h"

#include <string.h>

enum { VALUE_MAX = 4096 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(struct span text, const char *word)
{
    size_t i = 0;
    for (; i < text.n && word[i] != '\0'; i++)
        if (lower(text.p[i]) != lower(word[i]))
            return false;
    return i == text.n && word[i] == '\0';
}

/* How many lines have the name; *last is the value of the last. */
static unsigned lines_of(const struct message *m, const char *name, struct span *last)
{
    unsigned lines = 0;
    for (size_t i = 0; i < m->header_count; i++) {
        if (!same_word(m->headers[i].name, name))
            continue;
        lines++;
        *last = m->headers[i].value;
    }
    return lines;
}

/* Whether any line of a list has the word among its members. */
static bool any_has(const struct message *m, const char *name, const char *word)
{
    for (size_t i = 0; i < m->header_count; i++) {
        struct span rest = m->headers[i].value;
        while (same_word(m->headers[i].name, name) && rest.n > 0) {
            size_t comma = span_find(rest, ',');
            if (same_word(span_trim(span_cut(rest, 0, comma)), word))
                return true;
            rest = span_cut(rest, comma + 1, rest.n);
        }
    }
    return false;
}

/* True, and the value, for digits and nothing else. */
static bool plain_number(struct span text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || *out > UINT64_MAX / 100)
            return false;
        *out = *out * 10 + (uint64_t)(text.p[i] - '0');
    }
    return text.n > 0;
}

static void demand_sound(const struct message *m, bool http_1_0, const struct framing_verdict *f)
{
    struct span length = {0}, encoding = {0}, host = {0}, expect = {0};
    uint64_t bytes = 0;
    unsigned lengths = lines_of(m, "Content-Length", &length);
    unsigned encodings = lines_of(m, "Transfer-Encoding", &encoding);
    unsigned hosts = lines_of(m, "Host", &host);
    fuzz_demand(lengths == 0 || encodings == 0, "never both a length and a transfer encoding");
    fuzz_demand(lengths <= 1, "one length at most");
    fuzz_demand(lengths == 0 || plain_number(length, &bytes), "a length is digits");
    fuzz_demand(f->length == bytes && bytes <= MESSAGE_BODY_MAX, "the length is what is written");
    fuzz_demand(f->chunked == (encodings == 1), "chunked is what a transfer encoding says");
    fuzz_demand(encodings == 0 || (same_word(encoding, "chunked") && !http_1_0),
                "chunked, alone, and not in HTTP/1.0");
    fuzz_demand(hosts == 1 || (hosts == 0 && http_1_0), "one Host");
    for (size_t i = 0; i < host.n; i++)
        fuzz_demand(host.p[i] > ' ' && host.p[i] < 0x7f && !strchr("/?#@\\\"<>", host.p[i]),
                    "a Host holds a host");
    fuzz_demand(m->header_count < MESSAGE_HEADERS_MAX, "no line beyond the maximum");
    fuzz_demand(lines_of(m, "Expect", &expect) == 0 || any_has(m, "Expect", "100-continue"),
                "nothing is expected that cannot be done");
    fuzz_demand(!f->expects_go || !http_1_0, "HTTP/1.0 knows no 100 Continue");
}

static void demand_lawful(const struct message *m, bool http_1_0, const struct framing_verdict *f)
{
    static const int refusals[] = {400, 413, 417, 431};
    fuzz_demand((f->status == 0) == !f->why, "a refusal says why");
    if (f->status == 0) {
        demand_sound(m, http_1_0, f);
        fuzz_demand(f->close_after || (!any_has(m, "Connection", "close") && !http_1_0),
                    "who wants the connection closed has it closed");
        return;
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i] == f->status)
            return;
    fuzz_demand(false, "a refusal is one of 400, 413, 417, 431");
}

/* Names in other letters, which do not count (RFC 9110, section 5.1). */
static void demand_same_in_capitals(const struct fuzz_request *request,
                                    const struct framing_verdict *wanted)
{
    static char room[FUZZ_HEADERS_MAX][VALUE_MAX];
    struct fuzz_request other = *request;
    struct framing_verdict f;
    for (size_t i = 0; i < other.message.header_count; i++) {
        struct span *name = &other.headers[i].name;
        if (name->n > VALUE_MAX)
            return;
        for (size_t k = 0; k < name->n; k++)
            room[i][k] = name->p[k] >= 'a' && name->p[k] <= 'z' ? (char)(name->p[k] - 'a' + 'A')
                                                                : name->p[k];
        name->p = room[i];
    }
    other.message.headers = other.headers;
    framing_check(&other.message, other.http_1_0, &f);
    fuzz_demand(f.status == wanted->status && f.chunked == wanted->chunked
                    && f.length == wanted->length && f.expects_go == wanted->expects_go
                    && f.close_after == wanted->close_after,
                "the case of names does not count");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_request request;
    struct span text = {(const char *)data, size};
    struct framing_verdict f;
    if (!fuzz_request_next(&text, &request))
        return 0;
    struct span body = request.message.body;
    request.message.body = (struct span){NULL, 0};
    memset(&f, 0xA5, sizeof f);
    framing_check(&request.message, request.http_1_0, &f);
    demand_lawful(&request.message, request.http_1_0, &f);
    demand_same_in_capitals(&request, &f);

    request.message.body = body;
    int code = message_open(&request.message);
    const struct message *m = &request.message;
    fuzz_demand(code == (int)m->fault.code, "the code is the fault's");
    fuzz_demand(span_starts(m->target.path, "/"), "there is a path, whatever the target");
    fuzz_demand(!m->json || (m->body.n > 0 && m->json_fault.code == ERR_OK), "a tree has a body");
    fuzz_demand(m->json || code || m->body.n == 0 || m->json_fault.code != ERR_OK,
                "a body is a tree, or it is said why not");
    fuzz_demand((message_json(m, NULL) == 0) == (m->json != NULL), "who needs JSON is told");
    struct span host = message_host(m);
    fuzz_demand(span_find(host, ':') == host.n || host.p[0] == '[', "a host has no port");
    message_close(&request.message);
    return 0;
}
