// Receipts, checkpoints and forks checked by anybody, without the ledger: this one file, which imports nothing, in Node.js and in browsers. Owns: what must
// follow from what. Never touches: files, the network, where keys are known from.
//   receipts.V1. Nothing counts before a key that the caller trusts has signed it: keys inside what is checked are not looked at.
//   receipts.V2. What is checked is taken literally: a field that is missing, unknown or written in a second way is refused.
//   receipts.V3. A signature line of a key that is trusted and does not verify spoils the whole note; lines of unknown keys count for nothing (C2SP signed-note).

/** A hash of SHA-256, or other bytes. */
type Bytes = Uint8Array;
/** It is not as it should be: the message says what, and where. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new ReceiptError(what);
}

const utf8 = new TextEncoder();

/** Base64 (RFC 4648, section 4). */
export function base64(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** What it stands for; undefined: it is none, or not as `base64` writes it. */
export function fromBase64(text: unknown): Bytes | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    return undefined;
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return base64(bytes) === text ? bytes : undefined;
}

export const isSame = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

function joined(...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// --- SHA-256 (FIPS 180-4): WebCrypto has it in secure contexts only, and answers later ----------------------------------

/** The first 32 bits of the fraction of a root of each of the first primes, exactly. */
function fractions(degree: bigint, count: number): Uint32Array {
  const found: number[] = [];
  for (let prime = 2n; found.length < count; prime++) {
    let isPrime = true;
    for (let by = 2n; by * by <= prime; by++) if (prime % by === 0n) isPrime = false;
    if (!isPrime) continue;
    const power = prime << (32n * degree);
    let root = 0n;
    for (let bit = 1n << 37n; bit > 0n; bit >>= 1n)
      if ((root + bit) ** degree <= power) root += bit;
    found.push(Number(root & 0xffffffffn));
  }
  return Uint32Array.from(found);
}
const ROUND = fractions(3n, 64);
const START = fractions(2n, 8);
const HASH_BYTES = 32;

/** SHA-256 of parts, one after the other. */
export function sha256(...parts: readonly Bytes[]): Bytes {
  const message = joined(...parts);
  const blocks = (message.length + 9 + 63) >> 6;
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = Uint32Array.from(START);
  const words = new Uint32Array(64);
  for (let block = 0; block < blocks; block++) mix(state, words, view, block * 64);
  const hash = new DataView(new ArrayBuffer(HASH_BYTES));
  state.forEach((word, at) => {
    hash.setUint32(at * 4, word);
  });
  return new Uint8Array(hash.buffer);
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function mix(state: Uint32Array, words: Uint32Array, view: DataView, from: number): void {
  const at = (of: Uint32Array, place: number): number => of[place] as number;
  for (let n = 0; n < 16; n++) words[n] = view.getUint32(from + n * 4);
  for (let n = 16; n < 64; n++) {
    const [a, b] = [at(words, n - 15), at(words, n - 2)];
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    words[n] = at(words, n - 16) + low + at(words, n - 7) + high;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let n = 0; n < 64; n++) {
    const sum = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + sum + ((e & f) ^ (~e & g)) + at(ROUND, n) + at(words, n)) | 0;
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, n) => {
    state[n] = at(state, n) + word;
  });
}

// --- the tree (RFC 9162, section 2.1) -----------------------------------------------------------------------------------

const nodeHash = (left: Bytes, right: Bytes): Bytes => sha256(Uint8Array.of(1), left, right);

/** The hash of a leaf. */
export const leafHash = (text: string): Bytes => sha256(Uint8Array.of(0), utf8.encode(text));

const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

/** The root that follows from a leaf's hash, its place, and the path; undefined: the path does not fit. */
export function rootByInclusion(
  leaf: number,
  size: number,
  hash: Bytes,
  path: readonly Bytes[],
): Bytes | undefined {
  if (!(leaf >= 0 && leaf < size)) return undefined;
  let [first, last, root] = [leaf, size - 1, hash];
  for (const step of path) {
    if (last === 0) return undefined;
    if (isOdd(first) || first === last) {
      root = nodeHash(step, root);
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else root = nodeHash(root, step);
    [first, last] = [half(first), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** A tree head: how many leaves, and the root. */
export interface Head {
  readonly size: number;
  readonly root: Bytes;
}

/**
 * Is the first tree what the second one begins with? `forked`: it is shown that another tree of its size is; `unproven`: neither is. All hashes of a proof that gives
 * the second root are of the second tree, so is the smaller root that follows from them.
 */
export function consistency(
  from: Head,
  to: Head,
  proof: readonly Bytes[],
): 'consistent' | 'forked' | 'unproven' {
  const isBare = from.size === to.size || from.size === 0;
  if (from.size > to.size || (isBare && proof.length > 0)) return 'unproven';
  if (isBare) {
    const isFit = isSame(from.root, from.size === 0 ? sha256() : to.root);
    return isFit ? 'consistent' : 'forked';
  }
  let [first, last] = [from.size - 1, to.size - 1];
  while (isOdd(first)) [first, last] = [half(first), half(last)];
  const [begin, ...steps] = first === 0 ? [from.root, ...proof] : proof;
  if (begin === undefined) return 'unproven';
  let [before, after] = [begin, begin];
  for (const step of steps) {
    if (last === 0) return 'unproven';
    if (isOdd(first) || first === last) {
      [before, after] = [nodeHash(step, before), nodeHash(step, after)];
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else after = nodeHash(after, step);
    [first, last] = [half(first), half(last)];
  }
  if (last !== 0 || !isSame(after, to.root)) return 'unproven';
  return isSame(before, from.root) ? 'consistent' : 'forked';
}

/** Where a tree of so many leaves is divided: the largest power of two below. */
export function divided(size: number): number {
  let at = 1;
  while (at * 2 < size) at *= 2;
  return at;
}

/**
 * The root that follows from some leaves' hashes, in ascending order of their places, and the nodes that are not above any of them, in the order in which a walk
 * from left to right needs them; undefined: these do not fit.
 */
export function rootByNodes(
  size: number,
  leaves: readonly { readonly leaf: number; readonly hash: Bytes }[],
  nodes: readonly Bytes[],
): Bytes | undefined {
  let [leaf, node] = [0, 0];
  const walk = (from: number, to: number): Bytes | undefined => {
    const next = leaves[leaf];
    if (next === undefined || next.leaf >= to) return nodes[node++];
    if (to - from === 1) {
      leaf++;
      return next.hash;
    }
    const middle = from + divided(to - from);
    const [left, right] = [walk(from, middle), walk(middle, to)];
    return left && right && nodeHash(left, right);
  };
  if (leaves.length === 0 || size < 1) return undefined;
  const root = walk(0, size);
  return leaf === leaves.length && node === nodes.length ? root : undefined;
}

// --- signed notes (C2SP signed-note) --------------------------------------------------------------------------------------

/** Kinds of signatures: of a log, of a witness (C2SP tlog-cosignature). */
export const ED25519 = 1;
export const COSIGNATURE = 4;
const [ID_BYTES, KEY_BYTES, SIGNATURE_BYTES, TIME_BYTES] = [4, 32, 64, 8] as const;

export const SIGNATURES_MAX = 64;

/** Is it how a key may be called? */
export const isKeyName = (name: string): boolean => /^[^\s+\p{Cc}\p{Cs}]+$/u.test(name);

/** A public key by its name. */
export interface Key {
  readonly name: string;
  readonly type: typeof ED25519 | typeof COSIGNATURE;
  readonly key: Bytes;
}

export const keyId = ({ name, type, key }: Key): Bytes =>
  sha256(utf8.encode(`${name}\n`), Uint8Array.of(type), key).slice(0, ID_BYTES);

/** A key as a line of text: `<name>+<id>+<base64>`. */
export function vkey(key: Key): string {
  const id = Array.from(keyId(key), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${key.name}+${id}+${base64(joined(Uint8Array.of(key.type), key.key))}`;
}

/** The key that a line stands for. Throws ReceiptError. */
export function keyOf(line: string): Key {
  const [, name = '', text] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(line.trim()) ?? [];
  const bytes = fromBase64(text);
  const what = `this is no key (<name>+<id>+<base64>): ${line}`;
  must(bytes !== undefined && isKeyName(name), what);
  const [type] = bytes;
  must(type === ED25519 || type === COSIGNATURE, `the key ${name} is of another kind: ${line}`);
  const key = { name, type, key: bytes.slice(1) } as const;
  must(key.key.length === KEY_BYTES && vkey(key) === line.trim(), what);
  return key;
}

/** A note, not yet believed. */
export interface Note {
  /** What is signed; ends with a newline. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly bytes: Bytes }[];
}

/** The parts of a note. Throws ReceiptError. */
export function noteOf(text: unknown): Note {
  must(typeof text === 'string', 'a note is a text');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they may not be in it
  must(!/[\x00-\x09\x0b-\x1f\p{Cs}]/u.test(text), 'the note has characters that none may have');
  const end = text.lastIndexOf('\n\n');
  must(end > 0 && text.endsWith('\n'), 'the note has no signatures');
  const lines = text.slice(end + 2, -1).split('\n');
  must(lines.length <= SIGNATURES_MAX, 'the note has too many signatures');
  const signatures = lines.map((line) => {
    const [, name = '', said] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    const bytes = fromBase64(said);
    must(
      bytes !== undefined && bytes.length > ID_BYTES && isKeyName(name),
      `this is no line of a signature: ${line}`,
    );
    return { name, bytes };
  });
  return { text: text.slice(0, end + 1), signatures };
}

/** A signature that verifies. */
export interface Signed {
  readonly name: string;
  readonly type: Key['type'];
  /** Of a witness: when, in seconds since 1970. */
  readonly time?: number;
}

/** What is signed by a witness. */
export const cosignedText = (text: string, seconds: number | bigint): string =>
  `cosignature/v1\ntime ${seconds}\n${text}`;

async function isSignedBy({ key }: Key, signature: Bytes, text: string): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle;
  must(subtle !== undefined, 'signatures can be checked over HTTPS or on localhost only');
  const imported = await subtle
    .importKey('raw', joined(key), { name: 'Ed25519' }, false, ['verify'])
    .catch((error: Error) => {
      must(error.name !== 'NotSupportedError', 'this program cannot check Ed25519 signatures');
      return undefined;
    });
  if (imported === undefined) return false;
  return subtle.verify({ name: 'Ed25519' }, imported, joined(signature), utf8.encode(text));
}

/** The signatures of a note by these keys, each key once. Throws ReceiptError where one of them is wrong (receipts.V3). */
export async function signedBy(note: Note, keys: readonly Key[]): Promise<readonly Signed[]> {
  const found = new Map<string, Signed>();
  for (const { name, bytes } of note.signatures)
    for (const key of keys) {
      if (key.name !== name || !isSame(keyId(key), bytes.slice(0, ID_BYTES))) continue;
      const body = bytes.slice(ID_BYTES);
      const isTimed = key.type === COSIGNATURE;
      const what = `the signature of ${name} is not one of what is signed`;
      must(body.length === SIGNATURE_BYTES + (isTimed ? TIME_BYTES : 0), what);
      const time = isTimed ? new DataView(body.buffer).getBigUint64(0) : 0n;
      must(time <= BigInt(Number.MAX_SAFE_INTEGER), what);
      const text = isTimed ? cosignedText(note.text, time) : note.text;
      must(await isSignedBy(key, body.slice(isTimed ? TIME_BYTES : 0), text), what);
      const signed = { name, type: key.type, ...(isTimed && { time: Number(time) }) };
      found.set(vkey(key), signed);
    }
  return [...found.values()];
}

// --- checkpoints (C2SP tlog-checkpoint) ---------------------------------------------------------------------------------------

/** A tree head, and whose. */
export interface Checkpoint extends Head {
  /** `<ledger's name>/shard/<n>`. */
  readonly origin: string;
}

const SIZE = /^(?:0|[1-9]\d{0,15})$/;

/** The tree size that a line says; undefined: none. */
export function sizeOf(line: string | undefined): number | undefined {
  const size = SIZE.test(line ?? '') ? Number(line) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** The text of a checkpoint. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

/** What a note's text says as a checkpoint. Throws ReceiptError. */
export function checkpointOf({ text }: Pick<Note, 'text'>): Checkpoint {
  const [origin = '', second, third, ...more] = text.slice(0, -1).split('\n');
  const [size, root] = [sizeOf(second), fromBase64(third)];
  const isWhole = origin !== '' && !more.includes('');
  must(isWhole && size !== undefined, 'the note is no checkpoint: origin, size, root');
  must(root?.length === HASH_BYTES, 'the checkpoint has no root');
  return { origin, size, root };
}

/** Whom somebody trusts. */
export interface Trust {
  /** The ledger's keys, as lines: `jifen.example+..`, or of one shard: `jifen.example/shard/0+..`. */
  readonly logs: readonly string[];
  /** Keys of witnesses. Default: none. */
  readonly witnesses?: readonly string[] | undefined;
  /** How many of the witnesses must have cosigned. Default: all of them. */
  readonly quorum?: number | undefined;
}

/** The log of a shard: of which ledger, and which shard. */
export const SHARD = /^(.+)\/shard\/(0|[1-9]\d{0,3})$/;

/** The keys that may sign for an origin: those of its own name, and those of the ledger's. */
export function keysFor(origin: string, lines: readonly string[]): readonly Key[] {
  const [, ledger] = SHARD.exec(origin) ?? [];
  return lines
    .map(keyOf)
    .filter(({ name, type }) => type === ED25519 && (name === origin || name === ledger))
    .map((key) => ({ ...key, name: origin }));
}

/** A checkpoint that is believed, and by whom it is signed. */
export interface Believed extends Checkpoint {
  readonly logs: readonly Signed[];
  readonly witnesses: readonly Signed[];
}

/** A checkpoint whose signatures are checked. Throws ReceiptError. */
export async function believed(text: unknown, trust: Trust): Promise<Believed> {
  const note = noteOf(text);
  const checkpoint = checkpointOf(note);
  const logs = await signedBy(note, keysFor(checkpoint.origin, trust.logs));
  must(logs.length > 0, `no key that is trusted has signed the checkpoint of ${checkpoint.origin}`);
  const known = (trust.witnesses ?? []).map(keyOf);
  for (const { name, type } of known)
    must(type === COSIGNATURE, `the key ${name} is no key of a witness`);
  const witnesses = await signedBy(note, known);
  const least = trust.quorum ?? known.length;
  must(
    witnesses.length >= least,
    `${witnesses.length} of the witnesses that are trusted have cosigned, not ${least}`,
  );
  return { ...checkpoint, logs, witnesses };
}

// --- receipts -----------------------------------------------------------------------------------------------------------

export const RECEIPT_FORMAT = 'jifen-receipt/v1';

/** What an entry's leaf says: engine/receipts/README.md. In this order. */
const LEAF_KEYS = [
  ...['shard', 'seq', 'n', 'time', 'type', 'home', 'id', 'owner', 'asset', 'version'],
  ...['delta', 'heldDelta', 'available', 'held', 'effective', 'salt'],
];

type Amounts = 'delta' | 'heldDelta' | 'available' | 'held';
/** An entry: what one command did to one account. Amounts in minor units, times in milliseconds since 1970; `leaf`: its place in the tree. */
export type ReceiptEntry = Readonly<
  Record<'leaf' | 'shard' | 'seq' | 'n' | 'time' | 'version' | 'effective' | Amounts, number> &
    Record<'type' | 'owner' | 'asset', string> &
    Record<'home' | 'id', string | null>
>;

/** What an account was: how many entries it had, what was available and held. */
export type Account = Readonly<Record<'version' | 'available' | 'held', number>>;

/** A receipt that is right. */
export interface VerifiedReceipt {
  readonly ok: true;
  readonly kind: 'command' | 'account';
  readonly owner: string;
  /** Of kind command. */
  readonly id?: string;
  readonly entries: readonly ReceiptEntry[];
  readonly checkpoint: Believed;
  /** Of kind account: what the ledger has signed of it, as of the checkpoint. */
  readonly account?: Account & {
    readonly asset: string;
    /** Are all of them here, from the first one on? Then the balance is shown to be their sum. */
    readonly isWhole: boolean;
  };
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object with these fields and no others. */
function fieldsOf(value: unknown, keys: readonly string[], what: string): Fields {
  must(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    `${what} is no object`,
  );
  const found = Object.keys(value);
  for (const key of keys) must(found.includes(key), `${what} has no ${key}`);
  for (const key of found) must(keys.includes(key), `${what} has a strange field, ${key}`);
  return value as Fields;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  must(Array.isArray(value), `${what} is no list`);
  return value;
}

export const hashesOf = (value: unknown, what: string): readonly Bytes[] =>
  listOf(value, what).map((text) => {
    const hash = fromBase64(text);
    must(hash?.length === HASH_BYTES, `${what} has something else than hashes`);
    return hash;
  });

export function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ReceiptError(`${what} is no JSON`);
  }
}

/** What a leaf says. */
function entryOf(text: unknown, leaf: unknown): ReceiptEntry {
  must(typeof text === 'string', 'an entry is a text');
  const fields = fieldsOf(jsonOf(text, 'an entry'), LEAF_KEYS, 'an entry');
  const isPlain = Object.values(fields).every((one) => typeof one !== 'object' || one === null);
  must(isPlain && JSON.stringify(fields) === text, 'an entry is not written as entries are');
  must(Object.keys(fields).join() === LEAF_KEYS.join(), 'an entry has its fields in another order');
  must(Number.isSafeInteger(leaf) && (leaf as number) >= 0, 'an entry has no place in the tree');
  for (const name of ['shard', 'seq', 'n', 'version', 'delta', 'heldDelta', 'available', 'held'])
    must(Number.isSafeInteger(fields[name]), `an entry has no ${name}`);
  const { salt: _, ...entry } = fields;
  return { leaf: leaf as number, ...entry } as unknown as ReceiptEntry;
}

const shardOf = ({ origin }: Checkpoint): number => Number(SHARD.exec(origin)?.[2] ?? Number.NaN);

function verifiedCommand(fields: Fields, checkpoint: Believed): VerifiedReceipt {
  const { owner, id } = fields;
  must(typeof owner === 'string' && typeof id === 'string', 'the receipt does not say of what');
  const entries = listOf(fields['entries'], 'entries').map((one) => {
    const { leaf, text, proof } = fieldsOf(one, ['leaf', 'text', 'proof'], 'an entry');
    const entry = entryOf(text, leaf);
    const isOf = entry.owner === owner && entry.home === owner && entry.id === id;
    must(isOf, `an entry is not of ${owner} and ${id}`);
    must(entry.shard === shardOf(checkpoint), 'an entry is of another shard than the checkpoint');
    const path = hashesOf(proof, 'a proof');
    const root = rootByInclusion(entry.leaf, checkpoint.size, leafHash(text as string), path);
    must(root !== undefined && isSame(root, checkpoint.root), 'a proof does not show its entry');
    return entry;
  });
  must(entries.length > 0, 'the receipt has no entries');
  const isOrdered = entries.every(({ leaf }, n) => n === 0 || leaf > (entries[n - 1]?.leaf ?? 0));
  must(isOrdered, 'the entries are not in the order of the log');
  return { ok: true, kind: 'command', owner, id, entries, checkpoint };
}

/** What the ledger signs of an account: `<origin>/account`, and a line of JSON. */
export const accountText = (
  { origin, size, root }: Checkpoint,
  owner: string,
  asset: string,
  { version, available, held }: Account,
): string =>
  `${origin}/account\n${JSON.stringify({ owner, asset, version, available, held, size, root: base64(root) })}\n`;

async function verifiedAccount(
  fields: Fields,
  checkpoint: Believed,
  { logs }: Trust,
): Promise<VerifiedReceipt> {
  const { owner, asset, version, available, held } = fields;
  must(typeof owner === 'string' && typeof asset === 'string', 'the receipt does not say of what');
  for (const one of [version, available, held])
    must(Number.isSafeInteger(one), 'the receipt does not say how the account was');
  const account = { version, available, held } as Record<keyof Account, number>;
  const statement = noteOf(fields['statement']);
  must(
    statement.text === accountText(checkpoint, owner, asset, account),
    'what is signed of the account is not what the receipt says',
  );
  const signers = await signedBy(statement, keysFor(checkpoint.origin, logs));
  must(signers.length > 0, 'no key that is trusted has signed what the account was');
  const entries = listOf(fields['parts'], 'parts').flatMap((one) => {
    const part = fieldsOf(one, ['entries', 'proof'], 'a part');
    const hashed = listOf(part['entries'], 'entries').map((said) => {
      const { leaf, text } = fieldsOf(said, ['leaf', 'text'], 'an entry');
      const entry = entryOf(text, leaf);
      must(entry.owner === owner && entry.asset === asset, `an entry is not of ${owner}, ${asset}`);
      must(entry.shard === shardOf(checkpoint), 'an entry is of another shard than the checkpoint');
      return { entry, leaf: entry.leaf, hash: leafHash(text as string) };
    });
    const root = rootByNodes(checkpoint.size, hashed, hashesOf(part['proof'], 'a proof'));
    must(root !== undefined && isSame(root, checkpoint.root), 'a proof does not show its entries');
    return hashed.map(({ entry }) => entry);
  });
  expectChain(entries, account);
  const isWhole = entries.length === version;
  return {
    ...{ ok: true, kind: 'account', owner, entries, checkpoint },
    account: { asset, ...account, isWhole },
  };
}

/** Entries follow each other without a gap, each from the balance before it; the last version has the balance that is signed. */
function expectChain(entries: readonly ReceiptEntry[], account: Account): void {
  let before: ReceiptEntry | undefined;
  for (const entry of entries) {
    const { leaf, version, delta, heldDelta, available, held } = entry;
    const from = before ?? { leaf: -1, version: version - 1, available: 0, held: 0 };
    must(version === from.version + 1 && leaf > from.leaf, `entry ${version} has none before it`);
    if (before !== undefined || version === 1) {
      const isTotal = available + held === from.available + from.held + delta;
      const what = `the balance after entry ${version} does not follow from what it moved`;
      must(isTotal && held === from.held + heldDelta, what);
    }
    must(version >= 1 && version <= account.version, `the account had no entry ${version} then`);
    before = entry;
  }
  const last = before?.version === account.version ? before : undefined;
  const { available = 0, held = 0 } = last ?? {};
  const isKnown = last !== undefined || account.version === 0;
  const isRight = available === account.available && held === account.held;
  must(!isKnown || isRight, 'the balance is not that after the last entry');
}

const HEAD_KEYS = ['format', 'kind', 'owner'] as const;

/** Checks a receipt, as JSON text. Throws ReceiptError, which says what is wrong with it. */
export async function verifyReceipt(text: string, trust: Trust): Promise<VerifiedReceipt> {
  const value = jsonOf(text, 'the receipt');
  const { format, kind } = (value ?? {}) as Fields;
  must(format === RECEIPT_FORMAT, `it is no receipt (${RECEIPT_FORMAT})`);
  must(kind === 'command' || kind === 'account', 'the receipt is of no kind that is known');
  const fields = fieldsOf(
    value,
    kind === 'command'
      ? [...HEAD_KEYS, 'id', 'entries', 'checkpoint']
      : [...HEAD_KEYS, 'asset', 'version', 'available', 'held', 'statement', 'parts', 'checkpoint'],
    'the receipt',
  );
  const checkpoint = await believed(fields['checkpoint'], trust);
  return kind === 'command'
    ? verifiedCommand(fields, checkpoint)
    : verifiedAccount(fields, checkpoint, trust);
}
