/* Answers of the program itself: a status and a JSON body. */
#include "answer.h"
#include "head.h"

#include "base/json/json.h"

#include <stdarg.h>

enum { ANSWER_TEXT_MAX = 4096 };

void answer_json(struct plan *plan, int status, const char *headers, struct span body)
{
    plan_reset(plan);
    head_begin(plan, status, NULL);
    buf_add_text(&plan->answer,
                 "Content-Type: application/json\r\nCache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\n");
    if (headers)
        buf_add_text(&plan->answer, headers);
    head_end(plan, (int64_t)body.n);
    buf_add_span(&plan->answer, body);
    head_send(plan);
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
    buf_break_with(&body, &text);
    if (body.broken) {
        plan_reset(plan); /* nothing rather than a part of it */
        plan_end(plan, ACT_CLOSE);
    } else {
        answer_json(plan, status, headers, buf_span(&body));
    }
    buf_fini(&body);
    buf_fini(&text);
}
