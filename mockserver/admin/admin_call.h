/* One call of an admin page: what is shown, what was asked, and what a page is. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_CALL_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_CALL_H

#include "base/buf.h"
#include "base/clock.h"
#include "mockserver/decide/mock.h"

#include <stdint.h>

enum {
    ADMIN_BODY_MAX = 1536 << 10,
    ADMIN_LIST_MAX = 1 << 20,
    ADMIN_PARAM_MAX = 600,
    ADMIN_PARAMS_MAX = 4 /* of a page */
};

/* What the pages read and change. Everything is lent and must outlive the last request. */
struct admin {
    struct mock *mock;
    const char *clock_kind;      /* "real", "scaled", "manual", "auto" */
    uint32_t speed;              /* of the clock */
    struct clock_manual *manual; /* NULL unless the clock can be moved: manual or auto */
};

/* One request for a page. */
struct admin_call {
    const struct admin *admin;
    const struct message *request;
    int64_t now_ms;
    const struct admin_page *page;
    /* The values of page->params, in their order; "" when one is not given. */
    char values[ADMIN_PARAMS_MAX][ADMIN_PARAM_MAX];
};

/* Appends a JSON text to out and returns 0, or sets *e: its code decides the status, its text is
 * the error sent. Runs on the thread of the request, while other threads run pages and answer
 * polls. */
typedef int admin_page_write(const struct admin_call *call, struct buf *out, struct err *e);

struct admin_page {
    const char *method; /* "GET", which serves HEAD too, or "POST" */
    const char *path;
    admin_page_write *write;
    const char *params[ADMIN_PARAMS_MAX]; /* the query parameters that it takes */
    const char *body;  /* what a change takes, for the documents; NULL: nothing */
    const char *gives; /* one line for the documents */
};

#endif
