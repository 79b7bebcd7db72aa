// What routes ask of the outbox. Owns: how it is asked, and refused while it does not run. Never touches: what is asked.

import { NotRunningError, type Outbound } from '../../outbound/outbound.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { AccessParts, ServedLedger } from '../../route.js';

/** The outbox, and what secrets are sealed with. */
export function outboundOf(ledger: ServedLedger): AccessParts & { readonly outbound: Outbound } {
  const { access, outbound } = ledger;
  if (access === undefined || outbound === undefined)
    throw new Error('a request came before the ledger was open');
  return { ...access, outbound };
}

/** What it answers; `lacking`: refused with, where it says nothing. */
export async function answerOf<T>(
  ledger: ServedLedger,
  question: (outbound: Outbound) => Promise<unknown>,
  lacking: Refusal,
): Promise<Refusal | T> {
  try {
    const answer = await question(outboundOf(ledger).outbound);
    return answer === undefined ? lacking : (answer as T);
  } catch (error) {
    if (error instanceof NotRunningError) return refuse('OUTBOX_UNAVAILABLE');
    throw error;
  }
}
