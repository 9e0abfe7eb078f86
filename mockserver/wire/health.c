/* One request on a plain socket: no library is to be started for it, and no proxy asked. */
#include "health.h"

#include "base/span.h"
#include "wire_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEAD_MAX = 64, STATUS_AT = 9 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* The address to connect to; all interfaces are asked by the loopback one. */
static socklen_t address_of(const char *host, int port, union address *out)
{
    *out = (union address){.v6 = {0}};
    if (host[0] != '[') {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        inet_pton(AF_INET, strcmp(host, "0.0.0.0") == 0 ? "127.0.0.1" : host, &out->v4.sin_addr);
        return sizeof out->v4;
    }
    char inner[SOCKET_HOST_MAX];
    span_copy(span_cut(span_of(host), 1, strlen(host) - 2), inner, sizeof inner);
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((uint16_t)port);
    inet_pton(AF_INET6, strcmp(inner, "::") == 0 ? "::1" : inner, &out->v6.sin6_addr);
    return sizeof out->v6;
}

/* Reads until the status is there. */
static int read_status(int fd, const char *listen, struct err *e)
{
    char head[HEAD_MAX + 1] = "";
    size_t n = 0;
    while (n < STATUS_AT + 3) {
        ssize_t got = recv(fd, head + n, HEAD_MAX - n, 0);
        if (got <= 0)
            return err_set(e, ERR_NETWORK, listen, "no answer: %s",
                           got < 0 ? strerror(errno) : "the connection was closed");
        n += (size_t)got;
    }
    head[STATUS_AT + 3] = '\0';
    if (strncmp(head, "HTTP/1.1 200", STATUS_AT + 3) != 0)
        return err_set(e, ERR_NETWORK, listen, "answers, but not as a mock that is well: \"%s\"",
                       head);
    return 0;
}

static int ask(int fd, const union address *address, socklen_t size, const char *listen,
               struct err *e)
{
    static const char request[] = "GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n"
                                  "Connection: close\r\n\r\n";
    const struct timeval most = {.tv_sec = HEALTH_WAIT_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    if (connect(fd, &address->any, size) != 0)
        return err_set(e, ERR_NETWORK, listen, "%s", strerror(errno));
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)(sizeof request - 1))
        return err_set(e, ERR_NETWORK, listen, "does not take a request");
    return read_status(fd, listen, e);
}

int health_ask(const char *listen, struct err *e)
{
    char host[SOCKET_HOST_MAX];
    union address address;
    int port;
    if (!socket_read_address(listen, host, &port) || port == 0)
        return err_set(e, ERR_USAGE, listen, "not an address and port such as 127.0.0.1:8080");
    socklen_t size = address_of(host, port, &address);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(e, ERR_NETWORK, listen, "%s", strerror(errno));
    int code = ask(fd, &address, size, listen, e);
    close(fd);
    return code;
}
