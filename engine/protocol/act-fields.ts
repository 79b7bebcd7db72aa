// The kinds of fields that acts have. Owns: what is acceptable of them, whatever the act. Never touches: which acts there are.

import { ACT_BODY_BYTES_MAX, LEGS_MAX } from '../limits.js';
import {
  type Field,
  field,
  filledIn,
  JSON_OBJECT,
  type LEG,
  legs,
  legsProblem,
  optional,
  plain,
  type TypeOf,
} from './fields.js';
import { packValue, unpackValue } from './packed-value.js';
import type { RefusalCode } from './refusals.js';
import { canonicalJson, isActName, utf8Length } from './syntax.js';

/** The name of an act. */
export const actName = (): Field<string, false> =>
  plain('act-name', 'text', isActName, 'ACT_UNKNOWN');

function actBodyProblem(value: unknown): RefusalCode | null {
  const json = canonicalJson(value);
  return json === undefined || utf8Length(json) > ACT_BODY_BYTES_MAX ? 'ACT_BODY_INVALID' : null;
}

/** What an act is asked to do, in canonical form; its own fields are looked at where acts are known. */
export const actBody = (): Field<Readonly<Record<string, unknown>>, false> =>
  field('act-body', 'bytes', ['ACT_BODY_INVALID'], actBodyProblem, JSON_OBJECT);

/** What an act has decided (engine/programme/plan.ts). Only the engine gives it, to itself and to other shards. */
export const actPlan = (): Field<Readonly<Record<string, unknown>>, false> =>
  field(
    'act-plan',
    'bytes',
    [],
    (value, _, owned) => (owned && canonicalJson(value) !== undefined ? null : 'COMMAND_INVALID'),
    { toPlace: packValue, ofPlace: unpackValue },
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
