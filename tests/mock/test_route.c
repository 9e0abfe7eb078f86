/* Claims about routing, over the real fixtures: who answers what, and why nobody does. */
#include "mockserver/decide/route.h"

#include "ask.h"

static struct fixtures *kept;

#define ZEGO_HOST "aigc-digitalhuman-api.zegotech.cn"
#define VIDEOS "/v1/video/generations/"

struct row {
    const char *method, *target, *host, *body;
    enum route_outcome outcome;
    const char *upstream; /* NULL: none */
    const char *scenario; /* NULL: not the mount's */
    const char *session, *id;
    const char *why; /* a part of it */
};

static struct router *open_router(const char *preferred)
{
    struct router *r;
    struct err e;
    if (router_open(take_fixtures(&kept), preferred, &r, &e))
        fail_msg("%s: %s", e.where, e.what);
    return r;
}

static void check(const struct router *r, const struct row *row)
{
    struct header header = {span_of("hOST"), span_of(row->host)};
    struct message request = {.method = span_of(row->method),
                              .target_text = span_of(row->target),
                              .body = span_of(row->body),
                              .headers = &header,
                              .header_count = row->host ? 1 : 0};
    struct route route;
    assert_int_equal(message_open(&request), ERR_OK);
    assert_int_equal(request.json_fault.code, ERR_OK);
    enum route_outcome outcome = route_find(r, &request, &route);
    message_close(&request);
    if (outcome != row->outcome)
        fail_msg("%s %s: outcome %d, why: %s", row->method, row->target, outcome, route.why);
    if (row->upstream && !route.upstream)
        fail_msg("%s: no upstream", row->target);
    if (row->upstream)
        assert_string_equal(route.upstream->name, row->upstream);
    else
        assert_null(route.upstream);
    if (row->scenario)
        assert_string_equal(route.scenario->name, row->scenario);
    else
        assert_null(route.scenario);
    assert_string_equal(route.session, row->session ? row->session : "");
    if (outcome == ROUTE_FOUND)
        assert_string_equal(route.id, row->id);
    if (row->why && !strstr(route.why, row->why))
        fail_msg("%s: wanted \"%s\" in \"%s\"", row->target, row->why, route.why);
    assert_int_equal(outcome == ROUTE_FOUND, route.why[0] == '\0');
}

static void the_mount_path_the_host_or_the_bare_path_says_who_answers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* mounts */
        {"GET", "/doubao" VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "doubao", NULL, NULL, "t1", NULL},
        {"GET", "/video" VIDEOS "t1?x=1", NULL, NULL, ROUTE_FOUND, "video", NULL, NULL, "t1", NULL},
        {"GET", "/doubao:blip" VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "doubao", "blip", NULL, "t1",
         NULL},
        {"GET", "/doubao:blip:s.1" VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "doubao", "blip", "s.1",
         "t1", NULL},
        {"GET", "/doubao%3Ablip" VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "doubao", "blip", NULL, "t1",
         NULL}, /* some libraries encode the colon */
        {"GET", "http://x:1/doubao" VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "doubao", NULL, NULL,
         "t1", NULL}, /* the form that proxies send */
        {"GET", "/avatar/avatar/task/t1", NULL, NULL, ROUTE_FOUND, "avatar", NULL, NULL, "t1",
         NULL},
        {"POST", "/zego-drive?Action=GetDriveStatus", NULL, "{\"DriveId\":\"d\",\"TaskId\":\"t\"}",
         ROUTE_FOUND, "zego-drive", NULL, NULL, "d", NULL},
        {"POST", "/zego-drive/?Action=GetDriveStatus", NULL, "{\"TaskId\":\"t\"}", ROUTE_FOUND,
         "zego-drive", NULL, NULL, "t", NULL},
        /* ids come decoded; what stands after the id is another path */
        {"GET", "/doubao" VIDEOS "a%2Fb%20c", NULL, NULL, ROUTE_FOUND, "doubao", NULL, NULL,
         "a/b c", NULL},
        {"GET", "/doubao" VIDEOS "t1/", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "segments"},
        {"GET", "/doubao" VIDEOS, NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "path segment 4 differs"},
        {"GET", "/doubao" VIDEOS "%zz", NULL, NULL, ROUTE_BAD_ID, "doubao", NULL, NULL, NULL,
         "task id"},
        {"POST", "/zego-drive?Action=GetDriveStatus", NULL, "{}", ROUTE_BAD_ID, "zego-drive", NULL,
         NULL, NULL, "task id"},
        {"POST", "/zego-drive?Action=GetDriveStatus", NULL, "{\"DriveId\":\"\\ud83d\"}",
         ROUTE_BAD_ID, "zego-drive", NULL, NULL, NULL, "task id"},
        {"POST", "/zego-drive?Action=GetDriveStatus", NULL,
         "{\"DriveId\":\"d\",\"DriveId\":\"e\",\"TaskId\":\"t\"}", ROUTE_BAD_ID, "zego-drive", NULL,
         NULL, NULL, "task id"},
        /* a real path that begins with an upstream's name */
        {"GET", "/avatar/task/t1", NULL, NULL, ROUTE_FOUND, "avatar", NULL, NULL, "t1", NULL},
        /* hosts: any case, any port */
        {"GET", VIDEOS "t1", "api.example.com", NULL, ROUTE_FOUND, "video", NULL, NULL, "t1", NULL},
        {"GET", VIDEOS "t1", "API.Example.com:8443", NULL, ROUTE_FOUND, "video", NULL, NULL, "t1",
         NULL},
        {"GET", "/doubao" VIDEOS "t1", "api.example.com", NULL, ROUTE_FOUND, "doubao", NULL, NULL,
         "t1", NULL}, /* the mount comes first */
        {"GET", "/nope", "api.example.com", NULL, ROUTE_NONE, "video", NULL, NULL, NULL,
         "of video"},
        {"POST", "/?Action=GetDriveStatus", ZEGO_HOST, "{\"TaskId\":\"t\"}", ROUTE_FOUND,
         "zego-drive", NULL, NULL, "t", NULL},
        {"POST", "/?Action=GetDigitalHumanStreamTaskStatus", ZEGO_HOST, "{\"TaskId\":\"t\"}",
         ROUTE_FOUND, "zego-stream", NULL, NULL, "t", NULL},
        /* bare paths */
        {"GET", VIDEOS "video-blip-7", NULL, NULL, ROUTE_FOUND, "video", "blip", NULL,
         "video-blip-7", NULL},
        {"GET", VIDEOS "newapi-slow-7", "127.0.0.1:8080", NULL, ROUTE_FOUND, "newapi", "slow", NULL,
         "newapi-slow-7", NULL},
        {"GET", VIDEOS "t1", NULL, NULL, ROUTE_NONE, NULL, NULL, NULL, NULL,
         "several upstreams answer this path: doubao, newapi, video; use a mount path, --default "
         "or an id "
         "that a scenario claims"},
        {"POST", "/?Action=GetDriveStatus", NULL, "{\"TaskId\":\"t\"}", ROUTE_FOUND, "zego-drive",
         NULL, NULL, "t", NULL},
    };
    struct router *r = open_router(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(r, &rows[i]);
    router_close(r);
}

static void what_nobody_answers_is_explained_by_what_is_nearest(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"POST", "/doubao" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "the method is POST"},
        {"get", "/doubao" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "the method is get"}, /* methods have case */
        {"GET", "/doubao/v1/videos/generations/t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL,
         NULL, "path segment 2 differs"},
        {"GET", "/doubao/V1/video/generations/t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL,
         NULL, "path segment 1 differs"},
        {"GET", "/doubao:sucess" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "nearest: success"},
        {"GET", "/doubao:" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "no scenario \"\""},
        {"GET", "/doubao:blip:a%20b" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", "blip", NULL,
         NULL, "cannot name a session"},
        {"GET", "/duobao" VIDEOS "t1", NULL, NULL, ROUTE_NONE, NULL, NULL, NULL, NULL,
         "no upstream \"duobao\"; did you mean doubao? no route"},
        {"GET", "/duobao:slow:a" VIDEOS "t1", NULL, NULL, ROUTE_NONE, NULL, NULL, NULL, NULL,
         "no upstream \"duobao\"; did you mean doubao? no route"},
        {"GET", "/doubao" VIDEOS "t1/", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "without the slash at its end the path is right; no route"},
        {"GET", "/doubao/v1" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "the path begins with /v1 twice: does the base URL hold it already? no route"},
        {"GET", "/ark/api/v3/api/v3/contents/generations/tasks/t1", NULL, NULL, ROUTE_NONE, "ark",
         NULL, NULL, NULL,
         "the path begins with /api/v3 twice: does the base URL hold it already? no route"},
        {"GET", "/doubao/v2" VIDEOS "t1", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "no route of doubao; nearest: "},
        {"GET", "/doubao//", NULL, NULL, ROUTE_NONE, "doubao", NULL, NULL, NULL,
         "no route of doubao; nearest: "},
        {"GET", "/", NULL, NULL, ROUTE_NONE, NULL, NULL, NULL, NULL, "no route; nearest: "},
        /* ZEGO says itself what is wrong with the Action */
        {"POST", "/zego-drive/", NULL, "{}", ROUTE_OPERATION_MISSING, "zego-drive", NULL, NULL,
         NULL, "no query parameter Action"},
        {"POST", "/zego-drive/?Action=getdrivestatus", NULL, "{}", ROUTE_OPERATION_UNKNOWN,
         "zego-drive", NULL, NULL, NULL, "Action is \"getdrivestatus\""},
        {"POST", "/?Action=X", ZEGO_HOST, "{}", ROUTE_OPERATION_UNKNOWN, "zego-drive", NULL, NULL,
         NULL, NULL},
        {"GET", "/zego-drive/?Action=GetDriveStatus", NULL, "{}", ROUTE_NONE, "zego-drive", NULL,
         NULL, NULL, "the method is GET"},
        {"POST", "/?Action=X", NULL, "{}", ROUTE_NONE, NULL, NULL, NULL, NULL, "Action is \"X\""},
    };
    struct router *r = open_router(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(r, &rows[i]);
    router_close(r);
}

static void the_default_takes_what_nobody_claims(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"GET", VIDEOS "t1", NULL, NULL, ROUTE_FOUND, "newapi", NULL, NULL, "t1", NULL},
        {"GET", VIDEOS "video-blip-7", NULL, NULL, ROUTE_FOUND, "video", "blip", NULL,
         "video-blip-7", NULL},
    };
    struct router *r = open_router("newapi");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(r, &rows[i]);
    router_close(r);
    struct err e;
    assert_int_equal(router_open(kept, "newapy", &r, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.what, "newapi"));
}

static void the_longest_pattern_claims_an_id(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool strict;
        const char *scenario; /* NULL: none */
    } rows[] = {
        {"doubao-overloaded-1", false, "overloaded"},
        {"doubao-overloaded-bare-1", false, "overloaded-bare"}, /* both match; the longer wins */
        {"t1", false, "success"},
        {"t1", true, NULL},
        {"doubao-blip-1", true, "blip"},
        {"Doubao-blip-1", true, NULL}, /* patterns have case */
    };
    struct router *r = open_router(NULL);
    const struct upstream *doubao = fixtures_upstream(kept, "doubao");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char why[JOURNAL_TEXT_MAX] = "";
        const struct scenario *s = route_scenario(r, doubao, rows[i].id, rows[i].strict, why);
        if (rows[i].scenario)
            assert_string_equal(s->name, rows[i].scenario);
        else
            assert_non_null(strstr(why, rows[i].id));
        assert_int_equal(s == NULL, rows[i].scenario == NULL);
    }
    char why[JOURNAL_TEXT_MAX];
    assert_null(route_scenario(r, doubao, "doubao-blib-1", true, why));
    assert_non_null(strstr(why, "doubao-blip-*"));
    router_close(r);
}

static void a_target_that_is_off_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int code;
        const char *says;
    } rows[] = {
        {"", ERR_SYNTAX, "slash"},
        {"doubao", ERR_SYNTAX, "slash"},
        {"*", ERR_SYNTAX, "slash"},
        {"/a b", ERR_SYNTAX, "space"},
        {"/a\tb", ERR_SYNTAX, "control"},
        {"/?a=%", ERR_SYNTAX, "percent"},
        {"/?a=%0", ERR_SYNTAX, "percent"},
        {"/?%zz=1", ERR_SYNTAX, "percent"},
        {"/?a=%00", ERR_SYNTAX, "percent"}, /* a NUL */
        {"/?a=1&b=2&a=1", ERR_SYNTAX, "\"a\" is given twice"},
        {"/?a=1&%61=1", ERR_SYNTAX, "\"a\" is given twice"}, /* the same, encoded */
        {"/?a&b=&&c=%41+", ERR_OK, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target t;
        struct err e;
        assert_int_equal(target_parse(span_of(rows[i].target), &t, &e), rows[i].code);
        if (rows[i].says && !strstr(e.what, rows[i].says))
            fail_msg("%s: %s", rows[i].target, e.what);
        if (rows[i].code)
            continue;
        assert_string_equal(target_param(&t, "a"), "");
        assert_string_equal(target_param(&t, "b"), "");
        assert_string_equal(target_param(&t, "c"), "A+");
        assert_null(target_param(&t, "d"));
    }
}

static void a_target_beyond_a_maximum_is_refused_and_one_at_it_is_not(void **state)
{
    (void)state;
    static char text[TARGET_BYTES_MAX + 2];
    struct target t;
    struct err e;
    memset(text, 'a', sizeof text - 1);
    memcpy(text, "/?a=", 4);
    assert_int_equal(target_parse((struct span){text, TARGET_BYTES_MAX}, &t, &e), ERR_OK);
    assert_int_equal(strlen(target_param(&t, "a")), TARGET_BYTES_MAX - 4);
    assert_int_equal(target_parse((struct span){text, TARGET_BYTES_MAX + 1}, &t, &e), ERR_LIMIT);

    /* The most parameters in the longest target: the decoded query must still fit. */
    size_t n = 2;
    for (int i = 0; i < TARGET_PARAMS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%sp%d", i ? "&" : "", i);
    memset(text + n, 'z', TARGET_BYTES_MAX - n);
    assert_int_equal(target_parse((struct span){text, TARGET_BYTES_MAX}, &t, &e), ERR_OK);
    assert_int_equal(t.param_count, TARGET_PARAMS_MAX);
    memcpy(text + n, "&q", 3);
    assert_int_equal(target_parse(span_of(text), &t, &e), ERR_LIMIT);
}

static int drop(void **state)
{
    (void)state;
    fixtures_free(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mount_path_the_host_or_the_bare_path_says_who_answers),
        cmocka_unit_test(what_nobody_answers_is_explained_by_what_is_nearest),
        cmocka_unit_test(the_default_takes_what_nobody_claims),
        cmocka_unit_test(the_longest_pattern_claims_an_id),
        cmocka_unit_test(a_target_that_is_off_is_refused),
        cmocka_unit_test(a_target_beyond_a_maximum_is_refused_and_one_at_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
