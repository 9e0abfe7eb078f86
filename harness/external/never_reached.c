/* The likeliest cause first: what stands in the command, then what came to the mock, then where else the
 * client went. */
#include "never_reached.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* -- The command ------------------------------------------------------------------------------ */

static bool is_proxy(const char *word)
{
    return strncasecmp(word, "http_proxy=", 11) == 0 || strncasecmp(word, "https_proxy=", 12) == 0
        || strncasecmp(word, "all_proxy=", 10) == 0;
}

typedef bool word_test(const struct never_reached *seen, const char *word, char *out,
                       size_t out_size);

static bool tell_proxy(const struct never_reached *seen, const char *word, char *out,
                       size_t out_size)
{
    if (!is_proxy(word))
        return false;
    snprintf(out, out_size, "%.60s in its command sends it to a proxy, and not to %s", word,
             seen->mock);
    return true;
}

static bool any_word(const struct never_reached *seen, word_test *test, char *out, size_t out_size)
{
    for (size_t i = 0; seen->command[i]; i++)
        if (test(seen, seen->command[i], out, out_size))
            return true;
    for (size_t i = 0; seen->arguments[i]; i++)
        if (test(seen, seen->arguments[i], out, out_size))
            return true;
    return false;
}

/* -- All of it -------------------------------------------------------------------------------- */

static void tell_where_it_went(const struct never_reached *seen, char *out, size_t out_size)
{
    const struct tracer_went *went = &seen->went;
    if (went->stranger[0] != '\0')
        snprintf(out, out_size, "it asked for a connection to %s, not to %s", went->stranger,
                 seen->mock);
    else if (went->connected)
        snprintf(out, out_size, "it connected, and sent no request");
    else if (went->asked_name_server)
        snprintf(out, out_size,
                 "it asked for the address of a host and connected to nobody; the mock is %s",
                 seen->mock);
    else if (seen->traced)
        snprintf(out, out_size, "it asked for no connection at all");
}

void never_reached_why(const struct never_reached *seen, char *out, size_t out_size)
{
    out[0] = '\0';
    if (seen->strays.outside[0] != '\0')
        snprintf(out, out_size,
                 "it asked for %s, which is not below {base_url}: keep the path of its base URL",
                 seen->strays.outside);
    else if (seen->strays.other[0] != '\0')
        snprintf(out, out_size, "it asked for %s, which is no poll of its task",
                 seen->strays.other);
    else if (seen->strays.malformed > 0)
        snprintf(out, out_size,
                 "what it sent to the mock is no HTTP: does it ask for https? The mock is %s",
                 seen->mock);
    else if (!any_word(seen, tell_proxy, out, out_size))
        tell_where_it_went(seen, out, out_size);
}
