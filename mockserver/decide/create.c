/* Reads a scenario's name where the contract says, and makes ids. */
#include "create.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* -- The scenario ------------------------------------------------------------------------------ */

static const struct scenario *named(const struct upstream *u, struct span name)
{
    char text[REPLY_NAME_MAX];
    return span_copy(name, text, sizeof text) ? upstream_scenario(u, text) : NULL;
}

const struct scenario *create_choice(const struct contract_route *route, const struct upstream *u,
                                     const struct message *request)
{
    const struct scenario *found = NULL;
    for (uint32_t i = 0; !found && i < route->choice_count; i++) {
        const char *place = route->choices[i].name;
        struct span value = {NULL, 0};
        switch (route->choices[i].in) {
        case CHOICE_BODY: value = span_of(json_string(json_at(request->json, place))); break;
        case CHOICE_QUERY: value = span_of(target_param(&request->target, place)); break;
        case CHOICE_HEADER: (void)message_header(request, place, &value); break;
        }
        found = value.n > 0 ? named(u, value) : NULL;
    }
    return found;
}

/* -- The id ------------------------------------------------------------------------------------ */

/* The recorded id; false when the reply has none that can be one. */
static bool recorded_id(const struct contract_route *route, const struct reply *reply,
                        char out[MOCK_TASK_ID_MAX])
{
    struct json_range range;
    struct json *value = NULL;
    bool found = false;
    for (const char *const *at = route->created; reply && !found && *at; at++) {
        if (!json_find(reply->body, *at, &range)
            || json_open(span_cut(reply->body, range.at, range.len), &value, NULL) != 0)
            continue;
        const char *text = json_string(value);
        found = text && text[0] && span_copy(span_of(text), out, MOCK_TASK_ID_MAX - ID_RANDOM_MIN);
        json_close(value);
    }
    return found;
}

/* How many bytes of the id are words with a "_" or "-" behind each. */
static size_t words_of(const char *id)
{
    size_t n = 0;
    for (;;) {
        size_t word = n;
        while (isalpha((unsigned char)id[word]))
            word++;
        if (word == n || (id[word] != '_' && id[word] != '-'))
            return n;
        n = word + 1;
    }
}

/* Letters and digits, and no letter beyond f. */
static bool is_hex(const char *id)
{
    bool letters = false, digits = false;
    for (; *id; id++) {
        if (isalpha((unsigned char)*id) && !isxdigit((unsigned char)*id))
            return false;
        letters = letters || isalpha((unsigned char)*id);
        digits = digits || isdigit((unsigned char)*id);
    }
    return letters && digits;
}

static char other(char c, bool hex, uint64_t *seed)
{
    static const char hex_digits[] = "0123456789abcdef";
    uint64_t random = text_random(seed);
    if (hex)
        return hex_digits[random % 16];
    if (isdigit((unsigned char)c))
        return (char)('0' + random % 10);
    return (char)((isupper((unsigned char)c) ? 'A' : 'a') + random % 26);
}

void create_id(const struct contract_route *route, const struct reply *reply, uint64_t seed,
               char out[MOCK_TASK_ID_MAX])
{
    static const char usual[] = "task_k3x9m2q7v5w8";
    size_t made = 0;
    if (!recorded_id(route, reply, out))
        memcpy(out, usual, sizeof usual);
    size_t at = words_of(out);
    bool hex = is_hex(out + at);
    for (; out[at]; at++)
        if (isalnum((unsigned char)out[at])) {
            out[at] = other(out[at], hex, &seed);
            made++;
        }
    for (; made < ID_RANDOM_MIN; made++)
        out[at++] = other('a', hex, &seed);
    out[at] = '\0';
}
