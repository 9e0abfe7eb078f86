/* harness scan: secrets in files that are there already. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/scan/scan.h"

static const char HELP[] =
    "harness scan FILE|FOLDER...\n"
    "\n"
    "Finds secrets in recordings (HAR of any program), replies and other texts, and\n"
    "says where each stands and of what kind it is, never what it is. Exits 1 when\n"
    "there is one.\n"
    "\n";

static void print_place(const struct scan_place *place, void *arg)
{
    struct command_output *out = arg;
    buf_add_plain(&out->text, span_of(place->path));
    buf_addf(&out->text, ":%s%s: %s\n", place->where[0] == '/' ? " " : "", place->where,
             place->kind);
}

int command_scan(int argc, char **argv, struct command_output *out, struct err *e)
{
    const struct args_option options[] = {{0}};
    struct args_rest rest;
    struct scan scan = {.found = print_place, .arg = out};
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "scan runs no command");
    if (!code && rest.count == 0)
        code = err_set(e, ERR_USAGE, NULL, "scan what? Name at least one file or folder");
    for (int i = 0; !code && i < rest.count; i++)
        code = scan_path(&scan, rest.words[i], e);
    if (code)
        return args_exit_code((enum err_code)code);
    buf_addf(&out->text, "%u %s in %u of %u %s\n", scan.places,
             text_count_word(scan.places, "secret", "secrets"), scan.files_with, scan.files,
             text_count_word(scan.files, "file", "files"));
    return scan.places > 0 ? EXIT_CHECK_FAILED : EXIT_GOOD;
}
