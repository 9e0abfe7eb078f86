/* Faults: the table, and the function of each row. It changes a plan and nothing else. */
#include "fault.h"
#include "plan.h"

#include "base/span.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Cuts the plan after `keep` bytes of the answer. Waits before that point stay, so that a
 * truncate after a delay is both late and cut. A close or reset at the end is removed: the
 * caller appends its own. */
static void keep_bytes(struct plan *p, size_t keep)
{
    uint32_t kept = 0;
    size_t sent = 0;
    for (uint32_t i = 0; i < p->act_count; i++) {
        struct act act = p->acts[i];
        if (act.kind == ACT_CLOSE || act.kind == ACT_RESET)
            break;
        if (act.kind == ACT_SEND) {
            if (sent >= keep)
                break;
            if (act.len > keep - sent)
                act.len = keep - sent;
            sent += act.len;
        }
        p->acts[kept++] = act;
    }
    p->act_count = kept;
}

static bool delay(struct plan *p, uint32_t ms, uint64_t seed)
{
    (void)seed;
    return plan_wait_first(p, ms);
}

static bool truncate_body(struct plan *p, uint32_t bytes, uint64_t seed)
{
    (void)seed;
    keep_bytes(p, p->body_at + bytes);
    return plan_end(p, ACT_CLOSE);
}

static bool empty(struct plan *p, uint32_t value, uint64_t seed)
{
    (void)value, (void)seed;
    keep_bytes(p, 0);
    return plan_end(p, ACT_CLOSE);
}

/* clang-format off */
static const struct fault_type types[] = {
    /* name        rewrite        min  max    is_time  effect          what the client sees                   */
    { "delay",     delay,         1,   60000, true,    FAULT_LATE,     "the answer comes late"                },
    { "truncate",  truncate_body, 0,   65536, false,   FAULT_BODY_CUT, "the body stops n bytes in, then FIN"  },
    { "empty",     empty,         0,   0,     false,   FAULT_SILENCE,  "the connection closes without a byte" },
    { NULL,        NULL,          0,   0,     false,   FAULT_LATE,     NULL                                   },
};
/* clang-format on */

enum { TYPE_COUNT = sizeof types / sizeof types[0] - 1 };

const struct fault_type *fault_types(void)
{
    return types;
}

static const struct fault_type *find(const char *name)
{
    for (const struct fault_type *t = types; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

static int unknown(const char *name, struct err *e)
{
    const char *names[TYPE_COUNT + 1] = {NULL};
    for (size_t i = 0; i < TYPE_COUNT; i++)
        names[i] = types[i].name;
    const char *near = text_nearest(name, names);
    char where[ERR_WHERE_MAX];
    snprintf(where, sizeof where, "/%s", name);
    if (near)
        return err_set(e, ERR_CONTRACT, where, "unknown fault \"%.100s\"; the nearest is \"%s\"",
                       name, near);
    return err_set(e, ERR_CONTRACT, where, "unknown fault \"%.100s\"", name);
}

/* Reads the parameter by its row: true, a duration, or a number of bytes. False for any other
 * JSON. */
static bool parse_value(const struct fault_type *type, const struct json *v, int64_t *out)
{
    bool yes = false;
    *out = 0;
    if (type->max == 0)
        return json_bool(v, &yes) && yes;
    if (type->is_time)
        return text_duration_ms(span_of(json_string(v)), out);
    return json_int64(v, out);
}

int fault_parse(const struct json *v, struct fault *out, struct err *e)
{
    memset(out, 0, sizeof *out);
    if (json_kind(v) != JSON_OBJECT || json_count(v) != 1)
        return err_set(e, ERR_CONTRACT, "",
                       "a fault is an object with one key, such as "
                       "{\"delay\": \"300ms\"}");
    const struct json *value = json_first(v);
    const struct fault_type *type = find(json_key(value));
    if (!type)
        return unknown(json_key(value), e);
    char where[ERR_WHERE_MAX];
    snprintf(where, sizeof where, "/%s", type->name);
    int64_t number;
    if (parse_value(type, value, &number) && number >= type->min && number <= type->max) {
        *out = (struct fault){.type = type, .value = (uint32_t)number};
        return ERR_OK;
    }
    if (type->max == 0)
        return err_set(e, ERR_CONTRACT, where, "%s takes true", type->name);
    if (type->is_time)
        return err_set(e, ERR_CONTRACT, where,
                       "%s takes a duration from %ums to %ums, such as \"300ms\"", type->name,
                       type->min, type->max);
    return err_set(e, ERR_CONTRACT, where, "%s takes a number of bytes from %u to %u", type->name,
                   type->min, type->max);
}

int64_t fault_delay_ms(const struct fault *faults, uint32_t count)
{
    int64_t ms = 0;
    for (uint32_t i = 0; i < count; i++)
        ms += faults[i].type->is_time ? faults[i].value : 0;
    return ms;
}

size_t fault_text(const struct fault *f, char *out, size_t out_size, bool comma)
{
    char room[SPAN_INT_MAX];
    bool has_value = f->type->max != 0;
    const struct span parts[] = {
        span_of(comma ? ", " : ""),
        span_of(f->type->name),
        span_of(has_value ? " " : ""),
        has_value ? span_of_int(f->value, room) : span_of(""),
        span_of(has_value && f->type->is_time ? "ms" : ""),
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (size_t k = 0; k < parts[i].n && n + 1 < out_size; k++)
            out[n++] = parts[i].p[k];
    if (out_size > 0)
        out[n] = '\0';
    return n;
}

bool fault_apply(const struct fault *f, struct plan *p, uint64_t seed)
{
    return !p->broken && f->type->rewrite(p, f->value, seed);
}
