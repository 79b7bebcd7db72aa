// What another points system knows of a member: the shapes. Owns: them, and the ids that they become. Never touches: files, requests, the
// ledger.
//   importing.N1. The id of a command follows from the import's name and the line alone: its own id, or what is in it. So what is sent again is
//       a repeat, whoever sends it, after whatever crash.

import { createHash } from 'node:crypto';
import type { LINE_KINDS } from '../schema/import-words.js';
import { isNewId } from '../schema/words.js';

export type LineKind = (typeof LINE_KINDS)[number];

/** The type of entries by which points expired. */
export const EXPIRED = 'expire';

/** One line of a member. */
export interface Line {
  readonly kind: LineKind;
  readonly asset: string;
  /** Minor units; of an entry below 0: it took points. */
  readonly amount: number;
  /** The source's own id of it, unique among the member's. Left out: the line stands for itself, and may not come twice. */
  readonly id?: string | undefined;
  /** When it happened, or the points were earned, in milliseconds since 1970. Left out, of a balance and a lot: when the import began. */
  readonly occurredAt?: number | undefined;
  /** When the points expire; null: never. Left out: as the asset says of points that are earned now. */
  readonly expiresAt?: number | null | undefined;
  /** Of an entry, as the source calls it. `expire`: by it, points expired. */
  readonly type?: string | undefined;
  /** To which business it belongs, and which one: `ORDER`, and its number. */
  readonly businessType?: string | undefined;
  readonly businessId?: string | undefined;
  readonly remark?: string | undefined;
}

/** Why a line is not brought in. */
export interface RefusedLine {
  /** Its place among the member's lines. */
  readonly line: number;
  readonly code: string;
  readonly field?: string | undefined;
  readonly detail: string;
}

const HASHED_LENGTH = 27;

/** The owner that the points of an import come from, and go to. */
export const importOwner = (name: string): string => `@import:${name}`;

/** Where points go that expired. */
export const EXPIRY_OWNER = '@expire';

const hashed = (parts: readonly unknown[]): string =>
  `~${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, HASHED_LENGTH)}`;

/** The id of a command that no line says: how it came to be. */
export const ownId = (name: string, ...parts: readonly (string | number)[]): string =>
  `~${name}:${hashed(['own', ...parts])}`;

/** The id of the command that a line becomes. */
export function lineId(name: string, line: Line): string {
  const { id, kind, asset, amount, occurredAt, expiresAt, type } = line;
  if (id === undefined) {
    const { businessType, businessId, remark } = line;
    const said = [kind, asset, amount, occurredAt, expiresAt, type, businessType, businessId];
    return `~${name}:${hashed(['line', ...said, remark].map((one) => one ?? 'none'))}`;
  }
  const plain = `~${name}:${id}`;
  return isNewId(plain) && !id.startsWith('~') ? plain : `~${name}:${hashed(['id', id])}`;
}
