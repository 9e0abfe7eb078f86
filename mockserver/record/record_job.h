/* An exchange on its way from the thread of its connection to the writer, with texts of its own. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_JOB_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_JOB_H

#include "record_curl.h"

#include "base/buf.h"
#include "mockserver/fixture/upstream.h"
#include "mockserver/message/message.h"

#include <stdint.h>

enum { RECORD_URL_MAX = 1024 };

/* An upstream being recorded: "doubao=https://host/base". */
struct record_upstream {
    char name[REPLY_NAME_MAX];
    char base[RECORD_URL_MAX];       /* without a slash at its end, and without a user */
    char fetch_base[RECORD_URL_MAX]; /* the same with the user and password that were given */
    const struct upstream *contract; /* of the fixtures; NULL when they do not know it */
};

struct record_job {
    struct record_job *next;
    const struct record_upstream *upstream; /* lent */
    struct buf text;                        /* what request and target point into */
    struct header headers[MESSAGE_HEADERS_MAX];
    struct message request; /* not opened */
    struct span target;
    struct fetched fetched;
    int64_t started_ms;
    size_t bytes; /* of all of it */
};

/* Copies request and target, and takes what fetched holds, which is empty then. NULL without memory: fetched is as it was. */
struct record_job *record_job_make(const struct message *request, struct span target,
                                   struct fetched *fetched);
void record_job_free(struct record_job *job);

#endif
