// `jifen/client` in Node.js. Owns: the WebSocket of the package `ws`, MessagePack, bodies in pieces. Never touches: what is asked.

import { Packr, Unpackr } from 'msgpackr';
import { type ClientOptions as SocketOptions, WebSocket } from 'ws';
import { BatchWriter } from '../../engine/protocol/batch-writer.js';
import { PackedBatch, packedHead } from '../../engine/protocol/packed-batch.js';
import { Client } from './client.js';
import type { ClientOptions } from './options.js';
import type { Packing } from './packing.js';
import type { InPieces } from './requests.js';
import type { Codec, OpenSocket, SocketLike } from './socket.js';

export * from './index.js';

const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

/** How long a closed connection waits for the other side to close as well: meanwhile it keeps the process alive. */
const CLOSE_MS = 1_000;
/** Bytes of a piece of a body, and of the first one. */
const PIECE_BYTES = 64 * 1024;
const FIRST_PIECE_BYTES = 1;
/** How long what the server says to the headers alone is waited for. */
const HEADERS_HEARD_MS = 100;

/** What keeps the process alive. */
interface Held {
  ref(): void;
  unref(): void;
}

const openSocket: OpenSocket = (url, subprotocol) => {
  let under: Held | undefined;
  let isHeld = true;
  const hold = (): void => {
    if (isHeld) under?.ref();
    else under?.unref();
  };
  const options: SocketOptions & { readonly closeTimeout: number } = {
    perMessageDeflate: false,
    closeTimeout: CLOSE_MS,
    finishRequest(request) {
      request.on('socket', (socket) => {
        under = socket;
        hold();
      });
      request.end();
    },
  };
  const socket = new WebSocket(url, [subprotocol], options) as unknown as SocketLike;
  socket.hold = (held) => {
    isHeld = held;
    hold();
  };
  return socket;
};

// The platform's own, whatever a test puts in its place later.
const { setImmediate } = globalThis;

const PACKED_CODEC: Codec = {
  subprotocol: 'jifen.msgpack',
  encode: (message) => packr.pack(message),
  decode: (data) => unpackr.unpack(new Uint8Array(data as ArrayBuffer) as Buffer),
};

/** Between the pieces what the server says is read: an answer that comes before the body is through, and then the end of the connection. */
const inPieces: InPieces = (bytes) => {
  let at = 0;
  const pull = async (pieces: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const isSecond = at === FIRST_PIECE_BYTES;
    await new Promise((resolve) => setTimeout(resolve, isSecond ? HEADERS_HEARD_MS : 0));
    const length = at === 0 ? FIRST_PIECE_BYTES : PIECE_BYTES;
    if (at < bytes.length) pieces.enqueue(bytes.subarray(at, (at += length)));
    else pieces.close();
  };
  return { body: new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 }), duplex: 'half' };
};

/** The ids of what was sent, looked up only where somebody asks. */
function idsIn(bytes: Uint8Array): (place: number) => string | undefined {
  let batch: ReturnType<typeof PackedBatch.copy> | undefined;
  return (place) => {
    batch ??= PackedBatch.copy(bytes);
    return batch instanceof PackedBatch ? batch.idAt(place) : undefined;
  };
}

const PACKING: Packing = { BatchWriter, countIn: (batch) => packedHead(batch)?.count, idsIn };

/** A client of the gateway at `url`. Opens no connection yet. */
export function connect(options: ClientOptions): Client {
  return new Client({
    ...options,
    openSocket: options.openSocket ?? openSocket,
    codec: options.codec ?? PACKED_CODEC,
    atTurnsEnd: (then) => setImmediate(then),
    packing: PACKING,
    inPieces: options.fetch === undefined ? inPieces : undefined,
  });
}
