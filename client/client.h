/* The client: waits for a task of an upstream to end, politely: of one of six, or of any that a contract describes.
 *
 *     struct task_options o = {.upstream = "doubao", .base_url = "https://your-domain.com",
 *                              .task_id = "task_abc123xyz456", .token = token};
 *     struct task_result r;
 *     struct task_failure f;
 *     if (task_wait(&o, &r, &f) != 0)
 *         fprintf(stderr, "%s: %s\n", f.where, f.what);
 *     else if (r.outcome == TASK_OUTCOME_SUCCEEDED)
 *         puts(r.view.url);
 *
 * This is the one public header: it needs nothing but the C library, and every name in it begins
 * with task_ or TASK_. C11; from C++ too.
 *
 * Memory: strings given to a function are only read during the call, unless its comment says for
 * how long; structs given back are plain values. Text is UTF-8 and always terminated.
 * Thread safety: calls share nothing; two threads may wait for two tasks at once, with a
 * transport each. */
#ifndef UNDERSTUDY_CLIENT_CLIENT_H
#define UNDERSTUDY_CLIENT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions that a shared library shows. */
#define TASK_API __attribute__((visibility("default")))

/* -- When a call does not do its work -------------------------------------------------------------
 *
 * Such functions return 0 or one of these codes, and fill a struct task_failure, which may be NULL
 * when the code alone is wanted. It is untouched when they return 0. */

enum task_failure_code {
    TASK_FAILURE_SYNTAX = 1, /* not JSON */
    TASK_FAILURE_CONTRACT,   /* JSON, but a field is missing, of the wrong kind or unreadable */
    TASK_FAILURE_LIMIT,      /* a stated maximum is exceeded; `what` names it */
    TASK_FAILURE_MEMORY,     /* an allocation failed */
    TASK_FAILURE_FILE,       /* a file cannot be read; `where` is its path */
    TASK_FAILURE_NOT_FOUND,  /* no such upstream */
    TASK_FAILURE_USAGE,      /* an option is wrong; `where` is its name */
    TASK_FAILURE_NETWORK,    /* no connection, or an answer that is not whole HTTP */
    TASK_FAILURE_TIMEOUT,    /* the time given ran out */
    TASK_FAILURE_CANCELLED   /* stopped on request */
};

struct task_failure {
    enum task_failure_code code;
    char where[256]; /* "base_url", "/data/status", "byte 117"; may be "" */
    char what[512];  /* one sentence without a full stop */
};

/* -- What a decoder understood ---------------------------------------------------------------- */

enum task_state { TASK_UNKNOWN, TASK_QUEUED, TASK_RUNNING, TASK_SUCCEEDED, TASK_FAILED };

/* Why a reply says nothing of the task. The first four are the service's word, the
 * last three ours. */
enum task_error {
    TASK_ERROR_NONE,
    TASK_ERROR_TRANSIENT,    /* ask again: 408, 425, 429, 5xx, and codes that say so */
    TASK_ERROR_PERMANENT,    /* do not ask again; in a result also: it cannot be asked at all */
    TASK_ERROR_NOT_FOUND,    /* no such task, or not ours; as the very first answer asked again */
    TASK_ERROR_UNAUTHORIZED, /* no, bad or forbidden credentials */
    TASK_ERROR_SYNTAX,       /* not JSON: HTML, nothing, a cut body */
    TASK_ERROR_CONTRACT,     /* JSON, but a field is missing or of the wrong kind */
    TASK_ERROR_LIMIT         /* an id, code, status or URL is longer than the view holds */
};

enum {
    TASK_STATUS_MAX = 64, /* sizes in bytes, the terminator included */
    TASK_ID_MAX = 256,
    TASK_CODE_MAX = 64,
    TASK_REASON_MAX = 1024,
    TASK_URL_MAX = 4096,
    TASK_WHY_MAX = 256
};

/* What one reply says of the task. Plain values: nothing to free, safe to copy. */
struct task_view {
    enum task_state state;
    enum task_error error;
    int progress;       /* 0..100, -1 when not said */
    int64_t created_ms; /* Unix milliseconds, 0 when not yet or not said */
    int64_t started_ms;
    int64_t finished_ms;
    char status[TASK_STATUS_MAX]; /* the service's own word or number */
    char id[TASK_ID_MAX];
    char code[TASK_CODE_MAX];     /* the service's error code */
    char reason[TASK_REASON_MAX]; /* why it failed, or the error's message; a longer one is cut
                                     and ends in an ellipsis, U+2026 */
    char url[TASK_URL_MAX];       /* the result; "" unless state is TASK_SUCCEEDED */
};

/* The words used in files and output: "succeeded", "not_found". Never NULL. */
TASK_API const char *task_state_name(enum task_state state);
TASK_API const char *task_error_name(enum task_error error);

/* Reads one whole reply: body holds length bytes, any bytes, and may be NULL when length is 0.
 * upstream is a name from task_upstreams. Always fills *out.
 *   0          out->error is NONE, or one of the service's four refusals
 *   SYNTAX     not JSON; f->where is "byte 117"; out->error is TASK_ERROR_SYNTAX
 *   CONTRACT   f->where is a JSON Pointer; out->error is TASK_ERROR_CONTRACT
 *   LIMIT      f->where is a JSON Pointer; out->error is TASK_ERROR_LIMIT
 *   NOT_FOUND  no such upstream
 *   MEMORY
 * Unless 0, all of *out but `error` is at its default (progress -1, the rest zero). */
TASK_API int task_read(const char *upstream, int http_status, const char *body, size_t length,
                       struct task_view *out, struct task_failure *f);

/* The state under a goal of the upstream ("ready" and "stopped" for zego-stream, "all" for
 * zego-drive). goal NULL is the upstream's default reading. seen says that an earlier reply knew
 * the task: ZEGO then answers "not found" or "already stopped" for a task that has stopped. */
TASK_API enum task_state task_goal_state(const char *upstream, const char *goal,
                                         const struct task_view *view, bool seen);

/* NULL-terminated names: "zego-stream", "zego-drive", "avatar", "video", "doubao", "newapi", and
 * "auto" for the path that the last three share: it takes each reply for what it looks like. */
TASK_API const char *const *task_upstreams(void);
/* NULL-terminated names of an upstream's goals; an empty list when it has none. */
TASK_API const char *const *task_goals(const char *upstream);

/* -- Packs ------------------------------------------------------------------------------------
 *
 * A pack is an upstream that is data only: a folder with its contract, openapi.json, whose x-task says
 * where its replies carry status, URL, reason, progress, errors and times. No code is needed to wait
 * for its tasks: options take a pack in place of an upstream's name. A pack that is open is never changed:
 * any number of threads may use it. */
struct task_pack;

/* folder: ".../ark", whose last part is the upstream's name. FILE, LIMIT, MEMORY; SYNTAX and CONTRACT,
 * and f->where is then "FILE:LINE:COLUMN"; *out is NULL. */
TASK_API int task_pack_open(const char *folder, struct task_pack **out, struct task_failure *f);
TASK_API void task_pack_close(struct task_pack *pack); /* after the last wait; NULL is fine */
/* As task_read and task_goals. A result that is fetched by the task's id, and has no URL in its record,
 * has none here either: waits make it of base_url and id. */
TASK_API int task_pack_read(const struct task_pack *pack, int http_status, const char *body,
                            size_t length, struct task_view *out, struct task_failure *f);
TASK_API const char *const *task_pack_goals(const struct task_pack *pack);

/* -- Waiting ---------------------------------------------------------------------------------- */

/* Carries polls over HTTP (libcurl inside), and keeps its connection: lend one to several waits,
 * one after another, and the later ones find it open. For one thread at a time. Certificates and
 * host names are verified; no proxy is used; no redirect is followed. */
struct task_transport;

/* Stops waits from another thread, or from a signal handler. One token may stand in the options
 * of many waits: it ends them all, the present and the later ones. A wait between two polls ends
 * at once, an exchange under way within a second. */
struct task_cancel;

/* MEMORY when no token can be had; *out is then NULL. */
TASK_API int task_cancel_open(struct task_cancel **out, struct task_failure *f);
TASK_API void task_cancel_now(struct task_cancel *c);   /* async-signal-safe */
TASK_API void task_cancel_close(struct task_cancel *c); /* after the last wait; NULL is fine */

/* ca_file: certificates in PEM that are trusted in place of the machine's; NULL: the machine's.
 * FILE when it cannot be read, LIMIT when its path is too long, MEMORY; *out is then NULL. */
TASK_API int task_transport_open(const char *ca_file, struct task_transport **out,
                                 struct task_failure *f);
TASK_API void task_transport_close(struct task_transport *t); /* NULL is fine */

struct task_options {
    const char *upstream; /* required, unless pack is there */
    const char *base_url; /* required; paths are appended, so that a mount path works:
                             "http://127.0.0.1:8080/doubao:overloaded" */
    const char *task_id;  /* required; any text; encoded for URL or body */
    const char *goal;     /* NULL: the default reading. zego-drive: NULL polls one drive by DriveId,
                             "all" polls every drive of the stream task by TaskId */
    const char *token;    /* bearer upstreams; a pack's key or "user:password"; NULL sends none */
    uint32_t app_id;      /* zego */
    const char *secret;   /* zego: ServerSecret */
    /* Milliseconds, none negative. */
    int64_t interval_ms; /* from the end of one reply to the next poll; 0: the upstream's own */
    int64_t timeout_ms;  /* for the whole wait; 0: one hour */
    int64_t attempt_ms;  /* for one exchange; 0: 30 s */
    uint64_t seed;       /* of the jitter and of test nonces; 0: from the machine */
    bool seen;           /* an earlier wait knew the task: a stream that is gone has then stopped */
    const char *ca_file; /* as task_transport_open; without effect on a transport that is lent */
    struct task_transport *transport; /* lent; NULL: one for this call alone */
    struct task_cancel *cancel;       /* lent; NULL: nobody cancels */
    /* Called on the thread that waits after each poll that changed what is known (state, status,
     * progress, error); view is lent for the call. NULL: not called. */
    void (*progress)(const struct task_view *view, void *arg);
    void *progress_arg;
    const struct task_pack
        *pack; /* lent: how the service is asked and read, in place of upstream */
};

enum task_outcome {
    TASK_OUTCOME_SUCCEEDED,
    TASK_OUTCOME_FAILED,  /* the task failed; view.reason */
    TASK_OUTCOME_ERROR,   /* the service refused for good (not found, unauthorized, permanent), or
                             cannot be asked: a wrong URL, a certificate that is not trusted */
    TASK_OUTCOME_GAVE_UP, /* the task was still open: enum task_gave_up says why no poll follows */
    TASK_OUTCOME_CANCELLED
};
TASK_API const char *task_outcome_name(enum task_outcome outcome); /* "gave_up" */

/* Why a wait gave up. */
enum task_gave_up {
    TASK_GAVE_UP_NOT,
    TASK_GAVE_UP_TIME,        /* timeout_ms passed */
    TASK_GAVE_UP_RETRY_AFTER, /* the service asked to be left alone for longer */
    TASK_GAVE_UP_TRANSIENT,   /* 9 polls in a row brought no readable state of the task */
    TASK_GAVE_UP_UNKNOWN      /* 61 polls in a row brought an unknown status */
};

struct task_result {
    enum task_outcome outcome;
    enum task_gave_up gave_up; /* TASK_GAVE_UP_NOT unless outcome is TASK_OUTCOME_GAVE_UP */
    uint32_t polls;            /* exchanges started */
    uint32_t replies;          /* exchanges that brought a whole reply, of whatever kind */
    int64_t elapsed_ms;        /* from the beginning of the wait to its end */
    struct task_view view;     /* the reply that ended the wait; else the last that told of the task
                               (state as the goal reads it); else the last transient failure */
    char why[TASK_WHY_MAX];    /* one sentence for people */
};

/* Waits until the task ends, the service refuses for good, or time runs out.
 * Returns 0 when the wait took place, whatever its outcome; USAGE when an option is wrong, LIMIT
 * when one is too long, MEMORY: *out is then at its default (view.progress -1, the rest zero).
 * Never polls after a terminal reply, never has two polls in flight.
 *
 * A wait keeps nothing that a later one needs: the task lives at the service, under its id. To go
 * on after a crash, a time-out or a cancellation, wait again for the same id, with `seen` true. */
TASK_API int task_wait(const struct task_options *options, struct task_result *out,
                       struct task_failure *f);

/* -- Step by step: for event loops, and for HTTP libraries of one's own ---------------------------
 *
 *     task_poll_open(&o, now_ms(), &p, &f);
 *     while ((due_ms = task_poll_due(p)) >= 0) {
 *         sleep_until(due_ms);
 *         task_poll_ask(p, now_ms(), &request, &f);
 *         if (my_http(&request, &reply))
 *             task_poll_reply(p, now_ms(), &reply, &f);
 *         else
 *             task_poll_lost(p, now_ms(), "connection refused", &f);
 *     }
 *     task_poll_result(p, &r);
 *     task_poll_close(p);
 *
 * The same rules as task_wait, which is built on it, but no I/O and no clock: you give the time, in
 * Unix milliseconds that never go back. `transport`, `ca_file` and `cancel` of the options are not
 * used. One thread at a time may use a task_poll; different ones share nothing. */

enum { TASK_HEADERS_MAX = 8 };

/* Lent until the next call with the same poll. */
struct task_request {
    const char *method;                    /* "GET" or "POST" */
    const char *url;                       /* absolute, encoded */
    const char *headers[TASK_HEADERS_MAX]; /* "Name: value"; NULL ends the list */
    const char *body;
    size_t length;
    int64_t timeout_ms; /* for the exchange; > 0 */
};

/* One whole answer. What is cut, or longer than you care to hold, is lost, not a reply. */
struct task_reply {
    int status;
    const char *retry_after; /* the header's value; NULL when there is none */
    const char *body;        /* may be NULL when length is 0 */
    size_t length;
    const char *location; /* the header's value; NULL when there is none: only shown in `why` */
};

struct task_poll;

/* Strings and pack of the options are lent until task_poll_close. As task_wait on errors; *out is then
 * NULL. */
TASK_API int task_poll_open(const struct task_options *options, int64_t now_ms,
                            struct task_poll **out, struct task_failure *f);
/* When to ask next: the time of task_poll_open at first. -1: the wait is over. */
TASK_API int64_t task_poll_due(const struct task_poll *p);
/* What to ask, signed for this moment; lent until the next call with the same poll. USAGE when
 * the wait is over or the last request has not been answered; LIMIT, MEMORY. */
TASK_API int task_poll_ask(struct task_poll *p, int64_t now_ms, struct task_request *out,
                           struct task_failure *f);
/* How it went; each calls `progress` when something is new. USAGE when nothing was asked; MEMORY:
 * the reply was not read, and may be given again. */
TASK_API int task_poll_reply(struct task_poll *p, int64_t now_ms, const struct task_reply *reply,
                             struct task_failure *f);
TASK_API int task_poll_lost(struct task_poll *p, int64_t now_ms, const char *why,
                            struct task_failure *f);
/* Ends the wait, also while a request is under way. Without effect when it is over. */
TASK_API void task_poll_cancel(struct task_poll *p, int64_t now_ms);
/* As task_wait fills it. Before the wait is over: what is known so far, as if cancelled. */
TASK_API void task_poll_result(const struct task_poll *p, struct task_result *out);
TASK_API void task_poll_close(struct task_poll *p); /* NULL is fine */

/* -- Many tasks in one thread ---------------------------------------------------------------------
 *
 *     task_multi_open(&(struct task_multi_options){.connections = 16}, &m, &f);
 *     for (size_t i = 0; i < count; i++)
 *         task_multi_add(m, &options[i], on_done, &mine[i], &f);
 *     task_multi_run(m, &f);
 *     task_multi_close(m);
 *
 * Each task is waited for by the rules of task_wait, with its own options. Connections are used
 * again, across tasks too; to one host (scheme, name and port of base_url) at most `connections`
 * are busy at once, and the task that has been due the longest goes first. All calls for one
 * task_multi come from one thread; only a cancel token may be set from another. */

struct task_multi_options {
    uint32_t connections;       /* to one host; 0: 8 */
    const char *ca_file;        /* as task_transport_open */
    struct task_cancel *cancel; /* lent; NULL: nobody cancels */
};

struct task_multi;

/* FILE, LIMIT, MEMORY; *out is then NULL. */
TASK_API int task_multi_open(const struct task_multi_options *options, struct task_multi **out,
                             struct task_failure *f);
/* done is called once, from task_multi_run, and may call task_multi_add. As task_wait on
 * errors. The strings of the options are lent until then; their `transport`, `ca_file` and
 * `cancel` are not used. */
TASK_API int task_multi_add(struct task_multi *m, const struct task_options *options,
                            void (*done)(const struct task_result *result, void *arg), void *arg,
                            struct task_failure *f);
/* Polls until every task is done. Returns 0, also when cancelled: all outcomes say so then. NETWORK
 * when the machine cannot wait for its sockets. */
TASK_API int task_multi_run(struct task_multi *m, struct task_failure *f);
/* Forgets the tasks that are not done, without a call. Not from `done`. NULL is fine. */
TASK_API void task_multi_close(struct task_multi *m);

#ifdef __cplusplus
}
#endif

#endif
