/* Targets: the path and query of a request line, taken apart. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_TARGET_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_TARGET_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

enum { TARGET_BYTES_MAX = 8192, TARGET_PARAMS_MAX = 64, TARGET_SEGMENTS_MAX = 32 };

struct target_param {
    const char *name; /* both percent-decoded; '+' stays a plus */
    const char *value;
};

struct target {
    struct span path; /* starts with a slash, still encoded, lent by the request */
    struct target_param params[TARGET_PARAMS_MAX];
    uint32_t param_count;
    char text[TARGET_BYTES_MAX + 2 * TARGET_PARAMS_MAX]; /* holds the decoded query */
};

/* Takes a target apart: "/path?a=1&b=2", or the absolute form "http://host/path". path is set whenever
 * one can be told, also on error. ERR_LIMIT beyond a maximum, ERR_SYNTAX for anything else: no leading
 * slash, a control character, a bad percent escape, a parameter given twice. */
int target_parse(struct span text, struct target *out, struct err *e);

/* The decoded value; NULL when the parameter is absent. */
const char *target_param(const struct target *t, const char *name);

/* The segments between the slashes of a path: "/a/b/" is "a", "b", "". Returns their number, or
 * TARGET_SEGMENTS_MAX + 1 when there are more than fit. */
uint32_t target_segments(struct span path, struct span out[TARGET_SEGMENTS_MAX]);

#endif
