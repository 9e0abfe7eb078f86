/* Reads Retry-After. */
#include "retry_after.h"

#include "base/text.h"

static int64_t at_most_max(int64_t ms)
{
    return ms > RETRY_AFTER_MAX_MS ? RETRY_AFTER_MAX_MS : ms;
}

int64_t retry_after_ms(struct span value, int64_t now_unix_ms)
{
    int64_t unix_s;
    int64_t seconds = 0;
    size_t digits = 0;
    value = span_trim(value);
    if (value.n == 0)
        return -1; /* most replies have none */
    for (; digits < value.n && value.p[digits] >= '0' && value.p[digits] <= '9'; digits++)
        seconds = at_most_max(seconds * 10 + (value.p[digits] - '0'));
    if (digits > 0 && digits == value.n)
        return at_most_max(seconds * 1000);
    if (!text_http_date(value, &unix_s))
        return -1;
    int64_t ms = unix_s * 1000 - now_unix_ms;
    return ms < 0 ? 0 : at_most_max(ms);
}
