/* The command that repeats a failure, and where it says to look. */
#include "evidence.h"

#include "base/buf.h"
#include "harness/report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char path[] = "fixtures/doubao/scenarios/case.json";
static const struct row rows[] = {{0, 0, REPLY_STATE_QUEUED, 0, false, 0}};

/* One that ran on both transports, which were not the same. */
static void result_of(struct world *w, struct run_result *out)
{
    world_of(w, rows, 1);
    w->scenario.path = path;
    *out = (struct run_result){.job = {.upstream = &w->upstream, .scenario = &w->scenario},
                               .direct = {.ran = true, .evidence = w->evidence},
                               .wire = {.ran = true, .evidence = w->evidence},
                               .parity = PARITY_BROKEN};
    out->wire.evidence.transport = TESTBED_WIRE;
}

static void the_command_that_repeats_a_failure_is_one_that_a_shell_reads_back(void **state)
{
    (void)state;
    char *const command[] = {(char[]){"./a-b"},
                             (char[]){""},
                             (char[]){"it's"},
                             (char[]){"a b"},
                             (char[]){"caf\xc3\xa9"},
                             (char[]){"l'\\\n\x01\xff"},
                             NULL};
    static const struct profile starts = {.path = "p.json", .command = {"./poll"}};
    static const struct profile only = {.path = "p.json"};
    const struct {
        struct external client;
        const char *wanted;
    } cases[] = {
        {{.command = command, .speed = 1},
         " --clock real -- ./a-b '' 'it'\\''s' 'a b' 'caf\xc3\xa9' $'l\\'\\\\\\012\\001\\377'"},
        {{.command = command + 5, .pace = PACE_EVENTS}, " -- $'l\\'\\\\\\012\\001\\377'"},
        {{.command = command, .speed = 60, .profile = &starts},
         " --clock real --speed 60 --profile p.json"},
        {{.command = command + 5, .speed = 1, .profile = &only},
         " --clock real --profile p.json -- $'l\\'\\\\\\012\\001\\377'"},
    };
    struct world w;
    struct run_result result;
    struct buf out;
    buf_init(&out, 4096);
    result_of(&w, &result);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char wanted[256];
        result.job.client = &cases[i].client;
        buf_reset(&out);
        report_again(&out, &result, &(struct report_options){.seed = 7});
        snprintf(wanted, sizeof wanted, "harness run %s --seed 7%s", path, cases[i].wanted);
        assert_string_equal(out.p, wanted);
    }
    buf_fini(&out);
}

static void it_names_every_file_from_the_root(void **state)
{
    (void)state;
    char *const command[] = {(char[]){"./poll"}, NULL};
    static const struct profile profile = {.path = "./my p.json"};
    const struct external client = {.command = command, .pace = PACE_EVENTS, .profile = &profile};
    static const struct fixtures one = {.dir = "fixtures"};
    static const struct fixtures two = {.dir = "./fixtures", .more = {"packs"}, .more_count = 1};
    const struct {
        const struct external *client;
        struct report_again again;
        const char *wanted;
    } cases[] = {
        {&client,
         {"/at/it's", &one, "/k.json", true},
         "cd '/at/it'\\''s' && harness run '/at/it'\\''s/fixtures/doubao/scenarios/case.json' "
         "--fixtures "
         "'/at/it'\\''s/fixtures' --seed 7 --fail-on remark --known /k.json --profile "
         "'/at/it'\\''s/my p.json' -- "
         "./poll"},
        {NULL,
         {"/", &two, NULL, false},
         "harness run /fixtures/doubao/scenarios/case.json --fixtures /fixtures --fixtures /packs "
         "--seed 7 "
         "--transport "
         "both"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        struct run_result result;
        struct buf out;
        buf_init(&out, 4096);
        result_of(&w, &result);
        result.job.client = cases[i].client;
        report_again(&out, &result, &(struct report_options){.seed = 7, .again = cases[i].again});
        assert_string_equal(out.p, cases[i].wanted);
        buf_fini(&out);
    }
}

static void a_failure_is_repeated_where_it_was_seen(void **state)
{
    (void)state;
    static const struct {
        bool direct_fails, wire_fails;
        const char *transport;
    } cases[] = {{true, true, "direct"}, {false, true, "wire"}, {false, false, "both"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        struct run_result result;
        struct buf out;
        buf_init(&out, 1 << 16);
        result_of(&w, &result);
        result.direct.verdict.kind = cases[i].direct_fails ? VERDICT_FAIL : VERDICT_PASS;
        result.wire.verdict.kind = cases[i].wire_fails ? VERDICT_FAIL : VERDICT_PASS;
        report_again(&out, &result, &(struct report_options){.seed = 7});
        assert_string_equal(strstr(out.p, "--transport ") + 12, cases[i].transport);
        buf_reset(&out);
        report_findings(&out, "", &result); /* both stories are told, and each once */
        const char *direct = strstr(out.p, "story     direct"),
                   *wire = strstr(out.p, "story     wire");
        assert_true(direct && wire && !strstr(direct + 1, "story     direct")
                    && !strstr(wire + 1, "story     wire"));
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_that_repeats_a_failure_is_one_that_a_shell_reads_back),
        cmocka_unit_test(it_names_every_file_from_the_root),
        cmocka_unit_test(a_failure_is_repeated_where_it_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
