/* Secrets in files that are there already: recordings of any program, replies, all other texts. Found as redact.h finds
 * them; what is found is never told, only where.
 *
 *   *.http                         a reply: its headers and its body
 *   JSON with /log/entries         a recording (HAR): every URL, header, cookie, parameter and body
 *   *.want.json, all other files   text: "name=value" and "name": "value" behind names of secrets, credentials, users of URLs,
 *                                  keys that can be told by their shape
 *
 * A field that the x-task of an openapi.json beside a folder of replies reads is no secret by its name. */
#ifndef UNDERSTUDY_HARNESS_SCAN_SCAN_H
#define UNDERSTUDY_HARNESS_SCAN_SCAN_H

#include "base/err.h"
#include "scan_tell.h"

enum { SCAN_FILE_MAX = 200 << 20 }; /* bytes of a file */

/* Looks into a file, or all files below a folder but those whose names begin with a dot. ERR_FILE, ERR_LIMIT for a file that is
 * too long, ERR_MEMORY, ERR_SYNTAX for a *.har that is no JSON. */
int scan_path(struct scan *s, const char *path, struct err *e);

#endif
