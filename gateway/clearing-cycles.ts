// Cycles of a clearing: what was owed up to a time is netted, and the next one begins. Owns: which cycles there are, what closes one. Never touches: what
// is owed (clearing.ts).
//   clearing.K1. A cycle is cut first, at a time and a position of the log, then netted debt by debt, then closed. Whoever closes it again goes on where it
//       was left: each debt is netted once, under an id that follows from the cycle.
//   clearing.K2. The next one is cut only after the one before is closed, later than all that closed it: what is owed then is what came up since.
//   clearing.K3. The statement of a cycle is that of its cut: the same for ever.

import type { Engine } from '../engine/index.js';
import { type Statement, statementOf } from './clearing.js';
import { Documents, type OwnLedger } from './documents.js';
import { digest } from './identity/names.js';
import { documentsUntil } from './known-definitions.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';

export interface Cycle {
  /** From 1 on. */
  readonly cycle: number;
  readonly state: 'closing' | 'closed';
  /** Where it was cut. */
  readonly at: number;
  readonly asOf: Statement['asOf'];
  /** When the last of its debts was netted; null: it is not closed yet. */
  readonly closedAt: number | null;
  /** Who has cut it. */
  readonly by: string | null;
}

const TYPE = 'cycle';
const KEY_DIGITS = 6;
const NAME_LENGTH = 32;
const keyOf = (cycle: number): string => String(cycle).padStart(KEY_DIGITS, '0');

/** A coalition's key may have characters that no owner's name has. */
const nameOf = (coalition: string): string => digest(coalition).slice(0, NAME_LENGTH);
const cyclesIn = (coalition: string): Documents<Cycle> =>
  new Documents(`#clearing:${nameOf(coalition)}`, TYPE, 'cycle');

/** All cycles of a coalition, the first one first. */
export async function cyclesOf(
  engine: Engine,
  coalition: string,
): Promise<readonly Cycle[] | Refusal> {
  const said = await documentsUntil(engine, 'coalition', coalition, engine.now());
  if (isRefusal(said)) return said;
  if (said.length === 0) return refuse('DEFINITION_NOT_FOUND', 'coalition');
  const all = await cyclesIn(coalition).all(engine);
  return isRefusal(all) ? all : all.map((one) => one.read());
}

export interface ClosedCycle {
  readonly cycle: Cycle;
  readonly statement: Statement;
}

/** A cycle with its statement. */
export async function cycleOf(
  engine: Engine,
  coalition: string,
  cycle: number,
): Promise<ClosedCycle | Refusal> {
  const found = await cyclesIn(coalition).get(engine, keyOf(cycle));
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('CYCLE_NOT_FOUND', 'cycle');
  return withStatement(engine, coalition, found.read());
}

async function withStatement(
  engine: Engine,
  coalition: string,
  cycle: Cycle,
): Promise<ClosedCycle | Refusal> {
  const { at, asOf } = cycle;
  const statement = await statementOf(engine, coalition, { from: undefined, at, asOf });
  return isRefusal(statement) ? statement : { cycle, statement };
}

/** Closes the cycle that is open, or goes on closing the one that was begun. `own`: where it is written down who asks. */
export async function closeCycle(
  engine: Engine,
  { own }: OwnLedger,
  coalition: string,
  by: string | null,
): Promise<ClosedCycle | Refusal> {
  const cycles = cyclesIn(coalition);
  const all = await cycles.all({ own });
  if (isRefusal(all)) return all;
  const last = all.at(-1);
  const begun = last?.read();
  const opened =
    begun?.state === 'closing'
      ? await withStatement(engine, coalition, begun)
      : await cut(engine, { own }, coalition, begun, by);
  if (isRefusal(opened)) return opened;
  const { cycle, statement } = opened;
  let closedAt = engine.now();
  for (const [n, { debtor, creditor, asset, amount }] of statement.debts.entries()) {
    const id = `cycle:${nameOf(coalition)}:${cycle.cycle}:${n}`;
    const legs = [{ from: `@clearing:${creditor}`, to: `@clearing:${debtor}`, asset, amount }];
    const outcome = await own.submit({ type: 'transfer', id, kind: 'CLEARING', legs });
    if (!outcome.ok) return { ...outcome, id: undefined };
    closedAt = Math.max(closedAt, outcome.time);
  }
  const closed: Cycle = { ...cycle, state: 'closed', closedAt };
  const written = await cycles.put({ own }, keyOf(cycle.cycle), closed);
  return written ?? { cycle: closed, statement };
}

/** Cuts the next cycle. */
async function cut(
  engine: Engine,
  own: OwnLedger,
  coalition: string,
  before: Cycle | undefined,
  by: string | null,
): Promise<ClosedCycle | Refusal> {
  const now = engine.now();
  if (before !== undefined && now <= (before.closedAt ?? 0)) return refuse('CHANGED_MEANWHILE');
  const statement = await statementOf(engine, coalition, {
    ...{ from: undefined, at: now, asOf: undefined },
  });
  if (isRefusal(statement)) return statement;
  const { at, asOf } = statement;
  const number = (before?.cycle ?? 0) + 1;
  const cycle: Cycle = { cycle: number, state: 'closing', at, asOf, closedAt: null, by };
  const refused = await cyclesIn(coalition).put(own, keyOf(number), cycle, 0);
  return refused ?? { cycle, statement };
}
