/* The pages of the admin: one table, at the end of admin_pages.c. admin.c finds a request's page
 * in it, and docs/cli.md repeats it. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_PAGES_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_PAGES_H

#include "admin_call.h"

/* Rows, ended by one whose path is NULL. */
const struct admin_page *admin_pages(void);

#endif
