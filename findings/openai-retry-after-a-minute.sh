#!/usr/bin/env bash
# The openai client obeys Retry-After up to 59 s; told to wait a minute or more, it asks again within half a second.
#
# Package   npm openai 4.104.0. Gateways that speak its dialect are asked by it.
# Expected  The longer the server wants to be left alone, the longer the pause; where a client has a maximum, it pauses
#           for that maximum or gives up. RFC 9110, 10.2.3: the field says how long the client ought to wait.
# Seen      A value of 60 or more counts as unreasonable and is dropped, and the usual back-off of a client that was
#           told nothing starts. A service that raises Retry-After from 59 to 60 to calm its clients shortens their
#           first pause from 59 s to under half a second.
# So        A service that wants rest from such clients says 59, not 120. A poller caps what it obeys but waits the
#           cap. A harness must judge pace with Retry-After both below and above a minute.
set -eu
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" openai@4.104.0 >/dev/null \
    || { echo "skipped: npm cannot install openai 4.104.0"; exit 77; }

cat > "$tmp/pauses.mjs" <<'END'
// Replies come from the fetch that the client is given, and timers, save that of the request's time limit, are
// written down and fire at once: no network, no waiting.
import OpenAI from 'openai';

const limit = 600e3;
const timers = [];
const real = globalThis.setTimeout;
globalThis.setTimeout = (call, delay, ...rest) => {
    timers.push(delay);
    return real(call, delay === limit ? delay : 0, ...rest);
};
for (const value of ['2', '59', '60', '3600']) {
    let asked = 0;
    timers.length = 0;
    const client = new OpenAI({
        apiKey: 'none',
        baseURL: 'http://127.0.0.1/v1',
        timeout: limit,
        maxRetries: 1,
        fetch: async () => ++asked === 1
            ? new Response('{"error":{"message":"busy"}}', { status: 429, headers: { 'Retry-After': value } })
            : Response.json({ id: 'm', object: 'model' }),
    });
    await client.models.retrieve('m');
    const pause = timers.find(delay => delay !== limit);
    const told = pause < 1000 ? 'asks again within a second' : `waits ${pause / 1000} s`;
    console.log(`Retry-After: ${value}`.padEnd(18), told);
}
END

seen=$(node "$tmp/pauses.mjs")
expected='Retry-After: 2     waits 2 s
Retry-After: 59    waits 59 s
Retry-After: 60    asks again within a second
Retry-After: 3600  asks again within a second'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
