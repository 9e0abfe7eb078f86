/* Distilling recordings as browsers, proxies and odd services leave them: what is a poll, what is the same reply, what
 * is expected in the end, and where it is too much. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "harness/distill/distill.h"
#include "harness/distill/distill_steps.h"

static char dir[128]; /* scratch/<upstream>, with its contract in it */

static int remove_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, arg, name))
        return 0;
    if (!is_dir)
        return unlink(path);
    file_list(path, remove_entry, path, e);
    return rmdir(path);
}

static void use_contract(const char *upstream)
{
    char path[512];
    struct buf text;
    buf_init(&text, 1 << 20);
    snprintf(dir, sizeof dir, "%s/%s", scratch, upstream);
    snprintf(path, sizeof path, "%s/%s/openapi.json", fixtures_dir(), upstream);
    assert_int_equal(file_read(path, &text, NULL), 0);
    snprintf(path, sizeof path, "%s/openapi.json", dir);
    assert_int_equal(file_write(path, buf_span(&text), NULL), 0);
    buf_fini(&text);
}

/* -- HAR by hand -------------------------------------------------------------------------------------- */

/* One exchange; texts are escaped. headers are JSON, without the brackets. A method that is not GET stands before the
 * URL. */
struct x {
    const char *url, *request_body;
    int status;
    const char *headers, *body;
};

static void add_exchange(struct buf *har, const struct x *x)
{
    const char *blank = strchr(x->url, ' ');
    struct span method = blank ? (struct span){x->url, (size_t)(blank - x->url)} : span_of("GET");
    buf_addf(har, "%s{\"request\":{\"method\":\"%.*s\",\"url\":", har->n > 0 ? "," : "",
             (int)method.n, method.p);
    json_add_string(har, span_of(blank ? blank + 1 : x->url));
    if (x->request_body) {
        buf_add_text(har, ",\"postData\":{\"text\":");
        json_add_string(har, span_of(x->request_body));
        buf_add_char(har, '}');
    }
    buf_addf(har,
             "},\"response\":{\"status\":%d,\"headers\":[%s],\"content\":{\"text\":", x->status,
             x->headers ? x->headers : "");
    json_add_string(har, span_of(x->body));
    buf_add_text(har, "}}}");
}

static int distill_entries(const struct buf *entries, const struct distill_options *options,
                           struct distilled *done, struct err *e)
{
    struct recording recording;
    struct buf text;
    buf_init(&text, HAR_BYTES_MAX);
    buf_addf(&text, "{\"log\":{\"entries\":[%s]}}", entries->p);
    int code = recording_parse(buf_span(&text), "by-hand.har", &recording, e);
    if (!code)
        code = distill(&recording, options, done, e);
    recording_fini(&recording);
    buf_fini(&text);
    return code;
}

static int distill_list(const struct x *list, size_t count, const struct distill_options *options,
                        struct distilled *done, struct err *e)
{
    struct buf entries;
    buf_init(&entries, HAR_BYTES_MAX);
    for (size_t i = 0; i < count; i++)
        add_exchange(&entries, &list[i]);
    int code = distill_entries(&entries, options, done, e);
    buf_fini(&entries);
    return code;
}

/* The text of a file below dir; the caller frees it. */
static void read_below(const char *name, struct buf *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    buf_init(out, 1 << 20);
    if (file_read(path, out, NULL) != 0)
        fail_msg("no %s", path);
}

static void demand_text(const char *name, const char *const *parts)
{
    struct buf text;
    read_below(name, &text);
    for (; *parts; parts++)
        if (!strstr(text.p, *parts))
            fail_msg("%s: wanted %s in:\n%s", name, *parts, text.p);
    buf_fini(&text);
}

#define URL(id) "https://h/v1/video/generations/" id
#define ACTION "POST https://h/base/?Action=GetDigitalHumanStreamTaskStatus&AppId=1"
#define BODY(status, more)                                                                         \
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"status\":\"" status "\"" more "}}"

/* -- What is a poll ------------------------------------------------------------------------------------- */

static void an_id_may_stand_in_the_body_of_the_request(void **state)
{
    (void)state;
    static const struct x list[] = {
        {ACTION, NULL, 200, NULL, "{}"}, /* without a body there is no id */
        {ACTION, "no json", 200, NULL, "{}"},
        {"POST https://h/?Action=X", "{\"TaskId\":\"t-2\"}", 200, NULL, "{}"}, /* another call */
        {&ACTION[5], "{\"TaskId\":\"t-3\"}", 200, NULL, "{}"},                 /* a GET */
        {ACTION, "{\"TaskId\":\"t-1\"}", 200, NULL, "{\"Code\":0,\"Data\":{\"Status\":5}}"},
    };
    struct distill_options options = {.dir = dir, .name = "zego"};
    struct distilled done;
    struct err e = {0};
    use_contract("zego-stream");
    if (distill_list(list, 5, &options, &done, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_string_equal(done.task, "t-1");
    assert_int_equal(done.polls, 1);
}

static void a_recording_without_a_poll_says_of_what(void **state)
{
    (void)state;
    static const struct x none[] = {{"https://h/", NULL, 200, NULL, "{}"},
                                    {"x", NULL, 200, NULL, "{}"}};
    static const struct x other[] = {{URL("t2"), NULL, 200, NULL, "{}"}};
    struct distill_options options = {.dir = dir, .name = "none"};
    struct distilled done;
    struct err e = {0};
    use_contract("doubao");
    assert_int_equal(distill_list(none, 1, &options, &done, &e), ERR_NOT_FOUND);
    assert_string_equal(e.what,
                        "the recording holds no poll of a task of this contract: no GET "
                        "/v1/video/generations/{task_id} among its 1 entry");
    options.task = "t1";
    assert_int_equal(distill_list(other, 1, &options, &done, &e), ERR_NOT_FOUND);
    assert_string_equal(e.what, "the recording holds no poll of task \"t1\"; it holds \"t2\"");
}

/* -- What is the same reply ------------------------------------------------------------------------------- */

#define RETRY(s) "{\"name\":\"Retry-After\",\"value\":\"" s "\"}"

static void replies_that_differ_in_more_than_stamps_have_names_of_their_own(void **state)
{
    (void)state;
    static const struct x list[] = {
        {URL("t"), NULL, 429, RETRY("2"), ""},
        {URL("t"), NULL, 429, RETRY("3"), ""},                              /* another wait */
        {URL("t"), NULL, 503, RETRY("3"), ""},                              /* another status */
        {URL("t?x=1"), NULL, 200, NULL, BODY("queued", "")},                /* a stamp: the id */
        {URL("t"), NULL, 200, NULL, BODY("queued", ",\"submit_time\":1")},  /* one stamp more */
        {URL("t"), NULL, 200, NULL, BODY("queued", ",\"submit_time\":22")}, /* the same */
        {URL("t"), NULL, 200, NULL, BODY("queued", ",\"submit_time\":1,\"x\":1")},
        {URL("t"), NULL, 200, NULL, BODY("half_done", "")},
    };
    static const char *const names[] = {"status_429", "status_429-2", "status_503", "queued",
                                        "queued-2",   "queued-3",     "unknown"};
    struct distill_options options = {.dir = dir, .name = "differ"};
    struct distilled done;
    struct err e = {0};
    use_contract("doubao");
    if (distill_list(list, sizeof list / sizeof list[0], &options, &done, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(done.replies, 7);
    assert_int_equal(done.steps, 7);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "replies/differ.%s.http", names[i]);
        demand_text(name, (const char *const[]){"X-Provenance: obs; recorded\n\n", NULL});
    }
    demand_text("replies/differ.status_429-2.http",
                (const char *const[]){"HTTP/1.1 429\nRetry-After: 3\n", NULL});
}

static void headers_of_the_connection_and_unusable_ones_are_left_out(void **state)
{
    (void)state;
    static const struct x list[] = {
        {URL("t"), NULL, 200,
         "{\"name\":\":status\",\"value\":\"200\"},{\"name\":\"\",\"value\":\"x\"},{\"name\":"
         "\"Date\",\"value\":\"x\"},"
         "{\"name\":\"Content-Encoding\",\"value\":\"gzip\"},{\"name\":\"X-Two\",\"value\":"
         "\"a\\r\\nb\"},"
         "{\"name\":\"X\\nY\",\"value\":\"a\"},{\"name\":\"X-None\"},{\"value\":\"x\"},{\"name\":"
         "\"X-Good\",\"value\":\"1\"}",
         BODY("success", "")},
    };
    struct distill_options options = {.dir = dir, .name = "headers"};
    struct distilled done;
    struct buf text;
    use_contract("doubao");
    assert_int_equal(distill_list(list, 1, &options, &done, NULL), 0);
    read_below("replies/headers.succeeded.http", &text);
    assert_string_equal(
        text.p,
        "HTTP/1.1 200\nX-Two: a\nX-Two: b\nX-Good: 1\nX-Provenance: obs; recorded\n\n" BODY(
            "success", ""));
    buf_fini(&text);
}

/* -- What is expected in the end ---------------------------------------------------------------------------- */

static void what_a_scenario_expects_is_what_the_last_reply_says(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body, *parts[4];
    } cases[] = {
        {200,
         BODY("success", ",\"fail_reason\":\"https://v/1.mp4\""),
         {"\"outcome\": \"succeeded\"", "\"url\": \"https://v/1.mp4\"", "\"polls\": \"1..\""}},
        {200,
         BODY("failure", ",\"fail_reason\":\"no credit\""),
         {"\"outcome\": \"failed\"", "\"reason\": \""}},
        {200, BODY("queued", ""), {"\"outcome\": \"gave_up\""}},
        {503, "", {"\"outcome\": \"gave_up\""}},
        {200, "{", {"\"outcome\": \"gave_up\""}},
        {401, "{}", {"\"outcome\": \"error\""}},
        {404, "{\"code\":\"task_not_exist\"}", {"\"outcome\": \"error\""}},
    };
    use_contract("doubao");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[32], file[64];
        struct x x = {URL("t"), NULL, cases[i].status, NULL, cases[i].body};
        struct distilled done;
        struct err e = {0};
        snprintf(name, sizeof name, "end%zu", i);
        snprintf(file, sizeof file, "scenarios/%s.json", name);
        if (distill_list(&x, 1, &(struct distill_options){.dir = dir, .name = name}, &done, &e)
            != 0)
            fail_msg("case %zu: %s: %s", i, e.where, e.what);
        demand_text(file, cases[i].parts);
    }
}

/* -- Too much --------------------------------------------------------------------------------------------------- */

static void too_many_replies_or_steps_are_an_error_and_write_nothing(void **state)
{
    (void)state;
    static const struct {
        unsigned different, polls;
        int code;
        const char *what;
    } cases[] = {
        {DISTILL_REPLIES_MAX, DISTILL_REPLIES_MAX, 0, ""},
        {DISTILL_REPLIES_MAX + 1, DISTILL_REPLIES_MAX + 1, ERR_LIMIT,
         "more than 256 different replies"},
        {2, SCENARIO_STEPS_MAX, 0, ""},
        {2, SCENARIO_STEPS_MAX + 1, ERR_LIMIT, "more than 256 steps"},
    };
    use_contract("doubao");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct distill_options options = {.dir = dir, .name = "many"};
        struct distilled done;
        struct err e = {0};
        struct buf entries;
        char path[512];
        buf_init(&entries, HAR_BYTES_MAX);
        for (unsigned n = 0; n < cases[i].polls; n++) {
            char body[128];
            snprintf(body, sizeof body, BODY("queued", ",\"n\":%u"), n % cases[i].different);
            add_exchange(&entries, &(struct x){URL("t"), NULL, 200, NULL, body});
        }
        int code = distill_entries(&entries, &options, &done, &e);
        snprintf(path, sizeof path, "%s/scenarios/many.json", dir);
        if (code != cases[i].code || strcmp(e.what, cases[i].what) != 0
            || file_exists(path) != (code == 0))
            fail_msg("case %zu: %d, %s", i, code, e.what);
        if (code)
            assert_string_equal(e.where, "by-hand.har: /log/entries/256");
        buf_fini(&entries);
        file_list(dir, remove_entry, dir, NULL);
        use_contract("doubao");
    }
}

static void a_name_or_a_folder_that_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct x list[] = {{URL("t"), NULL, 429, NULL, ""}};
    char longest[86 + 1], deep[FILE_PATH_MAX + 64], slashes[160];
    struct distilled done;
    struct err e = {0};
    use_contract("doubao");
    memset(longest, 'n', sizeof longest - 1);
    longest[86] = '\0';
    memset(deep, '/', sizeof deep);
    memcpy(deep, dir, strlen(dir));
    snprintf(slashes, sizeof slashes, "%s///", dir);
    const struct {
        struct distill_options options;
        int code;
        const char *where;
    } cases[] = {
        {{.dir = dir, .name = ""}, ERR_USAGE, "--name"},
        {{.dir = dir, .name = "a/b"}, ERR_USAGE, "--name"},
        {{.dir = dir, .name = longest}, ERR_USAGE, "--name"},
        {{.dir = dir, .name = longest + 1}, 0, ""},
        {{.dir = slashes, .name = "slashes"}, 0, ""},
        {{.dir = scratch, .name = "empty"}, ERR_USAGE, "--out"},
        {{.dir = deep, .name = "deep"}, ERR_LIMIT, "//"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        /* One that has room for openapi.json, but not for a reply. */
        deep[FILE_PATH_MAX - 16] = '\0';
        e = (struct err){0};
        int code = distill_list(list, 1, &cases[i].options, &done, &e);
        if (code != cases[i].code || !strstr(e.where, cases[i].where))
            fail_msg("case %zu: %d, %s: %s", i, code, e.where, e.what);
    }
    deep[FILE_PATH_MAX - 16] = '/';
    deep[FILE_PATH_MAX] = '\0';
    assert_int_equal(
        distill_list(list, 1, &(struct distill_options){.dir = deep, .name = "deep"}, &done, &e),
        ERR_LIMIT);
    assert_string_equal(e.what, "the path is longer than 1024 bytes");
}

static int teardown(void **state)
{
    file_list(scratch, remove_entry, scratch, NULL);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_may_stand_in_the_body_of_the_request),
        cmocka_unit_test(a_recording_without_a_poll_says_of_what),
        cmocka_unit_test(replies_that_differ_in_more_than_stamps_have_names_of_their_own),
        cmocka_unit_test(headers_of_the_connection_and_unusable_ones_are_left_out),
        cmocka_unit_test(what_a_scenario_expects_is_what_the_last_reply_says),
        cmocka_unit_test(too_many_replies_or_steps_are_an_error_and_write_nothing),
        cmocka_unit_test(a_name_or_a_folder_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, load_fixtures, teardown);
}
