/* Claims about requests held against their route: the parameters, and what of them is demanded. */
#include "mockserver/decide/check.h"

#include "ask.h"

/* What is wrong with a request; "" when nothing is. */
static const char *wrong(const struct contract_param *param, const char *target, const char *name,
                         const char *value)
{
    static struct err e;
    const struct header headers[] = {{span_of(name), span_of(value)}};
    struct contract_route route = {
        .method = "GET", .path = "/t", .params = {*param}, .param_count = 1};
    struct message request = {.method = span_of("GET"),
                              .target_text = span_of(target),
                              .headers = headers,
                              .header_count = 1};
    bool unreadable = true;
    e = (struct err){0};
    message_open(&request);
    bool good = request_check(&route, &request, &unreadable, &e);
    message_close(&request);
    assert_false(unreadable);
    assert_true(good == (e.code == ERR_OK));
    return e.code == ERR_OK ? "" : e.what;
}

static void what_is_required_must_be_where_it_belongs(void **state)
{
    (void)state;
    static const struct {
        struct contract_param param;
        const char *target, *name, *value, *wrong;
    } rows[] = {
        {{.name = "Action", .in_query = true, .required = true}, "/t?Action=x", "Host", "h", ""},
        {{.name = "Action", .in_query = true, .required = true}, "/t?Action=", "Host", "h", ""},
        {{.name = "Action", .in_query = true, .required = true},
         "/t",
         "Action",
         "x",
         "query parameter"},
        {{.name = "Action", .in_query = true, .required = true},
         "/t?action=x",
         "Host",
         "h",
         "query"},
        {{.name = "Action", .in_query = true}, "/t", "Host", "h", ""},
        {{.name = "X-Way", .required = true}, "/t", "X-Way", "x", ""},
        {{.name = "X-Way", .required = true}, "/t", "x-way", "", ""},
        {{.name = "X-Way", .required = true}, "/t?X-Way=x", "Host", "h", "the header is required"},
        {{.name = "X-Way"}, "/t", "Host", "h", ""},
        {{.name = "X-Way", .required = true, .of_auth = true}, "/t", "Host", "h", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *told = wrong(&rows[i].param, rows[i].target, rows[i].name, rows[i].value);
        if ((told[0] == '\0') != (rows[i].wrong[0] == '\0') || !strstr(told, rows[i].wrong))
            fail_msg("row %zu: \"%s\"", i, told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_required_must_be_where_it_belongs),
    };
    return cmocka_run_group_tests_name("check_request", tests, NULL, NULL);
}
