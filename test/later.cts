// Loaded first by every process of the tests (`--require`, in NODE_OPTIONS). Owns: how much V8 lets run before it optimises it. Never
// touches: anything else.
//   Most processes of the tests live for seconds, and a tenth to a quarter of what they took was to optimise what then did not run for long.
//   Loops that do run for long are optimised as ever.

const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');

setFlagsFromString('--interrupt-budget=500000');
