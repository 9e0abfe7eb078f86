#!/usr/bin/env bash
# undici 6 obeys Retry-After in seconds; a date it turns into "not a number" first, and then reads that. undici 7 obeys both.
#
# Package   npm undici 6.29.1 and 7.30.2, on Node 20.
# Expected  RetryAgent is documented to take Retry-After into account (`retryAfter: true` is its default), and its source
#           has a function for the date form, which RFC 9110, 10.2.3 allows beside seconds. So "in 3 s" as a date
#           makes it wait until then, in both lines that are released side by side.
# Seen      For "Retry-After: 3" both wait 3 s. For the date three seconds ahead 6.29.1 asks again after half a second, its
#           back-off when told nothing: the value is overwritten with Number(value), NaN for a date, before the
#           function gets it. No error, no warning. 7.30.2 waits.
# So        Code that looks right and is never fed: test a poller with both forms. With undici 6, give `retry` a function
#           of your own where a service sends dates; a service that wants its rest says seconds.
set -eu
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cat > "$tmp/ask.mjs" <<'END'
import http from 'node:http';
import { createRequire } from 'node:module';
const { Agent, RetryAgent, request } = createRequire(`${process.argv[2]}/x`)('undici');

const ask = async (form, header) => {
    const times = [];
    const server = http.createServer((_, reply) => {
        times.push(Date.now());
        if (times.length === 1)
            reply.writeHead(503, { 'Retry-After': header() }).end('busy');
        else
            reply.end('done');
    });
    await new Promise(ready => server.listen(0, '127.0.0.1', ready));
    const dispatcher = new RetryAgent(new Agent());
    const reply = await request(`http://127.0.0.1:${server.address().port}/`, { dispatcher });
    await reply.body.text();
    const waited = times[1] - times[0];
    console.log(form, waited >= 1900 ? 'waits for it' : 'asks again within a second and a half', `and gets ${reply.statusCode}`);
    await dispatcher.close();
    server.close();
};
await ask('three seconds: ', () => '3');
// Dates have whole seconds: this one is between two and three seconds ahead.
await ask('the same, dated:', () => new Date(Date.now() + 3000).toUTCString());
process.exit(0);
END

seen=$(for version in 6.29.1 7.30.2; do
    mkdir "$tmp/$version"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp/$version" "undici@$version" >/dev/null \
        || { echo "skipped: npm cannot install undici $version"; exit 77; }
    echo "undici $version"
    node "$tmp/ask.mjs" "$tmp/$version"
done) || { code=$?; echo "$seen"; exit $code; }
expected='undici 6.29.1
three seconds:  waits for it and gets 200
the same, dated: asks again within a second and a half and gets 200
undici 7.30.2
three seconds:  waits for it and gets 200
the same, dated: waits for it and gets 200'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
