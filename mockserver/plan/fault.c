/* Faults: the table. The functions of its rows are in fault_cut.c and fault_bytes.c. */
#include "fault.h"
#include "fault_rewrite.h"
#include "plan.h"

#include "base/span.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct fault_type types[] = {
    /* name          rewrite           kind          min  max    bytes  effect            what the client sees */
    { "delay",       fault_delay,      FAULT_TIME,   1,   60000, false, FAULT_LATE,       "the answer comes late" },
    { "jitter",      fault_jitter,     FAULT_TIME,   1,   60000, false, FAULT_LATE_UP_TO, "the answer comes late, by chance up to so much" },
    { "drip",        fault_drip,       FAULT_RATE,   1,   65536, false, FAULT_DRIPS,      "the body comes in pieces of n bytes, with a wait between them" },
    { "stall",       fault_stall,      FAULT_BYTES,  0,   65536, false, FAULT_STALLS,     "the body stops n bytes in, or before its end, and the connection stays open for an hour" },
    { "truncate",    fault_truncate,   FAULT_BYTES,  0,   65536, false, FAULT_BODY_CUT,   "the body stops n bytes in, then FIN" },
    { "cut_head",    fault_cut_head,   FAULT_BYTES,  1,   65536, false, FAULT_LOST,       "the head stops n bytes in, or before its end, then FIN" },
    { "reset",       fault_reset,      FAULT_BYTES,  1,   65536, false, FAULT_LOST,       "the answer stops n bytes in, head included, or before its end, then RST" },
    { "empty",       fault_empty,      FAULT_FLAG,   0,   0,     false, FAULT_SILENCE,    "the connection closes without a byte" },
    { "garbage",     fault_garbage,    FAULT_BYTES,  2,   65536, true,  FAULT_LOST,       "n bytes by chance that are no HTTP, then FIN" },
    { "chunked",     fault_chunked,    FAULT_BYTES,  1,   65536, true,  FAULT_NOTHING,    "the same body, in chunks of n bytes" },
    { "bad_chunk",   fault_bad_chunk,  FAULT_BYTES,  0,   65536, true,  FAULT_LOST,       "n bytes of the body in a chunk, then a size that is no number, then FIN" },
    { "bad_length",  fault_bad_length, FAULT_BYTES,  1,   65536, true,  FAULT_LOST,       "the whole body, announced n bytes longer than it is, then FIN" },
    { "interim",     fault_interim,    FAULT_STATUS, 100, 103,   true,  FAULT_NOTHING,    "an interim response before the answer: 100, 102 or 103" },
    { NULL,          NULL,             FAULT_FLAG,   0,   0,     false, FAULT_NOTHING,    NULL },
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

/* "such as": what its row takes. */
static int wrong_value(const struct fault_type *type, struct err *e)
{
    char where[ERR_WHERE_MAX];
    snprintf(where, sizeof where, "/%s", type->name);
    switch (type->kind) {
    case FAULT_FLAG: return err_set(e, ERR_CONTRACT, where, "%s takes true", type->name);
    case FAULT_TIME:
        return err_set(e, ERR_CONTRACT, where,
                       "%s takes a duration from %ums to %ums, such as \"300ms\"", type->name,
                       type->min, type->max);
    case FAULT_STATUS:
        return err_set(e, ERR_CONTRACT, where, "%s takes 100, 102 or 103", type->name);
    case FAULT_RATE:
        return err_set(
            e, ERR_CONTRACT, where,
            "%s takes a number of bytes from %u to %u and a duration from 1ms to %dms, such as "
            "{\"bytes\": 16, \"every\": \"1s\"}",
            type->name, type->min, type->max, FAULT_EVERY_MAX);
    case FAULT_BYTES: break;
    }
    return err_set(e, ERR_CONTRACT, where, "%s takes a number of bytes from %u to %u", type->name,
                   type->min, type->max);
}

static bool parse_rate(const struct json *v, int64_t *bytes, int64_t *every_ms)
{
    const char *every = json_string(json_get(v, "every"));
    return json_kind(v) == JSON_OBJECT && json_count(v) == 2
        && json_int64(json_get(v, "bytes"), bytes) && every
        && text_duration_ms(span_of(every), every_ms) && *every_ms >= 1
        && *every_ms <= FAULT_EVERY_MAX;
}

/* Reads the parameter by its row; false for any other JSON. */
static bool parse_value(const struct fault_type *type, const struct json *v, int64_t *out,
                        int64_t *every_ms)
{
    bool yes = false;
    *out = *every_ms = 0;
    switch (type->kind) {
    case FAULT_FLAG: return json_bool(v, &yes) && yes;
    case FAULT_TIME: return text_duration_ms(span_of(json_string(v)), out);
    case FAULT_RATE: return parse_rate(v, out, every_ms);
    case FAULT_STATUS: return json_int64(v, out) && *out != 101; /* that one switches protocols */
    case FAULT_BYTES: break;
    }
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
    int64_t number, every_ms;
    if (!parse_value(type, value, &number, &every_ms) || number < type->min || number > type->max)
        return wrong_value(type, e);
    *out = (struct fault){.type = type, .value = (uint32_t)number, .every_ms = (uint32_t)every_ms};
    return ERR_OK;
}

int64_t fault_delay_ms(const struct fault *faults, uint32_t count)
{
    int64_t ms = 0;
    for (uint32_t i = 0; i < count; i++)
        ms += faults[i].type->effect == FAULT_LATE ? faults[i].value : 0;
    return ms;
}

size_t fault_text(const struct fault *f, char *out, size_t out_size, bool comma)
{
    char value[SPAN_INT_MAX], every[SPAN_INT_MAX];
    enum fault_kind kind = f->type->kind;
    const struct span none = {0};
    const struct span parts[] = {
        span_of(comma ? ", " : ""),
        span_of(f->type->name),
        span_of(kind != FAULT_FLAG ? " " : ""),
        kind != FAULT_FLAG ? span_of_int(f->value, value) : none,
        span_of(kind == FAULT_RATE ? " every " : ""),
        kind == FAULT_RATE ? span_of_int(f->every_ms, every) : none,
        span_of(kind == FAULT_TIME || kind == FAULT_RATE ? "ms" : ""),
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (size_t k = 0; k < parts[i].n && n + 1 < out_size; k++)
            out[n++] = parts[i].p[k];
    if (out_size > 0)
        out[n] = '\0';
    return n;
}

bool faults_apply(const struct fault *faults, uint32_t count, struct plan *p, uint64_t seed)
{
    for (int bytes = 1; bytes >= 0; bytes--)
        for (uint32_t i = 0; i < count && !p->broken; i++)
            if (faults[i].type->of_bytes == (bytes == 1))
                faults[i].type->rewrite(p, &faults[i], seed + i);
    return !p->broken;
}
