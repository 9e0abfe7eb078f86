/* A server of raw bytes on 127.0.0.1, in a thread of the test. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLIES_MAX = 8, BLOCK_BYTES = 32 << 10 };

struct raw_server {
    pthread_t thread;
    int listener;
    unsigned port;
    char url[64];         /* of the test's thread alone */
    pthread_mutex_t lock; /* of what follows */
    int peer;             /* the connection under way, or -1 */
    bool closing;
    struct raw_reply replies[REPLIES_MAX];
    size_t reply_count;
    size_t next;
    unsigned plays;
    struct raw_trace trace;
};

/* There when a sanitizer is; it has its own heap, which mallinfo2 knows nothing of. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

size_t raw_heap_bytes(void)
{
    if (__sanitizer_get_current_allocated_bytes != NULL)
        return __sanitizer_get_current_allocated_bytes();
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static bool say(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

static void note_heap(struct raw_server *s)
{
    size_t now = raw_heap_bytes();
    pthread_mutex_lock(&s->lock);
    s->trace.heap_peak = now > s->trace.heap_peak ? now : s->trace.heap_peak;
    pthread_mutex_unlock(&s->lock);
}

/* As many whole units at a time as fit into a block. */
static bool say_again(struct raw_server *s, int fd, const struct raw_reply *r)
{
    char block[BLOCK_BYTES];
    size_t units = r->again.n > 0 ? sizeof block / r->again.n : 0;
    for (size_t i = 0; i < units; i++)
        memcpy(block + i * r->again.n, r->again.p, r->again.n);
    int64_t left = r->times;
    bool heard = true;
    while (heard && units > 0 && left != 0) {
        size_t now = left < 0 || left > (int64_t)units ? units : (size_t)left;
        heard = say(fd, block, now * r->again.n);
        left -= left < 0 ? 0 : (int64_t)now;
        note_heap(s);
    }
    return heard;
}

static bool speak(struct raw_server *s, int fd, const struct raw_reply *r)
{
    bool heard = say(fd, r->bytes.p, r->bytes.n) && say_again(s, fd, r)
        && say(fd, r->tail.p, r->tail.n);
    note_heap(s);
    return heard;
}

static size_t request_bytes(const char *text)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strcasestr(text, "\r\nContent-Length:");
    if (end == NULL)
        return SIZE_MAX;
    size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return (size_t)(end + 4 - text) + body;
}

/* The number that raw_url gave: "GET /7/v1/...". */
static unsigned long play_of(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash != NULL ? strtoul(slash + 1, NULL, 10) : 0;
}

/* False when there is none, or one that an earlier play's client gave up before it was read. */
static bool read_request(struct raw_server *s, int fd)
{
    char text[RAW_REQUEST_MAX];
    size_t n = 0;
    text[0] = '\0';
    while (request_bytes(text) > n) {
        ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
        text[n] = '\0';
    }
    pthread_mutex_lock(&s->lock);
    bool ours = play_of(text) == s->plays;
    if (ours) {
        s->trace.unasked += request_bytes(text) < n;
        s->trace.requests++;
        memcpy(s->trace.last, text, n + 1);
    }
    pthread_mutex_unlock(&s->lock);
    return ours;
}

static struct raw_reply reply_at_hand(struct raw_server *s, bool take)
{
    pthread_mutex_lock(&s->lock);
    struct raw_reply r = s->replies[s->next];
    if (take && s->next + 1 < s->reply_count)
        s->next++;
    pthread_mutex_unlock(&s->lock);
    return r;
}

static void close_with_a_reset(int fd)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void converse(struct raw_server *s, int fd)
{
    bool early = reply_at_hand(s, false).early;
    bool open = true;
    while (open) {
        if (!early && !read_request(s, fd))
            return;
        struct raw_reply r = reply_at_hand(s, true);
        open = speak(s, fd, &r) && r.end == RAW_WAIT;
        if (early && !read_request(s, fd))
            return;
        if (r.end == RAW_RST)
            close_with_a_reset(fd);
        early = false;
    }
}

/* False when the server closes and the connection must not begin. */
static bool show_peer(struct raw_server *s, int fd)
{
    pthread_mutex_lock(&s->lock);
    bool open = !s->closing;
    s->peer = open ? fd : -1;
    s->trace.connections += open && fd >= 0;
    pthread_mutex_unlock(&s->lock);
    return open;
}

static void *serve(void *arg)
{
    struct raw_server *s = arg;
    int one = 1;
    for (;;) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (show_peer(s, fd))
            converse(s, fd);
        show_peer(s, -1);
        close(fd);
    }
}

static bool listen_anywhere(struct raw_server *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, n) != 0
        || listen(s->listener, 64) != 0
        || getsockname(s->listener, (struct sockaddr *)&at, &n) != 0) {
        return false;
    }
    s->port = ntohs(at.sin_port);
    return true;
}

struct raw_server *raw_open(void)
{
    struct raw_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->peer = -1;
    s->reply_count = 1;
    pthread_mutex_init(&s->lock, NULL);
    if (listen_anywhere(s) && pthread_create(&s->thread, NULL, serve, s) == 0)
        return s;
    close(s->listener);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return NULL;
}

void raw_close(struct raw_server *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    shutdown(s->listener, SHUT_RDWR); /* wakes accept */
    if (s->peer >= 0)
        shutdown(s->peer, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    close(s->listener);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *raw_url(const struct raw_server *s)
{
    return s->url;
}

unsigned raw_port(const struct raw_server *s)
{
    return s->port;
}

void raw_play(struct raw_server *s, const struct raw_reply *replies, size_t count)
{
    pthread_mutex_lock(&s->lock);
    s->reply_count = count < REPLIES_MAX ? count : REPLIES_MAX;
    memcpy(s->replies, replies, s->reply_count * sizeof *replies);
    s->next = 0;
    s->plays++;
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u/%u", s->port, s->plays);
    memset(&s->trace, 0, sizeof s->trace);
    pthread_mutex_unlock(&s->lock);
}

struct raw_trace raw_tell(struct raw_server *s)
{
    pthread_mutex_lock(&s->lock);
    struct raw_trace trace = s->trace;
    pthread_mutex_unlock(&s->lock);
    return trace;
}

void raw_push(struct raw_server *s, struct span bytes)
{
    pthread_mutex_lock(&s->lock);
    if (s->peer >= 0)
        say(s->peer, bytes.p, bytes.n);
    pthread_mutex_unlock(&s->lock);
}

void raw_hang_up(struct raw_server *s)
{
    pthread_mutex_lock(&s->lock);
    if (s->peer >= 0)
        shutdown(s->peer, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
}
