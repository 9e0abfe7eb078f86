/* Finds the secrets of a run in its client's output, and writes REDACTED over them everywhere. */
#include "secrets.h"

#include "base/utf8.h"
#include "harness/testbed/endpoint.h"
#include "mockserver/auth/zego.h"
#include "mockserver/record/redact.h"

#include <stdlib.h>
#include <string.h>

/* A text in an array of its own; what does not fit any more is cut. */
static void hide_in(char *text, size_t size, const struct redact_secrets *s)
{
    struct buf out;
    buf_init(&out, 2 * size); /* a secret is not much shorter than REDACTED */
    redact_text(&out, span_of(text), s);
    if (out.broken == ERR_OK)
        span_copy(span_cut(buf_span(&out), 0, utf8_cut(buf_span(&out), size - 1)), text, size);
    else
        text[0] = '\0';
    buf_fini(&out);
}

int secrets_hide(struct evidence *evidence, struct verdict *verdict, char **output, struct err *e)
{
    struct redact_secrets s = {.values = {span_of(TESTBED_TOKEN), span_of(ZEGO_TEST_SECRET)},
                               .count = 2};
    struct task_result *result = &evidence->result;
    struct span printed = span_of(*output);
    struct buf out;
    buf_init(&out, 2 * printed.n + 1);
    redact_collect_log(&s, printed);
    redact_text(&out, printed, &s);
    hide_in(evidence->crashed, sizeof evidence->crashed, &s);
    hide_in(result->why, sizeof result->why, &s);
    hide_in(result->view.reason, sizeof result->view.reason, &s);
    hide_in(result->view.url, sizeof result->view.url, &s);
    hide_in(verdict->inconclusive, sizeof verdict->inconclusive, &s);
    for (uint32_t i = 0; i < verdict->finding_count; i++)
        hide_in(verdict->findings[i].text, sizeof verdict->findings[i].text, &s);
    int code = buf_err(&out, "the client's output", e);
    free(*output);
    *output = buf_take(&out);
    return code;
}
