// What a run of the tests tells: each process once it has ended, with what failed in it, what it said beside its results, and the sum.
// Owns: the report's lines, which .ci/run reads. Never touches: what is run.
//   The reports that tap comes with draw all anew at each assertion: a millisecond each, and there are a hundred thousand.

import { inspect } from 'node:util';
import type { Lists, Spawn, TAP } from 'tap';

const COUNTED = ['total', 'pass', 'fail', 'skip', 'todo'] as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const indented = (text: string): string => text.trimEnd().replace(/^/gm, '  ');

/** Tells of a run, as it goes on. */
export function report(root: TAP): void {
  const begun = performance.now();
  const sum = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 };
  const failed: string[] = [];
  // Nothing is written as TAP.
  root.register();
  root.resume();
  root.on('subtestAdd', (added) => {
    const tests = added as Spawn;
    const heard = (stream: number, text: string): void =>
      say(`\n${stream}> ${tests.name}\n${text.trimEnd()}`);
    tests.parser.on('extra', (text) => heard(1, text));
    tests.on('process', ({ stderr }) => stderr?.on('data', (some) => heard(2, `${some}`)));
  });
  root.on('subtestEnd', (ended) => {
    const tests = ended as Spawn;
    for (const count of COUNTED) sum[count] += tests.counts[count];
    const no = problemOf(tests);
    if (no === undefined) return say(`\n ${passText(tests)}`);
    // A process that was ended has failed, whatever it had told by then.
    if (tests.counts.fail === 0) sum.fail++;
    failed.push(no);
    say(`\n${no}`);
  });
  root.on('complete', () => {
    if (failed.length > 0) say(`\nAgain, what failed:\n\n${failed.join('\n\n')}`);
    const counts = COUNTED.filter((count) => sum[count] !== 0);
    say(`\n# { ${counts.map((count) => `${count}: ${sum[count]}`).join(', ')} }`);
    say(`# time=${(performance.now() - begun).toFixed(0)}ms`);
  });
}

const tookText = ({ time }: Spawn): string => `${Math.round((time ?? 0) / 1_000)}s`;

function passText(tests: Spawn): string {
  const { pass, skip, todo } = tests.counts;
  const left = skip + todo === 0 ? '' : `, ${skip + todo} skipped`;
  return `PASS ${tests.name} ${pass} OK${left} ${tookText(tests)}`;
}

function problemOf(tests: Spawn): string | undefined {
  const { name, counts, lists, options, parser } = tests;
  const { exitCode, signal } = options;
  if (parser.ok && counts.fail === 0 && !exitCode && !signal) return undefined;
  const end = signal ?? (exitCode ? `exit code ${exitCode}` : 'no whole report');
  const why = counts.fail > 0 ? '' : `, ended by ${end}`;
  const head = ` FAIL ${name} ${counts.fail} failed of ${counts.total}${why} ${tookText(tests)}`;
  return [head, ...lists.fail.map(failureText)].join('\n');
}

function failureText({ name, fullname, diag }: Lists['fail'][number]): string {
  const { at, stack, source, diff, found, wanted, actual, expected, ...rest } = diag ?? {};
  const place = at as { fileName?: string; lineNumber?: number; columnNumber?: number } | undefined;
  const where = place && `${place.fileName}:${place.lineNumber}:${place.columnNumber}`;
  const sides = { found, wanted, actual, expected };
  const seen = Object.entries(diff === undefined ? { ...rest, ...sides } : rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : inspect(value)}`);
  const parts = [where, source, diff, ...seen, stack].filter((part) => part !== undefined);
  const title = fullname.endsWith(name) ? fullname : `${fullname} > ${name}`;
  return [`✖ ${title}`, ...parts.map((part) => indented(`${part}`))].join('\n');
}
