/* A program's own functions that bear names from inside the client: neither may meet the other. */
void buf_init(void);
void span_of(void);
void *cJSON_ParseWithLengthOpts(void);

void buf_init(void)
{
    __builtin_trap();
}

void span_of(void)
{
    __builtin_trap();
}

void *cJSON_ParseWithLengthOpts(void)
{
    __builtin_trap();
}
