/* What recording costs: the same session of polls through the recorder's proxy with and without its writer, in turns.
 *
 *   bench_record [POLLS]    1000 unless said
 *
 * The service and the client are processes of their own, so that the processor time is the proxy's alone: the wire, libcurl, and
 * with the writer redaction and files. The bytes are those that the writer handed to files, by the bytes of the finished HARs. */
#include "base/clock.h"
#include "base/file.h"
#include "mockserver/answer/answer.h"
#include "mockserver/record/record.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLLS = 1000, POLLS_MAX = 100000, ROUNDS = 5, TASKS = 10, ANSWER_MAX = 16384 };

static const char body[] = "{\"code\":\"success\",\"message\":\"\",\"data\":{\"task_id\":\"task-"
                           "1\",\"action\":\"generate\",\"status\":\"IN_PROGRESS\","
                           "\"fail_reason\":\"\",\"submit_time\":1767225600,\"start_time\":"
                           "1767225605,\"finish_time\":0,\"progress\":\"30%\","
                           "\"data\":{\"id\":\"cgt-20260101080000-k7x2p\",\"model\":\"doubao-"
                           "seedance-1-0-pro-250528\",\"status\":\"running\","
                           "\"created_at\":1767225605,\"updated_at\":1767225630,\"usage\":{"
                           "\"completion_tokens\":0,\"total_tokens\":0}}}}";

static void serve(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    (void)arg;
    (void)request;
    (void)now_ms;
    answer_json(plan, 200,
                "X-Request-Id: 0123456789abcdef0123456789abcdef\r\nCache-Control: no-store\r\n",
                span_of(body));
}

/* A service in a process of its own; its port. */
static pid_t start_service(uint16_t *port)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        struct wire *wire = NULL;
        struct wire_service service = {.answer = serve};
        uint16_t mine = 0;
        close(ends[0]);
        if (wire_serve(&service, clock_real(), &(struct wire_options){.threads = 8}, &wire, NULL)
            == 0)
            mine = (uint16_t)strtol(strrchr(wire_address(wire), ':') + 1, NULL, 10);
        if (write(ends[1], &mine, sizeof mine) != sizeof mine)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    if (read(ends[0], port, sizeof *port) != sizeof *port)
        *port = 0;
    close(ends[0]);
    return pid;
}

/* One poll on a connection that is kept: true when the whole answer came. */
static bool poll_once(int fd, int number)
{
    char text[1024], answer[ANSWER_MAX];
    size_t have = 0;
    int n = snprintf(text, sizeof text,
                     "GET /bench/v1/video/generations/task-%d HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                     "Authorization: Bearer sk-0123456789abcdef0123456789abcdef\r\nUser-Agent: "
                     "python-requests/2.31.0\r\n"
                     "Accept: */*\r\nConnection: keep-alive\r\n\r\n",
                     number % TASKS);
    if (write(fd, text, (size_t)n) != n)
        return false;
    while (have < sizeof answer - 1) {
        ssize_t got = read(fd, answer + have, sizeof answer - 1 - have);
        if (got <= 0)
            return false;
        have += (size_t)got;
        answer[have] = '\0';
        const char *end = strstr(answer, "\r\n\r\n");
        if (end && have - (size_t)(end + 4 - answer) >= sizeof body - 1)
            return strncmp(answer, "HTTP/1.1 200", 12) == 0;
    }
    return false;
}

static bool run_client(const char *address, int polls)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct sockaddr_in to = {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10))};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bool good = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
        for (int i = 0; good && i < polls; i++)
            good = poll_once(fd, i);
        _exit(!good);
    }
    int status = -1;
    return waitpid(pid, &status, 0) == pid && status == 0;
}

/* -- Measures ---------------------------------------------------------------------------------- */

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
        + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* What write and pwrite were given so far; sockets are sent to by other calls. */
static long long written_bytes(void)
{
    long long bytes = 0;
    char line[128];
    FILE *f = fopen("/proc/self/io", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "wchar: ", 7) == 0)
            bytes = strtoll(line + 7, NULL, 10);
    if (f)
        fclose(f);
    return bytes;
}

struct sizes {
    const char *dir;
    long long bytes;
};

static int add_size(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct sizes *s = arg;
    char path[FILE_PATH_MAX];
    struct stat st;
    (void)e;
    if (is_dir || !file_join(path, sizeof path, s->dir, name) || stat(path, &st) != 0)
        return 0;
    s->bytes += st.st_size;
    return unlink(path);
}

static void ignore(const struct err *e, void *arg)
{
    (void)arg;
    fprintf(stderr, "bench_record: %s: %s\n", e->where, e->what);
}

struct measured {
    double cpu;
    long long written, finished;
};

static bool measure(uint16_t port, int polls, const char *dir, struct measured *out)
{
    struct recorder r = {.clock = clock_real()};
    struct wire *wire = NULL;
    char word[64], below[FILE_PATH_MAX];
    snprintf(word, sizeof word, "bench=http://127.0.0.1:%u", port);
    bool good = recorder_add(&r, word, NULL) == 0;
    if (good && dir)
        good = record_writer_open(&(struct record_writer_options){.dir = dir, .report = ignore},
                                  &r.writer, NULL)
            == 0;
    struct wire_service service = recorder_service(&r);
    good = good
        && wire_serve(&service, clock_real(), &(struct wire_options){.threads = 8}, &wire, NULL)
            == 0;
    long long before = written_bytes();
    double cpu = cpu_seconds();
    good = good && run_client(wire_address(wire), polls);
    uint64_t lost = record_writer_close(r.writer);
    out->cpu = cpu_seconds() - cpu;
    out->written = written_bytes() - before;
    wire_close(wire, 1000);
    struct sizes sizes = {below, 0};
    if (dir && file_join(below, sizeof below, dir, "bench")) {
        (void)file_list(below, add_size, &sizes, NULL);
        (void)rmdir(below);
    }
    out->finished = sizes.bytes;
    return good && lost == 0;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool run(uint16_t port, int polls, char *dir)
{
    double ratios[ROUNDS];
    struct measured with = {0}, without = {0};
    for (int i = 0; i < ROUNDS; i++) {
        bool first = i % 2;
        if (!measure(port, polls, first ? dir : NULL, first ? &with : &without)
            || !measure(port, polls, first ? NULL : dir, first ? &without : &with))
            return false;
        ratios[i] = with.cpu / without.cpu;
    }
    qsort(ratios, ROUNDS, sizeof *ratios, compare);
    printf("%d polls: %.1f us of processor each, without recording %.1f us: ratio %.2f (%.2f to "
           "%.2f)\n",
           polls, with.cpu / polls * 1e6, without.cpu / polls * 1e6, ratios[ROUNDS / 2], ratios[0],
           ratios[ROUNDS - 1]);
    printf("%lld bytes written for %lld of finished HARs: ratio %.3f\n",
           with.written - without.written, with.finished,
           (double)(with.written - without.written) / (double)with.finished);
    return true;
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/bench_record.XXXXXX";
    uint16_t port = 0;
    long polls = argc > 1 ? strtol(argv[1], NULL, 10) : POLLS;
    if (polls < 1 || polls > POLLS_MAX) {
        fprintf(stderr, "usage: bench_record [POLLS], 1 to %d\n", POLLS_MAX);
        return 2;
    }
    pid_t service = start_service(&port);
    bool good = service > 0 && port > 0 && mkdtemp(dir) && fetch_open(NULL) == 0
        && run(port, (int)polls, dir);
    if (service > 0)
        kill(service, SIGKILL);
    (void)rmdir(dir);
    if (!good)
        fprintf(stderr, "bench_record: a poll failed, or was not recorded\n");
    return !good;
}
