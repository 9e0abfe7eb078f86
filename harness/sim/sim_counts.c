/* Counts and prints. The counters' names are taken from the tables whose rows they count. */
#include "sim_counts.h"

#include "sim_model.h"

#include <inttypes.h>

static const char *const group_names[SIM_GROUPS] = {
    [SIM_COUNT_UPSTREAMS] = "upstreams", [SIM_COUNT_ANSWERS] = "answers",
    [SIM_COUNT_FAULTS] = "faults",       [SIM_COUNT_RULES] = "rules",
    [SIM_COUNT_OUTCOMES] = "outcomes",   [SIM_COUNT_STOPS] = "stops",
    [SIM_COUNT_ENDS] = "ends",
};

static const char *answer_name(uint32_t i)
{
    if (i <= TASK_FAILED)
        return task_state_name((enum task_state)i);
    if (i < SIM_ANSWER_LOST)
        return task_error_name((enum task_error)(i - TASK_FAILED));
    switch (i) {
    case SIM_ANSWER_LOST: return "lost";
    case SIM_ANSWER_TIMED_OUT: return "timed_out";
    case SIM_ANSWER_RESENT: return "resent";
    default: return NULL;
    }
}

/* The name of counter i of a group; NULL behind the last. */
static const char *name_of(enum sim_group group, uint32_t i, const struct sim_upstream *upstreams,
                           uint32_t upstream_count)
{
    static const char *const ends[] = {
        [END_HOLD] = "hold", [END_LOOP] = "loop", [END_GONE] = "gone", [END_DROP] = "drop"};
    switch (group) {
    case SIM_COUNT_UPSTREAMS: return i < upstream_count ? upstreams[i].upstream->name : NULL;
    case SIM_COUNT_ANSWERS: return answer_name(i);
    case SIM_COUNT_FAULTS: return fault_types()[i].name;
    case SIM_COUNT_RULES: /* those about whole programs stand last, and have nothing to judge here */
        return rules()[i].subject == RULE_ABOUT_A_WHOLE_PROGRAM ? NULL : rules()[i].name;
    case SIM_COUNT_OUTCOMES:
        return i < TASK_OUTCOME_CANCELLED ? task_outcome_name((enum task_outcome)i) : NULL;
    case SIM_COUNT_STOPS: return i < SIM_STOPS ? sim_stop_name((enum sim_stop)i) : NULL;
    case SIM_COUNT_ENDS: return i <= END_DROP ? ends[i] : NULL;
    case SIM_GROUPS: break;
    }
    return NULL;
}

void sim_count_rule(struct sim_counts *counts, const struct rule *rule)
{
    uint32_t i = (uint32_t)(rule - rules());
    if (i < SIM_COUNTS_MAX)
        counts->of[SIM_COUNT_RULES][i]++;
}

void sim_count_fault(struct sim_counts *counts, const struct fault_type *type)
{
    uint32_t i = (uint32_t)(type - fault_types());
    if (i < SIM_COUNTS_MAX)
        counts->of[SIM_COUNT_FAULTS][i]++;
}

void sim_counts_write(const struct sim_counts *counts, const struct sim_upstream *upstreams,
                      uint32_t upstream_count, struct buf *out)
{
    for (int g = 0; g < SIM_GROUPS; g++) {
        const char *name;
        buf_addf(out, "%-9s ", group_names[g]);
        for (uint32_t i = 0; (name = name_of((enum sim_group)g, i, upstreams, upstream_count)); i++)
            buf_addf(out, "%s %s %" PRIu64, i > 0 ? "," : "", name, counts->of[g][i]);
        buf_add_char(out, '\n');
    }
}

unsigned sim_counts_missing(const struct sim_counts *counts, const struct sim_upstream *upstreams,
                            uint32_t upstream_count, struct buf *out)
{
    unsigned missing = 0;
    for (int g = 0; g < SIM_GROUPS; g++) {
        const char *name;
        for (uint32_t i = 0; (name = name_of((enum sim_group)g, i, upstreams, upstream_count));
             i++) {
            if (counts->of[g][i] > 0)
                continue;
            buf_addf(out, "never reached: %s: %s\n", group_names[g], name);
            missing++;
        }
    }
    return missing;
}
