/* Words of the command line name scenarios, or the nearest thing there is. */
#include "with_fixtures.h"

#include "harness/external/external.h"
#include "harness/run/jobs.h"

static int select_words(const char *const *words, int count, struct jobs *jobs, struct err *e)
{
    return jobs_select(fixtures, words, count, jobs, e);
}

static void no_words_are_every_scenario_of_every_upstream(void **state)
{
    (void)state;
    struct jobs jobs;
    uint32_t all = 0;
    assert_int_equal(select_words(NULL, 0, &jobs, NULL), 0);
    for (uint32_t i = 0; i < fixtures->upstream_count; i++)
        all += fixtures->upstreams[i].scenario_count;
    assert_true(fixtures->upstream_count >= 6);
    assert_int_equal(jobs.count, all);
    jobs_fini(&jobs);
}

static void an_upstream_is_all_its_scenarios_and_naming_one_again_adds_nothing(void **state)
{
    (void)state;
    struct jobs jobs;
    const char *const words[] = {"doubao", "doubao:success"};
    assert_int_equal(select_words(words, 2, &jobs, NULL), 0);
    assert_int_equal(jobs.count, fixtures_upstream(fixtures, "doubao")->scenario_count);
    jobs_fini(&jobs);
}

static void one_scenario_is_named_after_its_upstream(void **state)
{
    (void)state;
    struct jobs jobs;
    const char *const words[] = {"video:failure"};
    assert_int_equal(select_words(words, 1, &jobs, NULL), 0);
    assert_int_equal(jobs.count, 1);
    assert_string_equal(jobs.list[0].upstream->name, "video");
    assert_string_equal(jobs.list[0].scenario->name, "failure");
    jobs_fini(&jobs);
}

static void a_folder_and_a_file_of_the_fixtures_name_what_lies_there(void **state)
{
    (void)state;
    struct jobs jobs;
    char folder[512];
    char file[512];
    snprintf(folder, sizeof folder, "%s/avatar/scenarios", fixtures_dir());
    snprintf(file, sizeof file, "%s/avatar/scenarios/success.json", fixtures_dir());
    const char *words[] = {folder};
    assert_int_equal(select_words(words, 1, &jobs, NULL), 0);
    assert_int_equal(jobs.count, fixtures_upstream(fixtures, "avatar")->scenario_count);
    jobs_fini(&jobs);
    words[0] = file;
    assert_int_equal(select_words(words, 1, &jobs, NULL), 0);
    assert_int_equal(jobs.count, 1);
    assert_string_equal(jobs.list[0].scenario->name, "success");
    jobs_fini(&jobs);
}

static void a_scenario_file_from_elsewhere_is_loaded_against_the_upstream_it_names(void **state)
{
    (void)state;
    struct jobs jobs;
    char path[256];
    write_scenario("doubao", "mine",
                   "{\"title\": \"t\", \"steps\": [{\"reply\": \"success\"}],"
                   " \"expect\": {\"outcome\": \"succeeded\"}}",
                   path, sizeof path);
    const char *const words[] = {path};
    assert_int_equal(select_words(words, 1, &jobs, NULL), 0);
    assert_int_equal(jobs.count, 1);
    assert_string_equal(jobs.list[0].scenario->name, "mine");
    jobs_fini(&jobs);
    remove_scenario(path);
}

/* The names of the jobs, "doubao:success doubao:failure". */
static const char *names_of(const struct jobs *jobs, char *out, size_t out_size)
{
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < jobs->count && n < out_size; i++)
        n += (size_t)snprintf(out + n, out_size - n, "%s%s:%s", i ? " " : "",
                              jobs->list[i].upstream->name, jobs->list[i].scenario->name);
    return out;
}

static void lists_and_patterns_name_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *word, *names;
    } cases[] = {
        {"doubao/success", "doubao:success"},
        {"doubao:success,failure", "doubao:success doubao:failure"},
        {"doubao/success,failure", "doubao:success doubao:failure"},
        {"doubao:success,video:failure", "doubao:success video:failure"},
        {"doubao:success,doubao:success", "doubao:success"},
        {"video:succ*,fai[l]ure", "video:success video:failure"},
        {"{doubao}", NULL},
        {"*o:overloade?", "doubao:overloaded video:overloaded"},
        {"zego-*/success", "zego-drive:success zego-stream:success"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jobs jobs;
        char names[512];
        int code = select_words(&cases[i].word, 1, &jobs, NULL);
        assert_int_equal(code, cases[i].names ? 0 : ERR_NOT_FOUND);
        assert_string_equal(names_of(&jobs, names, sizeof names),
                            cases[i].names ? cases[i].names : "");
        jobs_fini(&jobs);
    }
}

static void a_list_of_upstreams_and_a_pattern_of_one_are_all_their_scenarios(void **state)
{
    (void)state;
    static const char *const words[] = {"doubao,video", "doubao:*,video:*", "doubao*,video"};
    uint32_t all = fixtures_upstream(fixtures, "doubao")->scenario_count
        + fixtures_upstream(fixtures, "video")->scenario_count;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct jobs jobs;
        assert_int_equal(select_words(&words[i], 1, &jobs, NULL), 0);
        assert_int_equal(jobs.count, all);
        jobs_fini(&jobs);
    }
}

static void a_slip_is_answered_with_the_nearest_name(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *near;
    } cases[] = {
        {"doubau", "doubao"},         /* an upstream */
        {"doubau:success", "doubao"}, /* the upstream of a scenario */
        {"doubao:sucess", "success"}, /* the scenario */
        {"doubao/sucess", "success"},
        {"doubau/success", "doubao"},
        {"doubao:success,failur", "nearest: failure"}, /* of a list */
        {"doubau:*", "doubao"},
        {"overloaded", "nearest: ark:overloaded"}, /* a scenario without its upstream */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jobs jobs;
        struct err e = {0};
        assert_int_equal(select_words(&cases[i].word, 1, &jobs, &e), ERR_NOT_FOUND);
        if (strstr(e.what, cases[i].near) == NULL)
            fail_msg("\"%s\": wanted \"%s\" in: %s", cases[i].word, cases[i].near, e.what);
        assert_int_equal(jobs.count, 0);
    }
}

static void what_names_nothing_is_told_why(void **state)
{
    (void)state;
    static const char far[] = "zzzzzzzzzzzz";
    char long_upstream[REPLY_NAME_MAX + 16], long_scenario[REPLY_NAME_MAX + 16], stray[128];
    snprintf(long_upstream, sizeof long_upstream, "%0*d:success", REPLY_NAME_MAX, 0);
    snprintf(long_scenario, sizeof long_scenario, "doubao:%0*d", REPLY_NAME_MAX, 0);
    snprintf(stray, sizeof stray, "%s/stray.json", scratch);
    assert_int_equal(file_write(stray, span_of("{}"), NULL), 0);
    const struct {
        const char *word, *says;
    } cases[] = {
        {far, "\"zzzzzzzzzzzz\" is no upstream, scenario (\"upstream:scenario\"), file or folder"},
        {"zzzzzzzzzzzz:success", "no upstream \"zzzzzzzzzzzz\" under "},
        {"doubao:zzzzzzzzzzzz", "upstream \"doubao\" has no scenario \"zzzzzzzzzzzz\""},
        {"doubao:zzz*", "no scenario matches \"doubao:zzz*\" under "},
        {"q*", "no scenario matches \"q*:*\" under "},
        {"doubao:success,", "upstream \"doubao\" has no scenario \"\""},
        {",", "\"\" is no upstream"},
        {long_upstream, "is longer than any scenario's name"},
        {long_scenario, "is longer than any scenario's name"},
        {scratch, "holds no scenario of the fixtures in "},
        {stray, "names no upstream: put it at "},
        {"/etc/passwd", "names no upstream: put it at "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jobs jobs;
        struct err e = {0};
        const char *const words[] = {"doubao", cases[i].word, far};
        assert_int_equal(select_words(words, 3, &jobs, &e), ERR_NOT_FOUND);
        if (!strstr(e.what, cases[i].says) || strstr(e.what, "nearest"))
            fail_msg("%s: %s", cases[i].word, e.what);
        assert_null(jobs.list);
    }
    unlink(stray);
}

static void a_folder_whose_name_goes_on_is_another(void **state)
{
    (void)state;
    struct jobs jobs;
    char path[256];
    write_scenario("doubao", "mine",
                   "{\"title\": \"t\", \"steps\": [{\"reply\": \"success\"}],"
                   " \"expect\": {\"outcome\": \"succeeded\"}}",
                   path, sizeof path);
    assert_int_equal(select_words((const char *const[]){path}, 1, &jobs, NULL), 0);
    jobs_fini(&jobs);
    char *const end = path + strlen(path) - strlen("e.json"); /* .../scenarios/min */
    char rest[8];
    snprintf(rest, sizeof rest, "%s", end);
    *end = '\0';
    assert_int_equal(file_make_dir(path, NULL), 0);
    assert_int_equal(select_words((const char *const[]){path}, 1, &jobs, NULL), ERR_NOT_FOUND);
    rmdir(path);
    span_copy(span_of(rest), end, sizeof rest);
    remove_scenario(path);
}

static void several_clients_get_every_scenario_one_client_after_the_other(void **state)
{
    (void)state;
    struct jobs jobs;
    struct jobs before;
    const char *const words[] = {"doubao", "video:success"};
    struct external clients[3] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    assert_int_equal(select_words(words, 2, &before, NULL), 0);
    assert_int_equal(select_words(words, 2, &jobs, NULL), 0);
    assert_int_equal(jobs_for_clients(&jobs, clients, 3, NULL), 0);
    assert_int_equal(jobs.count, 3 * before.count);
    for (uint32_t i = 0; i < jobs.count; i++) {
        assert_ptr_equal(jobs.list[i].scenario, before.list[i % before.count].scenario);
        assert_ptr_equal(jobs.list[i].upstream, before.list[i % before.count].upstream);
        assert_ptr_equal(jobs.list[i].client, &clients[i / before.count]);
    }
    jobs_fini(&jobs);
    jobs_fini(&before);
}

static void without_a_client_every_scenario_is_the_built_in_ones(void **state)
{
    (void)state;
    struct jobs jobs;
    const char *const words[] = {"doubao:success"};
    assert_int_equal(select_words(words, 1, &jobs, NULL), 0);
    assert_int_equal(jobs_for_clients(&jobs, NULL, 0, NULL), 0);
    assert_int_equal(jobs.count, 1);
    assert_null(jobs.list[0].client);
    jobs_fini(&jobs);
}

static void there_are_at_most_so_many_scenarios_for_all_clients(void **state)
{
    (void)state;
    struct jobs jobs;
    struct err e = {0};
    struct external client = {.name = "a"};
    const char *const words[] = {"doubao:success", "doubao:failure"};
    assert_int_equal(select_words(words, 2, &jobs, NULL), 0);
    assert_int_equal(jobs_for_clients(&jobs, &client, JOBS_MAX / 2 + 1, &e), ERR_LIMIT);
    assert_non_null(strstr(e.what, "more than 65536"));
    assert_int_equal(jobs.count, 2);
    jobs_fini(&jobs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_words_are_every_scenario_of_every_upstream),
        cmocka_unit_test(an_upstream_is_all_its_scenarios_and_naming_one_again_adds_nothing),
        cmocka_unit_test(one_scenario_is_named_after_its_upstream),
        cmocka_unit_test(a_folder_and_a_file_of_the_fixtures_name_what_lies_there),
        cmocka_unit_test(a_scenario_file_from_elsewhere_is_loaded_against_the_upstream_it_names),
        cmocka_unit_test(lists_and_patterns_name_what_they_say),
        cmocka_unit_test(a_list_of_upstreams_and_a_pattern_of_one_are_all_their_scenarios),
        cmocka_unit_test(a_slip_is_answered_with_the_nearest_name),
        cmocka_unit_test(what_names_nothing_is_told_why),
        cmocka_unit_test(a_folder_whose_name_goes_on_is_another),
        cmocka_unit_test(several_clients_get_every_scenario_one_client_after_the_other),
        cmocka_unit_test(without_a_client_every_scenario_is_the_built_in_ones),
        cmocka_unit_test(there_are_at_most_so_many_scenarios_for_all_clients),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
