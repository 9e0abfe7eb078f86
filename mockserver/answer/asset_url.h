/* Asset URLs: the URLs in a reply's strings, rewritten so that clients download from the mock
 * (wire/assets.h), and back.
 *
 * With the base "http://127.0.0.1:41234/run-1" the URL "https://storage.example.com/v.mp4?sig=1"
 * becomes "http://127.0.0.1:41234/run-1/https/storage.example.com/v.mp4?sig=1". The new URL
 * holds all of the old one, so no table is needed to restore it. Pure functions: any thread may
 * call them; out->broken tells that out is full. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_ASSET_URL_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_ASSET_URL_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Appends body with every string that begins with http:// or https:// moved below base. Slashes
 * may be escaped ("https:\/\/", "https:\u002F\u002F"), and stay so. Works on the text alone, so a body that is broken
 * JSON is treated alike. */
void asset_url_move(struct buf *out, struct span body, const char *base);

/* Appends text with every URL below base restored to the recorded one; base "": appends text
 * unchanged. */
void asset_url_restore(struct buf *out, struct span text, const char *base);

/* Splits the target of a request for a moved URL: "/run-1/https/host/path" is the session
 * "run-1" and the URL "https://host/path", which is appended. False, and nothing is appended,
 * when it is no such target. */
bool asset_url_of_target(struct span target, struct span *session, struct buf *url);

#endif
