// The process that opens power-cut images, many of them one after the other: a defect in native code ends this process
// and not the test. Owns: the comparison of an image with what the recorded run really was (truth.ts).
//   node power-cut-check.js <the recorded folder, complete> <a file with the acknowledgements, one a line>
//   Messages in: ImageOrder. Messages out: ImageReport; the first one, unasked, is about the recording itself.

import { readFileSync } from 'node:fs';
import type { RefusalCode } from '../../engine/protocol/refusals.js';
import { shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { verifiedBlock } from '../../engine/store/verified-block.js';
import { askActor, clockAhead, confirmAll, openActor, SHARD, sealOnce } from './actor-session.js';
import { textOf } from './answers.js';
import { AHEAD_MS, type Ask, claimOf, OFFERS, type Read, USERS } from './load.js';
import { isFinal } from './told.js';
import { stateDigestOf, sumFaults, Truth } from './truth.js';

export interface ImageOrder {
  readonly folder: string;
  /** Acknowledgements before the cut: the first so many. */
  readonly acks: number;
  readonly cacheBytes: number;
  readonly checkpointBytes: number;
  /** Seal what can be, and open it a second time after a clean stop. */
  readonly again: boolean;
}

export interface ImageReport {
  /** What is wrong; undefined: nothing. */
  readonly fault?: string;
  /** The last block that the image had. */
  readonly head: number;
}

/** Ids that are looked up in an image: the latest, and some of all others. */
const LATEST_LOOKED_UP = 150;
const OTHERS_LOOKED_UP = 50;
const SEGMENT_BYTES = 16 * 1024;
/** Members who claim again. */
const CLAIMANTS = 6;

const [recorded = '', acksFile = ''] = process.argv.slice(2);
const log = Log.open(shardLogPath(recorded, SHARD), { readOnly: true });
const truth = new Truth((seq) => log.read(seq));
await log.close();

/** After so many acknowledgements, the last block that must be there. */
const needed = [0];
for (const line of readFileSync(acksFile, 'utf8').split('\n')) {
  if (line === '') continue;
  let need = needed.at(-1) ?? 0;
  for (const [ask, text] of JSON.parse(line) as [Ask, string][])
    need = Math.max(need, truth.neededBy(ask, text));
  needed.push(need);
}

/** Ids by the block they are in. */
const ids = [...truth.commands].map(([key, { seq, text }]) => {
  const [owner = '', id = ''] = key.split(' ');
  return { read: { type: 'read-transfer', owner, id } satisfies Read, seq, text };
});

let images = 0;
let fatal: string | undefined;

async function check(order: ImageOrder): Promise<number> {
  const { folder, cacheBytes, checkpointBytes } = order;
  const open = () =>
    openActor({
      ...{ folder, cacheBytes, checkpointBytes, clockOffset: clockAhead(AHEAD_MS) },
      onFatal: (message) => (fatal ??= message),
    });
  const actor = await open();
  const head = actor.durableSeq;
  const expected = truth.blocks[head];
  if (expected === undefined)
    throw new Error(`the log ends at block ${head}, the run ended at ${truth.head}`);
  const state = stateDigestOf(actor.state);
  const need = needed[order.acks] ?? 0;
  if (head < need) throw new Error(`the log ends at block ${head}, block ${need} was acknowledged`);
  if (head > 0 && (await hashAt(folder, head)) !== expected.hash)
    throw new Error(`block ${head} is not the one that was written`);
  if (state !== expected.state)
    throw new Error(`the state after block ${head} is not what replaying the log gives`);
  const known = ids.filter(({ seq }) => seq <= head);
  const unknown = ids.filter(({ seq }) => seq > head).slice(0, OTHERS_LOOKED_UP);
  const others = known.filter(
    (_, n) => (n + images) % Math.ceil(known.length / OTHERS_LOOKED_UP) === 0,
  );
  const asked = [...known.slice(-LATEST_LOOKED_UP), ...others, ...unknown];
  const answers = await askActor(
    actor,
    asked.map(({ read }) => read),
  );
  asked.forEach(({ read, seq, text }, n) => {
    const found = textOf(answers[n]);
    if (found !== (seq <= head ? text : 'null'))
      throw new Error(`${read.owner} ${read.id} is ${found}, not ${text}`);
  });
  await checkClaims(actor, head);
  await goOn(actor, head);
  if (order.again) await sealOnce(actor, folder, SEGMENT_BYTES);
  await actor.close();
  if (order.again && fatal === undefined) {
    const after = actor.durableSeq;
    const reopened = await open();
    if (reopened.durableSeq !== after)
      throw new Error(`stopped at block ${after}, starts at ${reopened.durableSeq}`);
    await reopened.close();
  }
  if (fatal !== undefined) throw new Error(fatal);
  return head;
}

/** What was claimed in the image is claimed, and nothing else is. */
async function checkClaims(
  actor: Awaited<ReturnType<typeof openActor>>,
  head: number,
): Promise<void> {
  confirmAll(actor);
  const standing = new Set(truth.claimsAt(head).map(([owner, offer]) => `${owner} ${offer}`));
  const from = images % USERS.length;
  const asks = [...USERS, ...USERS]
    .slice(from, from + CLAIMANTS)
    .flatMap((owner) => OFFERS.map(({ key }) => claimOf(owner, key, `again-${head}-${key}`)));
  const answers = await askActor(actor, asks);
  asks.forEach(({ owner, body }, n) => {
    const { code } = answers[n] as { code?: RefusalCode };
    const place = `${owner} ${body['offer']}`;
    const isClaimed = standing.has(place);
    if (code !== 'DEFINITION_NOT_FOUND' && (code === 'OFFER_CLAIMED') !== isClaimed)
      throw new Error(`claimed (${place}): ${isClaimed}; asked again: ${textOf(answers[n])}`);
  });
}

/** The ledger goes on: new commands are carried out, and no number is used twice. */
async function goOn(actor: Awaited<ReturnType<typeof openActor>>, head: number): Promise<void> {
  if (actor.state.assets.list.length === 0) return;
  const asset = actor.state.assets.at(0).asset;
  const asks: Ask[] = USERS.slice(0, 4).map((to) => ({
    type: 'transfer',
    id: `after-${head}`,
    legs: [{ from: '@issue', to, asset, amount: 7 }],
  }));
  const [first, second] = [await askActor(actor, asks), await askActor(actor, asks)];
  first.forEach((answer, n) => {
    const outcome = answer as { ok: boolean; seq: number; code?: RefusalCode };
    if (outcome.ok ? outcome.seq <= head : !isFinal(outcome.code ?? 'INTERNAL')) {
      throw new Error(`a new command after block ${head} was answered ${textOf(answer)}`);
    }
    if (textOf(second[n]) !== textOf(answer))
      throw new Error(`repeated: ${textOf(second[n])}, not ${textOf(answer)}`);
  });
  const faults = sumFaults(actor.state);
  if (faults.length > 0) throw new Error(faults.join(', '));
}

async function hashAt(folder: string, seq: number): Promise<string> {
  const reader = Log.open(shardLogPath(folder, SHARD), { readOnly: true });
  const block = reader.read(seq);
  await reader.close();
  return block === undefined
    ? 'missing'
    : Buffer.from(verifiedBlock(block, seq).hash).toString('hex');
}

process.on('unhandledRejection', (error) => {
  fatal ??= `unhandled: ${String(error)}`;
});
process.on('message', async (order: ImageOrder) => {
  images++;
  fatal = undefined;
  let report: ImageReport;
  try {
    report = { head: await check(order) };
  } catch (error) {
    report = { head: -1, fault: (error as Error).message };
  }
  process.send?.(report);
});
process.send?.({ head: truth.head } satisfies ImageReport);
