/* Fixtures: a whole folder is loaded, and every way in which a folder can be wrong. */
#include "loaders.h"

#include "base/file.h"
#include "mockserver/fixture/fixtures.h"

#include <ftw.h>
#include <unistd.h>

static const char contract_text[] =
    "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\"}, \"paths\": {\"/t/{id}\": {\"get\": "
    "{}}},\n"
    "\"security\": [{\"key\": []}], \"components\": {\"securitySchemes\": {\"key\":\n"
    "{\"type\": \"http\", \"scheme\": \"bearer\"}}},\n"
    "\"x-task\": {\"id\": [{\"in\": \"path\", \"name\": \"id\"}], \"status\": {\"pointer\": "
    "\"/s\",\n"
    "\"states\": {\"queued\": [\"q\"], \"succeeded\": [\"d\"]}}, \"stamp\": {\"/*/id\": "
    "\"task.id\"}}}";
static const char zego_scheme[] =
    "{\"type\": \"apiKey\", \"in\": \"query\", \"name\": \"Signature\", \"x-scheme\": \"zego-2\"}";

static const char reply_text[] = "HTTP/1.1 200 OK\n\n{\"s\":\"q\"}";
static const char scenario_text[] =
    "{\"title\": \"t\", \"tasks\": \"b-*\", // why\n"
    "\"steps\": [{\"reply\": \"queued\"}], \"expect\": {\"outcome\": \"succeeded\"}}";
static const char success_text[] = "{\"title\": \"t\", \"steps\": [{\"reply\": \"queued\"}], "
                                   "\"expect\": {\"outcome\": \"error\"}}";

/* The smallest good folder. */
static const struct {
    const char *path, *text;
} good[] = {
    {"scenario.schema.json", "{}"},
    {".editor/x", "not ours"},
    {"b/openapi.json", contract_text},
    {"b/notes.md", "files beside the contract are left alone"},
    {"b/replies/queued.http", reply_text},
    {"b/replies/queued.want.json", "{}"},
    {"b/replies/queued-2.http", reply_text}, /* as a file it sorts before queued.http */
    {"b/replies/error.not_found.http", reply_text},
    {"b/replies/error.no_route.http", reply_text},
    {"b/replies/error.bad_request.http", reply_text},
    {"b/replies/error.unauthorized.http", reply_text},
    {"b/scenarios/success.json", success_text},
    {"b/scenarios/slow.json", scenario_text},
};

/* -- A folder on disk ------------------------------------------------------------------------- */

static char dir[64];

static const char *path_of(const char *name)
{
    static char path[FILE_PATH_MAX];
    assert_true(file_join(path, sizeof path, dir, name));
    return path;
}

static void put(const char *name, const char *text)
{
    struct err e = {0};
    if (file_write(path_of(name), span_of(text), &e))
        fail_msg("%s: %s", e.where, e.what);
}

/* Writes the good files below a prefix. */
static int make_upstream(const char *prefix)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (strncmp(good[i].path, prefix, strlen(prefix)) == 0)
            put(good[i].path, good[i].text);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/understudy-fixtures-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    return make_upstream("");
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Every report as "WHERE WHAT\n", where without the folder. */
static char said[8192];
static unsigned said_count;

static void say(const struct err *e, void *arg)
{
    size_t n = strlen(said), skip = strlen(dir);
    (void)arg;
    assert_true(strncmp(e->where, dir, skip) == 0);
    snprintf(said + n, sizeof said - n, "%s %s\n", e->where + skip, e->what);
    said_count++;
}

static int load(struct fixtures **out, struct err *e)
{
    said[0] = '\0';
    said_count = 0;
    return fixtures_load(dir, say, NULL, out, e);
}

static struct fixtures *loaded(void)
{
    struct fixtures *f = NULL;
    struct err e = {0};
    if (load(&f, &e))
        fail_msg("%s: %s", e.where, e.what);
    return f;
}

/* -- Good ------------------------------------------------------------------------------------- */

static void a_folder_is_loaded_with_everything_sorted(void **state)
{
    (void)state;
    struct fixtures *f = loaded();
    assert_int_equal(f->upstream_count, 1);
    struct upstream *u = fixtures_upstream(f, "b");
    assert_non_null(u);
    assert_null(fixtures_upstream(f, "c"));
    assert_int_equal(u->reply_count, 6);
    for (uint32_t i = 1; i < u->reply_count; i++)
        assert_true(strcmp(u->replies[i - 1].name, u->replies[i].name) < 0);
    assert_int_equal(u->scenario_count, 2);
    assert_string_equal(u->scenarios[0].name, "slow");
    assert_string_equal(u->scenarios[0].path, path_of("b/scenarios/slow.json"));
    assert_string_equal(u->scenarios[1].name, "success");
    fixtures_free(f);
}

static void things_are_found_by_name_and_by_nearest_name(void **state)
{
    (void)state;
    put("videos/openapi.json", contract_text);
    struct fixtures *f = NULL;
    assert_int_not_equal(load(&f, NULL), 0); /* an empty upstream: e may be NULL */
    assert_null(f);
    assert_int_equal(nftw(path_of("videos"), remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);

    f = loaded();
    struct upstream *u = fixtures_upstream(f, "b");
    for (uint32_t i = 0; i < u->reply_count; i++)
        assert_ptr_equal(upstream_reply(u, u->replies[i].name), &u->replies[i]);
    assert_null(upstream_reply(u, "queue"));
    assert_string_equal(upstream_nearest_reply(u, "queue"), "queued");
    assert_null(upstream_nearest_reply(u, "zzzzzzzzzz"));
    assert_ptr_equal(upstream_scenario(u, "slow"), &u->scenarios[0]);
    assert_null(upstream_scenario(u, "fast"));
    assert_string_equal(upstream_nearest_scenario(u, "sucess"), "success");
    assert_null(fixtures_nearest_upstream(f, "zzzz"));
    fixtures_free(f);
}

static void a_scenario_from_elsewhere_is_added_in_its_place(void **state)
{
    struct err e = {0};
    (void)state;
    put(".mine/never.json", success_text);
    put(".mine/slow.json", success_text);
    put(".mine/bad.json", "{");
    put(".mine/taken.json", scenario_text);
    struct fixtures *f = loaded();
    struct upstream *u = fixtures_upstream(f, "b");

    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/never.json"), &e), 0);
    assert_int_equal(u->scenario_count, 3);
    assert_string_equal(u->scenarios[0].name, "never");
    /* again, and one that the folder holds, by another spelling: nothing is added */
    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/never.json"), &e), 0);
    assert_int_equal(fixtures_add_scenario(u, path_of("b/../b/scenarios/slow.json"), &e), 0);
    assert_int_equal(u->scenario_count, 3);

    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/slow.json"), &e), ERR_CONTRACT);
    assert_error(&e, "same name", ".mine/slow.json", "b has a scenario \"slow\" already");
    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/taken.json"), &e), ERR_CONTRACT);
    assert_error(&e, "same tasks", ".mine/taken.json", "\"tasks\" is \"b-*\", which");
    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/bad.json"), &e), ERR_SYNTAX);
    assert_error(&e, "broken", ".mine/bad.json:1:2", "");
    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/none.json"), &e), ERR_FILE);
    assert_error(&e, "absent", ".mine/none.json", "cannot be opened");
    assert_int_equal(fixtures_add_scenario(u, path_of(".mine/x.yaml"), &e), ERR_CONTRACT);
    assert_error(&e, "not JSON", ".mine/x.yaml", "not a scenario's file");
    assert_int_equal(u->scenario_count, 3);
    fixtures_free(f);
}

static void the_projects_own_fixtures_load(void **state)
{
    const char *own = getenv("UNDERSTUDY_FIXTURES");
    struct fixtures *f = NULL;
    struct err e = {0};
    (void)state;
    if (!own)
        skip();
    if (fixtures_load(own, NULL, NULL, &f, &e))
        fail_msg("%s: %s", e.where, e.what);
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct upstream *u = &f->upstreams[i];
        assert_non_null(upstream_scenario(u, "success"));
        assert_true(u->contract.route_count > 0);
    }
    fixtures_free(f);
}

/* -- Errors ----------------------------------------------------------------------------------- */

/* The good folder with one file written (or removed, when text is NULL). */
static const struct {
    const char *path, *text;
    const char *said; /* the whole report */
} rows[] = {
    /* a folder that is no upstream */
    {"notes/readme.md", "x", "/notes no openapi.json: an upstream's folder holds one\n"},
    /* a folder whose name cannot stand in a URL */
    {"my videos/openapi.json", "{}",
     "/my videos not an upstream's name: letters, digits, . _ - and no dot first\n"},
    /* a contract that does not parse; replies and scenarios are not blamed for it */
    {"b/openapi.json", "[]", "/b/openapi.json:1:1 the file must be an object, not array\n"},
    /* a reply that does not parse; the scenarios that name it are not blamed */
    {"b/replies/queued.http", "{}\n",
     "/b/replies/queued.http:1 not a status line; \"HTTP/1.1 200 OK\" is one\n"},
    /* a reply whose name has a space */
    {"b/replies/a b.http", reply_text,
     "/b/replies/a b.http not a reply's name: letters, digits, . _ - and no dot first, at most "
     "100\n"},
    /* a want without its reply */
    {"b/replies/gone.want.json", "{}", "/b/replies/gone.want.json no gone.http stands beside it\n"},
    /* another kind of file among the replies */
    {"b/replies/queued.txt", "x", "/b/replies/queued.txt neither NAME.http nor NAME.want.json\n"},
    /* a folder among the replies, even with a reply's name */
    {"b/replies/more.http/x", "x",
     "/b/replies/more.http neither NAME.http nor NAME.want.json; this is a folder\n"},
    /* a scenario that does not parse; the line is counted through the comment */
    {"b/scenarios/slow.json", "{// one\n\"titel\": 1}",
     "/b/scenarios/slow.json:2:1 unknown key \"titel\"; did you mean \"title\"?\n"},
    /* a broken success.json is there, but broken */
    {"b/scenarios/success.json", "{}", "/b/scenarios/success.json:1:1 \"title\" is missing\n"},
    /* no success.json */
    {"b/scenarios/success.json", NULL,
     "/b/scenarios no success.json: the scenario of tasks that no other claims\n"},
    /* another kind of file among the scenarios */
    {"b/scenarios/slow.yaml", "x", "/b/scenarios/slow.yaml not a scenario's file: NAME.json\n"},
    /* a scenario whose name has a space */
    {"b/scenarios/a b.json", success_text,
     "/b/scenarios/a b.json not a scenario's file: NAME.json\n"},
};

static void every_error_of_a_folder_is_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(make_folder(NULL), 0);
        if (rows[i].text)
            put(rows[i].path, rows[i].text);
        else
            assert_int_equal(unlink(path_of(rows[i].path)), 0);
        struct fixtures *f = NULL;
        struct err e = {0};
        int code = load(&f, &e);
        assert_string_equal(said, rows[i].said);
        assert_int_equal(code, e.code);
        assert_null(f);
        assert_int_equal(remove_folder(NULL), 0);
    }
}

/* The good folder with one of its files or folders replaced by a link, or by a pipe (to is NULL). */
static const struct {
    const char *path, *to, *said;
} links[] = {
    {"b/replies/queued.http", NULL, "/b/replies/queued.http not a regular file: a pipe\n"},
    {"b/scenarios/slow.json", NULL, "/b/scenarios/slow.json not a regular file: a pipe\n"},
    {"b/openapi.json", NULL, "/b/openapi.json not a regular file: a pipe\n"},
    {"b/replies/queued.http", "/dev/zero", "queued.http a symbolic link leads out of"},
    {"b/replies/queued.http", "/etc/passwd", "queued.http a symbolic link leads out of"},
    {"b/replies/queued.want.json", "/etc/passwd", "want.json a symbolic link leads out of"},
    {"b/scenarios/slow.json", "/etc/passwd", "slow.json a symbolic link leads out of"},
    {"b/openapi.json", "/etc/passwd", "openapi.json a symbolic link leads out of"},
    {"c", "/etc", "/c no openapi.json"},
    {"c", "c", "/c cannot be followed: Too many levels"},
    {"b/replies/queued.http", "queued.http", "queued.http cannot be followed: Too many levels"},
    {"b/replies/queued.want.json", "nowhere", "queued.want.json cannot be followed: No such file"},
};

static void no_file_of_a_folder_is_a_pipe_or_a_link_that_leads_out_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        assert_int_equal(make_folder(NULL), 0);
        const char *path = path_of(links[i].path);
        (void)unlink(path);
        assert_int_equal(links[i].to ? symlink(links[i].to, path) : mkfifo(path, 0600), 0);
        struct fixtures *f = NULL;
        assert_int_not_equal(load(&f, NULL), 0);
        if (!strstr(said, links[i].said) || said_count != 1)
            fail_msg("row %zu: %s", i, said);
        assert_int_equal(remove_folder(NULL), 0);
    }
}

static void folders_and_files_may_be_links_that_stay_in_the_folder(void **state)
{
    (void)state;
    char text[FILE_PATH_MAX], upstream[FILE_PATH_MAX];
    struct fixtures *f = NULL;
    struct err e = {0};
    assert_true(file_join(text, sizeof text, dir, "b/replies/queued.http"));
    assert_int_equal(unlink(path_of("b/replies/queued-2.http")), 0);
    assert_int_equal(symlink(text, path_of("b/replies/queued-2.http")), 0);
    assert_int_equal(symlink("b", path_of("c")), 0);
    assert_true(file_join(upstream, sizeof upstream, dir, ".link"));
    assert_int_equal(symlink(dir, upstream), 0); /* and so may the folder itself */
    if (fixtures_load(upstream, NULL, NULL, &f, &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(f->upstream_count, 2);
    fixtures_free(f);
}

static void replies_that_the_mock_sends_itself_have_defaults(void **state)
{
    static const struct {
        const char *name;
        int status;
    } errors[] = {{"error.bad_request", 400},
                  {"error.no_route", 404},
                  {"error.not_found", 404},
                  {"error.unauthorized", 401}};
    char file[64];
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        snprintf(file, sizeof file, "b/replies/%s.http", errors[i].name);
        assert_int_equal(unlink(path_of(file)), 0);
    }
    struct fixtures *f = loaded();
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        const struct reply *r = upstream_reply(&f->upstreams[0], errors[i].name);
        assert_non_null(r);
        assert_true(r->by_default && r->is_json);
        assert_int_equal(r->status, errors[i].status);
    }
    assert_false(upstream_reply(&f->upstreams[0], "queued")->by_default);
    fixtures_free(f);
}

/* A second folder, with the one's upstream under another name. */
static const char *second_folder(const char *name)
{
    static char folder[sizeof dir + 16], at[FILE_PATH_MAX];
    snprintf(folder, sizeof folder, "%s/.second", dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_true(file_join(at, sizeof at, folder, name));
    assert_int_equal(rename(path_of("b"), at), 0);
    assert_int_equal(make_upstream("b"), 0);
    return folder;
}

static void several_folders_are_one_set_of_upstreams(void **state)
{
    (void)state;
    const char *folders[] = {dir, second_folder("a")};
    struct fixtures *f = NULL;
    struct err e = {0};
    if (fixtures_load_all(folders, 2, NULL, NULL, &f, &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(f->upstream_count, 2);
    assert_string_equal(f->upstreams[0].name, "a");
    assert_string_equal(f->upstreams[1].name, "b");
    assert_string_equal(f->dir, dir);
    assert_string_equal(f->more[0], folders[1]);
    assert_int_equal(strncmp(f->upstreams[0].dir, folders[1], strlen(folders[1])), 0);
    fixtures_free(f);
}

static void one_upstream_in_two_folders_is_an_error_that_names_both(void **state)
{
    (void)state;
    const char *folders[] = {dir, second_folder("b")};
    struct fixtures *f = NULL;
    struct err e = {0};
    said[0] = '\0';
    assert_int_equal(fixtures_load_all(folders, 2, say, NULL, &f, &e), ERR_CONTRACT);
    assert_non_null(strstr(said, "/.second/b there is an upstream \"b\" already: "));
    assert_string_equal(e.where, dir);
    assert_string_equal(e.what, "the fixtures do not load");
    assert_null(f);
}

/* The upstream is whole, but it lies elsewhere: told once, not for each of its files. */
static void an_upstream_that_is_a_link_out_of_the_folder_is_one_error(void **state)
{
    (void)state;
    char inner[sizeof dir + 8];
    struct fixtures *f = NULL;
    struct err e = {0};
    put("in/readme", "x");
    assert_int_equal(symlink("../b", path_of("in/c")), 0);
    snprintf(inner, sizeof inner, "%s/in", dir);
    assert_int_equal(fixtures_load(inner, say, NULL, &f, &e), ERR_FILE);
    assert_error(&e, "away", "/in/c", "a symbolic link leads out of");
}

static void two_scenarios_with_one_glob_are_an_error_that_names_both(void **state)
{
    (void)state;
    put("b/scenarios/late.json", scenario_text);
    struct fixtures *f = NULL;
    struct err e = {0};
    assert_int_equal(load(&f, &e), ERR_CONTRACT);
    assert_error(&e, "clash", "/b/scenarios/slow.json", "\"tasks\" is \"b-*\", which ");
    assert_non_null(strstr(e.what, "/b/scenarios/late.json claims too"));
}

static void a_contract_signed_the_zego_way_needs_twelve_more_errors(void **state)
{
    (void)state;
    char *text = edited(contract_text, "{\"type\": \"http\", \"scheme\": \"bearer\"}", zego_scheme);
    put("b/openapi.json", text);
    free(text);
    assert_int_equal(unlink(path_of("b/replies/error.unauthorized.http")), 0);
    struct fixtures *f = NULL;
    assert_int_equal(load(&f, NULL), ERR_CONTRACT);
    assert_int_equal(said_count, 12);
    assert_non_null(strstr(said, "no error.signature_wrong.http"));
}

static void missing_folders_are_named(void **state)
{
    (void)state;
    assert_int_equal(nftw(path_of("b/replies"), remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(nftw(path_of("b/scenarios"), remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    struct fixtures *f = NULL;
    struct err e = {0};
    assert_int_equal(load(&f, &e), ERR_FILE);
    assert_error(&e, "no replies", "/b/replies", "cannot be");
    assert_non_null(strstr(said, "/b/scenarios cannot be"));
}

static void an_upstream_in_place_of_the_folder_around_it_is_one_error(void **state)
{
    (void)state;
    struct fixtures *f = NULL;
    struct err e = {0};
    assert_int_equal(fixtures_load(path_of("b"), NULL, NULL, &f, &e), ERR_CONTRACT);
    assert_error(&e, "an upstream", "/b", "name the folder that holds it");
    assert_null(f);
}

static void all_errors_are_reported_and_the_first_returned(void **state)
{
    (void)state;
    put("a/openapi.json", "x");
    put("b/replies/queued.http", "x\n");
    put("b/scenarios/slow.json", "x");
    put("z/readme", "x");
    struct fixtures *f = NULL;
    struct err e = {0};
    assert_int_equal(load(&f, &e), ERR_SYNTAX);
    assert_error(&e, "first", "/a/openapi.json:1:1", "");
    assert_non_null(strstr(said, "/b/replies/queued.http:1"));
    assert_non_null(strstr(said, "/b/scenarios/slow.json:1:1"));
    assert_non_null(strstr(said, "/z no openapi.json"));
}

static void a_reply_with_too_many_stamps_is_named(void **state)
{
    static char text[16384];
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\n\n[{}");
    for (int i = 0; i <= REPLY_STAMPS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, ",{\"id\":\"t%d\"}", i);
    snprintf(text + n, sizeof text - n, "]");
    put("b/replies/queued.http", text);
    struct fixtures *f = NULL;
    assert_int_equal(load(&f, NULL), ERR_LIMIT);
    assert_string_equal(said, "/b/replies/queued.http more than 256 stamped values\n");
}

static void a_folder_without_an_upstream_is_an_error(void **state)
{
    struct fixtures *f = NULL;
    struct err e = {0};
    (void)state;
    assert_int_equal(nftw(path_of("b"), remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(load(&f, &e), ERR_NOT_FOUND);
    assert_error(&e, "empty", dir, "no upstream in this folder");
    assert_int_equal(fixtures_load("/nonexistent/fixtures", NULL, NULL, &f, &e), ERR_FILE);
    assert_error(&e, "absent", "/nonexistent/fixtures", "");
    assert_null(f);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_folder_is_loaded_with_everything_sorted),
        IN_FOLDER(things_are_found_by_name_and_by_nearest_name),
        IN_FOLDER(a_scenario_from_elsewhere_is_added_in_its_place),
        cmocka_unit_test(the_projects_own_fixtures_load),
        cmocka_unit_test(every_error_of_a_folder_is_reported),
        cmocka_unit_test(no_file_of_a_folder_is_a_pipe_or_a_link_that_leads_out_of_it),
        IN_FOLDER(folders_and_files_may_be_links_that_stay_in_the_folder),
        IN_FOLDER(replies_that_the_mock_sends_itself_have_defaults),
        IN_FOLDER(several_folders_are_one_set_of_upstreams),
        IN_FOLDER(one_upstream_in_two_folders_is_an_error_that_names_both),
        IN_FOLDER(an_upstream_that_is_a_link_out_of_the_folder_is_one_error),
        IN_FOLDER(two_scenarios_with_one_glob_are_an_error_that_names_both),
        IN_FOLDER(a_contract_signed_the_zego_way_needs_twelve_more_errors),
        IN_FOLDER(missing_folders_are_named),
        IN_FOLDER(an_upstream_in_place_of_the_folder_around_it_is_one_error),
        IN_FOLDER(all_errors_are_reported_and_the_first_returned),
        IN_FOLDER(a_reply_with_too_many_stamps_is_named),
        IN_FOLDER(a_folder_without_an_upstream_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
