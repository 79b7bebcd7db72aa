// Limits out of a file that an operator wrote. Owns: which values are taken, what is said of others. Never touches: what the
// limits are for (limits.ts).
//   gateway.C4. A file that is not whole and right is refused with the name of the field; nothing is ignored or put right.

import { readFileSync } from 'node:fs';
import { OPERATIONS } from '../engine/index.js';
import {
  GATEWAY_LIMITS,
  type GatewayLimits,
  gatewayLimits,
  isStrong,
  RATE_REQUESTS_MAX,
  RATE_SECONDS_MAX,
} from './limits.js';

/** The file is wrong: one line for people, naming the field. */
class LimitsFileError extends Error {
  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.name = 'LimitsFileError';
  }
}

/** The longest that Node.js can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;
/** Set by an option of its own. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([['proxies', '--proxies']]);
/** What may be 0: there is none, or at once. */
const FROM_ZERO: ReadonlySet<string> = new Set([
  'auditDays',
  'drainMs',
  'secretOverlapSeconds',
  'refreshRepeatSeconds',
  'healthOpenMax',
  'healthPendingMax',
  'reconcileGraceSeconds',
  'reconcileSlackMs',
  'reconcileMismatchesMax',
  'diskFreeBytesMin',
  'segmentHotBytes',
  'recountEntriesRate',
  'reportMemoryMiB',
  'reportSpillBytesMax',
  'reportFreshMs',
  'reportsWaitingMax',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a value; undefined: nothing. */
function wholeProblem(name: string, value: unknown, from: number, to: number): string | undefined {
  if (Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to)
    return undefined;
  const upTo = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`;
  return `${name} must be a whole number ${upTo}`;
}

function rateProblem(name: string, value: unknown): string | undefined {
  if (!isObject(value)) return `${name} must be {"limit": ..., "seconds": ...}`;
  for (const field of Object.keys(value))
    if (field !== 'limit' && field !== 'seconds') return `${name}.${field} is not a field here`;
  const { limit, seconds } = value;
  return (
    wholeProblem(`${name}.limit`, limit, 1, RATE_REQUESTS_MAX) ??
    wholeProblem(`${name}.seconds`, seconds, 1, RATE_SECONDS_MAX)
  );
}

function userRatesProblem(name: string, value: unknown): string | undefined {
  if (!isObject(value)) return `${name} must have a rate for each operation that is limited`;
  for (const [operation, rate] of Object.entries(value)) {
    if (!(OPERATIONS as readonly string[]).includes(operation))
      return `${name}.${operation} is not an operation: they are ${OPERATIONS.join(', ')}`;
    const problem = rateProblem(`${name}.${operation}`, rate);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(name: string, value: unknown): string | undefined {
  const option = ELSEWHERE.get(name);
  if (option !== undefined) return `${name} is given by ${option}`;
  if (!Object.hasOwn(GATEWAY_LIMITS, name)) return `${name} is not a limit`;
  if (name === 'userRates') return userRatesProblem(name, value);
  const usual: number | object = GATEWAY_LIMITS[name as keyof GatewayLimits];
  if (typeof usual === 'object') return rateProblem(name, value);
  const most = /Ms(?:Max)?$/.test(name) ? TIMER_MAX_MS : Number.MAX_SAFE_INTEGER;
  return wholeProblem(name, value, FROM_ZERO.has(name) ? 0 : 1, most);
}

/** The limits that a text sets; `path`: how errors call it. */
export function parseLimits(path: string, text: string): Partial<GatewayLimits> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LimitsFileError(path, `it is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new LimitsFileError(path, 'it must be a JSON object');
  for (const [name, one] of Object.entries(value)) {
    const problem = problemOf(name, one);
    if (problem !== undefined) throw new LimitsFileError(path, problem);
  }
  const some = value as Partial<GatewayLimits>;
  try {
    if (!isStrong(gatewayLimits(some)))
      throw new Error(
        'passwordMemoryKiB with passwordPasses must be 47104 with 1, 19456 with 2, 12288 with 3, 9216 with 4, 7168 with 5, or more',
      );
  } catch (error) {
    throw new LimitsFileError(path, (error as Error).message);
  }
  return some;
}

/** The limits that a file sets. */
export function readLimits(path: string): Partial<GatewayLimits> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new LimitsFileError(path, `it cannot be read: ${(error as Error).message}`);
  }
  return parseLimits(path, text);
}
