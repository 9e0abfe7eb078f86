/* taskpoll: waits for one task and says how it went. */
#include "client/client.h"

#include "base/args.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json/json.h"
#include "base/output.h"
#include "find_pack.h"

#include <string.h>

enum { SECRET_FILE_MAX = 4096, LINE_MAX_BYTES = 64 << 10, DAY_MS = 24 * 3600 * 1000 };

struct settings {
    struct task_options task;
    struct args_list fixtures;
    const char *secret_file;
    int64_t app_id;
    bool json;
};

/* Writes and frees a line; false when it is lost, which output_end says. */
static bool print_line(struct buf *line)
{
    buf_add_char(line, '\n');
    bool good = line->broken == 0 && output_write(buf_span(line), NULL) == 0;
    buf_fini(line);
    return good;
}

/* Nobody can read the result any more: there is no reason to wait for it. */
static void print_or_cancel(struct buf *line, void *cancel)
{
    if (!print_line(line))
        task_cancel_now(cancel);
}

static void add_view(struct json_writer *w, const struct task_view *view)
{
    const struct {
        const char *key;
        const char *text;
    } texts[] = {{"status", view->status},
                 {"id", view->id},
                 {"code", view->code},
                 {"reason", view->reason},
                 {"url", view->url}};
    const struct {
        const char *key;
        int64_t ms;
    } times[] = {{"created", view->created_ms},
                 {"started", view->started_ms},
                 {"finished", view->finished_ms}};
    json_member_text(w, "state", task_state_name(view->state));
    if (view->error != TASK_ERROR_NONE)
        json_member_text(w, "error", task_error_name(view->error));
    if (view->progress >= 0)
        json_member_int(w, "progress", view->progress);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].text[0] != '\0')
            json_member_text(w, texts[i].key, texts[i].text);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (times[i].ms != 0)
            json_member_int(w, times[i].key, times[i].ms);
}

static void progress_json(const struct task_view *view, void *arg)
{
    struct buf line;
    struct json_writer w;
    buf_init(&line, LINE_MAX_BYTES);
    json_write_init(&w, &line, false);
    json_write_open(&w, '{');
    add_view(&w, view);
    json_write_close(&w, '}');
    print_or_cancel(&line, arg);
}

static void progress_text(const struct task_view *view, void *arg)
{
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    if (view->error != TASK_ERROR_NONE) {
        buf_add_text(&line, task_error_name(view->error));
    } else {
        buf_addf(&line, "%s (", task_state_name(view->state));
        buf_add_plain(&line, span_of(view->status));
        buf_add_char(&line, ')');
    }
    if (view->progress >= 0)
        buf_addf(&line, " %d%%", view->progress);
    if (view->reason[0] != '\0') {
        buf_add_text(&line, ": ");
        buf_add_plain(&line, span_of(view->reason));
    }
    print_or_cancel(&line, arg);
}

static void print_result_json(const struct task_result *result)
{
    struct buf line;
    struct json_writer w;
    buf_init(&line, LINE_MAX_BYTES);
    json_write_init(&w, &line, false);
    json_write_open(&w, '{');
    json_member_text(&w, "outcome", task_outcome_name(result->outcome));
    json_member_text(&w, "why", result->why);
    json_member_int(&w, "polls", result->polls);
    json_member_int(&w, "elapsed_ms", result->elapsed_ms);
    add_view(&w, &result->view);
    json_write_close(&w, '}');
    print_line(&line);
}

/* The last line is the URL alone, or the sentence that says why there is none. Scripts take it for
 * what it says, so nothing in either may end the line. */
static void print_result_text(const struct task_result *result)
{
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    if (result->outcome == TASK_OUTCOME_SUCCEEDED && result->view.url[0] != '\0')
        buf_add_plain_url(&line, span_of(result->view.url));
    else
        buf_add_plain(&line, span_of(result->why));
    print_line(&line);
}

static int read_secret(const char *path, struct buf *secret, struct err *e)
{
    int code = file_read_stream(path, secret, e);
    if (code)
        return code;
    struct span trimmed = span_trim(buf_span(secret));
    memmove(secret->p, trimmed.p, trimmed.n);
    secret->p[trimmed.n] = '\0';
    secret->n = trimmed.n;
    return 0;
}

/* The library's errors name fields of task_options; people typed flags. */
static const char *flag_of(const char *option)
{
    static const char *const rows[][2] = {{"base_url", "--base-url"}, {"task_id", "--task"},
                                          {"goal", "--goal"},         {"token", "--token"},
                                          {"app_id", "--app-id"},     {"ca_file", "--ca-file"},
                                          {"secret", "--secret-file"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i][0], option) == 0)
            return rows[i][1];
    return option;
}

/* The exit code of an error, whose place becomes the flag that people typed. */
static int fail(struct err *e)
{
    const char *flag = flag_of(e->where);
    if (flag != e->where)
        span_copy(span_of(flag), e->where, sizeof e->where);
    return args_exit_code(e->code);
}

static int wait_for(const struct task_options *o, struct task_result *out, struct err *e)
{
    struct task_failure f;
    int code = task_wait(o, out, &f);
    return !code ? 0 : err_set(e, (enum err_code)code, f.where, "%s", f.what);
}

static int wait_with_secret(struct settings *s, struct task_result *out, struct err *e)
{
    struct buf secret;
    struct task_failure f;
    buf_init(&secret, SECRET_FILE_MAX);
    int code = s->secret_file ? read_secret(s->secret_file, &secret, e) : 0;
    if (!code && task_cancel_open(&s->task.cancel, &f) != 0)
        code = err_set(e, ERR_MEMORY, f.where, "%s", f.what);
    if (!code) {
        s->task.secret = s->secret_file ? secret.p : NULL;
        s->task.app_id = (uint32_t)s->app_id;
        s->task.progress = s->json ? progress_json : progress_text;
        s->task.progress_arg = s->task.cancel;
        code = wait_for(&s->task, out, e);
    }
    task_cancel_close(s->task.cancel);
    buf_fini(&secret);
    return code;
}

static int wait_for_upstream(struct settings *s, struct task_result *out, struct err *e)
{
    struct task_pack *pack = NULL;
    int code = find_pack(s->task.upstream, &s->fixtures, &pack, e);
    s->task.pack = pack;
    if (!code)
        code = wait_with_secret(s, out, e);
    task_pack_close(pack);
    return code;
}

static int wait_and_print(struct settings *s, struct err *e)
{
    struct task_result result;
    if (wait_for_upstream(s, &result, e) != 0)
        return fail(e);
    if (result.outcome == TASK_OUTCOME_CANCELLED)
        return EXIT_ENVIRONMENT;
    if (s->json)
        print_result_json(&result);
    else
        print_result_text(&result);
    if (result.outcome == TASK_OUTCOME_SUCCEEDED)
        return EXIT_GOOD;
    return result.replies == 0 ? EXIT_ENVIRONMENT : EXIT_CHECK_FAILED;
}

static int help(const struct args_option *options)
{
    struct buf text;
    buf_init(&text, LINE_MAX_BYTES);
    buf_add_text(&text,
                 "taskpoll UPSTREAM --base-url URL --task ID [option]...\n"
                 "Waits until a task ends; the last line is its URL or why there is none.\n\n"
                 "UPSTREAM is one of:");
    for (const char *const *name = task_upstreams(); *name; name++)
        buf_addf(&text, " %s", *name);
    buf_add_text(&text, "\nor one below --fixtures, which is read by its contract.\n\n");
    args_help(options, &text);
    buf_add_text(&text,
                 "\nExit: 0 succeeded, 1 failed, refused or gave up, 2 usage, "
                 "3 no answer from the service\n");
    output_write(buf_span(&text), NULL);
    buf_fini(&text);
    return EXIT_GOOD;
}

static int run(int argc, char **argv, struct err *e)
{
    struct settings s = {0};
    const struct args_option options[] = {
        {"--base-url", 0, ARGS_TEXT, &s.task.base_url, 0, 0, "URL",
         "where the service is; paths are appended"},
        {"--task", 0, ARGS_TEXT, &s.task.task_id, 0, 0, "ID", "the task's id"},
        {"--goal", 0, ARGS_TEXT, &s.task.goal, 0, 0, "G",
         "zego-stream: ready or stopped; zego-drive: all"},
        {"--token", 0, ARGS_TEXT, &s.task.token, 0, 0, "T",
         "bearer token, API key or user:password (default: none is sent)"},
        {"--fixtures", 0, ARGS_LIST, &s.fixtures, 0, 0, "DIR",
         "upstreams that are data only (default: ./fixtures, else the installed ones); may be "
         "given "
         "again"},
        {"--app-id", 0, ARGS_INT, &s.app_id, 1, UINT32_MAX, "N", "zego: AppId"},
        {"--secret-file", 0, ARGS_TEXT, &s.secret_file, 0, 0, "F",
         "zego: file that holds the ServerSecret"},
        {"--interval", 0, ARGS_DURATION, &s.task.interval_ms, 0, 0, "S",
         "between polls (default: the upstream's)"},
        {"--timeout", 0, ARGS_DURATION, &s.task.timeout_ms, 0, 0, "S",
         "for the whole wait (default: 1h)"},
        {"--ca-file", 0, ARGS_TEXT, &s.task.ca_file, 0, 0, "F",
         "certificates to trust, in PEM (default: the machine's)"},
        {"--json", 0, ARGS_SWITCH, &s.json, 0, 0, NULL, "one JSON object a line"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    struct args_rest rest;
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return output_write(span_of("taskpoll " UNDERSTUDY_VERSION "\n"), e) ? fail(e) : EXIT_GOOD;
    if (args_read(options, argc, argv, &rest, e) != 0)
        return fail(e);
    if (rest.help)
        return help(options);
    if (rest.count != 1) {
        err_set(e, ERR_USAGE, NULL, "give one upstream; --help shows how");
        return fail(e);
    }
    s.task.upstream = rest.words[0];
    return wait_and_print(&s, e);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    output_begin();
    int code = run(argc, argv, &e);
    return output_end("taskpoll", code, &e);
}
