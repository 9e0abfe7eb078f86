/* Copies of exchanges. */
#include "record_job.h"

#include <stdlib.h>

static struct span copy(struct buf *text, struct span s)
{
    size_t at = text->n;
    buf_add_span(text, s);
    return (struct span){text->p + at, text->broken == ERR_OK ? s.n : 0};
}

/* The texts of a request as one: room is made first, so that nothing moves. */
static bool copy_request(struct record_job *job, const struct message *m, struct span target)
{
    size_t bytes = m->method.n + m->target_text.n + m->body.n + target.n;
    size_t count = m->header_count < MESSAGE_HEADERS_MAX ? m->header_count : MESSAGE_HEADERS_MAX;
    for (size_t i = 0; i < count; i++)
        bytes += m->headers[i].name.n + m->headers[i].value.n;
    buf_init(&job->text, bytes + 1);
    char *room = malloc(bytes + 1);
    if (!room)
        return false;
    job->text = (struct buf){.p = room, .room = bytes + 1, .max = bytes};
    room[0] = '\0';
    job->request.method = copy(&job->text, m->method);
    job->request.target_text = copy(&job->text, m->target_text);
    job->request.body = copy(&job->text, m->body);
    job->target = copy(&job->text, target);
    for (size_t i = 0; i < count; i++)
        job->headers[i] = (struct header){copy(&job->text, m->headers[i].name),
                                          copy(&job->text, m->headers[i].value)};
    job->request.headers = job->headers;
    job->request.header_count = count;
    job->request.client_ms = m->client_ms;
    job->bytes = sizeof *job + bytes;
    return job->text.broken == ERR_OK;
}

/* fetched's spans point into buffers that move with it. */
static void move_fetched(struct record_job *job, struct fetched *fetched)
{
    job->fetched = *fetched;
    job->bytes += fetched->head.n + fetched->body.n;
    fetched_init(fetched);
}

struct record_job *record_job_make(const struct message *request, struct span target,
                                   struct fetched *fetched)
{
    struct record_job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    fetched_init(&job->fetched);
    if (!copy_request(job, request, target)) {
        record_job_free(job);
        return NULL;
    }
    move_fetched(job, fetched);
    return job;
}

void record_job_free(struct record_job *job)
{
    buf_fini(&job->text);
    fetched_fini(&job->fetched);
    free(job);
}
