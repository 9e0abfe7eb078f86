/* Whether a text shows a secret, however it is written: as it is, percent-encoded, up to four times over, in base64 with what
 * stands around it (Basic credentials), or in hex. Linear in the text. Pure function; without memory it says false. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_SECRET_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_SECRET_H

#include "base/span.h"

#include <stdbool.h>

/* secret: NULL and "" are shown by nothing. */
bool secret_is_shown(struct span text, const char *secret);

#endif
