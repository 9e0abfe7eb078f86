/* Whom a traced client talks to: its own servers share its time, strangers are waited for in real time and named. And
 * what a tracer needs to begin at all. */
#include "allow.h"
#include "traced.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint16_t listen_at(int family, int backlog, int *fd)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    socklen_t size = family == AF_INET ? sizeof v4 : sizeof v6;
    struct sockaddr *at = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    *fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(*fd, at, size) != 0 || listen(*fd, backlog) != 0)
        return 0;
    assert_int_equal(getsockname(*fd, at, &size), 0);
    return ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port);
}

static void set_port(uint16_t port)
{
    char text[8];
    snprintf(text, sizeof text, "%u", port);
    setenv("PORT", text, 1);
}

/* Runs it until somebody has owed an answer for too long; that must be peer. */
static void is_kept_by(const char *script, const char *peer)
{
    struct ran ran;
    struct tracer_options options = defaults;
    options.busy_limit_ms = 200;
    shell_by(options, script, &ran);
    assert_string_equal(ran.peer, peer);
    assert_int_equal(ran.process.end, TRACER_PEER);
    process_fini(&ran.process);
}

static void is_kept_at_port(const char *script, const char *host, uint16_t port)
{
    char peer[64];
    set_port(port);
    snprintf(peer, sizeof peer, "%s:%u", host, port);
    is_kept_by(script, peer);
}

/* Nobody accepts: the kernel does, and keeps what is sent. */
static void a_stranger_is_named_whichever_way_it_is_asked(void **state)
{
    (void)state;
    static const char ask_six[] =
        "exec 3<>/dev/tcp/::1/$PORT; printf x >&3; read -t 60 -n 1 -u 3 y";
    static const char moved[] =
        "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; exec 4>&3- 3</dev/null; sleep 60";
    static const char left[] =
        "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; sleep 60 & exec 3>&-; wait";
    int fd;
    uint16_t port = listen_at(AF_INET, 8, &fd);
    is_kept_at_port(moved, "127.0.0.1", port);
    is_kept_at_port(left, "127.0.0.1", port);
    close(fd);
    port = listen_at(AF_INET6, 8, &fd);
    if (port != 0) /* a machine with IPv6 */
        is_kept_at_port(ask_six, "[::1]", port);
    close(fd);
    is_kept_by("exec 3<>/dev/udp/127.0.0.1/53; sleep 60", "127.0.0.1:53");
}

static void one_that_lets_nobody_in_is_named_too(void **state)
{
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd, fill[4];
    uint16_t port = listen_at(AF_INET, 0, &fd);
    at.sin_port = htons(port);
    for (int i = 0; i < 4; i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fill[i], (struct sockaddr *)&at, sizeof at);
    }
    is_kept_at_port("exec 3<>/dev/tcp/127.0.0.1/$PORT", "127.0.0.1", port);
    for (int i = 0; i < 4; i++)
        close(fill[i]);
    close(fd);
}

static void a_stranger_that_owes_nothing_holds_no_time(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "exec 3<>/dev/tcp/127.0.0.1/$PORT; sleep 600",                          /* not asked */
        "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; exec 3>&-; sleep 600", /* hung up */
        "exec 3<>/dev/udp/127.0.0.1/$PORT; printf x >&3; sleep 600",            /* who knows */
        "exec 3<>/dev/tcp/127.0.0.1/1; sleep 600",                              /* nobody there */
    };
    int fd;
    set_port(listen_at(AF_INET, 8, &fd));
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        struct ran ran;
        shell(scripts[i], &ran);
        assert_int_equal(ran.process.end, TRACER_ENDED);
        assert_int_equal(ran.lasted_ns / 1000000000, 600);
        process_fini(&ran.process);
    }
    close(fd);
}

static void a_clients_own_server_shares_its_time(void **state)
{
    (void)state;
    const char *const argv[] = {ODD_SERVER, NULL};
    struct ran ran;
    run_by(defaults, argv, &ran);
    assert_string_equal(ran.process.output.p, "IPv4: 600 s\nIPv6: 600 s\nIPv4 in IPv6: 600 s\n");
    assert_int_equal(ran.process.end, TRACER_ENDED);
    process_fini(&ran.process);
}

/* Where the kernel tells a program about its clock lies behind all of its variables. */
static void a_long_environment_hides_no_clock(void **state)
{
    (void)state;
    struct ran ran;
    char name[32];
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "UNDERSTUDY_TEST_%d", i);
        setenv(name, "1", 1);
    }
    shell("date -u +%FT%TZ; sleep 5", &ran);
    assert_string_equal(ran.process.output.p, "2026-01-01T00:00:00Z\n");
    process_fini(&ran.process);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "UNDERSTUDY_TEST_%d", i);
        unsetenv(name);
    }
}

/* -- Beginning ------------------------------------------------------------------------------------ */

static void a_tracer_that_cannot_begin_says_why(void **state)
{
    (void)state;
    struct clock_events clock;
    struct tracer_options options = defaults;
    struct tracer *tracer;
    struct err e = {0};
    clock_events_init(&clock, START_MS);
    options.clock = &clock;
    rlim_t before = allow(RLIMIT_SIGPENDING, 0);
    int code = tracer_open(&options, &tracer, &e);
    allow(RLIMIT_SIGPENDING, before);
    assert_int_equal(code, ERR_FILE);
    assert_null(tracer);
    assert_non_null(strstr(e.what, "no timer"));
    assert_int_equal(tracer_open(&options, &tracer, &e), 0);
    assert_int_equal(tracer_seize(tracer, 1 << 22, &e), ERR_FILE); /* nobody */
    assert_non_null(strstr(e.what, "cannot be traced"));
    tracer_close(tracer);
    tracer_close(NULL);
    clock_events_fini(&clock);
}

static void a_machine_without_descriptors_cannot_trace_and_says_so(void **state)
{
    (void)state;
    int free_fd = dup(STDOUT_FILENO);
    close(free_fd);
    int code = -1;
    for (rlim_t more = 0; code != 0 && more < 16; more++) {
        struct err e = {0};
        rlim_t before = allow(RLIMIT_NOFILE, (rlim_t)free_fd + more);
        code = tracer_check(&e);
        allow(RLIMIT_NOFILE, before);
        if (code != 0)
            assert_true(code == ERR_FILE && e.what[0] != '\0');
        assert_true(code != 0 || more > 1);
    }
    assert_int_equal(code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_is_named_whichever_way_it_is_asked),
        cmocka_unit_test(one_that_lets_nobody_in_is_named_too),
        cmocka_unit_test(a_stranger_that_owes_nothing_holds_no_time),
        cmocka_unit_test(a_clients_own_server_shares_its_time),
        cmocka_unit_test(a_long_environment_hides_no_clock),
        cmocka_unit_test(a_tracer_that_cannot_begin_says_why),
        cmocka_unit_test(a_machine_without_descriptors_cannot_trace_and_says_so),
    };
    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
