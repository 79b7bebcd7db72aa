// Why a WebSocket is closed. Owns: the codes and what is said with them. Never touches: sockets.

import type { Refusal } from '../refusal.js';

/** A code and its reason. */
export type CloseCode = readonly [number, string];

/** Connect again later. */
const TRY_AGAIN_LATER = 1013;

/** Codes with their reasons. Below 4000: RFC 6455's own. */
export const CLOSE = {
  /** The server stops: connect again. */
  goingAway: [1001, 'the server stops'],
  /** Text where the subprotocol is binary, or the other way around. */
  otherFormat: [1003, 'the subprotocol has messages of the other kind'],
  /** Not JSON or MessagePack, or nested too deeply. */
  unreadable: [1007, 'the message cannot be read'],
  /** An exception: nothing is known of what was said last. */
  defect: [1011, 'a defect'],
  /** More came than is kept while credentials are judged. */
  early: [TRY_AGAIN_LATER, 'too much was sent before ready: wait for it'],
  /** What was shown is good no more: also where the platform may do something else now. */
  revoked: [4401, 'the credentials have expired, were revoked or changed'],
  /** Something else was said first. */
  unauthorized: [4401, 'valid credentials must be shown first'],
  /** No credentials were shown in time, or they could not be judged in it. */
  authTimeout: [4408, 'no credentials were shown and judged in time'],
  /** More waited for the reader than may. */
  slow: [4413, 'the reader is too slow: connect again and resume'],
} as const satisfies Readonly<Record<string, CloseCode>>;

/**
 * What was shown is refused: 4000 and the status that a call would have had. Whoever is told so shows it no more: where it
 * cannot be judged now, it is another code. The reason is the code of the refusal.
 */
export function refusedCode({ status, code, retry }: Refusal): CloseCode {
  return [retry || status >= 500 ? TRY_AGAIN_LATER : 4000 + status, code];
}
