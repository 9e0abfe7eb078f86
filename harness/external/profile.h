/* Profiles: how to start a client that is somebody else's program, and how to read its outcome.
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
 *       "limit": "2h",
 *       "bound": "10m",
 *       "interval": "3s",
 *       "goal": "ready",
 *       "tasks": 1,
 *       "rules": {"off": {"retry-after": "its gateway drops the header"}}
 *     }
 *
 * The file, which docs/profile.schema.json describes for editors: JSON of at most 1 MiB; // comments are
 * allowed. Every key may be left out, unknown ones are errors:
 *
 *   $schema    ignored
 *   command    the words of the client's command, 1 to 256, the first not empty: as if they stood
 *              after "--" on the command line
 *   arguments  at most 32 words that are added to the end of the command
 *   outcomes   at most 32 rows, see below
 *   auth       how the client proves who it is: "contract" (default), or "none": the mock then asks
 *              for no credentials, and the rules auth and signature are not judged
 *   urls       what the URLs in replies point at: "local" (default: a port of the mock's own, where
 *              downloads are answered and noted), or "recorded": they stay as they were recorded
 *   limit      when a run is stopped: a duration ("90s", "2h", at most 24h) on the scenario's clock;
 *              default: a quarter and a minute more than the scenario's `within`, or `bound` where that is longer
 *   bound      the client's own limit: after so long it gives up by itself. {timeout} says it too, in
 *              place of the scenario's `within`
 *   interval   how long the client waits between two polls by itself. {interval} says it too, in place of
 *              the contract's. Not longer than 24h, as bound; both longer than 0
 *   goal       the one goal (contracts, x-task.goals) that the client waits for: scenarios of an
 *              upstream that has this goal are left out where they have another, or none
 *   tasks      how many tasks one run of the client is asked for, 1 (default) to 1000: the rule `create` allows so many
 *   rules      {"off": {RULE: why}}: rules that are not judged of this client (rules_off.h)
 *
 * Placeholders (external.h) are replaced in command and arguments; one that is none is an error
 * (placeholder.h).
 *
 * A row of outcomes; outcome is required, what is not given always fits:
 *
 *   outcome    succeeded, failed, error or gave_up: what the client reported
 *   exit       its exit code, 0 to 255
 *   output     a regular expression that is found in the output
 *   url        the same, with exactly one group (...), which is the URL, or holds it as it was printed
 *              (output_url.h): with quotes, escapes or colours
 *   reason     the same; its group is the reason
 *
 * Regular expressions are those of PCRE2 (base/regex.h), of at most 4096 bytes. Output is standard
 * output and, behind it, standard error, of either the first and the last 256 KiB; each of its lines is
 * searched by itself, without its end (LF, CRLF or NUL), and the first one that matches counts. Blanks around a group's text are dropped; a text
 * that is longer than the view holds (TASK_URL_MAX, TASK_REASON_MAX) reads as "".
 *
 * The first row that fits is taken. Without a fitting row, and without a profile: exit 0 is
 * success and the URL is the one in the output, however it is printed (output_url.h; the expected one
 * when it is there, else the last); any other exit means that the client did not succeed (evidence.unspecific).
 *
 * A client that crashed (crash.h) has reported nothing, whatever row fits its exit code, unless that
 * row's `output` matches the line of the uncaught exception. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_PROFILE_H
#define UNDERSTUDY_HARNESS_EXTERNAL_PROFILE_H

#include "base/err.h"
#include "base/json/json.h"
#include "base/regex.h"
#include "base/span.h"
#include "harness/testbed/evidence.h"
#include "mockserver/fixture/rules_off.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PROFILE_ROWS_MAX = 32,
    PROFILE_COMMAND_MAX = 256,
    PROFILE_ARGUMENTS_MAX = 32,
    PROFILE_TASKS_MAX = 1000,
    PROFILE_STEPS_MAX =
        32000000 /* of all expressions of a profile over one output (base/regex.h) */
};

struct profile_row {
    enum task_outcome outcome;
    int64_t exit_code;                   /* -1: any */
    struct regex *output, *url, *reason; /* NULL: none */
};

struct profile {
    const char *path; /* of its file; lent */
    struct profile_row rows[PROFILE_ROWS_MAX];
    uint32_t row_count;
    const char *command[PROFILE_COMMAND_MAX + 1];     /* NULL-terminated; no word: none is given */
    const char *arguments[PROFILE_ARGUMENTS_MAX + 1]; /* NULL-terminated */
    bool no_auth;
    bool recorded_urls;
    /* Of one run, on the scenario's clock; 0: made from the scenario's `within`. */
    int64_t limit_ms;
    int64_t bound_ms, interval_ms; /* -1: not told */
    const char *goal;              /* NULL: none told */
    uint32_t tasks;                /* at least 1 */
    struct rules_off rules_off;
    struct json *document; /* owns all texts */
};

/* path is lent and must outlive the profile. ERR_FILE, ERR_SYNTAX, ERR_CONTRACT, ERR_LIMIT,
 * ERR_MEMORY, ERR_USAGE for a placeholder that there is not; e->where is "FILE:LINE:COLUMN", or "FILE" when it cannot be opened, and e->what names the
 * key. On error there is nothing to free. */
int profile_load(const char *path, struct profile *out, struct err *e);
void profile_fini(struct profile *p);

/* How a client ended, and what it printed; both texts are terminated. */
struct profile_end {
    int exit_code;
    const char *output; /* all of it */
    const char *errors; /* its standard error alone */
};

/* Fills `result`, `unspecific` and `crashed` of the evidence, whose trace, downloads and scenario are there
 * already. p may be NULL. A client that reports success without a URL, and
 * fetched one from the second port, is taken to have reported that one. Thread safe: a loaded
 * profile is only read. ERR_LIMIT when an expression takes more steps than it may: whether its row
 * fits is then not known, and e->where names it; ERR_MEMORY. */
int profile_read(const struct profile *p, const struct profile_end *end, struct evidence *evidence,
                 struct err *e);

#endif
