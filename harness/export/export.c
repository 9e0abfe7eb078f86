/* A story becomes a file. */
#include "export.h"

#include "base/file.h"
#include "formats.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 256 << 20 };

const char *const export_names[] = {"har", "wiremock", NULL};

const char *export_cannot_say(enum export_format format)
{
    return format == EXPORT_HAR
        ? "HAR says what was answered, once and in order: not what follows the last answer, which "
          "credentials and "
          "parameters are demanded, nor how a lost or cut answer broke off (status 0 and _error "
          "stand for it)"
        : "WireMock keeps one state for each scenario, not for each task: poll one task at a time, "
          "and reset between "
          "(POST /__admin/scenarios/reset). It demands no credentials, writes no id and no time "
          "anew, and knows no "
          "step that lasts for a time: it became polls at the contract's interval";
}

bool export_next_header(struct span *head, struct span *name, struct span *value)
{
    if (!head->n)
        return false;
    struct span line = span_cut(*head, 0, span_find(*head, '\n'));
    size_t colon = span_find(line, ':');
    *head = span_cut(*head, line.n + 1, head->n);
    *name = span_cut(line, 0, colon);
    *value = span_trim(span_cut(line, colon + 1, line.n));
    return true;
}

static int write_story(struct export *x, const struct story *s, struct err *e)
{
    char path[FILE_PATH_MAX];
    bool har = x->format == EXPORT_HAR;
    struct buf out;
    int n = snprintf(path, sizeof path, "%s/%s%s%s", x->dir, har ? "" : "mappings/", s->name,
                     har ? ".har" : ".json");
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(e, ERR_LIMIT, x->dir, "the path is too long");
    buf_init(&out, FILE_BYTES_MAX);
    int code = har ? export_har(s, &out, e) : export_wiremock(s, &out, e);
    if (!code)
        code = buf_err(&out, path, e);
    if (!code)
        code = file_write(path, buf_span(&out), e);
    buf_fini(&out);
    if (code)
        return code;
    x->files++;
    x->answers += s->count;
    x->left_out += s->left_out;
    for (uint32_t i = 0; i < s->count; i++)
        x->cut += s->answers[i].came != ANSWER_WHOLE;
    return 0;
}

int export_scenario(struct export *x, const struct upstream *u, const struct scenario *scenario,
                    struct err *e)
{
    struct story s;
    int code = story_of_scenario(&s, u, scenario, e);
    if (!code)
        code = write_story(x, &s, e);
    story_close(&s);
    return code;
}

int export_run(struct export *x, const struct fixtures *f, const struct json *scenario,
               struct err *e)
{
    struct story s;
    int code = story_of_run(&s, f, scenario, e);
    if (!code)
        code = write_story(x, &s, e);
    story_close(&s);
    return code;
}
