// One GET a URL by a library of Node: node drive.mjs LIBRARY URL...; for each a line, "got STATUS BYTES" or "error NAME".
// Without a URL: the library's version. A function a library; it returns what asks for one URL. Libraries of npm are
// looked for in the folder that the environment names as MODULES.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const from = createRequire(`${process.env.MODULES ?? '.'}/package.json`);
const load = async name => import(from.resolve(name));
const read = async reply => [reply.status, (await reply.arrayBuffer()).byteLength];
const RETRIED = [408, 425, 429, 500, 502, 503, 504];
const refused = reply => { if (!reply.ok) throw new Error(`status ${reply.status}`); return reply; };

const libraries = {
    fetch: () => async url => read(await fetch(url)),
    undici: async options => {
        const { Agent, RetryAgent, request } = await load('undici');
        const dispatcher = new RetryAgent(new Agent(), options);
        return async url => {
            const reply = await request(url, { dispatcher });
            return [reply.statusCode, (await reply.body.arrayBuffer()).byteLength];
        };
    },
    axios: async () => {
        const { default: axios } = await load('axios');
        return async url => {
            const reply = await axios.get(url, { responseType: 'arraybuffer', validateStatus: () => true });
            return [reply.status, reply.data.length];
        };
    },
    'axios-retry': async options => {
        const { default: axios } = await load('axios');
        const { default: { default: axiosRetry } } = await load('axios-retry');
        const client = axios.create({ responseType: 'arraybuffer' });
        axiosRetry(client, options);
        return async url => {
            const reply = await client.get(url);
            return [reply.status, reply.data.length];
        };
    },
    'axios-retry-polite': async () => {
        const { default: { default: axiosRetry, isNetworkOrIdempotentRequestError: lost } } = await load('axios-retry');
        return libraries['axios-retry']({
            retries: 5,
            retryDelay: axiosRetry.exponentialDelay,
            retryCondition: error => lost(error) || RETRIED.includes(error.response?.status) || error.code === 'ECONNABORTED',
        });
    },
    got: async () => {
        const { default: got } = await load('got');
        return async url => {
            const reply = await got(url, { responseType: 'buffer', throwHttpErrors: false });
            return [reply.statusCode, reply.body.length];
        };
    },
    ky: async () => {
        const { default: ky } = await load('ky');
        return async url => read(await ky(url));
    },
    'p-retry': async options => {
        const { default: pRetry } = await load('p-retry');
        return url => pRetry(async () => read(refused(await fetch(url))), options);
    },
    'node-fetch': async () => {
        const { default: fetch } = await load('node-fetch');
        return async url => read(await fetch(url));
    },
    superagent: async retries => {
        const { default: superagent } = await load('superagent');
        return async url => {
            let request = superagent.get(url).buffer(true).parse(superagent.parse.text);
            request = retries ? request.retry(retries) : request.ok(() => true);
            const reply = await request;
            return [reply.status, reply.text.length];
        };
    },
    'superagent-retry': () => libraries.superagent(3),
    cockatiel: async () => {
        const { retry, handleAll, ExponentialBackoff } = await load('cockatiel');
        const policy = retry(handleAll, { maxAttempts: 5, backoff: new ExponentialBackoff() });
        return url => policy.execute(async () => read(refused(await fetch(url))));
    },
    'make-fetch-happen': async retry => {
        const { default: fetch } = await load('make-fetch-happen');
        return async url => read(await fetch(url, { retry }));
    },
    'make-fetch-happen-retry': () => libraries['make-fetch-happen'](3),
};

function version(library) {
    const owner = ['p-retry', 'axios-retry'].find(one => library.startsWith(one)) ?? library.replace(/-retry$/, '');
    const told = owner === 'fetch' || readFileSync(`${process.env.MODULES}/node_modules/${owner}/package.json`);
    return told === true ? `Node ${process.versions.node}` : JSON.parse(told).version;
}

const [name, ...urls] = process.argv.slice(2);
const get = await libraries[name]();
if (urls.length === 0)
    console.log(version(name));
for (const url of urls) {
    try {
        console.log('got', ...await get(url));
    } catch (error) {
        console.log('error', error.code ?? error.cause?.code ?? error.name);
    }
}
process.exit(0);
