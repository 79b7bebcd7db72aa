// Disputes of what a clearing says is owed. Owns: what a dispute is of, by what it is known, who asks for it as which party. Never touches: what may be
// done with one, which the commits of its acts judge.
//   clearing.P1. What is owed, and between whom, is read from what does not change any more: the statement of a closed cycle, an exchange that was made.
//   clearing.P2. A platform is a party where its credentials say so, and is told of no dispute between others. Who administers the whole ledger decides.

import {
  type Debt,
  type Dispute,
  disputeAt,
  disputesIn,
  disputesOwner,
  type Engine,
  limits,
  type OpenDispute,
  type Outcome,
  openDisputesIn,
  type PartnerExchange,
  storedId,
} from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { digest } from '../identity/names.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { coalitionProblem, cycleOf, nameOf } from './cycles.js';

/** Who asks: a platform; undefined: who administers the ledger. */
export type Party = string | undefined;

/** What somebody disputes. */
export interface Disputing {
  /** By what a repeat is known. */
  readonly id: string;
  /** The platform that opens it. */
  readonly by: string;
  readonly cycle?: number | undefined;
  readonly owner?: string | undefined;
  /** An exchange, as who asks calls it. */
  readonly exchange?: string | undefined;
  /** In place of these: one with a partner outside. */
  readonly partnerExchange?: PartnerExchange | undefined;
  /** Of a statement; `disputed` left out: all of the line. */
  readonly lines?: readonly Line[] | undefined;
  /** Of an exchange: so much of what was got; left out: all that is left of it. */
  readonly disputed?: number | undefined;
  readonly reason: string;
}

interface Line {
  readonly debtor: string;
  readonly creditor: string;
  readonly asset: string;
  readonly disputed?: number | undefined;
}

const ID_LENGTH = 20;
const CYCLE_DIGITS = 6;
const MONTH_LETTERS = 7;

/** The part of a coalition's disputes that those of a cycle are. */
export const partOfCycle = (cycle: number): string =>
  `c${String(cycle).padStart(CYCLE_DIGITS, '0')}`;
/** The same of those of exchanges of a month, by a time in it (UTC). */
const partOfMonth = (time: number): string =>
  `m${new Date(time).toISOString().slice(0, MONTH_LETTERS).replace('-', '')}`;
/** The part that a dispute is of: it is known by both. */
const partIn = (dispute: string): string => dispute.slice(0, dispute.indexOf('-'));

/** What a dispute is of: since when, and what is owed. */
interface Subject {
  readonly part: string;
  readonly since: number;
  readonly other: string;
  readonly lines: readonly object[];
  readonly about: object;
}

async function ofCycle(
  engine: Engine,
  coalition: string,
  { by, cycle = 0, lines = [] }: Disputing,
): Promise<Subject | Refusal> {
  const found = await cycleOf(engine, coalition, cycle);
  if (isRefusal(found)) return found;
  const { state, at } = found.cycle;
  if (state !== 'closed') return refuse('STATEMENT_UNSIGNED', 'cycle');
  const made: object[] = [];
  const others = new Set<string>();
  for (const [i, { debtor, creditor, asset, disputed }] of lines.entries()) {
    const line = found.statement.debts.find(
      (one: Debt) => one.debtor === debtor && one.creditor === creditor && one.asset === asset,
    );
    const field = `lines[${i}]`;
    if (line === undefined || (debtor !== by && creditor !== by))
      return refuse('DISPUTE_LINE_UNKNOWN', field);
    if (disputed !== undefined && disputed > line.amount)
      return refuse('DISPUTE_AMOUNT_INVALID', `${field}.disputed`);
    others.add(debtor === by ? creditor : debtor);
    const ours = debtor === by;
    made.push({ ours, asset, owed: line.amount, disputed: disputed ?? line.amount });
  }
  const [other = '', another] = others;
  if (another !== undefined)
    return refuse('DISPUTE_LINE_UNKNOWN', 'lines', 'All lines are between the same two platforms.');
  return { part: partOfCycle(cycle), since: at, other, lines: made, about: { cycle } };
}

async function ofExchange(
  engine: Engine,
  party: Party,
  { by, owner = '', exchange = '', disputed }: Disputing,
): Promise<Subject | Refusal> {
  const none = refuse('EXCHANGE_NOT_FOUND', 'exchange');
  const id = storedId(exchange, party);
  const found = await engine.transfer(owner, id);
  if (found === undefined) return none;
  if (isRefusal(found)) return found;
  const { outcome, remainingLegs = [], time } = found;
  if (!outcome.ok) return none;
  const { effects = [], why = {} } = outcome.act ?? {};
  const effect = effects.find(({ type }) => type === 'exchanged' || type === 'exchangeCompleted');
  const platforms = (effect?.['platforms'] ?? []) as readonly string[];
  if (effect === undefined || !platforms.includes(by)) return none;
  const got = (why['legs'] as readonly string[]).indexOf('got');
  const owed = remainingLegs[got] ?? 0;
  const [debtor = '', creditor = ''] = platforms;
  if (owed === 0 || debtor === creditor) return refuse('DISPUTE_LINE_UNKNOWN', 'exchange');
  if (disputed !== undefined && disputed > owed)
    return refuse('DISPUTE_AMOUNT_INVALID', 'disputed');
  return {
    ...{ part: partOfMonth(time), since: time, other: debtor === by ? creditor : debtor },
    lines: [{ ours: debtor === by, asset: String(effect['to']), owed, disputed: disputed ?? owed }],
    about: { member: owner, exchange: id },
  };
}

/** Of an exchange with a partner outside that is completed: the source's platform owes what was got. */
function ofPartnerExchange(
  { by, disputed }: Disputing,
  { exchange, owner, status, source, target, result, endedAt = 0 }: PartnerExchange,
): Subject | Refusal {
  const [debtor, creditor] = [source.platform, target.platform];
  if (status !== 'completed') return refuse('EXCHANGE_NOT_FOUND', 'exchange');
  if (debtor === creditor || (by !== debtor && by !== creditor))
    return refuse('DISPUTE_LINE_UNKNOWN', 'platform');
  if (disputed !== undefined && disputed > result)
    return refuse('DISPUTE_AMOUNT_INVALID', 'disputed');
  return {
    ...{ part: partOfMonth(endedAt), since: endedAt, other: debtor === by ? creditor : debtor },
    lines: [
      { ours: debtor === by, asset: target.asset, owed: result, disputed: disputed ?? result },
    ],
    about: { member: owner, exchange },
  };
}

/** What somebody disputes: of a statement, of an exchange here, of one with a partner. */
function subjectOf(
  engine: Engine,
  coalition: string,
  party: Party,
  said: Disputing,
): Subject | Refusal | Promise<Subject | Refusal> {
  if (said.partnerExchange !== undefined) return ofPartnerExchange(said, said.partnerExchange);
  return said.cycle === undefined
    ? ofExchange(engine, party, said)
    : ofCycle(engine, coalition, said);
}

/** Opens a dispute, or tells of the one that was opened so. */
export async function openDispute(
  engine: Engine,
  ledger: OwnLedger,
  coalition: string,
  party: Party,
  said: Disputing,
): Promise<Dispute | Refusal> {
  const wrong = await coalitionProblem(engine, coalition);
  if (wrong !== undefined) return wrong;
  const subject = await subjectOf(engine, coalition, party, said);
  if (isRefusal(subject)) return subject;
  const { part, since, other, lines, about } = subject;
  const { id, by, reason } = said;
  const dispute = `${part}-${digest(`${by} ${id}`).slice(0, ID_LENGTH)}`;
  const body = { dispute, coalition, by, other, since, lines, reason, ...about };
  const outcome = await ledger.own.submit({
    ...{ type: 'act', act: 'dispute-open', id: `open:${dispute}` },
    ...{ owner: disputesOwner(nameOf(coalition), part), body },
  });
  if (!outcome.ok) return ofOutcome(outcome);
  return disputeOf(engine, coalition, party, dispute);
}

/** What is done with a dispute; `id`: what a repeat is known by. */
export async function changeDispute(
  engine: Engine,
  ledger: OwnLedger,
  coalition: string,
  party: Party,
  dispute: string,
  { act, id, body }: { readonly act: string; readonly id: string; readonly body: object },
): Promise<Dispute | Refusal> {
  const found = await disputeOf(engine, coalition, party, dispute);
  if (isRefusal(found)) return found;
  const outcome = await ledger.own.submit({
    ...{
      type: 'act',
      act,
      id: `${act}:${digest(`${dispute} ${party ?? ''} ${id}`).slice(0, ID_LENGTH)}`,
    },
    owner: disputesOwner(nameOf(coalition), partIn(dispute)),
    body: { dispute, ...body },
  });
  if (!outcome.ok) return ofOutcome(outcome);
  return disputeOf(engine, coalition, party, dispute);
}

const ofOutcome = (refused: Extract<Outcome, { ok: false }>): Refusal => ({
  ...refused,
  id: undefined,
  field: refused.field?.replace(/^body\./, ''),
});

/** A dispute, as a party may see it. */
export async function disputeOf(
  engine: Engine,
  coalition: string,
  party: Party,
  dispute: string,
): Promise<Dispute | Refusal> {
  const name = nameOf(coalition);
  const found = await disputeAt(engine.own, name, partIn(dispute), dispute);
  if (isRefusal(found)) return found;
  const isSeen = found && (party === undefined || found.by === party || found.other === party);
  return isSeen ? found : refuse('DISPUTE_NOT_FOUND', 'dispute');
}

const PAGE = 100;

/** A page of disputes. */
export interface DisputesPage {
  readonly disputes: readonly (Dispute | OpenDispute)[];
  readonly cursor?: string | undefined;
}

/** Disputes that a party may see: of a part, or those that are not decided. */
export async function disputesPage(
  engine: Engine,
  coalition: string,
  party: Party,
  { part, cursor }: { readonly part?: string | undefined; readonly cursor?: string | undefined },
): Promise<DisputesPage | Refusal> {
  const wrong = await coalitionProblem(engine, coalition);
  if (wrong !== undefined) return wrong;
  const name = nameOf(coalition);
  const page = { after: cursor, limit: PAGE };
  const found =
    part === undefined
      ? await openDisputesIn(engine.own, name, page)
      : await disputesIn(engine.own, name, part, page);
  if (isRefusal(found)) return found;
  const seen = found.filter(
    ({ by, other }) => party === undefined || party === by || party === other,
  );
  return {
    disputes: seen.map((one) => ('part' in one ? openOf(one) : one)),
    cursor: found.length === PAGE ? found.at(-1)?.dispute : undefined,
  };
}

const openOf = ({ part: _, ...told }: OpenDispute) => told as OpenDispute;

/** How many disputes of a coalition are not decided, and of how many the time to answer is over. */
export async function openCounts(
  engine: Engine,
  coalition: string,
): Promise<{ readonly open: number; readonly overdue: number } | Refusal> {
  const now = engine.now();
  let [open, overdue] = [0, 0];
  for (let after: string | undefined; ; ) {
    const limit = limits.RECORDS_PAGE_MAX;
    const page = await openDisputesIn(engine.own, nameOf(coalition), { after, limit });
    if (isRefusal(page)) return page;
    open += page.length;
    overdue += page.filter(({ answerBy }) => answerBy <= now).length;
    after = page.at(-1)?.dispute;
    if (page.length < limit) return { open, overdue };
  }
}
