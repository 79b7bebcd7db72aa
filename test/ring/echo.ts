// A thread that sends back what it is sent: `workerData` has the memory of its bell, the other's, and of both rings. Owns: its stalls.

import { parentPort, workerData } from 'node:worker_threads';
import { Sleeper } from '../../engine/ring/bell.js';
import { FrameReader, FrameWriter } from '../../engine/ring/ring.js';
import { Random } from '../random.js';
import { stall } from './stall.js';

export interface EchoSettings {
  readonly seed: number;
  readonly bell: SharedArrayBuffer;
  readonly otherBell: SharedArrayBuffer;
  readonly from: SharedArrayBuffer;
  readonly to: SharedArrayBuffer;
  /** One turn of how many is a stall. */
  readonly stallsIn: number;
}

const { seed, bell, otherBell, from, to, stallsIn } = workerData as EchoSettings;
const random = new Random(seed);
const reader = new FrameReader(from, otherBell);
const writer = new FrameWriter(to, otherBell);
const sleeper = new Sleeper(bell, {
  isWaiting: () => reader.isWaiting || writer.mayFlush,
  take: () => {
    if (random.int(stallsIn) === 0) stall(random.int(3));
    writer.flush();
    for (let frame = reader.next(); frame !== undefined; frame = reader.next())
      writer.send(frame.word, [frame.bytes]);
    writer.ring();
  },
});
parentPort?.on('message', () => {
  sleeper.end();
  parentPort?.postMessage({ missed: sleeper.missed, rings: sleeper.rings });
  parentPort?.close();
});
parentPort?.postMessage('ready');
