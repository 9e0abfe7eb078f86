/* The languages, and their files, which the build embeds (harness/CMakeLists.txt). */
#include "init.h"

#include "base/file.h"

extern const char init_python_client[], init_python_profile[], init_python_test[];
extern const char init_node_client[], init_node_profile[], init_node_test[];
extern const char init_go_client[], init_go_profile[], init_go_test[];
extern const char init_c_client[], init_c_profile[], init_c_test[];
extern const char init_bash_client[], init_bash_profile[], init_bash_test[];

static const struct init_language languages[] = {
    {"python",
     {{"client.py", init_python_client},
      {"understudy.json", init_python_profile},
      {"test.sh", init_python_test}}},
    {"node",
     {{"client.mjs", init_node_client},
      {"understudy.json", init_node_profile},
      {"test.sh", init_node_test}}},
    {"go",
     {{"client.go", init_go_client},
      {"understudy.json", init_go_profile},
      {"test.sh", init_go_test}}},
    {"c",
     {{"client.c", init_c_client}, {"understudy.json", init_c_profile}, {"test.sh", init_c_test}}},
    {"bash",
     {{"client.sh", init_bash_client},
      {"understudy.json", init_bash_profile},
      {"test.sh", init_bash_test}}},
    {NULL, {{NULL, NULL}}},
};

const struct init_language *init_languages(void)
{
    return languages;
}

int init_write(const struct init_language *language, const char *dir, struct err *e)
{
    char path[FILE_PATH_MAX];
    int code = 0;
    for (int pass = 0; !code && pass < 2; pass++)
        for (int i = 0; !code && i < INIT_FILES_MAX; i++) {
            const struct init_file *f = &language->files[i];
            if (!file_join(path, sizeof path, dir, f->name))
                code = err_set(e, ERR_LIMIT, dir, "the path is too long");
            else if (pass == 0 && file_exists(path))
                code = err_set(e, ERR_USAGE, path, "is there already: nothing is written");
            else if (pass == 1)
                code = file_write(path, span_of(f->text), e);
        }
    return code;
}
