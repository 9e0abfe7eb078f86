// Claim: every fixtures/*/openapi.json is valid OpenAPI 3.1 in the eyes of a tool that is not ours.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { contract_errors } from './contract.mjs';

const fixtures = new URL('../../fixtures/', import.meta.url);
const upstreams = readdirSync(fixtures).filter((name) => existsSync(new URL(`${name}/openapi.json`, fixtures)));
let wrong = upstreams.length === 0 ? 1 : 0;
for (const upstream of upstreams) {
    const lines = await contract_errors(readFileSync(new URL(`${upstream}/openapi.json`, fixtures), 'utf8'));
    for (const line of lines) console.log(`fixtures/${upstream}/openapi.json: ${line}`);
    wrong += lines.length;
}
console.log(`${upstreams.length} contracts, ${wrong} errors`);
process.exitCode = wrong === 0 ? 0 : 1;
