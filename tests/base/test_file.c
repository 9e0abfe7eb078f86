/* Files: read whole, written whole or not at all, listed in order. */
#include "cases.h"

#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char dir[FILE_PATH_MAX];

static const char *path_of(const char *name)
{
    static char path[FILE_PATH_MAX];
    assert_true(file_join(path, sizeof path, dir, name));
    return path;
}

static int make_dir(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "%s/understudy-XXXXXX", P_tmpdir);
    return mkdtemp(dir) ? 0 : -1;
}

static int drop_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int drop_dir(void **state)
{
    (void)state;
    return nftw(dir, drop_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int list_names(const char *name, bool is_dir, void *arg, struct err *e)
{
    (void)e;
    buf_addf(arg, "%s%s ", name, is_dir ? "/" : "");
    return 0;
}

static void assert_listing(const char *folder, const char *want)
{
    struct buf names;
    buf_init(&names, 1000);
    assert_int_equal(file_list(folder, list_names, &names, NULL), 0);
    assert_string_equal(names.p, want);
    buf_fini(&names);
}

static void what_was_written_is_read_byte_for_byte(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    struct span bytes = {"a\0\xFF\n", 4};
    assert_int_equal(file_write(path_of("deep/er/x"), bytes, NULL), 0);
    assert_int_equal(file_write(path_of("deep/er/x"), bytes, NULL), 0); /* over itself */
    assert_int_equal(file_read(path_of("deep/er/x"), &b, NULL), 0);
    assert_true(span_same(buf_span(&b), bytes));
    buf_fini(&b);
    assert_true(file_exists(path_of("deep/er/x")));
    assert_true(file_is_dir(path_of("deep/er")));
    assert_false(file_is_dir(path_of("deep/er/x")));
}

static void reading_names_the_path_and_the_reason(void **state)
{
    (void)state;
    struct buf b;
    struct err e = {0};
    buf_init(&b, 3);
    assert_int_equal(file_read(path_of("absent"), &b, &e), ERR_FILE);
    assert_string_equal(e.where, path_of("absent"));
    assert_non_null(strstr(e.what, "No such file"));
    assert_int_equal(file_read(dir, &b, &e), ERR_FILE);
    assert_int_equal(file_write(path_of("four"), span_of("1234"), NULL), 0);
    assert_int_equal(file_read(path_of("four"), &b, &e), ERR_LIMIT);
    assert_string_equal(e.where, path_of("four"));
    assert_string_equal(e.what, "the file is longer than 3 bytes");
    buf_fini(&b);
}

static void assert_read_fails(const char *path, const char *what)
{
    struct buf b;
    struct err e = {0};
    buf_init(&b, 100);
    assert_int_equal(file_read(path, &b, &e), ERR_FILE);
    assert_string_equal(e.where, path);
    assert_string_equal(e.what, what);
    assert_int_equal(b.n, 0);
    buf_fini(&b);
}

static void bind_socket(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0 && span_copy(span_of(path), to.sun_path, sizeof to.sun_path));
    assert_int_equal(bind(fd, (const struct sockaddr *)&to, sizeof to), 0);
    close(fd);
}

/* Nobody writes into the pipe: to open it as a file is opened would wait for ever. */
static void what_is_no_regular_file_is_told_by_its_kind_and_never_waited_for(void **state)
{
    (void)state;
    const char *path = path_of("kind");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_read_fails(path, "not a regular file: a pipe");
    assert_int_equal(unlink(path), 0);
    bind_socket(path);
    assert_read_fails(path, "not a regular file: a socket");
    assert_int_equal(symlink("kind", path_of("to-kind")), 0);
    assert_read_fails(path_of("to-kind"), "not a regular file: a socket");
    assert_int_equal(unlink(path_of("kind")), 0);
    assert_read_fails("/dev/zero", "not a regular file: a device");
    assert_read_fails(dir, "not a regular file: a folder");
}

static void a_stream_may_be_a_pipe_or_a_device_and_has_its_maximum(void **state)
{
    (void)state;
    char path[64];
    int ends[2];
    struct buf b;
    struct err e = {0};
    buf_init(&b, 10);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "secret\n", 7), 7);
    close(ends[1]);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(file_read_stream(path, &b, &e), 0);
    assert_true(span_is(buf_span(&b), "secret\n"));
    close(ends[0]);
    assert_int_equal(file_read_stream("/dev/zero", &b, &e), ERR_LIMIT);
    assert_int_equal(file_read_stream(dir, &b, &e), ERR_FILE);
    assert_string_equal(e.what, "not a regular file: a folder");
    assert_int_equal(file_read_stream(path_of("absent"), &b, &e), ERR_FILE);
    buf_fini(&b);
}

static void a_link_may_lead_everywhere_below_its_root_and_not_out_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *link, *to, *what; /* what: NULL when it stays */
    } rows[] = {
        {"root/beside", "inside", NULL},
        {"root/deeper/up", "../inside", NULL},
        {"root/all", ".", NULL},
        {"root/twice", "beside", NULL},
        {"root/out", "../outside", "a symbolic link leads out of"},
        {"root/away", "/etc/passwd", "to /etc/passwd"},
        {"root/brother", "../root-2/file", "a symbolic link leads out of"}, /* a longer name */
        {"root/by", "out", "a symbolic link leads out of"},
        {"root/nowhere", "absent", "cannot be followed: No such file"},
        {"root/circle", "circle", "cannot be followed: Too many levels"},
    };
    char root[FILE_PATH_MAX], plain[FILE_PATH_MAX];
    static const char *const files[] = {"root/inside", "root/deeper/x", "outside", "root-2/file"};
    for (size_t i = 0; i < COUNT(files); i++)
        assert_int_equal(file_write(path_of(files[i]), span_of("x"), NULL), 0);
    assert_int_equal(symlink("root", path_of("by-link")), 0);
    assert_true(span_copy(span_of(path_of("by-link")), root, sizeof root));
    assert_true(span_copy(span_of(path_of("root")), plain, sizeof plain));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = {0};
        assert_int_equal(symlink(rows[i].to, path_of(rows[i].link)), 0);
        int code = file_stays_below(root, path_of(rows[i].link), &e);
        if (code != (rows[i].what ? ERR_FILE : 0)
            || (rows[i].what && !strstr(e.what, rows[i].what)))
            fail_msg("%s: %d %s: %s", rows[i].link, code, e.where, e.what);
        assert_int_equal(file_stays_below(plain, path_of(rows[i].link), NULL), code);
        bool is_folder = strcmp(rows[i].to, ".") == 0;
        struct buf text;
        buf_init(&text, 10);
        int read = file_read_below(root, path_of(rows[i].link), &text, &e);
        assert_int_equal(read, is_folder ? ERR_FILE : code);
        assert_true(span_is(buf_span(&text), read ? "" : "x"));
        if (read && !is_folder && !strstr(e.what, rows[i].what))
            fail_msg("%s: %s: %s", rows[i].link, e.where, e.what);
        buf_fini(&text);
    }
    assert_int_equal(symlink("../root-2", path_of("root/far")), 0);
    assert_int_equal(file_stays_below(plain, path_of("root/far/file"), NULL), ERR_FILE);
    assert_int_equal(file_stays_below(plain, path_of("root/../outside"), NULL), ERR_FILE);
    assert_int_equal(file_stays_below(plain, path_of("root/absent"), NULL), ERR_FILE);
    assert_int_equal(file_stays_below(plain, path_of("root/deeper/x"), NULL), 0);
    assert_int_equal(file_stays_below("/", path_of("outside"), NULL), 0);
    assert_int_equal(file_stays_below(path_of("absent"), root, NULL), ERR_FILE);
    struct buf text;
    buf_init(&text, 10);
    assert_int_equal(file_read_below(plain, path_of("root/deeper/x"), &text, NULL), 0);
    assert_int_equal(file_read_below(plain, path_of("root/absent"), &text, NULL), ERR_FILE);
    assert_true(span_is(buf_span(&text), "x"));
    buf_fini(&text);
}

/* Temporary files start with a dot, so file_list does not show them. */
static int count_temporary(const char *folder)
{
    int count = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (const struct dirent *entry = readdir(d); entry; entry = readdir(d))
        count += span_starts(span_of(entry->d_name), ".tmp");
    closedir(d);
    return count;
}

static void a_write_that_fails_leaves_nothing_behind(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(file_make_dir(path_of("taken/inside"), NULL), 0);
    assert_int_equal(file_write(path_of("taken"), span_of("x"), &e), ERR_FILE);
    assert_string_equal(e.where, path_of("taken"));
    assert_int_equal(count_temporary(dir), 0);
    assert_true(file_is_dir(path_of("taken/inside")));
}

/* A pipe stands for every such thing: replacing /dev/null by a file would hurt. */
static void what_is_no_regular_file_is_written_to_and_not_replaced(void **state)
{
    (void)state;
    const char *path = path_of("pipe");
    char got[16] = "";
    struct stat s;
    struct err e = {0};
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(file_write(path, span_of("passed on"), &e), 0);
    assert_int_equal(read(reader, got, sizeof got), 9);
    assert_string_equal(got, "passed on");
    assert_true(stat(path, &s) == 0 && S_ISFIFO(s.st_mode));
    close(reader);
    assert_int_equal(unlink(path), 0);
}

static void a_file_in_the_way_of_a_folder_is_an_error(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(file_write(path_of("plain"), span_of("x"), NULL), 0);
    assert_int_equal(file_make_dir(path_of("plain/below"), &e), ERR_FILE);
    assert_int_equal(file_make_dir("", &e), ERR_LIMIT);
}

static int stop_at_b(const char *name, bool is_dir, void *arg, struct err *e)
{
    (void)is_dir;
    (*(int *)arg)++;
    return strcmp(name, "b") == 0 ? err_set(e, ERR_CANCELLED, name, "enough") : 0;
}

static void listings_are_sorted_by_bytes_and_skip_dots(void **state)
{
    (void)state;
    static const char *const names[] = {"list/b",       "list/a.x",      "list/B",
                                        "list/.hidden", "list/\xC3\xA9", "list/a/deeper"};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(file_write(path_of(names[i]), span_of(""), NULL), 0);
    assert_int_equal(symlink("a", path_of("list/link")), 0);
    assert_listing(path_of("list"), "B a/ a.x b link/ \xC3\xA9 ");
    int visits = 0;
    struct err e = {0};
    assert_int_equal(file_list(path_of("list"), stop_at_b, &visits, &e), ERR_CANCELLED);
    assert_int_equal(visits, 4);
    assert_int_equal(file_list(path_of("nowhere"), stop_at_b, &visits, &e), ERR_FILE);
    assert_int_equal(file_make_dir(path_of("empty"), NULL), 0);
    assert_listing(path_of("empty"), "");
}

static void joining_uses_one_slash_or_fails_empty(void **state)
{
    (void)state;
    char out[6] = "x";
    assert_true(file_join(out, sizeof out, "ab", "cd"));
    assert_string_equal(out, "ab/cd");
    assert_true(file_join(out, sizeof out, "ab/", "cd"));
    assert_string_equal(out, "ab/cd");
    assert_true(file_join(out, sizeof out, "", "cd"));
    assert_string_equal(out, "cd");
    assert_false(file_join(out, sizeof out, "abc", "cd"));
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_byte_for_byte),
        cmocka_unit_test(reading_names_the_path_and_the_reason),
        cmocka_unit_test(what_is_no_regular_file_is_told_by_its_kind_and_never_waited_for),
        cmocka_unit_test(a_stream_may_be_a_pipe_or_a_device_and_has_its_maximum),
        cmocka_unit_test(a_link_may_lead_everywhere_below_its_root_and_not_out_of_it),
        cmocka_unit_test(a_write_that_fails_leaves_nothing_behind),
        cmocka_unit_test(what_is_no_regular_file_is_written_to_and_not_replaced),
        cmocka_unit_test(a_file_in_the_way_of_a_folder_is_an_error),
        cmocka_unit_test(listings_are_sorted_by_bytes_and_skip_dots),
        cmocka_unit_test(joining_uses_one_slash_or_fails_empty),
    };
    return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
