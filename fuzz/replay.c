/* Gives a fuzz target files instead of mutations: seeds and regressions, under any compiler.
 *
 *   fuzz_replay_NAME FILE|DIR...
 *
 * A folder stands for the files in it, and may be absent. Exit codes: 0 every property held, 1 a file
 * could not be read or there were none; a violated property aborts after naming the file. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20 };

struct replay {
    const char *dir;
    unsigned inputs;
};

static int replay_file(const char *path, struct err *e)
{
    struct buf bytes;
    buf_init(&bytes, INPUT_MAX);
    int code = file_read(path, &bytes, e);
    uint8_t *exact = malloc(bytes.n > 0 ? bytes.n : 1);
    if (code == 0 && exact == NULL)
        code = err_set(e, ERR_MEMORY, path, "no memory for the input");
    if (code == 0) {
        (void)printf("%s\n", path);
        (void)fflush(stdout); /* the last line before an abort names its input */
        memcpy(exact, bytes.p, bytes.n);
        (void)LLVMFuzzerTestOneInput(exact, bytes.n);
    }
    free(exact);
    buf_fini(&bytes);
    return code;
}

static int replay_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct replay *r = arg;
    char path[FILE_PATH_MAX];
    if (is_dir)
        return 0;
    if (!file_join(path, sizeof path, r->dir, name))
        return err_set(e, ERR_LIMIT, r->dir, "a path longer than %d bytes", FILE_PATH_MAX - 1);
    r->inputs++;
    return replay_file(path, e);
}

static int replay_argument(struct replay *r, const char *path, struct err *e)
{
    r->dir = path;
    if (file_is_dir(path))
        return file_list(path, replay_entry, r, e);
    if (path[0] != '\0' && path[strlen(path) - 1] == '/')
        return 0; /* a folder of seeds or regressions that has none yet */
    r->inputs++;
    return replay_file(path, e);
}

int main(int argc, char **argv)
{
    struct replay r = {0};
    struct err e = {0};
    for (int i = 1; i < argc; i++) {
        if (replay_argument(&r, argv[i], &e) != 0) {
            (void)fprintf(stderr, "%s: %s\n", e.where, e.what);
            return 1;
        }
    }
    if (r.inputs == 0) {
        (void)fprintf(stderr, "no inputs: name a file, or a folder with files\n");
        return 1;
    }
    (void)printf("%u inputs, every property held\n", r.inputs);
    return 0;
}
