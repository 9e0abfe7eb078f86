/* What a request to create is about: the scenario that it names, and the id that its task gets. Used by decide.c and
 * decide_create.c; pure functions. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_CREATE_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_CREATE_H

#include "mockserver/fixture/upstream.h"
#include "mockserver/message/message.h"
#include "task.h"

#include <stdint.h>

/* The scenario that the first of the operation's `scenario` places names; NULL: none does. */
const struct scenario *create_choice(const struct contract_route *route, const struct upstream *u,
                                     const struct message *request);

/* Writes an id in the manner of the one in the recorded reply (where `created` points; "task_" and letters and digits
 * without one): words before a "_" or "-" stay, as do all other signs, and each letter and digit becomes another of its
 * kind, or a hexadecimal digit where no other letters stand. At least ID_RANDOM_MIN signs are new. The same for the
 * same seed. reply may be NULL. */
enum { ID_RANDOM_MIN = 8 };
void create_id(const struct contract_route *route, const struct reply *reply, uint64_t seed,
               char out[MOCK_TASK_ID_MAX]);

#endif
