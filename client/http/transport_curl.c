/* The only file of client/ that knows libcurl. An exchange brings a whole reply or an error;
 * libcurl's own repeats, redirects and proxies are off, so that each poll is sent exactly once and
 * to nobody else. */
#include "cancel.h"
#include "http.h"
#include "pool.h"
#include "reader.h"
#include "sockets.h"
#include "client/decode/view.h"

#include "base/file.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_MS = 10000, WAIT_MAX_MS = 1000 };

struct curl_transport {
    struct task_transport transport; /* first: what the caller holds */
    CURL *curl;
    char ca_file[FILE_PATH_MAX]; /* "": the machine's */
    const struct task_cancel *cancel;
    struct reader reader; /* of the exchange under way, as what follows */
    struct curl_slist *headers;
    bool sent;         /* the request went out once */
    struct pool *pool; /* NULL: has a connection of its own */
    CURLM *multi;      /* NULL: the clock has no alarms, and curl_easy_perform does all */
    struct clock_alarm alarm;
    bool connected_now; /* in a pool: during this exchange */
    char what[CURL_ERROR_SIZE];
};

/* One exchange of a pool. When it has ended, its slot is used for another. */
struct slot {
    struct curl_transport *t;
    struct http_reply reply;
    void *owner;
    int64_t due_ms;    /* its time-out, where the clock has alarms; INT64_MAX: none under way */
    struct slot *next; /* of all slots */
    struct slot *next_free;
};

struct pool {
    CURLM *multi;
    struct clock *clock;
    const struct task_cancel *cancel;
    char ca_file[FILE_PATH_MAX];
    struct slot *slots;
    struct slot *free;
    long slot_count;
    struct sockets sockets;
    struct clock_alarm
        alarm;        /* where the clock has them: of the next time-out, or the wait's end */
    int64_t alarm_ms; /* that it is set for; INT64_MAX: none */
};

static void global_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* libcurl calls this when a connection is ready, just before it sends. It would send a request
 * again by itself when a reused connection dies before the first byte of the answer: that would
 * be two polls where the caller made one, and with ZEGO a nonce used twice. The second sending
 * is refused here. */
static int before_sending(void *arg, char *ip, char *local_ip, int port, int local_port)
{
    struct curl_transport *t = arg;
    (void)ip, (void)local_ip, (void)port;
    if (t->pool && !t->connected_now && sockets_spoke(&t->pool->sockets, local_port)) {
        reader_refuse(&t->reader, "something came over the connection before it was asked for");
        return CURL_PREREQFUNC_ABORT;
    }
    if (t->sent) {
        reader_refuse(&t->reader, "the connection was closed before an answer");
        return CURL_PREREQFUNC_ABORT;
    }
    t->sent = true;
    return CURL_PREREQFUNC_OK;
}

/* A short count makes libcurl close the connection, so that nothing that came with what was refused
 * is ever read. */
static size_t on_head(char *bytes, size_t one, size_t n, void *arg)
{
    struct curl_transport *t = arg;
    return reader_head(&t->reader, (struct span){bytes, one * n}) ? one * n : 0;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *arg)
{
    struct curl_transport *t = arg;
    return reader_body(&t->reader, (struct span){bytes, one * n}) ? one * n : 0;
}

/* libcurl calls this at least once a second during an exchange; non-zero ends it. */
static int on_time(void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                   curl_off_t up)
{
    struct curl_transport *t = arg;
    (void)down_total, (void)down, (void)up_total, (void)up;
    if (!t->cancel || !cancel_is_set(t->cancel))
        return 0;
    t->reader.refused = ERR_CANCELLED;
    return 1;
}

/* A time-out of the transport's clock in real milliseconds; at least 1, since 0 means
 * none to libcurl: that is right where the clock has alarms, which do it then. */
static long real_ms(const struct curl_transport *t, int64_t ms)
{
    if (clock_has_alarms(t->transport.clock))
        return 0;
    int64_t speed = t->transport.clock->speed > 1 ? t->transport.clock->speed : 1;
    return ms / speed > 0 ? (long)(ms / speed) : 1;
}

static struct curl_slist *headers_of(const struct http_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list && i < HTTP_HEADERS_MAX && request->headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(list, request->headers[i]);
        if (!longer)
            curl_slist_free_all(list);
        list = longer;
    }
    return list;
}

static CURLcode prepare(struct curl_transport *t, const struct http_request *request)
{
    CURL *c = t->curl;
    bool post = strcmp(request->method, "POST") == 0;
    long timeout_ms = real_ms(t, request->timeout_ms);
    t->headers = headers_of(request);
    if (!t->headers)
        return CURLE_OUT_OF_MEMORY;
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
    if (post) {
        curl_easy_setopt(c, CURLOPT_POST, 1L);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, request->body.p);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
    } else {
        curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                     timeout_ms > 0 && timeout_ms < CONNECT_MS ? timeout_ms : (long)CONNECT_MS);
    return curl_easy_setopt(c, CURLOPT_URL, request->url);
}

static int limit_error(const struct curl_transport *t, struct err *e)
{
    if (t->reader.reply->body.broken == ERR_LIMIT) {
        return err_set(e, ERR_LIMIT, "body", "the answer's body is longer than %d bytes",
                       HTTP_BODY_MAX);
    }
    return err_set(e, ERR_LIMIT, "head", "the answer's head is longer than %d bytes",
                   HTTP_HEAD_MAX);
}

/* libcurl calls a head line beyond its 100 KiB out of memory, and later versions too large. */
static bool is_line_too_long(const struct curl_transport *t, CURLcode rc)
{
    enum { TOO_LARGE = 100 };
    return t->sent && !t->reader.head_done && (rc == CURLE_OUT_OF_MEMORY || (int)rc == TOO_LARGE);
}

/* True for errors that every repeat would meet again: a wrong URL, a bad certificate file, a server
 * whose certificate is not trusted. Other failures of a TLS handshake may be a broken connection;
 * and once the request was sent, the same codes mean an answer that is no HTTP. */
static bool is_permanent(const struct curl_transport *t, CURLcode rc)
{
    static const CURLcode codes[] = {CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,
                                     CURLE_LOGIN_DENIED, CURLE_PEER_FAILED_VERIFICATION,
                                     CURLE_SSL_CACERT_BADFILE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i] == rc)
            return !t->sent;
    return false;
}

static int error_of(const struct curl_transport *t, CURLcode rc, struct err *e)
{
    if (t->reader.refused == ERR_LIMIT || is_line_too_long(t, rc))
        return limit_error(t, e);
    if (t->reader.refused == ERR_MEMORY || rc == CURLE_OUT_OF_MEMORY)
        return err_set(e, ERR_MEMORY, NULL, "out of memory during an exchange");
    if (t->reader.refused == ERR_CANCELLED)
        return err_set(e, ERR_CANCELLED, NULL, "cancelled during an exchange");
    if (t->reader.refused == ERR_NETWORK)
        return err_set(e, ERR_NETWORK, NULL, "%s", t->reader.wrong);
    if (rc == CURLE_OPERATION_TIMEDOUT)
        return err_set(e, ERR_TIMEOUT, NULL, "no whole answer in time: %s", t->what);
    return err_set(e, is_permanent(t, rc) ? ERR_USAGE : ERR_NETWORK, NULL, "%s",
                   t->what[0] != '\0' ? t->what : curl_easy_strerror(rc));
}

/* libcurl reports success when the connection ends inside a head: such a reply is refused here. */
static int check_whole(struct curl_transport *t, struct err *e)
{
    long status = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    if (!t->reader.head_done || status < 200 || status > 999)
        return err_set(e, ERR_NETWORK, NULL, "the connection ended inside the answer's head");
    t->reader.reply->status = (int)status;
    return 0;
}

static void set_once(struct curl_transport *t)
{
    CURL *c = t->curl;
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_MAXCONNECTS, 1L); /* see choose_connection */
    curl_easy_setopt(c, CURLOPT_PROXY, "");       /* not even from the environment */
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L); /* the token stays with its host */
    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L); /* a task may be called ".." */
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (t->ca_file[0] != '\0') {
        curl_easy_setopt(c, CURLOPT_CAINFO, t->ca_file);
        curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(c, CURLOPT_USERAGENT, "taskpoll");
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->what);
    curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, before_sending);
    curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_time);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
}

static void forget_connections(struct curl_transport *t)
{
    if (!t->multi)
        return;
    curl_multi_remove_handle(t->multi, t->curl);
    curl_multi_cleanup(t->multi);
    t->multi = NULL;
}

static curl_socket_t idle_socket(const struct curl_transport *t)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    curl_easy_getinfo(t->curl, CURLINFO_ACTIVESOCKET, &fd);
    return fd;
}

/* Bytes that a server sends between two polls would be taken for the answer to the second: libcurl
 * 7.88 only checks that an idle connection is not closed. So a connection with something to read is
 * closed here, by a new handle, and libcurl keeps no other that it could use. */
static CURLcode choose_connection(struct curl_transport *t)
{
    struct pollfd idle = {.fd = idle_socket(t), .events = POLLIN};
    if (idle.fd != CURL_SOCKET_BAD && poll(&idle, 1, 0) != 0) {
        CURL *curl = curl_easy_init();
        if (!curl)
            return CURLE_OUT_OF_MEMORY;
        forget_connections(t);
        curl_easy_cleanup(t->curl); /* and its connections */
        t->curl = curl;
        set_once(t);
        if (clock_has_alarms(t->transport.clock))
            t->multi = curl_multi_init();
    }
    return curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT,
                            idle_socket(t) == CURL_SOCKET_BAD ? 1L : 0L);
}

static void begin(struct curl_transport *t, const struct http_request *request,
                  struct http_reply *reply)
{
    reader_begin(&t->reader, reply);
    t->cancel = request->cancel;
    t->sent = false;
    t->connected_now = false;
    t->what[0] = '\0';
}

static int end(struct curl_transport *t, CURLcode rc, struct err *e)
{
    int code = rc == CURLE_OK ? check_whole(t, e) : error_of(t, rc, e);
    reader_end(&t->reader, !code);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    return code;
}

static bool has_ended(struct curl_transport *t, CURLcode *rc)
{
    int left;
    const CURLMsg *message = curl_multi_info_read(t->multi, &left);
    if (message)
        *rc = message->data.result;
    return message;
}

/* True when it is to be given up: cancelled, or out of time. */
static bool is_over(struct curl_transport *t, int64_t due_ms, CURLcode *rc)
{
    if (t->cancel && cancel_is_set(t->cancel)) {
        t->reader.refused = ERR_CANCELLED;
        *rc = CURLE_ABORTED_BY_CALLBACK;
        return true;
    }
    if (clock_now(t->transport.clock) < due_ms)
        return false;
    snprintf(t->what, sizeof t->what, "its time is over");
    *rc = CURLE_OPERATION_TIMEDOUT;
    return true;
}

/* As curl_easy_perform, for a clock whose time libcurl cannot follow: its alarm is one more thing
 * that is waited for. The handle stays with its multi handle until the next exchange, so that the
 * idle connection can be looked at; given up, it leaves at once, which ends the connection. */
static CURLcode perform_by_alarm(struct curl_transport *t, const struct http_request *request)
{
    struct clock *clock = t->transport.clock;
    int64_t due_ms = clock_now(clock) + request->timeout_ms;
    struct curl_waitfd also[2] = {{.fd = t->alarm.fd, .events = CURL_WAIT_POLLIN},
                                  {.events = CURL_WAIT_POLLIN}};
    unsigned count = 1;
    CURLcode rc = CURLE_OUT_OF_MEMORY;
    int running;
    if (t->cancel)
        also[count++].fd = cancel_fd(t->cancel);
    clock_alarm_set(clock, &t->alarm, due_ms); /* before a byte is sent: first of equals */
    curl_multi_remove_handle(t->multi, t->curl);
    CURLMcode code = curl_multi_add_handle(t->multi, t->curl);
    while (code == CURLM_OK) {
        code = curl_multi_perform(t->multi, &running);
        if (code != CURLM_OK || has_ended(t, &rc))
            break;
        if (is_over(t, due_ms, &rc)) {
            curl_multi_remove_handle(t->multi, t->curl);
            break;
        }
        code = curl_multi_poll(t->multi, also, count, WAIT_MAX_MS, NULL);
    }
    clock_alarm_clear(clock, &t->alarm);
    return rc;
}

static CURLcode perform(struct curl_transport *t, const struct http_request *request)
{
    if (!clock_has_alarms(t->transport.clock))
        return curl_easy_perform(t->curl);
    return t->multi ? perform_by_alarm(t, request) : CURLE_OUT_OF_MEMORY;
}

static int exchange(struct task_transport *transport, const struct http_request *request,
                    struct http_reply *reply, struct err *e)
{
    struct curl_transport *t = (struct curl_transport *)transport;
    begin(t, request, reply);
    CURLcode rc = choose_connection(t);
    if (rc == CURLE_OK)
        rc = prepare(t, request);
    if (rc == CURLE_OK)
        rc = perform(t, request);
    return end(t, rc, e);
}

static int open_alarm(struct curl_transport *t, struct err *e)
{
    t->alarm.fd = -1;
    if (!clock_has_alarms(t->transport.clock))
        return 0;
    t->multi = curl_multi_init();
    return t->multi ? clock_alarm_open(&t->alarm, e)
                    : err_set(e, ERR_MEMORY, NULL, "out of memory for a transport");
}

int transport_curl_open(struct clock *clock, struct task_transport **out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, global_init);
    *out = NULL;
    struct curl_transport *t = calloc(1, sizeof *t);
    CURL *curl = curl_easy_init();
    if (!t || !curl) {
        curl_easy_cleanup(curl);
        free(t);
        return err_set(e, ERR_MEMORY, NULL, "out of memory for a transport");
    }
    t->transport.exchange = exchange;
    t->curl = curl;
    t->transport.clock = clock ? clock : clock_real();
    set_once(t);
    int code = open_alarm(t, e);
    if (code)
        task_transport_close(&t->transport);
    else
        *out = &t->transport;
    return code;
}

int transport_curl_trust(struct task_transport *transport, const char *ca_file, struct err *e)
{
    struct curl_transport *t = (struct curl_transport *)transport;
    if (!span_copy(span_of(ca_file), t->ca_file, sizeof t->ca_file))
        return err_set(e, ERR_LIMIT, "ca_file", "is longer than %d bytes", FILE_PATH_MAX - 1);
    if (access(ca_file, R_OK) != 0)
        return err_set(e, ERR_FILE, ca_file, "cannot be read");
    set_once(t);
    return 0;
}

int task_transport_open(const char *ca_file, struct task_transport **out, struct task_failure *f)
{
    struct err e;
    int code = transport_curl_open(NULL, out, &e);
    if (!code && ca_file)
        code = transport_curl_trust(*out, ca_file, &e);
    if (code) {
        task_transport_close(*out);
        *out = NULL;
        return failure_from_err(f, &e);
    }
    return 0;
}

void task_transport_close(struct task_transport *transport)
{
    if (transport) {
        struct curl_transport *t = (struct curl_transport *)transport;
        forget_connections(t);
        curl_easy_cleanup(t->curl);
        clock_alarm_close(&t->alarm);
        curl_slist_free_all(t->headers);
        free(t);
    }
}

/* -- Many exchanges at once -------------------------------------------------------------------- */

static curl_socket_t on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct curl_transport *t = arg;
    (void)purpose;
    curl_socket_t fd = sockets_open(&t->pool->sockets, to->family, to->socktype | SOCK_CLOEXEC,
                                    to->protocol);
    t->connected_now = t->connected_now || fd != CURL_SOCKET_BAD;
    return fd;
}

static int on_close_socket(void *arg, curl_socket_t fd)
{
    struct pool *pool = arg;
    return sockets_close(&pool->sockets, fd);
}

static void close_slot(struct slot *s)
{
    task_transport_close(&s->t->transport);
    http_reply_fini(&s->reply);
    free(s);
}

static struct slot *add_slot(struct pool *pool, struct err *e)
{
    struct task_transport *transport;
    struct slot *s = calloc(1, sizeof *s);
    if (!s) {
        err_set(e, ERR_MEMORY, NULL, "out of memory for an exchange");
        return NULL;
    }
    if (transport_curl_open(pool->clock, &transport, e) != 0) {
        free(s);
        return NULL;
    }
    s->t = (struct curl_transport *)transport;
    s->t->pool = pool;
    s->due_ms = INT64_MAX;
    forget_connections(s->t); /* the pool has its own, and one alarm for all */
    clock_alarm_close(&s->t->alarm);
    http_reply_init(&s->reply);
    memcpy(s->t->ca_file, pool->ca_file, sizeof pool->ca_file);
    set_once(s->t);
    curl_easy_setopt(s->t->curl, CURLOPT_PRIVATE, s);
    curl_easy_setopt(s->t->curl, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(s->t->curl, CURLOPT_OPENSOCKETDATA, s->t);
    curl_easy_setopt(s->t->curl, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    curl_easy_setopt(s->t->curl, CURLOPT_CLOSESOCKETDATA, pool);
    s->next = pool->slots;
    pool->slots = s;
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, ++pool->slot_count);
    return s;
}

int pool_start(struct pool *pool, const struct http_request *request, void *owner, struct err *e)
{
    struct slot *s = pool->free ? pool->free : add_slot(pool, e);
    if (!s)
        return ERR_MEMORY;
    if (s == pool->free)
        pool->free = s->next_free;
    s->owner = owner;
    begin(s->t, request, &s->reply);
    s->t->cancel = pool->cancel;
    CURLcode rc = prepare(s->t, request);
    if (rc == CURLE_OK) {
        rc = curl_multi_add_handle(pool->multi, s->t->curl) == CURLM_OK ? CURLE_OK
                                                                        : CURLE_OUT_OF_MEMORY;
    }
    if (rc != CURLE_OK) {
        s->next_free = pool->free;
        pool->free = s;
        return end(s->t, rc, e);
    }
    if (clock_has_alarms(pool->clock))
        s->due_ms = clock_now(pool->clock) + request->timeout_ms;
    return 0;
}

/* Ends the exchange of a slot and frees the slot. */
static void end_slot(struct pool *pool, struct slot *s, CURLcode rc, struct pool_end *out)
{
    out->owner = s->owner;
    out->reply = &s->reply;
    out->e = (struct err){0};
    curl_multi_remove_handle(pool->multi, s->t->curl);
    out->code = end(s->t, rc, &out->e);
    s->due_ms = INT64_MAX;
    s->next_free = pool->free;
    pool->free = s;
}

/* The slot whose time-out comes first; NULL when no exchange of this pool has one. */
static struct slot *first_due(const struct pool *pool)
{
    struct slot *first = NULL;
    for (struct slot *s = pool->slots; s; s = s->next)
        if (s->due_ms < (first ? first->due_ms : INT64_MAX))
            first = s;
    return first;
}

/* Takes one exchange that has ended, if any, or whose time is over on a clock with alarms. */
static bool take_ended(struct pool *pool, struct pool_end *out)
{
    int left;
    struct slot *s;
    const CURLMsg *message = curl_multi_info_read(pool->multi, &left);
    if (message) {
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&s);
        end_slot(pool, s, message->data.result, out);
        return true;
    }
    s = first_due(pool);
    if (!s || s->due_ms > clock_now(pool->clock))
        return false;
    end_slot(pool, s, CURLE_OPERATION_TIMEDOUT, out);
    return true;
}

/* Sets the alarm for the next time-out, or the end of the wait. One that is set so already keeps its
 * place among those that are due at the same time. False when that time has come. */
static bool set_alarm(struct pool *pool, int64_t wait_ms)
{
    const struct slot *first = first_due(pool);
    int64_t now_ms = clock_now(pool->clock);
    int64_t due_ms = wait_ms < INT64_MAX - now_ms ? now_ms + wait_ms : INT64_MAX;
    if (first && first->due_ms < due_ms)
        due_ms = first->due_ms;
    if (due_ms <= now_ms)
        return false;
    if (due_ms != pool->alarm_ms)
        clock_alarm_set(pool->clock, &pool->alarm, due_ms);
    pool->alarm_ms = due_ms;
    return true;
}

/* For how many real milliseconds to wait at most; on a clock with alarms the alarm ends it. */
static int poll_ms(struct pool *pool, int64_t wait_ms)
{
    if (clock_has_alarms(pool->clock))
        return set_alarm(pool, wait_ms) ? WAIT_MAX_MS : 0;
    int64_t speed = pool->clock->speed > 1 ? pool->clock->speed : 1;
    int64_t real = wait_ms > 0 ? (wait_ms - 1) / speed + 1 : 0;
    return (int)(real < WAIT_MAX_MS ? real : WAIT_MAX_MS);
}

/* What else ends a wait: the alarm, and a cancel token that is not yet set. */
static unsigned add_others(const struct pool *pool, struct curl_waitfd also[2])
{
    unsigned count = 0;
    if (clock_has_alarms(pool->clock))
        also[count++] = (struct curl_waitfd){.fd = pool->alarm.fd, .events = CURL_WAIT_POLLIN};
    if (pool->cancel && !cancel_is_set(pool->cancel))
        also[count++] = (struct curl_waitfd){.fd = cancel_fd(pool->cancel),
                                             .events = CURL_WAIT_POLLIN};
    return count;
}

int pool_next(struct pool *pool, int64_t wait_ms, struct pool_end *out, struct err *e)
{
    struct curl_waitfd also[2];
    int running;
    out->owner = NULL;
    if (take_ended(pool, out))
        return 0;
    unsigned count = add_others(pool, also);
    int timeout_ms = poll_ms(pool, wait_ms);
    CURLMcode rc = curl_multi_perform(pool->multi, &running);
    if (rc == CURLM_OK && !take_ended(pool, out)) {
        rc = curl_multi_poll(pool->multi, also, count, timeout_ms, NULL);
        if (rc == CURLM_OK) {
            rc = curl_multi_perform(pool->multi, &running);
            take_ended(pool, out);
        }
    }
    if (clock_has_alarms(pool->clock) && clock_now(pool->clock) >= pool->alarm_ms) {
        clock_alarm_clear(pool->clock, &pool->alarm);
        pool->alarm_ms = INT64_MAX;
    }
    return rc == CURLM_OK ? 0 : err_set(e, ERR_NETWORK, NULL, "%s", curl_multi_strerror(rc));
}

int pool_open(struct clock *clock, const char *ca_file, const struct task_cancel *cancel,
              struct pool **out, struct err *e)
{
    struct task_transport *first;
    *out = NULL;
    /* Starts libcurl, and checks ca_file once for all slots. */
    int code = transport_curl_open(clock, &first, e);
    if (code)
        return code;
    code = ca_file ? transport_curl_trust(first, ca_file, e) : 0;
    struct pool *pool = calloc(1, sizeof *pool);
    CURLM *multi = curl_multi_init();
    struct clock_alarm alarm = {.fd = -1};
    if (!code && (!pool || !multi))
        code = err_set(e, ERR_MEMORY, NULL, "out of memory for exchanges");
    if (!code && clock_has_alarms(first->clock))
        code = clock_alarm_open(&alarm, e);
    if (!code) {
        pool->multi = multi;
        pool->alarm = alarm;
        pool->alarm_ms = INT64_MAX;
        pool->clock = first->clock;
        pool->cancel = cancel;
        span_copy(span_of(ca_file), pool->ca_file, sizeof pool->ca_file);
        *out = pool;
    } else {
        curl_multi_cleanup(multi);
        free(pool);
    }
    task_transport_close(first);
    return code;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    for (struct slot *s = pool->slots; s; s = s->next)
        curl_multi_remove_handle(pool->multi, s->t->curl);
    curl_multi_cleanup(pool->multi);
    while (pool->slots) {
        struct slot *s = pool->slots;
        pool->slots = s->next;
        close_slot(s);
    }
    sockets_fini(&pool->sockets);
    if (clock_has_alarms(pool->clock))
        clock_alarm_clear(pool->clock, &pool->alarm);
    clock_alarm_close(&pool->alarm);
    free(pool);
}
