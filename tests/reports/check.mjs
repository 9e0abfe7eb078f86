// Reads a report with tools that are not ours:  node check.mjs json FILE... | refuses FILE | tap FILE OK FAILED
// Holds profiles against their schema, and writes good-N.json and bad-N.json:  node check.mjs profiles FOLDER
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { exit } from "node:process";

const root = new URL("../../", import.meta.url);
const require = createRequire(new URL("build/npm/", root));

function stop(text) {
    console.error(text);
    exit(1);
}

function validator(schema = "docs/report.schema.json") {
    const Ajv = require("ajv/dist/2020").default;
    return new Ajv({ allErrors: true, strictTypes: false, strictTuples: false }).compile(JSON.parse(readFileSync(new URL(schema, root), "utf8")));
}

function json(files) {
    const validate = validator();
    for (const file of files) {
        if (!validate(JSON.parse(readFileSync(file, "utf8")))) {
            stop(file + ": " + JSON.stringify(validate.errors.slice(0, 5), null, 2));
        }
    }
}

// Each row spoils a good report; a schema that still takes it would prove nothing.
const mistakes = [
    ["a verdict of no kind", (r) => { r.scenarios[0].verdict = "fine"; }],
    ["a client without a name", (r) => { delete r.clients[0].name; }],
    ["no client", (r) => { r.clients = []; }],
    ["a scenario of nobody", (r) => { delete r.scenarios[0].client; }],
    ["no seed", (r) => { delete r.seed; }],
    ["a poll without a time", (r) => { delete r.scenarios[0].runs[0].polls[0].began_ms; }],
    ["a key that nobody described", (r) => { r.scenarios[0].runs[0].polls[0].colour = "red"; }],
    ["a status that HTTP has not", (r) => { r.scenarios[0].runs[0].polls[0].status = 1000; }],
    ["a count below nothing", (r) => { r.summary.passed = -1; }],
];

function refuses(file) {
    const validate = validator();
    const text = readFileSync(file, "utf8");
    for (const [name, spoil] of mistakes) {
        const report = JSON.parse(text);
        spoil(report);
        if (validate(report)) {
            stop("the schema takes " + name);
        }
    }
}

function tap(file, ok, failed) {
    const { Parser } = require("tap-parser");
    const parser = new Parser({ strict: true }, (found) => {
        if (found.failures.some((f) => f.tapError) || found.pass !== Number(ok) || found.fail !== Number(failed)) {
            stop(file + ": " + JSON.stringify(found, null, 2));
        }
    });
    parser.on("extra", (line) => stop(file + ": not TAP: " + line));
    parser.on("child", () => stop(file + ": a subtest that we did not write"));
    parser.end(readFileSync(file, "utf8"));
}

const command = ["true"];
const row = (more) => ({ command, outcomes: [{ outcome: "failed", ...more }] });
const profiles = {
    good: [
        { command, $schema: "x", arguments: ["{interval}", ""], auth: "none", urls: "recorded", limit: "90s" },
        { command, bound: "10m", interval: "1.5s", goal: "ready", rules: { off: { "retry-after": "why" } } },
        { command, rules: {} },
        row({ exit: 255, output: "x", url: "a(b)", reason: "(c)" }),
    ],
    bad: [
        [], { command: [] }, { command: [""] }, { command: "true" }, { command: ["true", 7] }, { command, comand: [] },
        { command, arguments: [7] }, { command, arguments: Array(33).fill("x") }, { command, $schema: 7 },
        { command, auth: "nome" }, { command, urls: "remote" }, { command, limit: 90 }, { command, limit: "soon" },
        { command, bound: "10 minutes" }, { command, bound: "0s" }, { command, bound: 600 },
        { command, interval: "5" }, { command, interval: "0.0s" }, { command, goal: "" }, { command, goal: ["ready"] },
        { command, rules: [] }, { command, rules: { on: {} } }, { command, rules: { off: ["terminal"] } },
        { command, rules: { off: { terminall: "why" } } }, { command, rules: { off: { terminal: "" } } },
        { command, outcomes: {} }, { command, outcomes: [{}] }, row({ outcome: "done" }), row({ exit: 256 }),
        row({ exit: "1" }), row({ output: 7 }), row({ url: "no group" }), row({ exti: 1 }),
        { command, outcomes: Array(33).fill({ outcome: "failed" }) },
    ],
};

function writeProfiles(folder) {
    const validate = validator("docs/profile.schema.json");
    for (const kind of ["good", "bad"]) {
        profiles[kind].forEach((profile, i) => {
            if (validate(profile) !== (kind === "good")) {
                stop("the schema thinks otherwise: " + kind + ": " + JSON.stringify(profile) + JSON.stringify(validate.errors));
            }
            writeFileSync(folder + "/" + kind + "-" + i + ".json", JSON.stringify(profile));
        });
    }
}

// A report of harness check, whose findings are of every level; each row spoils it.
function check(file) {
    const validate = validator("docs/check.schema.json");
    const read = () => JSON.parse(readFileSync(file, "utf8"));
    const levels = new Set(read().findings.map((f) => f.level));
    if (!validate(read()) || levels.size !== 3) stop(file + ": " + [...levels] + JSON.stringify(validate.errors));
    for (const spoil of [(r) => { delete r.notes; }, (r) => { r.findings[0].level = "error"; }, (r) => { r.findings[0].line = 0; },
        (r) => { r.findings[0].colour = "red"; }, (r) => { r.findings[0].value = "status"; }]) {
        const report = read();
        spoil(report);
        if (validate(report)) stop("the schema takes " + spoil);
    }
}

const [, , what, ...rest] = process.argv;
({ check: () => check(rest[0]), json: () => json(rest), refuses: () => refuses(rest[0]), tap: () => tap(...rest), profiles: () => writeProfiles(rest[0]) })[what]();
