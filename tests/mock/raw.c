/* A client of raw bytes for tests of the wire. */
#include "raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int raw_connect(const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    to.sin_port = htons((unsigned short)strtoul(strrchr(address, ':') + 1, NULL, 10));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

bool raw_send(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

size_t raw_read_all(int fd, char *out, size_t out_size, bool *reset)
{
    size_t n = 0;
    ssize_t got = 1;
    while (got > 0 && n + 1 < out_size) {
        got = recv(fd, out + n, out_size - n - 1, 0);
        n += got > 0 ? (size_t)got : 0;
    }
    out[n] = '\0';
    if (reset)
        *reset = got < 0 && errno == ECONNRESET;
    return n;
}

size_t raw_read_answer(int fd, char *out, size_t out_size)
{
    size_t n = 0, want = out_size - 1;
    while (n < want) {
        ssize_t got = recv(fd, out + n, want - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        out[n] = '\0';
        const char *end = strstr(out, "\r\n\r\n");
        const char *length = strcasestr(out, "Content-Length:");
        if (end && length && length < end)
            want = (size_t)(end + 4 - out) + strtoul(length + 15, NULL, 10);
    }
    out[n] = '\0';
    return n;
}
