/* The table of upstreams, and what their goals make of a reply. */
#include "upstreams.h"

#include "pack.h"

#include <string.h>

static const char *const no_goals[] = {NULL};
static const char *const stream_goals[] = {"ready", "stopped", NULL};
static const char *const drive_goals[] = {"all", NULL};

static const struct goal_rule no_rules[] = {{.goal = NULL}};
/* A status that no rule names keeps the state that the decoder gave it: 2 failed, 5 succeeded. */
static const struct goal_rule stream_rules[] = {
    {.goal = "ready", .status = "3", .state = TASK_SUCCEEDED},
    {.goal = "ready", .status = "4", .state = TASK_FAILED},
    {.goal = "ready", .status = "5", .state = TASK_FAILED},
    {.goal = "stopped", .code = "400000007", .state = TASK_SUCCEEDED}, /* already stopped */
    {.goal = "stopped", .code = "400000005", .needs_seen = true, .state = TASK_SUCCEEDED},
    {.goal = NULL},
};

static const struct dialect dialects[] = {
    {.name = "zego-stream",
     .kind = REQUEST_ZEGO,
     .path_or_action = "GetDigitalHumanStreamTaskStatus",
     .id_key = "TaskId",
     .view = zego_stream_view,
     .codes = zego_codes,
     .interval_ms = 2000,
     .goals = stream_goals,
     .rules = stream_rules},
    {.name = "zego-drive",
     .kind = REQUEST_ZEGO,
     .path_or_action = "GetDriveStatus",
     .id_key = "DriveId",
     .id_key_all = "TaskId",
     .view = zego_drive_view,
     .codes = zego_codes,
     .interval_ms = 2000,
     .goals = drive_goals,
     .rules = no_rules},
    {.name = "avatar",
     .kind = REQUEST_BEARER,
     .path_or_action = "/avatar/task/",
     .view = avatar_view,
     .codes = gateway_codes,
     .interval_ms = 5000,
     .goals = no_goals,
     .rules = no_rules},
    {.name = "video",
     .kind = REQUEST_BEARER,
     .path_or_action = "/v1/video/generations/",
     .view = video_view,
     .codes = gateway_codes,
     .interval_ms = 5000,
     .goals = no_goals,
     .rules = no_rules},
    {.name = "doubao",
     .kind = REQUEST_BEARER,
     .path_or_action = "/v1/video/generations/",
     .view = doubao_view,
     .codes = gateway_codes,
     .interval_ms = 5000,
     .goals = no_goals,
     .rules = no_rules},
    {.name = "newapi",
     .kind = REQUEST_BEARER,
     .path_or_action = "/v1/video/generations/",
     .view = newapi_view,
     .codes = gateway_codes,
     .interval_ms = 5000,
     .goals = no_goals,
     .rules = no_rules},
    {.name = "auto",
     .kind = REQUEST_BEARER,
     .path_or_action = "/v1/video/generations/",
     .view = auto_view,
     .codes = gateway_codes,
     .interval_ms = 5000,
     .goals = no_goals,
     .rules = no_rules},
};
enum { UPSTREAMS = sizeof dialects / sizeof dialects[0] };

static const char *const names[UPSTREAMS + 1] = {"zego-stream", "zego-drive", "avatar", "video",
                                                 "doubao",      "newapi",     "auto"};

const struct dialect *dialect_find(const char *name)
{
    for (size_t i = 0; name && i < UPSTREAMS; i++)
        if (strcmp(dialects[i].name, name) == 0)
            return &dialects[i];
    return NULL;
}

const char *const *task_upstreams(void)
{
    return names;
}

const char *const *task_goals(const char *upstream)
{
    const struct dialect *d = dialect_find(upstream);
    return d ? d->goals : no_goals;
}

static bool rule_fits(const struct goal_rule *rule, const char *goal, const struct task_view *view,
                      bool seen)
{
    return strcmp(rule->goal, goal) == 0 && (seen || !rule->needs_seen)
        && (!rule->status || strcmp(rule->status, view->status) == 0)
        && (!rule->code || strcmp(rule->code, view->code) == 0);
}

enum task_state dialect_goal_state(const struct dialect *d, const char *goal,
                                   const struct task_view *view, bool seen)
{
    if (!goal)
        return view->state;
    if (d->pack)
        return pack_goal_state(d->pack, goal, view);
    for (const struct goal_rule *rule = d->rules; rule->goal; rule++)
        if (rule_fits(rule, goal, view, seen))
            return rule->state;
    return view->state;
}

enum task_state task_goal_state(const char *upstream, const char *goal,
                                const struct task_view *view, bool seen)
{
    const struct dialect *d = dialect_find(upstream);
    return d ? dialect_goal_state(d, goal, view, seen) : view->state;
}
