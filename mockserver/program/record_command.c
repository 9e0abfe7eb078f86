/* mockserver record: a reverse proxy on the wire that writes HAR files, until a signal comes. */
#include "commands.h"
#include "mockserver/record/record.h"
#include "mockserver/record/record_curl.h"
#include "lifecycle.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/output.h"
#include "base/text.h"

#include <signal.h>
#include <string.h>

enum { RECORD_THREADS = 64, CA_BYTES_MAX = 16 << 20 };

struct record_options {
    const char *out, *listen, *port_file, *fixtures, *ca;
    bool json, use_proxy;
};

static int read_options(int argc, char **argv, struct record_options *o, struct args_rest *rest,
                        struct err *e)
{
    *o = (struct record_options){.listen = "127.0.0.1:8080"};
    const struct args_option table[] = {
        {"--out", 0, ARGS_TEXT, &o->out, 0, 0, "DIR",
         "where DIR/UPSTREAM/TASK.har are written (required)"},
        {"--listen", 0, ARGS_TEXT, &o->listen, 0, 0, "ADDR",
         "address and port; port 0 picks a free one (default 127.0.0.1:8080)"},
        {"--port-file", 0, ARGS_TEXT, &o->port_file, 0, 0, "FILE",
         "write the port here when ready"},
        {"--fixtures", 0, ARGS_TEXT, &o->fixtures, 0, 0, "DIR",
         "contracts that say what to redact and what names a task (default as for serve)"},
        {"--upstream-ca", 0, ARGS_TEXT, &o->ca, 0, 0, "FILE",
         "certificates (PEM) to trust on the way out (default the system's)"},
        {"--proxy-env", 0, ARGS_SWITCH, &o->use_proxy, 0, 0, NULL,
         "obey http_proxy and its kin on the way out (default off)"},
        {"--json", 0, ARGS_SWITCH, &o->json, 0, 0, NULL,
         "say that it is ready with a JSON object (default a sentence)"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    int code = args_read(table, argc, argv, rest, e);
    if (code || !rest->help)
        return code;
    return lifecycle_help("record UPSTREAM=http[s]://HOST[/BASE]... --out DIR [OPTION...]", table,
                          e);
}

static int check_ca(const char *path, struct err *e)
{
    struct buf text;
    buf_init(&text, CA_BYTES_MAX);
    int code = file_read(path, &text, e);
    if (!code && !strstr(text.p, "-----BEGIN CERTIFICATE-----"))
        code = err_set(e, ERR_USAGE, path,
                       "no certificate in PEM (-----BEGIN CERTIFICATE-----) is in it");
    buf_fini(&text);
    return code;
}

static int check_options(const struct record_options *o, const struct args_rest *rest,
                         struct err *e)
{
    if (rest->after)
        return err_set(e, ERR_USAGE, "--", "record runs no command");
    if (rest->count == 0)
        return err_set(e, ERR_USAGE, NULL, "record what? Name at least one UPSTREAM=http://host");
    if (!o->out)
        return err_set(e, ERR_USAGE, "--out", "is required: the folder for the recordings");
    return o->ca ? check_ca(o->ca, e) : 0;
}

static int know_contract(struct record_upstream *u, const struct fixtures *fixtures, struct err *e)
{
    const char *near = fixtures_nearest_upstream(fixtures, u->name);
    u->contract = fixtures_upstream(fixtures, u->name);
    if (u->contract)
        return 0;
    return err_set(e, ERR_USAGE, u->name, "no upstream of that name in %s%s%s", fixtures->dir,
                   near ? "; nearest: " : ": make it a folder with its openapi.json",
                   near ? near : "");
}

/* Loads the contracts, which tell task ids and what to redact. Recording also works without a
 * fixtures folder, unless one was named; a folder that does not load is an error in any case. */
static int know_contracts(struct recorder *r, const char *dir, struct fixtures **fixtures,
                          struct err *e)
{
    char found[FILE_PATH_MAX];
    if (!dir && fixtures_find(NULL, found, NULL))
        return 0;
    int code = lifecycle_load_fixtures(dir, fixtures, e);
    if (!code)
        code = router_open(*fixtures, NULL, &r->router, e);
    for (uint32_t i = 0; !code && i < r->count; i++)
        code = know_contract(&r->upstreams[i], *fixtures, e);
    return code;
}

static void print_report(const struct err *e, void *arg)
{
    (void)arg;
    output_complain("mockserver: not recorded", e);
}

static int record_until_told(struct recorder *r, const struct record_options *o, struct err *e)
{
    struct wire_service service = recorder_service(r);
    struct wire_options options = {.listen = o->listen, .threads = RECORD_THREADS};
    struct wire *wire = NULL;
    int code = wire_serve(&service, r->clock, &options, &wire, e);
    if (code)
        return code;
    code = lifecycle_ready(wire, o->port_file, o->json, e);
    if (!code)
        lifecycle_until_told();
    wire_close(wire, LIFECYCLE_DRAIN_MS);
    return code;
}

/* Opens the folder, records until a signal comes, and says what was not recorded. */
static int record(struct recorder *r, const struct record_options *o, struct err *e)
{
    struct record_writer_options options = {
        .dir = o->out, .router = r->router, .report = print_report};
    int code = record_writer_open(&options, &r->writer, e);
    if (!code)
        code = recorder_learn(r, e);
    if (!code)
        code = record_until_told(r, o, e);
    uint64_t lost = record_writer_close(r->writer);
    if (!code && lost > 0)
        code = err_set(e, ERR_LIMIT, o->out, "%llu %s not recorded", (unsigned long long)lost,
                       text_count_word(lost, "exchange was", "exchanges were"));
    return code;
}

int record_command(int argc, char **argv, struct err *e)
{
    struct record_options o;
    struct args_rest rest;
    struct recorder recorder = {.clock = clock_real()};
    struct fixtures *fixtures = NULL;

    int code = read_options(argc, argv, &o, &rest, e);
    if (code || rest.help)
        return code;
    code = check_options(&o, &rest, e);
    for (int i = 0; !code && i < rest.count; i++)
        code = recorder_add(&recorder, rest.words[i], e);
    if (code)
        return code;
    lifecycle_block_signals();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
    recorder.fetch = (struct fetch_options){o.use_proxy, o.ca};
    code = fetch_open(e);
    if (!code)
        code = know_contracts(&recorder, o.fixtures, &fixtures, e);
    if (!code)
        code = record(&recorder, &o, e);
    router_close(recorder.router);
    if (fixtures)
        fixtures_free(fixtures);
    fetch_close();
    return code;
}
