/* URI references: RFC 3986, section 5.2, without fragments. Pure functions. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_URI_H
#define UNDERSTUDY_BASE_JSON_JSON_URI_H

#include "base/span.h"

#include <stdbool.h>

enum { JSON_URI_MAX = 1024 }; /* bytes of one, its terminator included */

/* What ref, a reference without a fragment, names when it stands in the resource base, an absolute URI
 * or "". False, and out is "", when that is longer than JSON_URI_MAX. */
bool json_uri_resolve(const char *base, struct span ref, char out[JSON_URI_MAX]);

#endif
