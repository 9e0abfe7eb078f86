/* Finds the secrets of a run in its client's output, and writes REDACTED over them everywhere. */
#include "secrets.h"

#include "base/utf8.h"
#include "harness/testbed/endpoint.h"
#include "mockserver/auth/zego.h"
#include "mockserver/record/redact.h"

#include <stdlib.h>
#include <string.h>

/* A text in an array of its own; what does not fit any more is cut. r is NULL without memory: the text goes. */
static void hide_in(char *text, size_t size, struct redactor *r)
{
    struct buf out;
    buf_init(&out, 2 * size); /* a secret is not much shorter than REDACTED */
    if (r && redact_text(r, span_of(text), &out, NULL) == 0)
        span_copy(span_cut(buf_span(&out), 0, utf8_cut(buf_span(&out), size - 1)), text, size);
    else
        text[0] = '\0';
    buf_fini(&out);
}

static void hide_everywhere(struct evidence *evidence, struct verdict *verdict, struct redactor *r)
{
    struct task_result *result = &evidence->result;
    hide_in(evidence->crashed, sizeof evidence->crashed, r);
    hide_in(result->why, sizeof result->why, r);
    hide_in(result->view.reason, sizeof result->view.reason, r);
    hide_in(result->view.url, sizeof result->view.url, r);
    hide_in(verdict->inconclusive, sizeof verdict->inconclusive, r);
    for (uint32_t i = 0; i < verdict->finding_count; i++)
        hide_in(verdict->findings[i].text, sizeof verdict->findings[i].text, r);
}

int secrets_hide(struct evidence *evidence, struct verdict *verdict, char **output, struct err *e)
{
    struct redactor *r = NULL;
    struct span printed = span_of(*output);
    struct buf out;
    buf_init(&out, 4 * printed.n + 1);
    int code = redactor_open(true, &r, e);
    if (!code)
        code = redactor_learn(r, span_of(TESTBED_TOKEN), e);
    if (!code)
        code = redactor_learn(r, span_of(ZEGO_TEST_SECRET), e);
    if (!code)
        code = redact_log(r, printed, &out, e);
    hide_everywhere(evidence, verdict, code ? NULL : r);
    redactor_close(r);
    free(*output);
    *output = code ? NULL : buf_take(&out);
    buf_fini(&out);
    return code;
}
