// A programme to begin with: the usual rules of a shop. Owns: their figures. Never touches: how they are loaded.

import type { Document } from '../protocol/definition-fields.js';
import { eventTypeKey } from './definitions/event-type.js';

/** A definition to be said. */
export interface SampleDefinition {
  readonly kind: string;
  readonly key: string;
  readonly document: Document;
}

/** Types of events: their attributes, which of them is the amount, which of them members report of themselves. */
const EVENTS = {
  REGISTER: {},
  SIGN: { byMember: 1 },
  SIGN_DAILY: { byMember: 1 },
  SIGN_CONTINUOUS_7: {},
  SIGN_CONTINUOUS_30: {},
  CONSUME: { attributes: { amount: 'integer', category: 'text', tags: 'list' }, amount: 'amount' },
  REVIEW: { attributes: { length: 'integer' } },
  SHARE: {},
  PROFILE_COMPLETE: {},
} as const;

/** What they earn. */
const RULES: Readonly<Record<string, Document>> = {
  REGISTER: { points: 100, limitTimes: 1, span: 'ever', multiplied: false },
  SIGN_DAILY: { points: 10, limitTimes: 1 },
  SIGN_CONTINUOUS_7: { points: 50, limitTimes: 1 },
  SIGN_CONTINUOUS_30: { points: 200, limitTimes: 1 },
  CONSUME: { points: 1, per: 1, of: 'amount' },
  REVIEW: { points: 5, limitTimes: 5 },
  SHARE: { points: 3, limitTimes: 3 },
  PROFILE_COMPLETE: { points: 20, limitTimes: 1, span: 'ever', multiplied: false },
};

const TIERS: Readonly<Record<string, Document>> = {
  ordinary: { from: 0, multiplier: 100, priceFactor: 100, name: 'Ordinary' },
  silver: { from: 1_000, multiplier: 105, priceFactor: 95, name: 'Silver' },
  gold: { from: 5_000, multiplier: 110, priceFactor: 90, name: 'Gold' },
  diamond: { from: 20_000, multiplier: 120, priceFactor: 90, name: 'Diamond' },
};

/** Tasks of a day, and the type of events that they are of. */
const TASKS: Readonly<Record<string, Document>> = {
  SIGN: {
    event: 'SIGN',
    steps: [
      [1, 10],
      [7, 50],
      [30, 200],
    ],
  },
  CONSUME_100: { event: 'CONSUME', of: 'amount', need: 100, reward: 50 },
  REVIEW_3: { event: 'REVIEW', need: 3, reward: 15 },
};

/** What is drawn for. */
const LOTTERIES: Readonly<Record<string, Document>> = {
  lottery: {
    cost: 20,
    cooldownSeconds: 30,
    dailyLimit: 10,
    prizes: [
      { key: 'first', name: 'First prize', order: 1, weight: 1_000, points: 100 },
      { key: 'second', name: 'Second prize', order: 2, weight: 2_000, points: 50 },
      { key: 'third', name: 'Third prize', order: 3, weight: 3_000, points: 20 },
      { key: 'fourth', name: 'Fourth prize', order: 4, weight: 5_000, points: 10 },
      { key: 'none', name: 'Nothing this time', order: 5, weight: 10_000, points: 0 },
    ],
    name: 'Lottery',
  },
};

/** The definitions of a programme of this name, in the order in which they are said. */
export function sampleProgramme(
  programme: string,
  asset: string,
  zone = 'Asia/Shanghai',
): SampleDefinition[] {
  const all = (
    kind: string,
    documents: Readonly<Record<string, Document>>,
    keyOf: (name: string) => string,
  ): SampleDefinition[] =>
    Object.entries(documents).map(([name, document]) => ({
      kind,
      key: keyOf(name),
      document: { programme, ...document },
    }));
  const own = (name: string): string => eventTypeKey(programme, name);
  const rules = Object.fromEntries(
    Object.entries(RULES).map(([event, rule]) => [event, { event, ...rule }]),
  );
  return [
    { kind: 'programme', key: programme, document: { asset, zone } },
    ...all('event', EVENTS, own),
    ...all('rule', rules, own),
    ...all('tier', TIERS, own),
    ...all('task', TASKS, own),
    ...all('lottery', LOTTERIES, own),
  ];
}
