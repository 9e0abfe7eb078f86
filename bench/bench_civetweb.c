/* A peer of the mock: CivetWeb as wire_civet.c sets it up, with one constant answer and nothing behind it.
 *
 *   bench_civetweb ANSWER_FILE
 *
 * The file holds the answer as it goes over the wire, head and all; bench/peers writes what the mock answered into
 * it. Listens on a free port of 127.0.0.1 and says so in one line, as mockserver does. A signal ends it at once:
 * mg_stop would take up to two seconds. */
#include "base/err.h"
#include "base/file.h"

#include <civetweb.h>
#include <stdio.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 << 10 };

/* Called in CivetWeb's worker threads. The answer was read before they started and never changes. */
static int begin_request(struct mg_connection *conn)
{
    const struct buf *answer = mg_get_user_data(mg_get_context(conn));
    mg_write(conn, answer->p, answer->n);
    return 200;
}

/* The options are those of wire_civet.c at mockserver's default settings: else the ratio would measure them. */
static struct mg_context *start(struct buf *answer)
{
    const char *options[] = {
        "listening_ports",
        "127.0.0.1:0",
        "num_threads",
        "128",
        "max_request_size",
        "16384",
        "connection_queue",
        "1024",
        "listen_backlog",
        "1024",
        "tcp_nodelay",
        "1",
        "enable_keep_alive",
        "yes",
        "keep_alive_timeout_ms",
        "60000",
        "request_timeout_ms",
        "30000",
        "decode_url",
        "no",
        "decode_query_string",
        "no",
        "enable_directory_listing",
        "no",
        "enable_auth_domain_check",
        "no",
        "access_control_allow_origin",
        "",
        "access_control_allow_methods",
        "",
        "access_control_allow_headers",
        "",
        NULL,
    };
    struct mg_callbacks callbacks = {.begin_request = begin_request};
    return mg_start(&callbacks, answer, options);
}

/* Does not return once it serves. */
static int serve(struct buf *answer)
{
    struct mg_server_port bound;
    struct mg_context *context = start(answer);
    if (!context || mg_get_server_ports(context, 1, &bound) != 1) {
        fputs("bench_civetweb: cannot listen\n", stderr);
        return 1;
    }
    printf("listening on http://127.0.0.1:%d\n", bound.port);
    fflush(stdout);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    struct buf answer;
    struct err e;
    if (argc != 2) {
        fputs("usage: bench_civetweb ANSWER_FILE\n", stderr);
        return 2;
    }
    buf_init(&answer, ANSWER_MAX);
    if (file_read(argv[1], &answer, &e)) {
        fprintf(stderr, "bench_civetweb: %s %s\n", e.where, e.what);
        return 1;
    }
    return serve(&answer);
}
