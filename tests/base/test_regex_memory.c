/* Regular expressions without memory: every allocation fails in turn, PCRE2's own too. */
#include "cases.h"
#include "fail_alloc.h"

#include "base/regex.h"

#include <stdio.h>
#include <string.h>

enum { SUBJECT_BYTES = 2000, ALLOCATIONS_MAX = 1000 };

/* Compiles and searches: 0, or what went wrong. */
static int search(const char *pattern, struct span subject, struct err *e)
{
    struct regex *re = NULL;
    struct span groups[2];
    int code = regex_open(pattern, 0, &re, e);
    assert_true((re != NULL) == (code == 0));
    if (!code)
        code = regex_find(re, subject, groups, 2, e);
    regex_close(re);
    return code;
}

/* How many allocations were needed. */
static unsigned break_search(const char *pattern, struct span subject, enum fail_how how)
{
    for (unsigned nth = 1; nth < ALLOCATIONS_MAX; nth++) {
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(nth, how);
        int code = search(pattern, subject, &e);
        unsigned refused = fail_alloc_stop();
        if (code != (refused > 0 ? ERR_MEMORY : 0))
            fail_msg("%s, allocation %u: code %d, %s %s", pattern, nth, code, e.where, e.what);
        if (fail_alloc_live() != live)
            fail_msg("%s, allocation %u: %ld blocks kept", pattern, nth, fail_alloc_live() - live);
        if (refused == 0)
            return nth - 1;
    }
    return ALLOCATIONS_MAX;
}

static void a_search_without_memory_says_so_and_keeps_nothing(void **state)
{
    (void)state;
    static char subject[SUBJECT_BYTES];
    static char many_groups[300];
    memset(subject, 'a', sizeof subject);
    subject[sizeof subject - 1] = 'b';
    for (size_t n = 0; n + 4 < sizeof many_groups; n += 3)
        snprintf(many_groups + n, 4, "(a)");
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        struct span all = span_cut((struct span){subject, sizeof subject}, 0, sizeof subject);
        assert_in_range(break_search("a+b", span_of("xaab"), (enum fail_how)how), 6, 20);
        assert_in_range(break_search("(?:(a)|x)*b$", all, (enum fail_how)how), 7,
                        40); /* goes back far */
        assert_in_range(break_search(many_groups, all, (enum fail_how)how), 6, 40);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_without_memory_says_so_and_keeps_nothing),
    };
    return cmocka_run_group_tests_name("regex_memory", tests, NULL, NULL);
}
