/* Header lines: the one look-up by name. */
#include "header.h"

unsigned header_find(const struct header *list, size_t count, const char *name, struct span *value)
{
    unsigned found = 0;
    size_t n = strlen(name);
    *value = (struct span){NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (list[i].name.n == n && strncasecmp(list[i].name.p, name, n) == 0 && found++ == 0)
            *value = span_trim(list[i].value);
    return found;
}

bool header_list_has(struct span list, const char *word)
{
    while (list.n > 0) {
        size_t comma = span_find(list, ',');
        if (span_is_nocase(span_trim(span_cut(list, 0, comma)), word))
            return true;
        list = span_cut(list, comma + 1, list.n);
    }
    return false;
}

bool header_lists_have(const struct header *list, size_t count, const char *name, const char *word)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < count; i++)
        if (list[i].name.n == n && strncasecmp(list[i].name.p, name, n) == 0
            && header_list_has(list[i].value, word))
            return true;
    return false;
}

struct span header_media_type(struct span content_type)
{
    return span_trim(span_cut(content_type, 0, span_find(content_type, ';')));
}

struct span header_host(struct span host)
{
    size_t from = host.n != 0 && host.p[0] == '[' ? span_find(host, ']') : 0;
    return span_cut(host, 0, from + span_find(span_cut(host, from, host.n), ':'));
}

bool header_is_hop(struct span name)
{
    static const char *const hop[] = {"Connection",
                                      "Keep-Alive",
                                      "Proxy-Connection",
                                      "TE",
                                      "Trailer",
                                      "Transfer-Encoding",
                                      "Upgrade",
                                      "Proxy-Authenticate",
                                      "Proxy-Authorization"};
    for (size_t i = 0; i < sizeof hop / sizeof hop[0]; i++)
        if (span_is_nocase(name, hop[i]))
            return true;
    return false;
}
