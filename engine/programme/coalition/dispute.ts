// Disputes of what a statement, or an exchange, says is owed. Owns: what is kept of one, its states. Never touches: what is owed; who asks (the gateway).
//   coalition.D1. A dispute is between two platforms; one opens it, the other answers. What is owed between them is disputed line by line, each once: a
//       line is free again only where its dispute is withdrawn. So what is closed is opened by nobody's repeating.
//   coalition.D2. It is settled by a transfer in the commit that says so: from the creditor's clearing owner to the debtor's, of what each line was too
//       much; or it is rejected. Undone, both are undone, and it is answered again.
//   coalition.D3. Open ones stand in a list of the coalition, in the same commits.

import type { DisputeState } from '../../protocol/coalition.js';
import { chained } from '../../protocol/digest.js';
import type {
  ConditionalPut,
  Effect,
  Json,
  PlannedLeg,
  Reads,
  RecordDelta,
  Undo,
  Undone,
} from '../act.js';
import { clearingOf } from '../definitions/exchanging.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** Types of records: disputes, the lines that are disputed, those that are open. */
export const DISPUTE = recordType('dispute', NOT_OF_MEMBERS);
export const DISPUTED_LINE = recordType('disputed-line', NOT_OF_MEMBERS);
export const OPEN_DISPUTE = recordType('dispute-open', NOT_OF_MEMBERS);

/** Lines of one dispute. */
export const DISPUTE_LINES_MAX = 16;
/** Characters of what is said for people. */
export const DISPUTE_TEXT_MAX = 200;

/** Who keeps which disputes of a coalition are open. */
export const openDisputes = (name: string): string => `#disputes:${name}`;
/** Who keeps disputes of a cycle, or of the exchanges of a month. */
export const disputesOf = (name: string, part: string): string => `#disputes:${name}:${part}`;
/** Of whom a part is. */
const wholeOf = (owner: string): string => owner.slice(0, owner.lastIndexOf(':'));

/** A line of a dispute as it is kept. */
export type DisputeLine = readonly [
  /** Does the platform that has opened it owe it? */
  isOwedByOpener: boolean,
  asset: string,
  /** Minor units: of the line, disputed of it, and given back. */
  owed: number,
  disputed: number,
  settled: number,
];

/** A dispute as it is kept. Times in milliseconds since 1970. */
export interface KeptDispute {
  readonly [name: string]: Json;
  readonly state: DisputeState;
  /** The platform that has opened it, and the one that is to answer. */
  readonly by: string;
  readonly other: string;
  readonly cycle: number | null;
  /** Of an exchange: whose, and which. */
  readonly owner: string | null;
  readonly exchange: string | null;
  readonly lines: readonly DisputeLine[];
  readonly reason: string;
  readonly answer: string | null;
  /** Why it has ended so. */
  readonly decision: string | null;
  readonly openedAt: number;
  /** Until when it is answered. */
  readonly answerBy: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** The act that has settled it, as it is logged. */
  readonly settledBy: string | null;
}

export const disputeIn = (see: Reads, key: string): KeptDispute | undefined =>
  see.record<KeptDispute>(DISPUTE, key);

export const disputeRecord = (key: string, value: KeptDispute): RecordDelta => ({
  type: DISPUTE,
  key,
  value,
});

/** By what a line is known among those of its owner. */
export const lineKey = (
  { cycle, owner, exchange }: Pick<KeptDispute, 'cycle' | 'owner' | 'exchange'>,
  debtor: string,
  creditor: string,
  asset: string,
): string =>
  cycle === null
    ? chained(`x ${owner} ${exchange}`, '')
    : chained(`c ${debtor} ${creditor} ${asset}`, '');

/** Onto the list of those that are open, or off it. */
export function listed(
  owner: string,
  key: string,
  { by, other, answerBy }: KeptDispute,
  isOpen: boolean,
): ConditionalPut {
  const value: Json = { by, other, answerBy, of: owner };
  return {
    ...{ owner: wholeOf(owner), type: OPEN_DISPUTE, key },
    ...(isOpen ? { expected: null, value } : { expected: value, value: null }),
    otherwise: 'CHANGED_MEANWHILE',
  };
}

/** What is told of a dispute that has changed. */
export const disputeEffect = (
  type: string,
  dispute: string,
  { by, other, state, cycle, exchange, answerBy }: KeptDispute,
): Effect => ({
  ...{ type, dispute, by, other, state, answerBy, platforms: [by, other] },
  ...(cycle === null ? { exchange } : { cycle }),
});

/** The lines of a dispute whose debtor is given back so much of each; undefined: more than was disputed, or nothing at all. */
export function settledLines(
  { lines }: KeptDispute,
  amounts: readonly number[],
): readonly DisputeLine[] | undefined {
  if (amounts.length !== lines.length || amounts.every((amount) => amount === 0)) return undefined;
  if (lines.some(([, , , disputed], i) => (amounts[i] as number) > disputed)) return undefined;
  return lines.map(([isOurs, asset, owed, disputed], i) => [
    ...([isOurs, asset, owed, disputed] as const),
    amounts[i] as number,
  ]);
}

/** The transfer that puts right what its lines say (coalition.D2). */
export const correcting = ({ by, other, lines }: KeptDispute): PlannedLeg[] =>
  lines.flatMap(([isOurs, asset, , , amount]) => {
    const [debtor, creditor] = isOurs ? [by, other] : [other, by];
    return amount === 0
      ? []
      : [{ from: clearingOf(creditor), to: clearingOf(debtor), asset, amount }];
  });

/** What is changed back where the act that has settled a dispute is undone. */
export function unsettled(see: Reads, owner: string, key: string, { id, puts }: Undone): Undo {
  const found = disputeIn(see, key);
  // Nothing else changes one that is settled.
  if (found?.settledBy !== id) throw new Error(`D2: ${key} was not settled by ${id}`);
  const { lines } = found;
  const again: KeptDispute = {
    ...found,
    state: 'answered',
    lines: lines.map(([isOurs, asset, owed, disputed]) => [isOurs, asset, owed, disputed, 0]),
    ...{ decision: null, endedAt: null, settledBy: null },
  };
  return {
    records: [disputeRecord(key, again)],
    puts: puts.length === 0 ? [] : [listed(owner, key, again, true)],
    effects: [disputeEffect('disputeReopened', key, again)],
    why: { dispute: key },
  };
}
