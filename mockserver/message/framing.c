/* The framing check: lengths that can be read in one way only, and limits. */
#include "framing.h"

#include <string.h>

/* Digits only, at most 18 of them, which fit 64 bits. strtoll would also accept "+5", " 5" and
 * "5, 5", which another program may read differently. */
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

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* A host and perhaps a port, in the letters that RFC 3986 §3.2.2 gives them; may be empty (RFC 9112 §3.2). */
static bool is_host(struct span text)
{
    struct span host = header_host(text);
    struct span port = span_cut(text, host.n + 1, text.n);
    struct span marks = span_of("-._~%!$&'()*+,;=");
    if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = span_cut(host, 1, host.n - 2);
        marks = span_of(":.");
    }
    for (size_t i = 0; i < host.n; i++)
        if (!is_letter_or_digit(host.p[i]) && span_find(marks, host.p[i]) == marks.n)
            return false;
    for (size_t i = 0; i < port.n; i++)
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
    return true;
}

static void refuse(struct framing_verdict *f, int status, const char *why)
{
    f->status = status;
    f->why = why;
}

void framing_check(const struct message *m, bool http_1_0, struct framing_verdict *out)
{
    struct span length, encoding, host, expect;
    unsigned lengths = message_header(m, "Content-Length", &length);
    unsigned encodings = message_header(m, "Transfer-Encoding", &encoding);
    unsigned hosts = message_header(m, "Host", &host);
    bool has_expect = message_header(m, "Expect", &expect) > 0;
    bool expects_go = has_expect && span_is_nocase(expect, "100-continue");

    memset(out, 0, sizeof *out);
    out->chunked = encodings > 0;
    out->expects_go = expects_go && !http_1_0;
    /* An HTTP/1.0 client keeps a connection only when the answer says "Connection: keep-alive",
     * which the mock never sends. Whoever says close means it, whatever stands beside it (RFC 9112
     * §9.3). */
    out->close_after = http_1_0
        || header_lists_have(m->headers, m->header_count, "Connection", "close");

    if (m->header_count >= MESSAGE_HEADERS_MAX)
        refuse(out, 431, "more than 63 header lines");
    else if (lengths > 1)
        refuse(out, 400, "more than one Content-Length");
    else if (lengths > 0 && encodings > 0)
        refuse(out, 400, "both Content-Length and Transfer-Encoding");
    else if (encodings > 1 || (encodings == 1 && !span_is_nocase(encoding, "chunked")))
        refuse(out, 400, "a Transfer-Encoding other than chunked");
    else if (encodings > 0 && http_1_0)
        refuse(out, 400, "Transfer-Encoding in an HTTP/1.0 request");
    else if (lengths > 0 && !strict_length(length, &out->length))
        refuse(out, 400, "a Content-Length that is not a plain number");
    else if (hosts > 1)
        refuse(out, 400, "more than one Host");
    else if (hosts == 0 && !http_1_0)
        refuse(out, 400, "an HTTP/1.1 request without Host");
    else if (!is_host(host))
        refuse(out, 400, "a Host that is no host and port");
    else if (out->length > MESSAGE_BODY_MAX)
        refuse(out, 413, "a request body of more than 1048576 bytes");
    else if (has_expect && !expects_go)
        refuse(out, 417, "an Expect other than 100-continue");
}

void framing_check_line(const struct message *m, struct framing_verdict *out)
{
    if (span_is(m->method, "CONNECT"))
        refuse(out, 501, "CONNECT: no tunnel is made to a server; give the client an http:// URL");
    else if (span_is(m->target_text, "*"))
        refuse(out, 400, "the target *: only paths and http:// URLs are answered");
    else if (!target_has_form(m->target_text))
        refuse(out, 400, "a target that is neither a path nor an http:// URL");
}
