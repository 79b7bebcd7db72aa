// Checkpoints of the shards of this node: made, cosigned, published. Owns: when one is made, what is published, what stops that. Never touches: the tree
// (engine/receipts), requests to witnesses (asking.ts).
//   receipts.C1. What is published was remembered as signed before (engine: SigningReceipts.sign): nothing is signed over a tree that does not go on from it.
//   receipts.C2. Witnesses are asked how far they have seen before a process signs anything of a shard: a log that was put back to an earlier copy is not signed,
//       where one of them shows a larger tree that the ledger itself has signed (receipts.A3). The word of a witness stops nothing: else each of them could
//       stop the ledger for as long as it likes.
//   receipts.C3. A witness that does not answer holds up one checkpoint by `witnessTimeoutMs`, and is asked again; it stops none.

import type { Engine, TreeHead } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { lookRepeatedly } from '../looking.js';
import type { Destinations } from '../outbound/addresses.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type Cosigned, WitnessRequests } from './asking.js';
import { ledgerName, originOf, publicKeys, type Seals, signersOf, signingPairs } from './keys.js';
import { type KeyPair, type Signer, signatureLine, signedNote } from './signer.js';
import { checkpointText, fromBase64, isSame, keyId, keyOf, noteOf, sha256 } from './verify.js';
import { WITNESSES, type WitnessRecord } from './witnesses.js';

/** A checkpoint as it is kept: the last one of its shard. */
export interface Published {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Signed, and cosigned. */
  readonly note: string;
  /** Which witnesses have cosigned it, and when, in seconds since 1970. */
  readonly cosigned: Readonly<Record<string, number>>;
}

/** A shard of which nothing is signed, as a witness has seen more of it. */
interface Stopped {
  readonly witness: string;
  readonly size: number;
  readonly at: number;
}

/** What came of asking a witness last. */
export interface Asked {
  readonly shard: number;
  readonly at: number;
  readonly state: Cosigned['state'];
  readonly why?: string;
}

/** How the trees of a node are, and those who cosign them. */
export interface TreesSeen {
  /** Shards whose log does not go on from what was signed of it, with why. */
  readonly forked: ReadonlyMap<number, string>;
  /** Each witness with each shard; no `state`: it was not asked yet. */
  readonly asked: readonly {
    readonly witness: string;
    readonly shard: number;
    readonly state?: Cosigned['state'];
    readonly why?: string;
  }[];
}

const OWNER = '#checkpoints';
const PUBLISHED = new Documents<Published>(OWNER, 'checkpoint');
const STOPPED = new Documents<Stopped>(OWNER, 'stopped');
/** Up to which size an operator knows that witnesses have seen another history. */
const ACCEPTED = new Documents<Pick<Stopped, 'size' | 'at'>>(OWNER, 'accepted');
/** How long the keys that sign are remembered. */
const KEYS_KEPT_MS = 1_000;
const EMPTY = sha256();
const SEEN_MORE = 'a witness has seen more of the log than was signed here';

export interface CheckpointsOptions {
  readonly engine: Engine;
  readonly sealer: Seals;
  readonly destinations: Destinations;
  readonly limits: Pick<GatewayLimits, 'checkpointMs' | 'witnessTimeoutMs'>;
  /** What the ledger is called in its checkpoints where it has no name yet. */
  readonly name: string;
  readonly log: (level: 'warn' | 'error', text: string, fields: object) => void;
}

/** What is signed with, for a moment. */
interface Keys {
  readonly until: number;
  readonly found: Promise<{ readonly name: string; readonly pairs: readonly KeyPair[] } | Refusal>;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #requests: WitnessRequests;
  readonly #ending = new AbortController();
  /** Shards whose witnesses were asked how far they have seen, since the process began. */
  readonly #probed = new Set<number>();
  readonly #told = new Map<string, Asked>();
  readonly #warned = new Map<number, string>();
  #keys: Keys | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#requests = new WitnessRequests(options.destinations, options.limits.witnessTimeoutMs);
  }

  /** Where witnesses may be. */
  get destinations(): Destinations {
    return this.#options.destinations;
  }

  /** Makes checkpoints from now on. */
  start(): void {
    const { engine, limits } = this.#options;
    if (!engine.receipts.isOn) return;
    const { signal } = this.#ending;
    void lookRepeatedly('checkpoints', limits.checkpointMs, signal, () => this.look());
  }

  /** Makes no more; waits for what is under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#requests.close();
    await this.#looking;
  }

  /** The name and the keys that sign now; the same for a second. */
  async signing(): Promise<{ name: string; pairs: readonly KeyPair[] } | Refusal> {
    const now = performance.now();
    if (this.#keys !== undefined && now < this.#keys.until) return this.#keys.found;
    const found = this.#readKeys();
    this.#keys = { until: now + KEYS_KEPT_MS, found };
    return found;
  }

  async #readKeys(): Promise<{ name: string; pairs: readonly KeyPair[] } | Refusal> {
    const { engine, sealer } = this.#options;
    const name = await ledgerName(engine, this.#options.name);
    if (isRefusal(name)) return name;
    const pairs = await signingPairs(engine, sealer, engine.now());
    return isRefusal(pairs) ? pairs : { name, pairs };
  }

  /** Keys have changed: they are read anew. */
  forgetKeys(): void {
    this.#keys = undefined;
  }

  /** Who signs for a shard. */
  async signers(shard: number): Promise<readonly Signer[] | Refusal> {
    const keys = await this.signing();
    return isRefusal(keys) ? keys : signersOf(originOf(keys.name, shard), keys.pairs);
  }

  /** The last checkpoint of a shard, wherever it is; undefined: there is none yet. */
  async published(shard: number): Promise<Published | undefined | Refusal> {
    const found = await PUBLISHED.get(this.#options.engine, String(shard));
    return found === undefined || isRefusal(found) ? found : found.read();
  }

  /** Of which shards nothing is signed, as a witness has seen more of them. */
  async stopped(): Promise<ReadonlyMap<number, Stopped> | Refusal> {
    const all = await STOPPED.all(this.#options.engine);
    if (isRefusal(all)) return all;
    return new Map(all.map((one) => [Number(one.key), one.read()]));
  }

  /** What came of asking a witness last, shard by shard, on this node. */
  asked(witness: string): readonly Asked[] {
    return [...this.#told]
      .filter(([place]) => place.startsWith(`${witness} `))
      .map(([, one]) => one)
      .sort((a, b) => a.shard - b.shard);
  }

  /** Of this node; undefined: that cannot be known now. */
  async seen(): Promise<TreesSeen | undefined> {
    const { engine } = this.#options;
    if (!engine.receipts.isOn) return { forked: new Map(), asked: [] };
    const [told, stopped, all] = await Promise.all([
      engine.receipts.heads('here'),
      this.stopped(),
      WITNESSES.all(engine),
    ]);
    if (isRefusal(told) || isRefusal(stopped) || isRefusal(all)) return undefined;
    const forked = told.heads.flatMap(({ shard, fault }) => {
      const why = fault ?? (stopped.has(shard) ? SEEN_MORE : undefined);
      return why === undefined ? [] : [[shard, why] as const];
    });
    const asked = told.heads.flatMap(({ shard }) =>
      all.map((one) => {
        const { witness } = one.read();
        const { state, why } = this.#told.get(`${witness} ${shard}`) ?? {};
        return { witness, shard, ...(state && { state }), ...(why !== undefined && { why }) };
      }),
    );
    return { forked: new Map(forked), asked };
  }

  /** An operator's word that the log of a shard is right: it is signed again, whoever has seen another one. */
  async accept(ledger: OwnLedger, shard: number): Promise<Refusal | undefined> {
    const { receipts } = this.#options.engine;
    const accepted = await receipts.accept(shard);
    if (isRefusal(accepted)) return accepted;
    const key = String(shard);
    const stopped = await STOPPED.get(ledger, key);
    if (isRefusal(stopped)) return stopped;
    // Witnesses may have seen the one, or the other.
    const size = Math.max(stopped?.read().size ?? 0, accepted?.size ?? 0);
    if (size > 0) {
      const seen = { size, at: this.#options.engine.now() };
      const refused = await ACCEPTED.put(ledger, key, seen);
      if (refused !== undefined) return refused;
    }
    for (const one of [STOPPED, PUBLISHED]) {
      const refused = await one.delete(ledger, key);
      if (refused !== undefined) return refused;
    }
    this.#warned.delete(shard);
    return undefined;
  }

  /** Makes the checkpoints that there are to be made. One look at a time. */
  look(): Promise<void> {
    const next = this.#looking.then(() => this.#look());
    this.#looking = next.catch(() => {});
    return next;
  }

  async #look(): Promise<void> {
    const { engine } = this.#options;
    const told = await engine.receipts.heads('here');
    if (isRefusal(told)) return;
    const all = await WITNESSES.all(engine);
    if (isRefusal(all)) return;
    const witnesses = all.map((one) => one.read());
    const looked = await Promise.allSettled(
      told.heads.map((head) => this.#lookAt(head, witnesses)),
    );
    for (const one of looked) if (one.status === 'rejected') throw one.reason;
  }

  #warn(shard: number, text: string, fields: object): void {
    if (this.#warned.get(shard) === text) return;
    this.#warned.set(shard, text);
    this.#options.log('error', text, { shard, ...fields });
  }

  async #lookAt(head: TreeHead, witnesses: readonly WitnessRecord[]): Promise<void> {
    const { engine } = this.#options;
    const { shard, size, root, fault, signed } = head;
    if (fault !== undefined) {
      this.#warn(shard, 'the log does not go on from what was signed of it', { fault, signed });
      return;
    }
    const signers = await this.signers(shard);
    if (isRefusal(signers) || size === 0) return;
    const found = await PUBLISHED.get(engine, String(shard));
    if (isRefusal(found)) return;
    const kept = found?.read();
    const origin = signers[0]?.key.name ?? '';
    const text = checkpointText({ origin, size, root: fromBase64(root) ?? EMPTY });
    const note = signedNote(text, signers);
    const isSame = kept?.note.startsWith(note) === true;
    const lines = kept?.size === size ? linesOf(kept, text, witnesses) : new Map();
    const asked = witnesses.filter(({ witness }) => !lines.has(witness));
    if ((isSame && asked.length === 0) || (kept?.size ?? 0) > size) return;
    if (await this.#isStopped(head, origin, signers, witnesses)) return;
    const isRemembered = await engine.receipts.sign(shard, size, root, note);
    if (isRefusal(isRemembered)) {
      if (isRemembered.code === 'TREE_FORKED') this.#warn(shard, isRemembered.message, { size });
      return;
    }
    const answers = await Promise.all(
      asked.map((witness) => this.#cosign(witness, note, head, origin)),
    );
    for (const [at, one] of answers.entries())
      if (one.state === 'cosigned') lines.set(asked[at]?.witness ?? '', one);
    if (isSame && !answers.some(({ state }) => state === 'cosigned')) return;
    const whole = note + [...lines.values()].map(({ line }) => line).join('');
    const cosigned = Object.fromEntries([...lines].map(([id, { seconds }]) => [id, seconds]));
    if (lines.size > 0 && isRefusal(await engine.receipts.sign(shard, size, root, whole))) return;
    const document = { size, at: isSame ? kept.at : engine.now(), note: whole, cosigned };
    await PUBLISHED.put(engine, String(shard), document, found?.version ?? 0);
  }

  #ask(
    witness: WitnessRecord,
    note: string,
    { shard, size }: Pick<TreeHead, 'shard' | 'size'>,
    origin: string,
  ): Promise<Cosigned> {
    const { receipts } = this.#options.engine;
    const proofFrom = async (from: number): Promise<readonly string[] | undefined> => {
      const told = await receipts.consistency(shard, from, size);
      return isRefusal(told) ? undefined : told.proof;
    };
    const { signal } = this.#ending;
    return this.#requests.cosign(witness, note, { origin, size }, proofFrom, signal);
  }

  /** Has a checkpoint cosigned, and remembers what came of it. */
  async #cosign(
    witness: WitnessRecord,
    note: string,
    head: TreeHead,
    origin: string,
  ): Promise<Cosigned> {
    const answer = await this.#ask(witness, note, head, origin);
    const { shard } = head;
    const why = 'why' in answer ? { why: answer.why } : {};
    const told = { shard, at: this.#options.engine.now(), state: answer.state, ...why };
    const place = `${witness.witness} ${shard}`;
    const before = this.#told.get(place)?.state ?? 'cosigned';
    if (answer.state !== 'cosigned' && before !== answer.state)
      this.#options.log('warn', 'a witness has not cosigned', {
        ...{ ...told, witness: witness.witness },
      });
    this.#told.set(place, told);
    return answer;
  }

  /**
   * C2: has a witness seen more than is remembered here as signed? What a witness is asked is remembered before. It is asked by a checkpoint of nothing, which every
   * tree goes on from.
   */
  async #isStopped(
    { shard, signed }: TreeHead,
    origin: string,
    signers: readonly Signer[],
    witnesses: readonly WitnessRecord[],
  ): Promise<boolean> {
    const { engine } = this.#options;
    const key = String(shard);
    const [stopped, accepted] = [await STOPPED.get(engine, key), await ACCEPTED.get(engine, key)];
    if (isRefusal(stopped) || isRefusal(accepted)) return true;
    if (stopped !== undefined) {
      this.#warn(shard, SEEN_MORE, stopped.read());
      return true;
    }
    if (this.#probed.has(shard)) return false;
    const known = Math.max(signed?.size ?? 0, accepted?.read().size ?? 0);
    const nothing = signedNote(checkpointText({ origin, size: 0, root: EMPTY }), signers);
    const answers = await Promise.all(
      witnesses.map((one) => this.#ask(one, nothing, { shard, size: 0 }, origin)),
    );
    for (const [at, one] of answers.entries()) {
      const witness = witnesses[at];
      if (witness === undefined || one.state !== 'ahead' || one.size <= known) continue;
      const size = await this.#shown(witness, origin, shard, known);
      if (size === undefined) continue;
      const seen = { witness: witness.witness, size, at: engine.now() };
      await STOPPED.put(engine, key, seen, 0);
      this.#warn(shard, SEEN_MORE, seen);
      return true;
    }
    this.#probed.add(shard);
    return false;
  }

  /** The size of a tree that the ledger has signed, larger than this, as a witness shows it (receipts.A3). */
  async #shown(
    witness: WitnessRecord,
    origin: string,
    shard: number,
    size: number,
  ): Promise<number | undefined> {
    const { engine, log } = this.#options;
    const keys = await publicKeys(engine, origin);
    if (isRefusal(keys)) return undefined;
    const { signal } = this.#ending;
    const shown = await this.#requests.signedSize(witness, { origin, size, keys }, signal);
    if (shown === undefined)
      log('warn', 'a witness says that it has seen more, and does not show it', {
        ...{ shard, witness: witness.witness },
      });
    return shown;
  }
}

/** The cosignatures of a checkpoint by witnesses that there are still, by the keys that they have now, where its text is this one. */
export function linesOf(
  kept: Pick<Published, 'note' | 'cosigned'>,
  text: string,
  witnesses: readonly Pick<WitnessRecord, 'witness' | 'vkey'>[],
): Map<string, { readonly line: string; readonly seconds: number }> {
  const found = new Map<string, { readonly line: string; readonly seconds: number }>();
  const note = noteOf(kept.note);
  if (note.text !== text) return found;
  for (const { witness, vkey } of witnesses) {
    const key = keyOf(vkey);
    const [seconds, id] = [kept.cosigned[witness], keyId(key)];
    // By name and key: a witness that has another key by now has not cosigned with it.
    const one = note.signatures.find(
      ({ name, bytes }) => name === key.name && isSame(bytes.slice(0, id.length), id),
    );
    if (seconds !== undefined && one !== undefined)
      found.set(witness, { line: signatureLine(one), seconds });
  }
  return found;
}

/** The checkpoint of a shard, or that there is none yet. */
export async function checkpointOfShard(
  checkpoints: Checkpoints,
  shard: number,
): Promise<Published | Refusal> {
  const found = await checkpoints.published(shard);
  return found ?? refuse('RECEIPT_EARLY', undefined, 'There is no checkpoint of it yet.');
}
