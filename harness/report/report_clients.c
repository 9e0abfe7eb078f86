/* Texts that name the client when several are compared, and leave it out when there is one. */
#include "report.h"

#include "base/text.h"

bool report_several(const struct report_options *options)
{
    return options->client_count > 1;
}

uint32_t report_scenarios(const struct report_options *options)
{
    return report_several(options) ? options->total / options->client_count : options->total;
}

void report_name(struct buf *out, const struct job *job, const struct report_options *options)
{
    if (report_several(options))
        buf_addf(out, "%s: ", job->client->name);
    buf_addf(out, "%s/%s", job->upstream->name, job->scenario->name);
}

void report_size(struct buf *out, const struct report_options *options)
{
    if (report_several(options))
        buf_addf(out, "%u clients x ", options->client_count);
    uint32_t scenarios = report_scenarios(options);
    buf_addf(out, "%u %s of %u %s", scenarios, text_count_word(scenarios, "scenario", "scenarios"),
             options->upstreams, text_count_word(options->upstreams, "upstream", "upstreams"));
}

static bool is_another_client(const struct report *r, const struct run_result *result)
{
    return !r->last.upstream || r->last.client != result->job.client;
}

bool report_begins_client(const struct report *r, const struct run_result *result)
{
    return report_several(r->options) && is_another_client(r, result);
}

bool report_begins_upstream(const struct report *r, const struct run_result *result)
{
    return is_another_client(r, result) || r->last.upstream != result->job.upstream;
}

void report_counts(struct buf *out, const struct report_totals *t)
{
    buf_addf(out, "%u passed, %u failed, %u unclear, %u skipped", t->passed, t->failed,
             t->inconclusive, t->skipped);
    if (t->known > 0)
        buf_addf(out, ", %u known", t->known);
}
