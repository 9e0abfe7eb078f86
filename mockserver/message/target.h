/* Targets: the path and query of a request line, parsed (RFC 9112 §3.2).
 *
 *   /a/b                   path only
 *   /a/b?x=1&y=&z          and parameters: x "1", y "", z ""; empty pairs ("?&x=1&") are skipped
 *   http://host/a/b?x=1    what clients send to proxies; host is the authority, no path means "/"
 *
 * Names and values are percent-decoded; '+' stays a plus, and %00 is a bad escape, since values
 * are C strings. The path stays encoded: it is decoded a segment at a time, so that an escaped
 * slash does not split one. Any other form ("*", "host:port") is refused. Pure functions: any
 * thread may call them. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_TARGET_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_TARGET_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TARGET_BYTES_MAX = 8192, /* of the target as it was sent */
    TARGET_PARAMS_MAX = 64,
    TARGET_SEGMENTS_MAX = 32 /* of a path */
};

struct target_param {
    const char *name; /* both percent-decoded, and in target.text */
    const char *value;
};

/* params point into text, so a copy of the struct would point into the original: pass it by
 * pointer. */
struct target {
    /* Of the absolute form "http://host:80/path": "host:80". Empty for a plain path, whose
     * authority the Host header says. This and the next two point into the request's text. */
    struct span authority;
    struct span origin_form; /* path and query as they came, without the authority */
    struct span path;        /* starts with a slash, still encoded */
    struct target_param params[TARGET_PARAMS_MAX];
    uint32_t param_count;
    char text[TARGET_BYTES_MAX + 2 * TARGET_PARAMS_MAX]; /* holds the decoded query */
};

/* True for the two forms that are answered: a path, and an absolute http or https URL, as it is
 * sent to proxies. */
bool target_has_form(struct span text);

/* Returns 0, ERR_LIMIT beyond a maximum, or ERR_SYNTAX: no leading slash, an absolute URL without
 * a host or with a user before it, a space or a control character, a bad percent escape, a
 * parameter given twice (names compared decoded). Behind a host the path may be missing, and is "/"
 * then. e->where is "target" or "query". On error
 * authority, origin_form and path are still set, path to "/" when it cannot be told; the
 * parameters are then incomplete. */
int target_parse(struct span text, struct target *out, struct err *e);

/* The decoded value, valid as long as *t; "" for "?name" and "?name="; NULL when the parameter
 * is absent. */
const char *target_param(const struct target *t, const char *name);

/* The segments between the slashes of a path: "/a/b/" is "a", "b", "". Returns their number, or
 * TARGET_SEGMENTS_MAX + 1 when there are more than fit. */
uint32_t target_segments(struct span path, struct span out[TARGET_SEGMENTS_MAX]);

#endif
