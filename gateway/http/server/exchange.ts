// A request on its way to its answer. Owns: what is known of it meanwhile. Never touches: the socket; it knows of uWebSockets.js
// nothing.

import type { Claim } from '../../auth/authenticator.js';
import { NOWHERE, type Origin } from '../../logs/origin.js';
import type { RouteFigures } from '../../metrics/metrics.js';
import type { Route } from '../../route.js';
import type { AnswerStream, BodyStream } from './streamed.js';

/** A request on its way to its answer. */
export class Exchange<Sent> {
  readonly figures: RouteFigures;
  readonly res: Sent;
  readonly began = performance.now();
  /** Undefined: the route is for anyone. */
  claim: Claim | undefined = undefined;
  /** Known where it is written down. */
  origin: Origin = NOWHERE;
  /** Answered, or its client went away. */
  done = false;
  /** Its connection ends with its answer (http.H18), which is not given in the callback of the request: what came behind it has been refused by then. */
  closes = false;
  isAnswered = false;
  /** How its route tells what is refused. */
  refused: Route['refused'] = undefined;
  /** What has come of a body that comes in parts. */
  chunks: Uint8Array[] | undefined = undefined;
  bytes = 0;
  /** A body that is read while it comes, and an answer that is written while it is made. */
  lines: BodyStream | undefined = undefined;
  stream: AnswerStream | undefined = undefined;

  constructor(figures: RouteFigures, res: Sent) {
    this.figures = figures;
    this.res = res;
  }
}

// Answers after the callback of the request. The web server goes on with what came behind a request that is answered at
// once, also where the connection is to end with the answer; where the answer is yet to come, it closes the connection.
export function apart(
  res: { onAborted(handler: () => void): unknown; cork(work: () => void): unknown },
  answer: () => void,
): void {
  let isGone = false;
  res.onAborted(() => {
    isGone = true;
  });
  setImmediate(() => {
    if (!isGone) res.cork(answer);
  });
}
