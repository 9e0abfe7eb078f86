/* Secrets of a run: none is left in what is reported of it, however little memory there is. */
#include "fail_alloc.h"

#include "harness/run/secrets.h"
#include "harness/testbed/endpoint.h"
#include "mockserver/auth/zego.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 4000 };

/* A run whose client has told its secrets everywhere. */
struct telltale {
    struct evidence evidence;
    struct verdict verdict;
    char *output;
};

static const char printed[] = "asking with " TESTBED_TOKEN
                              "\nX-Api-Key: own-secret-77\nand own-secret-77 again\n";

static void tell(struct telltale *t)
{
    struct task_result *r = &t->evidence.result;
    memset(t, 0, sizeof *t);
    snprintf(r->why, sizeof r->why, "refused " TESTBED_TOKEN);
    snprintf(r->view.reason, sizeof r->view.reason, "of " ZEGO_TEST_SECRET " no use");
    snprintf(r->view.url, sizeof r->view.url, "https://a/?key=own-secret-77");
    snprintf(t->verdict.inconclusive, sizeof t->verdict.inconclusive, "own-secret-77 only");
    t->verdict.finding_count = 2;
    snprintf(t->verdict.findings[0].text, sizeof t->verdict.findings[0].text, "no secret");
    snprintf(t->verdict.findings[1].text, sizeof t->verdict.findings[1].text,
             "shows " TESTBED_TOKEN);
    t->output = malloc(sizeof printed);
    assert_non_null(t->output);
    memcpy(t->output, printed, sizeof printed);
}

static void every_text_of_a_run_loses_its_secrets(void **state)
{
    (void)state;
    struct telltale t;
    tell(&t);
    assert_int_equal(secrets_hide(&t.evidence, &t.verdict, &t.output, NULL), 0);
    assert_string_equal(t.output,
                        "asking with REDACTED\nX-Api-Key: REDACTED\nand REDACTED again\n");
    assert_string_equal(t.evidence.result.why, "refused REDACTED");
    assert_string_equal(t.evidence.result.view.reason, "of REDACTED no use");
    assert_string_equal(t.evidence.result.view.url, "https://a/?key=REDACTED");
    assert_string_equal(t.verdict.inconclusive, "REDACTED only");
    assert_string_equal(t.verdict.findings[0].text, "no secret");
    assert_string_equal(t.verdict.findings[1].text, "shows REDACTED");
    free(t.output);
}

/* A secret may be shorter than the word that replaces it: the text is cut then, between characters. */
static void a_text_that_grows_is_cut_to_its_place(void **state)
{
    (void)state;
    struct telltale t;
    tell(&t);
    char *text = t.verdict.inconclusive;
    size_t room = sizeof t.verdict.inconclusive;
    free(t.output);
    t.output = strdup("Cookie=secret\n");
    memset(text, 'x', room - 1);
    memcpy(text, "secret", 6);
    memcpy(text + room - 6, "\xc3\xa9\xc3\xa9y",
           5); /* two bytes too many: the second letter would be cut in two */
    assert_int_equal(secrets_hide(&t.evidence, &t.verdict, &t.output, NULL), 0);
    assert_memory_equal(text, "REDACTEDx", 9);
    assert_int_equal(strlen(text), room - 2);
    assert_string_equal(text + strlen(text) - 3, "x\xc3\xa9");
    free(t.output);
}

static bool has_secret(const char *text)
{
    return text
        && (strstr(text, TESTBED_TOKEN) || strstr(text, ZEGO_TEST_SECRET)
            || strstr(text, "own-secret-77"));
}

/* True when it needed fewer allocations than nth. */
static bool hide_without(unsigned nth, enum fail_how how)
{
    struct telltale t;
    struct err e = {0};
    tell(&t);
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = secrets_hide(&t.evidence, &t.verdict, &t.output, &e);
    bool spared = fail_alloc_stop() == 0;
    assert_true(code == (t.output ? 0 : ERR_MEMORY));
    assert_true(!spared || code == 0);
    if (has_secret(t.output) || has_secret(t.evidence.result.why)
        || has_secret(t.evidence.result.view.reason) || has_secret(t.evidence.result.view.url)
        || has_secret(t.verdict.inconclusive) || has_secret(t.verdict.findings[1].text))
        fail_msg("allocation %u: a secret is left", nth);
    assert_int_equal(fail_alloc_live(), live - (t.output == NULL));
    free(t.output);
    return spared;
}

static void without_memory_a_text_goes_rather_than_its_secret_stays(void **state)
{
    (void)state;
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!hide_without(nth, (enum fail_how)how))
            assert_true(++nth < ALLOCATIONS_MAX);
        assert_true(nth > 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_of_a_run_loses_its_secrets),
        cmocka_unit_test(a_text_that_grows_is_cut_to_its_place),
        cmocka_unit_test(without_memory_a_text_goes_rather_than_its_secret_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
