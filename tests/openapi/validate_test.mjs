// Claim: the validator finds mistakes planted in a contract and names their place.
import assert from 'node:assert/strict';
import { contract_errors } from './contract.mjs';

const good = () => ({
    openapi: '3.1.0',
    info: { title: 'Case', version: '1' },
    paths: {
        '/task/{id}': {
            get: {
                parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'a' }],
                responses: {
                    200: {
                        description: 'The task.',
                        content: {
                            'application/json': {
                                schema: { $ref: '#/components/schemas/Task' },
                                examples: { done: { value: { status: 200 } } },
                            },
                        },
                    },
                },
            },
        },
    },
    components: { schemas: { Task: { type: 'object', required: ['status'], properties: { status: { type: 'integer' } } } } },
});
const operation = (c) => c.paths['/task/{id}'].get;
const content = (c) => operation(c).responses[200].content['application/json'];

const cases = [
    // what is wrong            how                                                               named
    ['nothing',                 () => {},                                                         null],
    ['an older OpenAPI',        (c) => { c.openapi = '3.0.3'; },                                  '/openapi: must be 3.1.x'],
    ['no title',                (c) => { delete c.info.title; },                                  '/info: must have required property'],
    ['a reply undescribed',     (c) => { delete operation(c).responses[200].description; },       '/paths/~1task~1{id}/get'],
    ['a reference to nowhere',  (c) => { content(c).schema.$ref = '#/components/schemas/Tsk'; },  'Tsk'],
    ['an unknown type',         (c) => { c.components.schemas.Task.type = 'objekt'; },            '/components/schemas/Task'],
    ['a broken inner schema',   (c) => { c.components.schemas.Task.properties.status.minimum = '1'; }, '/components/schemas/Task/properties/status/minimum'],
    ['an example that is not',  (c) => { content(c).examples.done.value.status = '200'; },        'examples/done/value/status: must be integer'],
    ['a wrong parameter',       (c) => { operation(c).parameters[0].example = 1; },               '/parameters/0/example: must be string'],
];
for (const [what, plant, named] of cases) {
    const contract = good();
    plant(contract);
    const lines = await contract_errors(JSON.stringify(contract));
    if (named === null) assert.deepEqual(lines, [], what);
    else assert.ok(lines.some((line) => line.includes(named)), `${what}: wanted "${named}", got ${JSON.stringify(lines)}`);
}
assert.match((await contract_errors('{'))[0], /not JSON/);
console.log(`${cases.length + 1} cases`);
