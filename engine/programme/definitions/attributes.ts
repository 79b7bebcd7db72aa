// Attributes of events and members: their names and types, and whether values are of them. Never touches: what they are for.

import { RECEIVER_LENGTH_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { isSealed } from '../../protocol/personal-fields.js';
import type { Type } from '../cel.js';

/**
 * Of what an attribute is; a list is of texts. `personal`: a text that says who somebody is. It comes sealed to its member (`POST /v1/events`,
 * `PUT /v1/members/{owner}/profile` seal it), and is refused in clear, so none is ever in the log; no expression sees it.
 */
export const ATTRIBUTE_TYPES = ['integer', 'text', 'boolean', 'list', 'personal'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];
export type AttributeTypes = Readonly<Record<string, AttributeType>>;

export const ATTRIBUTES_MAX = 32;
/** A name that a rule can say: what follows `event.` in an expression. */
const NAME = /^[a-z][A-Za-z0-9_]{0,31}$/;
export const isAttributeName = (name: string): boolean => NAME.test(name);

const isTypes = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= ATTRIBUTES_MAX &&
  Object.entries(value).every(
    ([name, type]) => isAttributeName(name) && ATTRIBUTE_TYPES.includes(type),
  );

/** Those that expressions may ask for: what is personal is none. */
export const askable = (types: AttributeTypes): Readonly<Record<string, Type>> =>
  Object.fromEntries(
    Object.entries(types).flatMap(([name, type]) => (type === 'personal' ? [] : [[name, type]])),
  );

/** Attributes by name, and of which type each is. */
export const attributeTypes = (about: string) =>
  json<AttributeTypes>(
    {
      type: 'object',
      maxProperties: ATTRIBUTES_MAX,
      propertyNames: { pattern: NAME.source },
      additionalProperties: { type: 'string', enum: [...ATTRIBUTE_TYPES] },
    },
    isTypes,
    about,
  );

const isValue = (value: unknown, type: AttributeType): boolean => {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'personal':
      return isSealed(value) && value.length <= RECEIVER_LENGTH_MAX;
    case 'list':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
  }
};

/** Is one of them personal, and not sealed? Such an act is refused for now, so that it is not kept: a refusal that is kept has all of it in the log. */
export const isInClear = (
  values: Readonly<Record<string, unknown>>,
  types: AttributeTypes,
): boolean =>
  Object.keys(values).some(
    (name) => Object.hasOwn(types, name) && types[name] === 'personal' && !isSealed(values[name]),
  );

/** The first attribute that is not known, or of another type; undefined: all are right. */
export function wrongAttribute(
  values: Readonly<Record<string, unknown>>,
  types: AttributeTypes,
): string | undefined {
  for (const name in values) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined || !isValue(values[name], type)) return name;
  }
  return undefined;
}

/** Those that are known, and of their type. */
export const rightAttributes = <T>(
  values: Readonly<Record<string, T>>,
  types: AttributeTypes,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => wrongAttribute({ [name]: value }, types) === undefined,
    ),
  );
