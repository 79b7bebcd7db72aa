// What an operator who is refused from now on has waiting in the ledger itself: corrections and exchanges that a second person has to agree to. Owns: that it is
// withdrawn. Never touches: proposals of commands (gateway/proposals.ts).

import { randomUUID } from 'node:crypto';
import {
  type AuditContext,
  type Engine,
  limits,
  type Outcome,
  type PartnerExchangesPage,
} from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** Withdraws what somebody, by the credentials shown, has proposed and nobody has agreed to yet, as far as the register has read the log. */
export async function withdrawWaiting(
  engine: Engine,
  of: string,
  { audit, reason }: { readonly audit: AuditContext | undefined; readonly reason: string },
): Promise<Refusal | undefined> {
  const found = await engine.register.proposals(engine.now());
  if (isRefusal(found)) return found;
  for (const { owner, id, by } of found.proposals) {
    if (by !== of) continue;
    const undo = { type: 'reverse', id: randomUUID(), owner, transferId: id } as const;
    const no = failed(await engine.submit(undo, { audit }));
    if (no !== undefined) return no;
  }
  for (let cursor: string | undefined; ; ) {
    const query = { state: 'pending_approval', limit: limits.REGISTER_PAGE_MAX, cursor } as const;
    const page: PartnerExchangesPage | Refusal = await engine.register.exchanges(query);
    if (isRefusal(page)) return page;
    for (const { exchange, owner, submittedBy } of page.exchanges) {
      if (submittedBy !== of) continue;
      const act = { type: 'act', act: 'partner-exchange-approve', id: randomUUID() } as const;
      const body = { exchange, rejects: true, reason };
      const no = failed(await engine.own.submit({ ...act, owner, body }, { audit }));
      if (no !== undefined) return no;
    }
    cursor = page.cursor;
    if (cursor === undefined) return undefined;
  }
}

/** Where it is refused for good somebody has decided it, or it is over. */
const failed = (outcome: Outcome): Refusal | undefined =>
  outcome.ok || !outcome.retry ? undefined : outcome;
