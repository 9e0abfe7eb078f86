/* The names that this server goes by. */
#include "hosts.h"
#include "header.h"

#include <ctype.h>

/* True when nothing or ":" and digits stand behind the host. */
static bool ends_in_port(struct span text, struct span host)
{
    struct span port = span_cut(text, host.n, text.n);
    for (size_t i = 1; i < port.n; i++)
        if (!isdigit((unsigned char)port.p[i]))
            return false;
    return port.n == 0 || port.p[0] == ':';
}

bool hosts_have(const struct hosts *h, struct span text)
{
    static const char *const loopback[] = {"127.0.0.1", "localhost", "[::1]"};
    struct span host = header_host(text);
    if (host.n == 0 || !ends_in_port(text, host))
        return false;
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
        if (span_is_nocase(host, loopback[i]))
            return true;
    for (int i = 0; i < h->name_count; i++)
        if (span_is_nocase(host, h->names[i]))
            return true;
    return h->listen && span_same(host, header_host(span_of(h->listen)));
}

bool hosts_is_name(struct span text)
{
    bool bracketed = text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool edge = bracketed && (i == 0 || i == text.n - 1);
        if (!isalnum((unsigned char)c) && c != '.' && c != '-' && c != '_' && !edge
            && !(bracketed && c == ':'))
            return false;
    }
    return text.n > 0;
}
