/* Checks a client before it is run: whether it is there, and how its time can be sped up. */
#include "external.h"

#include "base/file.h"
#include "external_args.h"
#include "process.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* True for an ELF program that libfaketime cannot reach, because it does not ask libc for the
 * time: a static one (it names no dynamic linker, PT_INTERP), or one made by Go (whose runtime
 * makes its own system calls even when it is dynamic). False for scripts: their interpreter is
 * the program that would have to be looked at. */
static bool is_out_of_reach(const unsigned char *p, size_t n)
{
    static const char go_mark[] = "\xff Go buildinf:";
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)(const void *)p;
    if (n < sizeof *head || memcmp(p, ELFMAG, SELFMAG) != 0 || p[EI_CLASS] != ELFCLASS64)
        return false;
    if (memmem(p, n, go_mark, sizeof go_mark - 1))
        return true;
    for (unsigned i = 0; i < head->e_phnum; i++) {
        size_t at = head->e_phoff + (size_t)i * sizeof(Elf64_Phdr);
        if (at > n || n - at < sizeof(Elf64_Phdr))
            return false;
        const Elf64_Phdr *part = (const Elf64_Phdr *)(const void *)(p + at);
        if (part->p_type == PT_INTERP)
            return false;
    }
    return true;
}

static bool file_is_out_of_reach(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= 0) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    size_t n = (size_t)st.st_size;
    void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    bool out = p != MAP_FAILED && is_out_of_reach(p, n);
    if (p != MAP_FAILED)
        munmap(p, n);
    close(fd);
    return out;
}

int external_prepare(char *const *command, const struct profile *profile, uint32_t speed,
                     struct external *out, struct err *e)
{
    char path[4096];
    char faketime[4096];
    size_t words = 0;
    *out = (struct external){.command = command, .profile = profile, .speed = speed};
    while (command[words])
        words++;
    if (words == 0)
        return err_set(e, ERR_USAGE, "--", "a client's command is wanted after it");
    if (words > EXTERNAL_ARGS_MAX)
        return err_set(e, ERR_LIMIT, "--", "the command has %zu words, at most %d are passed on",
                       words, EXTERNAL_ARGS_MAX);
    int code = 0;
    for (size_t i = 0; !code && i < words; i++)
        code = placeholder_check(command[i], e);
    if (code)
        return err_wrap(e, ERR_USAGE, "--");
    code = process_find(command[0], path, sizeof path, e);
    if (code)
        return code;
    if (speed == 0)
        out->pace = PACE_EVENTS;
    if (speed <= 1)
        return 0;
    if (!file_is_out_of_reach(path)) {
        out->pace = PACE_FAKETIME;
        if (process_find("faketime", faketime, sizeof faketime, NULL) == 0)
            return 0;
        return err_set(e, ERR_NOT_FOUND, "faketime",
                       "is needed for --speed %u and is not on PATH: install the package faketime, "
                       "or use --speed 1",
                       speed);
    }
    out->pace = PACE_INTERVAL;
    if (external_args_use(out, PLACEHOLDER_INTERVAL))
        return 0;
    return err_set(e, ERR_USAGE, command[0],
                   "is static or a Go program, so its clock cannot be sped up: give it {interval} "
                   "(and {timeout}) in its arguments or its profile's, which --speed then divides, "
                   "or use --speed 1");
}
