// `jifen/client` in Node.js. Owns: the WebSocket of the package `ws`, MessagePack. Never touches: what is asked.

import { Packr, Unpackr } from 'msgpackr';
import { WebSocket } from 'ws';
import { Client, type ClientOptions } from './client.js';
import type { Codec, OpenSocket, SocketLike } from './socket.js';

export * from './index.js';

const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

const openSocket: OpenSocket = (url, subprotocol) =>
  new WebSocket(url, [subprotocol], { perMessageDeflate: false }) as unknown as SocketLike;

const PACKED_CODEC: Codec = {
  subprotocol: 'jifen.msgpack',
  encode: (message) => packr.pack(message),
  decode: (data) => unpackr.unpack(new Uint8Array(data as ArrayBuffer) as Buffer),
};

/** A client of the gateway at `url`. Opens no connection yet. */
export function connect(options: ClientOptions): Client {
  return new Client({
    ...options,
    openSocket: options.openSocket ?? openSocket,
    codec: options.codec ?? PACKED_CODEC,
  });
}
