/* One row a fault: what it does, and which parameters are worth trying. */
#include "sim_faults.h"

#include <string.h>

static void come_late(struct sim_effect *effect, uint32_t ms, const struct sim_reading *r)
{
    (void)r;
    effect->late_ms += ms;
}

static void cut(struct sim_effect *effect, uint32_t bytes, const struct sim_reading *r)
{
    effect->lost |= bytes < r->body_least;
}

static void lose(struct sim_effect *effect, uint32_t value, const struct sim_reading *r)
{
    (void)value, (void)r;
    effect->lost = effect->silent = true;
}

/* Mostly less than a second, sometimes longer than any exchange may take. */
static uint32_t draw_late(const struct sim_reading *r, uint64_t random)
{
    static const uint32_t upto[] = {100, 1000, 1000, 8000, 59999};
    (void)r;
    return 1 + (uint32_t)((random >> 8) % upto[random % 5]);
}

/* Before the shortest end that the body can have, or after the longest. */
static uint32_t draw_cut(const struct sim_reading *r, uint64_t random)
{
    if (r->body_least > 0 && r->body_least < UINT16_MAX && random % 4 != 0)
        return (uint32_t)((random >> 8) % r->body_least);
    return r->body_most <= UINT16_MAX ? UINT16_MAX : 0;
}

static uint32_t draw_nothing(const struct sim_reading *r, uint64_t random)
{
    (void)r, (void)random;
    return 0;
}

static const struct row {
    const char *name;
    void (*change)(struct sim_effect *effect, uint32_t value, const struct sim_reading *r);
    uint32_t (*draw)(const struct sim_reading *r, uint64_t random);
} rows[] = {
    {"delay", come_late, draw_late},
    {"truncate", cut, draw_cut},
    {"empty", lose, draw_nothing},
    {NULL, NULL, NULL},
};

static const struct row *row_of(const struct fault_type *type)
{
    const struct row *r = rows;
    while (r->name && strcmp(r->name, type->name) != 0)
        r++;
    return r;
}

int sim_faults_known(struct err *e)
{
    for (const struct fault_type *t = fault_types(); t->name; t++)
        if (!row_of(t)->name)
            return err_set(e, ERR_NOT_FOUND, t->name,
                           "the simulation does not know what this fault does");
    return 0;
}

struct sim_effect sim_effect_of(const struct scenario_step *step, const struct sim_reading *r)
{
    struct sim_effect effect = {0};
    for (uint32_t i = 0; i < step->fault_count; i++)
        row_of(step->faults[i].type)->change(&effect, step->faults[i].value, r);
    return effect;
}

uint32_t sim_fault_draw(const struct fault_type *type, const struct sim_reading *r, uint64_t random)
{
    return row_of(type)->draw(r, random);
}
