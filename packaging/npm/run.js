// Runs a program of the package for this machine: same arguments, same streams, same end.
"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");

const machine = `@understudy-polls/${process.platform}-${process.arch}`;

function find(program) {
    try {
        return path.join(path.dirname(require.resolve(`${machine}/package.json`)), "bin", program);
    } catch {
        console.error(`${program}: the package ${machine} is not installed: there is none for this machine, ` +
            "or npm was told to leave optional dependencies out");
        process.exit(3);
    }
}

module.exports = function run(program) {
    const child = spawn(find(program), process.argv.slice(2), { stdio: "inherit" });
    // From a terminal both get them; from kill only this process does.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
        process.on(signal, () => child.kill(signal));
    }
    child.on("error", (error) => {
        console.error(`${program}: ${error.message}`);
        process.exit(3);
    });
    child.on("exit", (code, signal) => {
        if (signal) {
            process.removeAllListeners(signal);
            process.kill(process.pid, signal);
        } else {
            process.exit(code);
        }
    });
};
