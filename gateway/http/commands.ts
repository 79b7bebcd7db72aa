// Bodies to commands. Owns: the reading of times given as text. Never touches:
// sockets, state.
//   H5. A field that is not known is refused by name, never ignored.
//   H6. Values are passed on as they came: the engine's validation judges them and names the field.
//       So what is built here is a Command in shape only until the engine has looked at it.

import {
  type Command,
  type CreditLimitCommand,
  type Leg,
  limits,
  type RefusalCode,
} from '../../engine/index.js';
import * as schemas from '../schema/commands.js';
import { timeFromText } from './body.js';
import { isRefusal, type Refusal, refuse } from './problem.js';

type Fields = Readonly<Record<string, unknown>>;

const { namesIn } = schemas;
const FOLLOW_UP = namesIn(schemas.FollowUp);
const TRANSFER = namesIn(schemas.TransferBody);
const LEG = namesIn(schemas.Leg);
const CONDITION = namesIn(schemas.Condition);
const HOLD = namesIn(schemas.HoldBody);
const CAPTURE = namesIn(schemas.CaptureBody);
const RELEASE = namesIn(schemas.ReleaseBody);
const REVERSE = namesIn(schemas.ReverseBody);
const ACCOUNT = namesIn(schemas.AccountBody);
const CREDIT_LIMIT = namesIn(schemas.CreditLimitBody);
const ASSET = namesIn(schemas.AssetBody);

// What is wrong with the names of an object's fields, if anything.
function strange(value: unknown, known: ReadonlySet<string>, path: string): Refusal | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('COMMAND_INVALID', path, `${path} must be a JSON object.`);
  }
  for (const name in value) {
    if (!known.has(name)) {
      const prefix = path === 'body' ? '' : `${path}.`;
      const takes = [...known].join(', ');
      const field = shortened(prefix + name);
      return refuse('COMMAND_INVALID', field, `${field} is not a field here. Known are: ${takes}.`);
    }
  }
  return undefined;
}

// A name from the caller, fit to be repeated to the caller.
function shortened(name: string): string {
  const text = name.toWellFormed();
  return text.length <= 100 ? text : `${text.slice(0, 100).toWellFormed()}...`;
}

// A time as the engine takes it. Text that is no time is refused here; everything else is for the
// engine to judge.
function time(
  value: unknown,
  code: RefusalCode,
  field: string,
): Refusal | number | null | undefined {
  if (typeof value !== 'string') return value as number | null | undefined;
  const ms = timeFromText(value);
  if (ms !== undefined) return ms;
  return refuse(code, field, `${field} must be milliseconds since 1970 or an RFC 3339 time.`);
}

function legFrom(value: unknown, path: string): Refusal | Leg {
  const wrong = strange(value, LEG, path);
  if (wrong !== undefined) return wrong;
  const { from, to, asset, amount, expiresAt } = value as Leg;
  const expires =
    typeof expiresAt === 'string'
      ? time(expiresAt, 'EXPIRY_INVALID', `${path}.expiresAt`)
      : expiresAt;
  if (isRefusal(expires)) return expires;
  return { from, to, asset, amount, expiresAt: expires };
}

/** The legs, times read; what is no list of at most so many is for the engine to judge. */
function legsFrom(legs: unknown, path: string): unknown {
  if (!Array.isArray(legs) || legs.length > limits.LEGS_MAX) return legs;
  const built: Leg[] = [];
  for (let i = 0; i < legs.length; i++) {
    const leg = legFrom(legs[i], `${path}legs[${i}]`);
    if (isRefusal(leg)) return leg;
    built.push(leg);
  }
  return built;
}

/** What a transfer and a follow-up have in common. */
function movementFrom(fields: Fields, path = ''): Refusal | Fields {
  const legs = legsFrom(fields.legs, path);
  if (isRefusal(legs)) return legs;
  if (fields.condition !== undefined) {
    const odd = strange(fields.condition, CONDITION, `${path}condition`);
    if (odd !== undefined) return odd;
  }
  const { kind, ref, memo, metadata, condition } = fields;
  return { kind, ref, memo, metadata, legs, condition };
}

function followUpsFrom(followUps: unknown): unknown {
  if (!Array.isArray(followUps) || followUps.length > limits.FOLLOW_UPS_MAX) return followUps;
  const built: Fields[] = [];
  for (let i = 0; i < followUps.length; i++) {
    const path = `followUps[${i}]`;
    const wrong = strange(followUps[i], FOLLOW_UP, path);
    if (wrong !== undefined) return wrong;
    const one = movementFrom(followUps[i], `${path}.`);
    if (isRefusal(one)) return one;
    built.push(one);
  }
  return built;
}

/** A transfer. `key` is the `Idempotency-Key` header. */
export function transferFrom(body: unknown, key?: string): Refusal | Command {
  const wrong = strange(body, TRANSFER, 'body');
  if (wrong !== undefined) return wrong;
  const fields = body as Fields;
  const movement = movementFrom(fields);
  if (isRefusal(movement)) return movement;
  if (fields.followUps === undefined)
    return command({ type: 'transfer', id: fields.id, ...movement }, key);
  const followUps = followUpsFrom(fields.followUps);
  if (isRefusal(followUps)) return followUps;
  return command({ type: 'transfer', id: fields.id, ...movement, followUps }, key);
}

/** A hold. */
export function holdFrom(body: unknown, key?: string): Refusal | Command {
  const wrong = strange(body, HOLD, 'body');
  if (wrong !== undefined) return wrong;
  const fields = body as Fields;
  const deadline = time(fields.deadline, 'DEADLINE_INVALID', 'deadline');
  if (isRefusal(deadline)) return deadline;
  return command({ type: 'hold', ...fields, deadline }, key);
}

/** A capture of an owner's hold. */
export function captureFrom(
  owner: string,
  holdId: string,
  body: unknown,
  key?: string,
): Refusal | Command {
  const wrong = strange(body, CAPTURE, 'body');
  if (wrong !== undefined) return wrong;
  const fields = body as Fields;
  const expiresAt = time(fields.expiresAt, 'EXPIRY_INVALID', 'expiresAt');
  if (isRefusal(expiresAt)) return expiresAt;
  return command({ type: 'capture', owner, holdId, ...fields, expiresAt }, key);
}

/** A release of an owner's hold. */
export function releaseFrom(
  owner: string,
  holdId: string,
  body: unknown,
  key?: string,
): Refusal | Command {
  const fields = body === undefined ? {} : body;
  const wrong = strange(fields, RELEASE, 'body');
  return wrong ?? command({ type: 'release', owner, holdId, ...fields }, key);
}

/** A reversal of an owner's transfer. */
export function reverseFrom(
  owner: string,
  transferId: string,
  body: unknown,
  key?: string,
): Refusal | Command {
  const fields = body === undefined ? {} : body;
  const wrong = strange(fields, REVERSE, 'body');
  return wrong ?? command({ type: 'reverse', owner, transferId, ...fields }, key);
}

/** Opening, freezing, unfreezing or closing an account. */
export function accountFrom(
  type: 'open-account' | 'freeze-account' | 'unfreeze-account' | 'close-account',
  owner: string,
  asset: string,
  body: unknown,
  key?: string,
): Refusal | Command {
  const fields = body === undefined ? {} : body;
  const wrong = strange(fields, ACCOUNT, 'body');
  return wrong ?? command({ type, owner, asset, ...fields }, key);
}

/** A credit limit. */
export function creditLimitFrom(
  owner: string,
  asset: string,
  body: unknown,
  key?: string,
): Refusal | Command {
  const wrong = strange(body, CREDIT_LIMIT, 'body');
  if (wrong !== undefined) return wrong;
  const type: CreditLimitCommand['type'] = 'set-credit-limit';
  return command({ type, owner, asset, ...(body as Fields) }, key);
}

/** The definition of an asset. It has no id, so an `Idempotency-Key` says nothing here. */
export function assetFrom(asset: string, body: unknown): Refusal | Command {
  const wrong = strange(body, ASSET, 'body');
  return wrong ?? command({ type: 'define-asset', asset, ...(body as Fields) });
}

// Names the command's id, where a header gives one, and vouches for the shape (H6).
function command(
  fields: Fields & { readonly type: Command['type'] },
  key?: string,
): Refusal | Command {
  if (key === undefined) return fields as unknown as Command;
  if (fields.id !== undefined && fields.id !== key) {
    return refuse(
      'ID_INVALID',
      'Idempotency-Key',
      'The Idempotency-Key header and the body name different ids.',
    );
  }
  return { ...fields, id: key } as unknown as Command;
}

/**
 * The id in an `Idempotency-Key` header: the text itself, or in the quotes of a structured field.
 */
export function idempotencyKey(header: string): string | undefined {
  if (header === '') return undefined;
  const quoted = header.length > 1 && header.startsWith('"') && header.endsWith('"');
  return quoted ? header.slice(1, -1) : header;
}
