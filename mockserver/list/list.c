/* Writes lists of upstreams, scenarios and faults. */
#include "list.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMN = 32, TEXT_MAX = 512 };

void list_begin(struct listing *l, const char *kind, bool json, struct buf *out)
{
    *l = (struct listing){.out = out, .json = json};
    if (!json)
        return;
    json_write_init(&l->w, out, false);
    json_write_open(&l->w, '{');
    json_write_key(&l->w, kind);
    json_write_open(&l->w, '[');
}

void list_end(struct listing *l)
{
    if (!l->json)
        return;
    json_write_close(&l->w, ']');
    json_write_close(&l->w, '}');
    buf_add_char(l->out, '\n');
}

void list_line(struct listing *l, const char *name, const char *text)
{
    size_t begun = l->out->n;
    buf_add_plain(l->out, span_of(name));
    do
        buf_add_char(l->out, ' ');
    while (l->out->broken == ERR_OK && l->out->n - begun < NAME_COLUMN);
    buf_add_plain(l->out, span_of(text));
    buf_add_char(l->out, '\n');
}

void list_write_upstream(struct json_writer *w, const struct upstream *u)
{
    json_write_open(w, '{');
    json_member_text(w, "name", u->name);
    json_member_text(w, "title", u->contract.title);
    json_write_key(w, "hosts");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < u->contract.host_count; i++)
        json_write_text(w, u->contract.hosts[i]);
    json_write_close(w, ']');
    json_write_key(w, "routes");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < u->contract.route_count; i++) {
        json_write_open(w, '{');
        json_member_text(w, "method", u->contract.routes[i].method);
        json_member_text(w, "path", u->contract.routes[i].path);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
    json_member_int(w, "replies", u->reply_count);
    json_member_int(w, "scenarios", u->scenario_count);
    json_write_close(w, '}');
}

void list_write_scenario(struct json_writer *w, const struct upstream *u, const struct scenario *s)
{
    json_write_open(w, '{');
    json_member_text(w, "upstream", u->name);
    json_member_text(w, "name", s->name);
    json_member_text(w, "title", s->title);
    json_member_text(w, "tasks", s->tasks);
    json_member_int(w, "steps", s->step_count);
    json_member_text(w, "outcome", scenario_outcome_name(s->expect.outcome));
    json_write_close(w, '}');
}

void list_upstream(struct listing *l, const struct upstream *u)
{
    char text[TEXT_MAX];
    if (l->json) {
        list_write_upstream(&l->w, u);
        return;
    }
    snprintf(text, sizeof text, "%.400s (%u %s)", u->contract.title, u->scenario_count,
             text_count_word(u->scenario_count, "scenario", "scenarios"));
    list_line(l, u->name, text);
}

void list_scenario(struct listing *l, const struct upstream *u, const struct scenario *s)
{
    char name[2 * REPLY_NAME_MAX];
    if (l->json) {
        list_write_scenario(&l->w, u, s);
        return;
    }
    snprintf(name, sizeof name, "%s:%s", u->name, s->name);
    list_line(l, name, s->title);
}

void list_fault(struct listing *l, const struct fault_type *t)
{
    static const struct {
        const char *word, *unit; /* to people, in JSON */
    } kinds[] = {[FAULT_FLAG] = {"true", "true"},
                 [FAULT_TIME] = {"TIME", "ms"},
                 [FAULT_BYTES] = {"BYTES", "bytes"},
                 [FAULT_STATUS] = {"STATUS", "status"},
                 [FAULT_RATE] = {"BYTES every TIME", "bytes every ms"}};
    char name[64];
    const char *unit = kinds[t->kind].unit;
    if (!l->json) {
        snprintf(name, sizeof name, "%s: %s", t->name, kinds[t->kind].word);
        list_line(l, name, t->sees);
        return;
    }
    json_write_open(&l->w, '{');
    json_member_text(&l->w, "name", t->name);
    json_member_text(&l->w, "takes", unit);
    json_member_int(&l->w, "min", t->min);
    json_member_int(&l->w, "max", t->max);
    json_member_text(&l->w, "sees", t->sees);
    json_write_close(&l->w, '}');
}

void list_upstreams(struct listing *l, const struct fixtures *f)
{
    for (uint32_t i = 0; i < f->upstream_count; i++)
        list_upstream(l, &f->upstreams[i]);
}

void list_scenarios(struct listing *l, const struct fixtures *f)
{
    for (uint32_t i = 0; i < f->upstream_count; i++)
        for (uint32_t k = 0; k < f->upstreams[i].scenario_count; k++)
            list_scenario(l, &f->upstreams[i], &f->upstreams[i].scenarios[k]);
}

void list_faults(struct listing *l, const struct fixtures *f)
{
    (void)f;
    for (const struct fault_type *t = fault_types(); t->name; t++)
        list_fault(l, t);
}
