// Lists in documents. Owns: how a list of keys is said, and steps of figures. Never touches: what they mean.

import { ID_LENGTH_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { isObject, optional } from '../../protocol/fields.js';
import { isId } from '../../protocol/syntax.js';

const isListOf = (value: unknown, most: number, is: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(is);

/** Keys, none twice; left out: all there are. */
export const keys = (most: number, about: string) =>
  optional(
    json<readonly string[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: most,
        uniqueItems: true,
        items: { type: 'string', pattern: `^[A-Za-z0-9._:@/+=~-]{1,${ID_LENGTH_MAX}}$` },
      },
      (value) =>
        isListOf(value, most, isId) && new Set(value as string[]).size === (value as []).length,
      about,
    ),
  );

/** Below how many pieces which percentage holds. */
export interface Step {
  readonly under: number;
  readonly percent: number;
}

const isWithin = (value: unknown, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;

/** Does each step begin above the one before? */
export const areRising = (all: readonly Step[]): boolean =>
  all.every(({ under }, i) => i === 0 || under > (all[i - 1] as Step).under);

/** Steps, the lowest first (areRising). */
export const steps = (most: number, underMax: number, percentMax: number, about: string) =>
  optional(
    json<readonly Step[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: most,
        items: {
          type: 'object',
          required: ['under', 'percent'],
          additionalProperties: false,
          properties: {
            under: { type: 'integer', minimum: 1, maximum: underMax },
            percent: { type: 'integer', minimum: 1, maximum: percentMax },
          },
        },
      },
      (value) =>
        isListOf(value, most, (one) => {
          if (!isObject(one) || Object.keys(one).length !== 2) return false;
          return isWithin(one['under'], underMax) && isWithin(one['percent'], percentMax);
        }),
      about,
    ),
  );
