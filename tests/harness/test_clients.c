/* Clients: which of them a command line names, and every way in which it may not. */
#include "base/file.h"
#include "harness/external/clients.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FILES_MAX = 4 };

static char folder[64];

/* A profile in the scratch folder; returns its path. */
static const char *put(char *path, size_t path_size, const char *name, const char *text)
{
    snprintf(path, path_size, "%s/%s", folder, name);
    assert_int_equal(file_write(path, span_of(text), NULL), 0);
    return path;
}

#define COMMAND "{\"command\": [\"sh\", \"{base_url}\"]}"
#define NO_COMMAND "{\"auth\": \"none\"}"

/* The words after "--": {"sh", "-c", "true"} without the end of the list, or none. */
static char *const *after_of(bool given)
{
    static char words[3][8] = {"/bin/sh", "-c", "true"};
    static char *const list[] = {words[0], words[1], words[2], NULL};
    return given ? list : NULL;
}

static void each_profile_with_a_command_is_a_client_named_as_its_file(void **state)
{
    (void)state;
    char paths[3][128];
    struct args_list list = {.count = 3};
    struct clients clients;
    struct err e = {0};
    list.values[0] = put(paths[0], sizeof paths[0], "poll.json", COMMAND);
    list.values[1] = put(paths[1], sizeof paths[1], "poll-2.0", "{\"command\": [\"true\"]}");
    list.values[2] = put(paths[2], sizeof paths[2], "a.json", COMMAND);
    if (clients_read(&list, NULL, 1, &clients, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(clients.count, 3);
    assert_string_equal(clients.list[0].name, "poll");
    assert_string_equal(clients.list[1].name, "poll-2.0");
    assert_string_equal(clients.list[2].name, "a");
    assert_string_equal(clients.list[0].command[1], "{base_url}");
    assert_null(clients.list[0].command[2]);
    assert_string_equal(clients.list[1].command[0], "true");
    for (uint32_t i = 0; i < 3; i++)
        assert_string_equal(clients.list[i].profile->path, list.values[i]);
    clients_fini(&clients);
}

static void words_after_the_dashes_are_one_client_named_as_its_program_and_script(void **state)
{
    (void)state;
    char path[128];
    struct args_list none = {.count = 0};
    struct args_list one = {.count = 1};
    struct clients clients;
    one.values[0] = put(path, sizeof path, "any name at all.json", NO_COMMAND);
    assert_int_equal(clients_read(&none, after_of(true), 1, &clients, NULL), 0);
    assert_int_equal(clients.count, 1);
    assert_string_equal(clients.list[0].name, "sh");
    assert_null(clients.list[0].profile);
    clients_fini(&clients);
    assert_int_equal(clients_read(&one, after_of(true), 1, &clients, NULL), 0);
    assert_int_equal(clients.count, 1);
    assert_string_equal(clients.list[0].name, "sh");
    assert_true(clients.list[0].profile->no_auth);
    clients_fini(&clients);
    char *const script[] = {after_of(true)[0], after_of(true)[1], (char *)(uintptr_t)path, NULL};
    assert_int_equal(clients_read(&none, script, 1, &clients, NULL), 0);
    assert_string_equal(clients.list[0].name, "sh any name at all.json");
    clients_fini(&clients);
    assert_int_equal(clients_read(&none, NULL, 1, &clients, NULL), 0);
    assert_int_equal(clients.count, 0);
    clients_fini(&clients);
}

/* What is wrong with a command line, where, and what it is told. */
static const struct {
    struct {
        const char *name, *text;
    } files[FILES_MAX];
    bool after;
    enum err_code code;
    const char *where, *what, *what_too;
} mistakes[] = {
    {{{"p.json", NO_COMMAND}}, false, ERR_USAGE, "p.json", "give it a \"command\"", "after --"},
    {{{"p.json", COMMAND}, {"q.json", NO_COMMAND}},
     false,
     ERR_USAGE,
     "q.json",
     "names no client",
     ""},
    {{{"p.json", COMMAND}}, true, ERR_USAGE, "p.json", "after -- too", "leave one of them out"},
    {{{"p.json", NO_COMMAND}, {"q.json", NO_COMMAND}},
     true,
     ERR_USAGE,
     "--",
     "one --profile at most",
     "by its \"command\""},
    {{{"p.json", COMMAND}, {"q.json", COMMAND}},
     true,
     ERR_USAGE,
     "--",
     "one --profile at most",
     ""},
    {{{"p.json", COMMAND}, {"q.json", COMMAND}, {"p", COMMAND}},
     false,
     ERR_USAGE,
     "/p",
     "named \"p\"",
     "/p.json"},
    {{{"my client.json", COMMAND}},
     false,
     ERR_USAGE,
     "my client.json",
     "\"my client\" is no name",
     ""},
    {{{".json", COMMAND}}, false, ERR_USAGE, ".json", "is no name", ""},
    {{{"p.json", COMMAND}, {"q.json", "{\"command\": [\"/nowhere/no-such-client\"]}"}},
     false,
     ERR_NOT_FOUND,
     "q.json",
     "is not there",
     ""},
    {{{"p.json", COMMAND}, {"q.json", "{\"comand\": []}"}},
     false,
     ERR_CONTRACT,
     "q.json",
     "did you mean \"command\"?",
     ""},
};

static void every_misuse_says_what_is_wrong_and_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        char paths[FILES_MAX][128];
        struct args_list list = {.count = 0};
        struct clients clients;
        struct err e = {0};
        for (int k = 0; k < FILES_MAX && mistakes[i].files[k].name != NULL; k++)
            list.values[list.count++] = put(paths[k], sizeof paths[k], mistakes[i].files[k].name,
                                            mistakes[i].files[k].text);
        int failed = clients_read(&list, after_of(mistakes[i].after), 1, &clients, &e);
        clients_fini(&clients);
        if (failed != (int)mistakes[i].code || strstr(e.where, mistakes[i].where) == NULL
            || strstr(e.what, mistakes[i].what) == NULL
            || strstr(e.what, mistakes[i].what_too) == NULL)
            fail_msg("row %zu: %d, wanted \"%s: %s ... %s\" in: %s: %s", i, failed,
                     mistakes[i].where, mistakes[i].what, mistakes[i].what_too, e.where, e.what);
    }
}

static void so_many_clients_and_no_more_stand_side_by_side(void **state)
{
    (void)state;
    static char paths[CLIENTS_MAX + 1][128];
    struct args_list list = {.count = 0};
    struct clients clients;
    struct err e = {0};
    for (int i = 0; i < CLIENTS_MAX + 1; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%d.json", i);
        list.values[list.count++] = put(paths[i], sizeof paths[i], name, COMMAND);
    }
    assert_int_equal(clients_read(&list, NULL, 1, &clients, &e), ERR_USAGE);
    assert_non_null(strstr(e.what, "at most 32"));
    clients_fini(&clients);
    list.count--;
    assert_int_equal(clients_read(&list, NULL, 1, &clients, &e), 0);
    assert_int_equal(clients.count, CLIENTS_MAX);
    clients_fini(&clients);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/understudy-clients-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, FILES_MAX, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_profile_with_a_command_is_a_client_named_as_its_file),
        cmocka_unit_test(words_after_the_dashes_are_one_client_named_as_its_program_and_script),
        cmocka_unit_test(every_misuse_says_what_is_wrong_and_where),
        cmocka_unit_test(so_many_clients_and_no_more_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
