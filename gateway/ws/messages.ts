// What clients may say over a socket. Owns: the messages' fields and their checking. Never touches: sockets, the engine.
//   ws.F5. What is wrong with a message is told by the field's name; nothing of it is carried out then.

import { packedHead } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { type Refusal, refuse } from '../refusal.js';
import { isFields, strangeField } from '../schema/command-reader.js';

/** What a client calls a subscription or a batch: told with everything that belongs to it. */
export type MessageId = string | number;

/** The first message of who cannot send a header. */
export interface AuthMessage {
  readonly type: 'auth';
  /** A key, or a ticket. */
  readonly key?: string | undefined;
  /** Instead of it: a platform's token. */
  readonly token?: string | undefined;
}

/** Balances of an owner, as they change. */
export interface SubscribeMessage {
  readonly type: 'subscribe';
  readonly id: MessageId;
  readonly owner: string;
  /** Left out: all assets of the owner. */
  readonly asset?: string | undefined;
  /** What is known already, by asset; left out: nothing was missed. */
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

/** The committed feed of a shard from a position on. */
export interface FollowMessage {
  readonly type: 'follow';
  readonly id: MessageId;
  readonly shard: number;
  readonly seq: number;
  /** Default 0. */
  readonly index?: number | undefined;
}

/** Ends a subscription, to balances or a feed. */
export interface UnsubscribeMessage {
  readonly type: 'unsubscribe';
  readonly id: MessageId;
}

/** Commands to be carried out. */
export interface CommandsMessage {
  readonly type: 'commands';
  readonly id: MessageId;
  /** Of any type, in the engine's shapes. */
  readonly commands: readonly unknown[];
  /** How long to wait for decisions between shards. */
  readonly timeoutMs?: number | undefined;
  /** Outcomes without entries and holds: quicker. */
  readonly brief?: boolean | undefined;
  /** All or none. */
  readonly atomic?: boolean | undefined;
  /** Only what the outcomes would be. */
  readonly dryRun?: boolean | undefined;
}

/** A packed batch, to be carried out. */
export interface PackedMessage {
  readonly type: 'packed';
  readonly id: MessageId;
  readonly batch: Uint8Array;
  /** How long to wait for decisions between shards. */
  readonly timeoutMs?: number | undefined;
}

/** Is anybody there? */
export interface PingMessage {
  readonly type: 'ping';
  readonly id?: MessageId | undefined;
}

export type ClientMessage =
  | AuthMessage
  | SubscribeMessage
  | FollowMessage
  | UnsubscribeMessage
  | CommandsMessage
  | PackedMessage
  | PingMessage;

const FIELDS: Readonly<Record<ClientMessage['type'], ReadonlySet<string>>> = {
  auth: new Set(['type', 'key', 'token']),
  subscribe: new Set(['type', 'id', 'owner', 'asset', 'versions']),
  follow: new Set(['type', 'id', 'shard', 'seq', 'index']),
  unsubscribe: new Set(['type', 'id']),
  commands: new Set(['type', 'id', 'commands', 'timeoutMs', 'brief', 'atomic', 'dryRun']),
  packed: new Set(['type', 'id', 'batch', 'timeoutMs']),
  ping: new Set(['type', 'id']),
};
const BY_TYPE = new Map<unknown, ReadonlySet<string>>(Object.entries(FIELDS));
const ID_LENGTH_MAX = 64;

const wrong = (field: string, detail: string): Refusal => refuse('MESSAGE_INVALID', field, detail);
const isCount = (value: unknown, least = 0): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

/** Can it name something? */
export function isMessageId(id: unknown): id is MessageId {
  return typeof id === 'string' ? id.length > 0 && id.length <= ID_LENGTH_MAX : isCount(id);
}

/** A message out of what was read, or what is wrong with it. */
export function messageOf(value: unknown, limits: GatewayLimits): Refusal | ClientMessage {
  if (!isFields(value)) return wrong('message', 'A message is an object with a type.');
  const known = BY_TYPE.get(value.type);
  if (known === undefined) {
    const types = [...BY_TYPE.keys()].join(', ');
    return wrong('type', `There is no message of this type. Known are: ${types}.`);
  }
  const strange = strangeField(value, known, 'MESSAGE_INVALID');
  if (strange !== undefined) return strange;
  const isIdWanted = known.has('id') && !(value.type === 'ping' && value.id === undefined);
  if (isIdWanted && !isMessageId(value.id))
    return wrong('id', `id is text of 1 to ${ID_LENGTH_MAX} characters, or a whole number.`);
  const message = value as unknown as ClientMessage;
  return fieldsProblem(message, limits) ?? message;
}

function fieldsProblem(message: ClientMessage, limits: GatewayLimits): Refusal | undefined {
  switch (message.type) {
    case 'auth':
      if (typeof (message.key ?? message.token) !== 'string')
        return wrong('key', 'key, or token, is text.');
      if (message.key === undefined || message.token === undefined) return undefined;
      return wrong('token', 'Give a key or a token, not both.');
    case 'subscribe': {
      const { versions } = message;
      if (versions === undefined || isFields(versions)) return undefined;
      return wrong('versions', 'versions is an object: the version known of each asset.');
    }
    case 'follow':
      if (!isCount(message.shard)) return wrong('shard', 'shard is a whole number.');
      if (!isCount(message.seq, 1)) return wrong('seq', 'seq is a whole number from 1 on.');
      if (message.index === undefined || isCount(message.index)) return undefined;
      return wrong('index', 'index is a whole number.');
    case 'commands':
      return batchProblem(message, limits);
    case 'packed':
      return packedProblem(message, limits);
    default:
      return undefined;
  }
}

function packedProblem(
  { batch, timeoutMs }: PackedMessage,
  { batchItemsMax, timeoutMsMax }: GatewayLimits,
): Refusal | undefined {
  if (!(batch instanceof Uint8Array))
    return wrong('batch', 'batch is bytes, which take the subprotocol jifen.msgpack.');
  const { count } = packedHead(batch) ?? {};
  if (count === undefined) return wrong('batch', 'batch is a packed batch.');
  return sizeProblem(count, 'batch', batchItemsMax) ?? timeProblem(timeoutMs, timeoutMsMax);
}

function sizeProblem(count: number, field: string, most: number): Refusal | undefined {
  if (count <= most) return undefined;
  return refuse('BATCH_TOO_LARGE', field, `A batch has at most ${most} commands.`);
}

function timeProblem(timeoutMs: number | undefined, most: number): Refusal | undefined {
  if (timeoutMs === undefined || (isCount(timeoutMs) && timeoutMs <= most)) return undefined;
  return wrong('timeoutMs', `timeoutMs is a whole number of at most ${most}.`);
}

function batchProblem(
  message: CommandsMessage,
  { batchItemsMax, timeoutMsMax }: GatewayLimits,
): Refusal | undefined {
  const { commands, timeoutMs } = message;
  if (!Array.isArray(commands)) return wrong('commands', 'commands is an array.');
  const problem =
    sizeProblem(commands.length, 'commands', batchItemsMax) ?? timeProblem(timeoutMs, timeoutMsMax);
  if (problem !== undefined) return problem;
  for (const name of ['brief', 'atomic', 'dryRun'] as const)
    if (message[name] !== undefined && typeof message[name] !== 'boolean')
      return wrong(name, `${name} is true or false.`);
  return undefined;
}
