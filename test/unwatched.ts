// Runs a test file whose promises nobody watches: `node dist/test/unwatched.js FILE ...`, as test/run.ts does. tap watches them to say
// which subtest an uncaught error belongs to; that is up to a quarter of what a test with many promises takes. Such an error still ends
// its process, and so fails the file.
// Owns: hooks of this process alone (threads would take over an option of Node.js). Never touches: what tests await.

import hooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const none: hooks.AsyncHook = { enable: () => none, disable: () => none };
hooks.createHook = () => none;
syncBuiltinESMExports();

const file = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, file);
await import(pathToFileURL(file).href);
