// Why a WebSocket is closed. Owns: the codes and what is said with them. Never touches: sockets.

/** Codes with their reasons. Below 4000: RFC 6455's own. */
export const CLOSE = {
  /** The server stops: connect again. */
  goingAway: [1001, 'the server stops'],
  /** Text where the subprotocol is binary, or the other way around. */
  otherFormat: [1003, 'the subprotocol has messages of the other kind'],
  /** Not JSON or MessagePack, or nested too deeply. */
  unreadable: [1007, 'the message cannot be read'],
  /** What was shown cannot be looked at now: connect again. */
  later: [1013, 'the credentials cannot be looked at now: connect again later'],
  /** What was shown is good no more: also where the platform may do something else now. */
  revoked: [4401, 'the credentials have expired, were revoked or changed'],
  /** No credentials were shown, or some that are not good. */
  unauthorized: [4401, 'valid credentials must be shown first'],
  /** No key was shown in time. */
  authTimeout: [4408, 'no key was shown in time'],
  /** More waited for the reader than may. */
  slow: [4413, 'the reader is too slow: connect again and resume'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;
