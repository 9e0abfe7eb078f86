/* The admin pages under /_mock/: what the mock has seen, and its clock. Pure: no sockets. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_H

#include "admin_pages.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether a request is for the admin: its path is /_mock or below, and its Host is none of the hosts that
 * the contracts name. */
bool admin_owns(const struct admin *a, const struct message *request);

/* Answers a request that admin_owns. Resets *plan first. Thread safe.
 *
 * 403 when Host is not an address of this server, or Origin or Sec-Fetch-Site is foreign; 415 for a
 * change without Content-Type: application/json; 404 and 405 name the nearest page and the allowed
 * methods. */
void admin_answer(const struct admin *a, const struct message *request, int64_t now_ms,
                  struct plan *plan);

#endif
