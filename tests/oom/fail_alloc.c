/* The allocator's stand-in: counts, refuses when its moment has come, and else asks the real one. */
#include "fail_alloc.h"

#include <stddef.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
void __wrap_free(void *p);

static struct {
    bool armed;
    enum fail_how how;
    unsigned left; /* allocations that still succeed */
    unsigned refused;
    unsigned long calls;
    long live;
} memory;

static bool refused(void)
{
    memory.calls++;
    if (!memory.armed || (memory.how == FAIL_ONCE && memory.refused > 0))
        return false;
    if (memory.left > 0) {
        memory.left--;
        return false;
    }
    memory.refused++;
    return true;
}

static void *counted(void *p)
{
    memory.live += p != NULL;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return refused() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t count, size_t n)
{
    return refused() ? NULL : counted(__real_calloc(count, n));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (refused())
        return NULL;
    return p != NULL ? __real_realloc(p, n) : counted(__real_realloc(p, n));
}

char *__wrap_strdup(const char *text)
{
    return refused() ? NULL : counted(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t n)
{
    return refused() ? NULL : counted(__real_strndup(text, n));
}

void __wrap_free(void *p)
{
    memory.live -= p != NULL;
    __real_free(p);
}

void fail_alloc_at(unsigned nth, enum fail_how how)
{
    memory.armed = true;
    memory.how = how;
    memory.left = nth - 1;
    memory.refused = 0;
}

unsigned fail_alloc_stop(void)
{
    memory.armed = false;
    return memory.refused;
}

unsigned long fail_alloc_calls(void)
{
    return memory.calls;
}

long fail_alloc_live(void)
{
    return memory.live;
}
