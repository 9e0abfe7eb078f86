/* Messages: parses the target, checks the limits, then parses the body. */
#include "message.h"

static int check_limits(struct message *m)
{
    if (m->header_count > MESSAGE_HEADERS_MAX)
        return err_set(&m->fault, ERR_LIMIT, "headers", "more than %d", MESSAGE_HEADERS_MAX);
    if (m->body.n > MESSAGE_BODY_MAX)
        return err_set(&m->fault, ERR_LIMIT, "body", "longer than %d bytes", MESSAGE_BODY_MAX);
    return 0;
}

int message_open(struct message *m)
{
    m->json = NULL;
    m->json_fault.code = ERR_OK;
    m->fault.code = ERR_OK;
    int code = target_parse(m->target_text, &m->target, &m->fault);
    if (!code)
        code = check_limits(m);
    if (!code && m->body.n > 0)
        json_open(m->body, &m->json, &m->json_fault);
    return code;
}

void message_close(struct message *m)
{
    json_close(m->json);
    m->json = NULL;
}

struct span message_authority(const struct message *m)
{
    struct span value = m->target.authority;
    if (value.n == 0)
        message_header(m, "Host", &value);
    return value;
}

struct span message_host(const struct message *m)
{
    return header_host(message_authority(m));
}

bool message_content_type(const struct message *m, struct span *media_type)
{
    struct span value;
    unsigned lines = message_header(m, "Content-Type", &value);
    *media_type = header_media_type(value);
    return lines > 0;
}

int message_json(const struct message *m, struct err *e)
{
    const struct err *why = m->fault.code != ERR_OK ? &m->fault : &m->json_fault;
    if (m->json)
        return 0;
    if (why->code == ERR_OK)
        return json_scan(m->body, NULL, e); /* an empty body: gives its syntax error */
    if (e)
        *e = *why;
    return (int)why->code;
}
