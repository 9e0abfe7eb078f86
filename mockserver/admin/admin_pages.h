/* One function a page of the admin. Used by admin.c. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_PAGES_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_PAGES_H

#include "admin.h"

#include "base/buf.h"

enum { ADMIN_BODY_MAX = 1536 << 10, ADMIN_LIST_MAX = 1 << 20, ADMIN_PARAM_MAX = 600 };

/* A query parameter's values by place in the page's `params`; "" when it is not given. */
struct admin_call {
    const struct admin *admin;
    const struct message *request;
    int64_t now_ms;
    char params[4][ADMIN_PARAM_MAX];
};

/* Appends a JSON text and returns 0, or sets e: its code decides the status, its text is the error. */
typedef int admin_page(const struct admin_call *call, struct buf *out, struct err *e);

admin_page admin_health, admin_upstreams, admin_scenarios, admin_tasks, admin_journal, admin_clock,
    admin_reset, admin_advance;

/* The places of parameters in admin_call.params. */
enum { PARAM_TASK, PARAM_UPSTREAM, PARAM_SINCE, PARAM_LIMIT };

#endif
