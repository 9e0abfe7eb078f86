/* The table of causes: every way to break a rule, what it weighs, what to change, and what it may follow from.
 *
 * The order is the order in which findings are told: what explains the most comes first. */
#include "rule.h"

#define BIT(cause) (UINT64_C(1) << (cause))

/* What makes all that a client does afterwards pointless. */
#define ASTRAY                                                                                     \
    (BIT(CAUSE_OUTSIDE_MOUNT) | BIT(CAUSE_NO_OPERATION) | BIT(CAUSE_BAD_REQUEST)                   \
     | BIT(CAUSE_BAD_CREDENTIALS) | BIT(CAUSE_BAD_SIGNATURE) | BIT(CAUSE_OTHER_TASK))
/* What makes a client miss the end. */
#define MISSED                                                                                     \
    (ASTRAY | BIT(CAUSE_CRASHED) | BIT(CAUSE_UNKNOWN_TAKEN) | BIT(CAUSE_TROUBLE_FATAL)             \
     | BIT(CAUSE_POLLED_AFTER_END) | BIT(CAUSE_REFUSAL_REPEATED) | BIT(CAUSE_NEVER_ENDS)           \
     | BIT(CAUSE_PAST_OWN_BOUND) | BIT(CAUSE_PAST_BOUND) | BIT(CAUSE_GAVE_UP_EARLY))
/* What makes it ask too often. */
#define HASTY (BIT(CAUSE_HOT_LOOP) | BIT(CAUSE_OVERLAP))

#define MUST RULE_REQUIRED
#define SHOULD RULE_RECOMMENDED

static const struct cause table[CAUSES] = {
    [CAUSE_CRASHED] =
        {"outcome", "crashed", MUST,
         "catch it where the reply is read: ask again after what is temporary, else end "
         "with a message and an exit code of your own",
         0},
    [CAUSE_OUTSIDE_MOUNT] = {"request", "outside-mount", MUST,
                             "append to the whole base URL that it was given, its path included",
                             0},
    [CAUSE_NO_OPERATION] = {"request", "no-operation", MUST,
                            "use the method and the path that the service documents", 0},
    [CAUSE_BAD_REQUEST] = {"request", "bad-request", MUST,
                           "send the query, the headers and the body that the service documents",
                           0},
    [CAUSE_BAD_CREDENTIALS] = {"auth", "bad-credentials", MUST,
                               "send the token with every poll, in the header and the form that "
                               "the service documents, such as "
                               "Authorization: Bearer TOKEN",
                               0},
    [CAUSE_BAD_SIGNATURE] = {"signature", "bad-signature", MUST,
                             "sign every call anew, over the values that it carries", 0},
    [CAUSE_OTHER_TASK] = {"one-flight", "other-task", MUST,
                          "poll the id that it was given, or that it created, byte for byte", 0},
    [CAUSE_CREATED_TWICE] = {"create", "created-twice", MUST,
                             "keep the id of the task that was created, and create no other", 0},
    [CAUSE_CREATED_AGAIN] = {"create", "sent-again", MUST,
                             "do not send a request to create again when its answer was lost: the "
                             "task may exist, and cost. Where a "
                             "library repeats by itself, switch that off for POST",
                             BIT(CAUSE_CREATED_TWICE)},
    [CAUSE_CREATED_EARLY] =
        {"create", "too-early", MUST,
         "wait as long as Retry-After asks for before it asks for its task again", 0},
    [CAUSE_CREATED_AFTER_ERROR] =
        {"create", "after-error", SHOULD,
         "do not send a request to create again after a 5xx other than 503: the task may exist",
         BIT(CAUSE_CREATED_TWICE) | BIT(CAUSE_CREATED_AGAIN)},
    [CAUSE_TOKEN_ELSEWHERE] =
        {"auth", "token-elsewhere", MUST,
         "send no credentials with the download, or only to the service's own hosts", 0},
    [CAUSE_TOKEN_IN_URL] = {"auth", "token-in-url", MUST,
                            "send the token in its header only: URLs are logged", 0},
    [CAUSE_SECRET_SENT] = {"signature", "secret-sent", MUST,
                           "use the secret for signing only, and never send it", 0},
    [CAUSE_NONCE_REUSED] = {"signature", "nonce-reused", MUST,
                            "draw a nonce of its own for each call, a repeated one included", 0},
    [CAUSE_TOKEN_TWICE] = {"auth", "token-twice", SHOULD, "send the token in one header only", 0},
    [CAUSE_UNKNOWN_TAKEN] = {"unknown", "unknown-taken", MUST,
                             "poll on at a status that it does not know, up to its own limit",
                             BIT(CAUSE_CRASHED)},
    [CAUSE_TROUBLE_FATAL] = {"transient", "trouble-fatal", MUST,
                             "wait, and ask again: what is temporary says nothing of the task",
                             ASTRAY | BIT(CAUSE_CRASHED)},
    [CAUSE_POLLED_AFTER_END] = {"terminal", "polled-after-end", MUST,
                                "stop at the reply that says that the task has ended", 0},
    [CAUSE_REFUSAL_REPEATED] = {"permanent", "refusal-repeated", MUST,
                                "stop at an answer that asking again does not change", ASTRAY},
    [CAUSE_HOT_LOOP] = {"hot-loop", "hot-loop", MUST,
                        "wait before each poll, whatever the answer was", BIT(CAUSE_OVERLAP)},
    [CAUSE_OVERLAP] = {"one-flight", "overlap", MUST,
                       "wait for the reply, or for its own time-out, before it polls again", 0},
    [CAUSE_TOO_EARLY] = {"retry-after", "too-early", MUST,
                         "wait as long as Retry-After asks for, from the end of the reply", HASTY},
    [CAUSE_TOO_EARLY_OPEN] = {"retry-after", "too-early-on-answer", SHOULD,
                              "heed Retry-After on an answer of an open task too", HASTY},
    [CAUSE_OVER_RATE] = {"interval", "over-rate", MUST,
                         "keep to the calls a second that are allowed", HASTY},
    [CAUSE_SHORT_WAIT] = {"interval", "short-wait", MUST,
                          "wait the whole interval, from the end of each reply",
                          HASTY | BIT(CAUSE_TOO_EARLY_OPEN)},
    [CAUSE_NO_GROWTH] = {"backoff", "no-growth", SHOULD,
                         "wait longer after each transient failure in a row", HASTY},
    [CAUSE_NO_JITTER] = {"backoff", "no-jitter", SHOULD,
                         "let chance into the waits, so that clients that failed together do not "
                         "come back together",
                         HASTY},
    [CAUSE_NEVER_ENDS] = {"bounded", "never-ends", MUST, "give the whole wait a limit",
                          MISSED & ~BIT(CAUSE_NEVER_ENDS)},
    [CAUSE_PAST_OWN_BOUND] = {"bounded", "past-own-bound", MUST,
                              "count its limit from the first poll, and check it before each wait",
                              BIT(CAUSE_POLLED_AFTER_END) | BIT(CAUSE_REFUSAL_REPEATED)},
    [CAUSE_PAST_BOUND] = {"bounded", "past-bound", SHOULD,
                          "give up within a time that somebody would wait",
                          BIT(CAUSE_POLLED_AFTER_END) | BIT(CAUSE_REFUSAL_REPEATED)},
    [CAUSE_GAVE_UP_EARLY] = {"bounded", "gave-up-early", SHOULD,
                             "use the whole time that it was given",
                             ASTRAY | BIT(CAUSE_CRASHED) | BIT(CAUSE_UNKNOWN_TAKEN)
                                 | BIT(CAUSE_TROUBLE_FATAL)},
    [CAUSE_FEW_POLLS] = {"outcome", "few-polls", MUST, "poll until the task has ended", MISSED},
    [CAUSE_WRONG_OUTCOME] =
        {"outcome", "wrong-outcome", MUST,
         "report how the task ended as its own status says, and nothing before it has",
         MISSED | BIT(CAUSE_FEW_POLLS)},
    [CAUSE_WRONG_URL] = {"outcome", "wrong-url", MUST,
                         "report the URL as it stands in the reply, and none where it has none",
                         MISSED | BIT(CAUSE_FEW_POLLS)},
    [CAUSE_WRONG_REASON] = {"outcome", "wrong-reason", SHOULD,
                            "report the reason that the reply gives",
                            MISSED | BIT(CAUSE_FEW_POLLS)},
    [CAUSE_EARLY_DOWNLOAD] = {"outcome", "early-download", MUST,
                              "fetch the URL only when the task has succeeded", ASTRAY},
    [CAUSE_EARLY_CONTENT] =
        {"content", "early-content", MUST,
         "fetch the content only when a poll has said that the task has succeeded", ASTRAY},
    [CAUSE_CUT_CONTENT] =
        {"content", "cut-content", MUST,
         "hold what came against Content-Length, and fetch it again, or its rest, "
         "before it calls it done",
         ASTRAY | BIT(CAUSE_EARLY_CONTENT)},
    [CAUSE_MANY_POLLS] = {"outcome", "many-polls", MUST, "stop when the task has ended",
                          MISSED | HASTY | BIT(CAUSE_WRONG_OUTCOME) | BIT(CAUSE_WRONG_URL)},
};

const struct cause *cause_of(enum cause_id id)
{
    return &table[id];
}
