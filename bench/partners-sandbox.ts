// A sandbox partner, in a thread of its own. Owns: its life. Never touches: what it is asked.

import { parentPort, workerData } from 'node:worker_threads';
import { startSandbox } from '../gateway/partners/sandbox/server.js';

/** What the thread begins with. */
export interface PartnerData {
  readonly token: string;
  readonly asset: string;
  readonly user: string;
}

const { token, asset, user } = workerData as PartnerData;
const running = await startSandbox({ port: 0, token, assets: [asset] });
running.partner.core.grant(user, asset, 0);
parentPort?.postMessage(running.address);
