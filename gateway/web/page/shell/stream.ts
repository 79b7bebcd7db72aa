// The stream of `jifen/client` in a browser. Owns: how it is set. Never touches: what is watched, what is done with it.

import { Addresses } from '../../../client/addresses.js';
import { GATHERING } from '../../../client/gathering.js';
import { JSON_CODEC, type SocketLike } from '../../../client/socket.js';
import { Stream } from '../../../client/stream.js';
import { MESSAGE_LIMITS } from '../../../message-limits.js';

const HEARTBEAT_MS = 20_000;

/** A stream with this token, tried once: whoever begins it begins another one. */
export const streamBy = (token: string): Stream =>
  new Stream({
    ...GATHERING,
    addresses: new Addresses(location.origin),
    key: token,
    limits: MESSAGE_LIMITS,
    attempts: 1,
    queueBytesMax: 1,
    heartbeatMs: HEARTBEAT_MS,
    unref: false,
    codec: JSON_CODEC,
    openSocket: (url, protocol) => new WebSocket(url, [protocol]) as unknown as SocketLike,
    atTurnsEnd: (then) => queueMicrotask(then),
  });
