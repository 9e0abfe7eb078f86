/* What the mock decides about one request, and by what. Used by mock.c, decide.c and the files of the roles. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_DECISION_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_DECISION_H

#include "base/span.h"
#include "journal.h"
#include "mockserver/auth/auth.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/hosts.h"
#include "mockserver/message/message.h"
#include "route.h"
#include "task.h"

#include <stdbool.h>
#include <stdint.h>

enum { DECISION_BODY_MAX = 2048 };

struct mock {
    const struct fixtures *fixtures;
    bool strict;
    bool paced;
    uint64_t seed;
    const char *assets;
    const char *token, *secret;
    struct hosts hosts;
    bool (*keeps)(void *arg, struct span session);
    void *keeps_arg;
    void (*refused)(void *arg, const struct message *request, int status, const char *why);
    void *refused_arg;
    struct router *router;
    struct auth *auth;
    struct tasks *tasks;
    struct journal *journal;
};

/* What was decided about one request, before any byte of the answer is written. */
struct decision {
    struct route route;
    const struct scenario *scenario; /* NULL when the request did not get that far */
    struct task_turn turn;           /* meaningful when scenario is set */
    const struct reply *reply;       /* NULL: nothing recorded fits */
    struct span body;                /* JSON that is sent then; empty: what route.why says */
    char body_text[DECISION_BODY_MAX];
    bool
        content; /* reply, or without one a short film, is sent in parts where the request asks for one */
    bool out_of_turn;       /* it was refused before its turn: the step's faults are not for it */
    enum reply_state state; /* that the answer tells, when it is no step's */
    int status;             /* of the answer when reply is NULL; 0: close without a byte */
    unsigned flags;         /* enum journal_flag */
};

/* Decides the answer. out: all but route's texts is set to nothing before. No lock is held; any thread. */
void decide(struct mock *m, const struct message *request, int64_t now_ms, struct decision *d);

/* The last step of it for a request that has passed every check, by role: polls, and what HEAD asks of them
 * (decide.c); requests to create (decide_create.c), for the content and to cancel (decide_task.c). */
void decide_create(struct mock *m, const struct message *request, int64_t now_ms,
                   struct decision *d);
void decide_content(struct mock *m, const struct message *request, int64_t now_ms,
                    struct decision *d);
void decide_cancel(struct mock *m, const struct message *request, int64_t now_ms,
                   struct decision *d);

/* Of one such request the turn in its scenario's script: fills scenario, turn and, where the step names one, reply.
 * id: whose position in the script it is. False, and it is refused, when memory ran out. */
bool decide_script(struct mock *m, const struct message *request, const char *id, int64_t now_ms,
                   struct decision *d);

/* HEAD where the contract has no operation but GET's. */
bool decide_is_look(const struct message *request, const struct contract_route *match);

/* Refuses with one of the upstream's own error replies or, when it has none of that name, a plain
 * one of the given status. The caller has set route.why. */
void decide_refuse(struct decision *d, unsigned flag, const char *reply, int status);
/* Out of memory: a plain 503, since the upstream's error replies would tell a client not to ask
 * again. */
void decide_busy(struct decision *d, const char *why);

#endif
