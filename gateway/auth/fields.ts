// Fields of what administrators send. Owns: their checks, each with the name of the field at fault.
// Never touches: what they are for.

import { limits } from '../../engine/index.js';
import { type Refusal, refuse } from '../http/problem.js';
import {
  ENDPOINT_LENGTH_MAX,
  GRANT_ASSETS_MAX,
  NAME_LENGTH_MAX,
  OVERLAP_SECONDS_MAX,
  RATE_REQUESTS_MAX,
  RATE_SECONDS_MAX,
} from '../limits.js';
import { OPERATIONS, type Operation, type Rate } from './principal.js';

export type Fields = Readonly<Record<string, unknown>>;

const wrong = (field: string, detail: string): Refusal =>
  refuse('COMMAND_INVALID', field, `${field} ${detail}`);

/** A JSON object that has no other fields than these. */
export function fieldsOf(body: unknown, known: readonly string[]): Refusal | Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refuse('COMMAND_INVALID', 'body', 'The body must be a JSON object.');
  const strange = Object.keys(body).find((name) => !known.includes(name));
  if (strange === undefined) return body as Fields;
  const name = strange.toWellFormed().slice(0, 100).toWellFormed();
  const takes = `is not a field here. Known are: ${known.join(', ')}.`;
  return wrong(name, takes);
}

const PLATFORM_ID = /^[a-z0-9][a-z0-9_-]{0,23}$/;

/** A platform's id. */
export const isPlatformId = (value: unknown): value is string =>
  typeof value === 'string' && PLATFORM_ID.test(value);

/** What is wrong with the fields that are there, if anything. */
export function problemOf(fields: Fields): Refusal | undefined {
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = fields[name];
    if (value === undefined) continue;
    const detail = check(value);
    if (detail !== undefined) return wrong(name, detail);
  }
  return undefined;
}

const CHECKS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  id: (value) =>
    isPlatformId(value)
      ? undefined
      : 'has 1 to 24 characters out of a-z 0-9 _ and -, the first one a letter or digit.',
  name: (value) =>
    typeof value === 'string' &&
    /^[^\p{Cc}]+$/u.test(value) &&
    value.isWellFormed() &&
    value.length <= NAME_LENGTH_MAX
      ? undefined
      : `is a text of 1 to ${NAME_LENGTH_MAX} characters.`,
  assets: (value) =>
    isListOf(value, isAsset) && value.length <= GRANT_ASSETS_MAX
      ? undefined
      : `is a list of 1 to ${GRANT_ASSETS_MAX} different asset codes.`,
  operations: (value) =>
    isListOf(value, isOperation)
      ? undefined
      : `is a list of different ones out of: ${OPERATIONS.join(', ')}.`,
  endpoint: (value) =>
    isEndpoint(value)
      ? undefined
      : `is an http or https URL of at most ${ENDPOINT_LENGTH_MAX} characters.`,
  proof: (value) =>
    ['any', 'token', 'signature', 'both'].includes(value as string)
      ? undefined
      : 'is any, token, signature or both.',
  userIds: (value) =>
    value === 'global' || value === 'platform' ? undefined : 'is global or platform.',
  rate: (value) =>
    isRate(value)
      ? undefined
      : `is {"limit": 1..${RATE_REQUESTS_MAX}, "seconds": 1..${RATE_SECONDS_MAX}}.`,
  overlapSeconds: (value) =>
    isBetween(value, 0, OVERLAP_SECONDS_MAX)
      ? undefined
      : `is a whole number from 0 to ${OVERLAP_SECONDS_MAX}.`,
  expiresAt: (value) =>
    isBetween(value, 1, limits.TIME_MAX_MS) ? undefined : 'is in milliseconds since 1970.',
};

const isBetween = (value: unknown, min: number, max: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

function isListOf(value: unknown, is: (item: unknown) => boolean): value is unknown[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(is) &&
    new Set(value).size === value.length
  );
}

const isAsset = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z0-9_]{1,32}$/.test(value);
const isOperation = (value: unknown): boolean => OPERATIONS.includes(value as Operation);

function isRate(value: unknown): value is Rate {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { limit, seconds } = value as Rate;
  return isBetween(limit, 1, RATE_REQUESTS_MAX) && isBetween(seconds, 1, RATE_SECONDS_MAX);
}

function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > ENDPOINT_LENGTH_MAX) return false;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '';
}
