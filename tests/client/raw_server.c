/* Canned bytes over sockets, for clients that must survive them. */
#include "raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The bytes of the body that the head announces. */
static size_t body_length(const char *head)
{
    const char *at = strcasestr(head, "\r\nContent-Length:");
    return at != NULL ? strtoul(at + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

/* One whole request into s->last; false when the client has gone. */
static bool read_request(struct raw_server *s, int fd)
{
    size_t n = 0;
    for (;;) {
        char *end;
        ssize_t got = recv(fd, s->last + n, sizeof s->last - 1 - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
        s->last[n] = '\0';
        end = strstr(s->last, "\r\n\r\n");
        if (end != NULL && n >= (size_t)(end + 4 - s->last) + body_length(s->last))
            return true;
    }
}

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the client has had enough: often what is tested */
        }
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void end_connection(int fd, enum raw_end end)
{
    if (end == RAW_RESET) {
        struct linger hard = {.l_onoff = 1, .l_linger = 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    if (end == RAW_STALL) {
        char byte;
        while (recv(fd, &byte, 1, 0) > 0) {
        }
    }
    close(fd);
}

static void serve(struct raw_server *s, int fd)
{
    enum raw_end end = RAW_CLOSE;
    while (read_request(s, fd)) {
        size_t at = s->requests < s->count ? s->requests : s->count - 1;
        const struct raw_answer *a = &s->answers[at];
        s->requests++;
        send_all(fd, a->bytes, a->length > 0 ? a->length : strlen(a->bytes));
        end = a->end;
        if (end != RAW_KEEP)
            break;
    }
    atomic_exchange(&s->connection, -1);
    end_connection(fd, end);
}

static void *run(void *arg)
{
    struct raw_server *s = arg;
    int fd;
    while ((fd = accept(s->listener, NULL, NULL)) >= 0) {
        s->connections++;
        s->connection = fd;
        serve(s, fd);
    }
    return NULL;
}

void raw_server_start(struct raw_server *s, const struct raw_answer *answers, size_t count)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    *s = (struct raw_server){.answers = answers, .count = count};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&address, size) != 0
        || listen(s->listener, 16) != 0
        || getsockname(s->listener, (struct sockaddr *)&address, &size) != 0
        || pthread_create(&s->thread, NULL, run, s) != 0) {
        abort();
    }
    s->port = ntohs(address.sin_port);
}

void raw_server_stop(struct raw_server *s)
{
    shutdown(s->listener, SHUT_RDWR); /* wakes accept */
    pthread_join(s->thread, NULL);
    close(s->listener);
}
