// SPDX-License-Identifier: MIT
// Runs programs in Node and in `offstage eval` and compares what they print.
// usage: node compare.mjs OFFSTAGE probes|ordering|generated [COUNT [SEED]]
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {generate} from './generator.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [program, what, count = '500', firstSeed = '1'] = process.argv.slice(2);
const programsPerRun = 50;
const runMilliseconds = 60000;
const show = readFileSync(join(here, 'show.js'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'offstage-differential-'));

function output(command, args) {
  const run = spawnSync(command, args, {
    encoding: 'utf8', timeout: runMilliseconds, maxBuffer: 1 << 28, env: {...process.env, TZ: 'UTC'}
  });
  const ending = run.status === 0 ? [] : ['ended with ' + (run.signal ?? 'an error')];
  return (run.stdout ?? '').split('\n').concat(ending);
}

// Gives pairs of lines that differ.
function compare(name, source) {
  const file = join(work, name.replace(/\W/g, '_') + '.js');
  writeFileSync(file, source);
  const expected = output(process.execPath, [file]);
  const printed = output(program, ['eval', file]);
  const differences = [];
  for (let i = 0; i < Math.max(expected.length, printed.length); i++)
    if (expected[i] !== printed[i]) differences.push([expected[i], printed[i]]);
  return differences;
}

function report(name, differences, context = '') {
  if (differences.length === 0) return 0;
  console.log(`${name}: ${differences.length} lines differ${context}`);
  for (const [expected, printed] of differences.slice(0, 5))
    console.log(`  expected: ${expected}\n  printed:  ${printed}`);
  return 1;
}

// Every line of a probe file is a program. Those in known_differences.txt must differ.
function probes() {
  const known = new Set(readFileSync(join(here, 'known_differences.txt'), 'utf8').split('\n')
    .filter(line => line && !line.startsWith('#')));
  let failed = 0;
  for (const name of readdirSync(join(here, 'probes'))) {
    const lines = readFileSync(join(here, 'probes', name), 'utf8').split('\n')
      .filter(line => line && !line.startsWith('#'));
    const body = `
      const run = eval;
      for (const line of ${JSON.stringify(lines)}) {
        let result;
        try { result = show(run('{' + line + '}')); } catch (error) { result = 'throws ' + error?.name; }
        console.log(JSON.stringify(line) + ' => ' + result);
      }`;
    const differing = new Map();
    for (const [expected, printed] of compare(name, show + body)) {
      const line = lines.find(text => expected?.startsWith(JSON.stringify(text) + ' => '));
      differing.set(line ?? expected, [expected, printed]);
    }
    for (const line of lines)
      if (known.has(line) && !differing.delete(line)) {
        console.log(`${name}: no difference any more, take it from known_differences.txt: ${line}`);
        failed++;
      }
    failed += report(name, [...differing.values()]);
  }
  return failed;
}

function ordering() {
  let failed = 0;
  for (const name of readdirSync(join(here, 'ordering')))
    failed += report(name, compare(name, show + readFileSync(join(here, 'ordering', name), 'utf8')));
  return failed;
}

// Programs share a process, so each is a function; one that differs is named by its seed.
function generated() {
  let failed = 0;
  const last = Number(firstSeed) + Number(count);
  for (let seed = Number(firstSeed); seed < last; seed += programsPerRun) {
    let source = show + '\n(async () => {\n';
    for (let i = seed; i < Math.min(seed + programsPerRun, last); i++)
      source += `console.log('-- seed ${i}');\ntry {\nawait (async () => {\n${generate(i)}\n})();\n`
        + `} catch (error) { console.log('threw ' + error?.name); }\n`;
    source += '})();\n';
    failed += report(`seeds from ${seed}`, compare('seeds' + seed, source));
  }
  return failed;
}

const failed = {probes, ordering, generated}[what]();
if (failed === 0) rmSync(work, {recursive: true});
else console.log('programs are kept in ' + work);
process.exit(failed === 0 ? 0 : 1);
