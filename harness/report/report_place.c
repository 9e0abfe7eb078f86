/* Where CI shows a failure: at a file of the user's repository, since it shows no other. */
#include "report.h"

#include "base/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* True when path is a file below the folder; out is then the way to it from there. */
static bool lies_below(const char *folder, const char *path, char *out)
{
    char root[PATH_MAX], real[PATH_MAX];
    if (!path || !realpath(folder, root) || !realpath(path, real) || file_is_dir(real))
        return false;
    size_t n = strlen(root);
    return strncmp(real, root, n) == 0 && real[n] == '/'
        && span_copy(span_of(real + n + 1), out, FILE_PATH_MAX);
}

const char *report_place(const struct run_result *result, const struct report_options *options,
                         char *out)
{
    const struct external *client = result->job.client;
    const char *path = result->job.scenario->path;
    if (!options->workspace)
        return path;
    if (lies_below(options->workspace, path, out))
        return out;
    for (size_t i = 0; client && client->command[i]; i++)
        if (lies_below(options->workspace, client->command[i], out))
            return out;
    if (client && client->profile && lies_below(options->workspace, client->profile->path, out))
        return out;
    return path;
}
