/* Requests out of text, and what holds for every plan that answers one. */
#include "requests.h"

#include "fuzz.h"

#include <string.h>

enum { WAIT_MAX_MS = 24 * 3600 * 1000 };

/* -- Reading ----------------------------------------------------------------------------------- */

/* Cuts off the first line, without its end. A NUL ends it too: the wire reads C strings. */
static struct span take_line(struct span *text)
{
    size_t end = span_find(*text, '\n');
    struct span line = span_cut(*text, 0, end);
    line = span_cut(line, 0, span_find(line, '\0'));
    *text = span_cut(*text, end + 1, text->n);
    return line.n > 0 && line.p[line.n - 1] == '\r' ? span_cut(line, 0, line.n - 1) : line;
}

/* Cuts off everything before the next line that starts with ###. */
static struct span take_request(struct span *text)
{
    size_t at = 0;
    while (at < text->n && !span_starts(span_cut(*text, at, 3), "###"))
        at += span_find(span_cut(*text, at, text->n), '\n') + 1;
    struct span request = span_cut(*text, 0, at);
    *text = span_cut(*text, at, text->n);
    if (text->n > 0 && request.n > 0)
        request.n--; /* the line end belongs to the separator */
    return request;
}

static int64_t read_wait(struct span line)
{
    long long ms = 0;
    bool good = span_int64(span_trim(span_cut(line, 3, line.n)), &ms) && ms >= 0;
    return good && ms <= WAIT_MAX_MS ? ms : 0;
}

static bool take_ending(struct span *line, const char *ending)
{
    size_t n = strlen(ending);
    if (line->n < n || !span_is(span_cut(*line, line->n - n, n), ending))
        return false;
    line->n -= n;
    return true;
}

static void read_request_line(struct span line, struct fuzz_request *out)
{
    out->http_1_0 = take_ending(&line, " HTTP/1.0");
    (void)take_ending(&line, " HTTP/1.1");
    size_t space = span_find(line, ' ');
    out->message.method = span_cut(line, 0, space);
    out->message.target_text = span_cut(line, space + 1, line.n);
}

bool fuzz_request_next(struct span *text, struct fuzz_request *out)
{
    if (text->n == 0)
        return false;
    memset(out, 0, sizeof *out);
    if (span_starts(*text, "###"))
        out->wait_ms = read_wait(take_line(text));
    struct span rest = take_request(text);
    read_request_line(take_line(&rest), out);
    out->message.headers = out->headers;
    while (rest.n > 0) {
        struct span line = take_line(&rest);
        if (line.n == 0)
            break;
        size_t colon = span_find(line, ':');
        if (out->message.header_count == FUZZ_HEADERS_MAX)
            continue;
        out->headers[out->message.header_count++] = (struct header){
            span_cut(line, 0, colon), span_trim(span_cut(line, colon + 1, line.n))};
    }
    out->message.body = rest;
    return true;
}

const struct fixtures *fuzz_fixtures(void)
{
    static struct fixtures *kept;
    if (!kept)
        fuzz_demand(fixtures_load(FUZZ_FIXTURES, NULL, NULL, &kept, NULL) == 0,
                    "the shipped fixtures load");
    return kept;
}

/* -- Demanding --------------------------------------------------------------------------------- */

/* Every line is "Name: value\r\n". Returns how many are Content-Length, and the last one's value. */
enum { CHUNKED = -2, LAST_CHUNK = 5 };

static unsigned demand_head(struct span head, long long *length)
{
    unsigned lengths = 0;
    while (head.n > 0) {
        size_t end = span_find(head, '\n');
        fuzz_demand(end < head.n && end > 0 && head.p[end - 1] == '\r',
                    "a header of an answer ends in CRLF");
        struct span line = span_cut(head, 0, end - 1);
        size_t colon = span_find(line, ':');
        fuzz_demand(colon > 0 && colon < line.n, "a header of an answer has a name and a colon");
        fuzz_demand(span_find(line, '\r') == line.n && span_find(line, '\0') == line.n,
                    "nothing that is asked can split an answer's header");
        struct span name = span_cut(line, 0, colon);
        if (span_is_nocase(name, "Transfer-Encoding")) { /* a fault writes it so */
            lengths++;
            *length = CHUNKED;
        }
        if (span_is_nocase(name, "Content-Length")) {
            lengths++;
            fuzz_demand(span_int64(span_trim(span_cut(line, colon + 1, line.n)), length),
                        "Content-Length is a number");
        }
        head = span_cut(head, end + 1, head.n);
    }
    return lengths;
}

static struct span demand_answer(const struct plan *p, bool is_head)
{
    struct span answer = {p->answer.p, p->answer.n};
    struct span head = span_cut(answer, 0, p->body_at);
    struct span body = span_cut(answer, p->body_at, answer.n);
    long long length = -1, status = 0;
    if (p->spoilt) /* a fault's doing */
        return body;
    while (span_starts(head, "HTTP/1.1 1")) { /* interim responses, a fault's too */
        const char *end = memmem(head.p, head.n, "\r\n\r\n", 4);
        fuzz_demand(end, "an empty line ends an interim response");
        head = span_cut(head, (size_t)(end - head.p) + 4, head.n);
    }
    fuzz_demand(span_starts(head, "HTTP/1.1 ") && span_int64(span_cut(head, 9, 3), &status)
                    && status == p->status && status >= 200 && status <= 599,
                "an answer begins with its status");
    fuzz_demand(head.n >= 4 && span_is(span_cut(head, head.n - 4, 4), "\r\n\r\n"),
                "an empty line ends the head");
    size_t line = span_find(head, '\n') + 1;
    fuzz_demand(span_find(head, '\r') + 2 == line, "the status line ends in CRLF");
    unsigned lengths = demand_head(span_cut(head, line, head.n - line - 2), &length);
    bool bodiless = status == 204 || status == 304;
    fuzz_demand(lengths == (bodiless ? 0 : 1), "an answer that may have a body tells its length");
    if (is_head || bodiless)
        fuzz_demand(body.n == 0, "no body where none may be");
    else if (length == CHUNKED)
        fuzz_demand(body.n >= LAST_CHUNK
                        && span_is(span_cut(body, body.n - LAST_CHUNK, LAST_CHUNK), "0\r\n\r\n"),
                    "the last chunk ends the chunks");
    else
        fuzz_demand(length == (long long)body.n, "Content-Length is the body's");
    return body;
}

struct span fuzz_demand_plan(const struct plan *p, bool is_head)
{
    size_t sent = 0;
    fuzz_demand(!p->broken, "with memory to spare no plan breaks");
    fuzz_demand(p->act_count > 0 && p->act_count <= PLAN_ACTS_MAX, "a plan has acts");
    for (uint32_t i = 0; i < p->act_count; i++) {
        const struct act *act = &p->acts[i];
        bool ends = act->kind == ACT_CLOSE || act->kind == ACT_RESET;
        fuzz_demand(!ends || i + 1 == p->act_count, "nothing comes after the end");
        if (act->kind != ACT_SEND)
            continue;
        fuzz_demand(act->at == sent && act->len > 0 && act->len <= p->answer.n - sent,
                    "an answer's bytes are sent in order");
        sent += act->len;
    }
    fuzz_demand(sent == p->answer.n || plan_ends(p), "a cut answer ends the connection");
    if (p->answer.n > 0)
        return demand_answer(p, is_head);
    fuzz_demand(p->status == 0, "no answer has no status");
    return (struct span){NULL, 0};
}
