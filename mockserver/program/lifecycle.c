/* Lifecycle: fixtures, port file, ready line, signals. */
#include "lifecycle.h"

#include "base/file.h"
#include "base/output.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

static void print_error(const struct err *e, void *arg)
{
    (void)arg;
    output_complain("mockserver", e);
}

int lifecycle_help(const char *words, const struct args_option *options, struct err *e)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_addf(&text, "usage: mockserver %s\n\n", words);
    args_help(options, &text);
    int code = output_write(buf_span(&text), e);
    buf_fini(&text);
    return code;
}

int lifecycle_load_folders(const struct args_list *given, struct fixtures **out, struct err *e)
{
    return fixtures_load_all(given->values, given->count, print_error, NULL, out, e);
}

int lifecycle_load_fixtures(const char *given, struct fixtures **out, struct err *e)
{
    struct args_list one = {.values = {given}, .count = given ? 1 : 0};
    return lifecycle_load_folders(&one, out, e);
}

static sigset_t ends(void)
{
    struct sigaction hangup;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGQUIT);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP); /* ignored it stays ignored: that is what nohup is for */
    return set;
}

void lifecycle_block_signals(void)
{
    sigset_t set = ends();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void lifecycle_until_told(void)
{
    sigset_t set = ends();
    int got;
    sigwait(&set, &got);
}

static int write_port_file(const char *path, const char *port, struct err *e)
{
    struct buf line;
    buf_init(&line, 32);
    buf_addf(&line, "%s\n", port);
    int code = file_write(path, buf_span(&line), e);
    buf_fini(&line);
    return code;
}

int lifecycle_ready(const struct wire *w, const char *port_file, bool json, struct err *e)
{
    const char *address = wire_address(w);
    const char *port = strrchr(address, ':') + 1;
    int code = port_file ? write_port_file(port_file, port, e) : 0;
    if (code)
        return code;
    struct buf line;
    buf_init(&line, WIRE_ADDRESS_MAX + 64);
    buf_addf(&line, json ? "{\"listening\":\"%s\",\"port\":%s}\n" : "listening on %s\n", address,
             port);
    code = output_write(buf_span(&line), e);
    buf_fini(&line);
    return code;
}
