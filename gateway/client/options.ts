// How a client is made, and how its calls go. Owns: those options, and which are refused. Never touches: calls.

import type { MessageLimits } from '../message-limits.js';
import { Addresses } from './addresses.js';
import { type CallOptions, checkTime } from './ending.js';
import { GATHERING, type Gathering, type GatheringOptions } from './gathering.js';
import type { Packing } from './packing.js';
import type { InPieces, RequestSettings, Shown } from './requests.js';
import type { Codec, OpenSocket } from './socket.js';
import type { AtTurnsEnd } from './stream.js';

/** How a client is made. */
export interface ClientOptions extends Shown, GatheringOptions {
  /** Of the gateway: `http://127.0.0.1:8080`. Several: of each replica of a ledger, of which the one that leads is found, again and again. */
  readonly url: string | readonly string[];
  /**
   * Times that a call is made at most, where repeating it may help; connections that may be lost on one batch of the stream. Default 5 for each
   * address.
   */
  readonly attempts?: number | undefined;
  /** How long one attempt over HTTP may take. Default 10,000. For the whole call: CallOptions.timeoutMs. */
  readonly timeoutMs?: number | undefined;
  /** Bytes of the stream's batches that may wait for their outcomes; more are refused (`STREAM_LIMIT`). Default 256 MiB. */
  readonly queueBytesMax?: number | undefined;
  /**
   * How often the stream asks for a sign of life; a connection that gives none until the next time is given up. Default 15,000; 2,000 where there are
   * several addresses.
   */
  readonly heartbeatMs?: number | undefined;
  /** What the server takes, where its operator has set other limits. Over the stream the server says it. */
  readonly limits?: Partial<MessageLimits> | undefined;
  /**
   * Node.js: a stream over which no outcome is waited for does not keep the process alive, though something is subscribed. Default false:
   * a stream keeps it alive until it is closed. Calls over HTTP do only while they last.
   */
  readonly unref?: boolean | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: the browser's; in Node.js the package `ws`. */
  readonly openSocket?: OpenSocket | undefined;
  /** Default: JSON; in Node.js MessagePack. */
  readonly codec?: Codec | undefined;
}

/** How a command is carried out over HTTP, and how long it is waited for. */
export interface SubmitOptions extends CallOptions {
  /**
   * Only say what the outcome would be, now: nothing changes, and its `seq` is 0. For transfers, holds, captures, releases
   * and reversals; the stream takes every command.
   */
  readonly dryRun?: boolean | undefined;
  /** How long the server waits for the decision between shards: `PREPARED` then. For transfers, captures and reversals. Default 2,000. */
  readonly decisionMs?: number | undefined;
}

/** How transfers are carried out over HTTP. */
export interface TransfersOptions extends SubmitOptions {
  /** All or none. Rejects with ClientError where they cannot be: `BATCH_ACROSS_SHARDS`, `BATCH_TOO_LARGE`. */
  readonly atomic?: boolean | undefined;
}

/** How a packed batch is carried out over HTTP. */
export type PackedOptions = Omit<SubmitOptions, 'dryRun'>;

/** With the platform's parts filled in. */
export type WholeOptions = ClientOptions & {
  readonly openSocket: OpenSocket;
  readonly codec: Codec;
  readonly atTurnsEnd: AtTurnsEnd;
  readonly inPieces?: InPieces | undefined;
  readonly packing?: Packing | undefined;
};

/** With the addresses, and what is left out by their number. */
export type AddressedOptions = WholeOptions & {
  readonly addresses: Addresses;
  readonly attempts: number;
  readonly heartbeatMs: number;
};

/** Of what is left out. */
export const USUALLY = {
  attempts: 5,
  timeoutMs: 10_000,
  heartbeatMs: 15_000,
  heartbeatOfSeveralMs: 2_000,
  queueBytesMax: 256 * 1024 * 1024,
} as const;

/** With what goes by the number of addresses. */
export function withAddresses(options: WholeOptions): AddressedOptions {
  const addresses = new Addresses(options.url);
  const isOne = addresses.count === 1;
  return {
    ...options,
    addresses,
    attempts: options.attempts ?? USUALLY.attempts * addresses.count,
    heartbeatMs:
      options.heartbeatMs ?? (isOne ? USUALLY.heartbeatMs : USUALLY.heartbeatOfSeveralMs),
  };
}

/** How calls over HTTP are made. */
export function requestSettings(options: AddressedOptions): RequestSettings {
  const { addresses, attempts, key, token, sign, inPieces } = options;
  return {
    ...{ addresses, attempts, key, token, sign, inPieces },
    timeoutMs: options.timeoutMs ?? USUALLY.timeoutMs,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
  };
}

/** What is set of it, and the defaults. */
export function gatheringOf(options: GatheringOptions): Gathering {
  const {
    gatheredCommandsMax = GATHERING.gatheredCommandsMax,
    gatheredBytesMax = GATHERING.gatheredBytesMax,
    gatheredMessagesMax = GATHERING.gatheredMessagesMax,
  } = options;
  return { gatheredCommandsMax, gatheredBytesMax, gatheredMessagesMax };
}

/** Throws where they cannot be. */
export function checkOptions(options: ClientOptions): void {
  const { key, token, sign, attempts, timeoutMs, heartbeatMs, queueBytesMax } = options;
  if ((key === undefined) === (token === undefined && sign === undefined))
    throw new TypeError('a client has a key, or a token, a signer or both');
  // What no header can have would fail at each call.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
    throw new TypeError('key is text without spaces, in ASCII');
  if (attempts !== undefined && !(Number.isSafeInteger(attempts) && attempts > 0))
    throw new RangeError('attempts is a whole number from 1 on');
  if (queueBytesMax !== undefined && !(queueBytesMax > 0))
    throw new RangeError('queueBytesMax is a number of bytes from 1 on');
  for (const [name, most] of Object.entries(gatheringOf(options)))
    if (!(Number.isSafeInteger(most) && most > 0))
      throw new RangeError(`${name} is a whole number from 1 on`);
  checkTime('timeoutMs', timeoutMs);
  checkTime('heartbeatMs', heartbeatMs);
}
