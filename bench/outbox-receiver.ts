// Receivers of webhooks, in a thread of their own. Owns: their socket, the count of what they were told. Never touches: what they were told.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread begins with. */
export interface ReceiverData {
  /** Int32Array over it: how many events have come. */
  readonly counted: SharedArrayBuffer;
  /** How long `/slow` takes to answer. */
  readonly slowMs: number;
}

const { counted, slowMs } = workerData as ReceiverData;
const count = new Int32Array(counted);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    Atomics.add(count, 0, 1);
    response.statusCode = 204;
    if (request.url === '/slow') setTimeout(() => response.end(), slowMs);
    else response.end();
  });
});
server.listen(0, '127.0.0.1', () =>
  parentPort?.postMessage((server.address() as AddressInfo).port),
);
