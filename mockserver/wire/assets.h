/* Assets: a second port that serves the downloads of a session.
 *
 * The URLs in replies are rewritten to point here (answer/asset_url.h). Each GET or HEAD is
 * answered with a short MP4 file and noted: the recorded URL, the time, and whether the request
 * carried credentials of the upstream, which a client must not send to a storage host. Thread
 * safe. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_ASSETS_H
#define UNDERSTUDY_MOCKSERVER_WIRE_ASSETS_H

#include "base/clock.h"
#include "base/err.h"

#include <stdint.h>

enum { ASSETS_NOTED_MAX = 16384, ASSETS_SESSION_MAX = 1024, ASSETS_SECRETS_MAX = 2 };

struct wire_watch;

struct assets_options {
    const char *secrets[ASSETS_SECRETS_MAX]; /* lent; must not be sent here; NULL: none */
    uint32_t threads;                        /* 0: 32 */
    const struct wire_watch *watch;          /* copied; NULL: nobody (wire.h) */
};

struct assets;

/* Serves on a free port of 127.0.0.1. clock is lent and gives began_ms. The errors are those of
 * wire_serve. */
int assets_open(const struct assets_options *options, struct clock *clock, struct assets **out,
                struct err *e);
void assets_close(struct assets *a); /* NULL is fine */

const char *assets_address(const struct assets *a); /* "http://127.0.0.1:41234" */

/* One request for an asset. */
struct download {
    int64_t began_ms;
    char *url;  /* as recorded: "https://storage.example.com/v.mp4" */
    char *leak; /* where a secret was found ("its header Authorization"); NULL: nowhere */
};

/* Copies the downloads of a session, in order; the caller frees them with downloads_fini.
 * Nothing that was answered is missing: beyond ASSETS_SESSION_MAX of the session, or
 * ASSETS_NOTED_MAX of all, requests are refused with 503. ERR_MEMORY: *out is empty. */
struct downloads {
    struct download *list;
    uint32_t count;
};
int assets_downloads(struct assets *a, const char *session, struct downloads *out, struct err *e);
void downloads_fini(struct downloads *d);

#endif
