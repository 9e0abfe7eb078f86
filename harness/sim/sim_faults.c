/* What the model expects of each effect that a fault can have, and which parameters are worth trying. */
#include "sim_faults.h"

enum { STALL_MS = 3600000, SMALL_CUT = 12, PIECES_MAX = 4 };

static size_t pieces_of(size_t body, size_t piece)
{
    return (body + piece - 1) / piece;
}

struct sim_effect sim_effect_of(const struct scenario_step *step, const struct sim_reading *r)
{
    struct sim_effect effect = {0};
    for (uint32_t i = 0; i < step->fault_count; i++) {
        const struct fault *f = &step->faults[i];
        switch (f->type->effect) {
        case FAULT_NOTHING: break;
        case FAULT_LATE: effect.first_ms += f->value; break;
        case FAULT_LATE_UP_TO: effect.chance_ms += f->value; break;
        case FAULT_DRIPS:
            if (r->body_most > 0)
                effect.more_ms += (int64_t)(pieces_of(r->body_most, f->value) - 1)
                    * (int64_t)f->every_ms;
            break;
        case FAULT_STALLS:
            effect.more_ms += STALL_MS;
            effect.lost = true;
            break;
        case FAULT_BODY_CUT: effect.lost |= f->value < r->body_least; break;
        case FAULT_LOST: effect.lost = true; break;
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

/* As many pieces whatever the stamps make of the body's length; a delay where there is no such size. */
static struct fault draw_drip(const struct fault_type *type, const struct sim_reading *r,
                              uint64_t random)
{
    size_t piece = pieces_of(r->body_most, 1 + random % PIECES_MAX);
    const struct fault_type *late = fault_types();
    while (late->effect != FAULT_LATE)
        late++;
    if (piece == 0 || piece > type->max
        || pieces_of(r->body_least, piece) != pieces_of(r->body_most, piece))
        return (struct fault){.type = late, .value = draw_late(late, random)};
    return (struct fault){
        .type = type, .value = (uint32_t)piece, .every_ms = 1 + (uint32_t)((random >> 8) % 3000)};
}

bool sim_fault_stands_alone(const struct fault_type *type)
{
    return type->effect == FAULT_DRIPS || type->effect == FAULT_STALLS;
}

struct fault sim_fault_draw(const struct fault_type *type, const struct sim_reading *r,
                            uint64_t random)
{
    struct fault f = {.type = type, .value = type->min};
    switch (type->effect) {
    case FAULT_LATE:
    case FAULT_LATE_UP_TO: f.value = draw_late(type, random); break;
    case FAULT_DRIPS: return draw_drip(type, r, random);
    case FAULT_BODY_CUT: f.value = draw_cut(type, r, random); break;
    case FAULT_STALLS:
    case FAULT_LOST: f.value = type->min + (uint32_t)((random >> 8) % SMALL_CUT); break;
    case FAULT_NOTHING:
        if (type->kind == FAULT_BYTES)
            f.value = type->min + (uint32_t)((random >> 8) % SMALL_CUT);
        break;
    case FAULT_SILENCE: break;
    }
    return f;
}
