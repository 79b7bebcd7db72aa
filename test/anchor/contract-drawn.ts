// Drawn sequences of calls beside a model of the contract, in a thread: what tests are run by follows every promise, which took half of the time. Owns: the model,
// what is drawn. Never touches: how often.

import { parentPort } from 'node:worker_threads';
import { keccak256, stringToHex } from 'viem';
import { Random } from '../random.js';
import {
  ACCOUNTS,
  apply,
  type Batch,
  type Change,
  CLUB,
  call,
  deploy,
  type Hex,
  LATER,
  MEMBERS,
  NO_HEAD,
  NOW,
  OWNER,
  read,
  SHOP,
  signed,
  twin,
  U128,
  vm,
  WRITER,
  ZERO,
} from './contract-vm.js';

/** Calls of one sequence. */
const STEPS = 10;

/** The contract as it is meant to be. */
interface Model {
  owner: Hex;
  pending: Hex;
  paused: boolean;
  number: bigint;
  entries: bigint;
  anchorers: Set<Hex>;
  signers: Set<number>;
  feeds: Map<Hex, { number: bigint; head: Hex; has: Map<Hex, bigint> }>;
}

/** One step, drawn: what it came to, and what the model says that it comes to. */
async function step(random: Random, of: Model, old: [Batch, Hex][]): Promise<[string, string]> {
  const who = random.int(4);
  const from = (ACCOUNTS[who] as (typeof ACCOUNTS)[0]).address;
  const about = random.int(4);
  const target = (ACCOUNTS[about] as (typeof ACCOUNTS)[0]).address;
  const isOwner = of.owner === from;
  const owned = async (
    name: string,
    args: unknown[],
    bad: string | undefined,
    does: () => void,
  ) => {
    const said = isOwner ? (bad ?? 'ok') : 'NotOwner';
    if (said === 'ok') does();
    return [await call(from, name, args), said] as [string, string];
  };
  const kind = random.int(12);
  if (kind === 0)
    return owned('transferOwnership', [target], undefined, () => {
      of.pending = target;
    });
  if (kind === 1) {
    const said = of.pending === from ? 'ok' : 'NotPendingOwner';
    if (said === 'ok') [of.owner, of.pending] = [from, ZERO];
    return [await call(from, 'acceptOwnership', []), said];
  }
  const allowed = random.int(3) > 0;
  if (kind === 2)
    return owned('setAnchorer', [target, allowed], undefined, () => {
      if (allowed) of.anchorers.add(target);
      else of.anchorers.delete(target);
    });
  if (kind === 3)
    return owned('setSigner', [target, allowed], undefined, () => {
      if (allowed) of.signers.add(about);
      else of.signers.delete(about);
    });
  if (kind === 4) {
    const isOff = random.int(4) === 0;
    const bad = isOff === of.paused ? (isOff ? 'Paused' : 'NotPaused') : undefined;
    return owned(isOff ? 'pause' : 'unpause', [], bad, () => {
      of.paused = isOff;
    });
  }
  if (kind <= 6) {
    const number = of.number + BigInt(random.int(8) === 0 ? random.int(3) : 1);
    const entries =
      random.int(8) === 0 ? BigInt(random.int(50)) : of.entries + BigInt(random.int(9));
    const root = random.int(12) === 0 ? NO_HEAD : keccak256(stringToHex(String(random.next())));
    let said = 'ok';
    if (of.paused) said = 'Paused';
    else if (!of.anchorers.has(from)) said = 'NotAnchorer';
    else if (number !== of.number + 1n) said = 'NumberInvalid';
    else if (root === NO_HEAD) said = 'RootInvalid';
    else if (entries < of.entries) said = 'EntriesShrank';
    if (said === 'ok') [of.number, of.entries] = [number, entries];
    return [await call(from, 'anchor', [number, root, entries]), said];
  }
  if (kind === 7 && old.length > 0) {
    // Whoever has seen a batch brings it again.
    const [batch, signature] = old[random.int(old.length)] as [Batch, Hex];
    return [await apply(batch, signature, from), of.paused ? 'Paused' : 'NumberInvalid'];
  }
  return drawnBatch(random, of, old, from);
}

async function drawnBatch(
  random: Random,
  of: Model,
  old: [Batch, Hex][],
  from: Hex,
): Promise<[string, string]> {
  const platform = random.int(2) === 0 ? SHOP : CLUB;
  const feed = of.feeds.get(platform) ?? { number: 0n, head: NO_HEAD, has: new Map() };
  const has = new Map<Hex, bigint>(feed.has);
  let said = 'ok';
  const changes = Array.from({ length: 1 + random.int(3) }, (): Change => {
    const member = MEMBERS[random.int(MEMBERS.length)] as Hex;
    const before = has.get(member) ?? 0n;
    const current = random.int(10) === 0 ? U128 : BigInt(random.int(100));
    const wrong = random.int(12) === 0 ? before + 1n : before;
    const claimed = wrong > U128 ? 0n : wrong;
    if (said === 'ok' && claimed !== before) said = 'BalanceDiffers';
    else if (said === 'ok' && current === before) said = 'Unchanged';
    has.set(member, current);
    return { member, before: claimed, current };
  });
  const number = feed.number + BigInt(random.int(10) === 0 ? random.int(3) : 1);
  const until = random.int(12) === 0 ? NOW - 1n : LATER;
  const batch: Batch = { platform, number, until, previous: feed.head, changes };
  const by = random.int(4) === 0 ? random.int(4) : 1;
  const isTwin = random.int(10) === 0;
  const right = await signed(batch, by);
  if (!of.signers.has(by)) said = 'NotSigner';
  if (isTwin) said = 'SignatureInvalid';
  if (number !== feed.number + 1n) said = 'NumberInvalid';
  if (until < NOW) said = 'BatchExpired';
  if (of.paused) said = 'Paused';
  const found = await apply(batch, isTwin ? twin(right) : right, from);
  if (said === 'ok') {
    const [platformNumber, head] = await read('feeds', platform);
    of.feeds.set(platform, { number: platformNumber, head, has });
    old.push([batch, right]);
  }
  return [found, said];
}

/** One sequence: how often which outcome came. Throws where the contract is not as the model says. */
async function sequence(seed: number): Promise<Readonly<Record<string, number>>> {
  const seen: Record<string, number> = {};
  await vm.stateManager.checkpoint();
  const random = new Random(seed);
  const of: Model = {
    ...{ owner: OWNER, pending: ZERO, paused: false, number: 0n, entries: 0n },
    ...{ anchorers: new Set([WRITER]), signers: new Set([1]), feeds: new Map() },
  };
  const old: [Batch, Hex][] = [];
  for (let n = 0; n < STEPS; n++) {
    const [found, said] = await step(random, of, old);
    if (found !== said) throw new Error(`step ${n}: ${found}, the model says ${said}`);
    seen[found] = (seen[found] ?? 0) + 1;
  }
  const shown = [await read('owner'), await read('pendingOwner'), await read('paused')];
  const said = [of.owner, of.pending, of.paused];
  if (JSON.stringify(shown) !== JSON.stringify(said)) throw new Error(`${shown}, not ${said}`);
  if ((await read('lastNumber')) !== of.number) throw new Error('lastNumber');
  for (const [platform, { number, has }] of of.feeds) {
    const [last, , total] = await read('feeds', platform);
    const sum = [...has.values()].reduce((all, amount) => all + amount, 0n);
    if (last !== number || total !== sum) throw new Error('A4: the total is not the sum');
    const shownOf: readonly bigint[] = await read('balances', platform, MEMBERS);
    for (const [n, member] of MEMBERS.entries())
      if (shownOf[n] !== (has.get(member) ?? 0n)) throw new Error(`the balance of ${member}`);
  }
  await vm.stateManager.revert();
  return seen;
}

// Deployed once: each sequence begins with the state of then.
const deployed = deploy(OWNER, WRITER);
parentPort?.on('message', async (seed: number) => {
  try {
    await deployed;
    parentPort?.postMessage({ seen: await sequence(seed) });
  } catch (error) {
    parentPort?.postMessage({ wrong: (error as Error).message });
  }
});
