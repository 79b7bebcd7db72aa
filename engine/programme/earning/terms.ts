// What decides of events of a type: its definitions, in their order, and what follows from each of them alone. Owns: that this is put together
// once while the same definitions decide. Never touches: members.
//   earning.D1. Terms say what looking all of it up at this block time would.

import type { TypeOf } from '../../protocol/fields.js';
import type { Reads } from '../act.js';
import { eventTypeKey } from '../definitions/event-type.js';
import {
  campaign as campaignKind,
  eventType as eventTypeKind,
  programme as programmeKind,
  referral as referralKind,
  rule as ruleKind,
  task as taskKind,
  type Versioned,
} from '../definitions/index.js';
import { lateOf } from '../definitions/programme.js';
import type { Span } from '../definitions/rule.js';
import { counterOf } from './counts.js';
import { type Programme, type Tier, tiersIn } from './member.js';
import { counterBytes, noteBytes } from './room.js';
import { sortedOnce } from './sorted.js';

export type EventType = Versioned<TypeOf<typeof eventTypeKind.decides>>;
export type Rule = Versioned<TypeOf<typeof ruleKind.decides>>;
export type Campaign = Versioned<TypeOf<typeof campaignKind.decides>>;
export type Task = Versioned<TypeOf<typeof taskKind.decides>>;
export type Referral = TypeOf<typeof referralKind.decides>;

/** Names of counters, and how much of a plan they and what is said of it take at most (room.ts). */
interface Counted {
  readonly span: Span;
  readonly counterBytes: number;
  readonly noteBytes: number;
}

export interface RuleTerms extends Counted {
  readonly rule: Rule;
  readonly times: string;
  readonly points: string;
  /** How many of them it has. */
  readonly counters: number;
}

export interface TaskTerms extends Counted {
  readonly task: Task;
  readonly done: string;
  readonly rewarded: string;
}

/** What decides of events of a type. */
export interface Terms {
  readonly programme: Programme;
  readonly type: EventType;
  readonly offsets: readonly number[];
  readonly lateMs: number;
  /** Lowest first. */
  readonly tiers: readonly Tier[];
  /** Of this type of events, whenever they are, by key. */
  readonly campaigns: readonly Campaign[];
  /** In the order in which they are looked at. */
  readonly rules: readonly RuleTerms[];
  /** By key. */
  readonly tasks: readonly TaskTerms[];
  readonly referral: Referral | undefined;
}

const inOrder = sortedOnce<Rule>(({ document: { order = 0 } }) => order);
const UTC = [0, 0] as const;

function ruleTerms(rule: Rule, lateMs: number): RuleTerms {
  const { key, document } = rule;
  const { span = 'day', limitTimes, limitPoints } = document;
  return {
    rule,
    span,
    times: counterOf('times', key),
    points: counterOf('points', key),
    counters: [limitTimes, limitPoints].filter((limit) => limit !== undefined).length,
    counterBytes: counterBytes(key, span, lateMs),
    noteBytes: noteBytes(key),
  };
}

function taskTerms(task: Task, lateMs: number): TaskTerms {
  const { key, document } = task;
  const { span = 'day' } = document;
  return {
    task,
    span,
    done: counterOf('done', key),
    rewarded: counterOf('rewarded', key),
    counterBytes: counterBytes(key, span, lateMs),
    noteBytes: noteBytes(key),
  };
}

function lookedUp(see: Reads, programme: Programme, type: EventType, event: string): Terms {
  const { key, document, zoneOffsets: offsets = UTC } = programme;
  const lateMs = lateOf(document);
  const isOf = ({ document: { event: of } }: Campaign): boolean => of === undefined || of === event;
  return {
    programme,
    type,
    offsets,
    lateMs,
    tiers: tiersIn(see, key),
    campaigns: see.definitions(campaignKind, key).filter(isOf),
    rules: inOrder(see.definitions(ruleKind, type.key)).map((rule) => ruleTerms(rule, lateMs)),
    tasks: see.definitions(taskKind, type.key).map((task) => taskTerms(task, lateMs)),
    referral: see.definition(referralKind, key)?.document,
  };
}

/** By programme and then by type: as many as are defined. */
type All = Map<string, Map<string, Terms>>;
const newTerms = (): All => new Map();

/** What decides of events of a type; else what an event is refused with. */
export function termsOf(
  see: Reads,
  programme: string,
  event: string,
): Terms | 'DEFINITION_NOT_FOUND' | 'EVENT_TYPE_UNKNOWN' {
  const all = see.deciding.remembered(newTerms);
  const known = all.get(programme)?.get(event);
  if (known !== undefined) return known;
  const of = see.definition(programmeKind, programme);
  if (of === undefined) return 'DEFINITION_NOT_FOUND';
  const type = see.definition(eventTypeKind, eventTypeKey(programme, event));
  if (type === undefined) return 'EVENT_TYPE_UNKNOWN';
  const terms = lookedUp(see, of, type, event);
  const types = all.get(programme);
  if (types === undefined) all.set(programme, new Map([[event, terms]]));
  else types.set(event, terms);
  return terms;
}
