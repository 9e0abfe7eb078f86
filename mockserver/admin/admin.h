/* The admin pages under /_mock/: tasks, journal, scenarios, and the two changes, reset and
 * clock.
 *
 * The service of `mockserver serve` calls admin_owns first and passes all other requests to the
 * mock. Opens no sockets; any thread may call. The checks of Host and Origin keep a web page in
 * the user's browser from reading or changing the mock. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_H

#include "admin_pages.h"

#include <stdbool.h>
#include <stdint.h>

/* True when a request is for the admin pages: its path is /_mock or below, and its host
 * (message_host) is no server of a contract, since a service may have such a path itself. */
bool admin_owns(const struct admin *a, const struct message *request);

/* Answers a request that admin_owns. Resets *plan first. Thread safe.
 *
 * 403 when Host, or the host of an absolute target, is no name of this server (mock_options.hosts),
 * or Origin or Sec-Fetch-Site show that another site's page sent it; 415 for a change without
 * Content-Type: application/json; 404 names the nearest page, 405 the allowed methods. */
void admin_answer(const struct admin *a, const struct message *request, int64_t now_ms,
                  struct plan *plan);

#endif
