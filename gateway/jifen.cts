#!/usr/bin/env node
// The program `jifen`. Owns: the size of libuv's thread pool, in which LMDB writes and syncs. Node
// reads that size once, when the pool is first used, and an ES module is itself read through the
// pool. So this file alone is CommonJS, sets the size, and hands over to main.ts.

const { availableParallelism }: typeof import('node:os') = require('node:os');

// Two environments for each shard, of which there are as many as cores where nobody said otherwise,
// and some to spare.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(16, 2 * availableParallelism() + 4));

void import('./main.js');
