// Reconciliations with partners and what does not agree, outside. Owns: what is asked and answered about them. Never touches: what is found.

import { DISPUTE_TEXT_MAX, INCONSISTENCY_KINDS, limits } from '../../engine/index.js';
import { strict } from './commands.js';
import { type Description, SHARDS } from './description.js';
import { DISPUTE_DESCRIPTIONS } from './disputes.js';
import { answer } from './outcomes.js';
import { GraceSeconds } from './partners.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Count,
  line,
  NAME,
  oneOf,
  PlatformId,
  REFUSED,
  Time,
  text,
} from './words.js';

const { Optional } = Type;

/** As reports tell it; the same words as those who find (a test compares them). */
const STATES = ['running', 'done', 'unknown', 'failed'] as const;

export const ReconciliationId = text('[a-z0-9][a-z0-9_-]{0,23}\\.[0-9]{14}\\.[0-9a-f]{8}', {
  [REFUSED]: 'RECONCILIATION_NOT_FOUND',
  description: 'By what the reconciliation is known.',
});
export const InconsistencyId = text('in_[A-Za-z0-9]{1,32}', {
  [REFUSED]: 'INCONSISTENCY_NOT_FOUND',
  description: 'By what the inconsistency is known.',
});

export const ReconciliationBody = strict(
  {
    partner: PlatformId,
    from: Time,
    until: Time,
    graceSeconds: Optional(GraceSeconds),
  },
  { [NAME]: 'NewReconciliation' },
);

const Reason = (max: number) => line(max, { description: `Why. 1 to ${max} characters.` });
export const ResolveBody = strict(
  { reason: Reason(limits.INCONSISTENCY_TEXT_MAX) },
  { [NAME]: 'InconsistencyResolution' },
);
export const InconsistencyDisputeBody = strict(
  {
    platform: Optional(PlatformId),
    disputed: Optional(Amount),
    reason: Reason(DISPUTE_TEXT_MAX),
  },
  { [NAME]: 'InconsistencyDispute' },
);

const Sums = Type.Object({ added: Type.Integer(), deducted: Type.Integer() });
const COUNTS = {
  ours: Count,
  theirs: Count,
  pages: Count,
  judged: Count,
  young: Count,
  pending: Count,
  unknown: Count,
  repeated: Count,
  beyond: Count,
};
const REPORT = {
  reconciliation: Type.String({ description: 'By what it is known.' }),
  partner: PlatformId,
  state: oneOf(STATES, {
    description:
      '`unknown`: the partner’s list could not be read to its end, so nothing is said of operations.',
  }),
  from: Time,
  until: Time,
  graceSeconds: Count,
  settled: Type.Integer({ description: 'What is younger than this time was not judged.' }),
  isScheduled: Type.Boolean(),
  by: Optional(Type.String()),
  startedAt: Time,
  endedAt: Optional(Time),
  attempts: Count,
  counts: Type.Object(COUNTS, {
    description:
      'Operations of the lists here and there, pages; of the period: judged, too young, pending here, not known; entries on two pages; findings beyond those that are kept.',
  }),
  findings: Type.Record(Type.String(), Count, { description: 'How often each was found.' }),
  mismatches: Count,
  opened: Count,
  resolved: Count,
  why: Optional(Type.String({ description: 'Why it is not known, or failed, in a word.' })),
};
const Totals = answer('ReconciledTotals', {
  asset: AssetCode,
  state: oneOf(['agree', 'differ', 'unknown']),
  why: Optional(Type.String()),
  ours: Sums,
  theirs: Optional(Sums),
  total: Optional(
    Type.Integer({
      description:
        'All of the partner’s points, as it says: for the record, compared with nothing.',
    }),
  ),
  totalAt: Optional(Time),
});
const Report = answer('Reconciliation', REPORT);
const WholeReport = answer('ReconciliationReport', { ...REPORT, totals: Type.Array(Totals) });
const More = {
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
};
const Reports = answer('Reconciliations', { reconciliations: Type.Array(Report), ...More });
const LINE = {
  inconsistency: Type.String(),
  finding: Type.String(),
  operation: Optional(Type.String()),
  asset: Type.String(),
  ours: Optional(Type.Integer()),
  theirs: Optional(Type.Integer()),
  says: Optional(Type.Array(Type.String(), { minItems: 2, maxItems: 2 })),
  at: Time,
};
const Lines = answer('ReconciliationLines', { lines: Type.Array(Type.Object(LINE)), ...More });

const InconsistencyAnswer = answer('Inconsistency', {
  inconsistency: Type.String({ description: 'The same for the same, however often it is found.' }),
  kind: oneOf(INCONSISTENCY_KINDS),
  state: oneOf(['open', 'resolved']),
  partner: PlatformId,
  finding: Type.String({ description: 'In a word, e.g. `missing_in_target`.' }),
  exchange: Optional(Type.String()),
  operation: Optional(Type.String()),
  asset: Optional(Type.String()),
  ours: Optional(Type.Integer()),
  theirs: Optional(Type.Integer()),
  openedAt: Time,
  resolvedAt: Optional(Time),
  reason: Optional(Type.String()),
  by: Optional(Type.String()),
});
const Inconsistencies = answer('Inconsistencies', {
  inconsistencies: Type.Array(InconsistencyAnswer),
  ...More,
});

const TAG = { tag: 'partners' } as const;
const CURSOR = Optional(Type.String({ maxLength: 128 }));
const ONE = { ...TAG, path: { reconciliation: ReconciliationId } } as const;
const FOUND = [...SHARDS, 'RECONCILIATION_NOT_FOUND'] as const;

type ReconciliationName = 'start' | 'list' | 'read' | 'lines' | 'csv';

export const RECONCILIATION_DESCRIPTIONS: Readonly<Record<ReconciliationName, Description>> = {
  start: {
    ...TAG,
    summary: 'Compare the operations of a period, and what they come to, with a partner’s.',
    details:
      'It goes on for itself; ask for it by its id. An operation is of the period in which this ledger has first asked for it; one that is not here, of the period of its time there. Operations younger than `graceSeconds`, and those that are pending here, are not judged. What does not agree becomes an inconsistency, the same one however often it is found; what is found no more is resolved.',
    body: ReconciliationBody,
    answers: { 202: { summary: 'It has begun.', schema: Report } },
    refusals: [
      ...SHARDS,
      'PARTNER_NOT_FOUND',
      'RECONCILIATION_PERIOD_INVALID',
      'CHANGED_MEANWHILE',
      'RECORD_LIMIT',
    ],
  },
  list: {
    ...TAG,
    summary: 'Reconciliations of a partner, by the beginning of their periods.',
    query: Type.Object({ partner: PlatformId, cursor: CURSOR }),
    answers: { 200: { summary: 'A page of them.', schema: Reports } },
    refusals: [...SHARDS, 'PARTNER_NOT_FOUND'],
  },
  read: {
    ...ONE,
    summary: 'How far a reconciliation is, and what it came to.',
    details:
      'Totals are what operations of this ledger have added and deducted at the partner in the period, here and there. The last 1,000 of a partner’s are kept.',
    answers: { 200: { summary: 'The report.', schema: WholeReport } },
    refusals: FOUND,
  },
  lines: {
    ...ONE,
    summary: 'What it has found, line by line.',
    query: Type.Object({ cursor: Optional(Type.String({ pattern: '^[0-9]{6}$', maxLength: 6 })) }),
    answers: { 200: { summary: 'A page of them.', schema: Lines } },
    refusals: FOUND,
  },
  csv: {
    ...ONE,
    summary: 'The same as CSV.',
    details:
      'Under a head; RFC 4180. A text that a spreadsheet would take for a formula has an apostrophe before it.',
    answers: { 200: { summary: 'All lines.', type: 'text/csv' } },
    refusals: FOUND,
  },
};

const OPEN = { ...TAG, path: { inconsistency: InconsistencyId } } as const;
const KNOWN = [...SHARDS, 'INCONSISTENCY_NOT_FOUND'] as const;

type InconsistencyName = 'list' | 'read' | 'resolve' | 'dispute';

export const INCONSISTENCY_DESCRIPTIONS: Readonly<Record<InconsistencyName, Description>> = {
  list: {
    ...TAG,
    summary: 'What does not agree with partners outside: the operator’s list.',
    details:
      'What is open; with `state=resolved` what was resolved on a day (`day`, UTC, the current one where it is left out). A page may be empty though there are more: ask with the cursor.',
    query: Type.Object({
      partner: Optional(PlatformId),
      kind: Optional(oneOf(INCONSISTENCY_KINDS)),
      state: Optional(oneOf(['open', 'resolved'])),
      day: Optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', maxLength: 10 })),
      cursor: CURSOR,
    }),
    answers: { 200: { summary: 'A page of them.', schema: Inconsistencies } },
    refusals: [...SHARDS, 'PARTNER_NOT_FOUND', 'CURSOR_INVALID', 'QUERY_INVALID'],
  },
  read: {
    ...OPEN,
    summary: 'Something that does not agree with a partner, or did not.',
    answers: { 200: { summary: 'The inconsistency.', schema: InconsistencyAnswer } },
    refusals: KNOWN,
  },
  resolve: {
    ...OPEN,
    summary: 'It is put right, or explained.',
    details:
      'What an exchange has found on its way is resolved by the verdict of its exchange. What is found again is open again.',
    body: ResolveBody,
    answers: { 200: { summary: 'As it is now.', schema: InconsistencyAnswer } },
    refusals: [...KNOWN, 'INCONSISTENCY_STATE_INVALID', 'CHANGED_MEANWHILE'],
  },
  dispute: {
    ...OPEN,
    summary: 'Dispute the exchange that it is about.',
    details:
      'For the platform that is named, or else the one of its two that is not the partner. Asked for again, it tells of the same dispute. The exchange must be completed.',
    body: InconsistencyDisputeBody,
    answers: DISPUTE_DESCRIPTIONS.open.answers,
    refusals: [...KNOWN, ...DISPUTE_DESCRIPTIONS.open.refusals, 'INCONSISTENCY_WITHOUT_EXCHANGE'],
  },
};
