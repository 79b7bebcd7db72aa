// Erasures of members, as they are kept: asked for by the member, under way, done. Owns: these records. Never touches: keys, what is erased.
//   vault.E1. That a member is erased is decided by its act `erase-member` alone; what is left to do of it stands in `#erasing` from the same commit on, until
//       it is done and stands in the list.

import { createHash } from 'node:crypto';
import { ENGINE_GRANTS, erasureAt, limits } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** How an erasure stands; `requested`: the member has asked for it, and nobody has decided. */
export type ErasureState = 'requested' | 'erasing' | 'erased';

/** What an erasure is asked for with, and has begun with. */
export interface Begun {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who asked, by the credentials shown. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** One that is done. */
interface Done extends Begun {
  readonly doneAt: number;
  /** Who had been merged into the member, and was erased with it. */
  readonly with: readonly string[];
}

/** One as it is told. */
export interface Erasure extends Begun {
  readonly owner: string;
  readonly state: ErasureState;
  readonly doneAt?: number | undefined;
}

/** An erasure is asked for under ids that nobody else can have taken (protocol.I4). */
export const BY_ITSELF = { grants: ENGINE_GRANTS } as const;
/** The list is spread over so many owners of the ledger's. */
const BUCKETS = 256;
const REQUESTS = new Documents<Begun>('#erasure-requests', 'erasure-request');

const listOf = (bucket: number): Documents<Done> =>
  new Documents<Done>(`#erasures:${bucket}`, 'erased');
const bucketOf = (owner: string): number =>
  createHash('sha256').update(owner).digest().readUInt16BE(0) % BUCKETS;

/** Writes down that all of it is done. */
export async function erasureDone(
  ledger: OwnLedger,
  owner: string,
  begun: Begun,
  beside: Pick<Done, 'doneAt' | 'with'>,
): Promise<Refusal | undefined> {
  const { at, by, reason } = begun;
  const done = { at, by, reason, ...beside };
  const no =
    (await listOf(bucketOf(owner)).put(ledger, owner, done)) ??
    (await REQUESTS.delete(ledger, owner));
  if (no !== undefined) return no;
  const id = `erasure-done:${begun.at}`;
  const command = { type: 'act', id, owner, act: 'erasure-done', body: {} } as const;
  const outcome = await ledger.own.submit(command, BY_ITSELF);
  return outcome.ok ? undefined : outcome;
}

/** Writes down that a member asks to be erased; again: as it was. */
export async function requestErasure(
  ledger: OwnLedger,
  owner: string,
  asked: Begun,
): Promise<Begun | Refusal> {
  const no = await REQUESTS.put(ledger, owner, asked, 0);
  if (no === undefined) return asked;
  const found = no.code === 'CHANGED_MEANWHILE' ? await REQUESTS.get(ledger, owner) : no;
  if (found === undefined) return no;
  return isRefusal(found) ? found : found.read();
}

/** The member takes it back, or an operator declines it. */
export const withdrawErasure = (ledger: OwnLedger, owner: string): Promise<Refusal | undefined> =>
  REQUESTS.delete(ledger, owner);

/** How it stands with a member; undefined: nobody has asked for it. */
export async function erasureOf(
  ledger: OwnLedger,
  owner: string,
): Promise<Erasure | undefined | Refusal> {
  const done = await listOf(bucketOf(owner)).get(ledger, owner);
  if (isRefusal(done)) return done;
  if (done !== undefined) return told(owner, 'erased', done.read());
  const under = await erasureAt(ledger.own, owner);
  if (isRefusal(under)) return under;
  if (under !== undefined)
    return told(owner, under.doneAt === undefined ? 'erasing' : 'erased', under);
  const asked = await REQUESTS.get(ledger, owner);
  if (asked === undefined || isRefusal(asked)) return asked;
  return told(owner, 'requested', asked.read());
}

const told = (
  owner: string,
  state: ErasureState,
  of: Begun & { readonly doneAt?: number },
): Erasure => ({
  ...{ owner, state, at: of.at, by: of.by, reason: of.reason },
  ...(of.doneAt !== undefined && { doneAt: of.doneAt }),
});

/** A page of those that are requested, or of all that were done; `after`: what the page before has told. */
export async function erasurePage(
  ledger: OwnLedger,
  state: 'requested' | 'erased',
  after: string | undefined,
): Promise<{ readonly erasures: readonly Erasure[]; readonly cursor?: string } | Refusal> {
  if (state === 'requested') {
    const all = await REQUESTS.all(ledger);
    if (isRefusal(all)) return all;
    return { erasures: all.map((one) => told(one.key, state, one.read())) };
  }
  const erasures: Erasure[] = [];
  for (let bucket = Number(after ?? 0); bucket < BUCKETS; bucket++) {
    const all = await listOf(bucket).all(ledger);
    if (isRefusal(all)) return all;
    erasures.push(...all.map((one) => told(one.key, state, one.read())));
    if (erasures.length >= limits.ERASED_PAGE && bucket + 1 < BUCKETS)
      return { erasures, cursor: String(bucket + 1) };
  }
  return { erasures };
}
