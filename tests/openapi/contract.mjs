// Judges one contract: OpenAPI 3.1 by its own schema, every schema inside by JSON Schema 2020-12, every example by its schema.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../build/npm/package.json', import.meta.url));
const load = async (name) => await import(pathToFileURL(require.resolve(name)));
const { Validator } = await load('@seriousme/openapi-schema-validator');
const { default: Ajv2020 } = await load('ajv/dist/2020.js');

const escaped = (key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1');
const in_url = (pointer) => '#' + pointer.split('/').map(encodeURIComponent).join('/');

// Every place that holds a schema: components.schemas, and "schema" of parameters, headers and media types.
function* schemas_of(node, pointer, key) {
    if (node === null || typeof node !== 'object') return;
    if (pointer === '/components/schemas') {
        for (const name of Object.keys(node)) yield { pointer: `${pointer}/${escaped(name)}`, examples: [] };
        return;
    }
    if (key === 'example' || key === 'examples' || key.startsWith('x-')) return;
    if (node.schema !== undefined) {
        const examples = Object.entries(node.examples ?? {})
            .filter(([, example]) => example !== null && typeof example === 'object' && 'value' in example)
            .map(([name, example]) => ({ pointer: `${pointer}/examples/${escaped(name)}/value`, value: example.value }));
        if ('example' in node) examples.push({ pointer: `${pointer}/example`, value: node.example });
        yield { pointer: `${pointer}/schema`, examples };
    }
    for (const [name, child] of Object.entries(node))
        if (name !== 'schema') yield* schemas_of(child, `${pointer}/${escaped(name)}`, name);
}

// What is wrong with a contract, as lines "/pointer: what"; empty when nothing is.
export async function contract_errors(text) {
    let contract;
    try {
        contract = JSON.parse(text);
    } catch (error) {
        return [`/: not JSON: ${error.message}`];
    }
    if (!/^3\.1\.\d+$/.test(contract?.openapi)) return [`/openapi: must be 3.1.x, is ${JSON.stringify(contract?.openapi)}`];

    const verdict = await new Validator().validate(structuredClone(contract));
    if (!verdict.valid) {
        const errors = Array.isArray(verdict.errors) ? verdict.errors : [{ message: String(verdict.errors) }];
        return errors.map((e) => `${e.instancePath || '/'}: ${e.message} ${JSON.stringify(e.params ?? {})}`);
    }

    const lines = [];
    const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
    ajv.addSchema({ ...contract, $id: 'contract:' }, undefined, undefined, false);
    for (const { pointer, examples } of schemas_of(contract, '', '')) {
        const schema = pointer.slice(1).split('/')
            .reduce((node, key) => node[key.replaceAll('~1', '/').replaceAll('~0', '~')], contract);
        if (!ajv.validateSchema(schema)) {
            lines.push(...ajv.errors.map((e) => `${pointer}${e.instancePath}: ${e.message}`));
            continue;
        }
        try {
            const check = ajv.compile({ $ref: `contract:${in_url(pointer)}` });
            for (const example of examples)
                if (!check(example.value))
                    lines.push(...check.errors.map((e) => `${example.pointer}${e.instancePath}: ${e.message}`));
        } catch (error) {
            lines.push(`${pointer}: ${error.message}`);
        }
    }
    return lines;
}
