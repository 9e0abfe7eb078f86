/* What the model expects of each effect that a fault can have, and which parameters are worth trying. */
#include "sim_faults.h"

struct sim_effect sim_effect_of(const struct scenario_step *step, const struct sim_reading *r)
{
    struct sim_effect effect = {0};
    for (uint32_t i = 0; i < step->fault_count; i++) {
        uint32_t value = step->faults[i].value;
        switch (step->faults[i].type->effect) {
        case FAULT_LATE: effect.late_ms += value; break;
        case FAULT_BODY_CUT: effect.lost |= value < r->body_least; break;
        case FAULT_SILENCE: effect.lost = effect.silent = true; break;
        }
    }
    return effect;
}

/* Mostly less than a second, sometimes longer than any exchange may take. */
static uint32_t draw_late(const struct fault_type *type, uint64_t random)
{
    const uint32_t widest = type->max - type->min;
    const uint32_t upto[] = {100, 1000, 1000, 8000, widest};
    uint32_t late = (uint32_t)((random >> 8) % upto[random % 5]);
    return type->min + (late < widest ? late : widest);
}

/* Before the shortest end that the body can have, or after the longest. */
static uint32_t draw_cut(const struct fault_type *type, const struct sim_reading *r,
                         uint64_t random)
{
    if (r->body_least > 0 && r->body_least < type->max && random % 4 != 0)
        return (uint32_t)((random >> 8) % r->body_least);
    return r->body_most <= type->max ? type->max : 0;
}

uint32_t sim_fault_draw(const struct fault_type *type, const struct sim_reading *r, uint64_t random)
{
    switch (type->effect) {
    case FAULT_LATE: return draw_late(type, random);
    case FAULT_BODY_CUT: return draw_cut(type, r, random);
    case FAULT_SILENCE: break;
    }
    return 0;
}
