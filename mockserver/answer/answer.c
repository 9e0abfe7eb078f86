/* Answers in the mock's own name. */
#include "answer.h"
#include "render.h"

#include "base/json/json.h"

#include <stdarg.h>

enum { ANSWER_TEXT_MAX = 4096 };

void answer_json(struct plan *plan, int status, const char *headers, struct span body)
{
    plan_reset(plan);
    plan->status = status;
    buf_addf(&plan->answer, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n", status,
             render_phrase(status));
    buf_addf(&plan->answer, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
    if (headers)
        buf_add_text(&plan->answer, headers);
    buf_addf(&plan->answer, "Content-Length: %zu\r\n\r\n", body.n);
    plan->body_at = plan->answer.n;
    buf_add_span(&plan->answer, body);
    if (plan->answer.broken) {
        plan->broken = true;
        return;
    }
    plan_send(plan, 0, plan->answer.n);
}

void answer_error(struct plan *plan, int status, const char *headers, const char *format, ...)
{
    struct buf text, body;
    buf_init(&text, ANSWER_TEXT_MAX);
    buf_init(&body, ANSWER_TEXT_MAX * 6);
    va_list args;
    va_start(args, format);
    buf_addv(&text, format, args);
    va_end(args);
    buf_add_text(&body, "{\"error\":");
    json_add_string(&body, buf_span(&text));
    buf_add_text(&body, "}\n");
    answer_json(plan, status, headers, buf_span(&body));
    buf_fini(&body);
    buf_fini(&text);
}
