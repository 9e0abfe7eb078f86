/* x-task: what OpenAPI cannot say of a task. Used by the loaders alone. */
#ifndef UNDERSTUDY_CONTRACT_TASK_H
#define UNDERSTUDY_CONTRACT_TASK_H

#include "contract.h"
#include "place.h"

/* Checks /x-task completely and keeps it in c. The routes must have been read. */
int contract_read_task(struct contract *c, const struct place *root, struct err *e);

/* True when the template has a segment {name}. */
bool contract_has_path_param(const char *path, const char *name);

/* As contract_state, which takes a status that no memory was left to read for unknown. */
int contract_read_state(const struct contract *c, const char *goal, struct span body,
                        enum reply_state *out, struct err *e);

/* Reads a stamp value. *pointer is set for "$request.body#/POINTER" only. */
bool contract_stamp_source(const char *text, enum stamp_source *out, const char **pointer);

#endif
