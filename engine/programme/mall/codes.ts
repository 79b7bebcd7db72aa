// Codes of goods: where they lie, and how an order takes them. Owns: those records. Never touches: codes in plain, which no shard is told; who may
// read one.
//   mall.C1. A code lies under a digest of it (its name), by which it is on one of the owners `#code:<goods>.<letter>`: so a code is there once.
//   mall.C2. A code that nobody has says so in a record of its own. An order takes that away in its commit, where it is there; what took nothing else
//       takes nothing.
//   mall.C3. There are as many pieces in stock as codes that nobody has: both come, and go, in one commit.

import { DIGITAL_PIECES_MAX, SEALED_CODE_LENGTH_MAX } from '../../limits.js';
import type { ConditionalPut, Json } from '../act.js';
import { stockOf } from '../definitions/goods.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** Types of the records of `#code:` owners, by the names of codes: that nobody has it, and what it is, sealed. */
export const FREE_CODE = recordType('code-free', NOT_OF_MEMBERS);
export const CODE_TEXT = recordType('code', NOT_OF_MEMBERS);
/** What a record of the first type says. */
const IS_FREE = 1;

/** Letters of names: each is the first of the names that lie on an owner. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NAME_BYTES = 16;
const NAME = /^[\w-]{22}$/;
const SEALED = /^[\w-]+$/;

/** A digest of a text, under a key that nobody else has. */
type Proof = (text: string) => Uint8Array;

/** Under which name a code lies. */
export const codeName = (goods: string, code: string, proof: Proof): string =>
  Buffer.from(proof(`code of ${goods} ${code}`))
    .subarray(0, NAME_BYTES)
    .toString('base64url');

/** Where the code with this name lies. */
export const codeOwner = (goods: string, name: string): string => `#code:${goods}.${name[0]}`;

/** Where the codes of goods lie. */
export const codeOwners = (goods: string): readonly string[] =>
  [...LETTERS].map((letter) => codeOwner(goods, letter));

/** What a code is sealed for: it opens nowhere else. */
export const codeAbout = (goods: string, name: string): string => `code ${goods} ${name}`;

/** What the text of a code says that was withdrawn: it is known, and nothing is left of it. */
export const WITHDRAWN = '';

/** Who has the pieces of goods whose codes were withdrawn. */
export const withdrawnOf = (goods: string): string => `#gone:${goods}`;

/** Is it a list of at most so many names, none twice? */
export function areCodeNames(value: unknown, most: number): boolean {
  if (!Array.isArray(value) || value.length > most) return false;
  return (
    value.every((one) => typeof one === 'string' && NAME.test(one)) &&
    new Set(value).size === value.length
  );
}

/** May an order take them? */
export const areNames = (value: unknown): boolean => areCodeNames(value, DIGITAL_PIECES_MAX);

/** A code as it is uploaded. */
export type SealedCode = readonly [name: string, sealed: string];

/** Is it one? */
export function isSealedCode(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [name, sealed] = value as readonly unknown[];
  if (typeof name !== 'string' || typeof sealed !== 'string' || !NAME.test(name)) return false;
  return SEALED.test(sealed) && sealed.length <= SEALED_CODE_LENGTH_MAX;
}

/** What a code that comes is written as. */
export const newCode = ([name, sealed]: SealedCode) => [
  { type: CODE_TEXT, key: name, value: sealed },
  { type: FREE_CODE, key: name, value: IS_FREE },
];

const put = (owner: string, key: string, expected: Json, value: Json): ConditionalPut => ({
  owner,
  type: FREE_CODE,
  key,
  expected,
  value,
  otherwise: 'BUDGET_BUSY',
});

/** An order takes codes. Where it was told none: nothing is taken, and the shard of the stock says whether any is left. */
export const taken = (
  goods: string,
  names: readonly string[],
  quantity: number,
): readonly ConditionalPut[] =>
  names.length === quantity
    ? names.map((name) => put(codeOwner(goods, name), name, IS_FREE, null))
    : [put(stockOf(goods), 'none', IS_FREE, null)];

/** What an order had taken is nobody’s again: of what it had put. */
export const untaken = (puts: readonly ConditionalPut[]): readonly ConditionalPut[] =>
  puts
    .filter(({ type, value }) => type === FREE_CODE && value === null)
    .map(({ owner, key }) => put(owner, key, null, IS_FREE));
