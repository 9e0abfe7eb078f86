/* decoder.c over a contract: reads each body by fixtures/FUZZ_UPSTREAM/openapi.json in place of the upstream's decoder. */
#include "fuzz.h"

#include "base/file.h"
#include "client/decode/pack.h"
#include "client/decode/view.h"

int pack_fuzz_read(const char *upstream, int http_status, struct span body, struct task_view *out,
                   struct err *e);

int pack_fuzz_read(const char *upstream, int http_status, struct span body, struct task_view *out,
                   struct err *e)
{
    static struct task_pack *kept;
    char folder[FILE_PATH_MAX];
    if (!kept)
        fuzz_demand(file_join(folder, sizeof folder, FUZZ_FIXTURES, upstream)
                        && pack_open_folder(folder, &kept, NULL) == 0,
                    "the contract opens");
    return pack_read(kept, http_status, body, out, e);
}
