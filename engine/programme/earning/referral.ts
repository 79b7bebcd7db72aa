// Who has referred whom. Owns: the records of it, of members and of codes. Never touches: what it is worth.
//   earning.F1. A member is referred once, by somebody who is a member for longer: so there is no circle.
//   earning.F2. What a code says is judged where the code is, in the commit that uses it.

import { json } from '../../protocol/definition-fields.js';
import type { ConditionalPut, Json, Reads, RecordDelta } from '../act.js';
import { isSameRecord, NOT_OF_MEMBERS, recordType, STAYS } from '../record-type.js';

/** Types of records, whose key is the programme's: a member's code; by whom a member was referred; of a code what it says. */
const CODE = recordType('referral-code', STAYS);
/** Who has referred the one that is merged, has referred the other one, unless that is the same person. */
const REFERRED = recordType('referred', (type) => ({
  of: 'member',
  carry: {
    add(see, programme, value, { from, into }) {
      const { by, upper, until } = value as unknown as Referred;
      if (referredIn(see, programme) !== undefined || by === into || by === from) return undefined;
      const one = { by, upper: upper === into ? null : upper, until };
      return { records: [referred(programme, one)], delta: one };
    },
    back: (see, programme, delta) =>
      isSameRecord(see.record(type, programme), delta)
        ? { records: [referred(programme, null)] }
        : {},
  },
}));
const SAYS = recordType('referral', NOT_OF_MEMBERS);

/** Letters and digits that are not taken for one another; small letters are the same ones. */
const CODE_PATTERN = '^[A-HJ-NP-Za-hj-np-z2-9]{6}$';
const PATTERN = new RegExp(CODE_PATTERN);
export const isCode = (code: unknown): code is string =>
  typeof code === 'string' && PATTERN.test(code);

/** A code, in the body of an act. */
export const code = (about: string) =>
  json<string>({ type: 'string', pattern: CODE_PATTERN }, isCode, about, 'ACT_BODY_INVALID');

/** A member's own code. */
export interface OwnCode {
  readonly code: string;
  readonly until: number;
}

/** What a code says. */
export interface CodeSays {
  /** Whose it is. */
  readonly by: string;
  /** Since when that is a member. */
  readonly since: number;
  readonly until: number;
  /** By whom that was referred; null: by nobody. */
  readonly upper: string | null;
}

/** By whom a member was referred. */
export interface Referred {
  readonly by: string;
  readonly upper: string | null;
  /** Until when there is a share. */
  readonly until: number;
}

/** In one order: records are compared by their bytes. */
const saysOf = ({ by, since, until, upper }: CodeSays): Json => ({ by, since, until, upper });

/** As codes are written, whichever way they are given. */
export const codeOf = (code: string): string => code.toUpperCase();

export const ownCodeIn = (see: Reads, programme: string): OwnCode | undefined =>
  see.record<OwnCode & Json>(CODE, programme);
export const ownCode = (programme: string, { code, until }: OwnCode): RecordDelta => ({
  type: CODE,
  key: programme,
  value: { code, until },
});

export const referredIn = (see: Reads, programme: string): Referred | undefined =>
  see.record<Referred & Json>(REFERRED, programme);
export const referred = (programme: string, one: Referred | null): RecordDelta => ({
  type: REFERRED,
  key: programme,
  value: one && { by: one.by, upper: one.upper, until: one.until },
});

/** Where it stands what a code says. */
export const codePlace = (programme: string, code: string) => ({
  owner: `#code:${codeOf(code)}`,
  type: SAYS,
  key: programme,
});

/** A new code says so. */
export const newCode = (programme: string, code: string, says: CodeSays): ConditionalPut => ({
  ...codePlace(programme, code),
  value: saysOf(says),
  expected: null,
  otherwise: 'REFERRAL_CODE_TAKEN',
});

/** The code says so, and goes on saying so. */
export const usedCode = (programme: string, code: string, says: CodeSays): ConditionalPut => ({
  ...codePlace(programme, code),
  value: saysOf(says),
  expected: saysOf(says),
  otherwise: 'REFERRAL_CODE_UNKNOWN',
});

/** What is left of it that a member was referred, where who has referred is the same person now: no share from then on. */
export function apart(one: Referred, who: string, time: number): Referred | undefined {
  if (one.by === who) return one.until <= time ? undefined : { ...one, until: time };
  return one.upper === who ? { ...one, upper: null } : undefined;
}
