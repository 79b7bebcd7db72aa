// What the client needs of a WebSocket, and how messages become bytes. Owns: the shapes, and JSON. Never touches: Node.js.

/** A WebSocket as browsers and the package `ws` have it. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array): void;
  close(): void;
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

/** Bytes are base64 text in JSON. */
function bytesAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? btoa(String.fromCharCode(...value)) : value;
}

/** JSON: needs nothing. */
export const JSON_CODEC: Codec = {
  subprotocol: 'jifen.json',
  encode: (message) => JSON.stringify(message, bytesAsText),
  decode: (data) => JSON.parse(String(data)),
};

/** The bytes behind base64 text; bytes as they are. */
export function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string'
    ? Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
    : value;
}
