// Where a request ends. Owns: which requests are not believed about it. Never touches: bodies.
//   H18. A proxy in front and this server must see the same requests. What says in several ways, or in a strange one, how long its
//        body is, is refused, and its connection closed. So is the connection after any body in chunks, which the web
//        server reads more leniently than others do, after a request that may have a body and gives no length (a header
//        without a name hides all that follow it from the web server), and after one that has a body where none belongs:
//        nothing behind those is ever taken for a request.

import { type Refusal, refuse } from './problem.js';

/** What is used of a request: valid in its handler only. */
interface Headers {
  getHeader(name: string): string;
  forEach(each: (name: string, value: string) => void): void;
}

const LENGTH = /^\d{1,15}$/;

// One request is looked at at a time, and nothing of it is kept: no object for each.
let lengths = 0;
let encodings = 0;
let hosts = 0;
let trailers = 0;
let isSound = true;

function look(name: string, value: string): void {
  switch (name) {
    case 'content-length':
      lengths++;
      isSound &&= LENGTH.test(value);
      break;
    case 'transfer-encoding':
      encodings++;
      isSound &&= value.toLowerCase() === 'chunked';
      break;
    case 'host':
      hosts++;
      break;
    case 'trailer':
      trailers++;
      break;
  }
}

/** What is known of the end of a request that may have a body; `open`: it is what the web server takes it for. */
export function framingOf(req: Headers): Refusal | 'whole' | 'open' {
  lengths = 0;
  encodings = 0;
  hosts = 0;
  trailers = 0;
  isSound = true;
  req.forEach(look);
  // The web server takes a trailer for the next request: better refused than carried out and not answered.
  if (trailers > 0) return refuse('FRAMING_INVALID', 'Trailer', 'Trailers are not taken.');
  if (isSound && lengths + encodings <= 1 && hosts === 1) return lengths === 1 ? 'whole' : 'open';
  if (hosts !== 1) return refuse('FRAMING_INVALID', 'Host');
  return refuse('FRAMING_INVALID', encodings > 0 ? 'Transfer-Encoding' : 'Content-Length');
}

/** Has a request a body, where it should have none? */
export function hasBody(req: Pick<Headers, 'getHeader'>): boolean {
  const length = req.getHeader('content-length');
  return (length !== '' && length !== '0') || req.getHeader('transfer-encoding') !== '';
}

/** Is its body something else than what its type says, before it is decoded? */
export function isEncoded(req: Pick<Headers, 'getHeader'>): boolean {
  const encoding = req.getHeader('content-encoding');
  return encoding !== '' && encoding.trim().toLowerCase() !== 'identity';
}
