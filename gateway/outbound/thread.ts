// The thread that delivers. Owns: its beginning and its end. Never touches: what is delivered.
//   outbound.O2. It yields to the ledger's threads, where the system lets one thread do so (Linux).

import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openFeed } from '../../engine/index.js';
import type { Asked, ThreadData, Told } from './messages.js';
import { Outbox } from './outbox.js';
import { Progress } from './progress.js';

/** As `nice` counts. */
const YIELDING = 10;

async function begin(): Promise<void> {
  const { folder, shards, limits, hosts, clockOffset } = workerData as ThreadData;
  const offset = new Float64Array(clockOffset ?? new ArrayBuffer(8));
  const now = (): number => Date.now() + Math.round(offset[0] as number);
  const tell = (told: Told): void => parentPort?.postMessage(told);

  // Elsewhere it would be the whole process.
  if (process.platform === 'linux' && getPriority(0) < YIELDING) setPriority(0, YIELDING);

  const outbox = new Outbox({
    feed: await openFeed({ folder, shards }),
    progress: await Progress.open(folder),
    ...{ limits, hosts, now },
    gone: (webhook) => tell({ type: 'gone', webhook }),
  });
  parentPort?.on('message', async (asked: Asked) => {
    switch (asked.type) {
      case 'receivers':
        outbox.receivers(asked.receivers, asked.assets);
        tell({ type: 'answer', id: asked.id, answer: undefined });
        break;
      case 'ask':
        tell({
          type: 'answer',
          id: asked.id,
          answer: await outbox.answer(asked.webhook, asked.question),
        });
        break;
      case 'all':
        tell({ type: 'answer', id: asked.id, answer: outbox.figures() });
        break;
      case 'close':
        await outbox.close();
        parentPort?.close();
    }
  });
  outbox.run();
}

void begin();
