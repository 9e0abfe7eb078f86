// How a file is broken: mutantsOf(root, file) makes every small change of it, one at a time.
// A mutant is {file, source, line, from, to, text, was, becomes}: bytes from..to of the file's source become `text`.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

// The source with comments, strings and preprocessor lines blanked, so that offsets stay true.
function codeOf(source) {
    const blank = (text) => text.replace(/[^\n]/g, ' ');
    return source.replace(/\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^[ \t]*#.*$/gm, blank);
}

const swaps = [
    [/ < /g, ' <= '], [/ <= /g, ' < '], [/ > /g, ' >= '], [/ >= /g, ' > '],
    [/ == /g, ' != '], [/ != /g, ' == '], [/&& /g, '|| '], [/\|\| /g, '&& '], [/\btrue\b/g, 'false'],
    [/\bfalse\b/g, 'true'], [/ \+ /g, ' - '], [/ - /g, ' + '], [/ \+= /g, ' -= '], [/\+\+/g, '--'],
    [/(?<=[\w)\]]) \* (?=\w)/g, ' + '],
];
const declaration = /^(const|static|struct|enum|size_t|bool|int|char|unsigned|double|long|u?int\d+_t|extern|typedef)\b/;

function closingParen(code, open) {
    for (let at = open, depth = 0; at < code.length; at++) {
        if (code[at] === '(') depth++;
        if (code[at] === ')' && --depth === 0) return at;
    }
    return -1;
}

function mutantsOf(root, file) {
    const source = fs.readFileSync(path.join(root, file), 'utf8');
    const code = codeOf(source);
    const found = [];
    const add = (from, to, text) => {
        const line = source.slice(0, from).split('\n').length;
        const begin = source.lastIndexOf('\n', from - 1) + 1;
        const end = source.indexOf('\n', to);
        const changed = source.slice(begin, from) + text + source.slice(to, end < 0 ? source.length : end);
        const was = source.slice(begin, end < 0 ? source.length : end);
        const flat = (t) => t.replace(/\s+/g, ' ').trim();
        if (!found.some((m) => m.from === from && m.to === to && m.text === text))
            found.push({ file, source, line, from, to, text, was: flat(was), becomes: flat(changed) });
    };
    const each = (regex, visit) => {
        for (const match of code.matchAll(regex)) visit(match.index, match[0], match);
    };
    for (const [regex, text] of swaps) each(regex, (at, was) => add(at, at + was.length, text));
    // Numbers: one more, one fewer.
    each(/(?<![\w.])(0x[0-9A-Fa-f]+|\d+)(?=U?L{0,2}\b)/g, (at, was) => {
        if (/(sizeof[^;]*|\b(char|int|uint\w+) \w+)\[$/.test(code.slice(code.lastIndexOf('\n', at) + 1, at))) return;
        add(at, at + was.length, `(${was} + 1)`);
        if (Number(was) !== 0) add(at, at + was.length, `(${was} - 1)`);
    });
    // Conditions, negated.
    each(/\b(if|while) \(/g, (at, was) => {
        const open = at + was.length - 1;
        const close = closingParen(code, open);
        add(open + 1, close, `!(${source.slice(open + 1, close)})`);
    });
    // Statements and returns of one line, left out.
    each(/(?<=[;{}:)]\s*\n[ \t]*|else\s*\n[ \t]*|^[ \t]+)[a-zA-Z_(*][^;{}\n]*;/gm, (at, was) => {
        const before = code.slice(0, at).trimEnd();
        if (!/[;{}:)]$|\belse$/.test(before) || declaration.test(was)) return;
        const given = /^return\s+(.*);$/.exec(was);
        if (given !== null) {
            if (!/^(0|false|true|NULL|TASK_UNKNOWN|TASK_ERROR_NONE)$/.test(given[1])) add(at, at + was.length, 'return 0;');
        } else if (!/^(return;|default\b|case\b|for\b|\(void\)\w+;)/.test(was)) {
            add(at, at + was.length, `; /* ${source.slice(at, at + was.length).replace(/\/\*|\*\//g, '')} */`);
        }
    });
    // Rows and named members of tables, left out.
    each(/(?<=^[ \t]+(?:\{[^{}\n]*\},[ \t]*)*)\{[^{}\n]*\},/gm, (at, was) => {
        add(at, at + was.length, `/* ${source.slice(at, at + was.length)} */`);
    });
    each(/(?<=^[ \t]+)\.[a-z_]+ = [^{}\n]*,$/gm, (at, was) => {
        add(at, at + was.length, `/* ${source.slice(at, at + was.length)} */`);
    });
    return found.sort((a, b) => a.from - b.from);
}

module.exports = { mutantsOf };
