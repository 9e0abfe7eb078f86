/* What crosses the loopback device is counted, and what has left has arrived once it is settled. */
#include "harness/time/loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

enum { TRIES = 100000 }; /* others on this machine send packets too */

static void a_packet_of_anybodys_is_counted(void **state)
{
    (void)state;
    struct loopback l;
    struct err e;
    uint64_t before = 0, after = 0;
    struct loopback sender;
    assert_int_equal(loopback_open(&l, &e), 0);
    assert_int_equal(loopback_open(&sender, &e), 0);
    assert_true(loopback_packets(&l, &before));
    uint32_t word = 1;
    assert_int_equal(write(sender.fd, &word, sizeof word), sizeof word);
    assert_true(loopback_packets(&l, &after));
    assert_true(after > before);
    loopback_close(&sender);
    loopback_close(&l);
}

static void those_that_settle_it_are_not(void **state)
{
    (void)state;
    struct loopback l;
    struct err e;
    bool same = false;
    assert_int_equal(loopback_open(&l, &e), 0);
    for (int i = 0; i < TRIES && !same; i++) {
        uint64_t before = 0, after = 0;
        assert_true(loopback_packets(&l, &before));
        loopback_settle(&l);
        assert_true(loopback_packets(&l, &after));
        same = before == after;
    }
    assert_true(same);
    loopback_close(&l);
}

static void without_the_kernels_word_nothing_is_told(void **state)
{
    (void)state;
    struct loopback l;
    struct err e;
    uint64_t packets = 0;
    assert_int_equal(loopback_open(&l, &e), 0);
    close(l.count_fd);
    l.count_fd = -1;
    assert_false(loopback_packets(&l, &packets));
    loopback_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_of_anybodys_is_counted),
        cmocka_unit_test(those_that_settle_it_are_not),
        cmocka_unit_test(without_the_kernels_word_nothing_is_told),
    };
    return cmocka_run_group_tests_name("loopback", tests, NULL, NULL);
}
