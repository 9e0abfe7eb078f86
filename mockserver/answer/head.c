/* The head of an answer: status line, length, end. */
#include "head.h"

const char *head_phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } table[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {425, "Too Early"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].status == status)
            return table[i].phrase;
    return "";
}

void head_begin(struct plan *p, int status, const struct span *reason)
{
    char digits[SPAN_INT_MAX];
    p->status = status;
    buf_add_text(&p->answer, "HTTP/1.1 ");
    buf_add_span(&p->answer, span_of_int(status, digits));
    buf_add_char(&p->answer, ' ');
    buf_add_span(&p->answer, reason ? *reason : span_of(head_phrase(status)));
    buf_add_text(&p->answer, "\r\n");
}

void head_end(struct plan *p, int64_t body_bytes)
{
    char digits[SPAN_INT_MAX];
    if (body_bytes != HEAD_NO_LENGTH) {
        buf_add_text(&p->answer, "Content-Length: ");
        buf_add_span(&p->answer, span_of_int(body_bytes, digits));
        buf_add_text(&p->answer, "\r\n");
    }
    buf_add_text(&p->answer, "\r\n");
    p->body_at = p->answer.n;
}

void head_send(struct plan *p)
{
    if (buf_err(&p->answer, "the answer", NULL)) {
        buf_reset(&p->answer);
        p->body_at = 0;
        p->status = 0;
        plan_end(p, ACT_CLOSE);
        return;
    }
    plan_send(p, 0, p->answer.n);
}
