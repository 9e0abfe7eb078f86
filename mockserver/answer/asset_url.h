/* Asset URLs: what the strings of a reply point at, moved below a base of ours, and back.
 *
 * Below the base "http://127.0.0.1:41234/run-1" the URL "https://storage.example.com/v.mp4?sig=1" is
 * "http://127.0.0.1:41234/run-1/https/storage.example.com/v.mp4?sig=1". The way back needs no table. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_ASSET_URL_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_ASSET_URL_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Appends a JSON body in which every string that begins with http:// or https:// is moved; their
 * slashes may be escaped ("https:\/\/"). A body that is no JSON is read the same way. */
void asset_url_move(struct buf *out, struct span body, const char *base);

/* Appends text in which every URL below base is the recorded one again; base "": text as it is. */
void asset_url_restore(struct buf *out, struct span text, const char *base);

/* Takes the target of a request below a base apart: "/run-1/https/host/path" is the session "run-1" and the
 * URL "https://host/path", which is appended. False, and nothing is appended, when it is no such target. */
bool asset_url_of_target(struct span target, struct span *session, struct buf *url);

#endif
