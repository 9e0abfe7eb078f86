/* mockserver list: what can be asked for. */
#include "commands.h"
#include "lifecycle.h"
#include "mockserver/list/list.h"

#include "base/args.h"
#include "base/output.h"
#include "base/text.h"

#include <string.h>

enum { LIST_BYTES_MAX = 64 << 20 };

static const struct kind {
    const char *name;
    void (*write)(struct listing *l, const struct fixtures *f);
} kinds[] = {{"upstreams", list_upstreams}, {"scenarios", list_scenarios}, {"faults", list_faults}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const struct kind *find_kind(const char *word, struct err *e)
{
    const char *names[KINDS + 1] = {0};
    for (size_t i = 0; i < KINDS; i++) {
        names[i] = kinds[i].name;
        if (strcmp(word, kinds[i].name) == 0)
            return &kinds[i];
    }
    const char *near = text_nearest(word, names);
    err_set(e, ERR_USAGE, word, "nothing to list; there is %s",
            near ? near : "upstreams, scenarios and faults");
    return NULL;
}

static int print_list(const struct kind *kind, const struct args_list *dirs, bool json,
                      struct err *e)
{
    struct fixtures *fixtures = NULL;
    struct listing list;
    struct buf out;
    int code = lifecycle_load_folders(dirs, &fixtures, e);
    if (code)
        return code;
    buf_init(&out, LIST_BYTES_MAX);
    list_begin(&list, kind->name, json, &out);
    kind->write(&list, fixtures);
    list_end(&list);
    code = buf_err(&out, "the list", e);
    if (!code)
        code = output_write(buf_span(&out), e);
    buf_fini(&out);
    fixtures_free(fixtures);
    return code;
}

int list_command(int argc, char **argv, struct err *e)
{
    struct args_list fixtures = {0};
    bool json = false;
    const struct args_option table[] = {
        {"--fixtures", 0, ARGS_LIST, &fixtures, 0, 0, "DIR",
         "the folder of upstreams (default as for serve); may be given again to add packs"},
        {"--json", 0, ARGS_SWITCH, &json, 0, 0, NULL, "one JSON object (default a line each)"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    struct args_rest rest;
    int code = args_read(table, argc, argv, &rest, e);
    if (code)
        return code;
    if (rest.help)
        return lifecycle_help("list [upstreams | scenarios | faults] [OPTION...]", table, e);
    if (rest.count > 1 || rest.after)
        return err_set(e, ERR_USAGE, rest.after ? "--" : rest.words[1], "list takes one word");
    const struct kind *kind = find_kind(rest.count ? rest.words[0] : "upstreams", e);
    return kind ? print_list(kind, &fixtures, json, e) : ERR_USAGE;
}
