// A platform disputes lines of a cycle's statement, or an exchange (coalition.D1). The gateway asks for it, with what the statement says.

import {
  AMOUNT_MAX,
  ANSWER_DAYS,
  DAY_MS,
  DISPUTE_DAYS,
  STORED_ID_LENGTH_MAX,
} from '../../limits.js';
import { json, words } from '../../protocol/definition-fields.js';
import { id, isObject, optional, time, user, whole } from '../../protocol/fields.js';
import { isAssetCode } from '../../protocol/syntax.js';
import { act } from '../act.js';
import {
  DISPUTE_LINES_MAX,
  DISPUTE_TEXT_MAX,
  DISPUTED_LINE,
  type DisputeLine,
  disputeEffect,
  disputeIn,
  disputeRecord,
  type KeptDispute,
  lineKey,
  listed,
} from '../coalition/dispute.js';
import { coalition } from '../definitions/index.js';
import { platform } from '../definitions/platform.js';

const isAmount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= AMOUNT_MAX;

/** What is disputed of a line. */
interface Line {
  /** Does the platform that opens it owe it? */
  readonly ours: boolean;
  readonly asset: string;
  readonly owed: number;
  readonly disputed: number;
}

const isLine = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { ours, asset, owed, disputed, ...more } = value as Record<string, unknown>;
  return (
    typeof ours === 'boolean' &&
    typeof asset === 'string' &&
    isAssetCode(asset) &&
    isAmount(owed) &&
    isAmount(disputed) &&
    disputed <= owed &&
    Object.keys(more).length === 0
  );
};

const LINES = {
  type: 'array',
  minItems: 1,
  maxItems: DISPUTE_LINES_MAX,
  items: {
    type: 'object',
    properties: {
      ours: { type: 'boolean' },
      asset: { type: 'string' },
      owed: { type: 'integer', minimum: 1, maximum: AMOUNT_MAX },
      disputed: { type: 'integer', minimum: 1, maximum: AMOUNT_MAX },
    },
    required: ['ours', 'asset', 'owed', 'disputed'],
    additionalProperties: false,
  },
} as const;

export const disputeOpen = act({
  name: 'dispute-open',
  version: 1,
  about: 'A platform disputes lines of a statement, or an exchange.',
  by: 'engine',
  body: {
    /** By what it is known. */
    dispute: id('ACT_BODY_INVALID'),
    coalition: id('ACT_BODY_INVALID'),
    by: platform('ACT_BODY_INVALID'),
    other: platform('ACT_BODY_INVALID'),
    cycle: optional(whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Whose statement it is about.')),
    /** Of an exchange: whose. */
    member: optional(user()),
    exchange: optional(words(STORED_ID_LENGTH_MAX, 'Its id, as it is logged.', 'ACT_BODY_INVALID')),
    /** When the cycle was cut, or the exchange made. */
    since: time('ACT_BODY_INVALID'),
    lines: json<readonly Line[]>(
      LINES,
      (value) =>
        Array.isArray(value) &&
        value.length >= 1 &&
        value.length <= DISPUTE_LINES_MAX &&
        value.every(isLine),
      'What is disputed, line by line.',
      'ACT_BODY_INVALID',
    ),
    reason: words(DISPUTE_TEXT_MAX, 'Why.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: [
    'DEFINITION_NOT_FOUND',
    'DISPUTE_LATE',
    'DISPUTE_LINE_TAKEN',
    'RECORD_LIMIT',
    'CHANGED_MEANWHILE',
  ],

  decide(see, said, { owner, time: now }) {
    const { dispute, by, other, since, reason } = said;
    const of = see.definition(coalition, said.coalition);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { disputeDays = DISPUTE_DAYS, answerDays = ANSWER_DAYS } = of.document;
    if (now >= since + disputeDays * DAY_MS) return { refusal: 'DISPUTE_LATE' };
    const about = {
      cycle: said.cycle ?? null,
      owner: said.member ?? null,
      exchange: said.exchange ?? null,
    };
    const keys = said.lines.map(({ ours, asset }) =>
      lineKey(about, ours ? by : other, ours ? other : by, asset),
    );
    const isTaken = (key: string): boolean => see.record(DISPUTED_LINE, key) !== undefined;
    if (new Set(keys).size < keys.length || keys.some(isTaken) || disputeIn(see, dispute))
      return { refusal: 'DISPUTE_LINE_TAKEN' };
    const kept: KeptDispute = {
      ...about,
      ...{ state: 'open', by, other, reason, answer: null, decision: null },
      lines: said.lines.map(
        ({ ours, asset, owed, disputed }): DisputeLine => [ours, asset, owed, disputed, 0],
      ),
      ...{ openedAt: now, answerBy: now + answerDays * DAY_MS },
      ...{ answeredAt: null, endedAt: null, settledBy: null },
    };
    return {
      legs: [],
      records: [
        disputeRecord(dispute, kept),
        ...keys.map((key) => ({ type: DISPUTED_LINE, key, value: dispute })),
      ],
      puts: [listed(owner, dispute, kept, true)],
      effects: [disputeEffect('disputeOpened', dispute, kept)],
      why: { coalition: of.version },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
