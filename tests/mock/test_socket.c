/* Addresses to listen on, and operations on sockets that are found by their port. */
#include "mockserver/wire/wire.h"
#include "mockserver/wire/wire_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void an_address_is_an_ip_number_or_localhost_and_a_port(void **state)
{
    (void)state;
    static const struct {
        const char *listen, *host; /* NULL: refused */
        int port;
    } cases[] = {
        {"127.0.0.1:8080", "127.0.0.1", 8080},
        {"0.0.0.0:0", "0.0.0.0", 0},
        {"10.1.2.3:65535", "10.1.2.3", 65535},
        {"LocalHost:1", "127.0.0.1", 1},
        {"[::1]:0", "[::1]", 0},
        {"[2001:db8::7]:443", "[2001:db8::7]", 443},
        {"127.0.0.1:65536", NULL, 0},
        {"127.0.0.1:-1", NULL, 0},
        {"127.0.0.1:", NULL, 0},
        {"127.0.0.1:http", NULL, 0},
        {"127.0.0.1", NULL, 0},
        {"8080", NULL, 0},
        {":8080", NULL, 0},
        {"example.com:80", NULL, 0},
        {"[]:80", NULL, 0},
        {"::1:80", NULL, 0},
        {"[::1:80", NULL, 0},
        {"::1]:80", NULL, 0},
        {"[127.0.0.1]:80", NULL, 0},
        {"a-name-that-is-much-longer-than-any-address-of-the-internet-can-be-however-it-is-written-"
         "down:1",
         NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char host[SOCKET_HOST_MAX] = "";
        int port = -1;
        bool good = socket_read_address(cases[i].listen, host, &port);
        if (good != (cases[i].host != NULL)
            || (good && (strcmp(host, cases[i].host) != 0 || port != cases[i].port)))
            fail_msg("%s: %d, host %s, port %d", cases[i].listen, good, host, port);
    }
}

static void a_port_that_nobody_listens_on_has_no_listener(void **state)
{
    (void)state;
    assert_int_equal(socket_unlisten(1, -1), -1);
    socket_wake(-1); /* is fine */
}

/* -- What a wire cannot be opened with ------------------------------------------------------------- */

static void ignore(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    (void)arg;
    (void)request;
    (void)now_ms;
    (void)plan;
}

static void a_wire_says_what_it_cannot_be_opened_with(void **state)
{
    (void)state;
    static const struct {
        const char *listen;
        uint32_t threads;
        enum err_code code;
        const char *what;
    } cases[] = {
        {"localhost", 0, ERR_USAGE, "not an address and a port, as 127.0.0.1:8080 or [::1]:0"},
        {NULL, WIRE_THREADS_MAX + 1, ERR_USAGE, "16385 threads are more than 16384"},
        {"192.0.2.1:0", 1, ERR_NETWORK, "cannot bind"},
    };
    const struct wire_service service = {.answer = ignore};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire *w = NULL;
        struct err e = {0};
        const struct wire_options options = {.listen = cases[i].listen,
                                             .threads = cases[i].threads};
        assert_int_equal(wire_serve(&service, clock_real(), &options, &w, &e), cases[i].code);
        if (!strstr(e.what, cases[i].what))
            fail_msg("case %zu: %s: %s", i, e.where, e.what);
        assert_null(w);
    }
    wire_close(NULL, 0); /* is fine */
}

static void a_wire_without_options_listens_on_the_loopback_and_a_free_port(void **state)
{
    (void)state;
    const struct wire_service service = {.answer = ignore};
    struct wire *w = NULL;
    assert_int_equal(wire_serve(&service, clock_real(), NULL, &w, NULL), 0);
    assert_memory_equal(wire_address(w), "http://127.0.0.1:", 17);
    assert_string_not_equal(wire_address(w), "http://127.0.0.1:0");
    wire_close(w, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_an_ip_number_or_localhost_and_a_port),
        cmocka_unit_test(a_port_that_nobody_listens_on_has_no_listener),
        cmocka_unit_test(a_wire_says_what_it_cannot_be_opened_with),
        cmocka_unit_test(a_wire_without_options_listens_on_the_loopback_and_a_free_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
