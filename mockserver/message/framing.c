/* The door of the wire: lengths that can be read in one way only, and limits. */
#include "framing.h"

#include "mockserver/answer/answer.h"

#include <string.h>

/* Digits only, at most 18 of them: strtoll would take "+5", " 5" and "5, 5". */
static bool strict_length(struct span text, uint64_t *out)
{
    if (text.n == 0 || text.n > 18)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text.p[i] - '0');
    }
    *out = value;
    return true;
}

static bool list_has(struct span list, const char *word)
{
    while (list.n > 0) {
        size_t comma = span_find(list, ',');
        if (span_is_nocase(span_trim(span_cut(list, 0, comma)), word))
            return true;
        list = span_cut(list, comma + 1, list.n);
    }
    return false;
}

/* What the headers say about the body and the connection. */
struct framing {
    unsigned lengths, encodings, hosts;
    struct span length, encoding;
    bool has_connection, keep_alive, expects_go, expects_other;
};

static void read_framing(const struct mock_request *request, struct framing *f)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < request->header_count; i++) {
        const struct mock_header *h = &request->headers[i];
        if (span_is_nocase(h->name, "Content-Length")) {
            f->lengths++;
            f->length = h->value;
        } else if (span_is_nocase(h->name, "Transfer-Encoding")) {
            f->encodings++;
            f->encoding = h->value;
        } else if (span_is_nocase(h->name, "Host")) {
            f->hosts++;
        } else if (span_is_nocase(h->name, "Connection")) {
            f->has_connection = true;
            f->keep_alive = list_has(h->value, "keep-alive");
        } else if (span_is_nocase(h->name, "Expect")) {
            f->expects_go = span_is_nocase(h->value, "100-continue");
            f->expects_other = !f->expects_go;
        }
    }
}

static void refuse(struct door *d, int status, const char *why)
{
    d->status = status;
    d->why = why;
}

void door_judge(const struct mock_request *request, bool http_1_0, struct door *out)
{
    struct framing f;
    memset(out, 0, sizeof *out);
    read_framing(request, &f);
    out->chunked = f.encodings > 0;
    out->expects_go = f.expects_go && !http_1_0;
    out->last = f.has_connection ? !f.keep_alive : http_1_0;
    /* An HTTP/1.0 client keeps a connection only when told so in the answer, which we never do. */
    out->last |= http_1_0;

    if (request->header_count >= MOCK_HEADERS_MAX)
        refuse(out, 431, "more than 63 header lines");
    else if (f.lengths > 1)
        refuse(out, 400, "more than one Content-Length");
    else if (f.lengths > 0 && f.encodings > 0)
        refuse(out, 400, "both Content-Length and Transfer-Encoding");
    else if (f.encodings > 1 || (f.encodings == 1 && !span_is_nocase(f.encoding, "chunked")))
        refuse(out, 400, "a Transfer-Encoding other than chunked");
    else if (f.encodings > 0 && http_1_0)
        refuse(out, 400, "Transfer-Encoding in an HTTP/1.0 request");
    else if (f.lengths > 0 && !strict_length(f.length, &out->length))
        refuse(out, 400, "a Content-Length that is not a plain number");
    else if (f.hosts > 1)
        refuse(out, 400, "more than one Host");
    else if (f.hosts == 0 && !http_1_0)
        refuse(out, 400, "an HTTP/1.1 request without Host");
    else if (out->length > MOCK_BODY_MAX)
        refuse(out, 413, "a request body of more than 1048576 bytes");
    else if (f.expects_other)
        refuse(out, 417, "an Expect other than 100-continue");
}

void door_refuse(struct plan *plan, int status, const char *why)
{
    answer_error(plan, status, NULL, "the door refuses %s", why);
    plan_end(plan, ACT_CLOSE);
}
