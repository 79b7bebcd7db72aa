// A program that embeds a ledger, for tests that kill it or break its disk. Owns: an engine on a folder, callers that
// load it, and saying what is asked before it is asked and what is answered as soon as it is.
// What is read from its output was told; nothing else was.

import { existsSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Caller as Asker, Engine } from '../../engine/index.js';
import type { Command } from '../../engine/protocol/commands.js';
import { type Balance, type HistoryEntry, refused } from '../../engine/protocol/outcomes.js';
import { Random } from '../random.js';
import { digestOf, textOf } from './answers.js';
import { fromLine, type HistoryOrder, type Order, say } from './lines.js';
import {
  AHEAD_MS,
  ASSET_CODES,
  ASSETS,
  type Ask,
  BUDGETS,
  Caller,
  claimOf,
  FUNDING,
  isRead,
  type Read,
  USERS,
} from './load.js';

// Loaded while the program before this one is still at work.
const { open, OPERATIONS } = await import('../../engine/index.js');

const clockOffset = new SharedArrayBuffer(8);
const offset = new Float64Array(clockOffset);
const now = (): number => Date.now() + (offset[0] as number);

let engine: Engine | undefined;
/** It is there once everything was defined: a start before that would define it for a time that is as far ahead again. */
let mark = '';
let asked = 0;
let isClosing = false;

function ledger(): Engine {
  if (engine === undefined) throw new Error('the ledger is not open');
  return engine;
}

function read(ask: Read): Promise<unknown> {
  switch (ask.type) {
    case 'balance':
      return ledger().balance(ask.owner);
    case 'read-transfer':
      return ledger().transfer(ask.owner, ask.id);
    case 'read-hold':
      return ledger().hold(ask.owner, ask.holdId);
    case 'read-record':
      return ledger().record(ask.owner, ask.recordType, ask.key);
    case 'try-claim':
      return ledger().submit(claimOf(ask.owner, ask.offer), { dryRun: true });
    case 'entries':
      return ledger().entries({ ...ask, limit: 20 });
  }
}

/** Who asks for a correction, by the name in it: each has a credential of their own. */
const OPERATORS = new Map(
  ['amy', 'ben'].map((principal) => [principal, { operations: new Set(OPERATIONS), principal }]),
);

function askerOf(ask: Command): Asker {
  const operator = ask.type === 'act' ? OPERATORS.get(String(ask.body['operator'])) : undefined;
  return operator === undefined ? ledger() : ledger().as(operator);
}

/** A read of the history that a stop has interrupted. */
function readFailed(error: unknown): unknown {
  if (!isClosing) throw error;
  return refused('CLOSING');
}

async function put(asks: readonly Ask[], by: string): Promise<unknown[]> {
  const first = asked;
  asked += asks.length;
  for (const [i, ask] of asks.entries()) say({ say: 'ask', n: first + i, by, ask });
  const told = (answer: unknown, i: number): unknown => {
    say({ say: 'answer', n: first + i, text: textOf(answer) });
    return answer;
  };
  const commands = asks.filter((ask) => !isRead(ask)) as Command[];
  if (asks.length > 1 && commands.length === asks.length) {
    return (await ledger().submitBatch(commands)).map(told);
  }
  return Promise.all(
    asks.map((ask, i) =>
      (isRead(ask) ? read(ask).catch(readFailed) : askerOf(ask).submit(ask)).then((answer) =>
        told(answer, i),
      ),
    ),
  );
}

async function call(
  caller: Caller,
  by: string,
  order: Order & { do: 'load' },
  random: Random,
): Promise<void> {
  const readsHistory = order.feedFrom.length > 0;
  for (let left = order.asks || Number.POSITIVE_INFINITY; left > 0; ) {
    const asks: Ask[] = [caller.next()];
    if (random.chance(0.2)) {
      for (let more = random.int(30); more > 0; more--) {
        const ask = caller.next();
        if (!isRead(ask)) asks.push(ask);
      }
    } else if (readsHistory && random.chance(0.1)) {
      asks.push({ type: 'entries', owner: random.pick(USERS), asset: random.pick(ASSET_CODES) });
    }
    const answers = await put(asks, by);
    asks.forEach((ask, i) => {
      if (!isRead(ask)) caller.answered(ask, answers[i] as never);
    });
    if (isClosing) return;
    left -= asks.length;
  }
}

/** Users who live on the same shard may pay each other. */
function neighbours(): string[][] {
  const groups: string[][] = Array.from({ length: ledger().shards }, () => []);
  for (const user of USERS) groups[ledger().shardOf(user)]?.push(user);
  return groups;
}

async function load(order: Order & { do: 'load' }): Promise<void> {
  const random = new Random(order.seed);
  for (const asset of ASSETS) await put([asset], order.name);
  for (const fund of FUNDING) await ledger().own.submit(fund);
  mkdirSync(mark, { recursive: true });
  offset[0] = AHEAD_MS;
  order.feedFrom.forEach((from, shard) => {
    const failed = (error: Error): void => {
      if (!isClosing) say({ say: 'failed', what: `feed: ${error.stack}` });
    };
    ledger().subscribe(
      shard,
      from,
      (block) => say({ say: 'block', shard, seq: block.seq, digest: digestOf(textOf(block)) }),
      failed,
    );
  });
  if (order.checkpoints) void checkpointsWithoutEnd();
  const groups = neighbours();
  await Promise.all(
    Array.from({ length: order.callers }, (_, n) => {
      const by = `${order.name}-${n}`;
      return call(new Caller(random, by, groups, order.earlier, now), by, order, random);
    }),
  );
  say({ say: 'loaded' });
}

async function checkpointsWithoutEnd(): Promise<void> {
  while (!isClosing) {
    await ledger()
      .checkpoint()
      .catch((error) => {
        if (!isClosing) throw error;
      });
  }
}

async function history({ owner, asset, shard, from, to }: HistoryOrder): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await ledger().entries({ owner, asset, shard, cursor, limit: 1000 });
    if (!page.ok) throw new Error(`entries of ${owner}: ${page.code}`);
    found.push(...page.entries.filter(({ version }) => version >= from && version <= to));
    cursor = (page.entries.at(-1)?.version ?? 0) > from ? page.cursor : undefined;
  } while (cursor !== undefined);
  return found;
}

async function look(order: Order & { do: 'look' }): Promise<void> {
  const balances = await Promise.all(order.owners.map((owner) => ledger().balance(owner)));
  const texts = await Promise.all(order.reads.map((ask) => read(ask).then(textOf)));
  const digests = await Promise.all(
    order.ids.map(([owner, id]) =>
      ledger()
        .transfer(owner, id)
        .then((found) =>
          digestOf(textOf(found !== undefined && 'outcome' in found ? found.outcome : found)),
        ),
    ),
  );
  const histories = [];
  for (const wanted of order.histories) histories.push(await history(wanted));
  const found = await Promise.all(BUDGETS.map((budget) => ledger().own.pool(budget, 'gold')));
  const pools = found.map((pool) => ('available' in pool ? pool : undefined));
  say({ say: 'looked', balances: balances.flat() as Balance[], pools, texts, digests, histories });
}

async function carryOut(order: Order): Promise<void> {
  switch (order.do) {
    case 'open': {
      const { folder, shards, cacheMb, checkpointBytes } = order;
      isClosing = false;
      mark = `${folder}.defined`;
      offset[0] = existsSync(mark) ? AHEAD_MS : 0;
      // Before the shards' threads start: they copy the environment.
      process.env['JIFEN_CRASH_POINT'] = order.crashPoint;
      const begun = performance.now();
      engine = await open({ folder, shards, cacheMb, checkpointBytes, tickMs: 20, clockOffset });
      say({ say: 'opened', ms: performance.now() - begun });
      return;
    }
    case 'look':
      return look(order);
    case 'load':
      return load(order);
    case 'close':
      isClosing = true;
      await ledger().close();
      say({ say: 'closed' });
      if (order.exit) process.exit(0);
  }
}

const failed = (error: unknown): void => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
};
process.on('unhandledRejection', failed);
createInterface({ input: process.stdin }).on('line', (line) => {
  carryOut(fromLine(line) as Order).catch(failed);
});
say({ say: 'warm' });
