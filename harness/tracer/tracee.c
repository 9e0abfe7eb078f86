/* A list that is searched from its front: clients have tens of threads. */
#include "tracee.h"

#include "base/grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tracees_fini(struct tracees *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        asleep_close(&t->list[i].asleep);
    free(t->list);
    *t = (struct tracees){0};
}

struct tracee *tracees_find(struct tracees *t, pid_t tid)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->list[i].tid == tid)
            return &t->list[i];
    return NULL;
}

/* The process of a thread; 0 when it is gone. */
static pid_t process_of(pid_t tid)
{
    char text[1024];
    snprintf(text, sizeof text, "/proc/%ld/status", (long)tid);
    FILE *f = fopen(text, "re");
    pid_t pid = 0;
    while (f && pid == 0 && fgets(text, sizeof text, f))
        if (strncmp(text, "Tgid:", 5) == 0)
            pid = (pid_t)strtol(text + 5, NULL, 10);
    if (f)
        (void)fclose(f);
    return pid;
}

struct tracee *tracees_add(struct tracees *t, pid_t tid)
{
    struct tracee *known = tracees_find(t, tid);
    if (known)
        return known;
    struct tracee *list = grow(t->list, t->count, &t->room, sizeof *list, TRACEES_MAX);
    if (!list)
        return NULL;
    t->list = list;
    struct tracee new = {.tid = tid, .pid = process_of(tid)};
    if (new.pid == 0 || asleep_open(new.pid, tid, &new.asleep, NULL) != 0)
        return NULL;
    t->list[t->count] = new;
    return &t->list[t->count++];
}

static void remove_at(struct tracees *t, uint32_t i)
{
    asleep_close(&t->list[i].asleep);
    memmove(&t->list[i], &t->list[i + 1], (t->count - i - 1) * sizeof *t->list);
    t->count--;
}

void tracees_remove(struct tracees *t, pid_t tid)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->list[i].tid == tid) {
            remove_at(t, i);
            return;
        }
}

void tracees_remove_others(struct tracees *t, pid_t pid)
{
    for (uint32_t i = t->count; i-- > 0;)
        if (t->list[i].pid == pid && t->list[i].tid != pid)
            remove_at(t, i);
}
