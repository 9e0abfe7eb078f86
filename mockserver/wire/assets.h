/* Assets: a second port, for what the URLs in replies point at once they are moved (asset_url.h).
 *
 * Every GET or HEAD below it is answered with a short MP4 file, and noted: which URL was meant, when, and
 * whether credentials came along that belong to the upstream alone. Thread safe. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_ASSETS_H
#define UNDERSTUDY_MOCKSERVER_WIRE_ASSETS_H

#include "base/clock.h"
#include "base/err.h"

#include <stdint.h>

enum { ASSETS_NOTED_MAX = 16384, ASSETS_SECRETS_MAX = 2 };

struct assets_options {
    const char *secrets[ASSETS_SECRETS_MAX]; /* lent: what must not come here; NULL: none */
};

struct assets;

/* Serves on a free port of 127.0.0.1. clock is lent; its time is noted. */
int assets_open(const struct assets_options *options, struct clock *clock, struct assets **out,
                struct err *e);
void assets_close(struct assets *a); /* NULL is fine */

const char *assets_address(const struct assets *a); /* "http://127.0.0.1:41234" */

/* One request for an asset. */
struct download {
    int64_t began_ms;
    char *url;  /* as recorded: "https://storage.example.com/v.mp4" */
    char *leak; /* where a secret showed ("its header Authorization"); NULL when none did */
};

/* Copies what was asked for in a session, in order. Beyond ASSETS_NOTED_MAX of all sessions requests are
 * refused with 503, so nothing that was answered is missing. Free with downloads_fini. */
struct downloads {
    struct download *list;
    uint32_t count;
};
int assets_downloads(struct assets *a, const char *session, struct downloads *out, struct err *e);
void downloads_fini(struct downloads *d);

#endif
