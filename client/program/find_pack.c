/* Looks for FOLDER/UPSTREAM/openapi.json. */
#include "find_pack.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

enum { NAMES_MAX = 256, NAMES_BYTES_MAX = 64 << 10 };

/* What there is, for an error that names the nearest. */
struct names {
    const char *list[NAMES_MAX + 1];
    size_t count;
    char room[NAMES_BYTES_MAX];
    size_t used;
    const char *folder; /* being looked through */
};

static void add_name(struct names *n, const char *name)
{
    size_t bytes = strlen(name) + 1;
    if (n->count == NAMES_MAX || bytes > sizeof n->room - n->used)
        return;
    n->list[n->count++] = memcpy(n->room + n->used, name, bytes);
    n->used += bytes;
}

static int visit(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct names *n = arg;
    char folder[FILE_PATH_MAX], contract[FILE_PATH_MAX];
    (void)e;
    if (is_dir && file_join(folder, sizeof folder, n->folder, name)
        && file_join(contract, sizeof contract, folder, "openapi.json") && file_exists(contract))
        add_name(n, name);
    return 0;
}

static int unknown(const char *upstream, const struct args_list *folders, struct err *e)
{
    static struct names names;
    struct err ignored;
    for (const char *const *name = task_upstreams(); *name; name++)
        add_name(&names, *name);
    for (int i = 0; i < folders->count; i++) {
        names.folder = folders->values[i];
        (void)file_list(names.folder, visit, &names, &ignored);
    }
    const char *nearest = text_nearest(upstream, names.list);
    const char *where = folders->count ? folders->values[0] : "the client";
    if (nearest)
        return err_set(e, ERR_USAGE, "upstream", "there is no '%s'; did you mean '%s'?", upstream,
                       nearest);
    return err_set(e, ERR_USAGE, "upstream", "there is no '%s': %s/%s/openapi.json is not there",
                   upstream, where, upstream);
}

/* Opens the folder's pack of that name; NULL, and no error, when it has none. */
static int open_in(const char *folder, const char *upstream, struct task_pack **out, struct err *e)
{
    char pack[FILE_PATH_MAX], contract[FILE_PATH_MAX];
    struct task_failure f;
    if (!file_is_dir(folder))
        return err_set(e, ERR_FILE, folder, "no folder of fixtures here");
    if (!file_join(pack, sizeof pack, folder, upstream)
        || !file_join(contract, sizeof contract, pack, "openapi.json") || !file_exists(contract))
        return 0;
    int code = task_pack_open(pack, out, &f);
    return code ? err_set(e, (enum err_code)code, f.where, "%s", f.what) : 0;
}

int find_pack(const char *upstream, const struct args_list *folders, struct task_pack **out,
              struct err *e)
{
    char installed[FILE_PATH_MAX];
    struct args_list in = *folders;
    *out = NULL;
    for (const char *const *name = task_upstreams(); *name; name++)
        if (strcmp(*name, upstream) == 0)
            return 0;
    if (!in.count && file_is_dir("fixtures"))
        in.values[in.count++] = "fixtures";
    else if (!in.count && file_from_program(installed, FIXTURES_FROM_PROGRAM)
             && file_is_dir(installed))
        in.values[in.count++] = installed;
    if (!text_is_name(span_of(upstream)))
        return unknown(upstream, &in, e);
    int code = 0;
    for (int i = 0; !code && !*out && i < in.count; i++)
        code = open_in(in.values[i], upstream, out, e);
    return code || *out ? code : unknown(upstream, &in, e);
}
