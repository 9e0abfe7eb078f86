/* WireMock's mappings: a state an answer, from "Started" to the last. */
#include "formats.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "harness/ask/ask.h"

#include <stdio.h>
#include <string.h>

/* The state in which the answer i, from 0, is given. */
static const char *state_of(uint32_t i, char out[32])
{
    snprintf(out, 32, i ? "poll %u" : "Started", i + 1);
    return out;
}

/* The path below the mount as a regular expression: parameters are any segment. A dot in the name of a scenario matches
 * itself too. */
static void write_path(struct json_writer *w, const struct story *s, const char *path)
{
    struct buf pattern;
    buf_init(&pattern, 16 << 10);
    buf_addf(&pattern, "/%s", s->mount);
    for (const char *c = path; *c; c++) {
        if (*c == '{') {
            buf_add_text(&pattern, "[^/]+");
            c += strcspn(c, "}");
            continue;
        }
        if (strchr(".+*?()|[]^$\\", *c))
            buf_add_char(&pattern, '\\');
        buf_add_char(&pattern, *c);
    }
    json_member_span(w, "urlPathPattern", buf_span(&pattern));
    buf_break_with(w->out, &pattern);
    buf_fini(&pattern);
}

static void write_request(struct json_writer *w, const struct story *s,
                          const struct contract_route *poll)
{
    json_write_key(w, "request");
    json_write_open(w, '{');
    json_member_text(w, "method", poll->method);
    write_path(w, s, poll->path);
    bool any = false;
    for (uint32_t i = 0; i < poll->param_count; i++) {
        const struct contract_param *p = &poll->params[i];
        if (!p->in_query || !p->only)
            continue;
        if (!any) {
            json_write_key(w, "queryParameters");
            json_write_open(w, '{');
        }
        any = true;
        json_write_key(w, p->name);
        json_write_open(w, '{');
        json_member_text(w, "equalTo", p->only);
        json_write_close(w, '}');
    }
    if (any)
        json_write_close(w, '}');
    json_write_close(w, '}');
}

/* Every value of a name stands where the first does. */
static void write_headers(struct json_writer *w, struct span head)
{
    struct span rest = head, name, value;
    json_write_key(w, "headers");
    json_write_open(w, '{');
    for (size_t at = 0; export_next_header(&rest, &name, &value); at = head.n - rest.n) {
        struct span before = span_cut(head, 0, at), all = head, other, text;
        bool known = false;
        char key[256];
        while (!known && export_next_header(&before, &other, &text))
            known = other.n == name.n && strncasecmp(other.p, name.p, name.n) == 0;
        if (known || !span_copy(name, key, sizeof key))
            continue;
        json_write_key(w, key);
        json_write_open(w, '[');
        while (export_next_header(&all, &other, &text))
            if (other.n == name.n && strncasecmp(other.p, name.p, name.n) == 0)
                json_write_span(w, text);
        json_write_close(w, ']');
    }
    json_write_close(w, '}');
}

static void write_body(struct json_writer *w, struct span body)
{
    struct buf text;
    if (!memchr(body.n ? body.p : "", '\0', body.n) && utf8_is_valid(body)) {
        json_member_span(w, "body", body);
        return;
    }
    buf_init(&text, 2 * REPLY_BODY_MAX);
    base64_encode(&text, body);
    json_member_span(w, "base64Body", buf_span(&text));
    buf_break_with(w->out, &text);
    buf_fini(&text);
}

static void write_response(struct json_writer *w, const struct story_answer *a)
{
    json_write_key(w, "response");
    json_write_open(w, '{');
    if (a->delay_ms)
        json_member_int(w, "fixedDelayMilliseconds", a->delay_ms);
    if (a->reply && a->came == ANSWER_WHOLE) {
        json_member_int(w, "status", a->reply->status);
        write_headers(w, a->reply->head);
        write_body(w, a->reply->body);
    } else {
        json_member_text(w, "fault",
                         a->came == ANSWER_SILENCE ? "EMPTY_RESPONSE" : "MALFORMED_RESPONSE_CHUNK");
    }
    json_write_close(w, '}');
}

/* next: the state that follows; NULL: none, it stays. */
static void write_mapping(struct json_writer *w, const struct story *s,
                          const struct contract_route *poll, const struct story_answer *a,
                          const char *state, const char *next)
{
    json_write_open(w, '{');
    json_member_text(w, "scenarioName", s->mount);
    json_member_text(w, "requiredScenarioState", state);
    if (next)
        json_member_text(w, "newScenarioState", next);
    write_request(w, s, poll);
    write_response(w, a);
    json_write_close(w, '}');
}

/* What is answered behind the last answer; false: the last is repeated, or the first comes again. */
static bool end_of(const struct story *s, struct story_answer *out)
{
    *out = (struct story_answer){.came = ANSWER_SILENCE};
    if (s->end == END_GONE) {
        out->reply = upstream_reply(s->upstream, "error.not_found");
        out->came = out->reply ? ANSWER_WHOLE : ANSWER_SILENCE;
    }
    return s->end == END_GONE || s->end == END_DROP;
}

int export_wiremock(const struct story *s, struct buf *out, struct err *e)
{
    const struct contract_route *poll = ask_poll(&s->upstream->contract);
    struct story_answer end;
    struct json_writer w;
    char state[32], next[32];
    if (!poll)
        return err_set(e, ERR_USAGE, s->upstream->name, "its contract has no poll");
    bool ends = end_of(s, &end);
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    json_write_key(&w, "mappings");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < s->count; i++) {
        bool last = i + 1 == s->count;
        const char *then = !last || ends         ? state_of(i + 1, next)
            : s->end == END_LOOP && s->count > 1 ? "Started"
                                                 : NULL;
        write_mapping(&w, s, poll, &s->answers[i], state_of(i, state), then);
    }
    if (ends)
        write_mapping(&w, s, poll, &end, state_of(s->count, state), NULL);
    json_write_close(&w, ']');
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
    return 0;
}
