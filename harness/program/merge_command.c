/* harness merge: the reports of a run's shards become one, and one verdict. */
#include "commands.h"

#include "base/args.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/report/report.h"
#include "harness/run/shard.h"

static const char HELP[] =
    "harness merge REPORT.json... [OPTION]...\n"
    "\n"
    "Joins the JSON reports of all shards of one run (harness run --shard I/N --report json=FILE)\n"
    "into the report that the run in one piece would have written, names what is not good, and\n"
    "exits as that run would have.\n"
    "\n";

static void tell(const char *client, const char *scenario, const char *verdict, const char *again,
                 void *arg)
{
    struct buf *out = arg;
    buf_addf(out, "%s  ", verdict);
    buf_add_plain(out, span_of(client));
    buf_add_text(out, ": ");
    buf_add_plain(out, span_of(scenario));
    buf_add_text(out, "\n  again  ");
    buf_add_plain(out, span_of(again));
    buf_add_char(out, '\n');
}

static void tell_sum(const struct shard_sum *sum, int shards, struct buf *out)
{
    buf_addf(out, "%d %s: ", shards, text_count_word((uint64_t)shards, "shard", "shards"));
    if (sum->clients > 1)
        buf_addf(out, "%u clients x ", sum->clients);
    buf_addf(out, "%u %s of %u %s: %u passed, %u failed, %u unclear, %u skipped", sum->scenarios,
             text_count_word(sum->scenarios, "scenario", "scenarios"), sum->upstreams,
             text_count_word(sum->upstreams, "upstream", "upstreams"), sum->passed, sum->failed,
             sum->inconclusive, sum->skipped);
    if (sum->known > 0)
        buf_addf(out, ", %u known", sum->known);
    buf_add_char(out, '\n');
}

static int merge(const struct args_rest *rest, const char *file, struct shard_sum *sum,
                 struct command_output *out, struct err *e)
{
    struct buf report;
    buf_init(&report, REPORT_BYTES_MAX);
    int code = shard_merge(rest->words, (uint32_t)rest->count, &report, sum, tell, &out->text, e);
    if (!code)
        tell_sum(sum, rest->count, &out->text);
    if (!code && file)
        code = file_write(file, buf_span(&report), e);
    buf_fini(&report);
    return code;
}

int command_merge(int argc, char **argv, struct command_output *out, struct err *e)
{
    const char *file = NULL;
    struct shard_sum sum = {0};
    const struct args_option options[] = {
        {"--out", 0, ARGS_TEXT, &file, 0, 0, "FILE",
         "where the joined report is written (default: nowhere)"},
        {0},
    };
    struct args_rest rest;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "merge runs no command");
    if (!code && rest.count == 0)
        code = err_set(e, ERR_USAGE, NULL, "the reports of all shards are wanted");
    if (!code)
        code = merge(&rest, file, &sum, out, e);
    if (sum.failed + sum.inconclusive > sum.not_run)
        return EXIT_CHECK_FAILED;
    if (code)
        return args_exit_code((enum err_code)code);
    return sum.not_run > 0 ? EXIT_ENVIRONMENT : EXIT_GOOD;
}
