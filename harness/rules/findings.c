/* Collects findings, and orders them: each cause, and behind it what follows from it. */
#include "findings.h"
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* How much it weighs: the cause's level where the source carries it, else a remark. */
static enum rule_level level_of(const struct finding *finding)
{
    return provenance_carries(finding->source) ? finding->cause->level : RULE_RECOMMENDED;
}

static struct finding *find(struct findings *list, const struct cause *cause)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->list[i].cause == cause)
            return &list->list[i];
    return NULL;
}

void finding_add(struct findings *out, enum cause_id id, enum provenance source, uint32_t poll,
                 const char *format, ...)
{
    const struct cause *cause = cause_of(id);
    struct finding *f = find(out, cause);
    bool is_new = !f;
    if (is_new) {
        f = &out->list[out->count++];
        *f = (struct finding){
            .rule = rule_find(cause->rule), .cause = cause, .source = source, .under = -1};
    }
    if (f->count < FINDING_POLLS_MAX)
        f->polls[f->count] = poll;
    f->count++;
    if (!is_new && (provenance_carries(f->source) || !provenance_carries(source)))
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
    f->poll = poll;
    f->source = source;
    f->level = level_of(f);
}

void findings_add_task(struct findings *out, const struct findings *of_task, const uint32_t *polls,
                       uint32_t task)
{
    for (uint32_t i = 0; i < of_task->count; i++) {
        const struct finding *f = &of_task->list[i];
        enum cause_id id = (enum cause_id)(f->cause - cause_of(0));
        for (uint32_t k = 0; k < f->count && k < FINDING_POLLS_MAX; k++)
            finding_add(out, id, f->source, f->polls[k] > 0 ? polls[f->polls[k] - 1] : 0,
                        "task %u: %.230s", task, f->text);
    }
}

/* -- Order ------------------------------------------------------------------------------------ */

static int by_weight_then_row(const void *a, const void *b)
{
    const struct finding *left = a, *right = b;
    if (left->level != right->level)
        return left->level == RULE_REQUIRED ? -1 : 1;
    return left->cause < right->cause ? -1 : left->cause > right->cause;
}

static bool follows(const struct finding *f, const struct finding *from)
{
    uint64_t bit = UINT64_C(1) << (from->cause - cause_of(0));
    return (f->cause->follows & bit) != 0 && from->level <= f->level;
}

/* The first finding that f follows from; -1: it is a cause itself. Only causes are asked, so that nothing stands
 * two levels deep. */
static int32_t under_of(const struct findings *list, uint32_t i)
{
    for (uint32_t k = 0; k < list->count; k++)
        if (k != i && list->list[k].under < 0 && follows(&list->list[i], &list->list[k]))
            return (int32_t)k;
    return -1;
}

static void append(struct findings *out, const struct finding *f, int32_t under)
{
    out->list[out->count] = *f;
    out->list[out->count++].under = under;
}

void findings_fold(struct findings *list)
{
    struct findings ordered = {.count = 0};
    qsort(list->list, list->count, sizeof list->list[0], by_weight_then_row);
    for (uint32_t i = 0; i < list->count; i++)
        list->list[i].under = under_of(list, i);
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->list[i].under >= 0)
            continue;
        int32_t head = (int32_t)ordered.count;
        append(&ordered, &list->list[i], -1);
        for (uint32_t k = 0; k < list->count; k++)
            if (list->list[k].under == (int32_t)i)
                append(&ordered, &list->list[k], head);
    }
    *list = ordered;
}
