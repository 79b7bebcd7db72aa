// Queries at the mailbox. Owns: how a query is answered from state and log. Never changes anything itself.

import type { Ledger } from '../ledger/ledger.js';
import { F, I } from '../ledger/page.js';
import { balancesOf, findAccount, holdOf, holdsOf, recordOf, recordsOf } from '../ledger/reads.js';
import { remainingOf } from '../ledger/reversal-parts.js';
import type { PastRecord } from '../ledger/state.js';
import { saidIn, type Tuple } from '../protocol/codec.js';
import type { Query, Said } from '../protocol/commands.js';
import { backdatedIn } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { outcomeBytes } from '../protocol/read-back.js';
import { answerDefinitions, type DefinitionRead } from './definition-queries.js';
import type { HistoryHead } from './history.js';
import { answerMember } from './member-query.js';
import type { Answer, Replayed } from './messages.js';

/** What asks for something that is there. */
type Read = Exclude<Query['type'], 'dry-run' | 'atomic' | DefinitionRead>;

const isAboutDefinitions = (query: Said<Read | DefinitionRead>): query is Said<DefinitionRead> =>
  query.type === 'definitions-since' || query.type === 'read-definitions';

/** A record of the log with what expired with it (protocol.O1) and its command, as copies. */
export function replayedOf(past: PastRecord): Replayed {
  const { effects, offset, seq, time, command } = past;
  return { seq, time, effects: outcomeBytes(effects, offset), command: command.slice() };
}

/** Where an account's entries are; undefined: there is none. */
export function headOf(ledger: Ledger, owner: string, asset: number): HistoryHead | undefined {
  const found = findAccount(ledger.state, owner, asset);
  if (found === null) return undefined;
  const { page, index } = found;
  const { f64, i32 } = page;
  const f = page.f(index);
  const n = page.n(index);
  const place = (seq: number, offset: number) => ({
    seq: f64[f + seq] as number,
    offset: i32[n + offset] as number,
  });
  return {
    ...place(F.headSeq, I.headOffset),
    version: f64[f + F.version] as number,
    skips: [
      place(F.skip1Seq, I.skip1Offset),
      place(F.skip2Seq, I.skip2Offset),
      place(F.skip3Seq, I.skip3Offset),
    ],
  };
}

/** The stretch of an account's last backdated entry; 0: there is none. */
export function backdatedOf(ledger: Ledger, owner: string, asset: number): number {
  const found = findAccount(ledger.state, owner, asset);
  if (found === null) return 0;
  const { page, index } = found;
  return backdatedIn(page.i32[page.n(index) + I.flags] as number);
}

/** What keeps the caller from a query, before what it asks for is looked up; 0: nothing. */
function forbiddenBy({ permission, granted }: Ledger, query: Said<Read>): number {
  const { type, owner } = query;
  if (type === 'read-record' || type === 'list-records')
    return permission.ofWhole(granted, 'read', 'owner');
  const asset = 'asset' in query ? query.asset : undefined;
  return permission.ofFigures(granted, owner, asset, 'asset');
}

/**
 * Answers a query, as far as its caller may know; else a refusal's number. What was due on the owner is applied first, unless the
 * clock is not believed.
 */
export function answer(ledger: Ledger, t: Tuple, isClockBelieved: boolean): Answer | number {
  const asked = saidIn<Read | DefinitionRead>(t);
  if (isAboutDefinitions(asked)) return answerDefinitions(ledger, asked);
  const query: Said<Read> = asked;
  const { state, permission, granted } = ledger;
  const { owner } = query;
  const forbidden = forbiddenBy(ledger, query);
  if (forbidden !== 0) return forbidden;
  if (isClockBelieved) ledger.settleOwner(owner, ownerHash(owner));
  const standing = { closedSeq: ledger.draft.seq - 1, time: ledger.time };
  switch (query.type) {
    case 'balance': {
      const balances = balancesOf(state, owner, query.asset);
      const assets = granted.assetsOf('read');
      const known = assets === undefined ? balances : balances.filter((b) => assets.has(b.asset));
      return { type: 'balance', balances: known, ...standing };
    }
    case 'head': {
      const asset = state.assets.indexOf(query.asset);
      const head = asset < 0 ? undefined : headOf(ledger, owner, asset);
      const backdated = asset < 0 ? 0 : backdatedOf(ledger, owner, asset);
      return { type: 'head', head, backdated, assets: state.assets.list, ...standing };
    }
    case 'read-transfer': {
      const id = ledger.known.meant(owner, query.id);
      const past = ledger.known.lookUp(owner, id);
      if (past === null) return { type: 'read-transfer', found: undefined };
      const unknown = permission.ofRecord(granted, past);
      if (unknown !== 0) return unknown;
      const remaining = remainingOf(ledger, owner, id, past)?.map(({ left }) => left);
      return { type: query.type, found: replayedOf(past), remaining };
    }
    case 'read-record':
      return { type: query.type, record: recordOf(state, owner, query.recordType, query.key) };
    case 'list-records': {
      const { recordType, after = '', limit } = query;
      return { type: query.type, records: recordsOf(state, owner, recordType, after, limit) };
    }
    case 'read-hold': {
      const hold = holdOf(state, owner, ledger.known.meant(owner, query.holdId));
      return permission.ofFigures(granted, owner, hold?.asset, 'id') || { type: query.type, hold };
    }
    case 'list-holds': {
      const { after = '', limit } = query;
      const holds = holdsOf(state, owner, { after, limit }, granted.assetsOf('read'));
      return { type: query.type, holds };
    }
    case 'read-member':
      return answerMember(ledger, query);
  }
}
