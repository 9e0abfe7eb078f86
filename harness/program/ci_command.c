/* harness ci: a whole job for a CI system, which runs what is said as harness run would. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/report/report.h"

#include <string.h>

static const char HELP[] =
    "harness ci github|gitlab [SCENARIO | UPSTREAM]... -- CLIENT ARG...\n"
    "\n"
    "Prints a job that installs this program and judges the client: .github/workflows/*.yml, or a\n"
    "part of .gitlab-ci.yml. The words are those of harness run.\n"
    "\n";

#define PACKAGE "understudy_" UNDERSTUDY_VERSION "_amd64.deb"

/* Before the command and after it, which is indented by so much. */
struct ci_job {
    const char *name, *before, *after;
    int indent;
};

static const struct ci_job jobs[] = {
    {"github",
     "# The polling client judged on each push. The package lies in this repository; annotations "
     "and the summary of the\n"
     "# step appear by themselves.\n"
     "name: understudy\n"
     "on: [push, pull_request]\n"
     "permissions:\n"
     "  contents: read\n"
     "jobs:\n"
     "  understudy:\n"
     "    runs-on: ubuntu-24.04\n"
     "    steps:\n"
     "      - uses: actions/checkout@v4\n"
     "      - name: Install understudy\n"
     "        run: sudo apt-get update && sudo apt-get install --yes ./" PACKAGE "\n"
     "      - name: Judge the client\n"
     "        run: |\n",
     "      - name: Keep the reports\n"
     "        if: always()\n"
     "        uses: actions/upload-artifact@v4\n"
     "        with:\n"
     "          name: understudy\n"
     "          path: |\n"
     "            harness.json\n"
     "            harness.html\n",
     10},
    {"gitlab",
     "# The polling client judged on each push. The package lies in this repository; what fails "
     "shows in the merge request.\n"
     "understudy:\n"
     "  image: debian:12\n"
     "  before_script:\n"
     "    - apt-get update && apt-get install --yes ./" PACKAGE "\n"
     "  script:\n"
     "    - |\n",
     "  artifacts:\n"
     "    when: always\n"
     "    paths:\n"
     "      - harness.json\n"
     "      - harness.html\n"
     "    reports:\n"
     "      junit: " REPORT_GITLAB "\n",
     6},
};
enum { JOBS = sizeof jobs / sizeof jobs[0] };

static const struct ci_job *find_job(const char *word, struct err *e)
{
    const char *names[JOBS + 1] = {0};
    for (size_t i = 0; i < JOBS; i++) {
        names[i] = jobs[i].name;
        if (strcmp(word, jobs[i].name) == 0)
            return &jobs[i];
    }
    const char *near = text_nearest(word, names);
    err_set(e, ERR_USAGE, NULL, "no job for \"%s\"; there is %s", word,
            near ? near : "github and gitlab");
    return NULL;
}

/* One line, whatever the words hold. GitHub would replace what stands in ${{ }} before a shell sees it. */
static int add_command(const struct args_rest *rest, struct buf *out, struct err *e)
{
    buf_add_text(out, "harness run");
    for (int i = 1; i < rest->count; i++) {
        buf_add_char(out, ' ');
        report_shell_word(out, rest->words[i]);
    }
    buf_add_text(out, " --report table --report json=harness.json --report html=harness.html --");
    for (char **word = rest->after; *word; word++) {
        if (strstr(*word, "${{"))
            return err_set(e, ERR_USAGE, "--",
                           "GitHub replaces ${{ }} in \"%.100s\" before the client gets it", *word);
        buf_add_char(out, ' ');
        report_shell_word(out, *word);
    }
    buf_add_char(out, '\n');
    return 0;
}

int command_ci(int argc, char **argv, struct command_output *out, struct err *e)
{
    const struct args_option options[] = {{0}};
    struct args_rest rest;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.count == 0)
        code = err_set(e, ERR_USAGE, NULL, "a job for whom? There is github and gitlab");
    const struct ci_job *job = code ? NULL : find_job(rest.words[0], e);
    if (!code && !job)
        code = ERR_USAGE;
    if (!code && (!rest.after || !rest.after[0]))
        code = err_set(e, ERR_USAGE, "--", "a client's command is wanted after it");
    if (code)
        return args_exit_code((enum err_code)code);
    buf_addf(&out->text, "%s%*s", job->before, job->indent, "");
    code = add_command(&rest, &out->text, e);
    if (code)
        buf_reset(&out->text);
    else
        buf_add_text(&out->text, job->after);
    return args_exit_code((enum err_code)code);
}
