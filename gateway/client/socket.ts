// What the client needs of a WebSocket, and how messages become bytes. Owns: the shapes, and JSON. Never touches: Node.js.

/** A WebSocket as browsers and the package `ws` have it. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  /** Bytes that were given to send() and are not on their way yet. */
  readonly bufferedAmount?: number;
  send(data: string | Uint8Array): void;
  close(): void;
  /** Node.js: from here on it keeps the process alive, or does not. */
  hold?(isHeld: boolean): void;
}

/** Opens a WebSocket. */
export type OpenSocket = (url: string, subprotocol: string) => SocketLike;

/** How messages become bytes. */
export interface Codec {
  readonly subprotocol: string;
  encode(message: object): string | Uint8Array;
  /** What the socket's message event has as `data`. */
  decode(data: unknown): unknown;
}

/** More arguments than this may overflow the stack. */
const CHARACTERS_AT_ONCE = 8_192;

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE));
  return btoa(text);
}

/** Bytes are base64 text in JSON. Node.js's Buffer has a way of its own by then, which is not looked at. */
function bytesAsText(this: unknown, name: string, value: unknown): unknown {
  const own = (this as Record<string, unknown>)[name];
  return own instanceof Uint8Array ? textOf(own) : value;
}

/** JSON: needs nothing. */
export const JSON_CODEC: Codec = {
  subprotocol: 'jifen.json',
  encode: (message) => JSON.stringify(message, bytesAsText),
  decode: (data) => JSON.parse(String(data)),
};

/** How many bytes a message takes. */
export function bytesIn(message: string | Uint8Array): number {
  return typeof message === 'string' ? utf8Length(message) : message.length;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Both halves of a pair make four bytes: each adds one to its own.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** The bytes behind base64 text; bytes as they are. */
export function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string'
    ? Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
    : value;
}
