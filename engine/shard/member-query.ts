// The query about a member of a programme. Owns: who may know it, and that it is told by definitions that count. Never changes anything.

import type { Ledger } from '../ledger/ledger.js';
import { OwnerReads } from '../ledger/owner-reads.js';
import { programme } from '../programme/definitions/index.js';
import { memberState } from '../programme/member-state.js';
import type { Said } from '../protocol/commands.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Answer } from './messages.js';

/**
 * What is known of a member; else a refusal's number. A record that an act under way elsewhere will write is told as it was before: what is
 * read is no promise.
 */
export function answerMember(ledger: Ledger, query: Said<'read-member'>): Answer | number {
  const { permission, granted, time } = ledger;
  const { type, owner, programme: key } = query;
  const see = new OwnerReads(ledger, owner);
  const of = see.definition(programme, key);
  if (see.isUnconfirmed) return REFUSALS.DEFINITIONS_UNCONFIRMED.number;
  if (of === undefined) return REFUSALS.DEFINITION_NOT_FOUND.number;
  const refused = permission.ofFigures(granted, owner, of.document.asset, 'asset');
  return refused || { type, member: memberState(see, of, owner, time) };
}
