/* Profiles: a client that is a program of somebody else's: how to start it, and how to read its outcome.
 *
 *     {
 *       "command": ["./my_client", "{base_url}", "{task_id}"],
 *       "outcomes": [
 *         {"outcome": "succeeded", "exit": 0, "url": "^video: (.*)$"},
 *         {"outcome": "gave_up", "exit": 1, "output": "timed out"},
 *         {"outcome": "failed", "exit": 1, "reason": "^failed: (.*)$"}
 *       ],
 *       "arguments": ["--interval", "{interval}"],
 *       "auth": "none",
 *       "urls": "recorded",
 *       "limit": "2h"
 *     }
 *
 * Every key may be left out. `command` is what is run, as if it stood after "--" on the command line;
 * `arguments` are words for the end of the command. Placeholders are replaced in both.
 * `auth` says how the client proves who it is: "contract" (as if it were left out) or "none", and then the
 * mock accepts it as it is and the rules auth and signature are not judged. `urls` says what the URLs in
 * replies point at: "local" (as if it were left out: a port of the mock's own, where downloads are answered
 * and seen) or "recorded". `limit` ends a run.
 *
 * The first row that fits counts: its exit code is the client's (any, when not given) and its regexes
 * (POSIX extended, a line at a time) are found in the output. A capture gives the URL or the reason.
 * Without a fitting row, and without a profile: exit 0 is success and the URL is the one in the output
 * (the expected one when it is there, else the last); any other exit is "did not succeed". */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_PROFILE_H
#define UNDERSTUDY_HARNESS_EXTERNAL_PROFILE_H

#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"
#include "harness/testbed/evidence.h"

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

enum { PROFILE_ROWS_MAX = 32, PROFILE_COMMAND_MAX = 256, PROFILE_ARGUMENTS_MAX = 32 };

struct profile_row {
    enum task_outcome outcome;
    int64_t exit_code;                             /* -1: any */
    const char *output, *url, *reason;             /* NULL: none */
    regex_t output_regex, url_regex, reason_regex; /* compiled where the text is not NULL */
};

struct profile {
    const char *path; /* of its file; lent */
    struct profile_row rows[PROFILE_ROWS_MAX];
    uint32_t row_count;
    const char *command[PROFILE_COMMAND_MAX + 1];     /* NULL-terminated; no word: none is given */
    const char *arguments[PROFILE_ARGUMENTS_MAX + 1]; /* NULL-terminated */
    bool no_auth;
    bool recorded_urls;
    int64_t
        limit_ms; /* of one run, on the scenario's clock; 0: made from the scenario's `within` */
    struct json *document;
};

/* path must outlive the profile. e->where is "FILE", "FILE:LINE:COLUMN", or "FILE: /limit", "FILE: /outcomes/0: /exit". */
int profile_load(const char *path, struct profile *out, struct err *e);
void profile_fini(struct profile *p);

/* Fills result, unspecific and timed_out of the evidence from what the client said. profile may be NULL. A client
 * that reports success and no URL, and fetched one, has reported that. */
void profile_read(const struct profile *p, int exit_code, const char *output,
                  struct evidence *evidence);

#endif
