/* A stranger's program: the public header alone, with names of its own that must not clash. */
#include <understudy/client.h>

#include <stdio.h>
#include <string.h>

struct err {
    int mine;
};
struct span {
    struct err mine;
};
struct clock {
    struct span mine;
};
struct transport {
    struct clock mine;
};
struct upstream {
    struct transport mine;
};
enum { ERR_OK, ERR_LIMIT, HTTP_BODY_MAX, POLICY_WAIT };

static int complain(const char *claim)
{
    fprintf(stderr, "%s\n", claim);
    return 1;
}

static int a_reply_is_read_from_any_bytes(void)
{
    static const char body[] = "{\"code\":\"success\",\"data\":{\"status\":\"queued\"}}behind";
    struct task_view view;
    struct task_failure f;
    memset(&f, 0, sizeof f);
    if (task_read("doubao", 200, body, sizeof body - sizeof "behind", &view, &f) != 0
        || view.state != TASK_QUEUED || f.what[0] != '\0') {
        return complain("a reply is read, and only its bytes");
    }
    if (task_read("doubao", 200, NULL, 0, &view, NULL) != TASK_FAILURE_SYNTAX
        || view.error != TASK_ERROR_SYNTAX) {
        return complain("no bytes are no JSON");
    }
    if (task_read("doubao", 200, "{\"code\":1}", 10, &view, &f) != 0
        || view.error != TASK_ERROR_PERMANENT || strcmp(view.code, "1") != 0) {
        return complain("a refusal is a reply");
    }
    if (task_read("duobao", 200, body, 1, &view, &f) != TASK_FAILURE_NOT_FOUND
        || f.code != TASK_FAILURE_NOT_FOUND || strcmp(f.where, "duobao") != 0) {
        return complain("an upstream that is not there is named");
    }
    return 0;
}

static int a_transport_is_opened_lent_and_closed(void)
{
    struct task_transport *transport;
    struct task_options o;
    struct task_result result;
    struct task_failure f;
    memset(&o, 0, sizeof o);
    if (task_transport_open(NULL, &transport, &f) != 0)
        return complain(f.what);
    o.transport = transport;
    o.upstream = "doubao";
    o.base_url = "ftp://h";
    o.task_id = "t";
    int code = task_wait(&o, &result, &f);
    task_transport_close(transport);
    task_transport_close(NULL);
    if (code != TASK_FAILURE_USAGE || strcmp(f.where, "base_url") != 0)
        return complain("a wrong option is named");
    return 0;
}

int main(void)
{
    return a_reply_is_read_from_any_bytes() + a_transport_is_opened_lent_and_closed();
}
