// A request's body, once it is whole. Owns: which formats a call takes, what a signature lets it be. Never touches: sockets, what
// is in it.
//   http.H28. A signature that does not cover a header (version 1) lets it choose nothing: neither the format nor the id.

import type { SignatureVersion } from '../../auth/signed-text.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { formatOf, readBody, readForm, uncoveredType } from '../../encoding/media.js';
import type { GatewayLimits } from '../../limits.js';
import { refuse } from '../../refusal.js';
import type { Arrival, Route } from '../../route.js';
import { uncoveredKey } from './idempotency.js';
import { BodyStream } from './streamed.js';

/** A body that has come. */
export interface WholeBody {
  readonly bytes: ArrayBuffer | Uint8Array;
  /** `Content-Type`. */
  readonly type: string;
  /** The version of the signature over it; undefined: none. */
  readonly signed: SignatureVersion | undefined;
}

/** The call with its body, or why that cannot be. What it needs of the bytes, it has read when it returns. */
export function bodyTaken(
  route: Route,
  call: Arrival,
  { bytes, type, signed }: WholeBody,
  limits: GatewayLimits,
): Answer | Arrival {
  // Nothing belongs here: it was read for its signature.
  if (route.body === undefined) return call;
  if (bytes.byteLength > 0 || route.body !== 'optional') {
    const uncovered = signed === 1 ? uncoveredType(type) : undefined;
    if (uncovered !== undefined) return problem(uncovered);
    if (isLines(route, type))
      return { ...call, lines: BodyStream.of(new Uint8Array(bytes).slice()) };
    if (route.body === 'form') {
      const form = readForm(bytes, type, fieldsOf(route));
      if (!form.ok) return problem(form);
      call.body = form.values;
      return call;
    }
    const format = formatOf(type);
    const isTaken = format === 'json' || (format && route.formats?.includes(format));
    const read = readBody(bytes, isTaken ? format : undefined, limits);
    if (!read.ok) return problem(read);
    const isBatch = Array.isArray(read.value) || format === 'commands';
    if (bytes.byteLength > limits.bodyBytesMax && !isBatch)
      return tooLarge(limits.bodyBytesMax, false);
    call.body = read.value;
  }
  const unsigned = signed === 1 ? uncoveredKey(call) : undefined;
  return unsigned === undefined ? call : problem(unsigned);
}

/** The fields of a form that a route takes. */
const fieldsOf = ({ describes: { body } }: Route): readonly string[] =>
  body !== undefined && 'properties' in body ? Object.keys(body.properties as object) : [];

/** Does a body with this `Content-Type` come in lines? */
export const isLines = ({ formats, body }: Route, type: string): boolean =>
  body !== undefined && formats?.includes('lines') === true && formatOf(type) === 'lines';

/** `close`: what is left of it is not read. */
export function tooLarge(max: number, close = true): Answer {
  const detail = `The body is larger than ${max} bytes.`;
  return problem(refuse('BODY_TOO_LARGE', 'body', detail), undefined, close);
}
