// Runs test files one after the other in this process: `node dist/test/in-turn.js FILE...`, as test/run.ts does. To load what they
// test takes longer than most files take, and a process loads it once.
// Owns: their order, and what is left to do after the last. Never touches: what they test. A file for which that is not good enough
// is in ALONE of test/run.ts.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const files = process.argv.splice(2);
// tap names folders after the arguments: all of them are too long for a name, the first keeps processes apart.
process.argv.push(...files.slice(0, 1));
const { default: t } = await import('tap');

// tap does this as soon as nothing is left to run, which is so after each file; what several files share is needed until the last.
const cleanUps: (() => unknown)[] = [];
Object.assign(t, { teardown: (cleanUp: () => unknown) => cleanUps.push(cleanUp) });

for (const file of files) {
  // A test's folders and the command that repeats its case bear its name.
  process.argv[1] = resolve(file);
  await import(pathToFileURL(resolve(file)).href);
  // A file's own limit is one for its process; here that is the one of test/run.ts.
  t.setTimeout(0);
  await t.test(file, async () => undefined);
}
for (const cleanUp of cleanUps.reverse()) await cleanUp();
// A test that failed may have left open what it was about; nobody waits for that, or the whole run would wait until its limit.
if (!t.passing()) setTimeout(() => process.exit(), 10_000).unref();
