// The thread that delivers. Owns: its beginning and its end. Never touches: what is delivered.
//   outbound.O2. It yields to the ledger's threads, where the system lets one thread do so (Linux).

import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openFeed } from '../../engine/index.js';
import type { Asked, ThreadData, Told } from './messages.js';
import { History } from './notices/history.js';
import type { AskDesk, DeskQuestion } from './notices/shapes.js';
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

  const asked = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  const desk: AskDesk = <T>(question: DeskQuestion) =>
    new Promise<T | undefined>((resolve) => {
      const id = ++lastId;
      asked.set(id, resolve as (answer: unknown) => void);
      tell({ type: 'desk', id, question });
    });
  const outbox = new Outbox({
    feed: await openFeed({ folder, shards }),
    progress: await Progress.open(folder),
    history: await History.open(folder),
    ...{ limits, hosts, now, desk },
    gone: (webhook) => tell({ type: 'gone', webhook }),
  });
  parentPort?.on('message', async (told: Asked) => {
    switch (told.type) {
      case 'receivers':
        outbox.receivers(told.receivers, told.assets);
        tell({ type: 'answer', id: told.id, answer: undefined });
        break;
      case 'ask':
        tell({
          type: 'answer',
          id: told.id,
          answer: await outbox.answer(told.webhook, told.question),
        });
        break;
      case 'notices':
        tell({ type: 'answer', id: told.id, answer: outbox.notices(told.question) });
        break;
      case 'desk':
        asked.get(told.id)?.(told.answer);
        asked.delete(told.id);
        break;
      case 'all':
        tell({ type: 'answer', id: told.id, answer: outbox.figures() });
        break;
      case 'close':
        await outbox.close();
        parentPort?.close();
    }
  });
  outbox.run();
}

void begin();
