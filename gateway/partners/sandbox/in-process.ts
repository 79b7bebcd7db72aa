// A sandbox partner that is asked without a network: for tests of what asks partners. Owns: how faults look to who asks. Never touches: sockets, timers.
//   sandbox.P1. What it says goes through the same strict reading as what comes over HTTP (answers.ts), by the same fields and statuses.

import type { PartnerAdapter, Unknown } from '../adapter.js';
import type { PartnerCallName } from '../guarded.js';
import { ContractPaths } from '../http.js';
import type { Answered } from '../requests.js';
import type { SandboxAnswer } from './core.js';
import type { Fault } from './faults.js';
import { callOf, type FaultySandbox, idOf } from './faulty.js';

/** Which fault a call meets; undefined: none. */
export type ChooseFault = (call: PartnerCallName, id: string | undefined) => Fault | undefined;

const lost = (why: string): Unknown => ({ state: 'unknown', why });
const answered = ({ status, body }: SandboxAnswer, retryAfterMs?: number): Answered => ({
  state: 'answered',
  ...{ status, body: Buffer.from(JSON.stringify(body)), retryAfterMs },
});

/** An adapter to a partner in this process. `before`: awaited before each call, as a network takes time. */
export function inProcess(
  partner: FaultySandbox,
  token: string,
  choose: ChooseFault = () => undefined,
  before: () => Promise<unknown> = async () => undefined,
): PartnerAdapter {
  return new ContractPaths('http://sandbox', async ({ method, url, body }, signal) => {
    await before();
    if (signal.aborted) return lost('ABORTED');
    const { pathname: path, searchParams: query } = url;
    const request = { method, path, query, token, body };
    const { answer, fault } = await partner.handle(
      request,
      choose(callOf(request) ?? 'health', idOf(request)),
    );
    switch (fault?.fault) {
      case 'stall':
      case 'stall_after':
      case 'delay':
        return lost('TIMEOUT');
      case 'half':
        return lost('ECONNRESET');
      case 'oversized':
        return lost('ANSWER_TOO_LARGE');
      case 'page':
        return {
          state: 'answered',
          status: 200,
          body: Buffer.from('<html>'),
          retryAfterMs: undefined,
        };
      case 'empty':
        return { state: 'answered', status: 204, body: Buffer.alloc(0), retryAfterMs: undefined };
      default:
        return answer === undefined ? lost('ECONNRESET') : answered(answer);
    }
  });
}
