// A witness (C2SP tlog-witness): it cosigns a log's checkpoint where that goes on from the last one it has cosigned. Owns: that judgement, and what it remembers.
// Never touches: sockets.
//   witness.W1. What it has cosigned is durable before it says so; to look at the last one and to take its place is one step for each log.
//   witness.W2. It never cosigns two checkpoints of one log of which one is not the beginning of the other, whoever asks, in whichever order.
//   witness.W3. Two histories that a log has signed are kept, and shown to whoever asks.

import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Signer, signatureLine } from '../signer.js';
import {
  base64,
  type Checkpoint,
  checkpointOf,
  consistency,
  fromBase64,
  isSame,
  type Key,
  keyId,
  keysFor,
  type Note,
  noteOf,
  ReceiptError,
  signedBy,
  sizeOf,
} from '../verify.js';

/** What is answered: a body of text, and of which type where that matters. */
export interface WitnessAnswer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

export interface WitnessOptions {
  /** Where it remembers: a folder that no other process uses. */
  readonly folder: string;
  readonly signer: Signer;
  /** Keys of the logs that it watches (receipts.keysFor). */
  readonly logs: readonly string[];
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Told of two histories, once for each. */
  readonly onFork?: ((fork: Fork) => void) | undefined;
}

/** Two checkpoints that a log has signed and that are not of one history. */
export interface Fork {
  readonly origin: string;
  /** The last one that was cosigned, and the one that was refused. */
  readonly cosigned: string;
  readonly refused: string;
  /** Where they are of two sizes: what shows it, base64 each. */
  readonly proof: readonly string[];
}

/** C2SP: more lines than any tree's proof has. */
const PROOF_MAX = 63;
const SIZE_TYPE = 'text/x.tlog.size';
/** Forks of one log that are kept: its keys can make as many as they like. */
const FORKS_MAX = 100;
const HASH_BYTES = 32;

const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const problem = (status: number, why: string): WitnessAnswer => ({ status, body: `${why}\n` });

/** A note with the signatures of these keys alone: anybody may write others beside them. */
function plain({ text, signatures }: Note, keys: readonly Key[]): string {
  const isKnown = ({ name, bytes }: Note['signatures'][number]): boolean =>
    keys.some((key) => key.name === name && isSame(keyId(key), bytes.slice(0, 4)));
  return `${text}\n${[...new Set(signatures.filter(isKnown).map(signatureLine))].join('')}`;
}

/** A request, its parts. */
interface Asked {
  readonly old: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
}

/** What is asked; undefined: it is not what the protocol has. */
function askedIn(body: string): Asked | undefined {
  const end = body.indexOf('\n\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = body.slice(0, end).split('\n');
  const old = first.startsWith('old ') ? sizeOf(first.slice(4)) : undefined;
  const proof = lines.map(fromBase64).filter((hash) => hash?.length === HASH_BYTES);
  if (old === undefined || lines.length > PROOF_MAX || proof.length !== lines.length)
    return undefined;
  return { old, proof: proof as Uint8Array[], note: body.slice(end + 2) };
}

/** A witness with its memory. */
export class Witness {
  readonly #options: WitnessOptions;
  /** What is under way for a log: the next one waits for it (W1). */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  get vkey(): string {
    return this.#options.signer.vkey;
  }

  /** `POST /add-checkpoint`. */
  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    const asked = askedIn(body);
    if (asked === undefined) return problem(400, 'old <size>, the proof, an empty line, the note');
    try {
      const note = noteOf(asked.note);
      const checkpoint = checkpointOf(note);
      const keys = keysFor(checkpoint.origin, this.#options.logs);
      if (keys.length === 0) return problem(404, `no key of ${checkpoint.origin} is known here`);
      const signed = await signedBy(note, keys).catch(() => []);
      if (signed.length === 0) return problem(403, 'no key that is known has signed it');
      if (asked.old > checkpoint.size) return problem(400, 'old is more than the tree has');
      return await this.#inTurn(checkpoint.origin, () =>
        this.#judge(asked, plain(note, keys), checkpoint),
      );
    } catch (error) {
      if (error instanceof ReceiptError) return problem(400, error.message);
      throw error;
    }
  }

  #inTurn<T>(origin: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(origin) ?? Promise.resolve()).then(act);
    const ended = turn.catch(() => {});
    this.#turns.set(origin, ended);
    ended.then(() => {
      if (this.#turns.get(origin) === ended) this.#turns.delete(origin);
    });
    return turn;
  }

  async #judge(
    { old, proof }: Asked,
    note: string,
    checkpoint: Checkpoint,
  ): Promise<WitnessAnswer> {
    const { origin, size } = checkpoint;
    const kept = await this.latest(origin);
    const last = kept === undefined ? undefined : checkpointOf(noteOf(kept));
    const seen = last?.size ?? 0;
    // Nothing was cosigned: a tree of no size goes before every other one.
    const from = last ?? { size: 0, root: createHash('sha256').digest() };
    // Whichever size was named: two trees of one size that the log has signed are a fork.
    const steps = size === seen ? [] : proof;
    const shown = old === seen || size === seen ? consistency(from, checkpoint, steps) : 'unproven';
    if (shown === 'forked' && kept !== undefined)
      await this.#keepFork({ origin, cosigned: kept, refused: note, proof: steps.map(base64) });
    if (old !== seen) return { status: 409, type: SIZE_TYPE, body: `${seen}\n` };
    if (shown !== 'consistent' || (steps !== proof && proof.length > 0))
      return size === seen && shown !== 'consistent'
        ? problem(409, 'it is not the tree of this size that was cosigned: the log has forked')
        : problem(422, 'the proof does not show that the tree goes on from the last one');
    const seconds = Math.floor((this.#options.now ?? Date.now)() / 1_000);
    const line = this.#options.signer.line(noteOf(note).text, seconds);
    await keep(this.#latestPath(origin), `${note}${line}`);
    return { status: 200, body: line };
  }

  #latestPath(origin: string): string {
    return join(this.#options.folder, 'checkpoints', `${nameOf(origin)}.txt`);
  }

  /** The last checkpoint of a log that it has cosigned, with the cosignature; undefined: none. */
  async latest(origin: string): Promise<string | undefined> {
    return read(this.#latestPath(origin));
  }

  get #forksPath(): string {
    return join(this.#options.folder, 'forks');
  }

  async #keepFork(fork: Fork): Promise<void> {
    const of = nameOf(fork.origin).slice(0, 16);
    const which = noteOf(fork.cosigned).text + noteOf(fork.refused).text;
    const path = join(this.#forksPath, `${of}-${nameOf(which).slice(0, 32)}.json`);
    const names = await readdir(this.#forksPath).catch(() => []);
    const count = names.filter((name) => name.startsWith(of) && name.endsWith('.json')).length;
    if (count >= FORKS_MAX || (await read(path)) !== undefined) return;
    await keep(path, `${JSON.stringify(fork)}\n`);
    this.#options.onFork?.(fork);
  }

  /** Two histories of logs. */
  async forks(): Promise<readonly Fork[]> {
    const names = await readdir(this.#forksPath).catch(() => []);
    const all = names.filter((name) => name.endsWith('.json')).sort();
    const texts = await Promise.all(all.map((name) => read(join(this.#forksPath, name))));
    return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Fork]));
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Writes a file whole, or not at all; it is durable then. */
async function keep(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path).catch(async (error: unknown) => {
    await rm(beside, { force: true });
    throw error;
  });
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}
