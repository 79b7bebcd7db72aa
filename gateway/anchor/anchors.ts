// Roots: made, sent, seen. Owns: when one is made, what it stands for. Never touches: transactions, the comparison.
//   anchor.N1. A root is written down before it is sent: whatever ends the process, the same one is sent under its number, and the contract takes it once.
//   anchor.N2. Only checkpoints that were signed and published are anchored.

import type { Engine } from '../../engine/index.js';
import type { Checkpoints } from '../receipts/checkpoints.js';
import { base64, checkpointOf, noteOf } from '../receipts/verify.js';
import { anchorCall, type Chain, type ContractView } from './chain.js';
import { done, got, type Kept, keptOr } from './kept.js';
import { anchoredRoot } from './roots.js';
import {
  type AnchoredShard,
  type AnchorRecord,
  type AnchorSettings,
  type AnchorState,
  type Hex,
  keyOf,
  NO_HASH,
  ONLY,
  recordsOfContract,
} from './shapes.js';

/** Shards that one record takes. */
const PART_SHARDS = 32;
/** Anchors that are remembered; on the chain all of them stay. */
export const ANCHORS_KEPT = 400;
const SECOND_MS = 1_000;

const NONE: AnchorState = { number: 0, head: NO_HASH, acceptedTo: 0, at: 0 };
const partKey = (number: number, part: number): string => `${keyOf(number)}-${part}`;

export const stateOf = (engine: Engine, contract: Hex): Promise<Kept<AnchorState>> =>
  keptOr(recordsOfContract(contract).state, engine, ONLY, NONE);

/** An anchor as it is remembered; undefined: it is not. */
export async function anchorOf(
  engine: Engine,
  contract: Hex,
  number: number,
): Promise<{ readonly record: AnchorRecord; readonly version: number } | undefined> {
  const found = got(await recordsOfContract(contract).anchors.get(engine, keyOf(number)));
  return found && { record: found.read(), version: found.version };
}

/** The shards that a root stands for. */
export async function shardsOfAnchor(
  engine: Engine,
  contract: Hex,
  { number, parts }: AnchorRecord,
): Promise<readonly AnchoredShard[]> {
  const all: AnchoredShard[] = [];
  for (let part = 0; part < parts; part++) {
    const key = partKey(number, part);
    const found = got(await recordsOfContract(contract).parts.get(engine, key));
    all.push(...(found?.read().shards ?? []));
  }
  return all;
}

/** Takes over what is seen deep enough on the chain. */
export async function settleAnchor(
  engine: Engine,
  chain: Chain,
  contract: Hex,
  view: ContractView,
): Promise<void> {
  const { anchors, state, parts } = recordsOfContract(contract);
  const kept = await stateOf(engine, contract);
  const { number } = kept.value;
  if (view.number !== number + 1) return;
  const next = await anchorOf(engine, contract, number + 1);
  if (next === undefined) return;
  const { root, entries, at } = next.record;
  const head = chain.headAfter(kept.value.head, number + 1, root, entries);
  if (head !== view.head) return;
  const confirmed = { ...next.record, confirmedAt: engine.now() };
  done(await anchors.put(engine, keyOf(number + 1), confirmed, next.version));
  const after = { ...kept.value, number: number + 1, head, at };
  done(await state.put(engine, ONLY, after, kept.version));
  const old = await anchorOf(engine, contract, number + 1 - ANCHORS_KEPT);
  if (old === undefined) return;
  for (let part = 0; part < old.record.parts; part++)
    done(await parts.delete(engine, partKey(old.record.number, part)));
  done(await anchors.delete(engine, keyOf(old.record.number)));
}

/** What is published of all shards; those of which nothing is are left out. */
async function publishedShards(
  engine: Engine,
  checkpoints: Checkpoints,
): Promise<readonly AnchoredShard[]> {
  const all: AnchoredShard[] = [];
  for (let shard = 0; shard < engine.shards; shard++) {
    const published = got(await checkpoints.published(shard));
    if (published === undefined) continue;
    const { size, root } = checkpointOf(noteOf(published.note));
    all.push({ shard, size, root: base64(root) });
  }
  return all;
}

/** The root that is to be sent: one that is written down, or a new one where it is time; undefined: none. */
export async function nextAnchor(
  engine: Engine,
  checkpoints: Checkpoints,
  contract: Hex,
  name: string,
  { anchorSeconds }: AnchorSettings,
): Promise<{ readonly record: AnchorRecord; readonly version: number } | undefined> {
  const { value: state } = await stateOf(engine, contract);
  const number = state.number + 1;
  const prepared = await anchorOf(engine, contract, number);
  if (prepared !== undefined) return prepared;
  const now = engine.now();
  if (!engine.receipts.isOn || now - state.at < anchorSeconds * SECOND_MS) return undefined;
  const shards = await publishedShards(engine, checkpoints);
  if (shards.length === 0) return undefined;
  const root = anchoredRoot(name, shards);
  const entries = shards.reduce((sum, { size }) => sum + size, 0);
  const last = await anchorOf(engine, contract, state.number);
  if (last?.record.root === root || entries < (last?.record.entries ?? 0)) return undefined;
  const { anchors, parts } = recordsOfContract(contract);
  const count = Math.ceil(shards.length / PART_SHARDS);
  for (let part = 0; part < count; part++) {
    const some = shards.slice(part * PART_SHARDS, (part + 1) * PART_SHARDS);
    done(await parts.put(engine, partKey(number, part), { shards: some }));
  }
  const record = { number, root, entries, name, parts: count, at: now };
  return { record, version: got(await anchors.write(engine, keyOf(number), record, 0)) };
}

/** Sends it, or again for more. */
export async function sendAnchor(
  engine: Engine,
  chain: Chain,
  key: Hex,
  contract: Hex,
  { record, version }: { readonly record: AnchorRecord; readonly version: number },
): Promise<void> {
  const { number, root, entries, sent: before } = record;
  const call = anchorCall(number, root, entries);
  const sent = await chain.send(key, contract, call, before, engine.now());
  const { anchors } = recordsOfContract(contract);
  done(await anchors.put(engine, keyOf(number), { ...record, sent }, version));
}

/** An operator's word that the chain is right: it is gone on from there. */
export async function acceptAnchors(
  engine: Engine,
  contract: Hex,
  view: ContractView,
): Promise<void> {
  const { anchors, state } = recordsOfContract(contract);
  const kept = await stateOf(engine, contract);
  const { number, head } = view;
  // What was made here under later numbers was made to go on from something else.
  for (const one of got(await anchors.all(engine)))
    if (one.read().number > number) done(await anchors.delete(engine, one.key));
  const after = { number, head, acceptedTo: number, at: kept.value.at };
  done(await state.put(engine, ONLY, after, kept.version));
}
