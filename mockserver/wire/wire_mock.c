/* The wire for a mock alone, without admin pages: the harness runs external clients against it. */
#include "wire.h"

#include "mockserver/decide/mock.h"

static void mock_service_answer(void *arg, const struct message *request, int64_t now_ms,
                                struct plan *plan)
{
    mock_answer(arg, request, now_ms, plan);
}

static void mock_service_played(void *arg, const struct plan *plan, int64_t now_ms,
                                uint64_t sent_bytes, bool complete)
{
    mock_played(arg, plan, now_ms, sent_bytes, complete);
}

int wire_open(struct mock *mock, struct clock *clock, const struct wire_options *options,
              struct wire **out, struct err *e)
{
    struct wire_service service = {
        .arg = mock, .answer = mock_service_answer, .played = mock_service_played};
    return wire_serve(&service, clock, options, out, e);
}
