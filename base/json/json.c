/* Trees: cJSON behind a scan, exact numbers and case-sensitive getters. The only file that
 * knows cJSON. */
#include "json.h"

#include "json_arena.h"
#include "base/utf8.h"
#include "json_inner.h"

#include <cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *node(const struct json *v)
{
    return (const cJSON *)(const void *)v;
}

static const struct json *value(const cJSON *v)
{
    return (const struct json *)(const void *)v;
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

/* -- What a tree says beyond cJSON's ---------------------------------------------------------- */

/* An unreadable value is a node of cJSON's type 0, which no parsed one has; cJSON leaves the bits above
 * these 10 alone, so its fault and the kind that it would be of stand there. */
enum { FAULT_SHIFT = 16, WRITTEN_SHIFT = 24 };

static void spoil(cJSON *v, enum json_fault fault)
{
    enum json_kind kind = json_written_kind(value(v));
    int written = fault == JSON_FAULT_REPEATED ? JSON_UNREADABLE : (int)kind;
    v->type = (int)fault << FAULT_SHIFT | written << WRITTEN_SHIFT;
}

static enum json_fault fault_of(const cJSON *v)
{
    return (enum json_fault)(v->type >> FAULT_SHIFT & 0xFF);
}

/* Keeps the exact digits of a long number in valuestring, which cJSON leaves unused for numbers.
 * False: no memory. */
static bool attach_digits(cJSON *v, struct span token)
{
    if (!json_number_is_long(token))
        return true;
    v->valuestring = take(token.n + 1);
    if (v->valuestring)
        (void)span_copy(token, v->valuestring, token.n + 1);
    if (!isfinite(v->valuedouble))
        spoil(v, JSON_FAULT_RANGE);
    return v->valuestring;
}

/* Looks at every string and number of the text beside its node. False: no memory. */
static bool mark_tokens(cJSON *root, struct span text)
{
    cJSON *path[JSON_DEPTH_MAX];
    unsigned depth = 0;
    size_t at = 0;
    for (cJSON *v = root; v; v = next_node(v, path, &depth)) {
        bool odd_key = v->string && json_string_fault(json_next_token(text, &at));
        bool container = cJSON_IsObject(v) || cJSON_IsArray(v);
        struct span token = container ? span_of(NULL) : json_next_token(text, &at);
        if (cJSON_IsNumber(v) && !attach_digits(v, token))
            return false;
        enum json_fault fault = cJSON_IsString(v) ? json_string_fault(token) : JSON_FAULT_NONE;
        if (odd_key || fault != JSON_FAULT_NONE)
            spoil(v, odd_key ? JSON_FAULT_KEY : fault);
    }
    return true;
}

struct member {
    cJSON *node;
};

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return strcmp(x->node->string, y->node->string);
}

/* False: no memory. */
static bool mark_repeated_members(const cJSON *object)
{
    size_t count = 0, kept = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        count++;
    struct member *members = malloc((count + 1) * sizeof *members);
    if (!members)
        return false;
    for (cJSON *c = object->child; c; c = c->next)
        if (fault_of(c) != JSON_FAULT_KEY)
            members[kept++].node = c;
    qsort(members, kept, sizeof *members, by_key);
    for (size_t i = 1; i < kept; i++)
        if (by_key(&members[i - 1], &members[i]) == 0) {
            spoil(members[i - 1].node, JSON_FAULT_REPEATED);
            spoil(members[i].node, JSON_FAULT_REPEATED);
        }
    free(members);
    return true;
}

/* False: no memory. */
static bool mark_repeated(cJSON *root)
{
    cJSON *path[JSON_DEPTH_MAX];
    unsigned depth = 0;
    for (cJSON *v = root; v; v = next_node(v, path, &depth))
        if (cJSON_IsObject(v) && !mark_repeated_members(v))
            return false;
    return true;
}

static cJSON *parse_odd_tokens(struct span text)
{
    char *copy = malloc(text.n + 1);
    if (!copy)
        return NULL;
    (void)span_copy(text, copy, text.n + 1);
    copy[text.n] = '\0';
    json_make_plain(copy, text.n);
    cJSON *root = cJSON_ParseWithLengthOpts(copy, text.n, NULL, 0);
    free(copy);
    return root && mark_tokens(root, text) ? root : NULL;
}

static cJSON *parse(struct span text, const struct json_traits *traits)
{
    cJSON *root = traits->odd_tokens ? parse_odd_tokens(text)
                                     : cJSON_ParseWithLengthOpts(text.p, text.n, NULL, 0);
    return root && traits->repeated_keys && !mark_repeated(root) ? NULL : root;
}

static int open_tree(struct span text, bool strict, struct json **out, struct err *e)
{
    struct json_traits traits;
    *out = NULL;
    int code = json_scan_traits(text, strict, NULL, &traits, e);
    if (code)
        return code;
    static pthread_once_t hooks = PTHREAD_ONCE_INIT;
    (void)pthread_once(&hooks, set_hooks);
    parsing.now = true;
    parsing.arena = (struct json_arena){0};
    parsing.room = room_for(text);
    cJSON *root = parse(text, &traits);
    parsing.now = false;
    /* What has passed the scan cJSON can read, so only an allocation can have failed. */
    if (!root) {
        json_arena_close(parsing.arena);
        return err_set(e, ERR_MEMORY, NULL, "no memory for a JSON tree of %zu bytes", text.n);
    }
    *out = (struct json *)(void *)root;
    return 0;
}

int json_open(struct span text, struct json **out, struct err *e)
{
    return open_tree(text, false, out, e);
}

int json_open_strict(struct span text, struct json **out, struct err *e)
{
    return open_tree(text, true, out, e);
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
    default: return JSON_UNREADABLE;
    }
}

enum json_kind json_written_kind(const struct json *v)
{
    enum json_kind kind = json_kind(v);
    return kind == JSON_UNREADABLE ? (enum json_kind)(node(v)->type >> WRITTEN_SHIFT) : kind;
}

const char *json_unreadable(const struct json *v)
{
    static const char *const reasons[] = {
        [JSON_FAULT_HALF_PAIR] = "half a surrogate pair in a string",
        [JSON_FAULT_NUL] = "\\u0000 in a string",
        [JSON_FAULT_RANGE] = "a number beyond the range of a double",
        [JSON_FAULT_REPEATED] = "its key stands there more than once",
        [JSON_FAULT_KEY] = "its key is no text",
    };
    return json_kind(v) == JSON_UNREADABLE ? reasons[fault_of(node(v))] : NULL;
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {"absent", "null",  "false",  "true",      "number",
                                        "string", "array", "object", "unreadable"};
    size_t i = (size_t)kind;
    return i < sizeof names / sizeof names[0] ? names[i] : "absent";
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (json_kind(object) != JSON_OBJECT)
        return NULL;
    for (const cJSON *c = node(object)->child; c; c = c->next) {
        if (c->string[0] == key[0] && strcmp(c->string, key) == 0 && fault_of(c) != JSON_FAULT_KEY)
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
    if (json_written_kind(v) == JSON_UNREADABLE)
        return v;
    if (array && !json_segment_index(segment, &index))
        return NULL;
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        if (array ? index-- == 0
                  : segment_is(segment, json_key(c)) && fault_of(node(c)) != JSON_FAULT_KEY)
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

size_t json_length(const struct json *v)
{
    bool string = json_written_kind(v) == JSON_STRING;
    return string ? utf8_count(span_of(node(v)->valuestring)) : 0;
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
