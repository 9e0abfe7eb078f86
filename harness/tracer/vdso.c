/* On its stack a new program finds the count of its arguments, those, NULL, its environment, NULL,
 * and the auxiliary vector, in which the kernel tells where the vDSO is. Source: getauxval(3) and
 * the System V ABI, "Process Initialization". */
#include "vdso.h"

#include "machine.h"

#include <elf.h>

enum {
    WORDS = 512, /* read at once */
    VECTOR_MAX = 64
};

/* The address behind the NULL that ends a list of pointers; 0: there is none. */
static uint64_t skip_list(pid_t pid, uint64_t at)
{
    for (;;) {
        uint64_t words[WORDS];
        size_t n = WORDS;
        /* The stack's last page may end within. */
        while (n > 0 && !machine_peek(pid, at, words, n * sizeof words[0]))
            n /= 2;
        if (n == 0)
            return 0;
        for (size_t i = 0; i < n; i++)
            if (words[i] == 0)
                return at + (i + 1) * sizeof words[0];
        at += n * sizeof words[0];
    }
}

bool vdso_hide(pid_t pid)
{
    struct machine m;
    if (!machine_read(pid, &m))
        return false;
    uint64_t at = machine_stack(&m) + sizeof(uint64_t); /* behind the count */
    for (int list = 0; list < 2 && at != 0; list++)
        at = skip_list(pid, at);
    for (int i = 0; at != 0 && i < VECTOR_MAX; i++, at += sizeof(Elf64_auxv_t)) {
        Elf64_auxv_t entry;
        if (!machine_peek(pid, at, &entry, sizeof entry) || entry.a_type == AT_NULL)
            return false;
        if (entry.a_type != AT_SYSINFO_EHDR)
            continue;
        entry.a_type = AT_IGNORE;
        return machine_poke(pid, at, &entry, sizeof entry);
    }
    return false;
}
