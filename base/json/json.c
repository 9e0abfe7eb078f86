/* Trees: cJSON behind a strict scan, exact numbers and case-sensitive getters. The only file that
 * knows cJSON. */
#include "json.h"

#include "json_arena.h"
#include "json_inner.h"

#include <cJSON.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON as released copies a number into 63 bytes before it reads it and refuses longer ones. */
enum { CJSON_NUMBER_MAX = 63 };

static const cJSON *node(const struct json *v)
{
    return (const cJSON *)(const void *)v;
}

static const struct json *value(const cJSON *v)
{
    return (const struct json *)(const void *)v;
}

/* Moves *at to the next number of a scanned text and returns its token; empty at the end. */
static struct span next_number(struct span text, size_t *at)
{
    bool in_string = false;
    for (size_t i = *at; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\') {
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
            struct span token = span_cut(text, i, text.n);
            token.n = json_number_len(token);
            *at = i + token.n;
            return token;
        }
    }
    *at = text.n;
    return (struct span){text.p, 0};
}

/* The node after v in document order; path holds its containers. */
static cJSON *next_node(cJSON *v, cJSON **path, unsigned *depth)
{
    if (v->child && *depth < JSON_DEPTH_MAX) {
        path[(*depth)++] = v;
        return v->child;
    }
    while (!v->next && *depth > 0)
        v = path[--*depth];
    return v->next;
}

/* -- Memory ----------------------------------------------------------------------------------- */

/* Where cJSON's allocations of this thread go while json_open runs (now is true). Per thread,
 * because cJSON's hooks take no argument. */
static _Thread_local struct {
    bool now;
    struct json_arena arena;
    size_t room;
} parsing;

/* cJSON's hooks are global to the process: whoever uses cJSON outside json_open gets
 * malloc and free. */
static void *take(size_t bytes)
{
    return parsing.now ? json_arena_take(&parsing.arena, bytes, parsing.room) : malloc(bytes);
}

static void give_back(void *piece)
{
    if (!parsing.now)
        free(piece); /* inside json_open memory is freed with the whole arena */
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = take, .free_fn = give_back});
}

/* The size of a tree's first block. Usual texts need less than 8 bytes of tree for a byte of text;
 * a tree that needs more gets another block. */
static size_t room_for(struct span text)
{
    enum { BYTES_A_BYTE = 8, ROOM_MAX = 1 << 20 };
    return text.n < ROOM_MAX / BYTES_A_BYTE ? text.n * BYTES_A_BYTE : ROOM_MAX;
}

/* Keeps the exact digits of each long number in its node's valuestring, which cJSON leaves unused
 * for numbers. False: no memory. */
static bool attach_digits(cJSON *root, struct span text)
{
    cJSON *path[JSON_DEPTH_MAX];
    unsigned depth = 0;
    size_t at = 0;
    for (cJSON *v = root; v; v = next_node(v, path, &depth)) {
        if (!cJSON_IsNumber(v))
            continue;
        struct span token = next_number(text, &at);
        if (!json_number_is_long(token))
            continue;
        v->valuestring = take(token.n + 1);
        if (!v->valuestring)
            return false;
        (void)span_copy(token, v->valuestring, token.n + 1);
    }
    return true;
}

/* Rewrites in place each number that is too long for cJSON: the shortest text of the same double,
 * then blanks up to the old length. */
static void shorten_numbers(char *text, size_t len)
{
    struct span all = {text, len};
    size_t at = 0;
    for (;;) {
        struct span token = next_number(all, &at);
        if (token.n == 0)
            return;
        if (token.n <= CJSON_NUMBER_MAX)
            continue;
        double number = 0;
        char shorter[32];
        (void)json_number_double(token, &number);
        json_number_write(number, shorter);
        size_t n = strlen(shorter);
        char *place = text + (at - token.n);
        memcpy(place, shorter, n);
        memset(place + n, ' ', token.n - n);
    }
}

static cJSON *parse_with_long_numbers(struct span text)
{
    char *copy = malloc(text.n + 1);
    if (!copy)
        return NULL;
    (void)span_copy(text, copy, text.n + 1);
    copy[text.n] = '\0';
    shorten_numbers(copy, text.n);
    cJSON *root = cJSON_ParseWithLengthOpts(copy, text.n, NULL, 0);
    free(copy);
    return root && attach_digits(root, text) ? root : NULL;
}

int json_open(struct span text, struct json **out, struct err *e)
{
    *out = NULL;
    bool long_numbers = false;
    int result = json_scan_numbers(text, NULL, &long_numbers, e);
    if (result != 0)
        return result;
    static pthread_once_t hooks = PTHREAD_ONCE_INIT;
    (void)pthread_once(&hooks, set_hooks);
    parsing.now = true;
    parsing.arena = (struct json_arena){0};
    parsing.room = room_for(text);
    cJSON *root = long_numbers ? parse_with_long_numbers(text)
                               : cJSON_ParseWithLengthOpts(text.p, text.n, NULL, 0);
    parsing.now = false;
    /* The scan is stricter than cJSON, so only an allocation can have failed. */
    if (!root) {
        json_arena_close(parsing.arena);
        return err_set(e, ERR_MEMORY, NULL, "no memory for a JSON tree of %zu bytes", text.n);
    }
    *out = (struct json *)(void *)root;
    return 0;
}

/* cJSON allocates the root first, so its address leads back to the arena that holds
 * the whole tree. */
void json_close(struct json *root)
{
    if (root)
        json_arena_close(json_arena_of(root));
}

enum json_kind json_kind(const struct json *v)
{
    if (!v)
        return JSON_ABSENT;
    switch (node(v)->type & 0xFF) {
    case cJSON_NULL: return JSON_NULL;
    case cJSON_False: return JSON_FALSE;
    case cJSON_True: return JSON_TRUE;
    case cJSON_Number: return JSON_NUMBER;
    case cJSON_String: return JSON_STRING;
    case cJSON_Array: return JSON_ARRAY;
    case cJSON_Object: return JSON_OBJECT;
    default: return JSON_ABSENT;
    }
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {"absent", "null",   "false", "true",
                                        "number", "string", "array", "object"};
    size_t i = (size_t)kind;
    return i < sizeof names / sizeof names[0] ? names[i] : "absent";
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (json_kind(object) != JSON_OBJECT)
        return NULL;
    for (const cJSON *c = node(object)->child; c; c = c->next) {
        if (c->string[0] == key[0] && strcmp(c->string, key) == 0)
            return value(c);
    }
    return NULL;
}

static bool segment_is(struct span segment, const char *key)
{
    for (; *key != '\0'; key++) {
        if (json_segment_byte(&segment) != (unsigned char)*key)
            return false;
    }
    return json_segment_byte(&segment) == -1;
}

static const struct json *child_named(const struct json *v, struct span segment)
{
    size_t index = 0;
    bool array = json_kind(v) == JSON_ARRAY;
    if (array && !json_segment_index(segment, &index))
        return NULL;
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        if (array ? index-- == 0 : segment_is(segment, json_key(c)))
            return c;
    }
    return NULL;
}

const struct json *json_at(const struct json *from, const char *pointer)
{
    struct span segment;
    while (from && json_segment_next(&pointer, &segment))
        from = child_named(from, segment);
    return *pointer == '\0' ? from : NULL;
}

const char *json_string(const struct json *v)
{
    return json_kind(v) == JSON_STRING ? node(v)->valuestring : NULL;
}

bool json_bool(const struct json *v, bool *out)
{
    enum json_kind kind = json_kind(v);
    *out = kind == JSON_TRUE;
    return kind == JSON_TRUE || kind == JSON_FALSE;
}

bool json_int64(const struct json *v, int64_t *out)
{
    *out = 0;
    if (json_kind(v) != JSON_NUMBER)
        return false;
    if (node(v)->valuestring)
        return json_number_int64(span_of(node(v)->valuestring), out);
    /* At most 15 digits and no exponent: a double holds it exactly. */
    double number = node(v)->valuedouble;
    int64_t whole = (int64_t)number;
    if ((double)whole < number || (double)whole > number)
        return false;
    *out = whole;
    return true;
}

bool json_double(const struct json *v, double *out)
{
    bool is = json_kind(v) == JSON_NUMBER;
    *out = is ? node(v)->valuedouble : 0;
    return is;
}

bool json_number_text(const struct json *v, char *out, size_t out_size)
{
    char text[32];
    if (out_size > 0)
        out[0] = '\0';
    if (json_kind(v) != JSON_NUMBER)
        return false;
    const char *digits = node(v)->valuestring;
    bool integer = digits && digits[strcspn(digits, ".eE")] == '\0';
    if (integer)
        return span_copy(span_of(digits), out, out_size);
    json_number_write(node(v)->valuedouble, text);
    return span_copy(span_of(text), out, out_size);
}

const struct json *json_first(const struct json *array_or_object)
{
    enum json_kind kind = json_kind(array_or_object);
    bool container = kind == JSON_ARRAY || kind == JSON_OBJECT;
    return container ? value(node(array_or_object)->child) : NULL;
}

const struct json *json_next(const struct json *v)
{
    return v ? value(node(v)->next) : NULL;
}

const char *json_key(const struct json *v)
{
    return v ? node(v)->string : NULL;
}

size_t json_count(const struct json *array_or_object)
{
    size_t n = 0;
    for (const struct json *c = json_first(array_or_object); c; c = json_next(c))
        n++;
    return n;
}
