/* Inside redaction: marks the secrets of one text by what the text itself says, in all its views (encoded.h). */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_SCAN_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_SCAN_H

#include "redact_marks.h"

enum redact_scan {
    SCAN_ALL, /* "name=value" and "name: value" behind names of secrets, credentials, users of URLs, keys by their shape */
    SCAN_URLS, /* only parameters and users of URLs: for a text that is to be kept */
    SCAN_SHORT /* only values that are known secrets, too short to be found anywhere else */
};

/* A text that is no JSON, or a string of one; base is its place in the marks' text. */
void redact_scan_text(struct redact_marks *m, struct span text, size_t base, enum redact_scan how);

/* A value that is a secret because of what stands before it: all of it but a scheme. Basic credentials are looked into. */
void redact_mark_credentials(struct redact_marks *m, struct span value, size_t base,
                             const char *kind);

/* The value of Cookie, or of Set-Cookie: its attributes are kept. */
void redact_scan_cookies(struct redact_marks *m, struct span value, size_t base, bool is_set);

#endif
