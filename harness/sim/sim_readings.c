/* Reads .want.json files, the contract's goals, and Retry-After out of recorded heads. */
#include "sim_readings.h"

#include "base/file.h"
#include "base/json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { WANT_BYTES_MAX = 1 << 16, STAMP_BYTES_MAX = 6 * TASK_ID_MAX };

/* -- What a want file says --------------------------------------------------------------------- */

static const char *text_of(const struct json *want, const char *key)
{
    const char *text = json_string(json_get(want, key));
    return text ? text : "";
}

static enum task_state state_named(const char *name)
{
    for (int s = TASK_UNKNOWN; s <= TASK_FAILED; s++)
        if (strcmp(task_state_name((enum task_state)s), name) == 0)
            return (enum task_state)s;
    return TASK_UNKNOWN;
}

static enum task_error error_named(const char *name)
{
    for (int error = TASK_ERROR_NONE; error <= TASK_ERROR_LIMIT; error++)
        if (strcmp(task_error_name((enum task_error)error), name) == 0)
            return (enum task_error)error;
    return TASK_ERROR_NONE;
}

static int read_want(const char *dir, const char *upstream, struct sim_reading *r, struct err *e)
{
    char path[FILE_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/replies/%s.want.json", dir, upstream, r->reply->name);
    bool is_poll = contract_reply_role(r->reply->name)
        == ROLE_POLL; /* no client decodes the others */
    int code = is_poll ? json_open_file(path, WANT_BYTES_MAX, true, &r->want, e) : 0;
    if (code)
        return code;
    int64_t progress;
    bool said = json_int64(json_get(r->want, "progress"), &progress);
    r->progress = said ? (int)progress : -1;
    r->status = text_of(r->want, "status");
    r->code = text_of(r->want, "code");
    r->reason = text_of(r->want, "reason");
    r->url = text_of(r->want, "url");
    r->id = text_of(r->want, "id");
    r->error = error_named(text_of(r->want, "error"));
    r->states[0] = state_named(text_of(r->want, "state"));
    return 0;
}

/* -- Goals ------------------------------------------------------------------------------------- */

/* True when a value of the contract's goals, a string or a number, is this status. */
static bool is_status(const struct json *value, const char *status)
{
    char number[64];
    if (json_kind(value) == JSON_STRING)
        return strcmp(json_string(value), status) == 0;
    return json_number_text(value, number, sizeof number) && strcmp(number, status) == 0;
}

static enum task_state state_under(const struct json *goal, const char *status)
{
    for (const struct json *state = json_first(goal); state; state = json_next(state))
        for (const struct json *v = json_first(state); v; v = json_next(v))
            if (is_status(v, status))
                return state_named(json_key(state));
    return TASK_UNKNOWN;
}

/* Under the goal "stopped", "already stopped" (400000007) means success, and so does "not found"
 * (400000005) once an earlier reply knew the task [doc: zego's global error codes]. */
static void read_met_goals(const char *goal, struct sim_reading *r, uint32_t at)
{
    if (!goal || strcmp(goal, "stopped") != 0 || r->error == TASK_ERROR_NONE)
        return;
    r->meets_goal[at] = strcmp(r->code, "400000007") == 0;
    r->meets_goal_if_seen[at] = strcmp(r->code, "400000005") == 0;
}

static void read_goals(struct sim_upstream *u)
{
    const struct json *goal = json_first(json_get(u->upstream->contract.x_task, "goals"));
    u->goal_count = 1;
    for (; goal && u->goal_count < SIM_GOALS_MAX; goal = json_next(goal)) {
        uint32_t at = u->goal_count++;
        u->goals[at] = json_key(goal);
        for (uint32_t i = 0; i < u->upstream->reply_count; i++) {
            struct sim_reading *r = &u->readings[i];
            r->states[at] = r->error != TASK_ERROR_NONE ? TASK_UNKNOWN
                                                        : state_under(goal, r->status);
            read_met_goals(u->goals[at], r, at);
        }
    }
}

enum reply_state sim_state_wanted(const struct sim_reading *r, uint32_t goal)
{
    static const enum reply_state states[] = {[TASK_UNKNOWN] = REPLY_STATE_UNKNOWN,
                                              [TASK_QUEUED] = REPLY_STATE_QUEUED,
                                              [TASK_RUNNING] = REPLY_STATE_RUNNING,
                                              [TASK_SUCCEEDED] = REPLY_STATE_SUCCEEDED,
                                              [TASK_FAILED] = REPLY_STATE_FAILED};
    return r->error == TASK_ERROR_NONE ? states[r->states[goal]] : REPLY_STATE_NONE;
}

/* What a state means for a client that polls. 0: it cannot be known; 1: the task is open; 2:
 * it has ended. */
static int stage(enum reply_state state)
{
    switch (state) {
    case REPLY_STATE_QUEUED:
    case REPLY_STATE_RUNNING: return 1;
    case REPLY_STATE_SUCCEEDED:
    case REPLY_STATE_FAILED: return 2;
    default: return 0;
    }
}

static void read_mock_states(struct sim_upstream *u)
{
    const struct contract *c = &u->upstream->contract;
    for (uint32_t i = 0; i < u->upstream->reply_count; i++) {
        struct sim_reading *r = &u->readings[i];
        for (uint32_t at = 0; at < u->goal_count; at++) {
            /* docs/formats.md: only replies with a status below 300 are read */
            r->mock_states[at] = r->reply->status < 300
                ? contract_state(c, u->goals[at], r->reply->body)
                : REPLY_STATE_NONE;
            enum reply_state wanted = sim_state_wanted(r, at);
            r->differs[at] = r->mock_states[at] != wanted;
            r->disputed[at] = stage(r->mock_states[at]) != stage(wanted);
        }
    }
}

/* -- Heads and bodies -------------------------------------------------------------------------- */

/* The value of a header of a recorded head; false when it is absent. */
static bool header(const struct reply *reply, const char *name, char *out, size_t out_size)
{
    size_t n = strlen(name);
    const char *line = reply->head.p, *end = reply->head.p + reply->head.n;
    while (line < end) {
        const char *stop = memchr(line, '\r', (size_t)(end - line));
        if (!stop)
            return false;
        if ((size_t)(stop - line) > n && strncasecmp(line, name, n) == 0 && line[n] == ':') {
            line += n + 1 + strspn(line + n + 1, " ");
            snprintf(out, out_size, "%.*s", (int)(stop - line), line);
            return true;
        }
        line = stop + 2;
    }
    return false;
}

static bool date(const char *text, int64_t *ms)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    *ms = end && *end == '\0' ? (int64_t)timegm(&tm) * 1000 : 0;
    return end && *end == '\0';
}

static void read_retry_after(struct sim_reading *r)
{
    char text[64], now[64];
    int64_t until_ms, now_ms;
    if (!header(r->reply, "Retry-After", text, sizeof text))
        return;
    if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0') {
        r->retry_after = SIM_RETRY_AFTER_SECONDS;
        r->retry_after_ms = strtoll(text, NULL, 10) * 1000;
    } else if (date(text, &until_ms)) {
        bool moves = header(r->reply, "Date", now, sizeof now) && date(now, &now_ms);
        r->retry_after = moves ? SIM_RETRY_AFTER_DISTANCE : SIM_RETRY_AFTER_DATE;
        r->retry_after_ms = moves ? until_ms - now_ms : until_ms;
    }
}

static void read_lengths(struct sim_reading *r)
{
    r->body_least = r->body_most = r->reply->body.n;
    for (uint32_t i = 0; i < r->reply->stamp_count; i++) {
        r->body_least -= r->reply->stamps[i].len;
        r->body_most += STAMP_BYTES_MAX;
    }
}

/* -- The whole --------------------------------------------------------------------------------- */

static enum sim_kind kind_of(const struct sim_reading *r)
{
    static const enum sim_kind of_state[] = {[TASK_UNKNOWN] = SIM_UNKNOWN,
                                             [TASK_QUEUED] = SIM_OPEN,
                                             [TASK_RUNNING] = SIM_OPEN,
                                             [TASK_SUCCEEDED] = SIM_SUCCEEDED,
                                             [TASK_FAILED] = SIM_FAILED};
    static const enum sim_kind of_error[] = {
        [TASK_ERROR_TRANSIENT] = SIM_TRANSIENT, [TASK_ERROR_PERMANENT] = SIM_REFUSED,
        [TASK_ERROR_NOT_FOUND] = SIM_REFUSED,   [TASK_ERROR_UNAUTHORIZED] = SIM_REFUSED,
        [TASK_ERROR_SYNTAX] = SIM_TRANSIENT,    [TASK_ERROR_CONTRACT] = SIM_TRANSIENT,
        [TASK_ERROR_LIMIT] = SIM_TRANSIENT};
    return r->error == TASK_ERROR_NONE ? of_state[r->states[0]] : of_error[r->error];
}

static const char *last_segment(const char *pointer)
{
    const char *slash = strrchr(pointer, '/');
    return slash ? slash + 1 : pointer;
}

/* True for a reply that was recorded with a field that is too long (error "limit"), when the
 * mock stamps that field on replay: what clients get is then not too long, and the .want.json
 * does not apply. */
static bool is_restamped(const struct sim_upstream *u, const struct sim_reading *r)
{
    const struct json *stamp = json_first(json_get(u->upstream->contract.x_task, "stamp"));
    const char *at = last_segment(text_of(r->want, "at"));
    for (; r->error == TASK_ERROR_LIMIT && stamp; stamp = json_next(stamp))
        if (strcmp(last_segment(json_key(stamp)), at) == 0)
            return true;
    return false;
}

static int sort_kinds(struct sim_upstream *u, struct err *e)
{
    for (int k = 0; k < SIM_KINDS; k++) {
        u->kinds[k] = calloc(u->upstream->reply_count + 1, sizeof *u->kinds[k]);
        if (!u->kinds[k])
            return err_set(e, ERR_MEMORY, NULL, "no memory for the readings of %s",
                           u->upstream->name);
    }
    for (uint32_t i = 0; i < u->upstream->reply_count; i++) {
        enum sim_kind k = kind_of(&u->readings[i]);
        if (contract_reply_role(u->upstream->replies[i].name) == ROLE_POLL
            && !is_restamped(u, &u->readings[i]))
            u->kinds[k][u->kind_counts[k]++] = i;
    }
    for (int k = 0; k < SIM_KINDS; k++)
        if (u->kind_counts[k] == 0)
            return err_set(
                e, ERR_NOT_FOUND, u->upstream->name,
                "has no reply of each kind: open, unknown, succeeded, failed, one that may "
                "pass and one refused for good are wanted");
    return 0;
}

int sim_upstream_load(const struct fixtures *fixtures, const struct upstream *upstream,
                      struct sim_upstream *out, struct err *e)
{
    *out = (struct sim_upstream){.upstream = upstream};
    out->readings = calloc(upstream->reply_count + 1, sizeof *out->readings);
    if (!out->readings)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the readings of %s", upstream->name);
    int code = 0;
    for (uint32_t i = 0; !code && i < upstream->reply_count; i++) {
        struct sim_reading *r = &out->readings[i];
        r->reply = &upstream->replies[i];
        code = read_want(fixtures->dir, upstream->name, r, e);
        read_retry_after(r);
        read_lengths(r);
    }
    if (!code) {
        read_goals(out);
        read_mock_states(out);
        code = sort_kinds(out, e);
    }
    if (code)
        sim_upstream_free(out);
    return code;
}

void sim_upstream_free(struct sim_upstream *u)
{
    for (uint32_t i = 0; u->readings && i < u->upstream->reply_count; i++)
        json_close(u->readings[i].want);
    free(u->readings);
    for (int k = 0; k < SIM_KINDS; k++)
        free(u->kinds[k]);
    *u = (struct sim_upstream){0};
}

const struct sim_reading *sim_reading_of(const struct sim_upstream *u, const struct reply *reply)
{
    return &u->readings[reply - u->upstream->replies];
}
