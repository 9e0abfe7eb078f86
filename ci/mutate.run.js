// How mutants meet the tests: builds what is needed once, then compiles each mutant on its own, links it in front of the
// libraries, and runs the tests of its folder until one fails.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const memoryLimitKiB = 4 << 20;
const sanitizedMaxMs = 2000; // what takes longer with the sanitizers meets mutants without them only
const isE2e = (test) => test.startsWith('e2e_');
const isProgram = (file) => /^(mockserver|harness)\/program\//.test(file);

// A mutant may kill whatever it can name: tests run in a process namespace of their own, which also ends what they
// leave behind. NULL where the system has no such thing.
function isolation() {
    const words = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    if (process.getuid() !== 0) words.push('--user', '--map-root-user');
    return spawnSync(words[0], [...words.slice(1), 'true']).status === 0 ? words : null;
}

// Runs a shell line; 'good', 'bad' or 'slow'. Beyond cpuSeconds or limitMs it is slow, and ends with all its children.
function run(line, { cwd, env = {}, limitMs, cpuSeconds, within = [] }) {
    return new Promise((resolve) => {
        const words = [...within, 'sh', '-c', `ulimit -c 0; ${cpuSeconds ? `ulimit -t ${cpuSeconds}; ` : ''}${line}`];
        const child = spawn(words[0], words.slice(1),
            { cwd, env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
        const timer = setTimeout(() => {
            resolve('slow');
            process.kill(-child.pid, 'SIGKILL');
        }, limitMs);
        child.on('exit', (code, signal) => {
            clearTimeout(timer);
            const spent = signal === 'SIGXCPU' || code === 128 + os.constants.signals.SIGXCPU;
            resolve(code === 0 ? 'good' : spent ? 'slow' : 'bad');
        });
    });
}

class Workshop {
    // testsOf(file) names the tests that its mutants meet.
    constructor(root, testsOf) {
        this.root = root;
        this.work = path.join(root, 'build/mutate');
        this.testsOf = testsOf;
        this.within = isolation();
        fs.mkdirSync(this.work, { recursive: true });
    }

    // Builds a preset for mutants of these files, and notes how its files are compiled and its tests linked. Throws when
    // it cannot be built.
    prepare(preset, files) {
        const folder = path.join(this.root, 'build', preset);
        const tests = [...new Set(files.flatMap(this.testsOf))].filter((test) => preset === 'dev' || !isE2e(test));
        const targets = tests.filter((test) => !isE2e(test));
        if (tests.some(isE2e)) targets.push('mockserver', 'harness', 'taskpoll');
        for (const args of [['--preset', preset], ['--build', '--preset', preset, '--target', ...targets]]) {
            const made = spawnSync('cmake', args, { cwd: this.root, encoding: 'utf8' });
            if (made.status !== 0) throw new Error(`cmake ${args.join(' ')} failed:\n${made.stdout}${made.stderr}`);
        }
        const commands = JSON.parse(fs.readFileSync(path.join(folder, 'compile_commands.json'), 'utf8'));
        const links = {};
        for (const name of targets) {
            const lines = spawnSync('ninja', ['-C', folder, '-t', 'commands', name], { encoding: 'utf8' }).stdout.trim();
            links[name] = lines.slice(lines.lastIndexOf('\n') + 1);
        }
        return { preset, folder, commands, links, tests, took: {} };
    }

    // How long a test takes when nothing is broken; measured once. Rejects when it fails.
    tookMs(made, test) {
        made.took[test] ??= (async () => {
            const from = Date.now();
            const program = path.join(made.folder, isE2e(test) ? 'bin' : `tests/${test}`);
            const told = await this.meet(made, test, program, 300000, 300);
            if (told !== 'good') throw new Error(`${test} of build/${made.preset} fails with nothing broken`);
            return Date.now() - from;
        })();
        return made.took[test];
    }

    // Runs one test: its program, or the script with a folder of programs.
    meet(made, test, program, limitMs, cpuSeconds) {
        const fixtures = path.join(this.root, 'fixtures');
        const limit = made.preset === 'dev' && !isE2e(test) ? `ulimit -v ${memoryLimitKiB}; ` : '';
        const line = isE2e(test) ? `bash tests/e2e/${test.slice(4)}.sh` : program;
        const env = isE2e(test) ? { BIN: program, FIXTURES: fixtures } : { UNDERSTUDY_FIXTURES: fixtures };
        return run(limit + line, { cwd: this.root, env, limitMs, cpuSeconds, within: this.within ?? [] });
    }

    compileLine(made, file, source, object) {
        const entry = made.commands.find((c) => c.file === path.join(this.root, file));
        return entry.command.replace(/ -Werror\b/, '').replace(/ -o .*$/, '')
            + ` -w -O0 -g0 -iquote ${path.join(this.root, path.dirname(file))} -o ${object} -c ${source}`;
    }

    // The mutant's object comes first, so that the library's own is never pulled in; a program's own is replaced.
    linkLine(made, target, file, object, program) {
        const own = new RegExp(` \\S*/${file.split('/').slice(1).join('/').replace('.', '\\.')}\\.o(?= )`);
        const line = isProgram(file) ? made.links[target].replace(own, '') : made.links[target];
        return line.replace(new RegExp(` -o (tests|bin)/${target} `), ` ${object} -o ${program} `);
    }

    // Links what the test needs with the mutant in it; returns what meet wants, or null.
    async link(made, test, file, object, slot) {
        let target = test;
        let program = path.join(this.work, `${slot}.test`);
        let given = program;
        if (isE2e(test)) {
            target = file.split('/')[0];
            given = path.join(this.work, `${slot}.bin`);
            program = path.join(given, target);
            fs.rmSync(given, { recursive: true, force: true });
            fs.mkdirSync(given);
            for (const name of ['mockserver', 'harness', 'taskpoll'].filter((n) => n !== target))
                fs.symlinkSync(path.join(made.folder, 'bin', name), path.join(given, name));
        }
        const line = this.linkLine(made, target, file, object, program);
        return await run(line, { cwd: made.folder, limitMs: 120000 }) === 'good' ? given : null;
    }

    async tryMutant(made, mutant, slot) {
        const source = path.join(this.work, `${slot}.c`);
        const object = path.join(this.work, `${slot}.o`);
        fs.writeFileSync(source, mutant.source.slice(0, mutant.from) + mutant.text + mutant.source.slice(mutant.to));
        for (const one of made) {
            const compile = this.compileLine(one, mutant.file, source, object);
            if (await run(compile, { cwd: one.folder, limitMs: 120000 }) !== 'good') return 'unviable';
            let linked = '';
            for (const test of this.testsOf(mutant.file).filter((t) => one.tests.includes(t))) {
                const tookMs = await this.tookMs(one, test);
                if (one.preset !== 'dev' && tookMs > sanitizedMaxMs) continue;
                if (!isE2e(test) || !linked.endsWith('.bin')) linked = await this.link(one, test, mutant.file, object, slot);
                if (linked === null) return 'unviable';
                const seconds = 5 + Math.ceil(tookMs / 100);
                const told = await this.meet(one, test, linked, 3000 * seconds, seconds);
                if (told !== 'good') return told === 'slow' ? 'killed by time' : `killed by ${test}`;
            }
        }
        return 'survived';
    }
}

module.exports = { Workshop };
