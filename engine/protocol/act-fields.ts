// The kinds of fields that acts have. Owns: what is acceptable of them, whatever the act. Never touches: which acts there are.

import {
  ACT_BODY_BYTES_MAX,
  ACT_PLAN_BYTES_MAX,
  CAUSE_DEPTH_MAX,
  FOLLOW_UPS_MAX,
  LEGS_MAX,
} from '../limits.js';
import {
  type Field,
  field,
  filledIn,
  isObject,
  type LEG,
  legs,
  legsProblem,
  optional,
  plain,
  type TypeOf,
} from './fields.js';
import type { Cause } from './follow-ups.js';
import { JSON_OBJECT, jsonInPlace, jsonLength, placeOfJson } from './opaque.js';
import { PackedText } from './packed-text.js';
import { unpackValue } from './packed-value.js';
import { packJson } from './packed-writer.js';
import type { RefusalCode } from './refusals.js';
import { canonicalJson, isActName, isAnyOwner, isCount, isKnownId } from './syntax.js';

/** The name of an act. */
export const actName = (): Field<string, false> =>
  plain('act-name', 'text', isActName, 'ACT_UNKNOWN');

function actBodyProblem(value: unknown): RefusalCode | null {
  const length = jsonLength(value);
  return length === undefined || length > ACT_BODY_BYTES_MAX ? 'ACT_BODY_INVALID' : null;
}

/** What an act is asked to do, in canonical form; its own fields are looked at where acts are known. */
export const actBody = (): Field<Readonly<Record<string, unknown>>, false> =>
  field('act-body', 'bytes', ['ACT_BODY_INVALID'], actBodyProblem, JSON_OBJECT);

/** What a plan has, by its places; those after the last one that says something are left out. */
export const PLAN = [
  'version',
  'effects',
  'why',
  'records',
  'counters',
  'assets',
  'names',
  'followUps',
  'optional',
  'hold',
  'takes',
  'reversal',
  'puts',
  'homeward',
  'refusal',
  'pending',
] as const;
type PlanName = (typeof PLAN)[number];
type PlanFields = { readonly [name in PlanName]?: unknown };
const AT = Object.fromEntries(PLAN.map((name, i) => [name, i])) as { [name in PlanName]: number };

/** A plan as it is packed into its place. */
export function placeOfPlan(plan: PlanFields): readonly unknown[] {
  const list: unknown[] = [];
  let length = 0;
  for (let i = 0; i < PLAN.length; i++) {
    const one = plan[PLAN[i] as PlanName];
    list.push(one);
    if (one !== undefined) length = i + 1;
  }
  list.length = length;
  return list;
}

/** What is packed in the place of a plan. Throws where that is none. */
export function planInPlace(place: Uint8Array): PlanFields {
  const value = valuesInPlace(place);
  const plan: { [name: string]: unknown } = {};
  for (let i = 0; i < value.length; i++)
    if (value[i] !== null) plan[PLAN[i] as PlanName] = value[i];
  return plan;
}

function valuesInPlace(place: Uint8Array): readonly unknown[] {
  const value = unpackValue(place);
  if (!Array.isArray(value) || value.length > PLAN.length)
    throw new TypeError('in the place of a plan is none');
  return value;
}

/** The same for who looks at it often: all of the fields, undefined where there is none. */
export function wholePlanInPlace(place: Uint8Array): PlanFields {
  const value = valuesInPlace(place);
  const at = (name: PlanName): unknown => value[AT[name]] ?? undefined;
  // All at once: what is put together by names has a hidden class for each set of them, and every look at it is slow.
  const plan: { readonly [name in PlanName]: unknown } = {
    version: at('version'),
    effects: at('effects'),
    why: at('why'),
    records: at('records'),
    counters: at('counters'),
    assets: at('assets'),
    names: at('names'),
    followUps: at('followUps'),
    optional: at('optional'),
    hold: at('hold'),
    takes: at('takes'),
    reversal: at('reversal'),
    puts: at('puts'),
    homeward: at('homeward'),
    refusal: at('refusal'),
    pending: at('pending'),
  };
  return plan;
}

const text = new PackedText();

/** The effects and the why of a plan at `start`, as JSON; undefined: it must be read. */
export function toldInPlace(bytes: Uint8Array, start: number): string | undefined {
  const found = text.items(bytes, start, AT.effects, AT.why + 1);
  if (found === undefined) return undefined;
  const [effects = 'null', why = 'null'] = found;
  return `{"effects":${effects === 'null' ? '[]' : effects},"why":${why === 'null' ? '{}' : why}}`;
}

/** What an act has decided (engine/programme/plan.ts). Only the engine gives it, to itself and to other shards. */
export const actPlan = (): Field<Readonly<Record<string, unknown>>, false> =>
  field(
    'act-plan',
    'bytes',
    [],
    (value, _, owned) => (owned && canonicalJson(value) !== undefined ? null : 'COMMAND_INVALID'),
    {
      toPlace: (plan: PlanFields) => packJson(placeOfPlan(plan), ACT_PLAN_BYTES_MAX),
      ofPlace: planInPlace,
    },
  );

/** The act that has caused a command, or its undoing. */
export interface ActCause extends Cause {
  /** The act by whose rules: `name@version`. */
  readonly by: string;
  /** 1: caused by what a caller asked for. */
  readonly depth: number;
  /** Of a reversal: the id of what is undone, whose n-th follow-up it undoes. */
  readonly undoes?: string;
}

const isFrom1 = (value: unknown, most: number): boolean =>
  isCount(value) && (value as number) >= 1 && (value as number) <= most;

/** Is it a cause? */
export function isActCause(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { owner, id, n, by, depth, undoes } = value as Partial<ActCause>;
  if (!isAnyOwner(owner) || !isKnownId(id) || !isFrom1(n, FOLLOW_UPS_MAX)) return false;
  const isBy = typeof by === 'string' && isActName(by.replace(/@[1-9]\d*$/, ''));
  return isBy && isFrom1(depth, CAUSE_DEPTH_MAX) && (undoes === undefined || isKnownId(undoes));
}

/** What has caused a command that an act has made. Only the engine gives it, to itself and to other shards. */
export const cause = (): Field<ActCause, false> =>
  field(
    'cause',
    'bytes',
    [],
    (value, _, owned) => (owned && isActCause(value) ? null : 'COMMAND_INVALID'),
    { toPlace: placeOfJson, ofPlace: jsonInPlace },
  );

/** Legs that only the engine gives, to itself and to other shards. */
export const compiledLegs = (): Field<readonly TypeOf<typeof LEG>[], true> =>
  filledIn(
    optional({
      ...legs(),
      refusals: [],
      check: (value, _, owned) => (owned ? legsProblem(value, LEGS_MAX, owned) : 'COMMAND_INVALID'),
    }),
  );
