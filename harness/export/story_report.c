/* A run as its report tells it. */
#include "story.h"

#include <stdio.h>
#include <string.h>

/* The run on the wire, else the only one. */
static const struct json *run_of(const struct json *scenario)
{
    const struct json *runs = json_get(scenario, "runs"), *found = json_first(runs);
    for (const struct json *run = json_first(runs); run; run = json_next(run)) {
        const char *transport = json_string(json_get(run, "transport"));
        if (transport && strcmp(transport, "wire") == 0)
            found = run;
    }
    return found;
}

static int add_poll(struct story *s, const struct json *poll, struct err *e)
{
    bool whole = false;
    int64_t began_ms = 0, status = 0;
    const char *name = json_string(json_get(poll, "reply"));
    struct story_answer a = {.reply = name ? upstream_reply(s->upstream, name) : NULL};
    (void)json_int64(json_get(poll, "began_ms"), &began_ms);
    (void)json_int64(json_get(poll, "status"), &status);
    (void)json_bool(json_get(poll, "whole"), &whole);
    a.at_ms = began_ms;
    a.came = whole ? ANSWER_WHOLE : status ? ANSWER_CUT : ANSWER_SILENCE;
    if (!a.reply && whole) {
        s->left_out++;
        return 0;
    }
    return story_add(s, &a, e);
}

/* Of a client of others its name stands in front. */
static void name_story(struct story *s, const struct json *scenario, const char *upstream,
                       const char *name)
{
    const char *client = json_string(json_get(scenario, "client"));
    bool own = !client || strcmp(client, "built-in") == 0;
    snprintf(s->mount, sizeof s->mount, "%.100s:%.100s", upstream, name);
    snprintf(s->name, sizeof s->name, "%.90s%s%.100s-%.100s", own ? "" : client, own ? "" : "-",
             upstream, name);
    for (char *c = s->name; *c; c++)
        if (*c == '/' || (unsigned char)*c < ' ')
            *c = '_';
}

int story_of_run(struct story *s, const struct fixtures *f, const struct json *scenario,
                 struct err *e)
{
    int64_t polls = 0;
    const char *upstream = json_string(json_get(scenario, "upstream"));
    const char *name = json_string(json_get(scenario, "scenario"));
    const struct json *run = run_of(scenario);
    *s = (struct story){.end = END_HOLD};
    if (!upstream || !name)
        return err_set(e, ERR_CONTRACT, "/scenarios",
                       "a scenario without \"upstream\" or \"scenario\"");
    s->upstream = fixtures_upstream(f, upstream);
    if (!s->upstream)
        return err_set(e, ERR_NOT_FOUND, upstream,
                       "the report names an upstream that is not in %.200s", f->dir);
    name_story(s, scenario, upstream, name);
    int code = 0;
    for (const struct json *poll = json_first(json_get(run, "polls")); !code && poll;
         poll = json_next(poll))
        code = add_poll(s, poll, e);
    (void)json_int64(json_get(run, "poll_count"), &polls);
    if (polls > (int64_t)json_count(json_get(run, "polls")))
        s->left_out += (uint32_t)(polls - (int64_t)json_count(json_get(run, "polls")));
    const struct scenario *own = upstream_scenario(s->upstream, name);
    story_name_task(s, own ? own->id : NULL);
    return code;
}
