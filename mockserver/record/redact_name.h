/* The word test: whether a name says that its value is a secret. Pure functions, for any thread. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_NAME_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_NAME_H

#include "base/span.h"

#include <stdbool.h>

/* Longer names are cut for the test: the words that count stand in the first so many bytes. */
enum { REDACT_NAME_MAX = 160 };

/* True when the name of a header, parameter, form field, JSON member or cookie holds a word such as token, secret, key, sign,
 * auth, passw, jwt, session or credential (X-Access-Token, mj-api-secret, clientSecret, sig), and is none that is known to be
 * harmless (Idempotency-Key, keywords, author, token_type, SignatureNonce). Case and separators do not count. The name may be
 * percent-encoded. */
bool redact_is_secret_name(struct span name);

/* True for a value that is to be hidden where it stands, but not to be looked for elsewhere: a plain word behind a name that may
 * stand before words too. A member "key": "duration" would take "duration" out of every text. */
bool redact_is_local_value(struct span name, struct span value);

/* True for a value that tells nothing: empty, true, false, null, none, a placeholder of ours or of a document (YOUR_KEY, <token>), and behind a name that counts
 * tokens a number. */
bool redact_is_plain_value(struct span name, struct span value);

/* The length of the scheme of credentials, its blank included: 7 for "Bearer x"; 0 when they begin with none. */
size_t redact_scheme_length(struct span credentials);

#endif
