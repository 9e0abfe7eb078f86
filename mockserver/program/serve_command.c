/* mockserver serve: fixtures, a clock, the mock and its admin on a wire, until a signal comes. */
#include "mockserver/admin/admin.h"
#include "commands.h"
#include "lifecycle.h"
#include "mockserver/wire/wire.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SERVE_SECRET_MAX = 4096, SERVE_LINE_MAX = 1024, PORT_UNSET = -1 };

struct serve_options {
    struct args_list fixtures;
    const char *listen, *port_file, *clock, *upstream, *token, *secret_file;
    struct args_list hosts;
    char on_port[32]; /* what --port makes of --listen */
    int64_t speed, seed, journal_bytes, threads, port;
    bool strict, no_auth, json, quiet;
};

static int set_listen(struct serve_options *o, struct err *e)
{
    if (o->listen && o->port != PORT_UNSET)
        return err_set(e, ERR_USAGE, "--port",
                       "--listen names a port already; give one of the two");
    snprintf(o->on_port, sizeof o->on_port, "127.0.0.1:%d",
             o->port == PORT_UNSET ? 8080 : (int)o->port);
    if (!o->listen)
        o->listen = o->on_port;
    return 0;
}

static int read_options(int argc, char **argv, struct serve_options *o, bool *help, struct err *e)
{
    *o = (struct serve_options){.port = PORT_UNSET,
                                .clock = "real",
                                .speed = 1,
                                .seed = 1,
                                .journal_bytes = JOURNAL_BYTES_DEFAULT,
                                .threads = WIRE_THREADS_DEFAULT};
    const struct args_option table[] = {
        {"--fixtures", 0, ARGS_LIST, &o->fixtures, 0, 0, "DIR",
         "the folder of upstreams (default ./fixtures, else the installed one); may be given again "
         "to "
         "add packs"},
        {"--listen", 0, ARGS_TEXT, &o->listen, 0, 0, "ADDR",
         "address and port; port 0 picks a free one (default 127.0.0.1:8080)"},
        {"--port", 0, ARGS_INT, &o->port, 0, 65535, "N",
         "short for --listen 127.0.0.1:N (default none)"},
        {"--port-file", 0, ARGS_TEXT, &o->port_file, 0, 0, "FILE",
         "write the port here when ready"},
        {"--speed", 0, ARGS_INT, &o->speed, 1, 100000, "N",
         "the mock's seconds pass N times faster (default 1)"},
        {"--clock", 0, ARGS_TEXT, &o->clock, 0, 0, "KIND",
         "real; manual: moved by POST /_mock/clock; auto: moved by polls too (default real)"},
        {"--default", 0, ARGS_TEXT, &o->upstream, 0, 0, "UPSTREAM",
         "who answers a bare path whose task no scenario claims (default none)"},
        {"--strict", 0, ARGS_SWITCH, &o->strict, 0, 0, NULL,
         "a task that no scenario claims is not found (default: scenario success)"},
        {"--token", 0, ARGS_TEXT, &o->token, 0, 0, "TOKEN",
         "the one bearer token accepted (default any)"},
        {"--secret-file", 0, ARGS_TEXT, &o->secret_file, 0, 0, "FILE",
         "holds ZEGO's ServerSecret (default the published test secret)"},
        {"--no-auth", 0, ARGS_SWITCH, &o->no_auth, 0, 0, NULL,
         "accept requests without credentials too (default off)"},
        {"--seed", 0, ARGS_INT, &o->seed, 0, INT64_MAX, "N", "of faults and stamps (default 1)"},
        {"--journal-bytes", 0, ARGS_INT, &o->journal_bytes, 64 << 10, (int64_t)1 << 40, "N",
         "memory for the journal (default 67108864)"},
        {"--threads", 0, ARGS_INT, &o->threads, 1, WIRE_THREADS_MAX, "N",
         "connections served at once (default 128)"},
        {"--admin-host", 0, ARGS_LIST, &o->hosts, 0, 0, "NAME",
         "another name by which this server may be asked, also for admin pages; may be given again "
         "(default none)"},
        {"--quiet", 0, ARGS_SWITCH, &o->quiet, 0, 0, NULL,
         "no line on standard error for each request that is refused (default off)"},
        {"--json", 0, ARGS_SWITCH, &o->json, 0, 0, NULL,
         "say that it is ready with a JSON object (default a sentence)"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    struct args_rest rest;
    int code = args_read(table, argc, argv, &rest, e);
    if (code)
        return code;
    *help = rest.help;
    if (rest.help) {
        return lifecycle_help("[serve] [OPTION...]", table, e);
    } else if (rest.count > 0 || rest.after) {
        return err_set(e, ERR_USAGE, rest.count ? rest.words[0] : "--", "serve takes options only");
    }
    return set_listen(o, e);
}

static int check_default(const struct fixtures *fixtures, const char *name, struct err *e)
{
    if (!name || fixtures_upstream(fixtures, name))
        return 0;
    const char *nearest = fixtures_nearest_upstream(fixtures, name);
    return err_set(e, ERR_USAGE, "--default", "no upstream %s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "");
}

/* ERR_USAGE unless each --admin-host is a host and nothing more. */
static int check_hosts(const struct args_list *hosts, struct err *e)
{
    for (int i = 0; i < hosts->count; i++)
        if (!hosts_is_name(span_of(hosts->values[i])))
            return err_set(e, ERR_USAGE, "--admin-host",
                           "\"%.100s\" is no host's name; want it without scheme and port, as mock",
                           hosts->values[i]);
    return 0;
}

/* Copies the file's text, blanks at its ends removed, into out, which holds SERVE_SECRET_MAX
 * bytes, and points *secret at it. Does nothing when path is NULL. */
static int read_secret(const char *path, char *out, const char **secret, struct err *e)
{
    struct buf text;
    if (!path)
        return 0;
    buf_init(&text, SERVE_SECRET_MAX - 1);
    int code = file_read_stream(path, &text, e);
    if (!code && !span_copy(span_trim(buf_span(&text)), out, SERVE_SECRET_MAX))
        code = err_set(e, ERR_LIMIT, path, "a secret of more than %d bytes", SERVE_SECRET_MAX - 1);
    if (!code && out[0] == '\0')
        code = err_set(e, ERR_CONTRACT, path, "the secret is empty");
    *secret = out;
    buf_fini(&text);
    return code;
}

/* -- The clock -------------------------------------------------------------------------------- */

struct serve_clock {
    const char *kind;
    struct clock *clock;
    struct clock_scaled scaled;
    struct clock_manual manual;
    bool is_manual; /* or auto, which is one that polls and waits move too */
};

static bool is_auto_clock(const struct serve_options *o)
{
    return strcmp(o->clock, "auto") == 0;
}

static int open_clock(struct serve_clock *c, const struct serve_options *o, struct err *e)
{
    static const char *const kinds[] = {"real", "manual", "auto", NULL};
    const char *nearest = text_nearest(o->clock, kinds);
    bool is_auto = is_auto_clock(o);
    c->is_manual = is_auto || strcmp(o->clock, "manual") == 0;
    if (!c->is_manual && strcmp(o->clock, "real") != 0)
        return err_set(e, ERR_USAGE, "--clock", "no clock %s; there is %s", o->clock,
                       nearest ? nearest : "real, manual and auto");
    if (c->is_manual && o->speed != 1)
        return err_set(e, ERR_USAGE, "--speed", "a clock that is %s has no speed", o->clock);
    if (c->is_manual) {
        int64_t start_ms = clock_now(clock_real());
        if (is_auto)
            clock_manual_init_auto(&c->manual, start_ms);
        else
            clock_manual_init(&c->manual, start_ms);
        c->clock = &c->manual.clock;
        c->kind = is_auto ? "auto" : "manual";
    } else if (o->speed > 1) {
        clock_scaled_init(&c->scaled, (uint32_t)o->speed);
        c->clock = &c->scaled.clock;
        c->kind = "scaled";
    } else {
        c->clock = clock_real();
        c->kind = "real";
    }
    return 0;
}

static void close_clock(struct serve_clock *c)
{
    if (c->is_manual)
        clock_manual_fini(&c->manual);
}

/* -- The service: the admin's pages first, the mock for all else ------------------------------ */

static void answer(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    const struct admin *admin = arg;
    if (admin_owns(admin, request))
        admin_answer(admin, request, now_ms, plan);
    else
        mock_answer(admin->mock, request, now_ms, plan);
    if (admin->manual) /* an auto clock is moved by the poll itself; else it is there already */
        clock_manual_move_to(admin->manual, plan->asked_ms);
}

static void played(void *arg, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                   bool complete)
{
    const struct admin *admin = arg;
    if (plan->seq)
        mock_played(admin->mock, plan, now_ms, sent_bytes, complete);
}

/* mock_options.refused: "mockserver: 404 GET /path: why", in one write. The query may hold a credential and is left out.
 * A reader of standard error that does not keep up loses lines: nobody waits for it. */
static void say_refusal(void *arg, const struct message *request, int status, const char *why)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    struct span path = request->target.origin_form;
    char line[SERVE_LINE_MAX];
    (void)arg;
    path = span_cut(path, 0, span_find(path, '?'));
    int n = snprintf(line, sizeof line - 1, "mockserver: %d %.*s %.*s: %s", status,
                     (int)(request->method.n < 20 ? request->method.n : 20), request->method.p,
                     (int)(path.n < 300 ? path.n : 300), path.p, why);
    size_t length = n < (int)sizeof line - 2 ? (size_t)n : sizeof line - 2;
    for (size_t i = 0; i < length; i++)
        if (line[i] < ' ' || line[i] > '~')
            line[i] = '?';
    line[length++] = '\n';
    pthread_mutex_lock(&one);
    if (poll(&room, 1, 0) == 1 && write(STDERR_FILENO, line, length) < 0)
        room.revents = 0; /* closed: there is nobody to tell */
    pthread_mutex_unlock(&one);
}

static int serve_until_told(struct mock *mock, struct serve_clock *c, const struct serve_options *o,
                            struct err *e)
{
    struct admin admin = {.mock = mock,
                          .clock_kind = c->kind,
                          .speed = (uint32_t)o->speed,
                          .manual = c->is_manual ? &c->manual : NULL};
    struct wire_service service = {.arg = &admin, .answer = answer, .played = played};
    struct wire_options options = {
        .listen = o->listen, .threads = (uint32_t)o->threads, .clients = clock_real()};
    struct wire *wire = NULL;
    int code = wire_serve(&service, c->clock, &options, &wire, e);
    if (code)
        return code;
    code = lifecycle_ready(wire, o->port_file, o->json, e);
    if (!code)
        lifecycle_until_told();
    if (c->is_manual)
        clock_manual_stop(&c->manual); /* no request can move it any more: end the waits on it */
    wire_close(wire, LIFECYCLE_DRAIN_MS);
    return code;
}

int serve_command(int argc, char **argv, struct err *e)
{
    struct serve_options o;
    struct serve_clock clock = {0};
    struct fixtures *fixtures = NULL;
    struct mock *mock = NULL;
    char secret[SERVE_SECRET_MAX] = "";
    bool help = false;

    int code = read_options(argc, argv, &o, &help, e);
    if (code || help)
        return code;
    lifecycle_block_signals();
    struct mock_options options = {
        .default_upstream = o.upstream,
        .auth = {.token = o.token, .no_auth = o.no_auth},
        .strict = o.strict,
        .paced = is_auto_clock(&o),
        .seed = (uint64_t)o.seed,
        .journal_bytes = (size_t)o.journal_bytes,
        .refused = o.quiet ? NULL : say_refusal,
        .hosts = {.listen = o.listen, .names = o.hosts.values, .name_count = o.hosts.count}};
    code = check_hosts(&o.hosts, e);
    if (code)
        return code;
    code = open_clock(&clock, &o, e);
    if (code)
        return code;
    code = read_secret(o.secret_file, secret, &options.auth.secret, e);
    if (!code)
        code = lifecycle_load_folders(&o.fixtures, &fixtures, e);
    if (!code)
        code = check_default(fixtures, o.upstream, e);
    if (!code)
        code = mock_open(fixtures, &options, &mock, e);
    if (!code)
        code = serve_until_told(mock, &clock, &o, e);
    mock_close(mock);
    if (fixtures)
        fixtures_free(fixtures);
    close_clock(&clock);
    return code;
}
