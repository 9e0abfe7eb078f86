/* The wire on CivetWeb. No other file includes it.
 *
 * CivetWeb calls begin_request on a worker thread for each request whose head it has parsed.
 * Each worker thread has a struct worker of its own, so only the counters and flags in struct
 * wire are shared, and they are atomic. */
#include "wire.h"

#include "mockserver/answer/answer.h"
#include "mockserver/message/framing.h"
#include "wire_guard.h"
#include "wire_play.h"
#include "wire_socket.h"

#include <civetweb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    WIRE_HEAD_MAX = 16 << 10,   /* bytes of a request's line and headers */
    WIRE_KEEP_BYTES = 64 << 10, /* of memory a thread keeps between requests */
    WIRE_READ_BYTES = 16 << 10,
    WIRE_LOG_MAX = 256,
    FD_UNKNOWN = -2
};

struct wire {
    struct wire_service service;
    struct clock *clock;
    struct clock *clients;   /* NULL: as clock */
    struct wire_watch watch; /* all zero: nobody */
    struct mg_context *context;
    char address[WIRE_ADDRESS_MAX];
    int port;
    int placeholder_fd; /* an eventfd that replaces the listener when the wire closes */
    uint32_t threads;
    uint32_t patience_ms;
    struct watchman guard;
    atomic_uint connections; /* that hold a thread */
    atomic_uint under_way;   /* requests between begin_request and its return */
    atomic_uint malformed;   /* messages that were no HTTP */
    atomic_bool draining;    /* wire_close has begun: each answer closes its connection */
    atomic_bool stopping;    /* drain_ms are over: waits end at once */
    pthread_mutex_t lock;    /* for what follows */
    uint32_t began;          /* threads that the watch was told of */
    pthread_cond_t has_begun;
    pthread_cond_t idle;    /* signalled when under_way falls to 0 while draining */
    char log[WIRE_LOG_MAX]; /* CivetWeb's first error message while starting */
    atomic_bool started;
};

/* The memory of one worker thread, reused for each request: made by init_thread, freed by
 * exit_thread. */
struct worker {
    struct plan plan;
    struct buf target;
    struct buf body;
    struct guarded guarded;
    struct buf spare; /* an answer whose head had to be changed */
    /* The time just before the last write. Taken after it, the thread may be scheduled late, and
     * a quick client would seem to poll again before its answer had ended. */
    int64_t sent_ms;
    bool refused; /* http_error has answered: the connection gets no other answer */
    uint16_t
        watched_port; /* the client's, once the watch was told of the connection; 0: it was not */
    /* Of the answer being played, on a clock with alarms. */
    const struct play *play;
    int fd;               /* of the connection; FD_UNKNOWN: not looked for; -1: not found */
    int64_t gone_ms;      /* the client ended the connection; 0: it did not */
    uint64_t sent_before; /* play->sent_bytes then */
    struct message request;
    struct header headers[MESSAGE_HEADERS_MAX];
};

static struct wire *wire_of(const struct mg_connection *conn)
{
    return mg_get_user_data(mg_get_context(conn));
}

/* -- One request ------------------------------------------------------------------------------ */

/* False when something was skipped before the first header. CivetWeb skips blanks and blank lines
 * there, where a proxy in front may have seen the end of the head or a folded line. It writes NULs
 * over them: the two of CRLF, or without headers the four of two CRLFs, are right. */
static bool first_line_ends_once(const struct mg_request_info *ri)
{
    const char *end = ri->http_version + strlen(ri->http_version);
    if (ri->num_headers > 0)
        return ri->http_headers[0].name - end == 2;
    return end - ri->request_method < WIRE_HEAD_MAX - 4 && memcmp(end, "\0\0\0", 4) == 0;
}

/* False when CivetWeb has dropped or changed header lines. Its parser stops without an error at
 * the first line that it cannot parse, such as a folded one, and ignores the rest. It writes a
 * NUL at the end of each name and value in its buffer: the bytes behind the last value show
 * whether the empty line came next. It also accepts blanks before a colon, which RFC 9112 §5.1
 * forbids: then two NULs follow the name. */
static bool headers_are_whole(const struct mg_request_info *ri)
{
    if (!first_line_ends_once(ri))
        return false;
    for (int i = 0; i < ri->num_headers; i++) {
        const char *name = ri->http_headers[i].name;
        const char *colon = name + strlen(name);
        if (colon + 1 < ri->http_headers[i].value && colon[1] == '\0')
            return false;
    }
    if (ri->num_headers == 0)
        return true;
    const char *last = ri->http_headers[ri->num_headers - 1].value;
    const char *end = last + strlen(last);
    return end[1] == '\0' && end - ri->request_method < WIRE_HEAD_MAX - 2 && end[2] == '\r';
}

/* Fills the message from what CivetWeb has parsed. The texts stay valid until the callback that
 * serves the request returns. has_query_apart: CivetWeb has cut the query off request_uri, as it
 * does before begin_request; else query_string is still that of the request before. */
static void receive_head(const struct mg_request_info *ri, bool has_query_apart,
                         struct worker *worker)
{
    struct message *request = &worker->request;
    buf_reset(&worker->target);
    buf_add_text(&worker->target, ri->request_uri);
    if (has_query_apart && ri->query_string) {
        buf_add_char(&worker->target, '?');
        buf_add_text(&worker->target, ri->query_string);
    }
    for (int i = 0; i < ri->num_headers; i++) {
        worker->headers[i].name = span_of(ri->http_headers[i].name);
        worker->headers[i].value = span_trim(span_of(ri->http_headers[i].value));
    }
    request->method = span_of(ri->request_method);
    request->target_text = buf_span(&worker->target);
    request->headers = worker->headers;
    request->header_count = (size_t)ri->num_headers;
}

/* Reads the body, whose length *framing knows, after a "100 Continue" when the client waits for
 * one. When it is too long or ends early *framing becomes a refusal. */
static void receive_body(struct mg_connection *conn, struct worker *worker,
                         struct framing_verdict *framing)
{
    char bytes[WIRE_READ_BYTES];
    struct watchman *guard = &wire_of(conn)->guard;
    int n = 1;
    buf_reset(&worker->body);
    if (!framing->chunked && framing->length == 0)
        return;
    if (framing->expects_go)
        mg_write(conn, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    guard_begin(guard, &worker->guarded, mg_get_request_info(conn)->remote_port, true);
    while (n > 0 && !worker->body.broken
           && (framing->chunked || worker->body.n < framing->length)) {
        n = mg_read(conn, bytes, sizeof bytes);
        if (n > 0)
            buf_add(&worker->body, bytes, (size_t)n);
    }
    if (guard_end(guard, &worker->guarded)) {
        framing->status = 408;
        framing->why = "a request body that took too long to come";
    } else if (worker->body.broken) {
        framing->status = 413;
        framing->why = "a request body of more than 1048576 bytes";
    } else if (n < 0 || (!framing->chunked && worker->body.n < framing->length)) {
        framing->status = 400;
        framing->why = "a request body that did not come whole";
    }
}

/* Makes the plan of a refusal: a small JSON body, then close. */
static void refuse(struct plan *plan, int status, const char *why)
{
    answer_error(plan, status, NULL, "the door refuses %s", why);
    plan_end(plan, ACT_CLOSE);
}

/* play.send. One mg_write for many bytes: each call is a system call. Returns 0 when the client has
 * gone. */
static size_t send_bytes(void *arg, const void *bytes, size_t n)
{
    struct worker *worker = mg_get_thread_pointer(arg);
    struct watchman *guard = &wire_of(arg)->guard;
    worker->sent_ms = clock_now(wire_of(arg)->clock);
    guard_begin(guard, &worker->guarded, mg_get_request_info(arg)->remote_port, false);
    int sent = mg_write(arg, bytes, n);
    guard_end(guard, &worker->guarded);
    return sent > 0 ? (size_t)sent : 0;
}

/* Waits, and notes when the client ends the connection meanwhile. It may go on reading: whether it
 * does shows when something is sent (gave_up). On a clock that goes by events alone, where it is
 * worth to be exact. */
static void wait_and_watch(struct wire *w, const struct mg_connection *conn, int64_t ms)
{
    struct worker *worker = mg_get_thread_pointer(conn);
    int64_t until_ms = clock_now(w->clock) + ms;
    if (worker->fd == FD_UNKNOWN)
        worker->fd = socket_find(w->port, mg_get_request_info(conn)->remote_port);
    if (worker->gone_ms == 0 && worker->fd >= 0 && clock_wait_or_readable(w->clock, ms, worker->fd)
        && socket_has_end(worker->fd)) {
        worker->gone_ms = clock_now(w->clock);
        worker->sent_before = worker->play->sent_bytes;
    }
    clock_wait(w->clock, until_ms - clock_now(w->clock));
}

/* True when the client was gone before the answer ended: nothing was sent since, or in vain. */
static bool gave_up(const struct worker *worker)
{
    return worker->gone_ms != 0
        && (worker->play->sent_bytes == worker->sent_before || socket_is_dead(worker->fd));
}

/* play.wait: waits on the mock's clock; where that is tied to real time in slices of 50 real
 * milliseconds, so that wire_close need not wait for a long delay to end. False when the wire is
 * stopping: the rest of the plan is then not sent. */
static bool wait_unless_stopping(void *arg, int64_t ms)
{
    struct wire *w = wire_of(arg);
    if (clock_has_alarms(w->clock)) {
        wait_and_watch(w, arg, ms);
        return !atomic_load(&w->stopping);
    }
    int64_t slice_ms = w->clock->speed ? 50 * (int64_t)w->clock->speed : ms;
    int64_t until_ms = clock_now(w->clock) + ms;
    for (int64_t left = ms; left > 0 && !atomic_load(&w->stopping);) {
        clock_wait(w->clock, left < slice_ms ? left : slice_ms);
        left = w->clock->speed ? until_ms - clock_now(w->clock) : 0;
    }
    return !atomic_load(&w->stopping);
}

static void close_after(void *arg)
{
    mg_disable_connection_keep_alive(arg);
}

static void reset_now(void *arg)
{
    socket_reset(wire_of(arg)->port, mg_get_request_info(arg)->remote_port);
}

/* True when three quarters of the threads hold a connection. CivetWeb gives a thread to a connection for as long as
 * it is kept alive; while this is true each answer closes its connection, so that clients who wait for a thread get
 * one. Called by every worker thread, before it sends an answer. */
static bool is_saturated(struct wire *w)
{
    return atomic_load(&w->connections) > w->threads - (w->threads + 3) / 4;
}

/* True when CivetWeb ends the connection after the answer, whatever we decide: it takes "Upgrade"
 * in a Connection line for a change of protocol, unless it is one to HTTP/2, which it ignores, as
 * we do. */
static bool ends_by_civetweb(const struct mg_request_info *ri, const struct message *request)
{
    bool wants = false, to_http2 = false;
    for (int i = 0; i < ri->num_headers; i++) {
        const char *value = ri->http_headers[i].value;
        if (span_is_nocase(request->headers[i].name, "Connection"))
            wants |= strcasestr(value, "upgrade") != NULL;
        else if (span_is_nocase(request->headers[i].name, "Upgrade"))
            to_http2 = strcasestr(value, "h2") && !strcasestr(value, "websocket");
    }
    return wants && !to_http2;
}

/* After a request CivetWeb looks for a Connection line, and closes unless the first one says
 * keep-alive. The framing check has decided that already, so CivetWeb is not to find the line: its
 * name is emptied in CivetWeb's own buffer. */
static void hide_connection_lines(const struct mg_request_info *ri, const struct message *request)
{
    for (int i = 0; i < ri->num_headers; i++)
        if (span_is_nocase(request->headers[i].name, "Connection"))
            *(char *)ri->http_headers[i].name = '\0';
}

/* Receives one request, asks the service, plays the plan. Returns the status of the answer,
 * which is all that CivetWeb wants to know of a request that has been handled; 499 when nothing
 * was sent. */
static int serve_request(struct wire *w, struct mg_connection *conn, bool has_query_apart,
                         struct worker *worker)
{
    const struct mg_request_info *ri = mg_get_request_info(conn);
    struct message *request = &worker->request;
    struct framing_verdict framing;
    bool headers_whole = headers_are_whole(ri);

    receive_head(ri, has_query_apart, worker);
    framing_check(request, strcmp(ri->http_version, "1.0") == 0, &framing);
    if (framing.status == 0)
        framing_check_line(request, &framing);
    if (framing.status == 0 && !headers_whole) {
        framing.status = 400;
        framing.why = "a folded or malformed header line";
    }
    if (framing.status == 0)
        receive_body(conn, worker, &framing);

    request->client_ms = w->clients ? clock_now(w->clients) : 0;
    worker->sent_ms = clock_now(w->clock);
    if (framing.status) {
        refuse(&worker->plan, framing.status, framing.why);
    } else {
        request->body = buf_span(&worker->body);
        message_open(request);
        w->service.answer(w->service.arg, request, worker->sent_ms, &worker->plan);
        message_close(request);
    }

    struct play play = {
        .arg = conn,
        .send = send_bytes,
        .wait = wait_unless_stopping,
        .close = close_after,
        .reset = reset_now,
        .head_only = span_is(request->method, "HEAD"),
        .last = framing.close_after || !has_query_apart || ends_by_civetweb(ri, request)
            || is_saturated(w) || atomic_load(&w->draining),
        .spare = &worker->spare,
    };
    worker->play = &play;
    worker->fd = FD_UNKNOWN;
    worker->gone_ms = 0;
    play_plan(&play, &worker->plan);
    if (gave_up(worker)) {
        worker->sent_ms = worker->gone_ms;
        play.sent_bytes = worker->sent_before;
        play.complete = false;
    }
    worker->play = NULL;
    if (!framing.status && w->service.played)
        w->service.played(w->service.arg, &worker->plan, worker->sent_ms, play.sent_bytes,
                          play.complete);
    hide_connection_lines(ri, request);
    return worker->plan.status ? worker->plan.status : 499;
}

/* Frees the buffers that one large request has grown, so that many threads do not keep
 * megabytes. */
static void worker_tidy(struct worker *worker)
{
    struct buf *buffers[] = {&worker->target, &worker->body, &worker->spare};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        if (buffers[i]->room > WIRE_KEEP_BYTES)
            buf_fini(buffers[i]);
    if (worker->plan.answer.room > WIRE_KEEP_BYTES)
        buf_fini(&worker->plan.answer);
}

/* CivetWeb tells the ports of a connection only while it has a request. */
static void tell_watch(struct wire *w, const struct mg_connection *conn, struct worker *worker)
{
    if (!w->watch.connected || worker->watched_port != 0)
        return;
    worker->watched_port = (uint16_t)mg_get_request_info(conn)->remote_port;
    w->watch.connected(w->watch.arg, (uint16_t)w->port, worker->watched_port);
}

/* Serves one request on the connection's thread. Without memory for a worker the connection is
 * closed without an answer. The last request to end while the wire drains wakes wire_close; it
 * signals under the lock, or drain could miss it between its check and its wait. */
static int serve(struct mg_connection *conn, bool has_query_apart)
{
    struct wire *w = wire_of(conn);
    struct worker *worker = mg_get_thread_pointer(conn);
    atomic_fetch_add(&w->under_way, 1);
    int status = 500;
    if (worker) {
        tell_watch(w, conn, worker);
        status = serve_request(w, conn, has_query_apart, worker);
        worker_tidy(worker);
    } else {
        mg_disable_connection_keep_alive(conn);
    }
    if (atomic_fetch_sub(&w->under_way, 1) == 1 && atomic_load(&w->draining)) {
        pthread_mutex_lock(&w->lock);
        pthread_cond_signal(&w->idle);
        pthread_mutex_unlock(&w->lock);
    }
    return status;
}

/* CivetWeb's begin_request callback: for all requests whose target it takes for a path of its
 * own. */
static int begin_request(struct mg_connection *conn)
{
    return serve(conn, true);
}

/* CivetWeb's connection_close callback, its last call before it closes, on the connection's thread
 * and with the socket still open. A request whose target is no path of its own, such as
 * "http://api.example.com/x" or "*", CivetWeb parses and then closes the connection, without
 * calling begin_request: it is answered here, as the last one of its connection. */
static void connection_close(const struct mg_connection *conn)
{
    const struct mg_request_info *ri = mg_get_request_info(conn);
    const struct worker *worker = mg_get_thread_pointer(conn);
    if (worker && !worker->refused && ri && ri->request_method && !ri->local_uri_raw)
        serve((struct mg_connection *)conn, false);
}

/* -- CivetWeb's other calls ------------------------------------------------------------------- */

static void begin_thread(struct wire *w)
{
    if (!w->watch.thread_began)
        return;
    w->watch.thread_began(w->watch.arg);
    pthread_mutex_lock(&w->lock);
    w->began++;
    pthread_cond_signal(&w->has_begun);
    pthread_mutex_unlock(&w->lock);
}

/* A thread that the watch does not know of yet would be one that has something to do behind its
 * back. Beside the workers there is one that accepts. */
static void await_threads(struct wire *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->watch.thread_began && w->began < w->threads + 1)
        pthread_cond_wait(&w->has_begun, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

/* CivetWeb calls it at the start of each of its threads. type 1 is a worker; the listener and
 * master threads need no memory. NULL when there is none: begin_request then refuses. */
static void *init_thread(const struct mg_context *context, int type)
{
    struct wire *w = mg_get_user_data(context);
    begin_thread(w);
    struct worker *worker = type == 1 ? malloc(sizeof *worker) : NULL;
    if (!worker)
        return NULL;
    worker->watched_port = 0;
    plan_init(&worker->plan);
    buf_init(&worker->target, WIRE_HEAD_MAX + 1);
    buf_init(&worker->body, MESSAGE_BODY_MAX);
    buf_init(&worker->spare, PLAN_ANSWER_MAX + 64);
    guard_add(&w->guard, &worker->guarded);
    return worker;
}

static void exit_thread(const struct mg_context *context, int type, void *pointer)
{
    struct worker *worker = pointer;
    struct wire *w = mg_get_user_data(context);
    if (w->watch.thread_ended)
        w->watch.thread_ended(w->watch.arg);
    if (type != 1 || !worker)
        return;
    guard_remove(&w->guard, &worker->guarded);
    plan_fini(&worker->plan);
    buf_fini(&worker->target);
    buf_fini(&worker->body);
    buf_fini(&worker->spare);
    free(worker);
}

static int init_connection(const struct mg_connection *conn, void **data)
{
    struct worker *worker = mg_get_thread_pointer(conn);
    (void)data;
    if (worker)
        worker->refused = false;
    atomic_fetch_add(&wire_of(conn)->connections, 1);
    return 0;
}

static void connection_closed(const struct mg_connection *conn)
{
    struct wire *w = wire_of(conn);
    struct worker *worker = mg_get_thread_pointer(conn);
    if (worker && worker->watched_port != 0) {
        w->watch.disconnected(w->watch.arg, (uint16_t)w->port, worker->watched_port);
        worker->watched_port = 0;
    }
    atomic_fetch_sub(&w->connections, 1);
}

/* What CivetWeb itself refuses: requests that it cannot parse. Called on the connection's
 * thread; CivetWeb closes the connection after. A target that it dislikes is left to
 * connection_close: everything else has been parsed. */
static int http_error(struct mg_connection *conn, int status, const char *message)
{
    struct worker *worker = mg_get_thread_pointer(conn);
    struct plan plan;
    if (worker && strcmp(message, "Invalid URI") == 0)
        return 0;
    if (worker)
        worker->refused = true;
    plan_init(&plan);
    if (strcmp(message, "Malformed message") == 0) {
        atomic_fetch_add(&wire_of(conn)->malformed, 1);
        message = "what is not HTTP, not finished, or has a head of more than 16384 bytes";
    }
    refuse(&plan, status == 411 ? 400 : status, message);
    mg_write(conn, plan.answer.p, plan.answer.n);
    mg_disable_connection_keep_alive(conn);
    plan_fini(&plan);
    return 0;
}

/* Keeps CivetWeb's first message until the server has started: it says why a start failed.
 * Returns 1, so that CivetWeb writes nothing itself. */
static int log_message(const struct mg_connection *conn, const char *message)
{
    struct wire *w = wire_of(conn);
    if (w && !atomic_load(&w->started) && !w->log[0])
        snprintf(w->log, sizeof w->log, "%s", message);
    return 1;
}

/* -- Open and close --------------------------------------------------------------------------- */

/* Starts CivetWeb and learns which port it got. On error the caller stops it. The options switch
 * off what CivetWeb would do by itself: decode URLs, list folders, add CORS headers. */
static int start(struct wire *w, const char *host, int port, struct err *e)
{
    char listen[WIRE_ADDRESS_MAX], threads[16], head_bytes[16], text[WIRE_LOG_MAX] = "";
    char patience[16];
    snprintf(listen, sizeof listen, "%s:%d", host, port);
    snprintf(threads, sizeof threads, "%u", (unsigned)w->threads);
    snprintf(head_bytes, sizeof head_bytes, "%d", WIRE_HEAD_MAX);
    snprintf(patience, sizeof patience, "%u", (unsigned)w->patience_ms);
    const char *options[] = {
        "listening_ports",
        listen,
        "num_threads",
        threads,
        "max_request_size",
        head_bytes,
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
        patience,
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
    struct mg_callbacks callbacks = {
        .begin_request = begin_request,
        .http_error = http_error,
        .log_message = log_message,
        .init_thread = init_thread,
        .exit_thread = exit_thread,
        .init_connection = init_connection,
        .connection_close = connection_close,
        .connection_closed = connection_closed,
    };
    struct mg_init_data init = {
        .callbacks = &callbacks, .user_data = w, .configuration_options = options};
    struct mg_error_data failure = {.text = text, .text_buffer_size = sizeof text};
    struct mg_server_port bound;

    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* its generator is everybody's */
    pthread_mutex_lock(&one);
    w->context = mg_start2(&init, &failure);
    pthread_mutex_unlock(&one);
    atomic_store(&w->started, true);
    if (!w->context)
        return err_set(e, ERR_NETWORK, listen, "%s", w->log[0] ? w->log : text);
    if (mg_get_server_ports(w->context, 1, &bound) != 1)
        return err_set(e, ERR_NETWORK, listen, "cannot tell the port");
    w->port = bound.port;
    socket_await_bytes(w->port);
    if (!guard_start(&w->guard, w->port))
        return err_set(e, ERR_NETWORK, listen, "cannot start a thread");
    snprintf(w->address, sizeof w->address, "http://%s:%d", host, bound.port);
    return 0;
}

static void wire_free(struct wire *w)
{
    guard_fini(&w->guard);
    if (w->placeholder_fd >= 0)
        close(w->placeholder_fd);
    pthread_cond_destroy(&w->has_begun);
    pthread_cond_destroy(&w->idle);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

int wire_serve(const struct wire_service *service, struct clock *clock,
               const struct wire_options *options, struct wire **out, struct err *e)
{
    const char *listen = options && options->listen ? options->listen : "127.0.0.1:0";
    uint32_t threads = options && options->threads ? options->threads : WIRE_THREADS_DEFAULT;
    char host[SOCKET_HOST_MAX];
    int port;
    pthread_condattr_t attr;

    *out = NULL;
    if (!socket_read_address(listen, host, &port))
        return err_set(e, ERR_USAGE, listen,
                       "not an address and a port, as 127.0.0.1:8080 or [::1]:0");
    if (threads > WIRE_THREADS_MAX)
        return err_set(e, ERR_USAGE, NULL, "%u threads are more than %d", (unsigned)threads,
                       WIRE_THREADS_MAX);
    struct wire *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a wire");
    w->service = *service;
    w->clock = clock;
    w->clients = options ? options->clients : NULL;
    if (options && options->watch)
        w->watch = *options->watch;
    w->threads = threads;
    w->patience_ms = options && options->patience_ms ? options->patience_ms : WIRE_PATIENCE_MS;
    guard_init(&w->guard, w->patience_ms);
    w->placeholder_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->idle, &attr);
    pthread_condattr_destroy(&attr);
    pthread_cond_init(&w->has_begun, NULL);
    pthread_mutex_init(&w->lock, NULL);

    int code = start(w, host, port, e);
    if (code) {
        if (w->context)
            mg_stop(w->context);
        wire_free(w);
        return code;
    }
    await_threads(w);
    *out = w;
    return 0;
}

uint32_t wire_malformed(const struct wire *w)
{
    return atomic_load(&w->malformed);
}

const char *wire_address(const struct wire *w)
{
    return w->address;
}

/* Waits until no request is being answered, at most drain_ms real milliseconds: idle's condition
 * uses the monotonic clock. */
static void drain(struct wire *w, uint32_t drain_ms)
{
    int64_t until_ns = clock_ticks_ns() + (int64_t)drain_ms * 1000000;
    struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                             .tv_nsec = (long)(until_ns % 1000000000)};
    int timed_out = 0;
    pthread_mutex_lock(&w->lock);
    while (atomic_load(&w->under_way) > 0 && timed_out == 0)
        timed_out = pthread_cond_timedwait(&w->idle, &w->lock, &until);
    pthread_mutex_unlock(&w->lock);
}

void wire_close(struct wire *w, uint32_t drain_ms)
{
    if (!w)
        return;
    /* The order matters: mg_stop cuts answers that are being sent, so new connections end first,
     * then the answers get their time, then the waits, then the threads. */
    atomic_store(&w->draining, true);
    int listener = socket_unlisten(w->port, w->placeholder_fd);
    drain(w, drain_ms);
    atomic_store(&w->stopping, true);
    /* mg_stop waits for CivetWeb's threads, which look at its stop flag every 2 s or when a
     * socket becomes readable. So end the reading of every connection, and wake the thread that
     * polls the listener. */
    socket_stop_reading(w->port);
    eventfd_write(w->placeholder_fd, 1);
    socket_wake(listener);
    mg_stop(w->context);
    wire_free(w);
}
