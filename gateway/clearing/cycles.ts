// Cycles of a clearing: what was owed up to a time is netted, and the next one begins. Owns: which cycles there are, what closes one. Never touches: what
// is owed (statement.ts), how it is signed.
//   clearing.K1. A cycle is cut first, at a time and a position of the log, then netted debt by debt, then its statement is frozen and signed, then it is
//       closed. Whoever closes it again goes on where it was left: each debt is netted once, under an id that follows from the cycle.
//   clearing.K2. The next one is cut only after the one before is closed, later than all that closed it: what is owed then is what came up since.
//   clearing.K3. The statement of a cycle is that of its cut: the same for ever. Its bytes and their signatures are kept (clearing.B1).
//   clearing.K4. Of two that close at once one writes that it is closed, and both tell that. Disputes hold nothing up: what is settled of one is a
//       transfer of its own, in whichever cycle is open then.

import type { Engine } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { digest } from '../identity/names.js';
import { documentsUntil } from '../known-definitions.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { bytesOf, FORM_NAMES, FORMS, type Form } from './forms.js';
import { freeze, frozen, sha256 } from './frozen.js';
import { type Seals, signingKey } from './keys.js';
import { signBytes } from './signed-bytes.js';
import { type Statement, statementOf } from './statement.js';

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

/** As it is kept: what is frozen of a closed one, by form. */
interface KeptCycle extends Cycle {
  readonly signed?: Readonly<Record<Form, { readonly digest: string; readonly jws: string }>>;
}

const TYPE = 'cycle';
const KEY_DIGITS = 6;
const NAME_LENGTH = 32;
const keyOf = (cycle: number): string => String(cycle).padStart(KEY_DIGITS, '0');

/** A coalition's key may have characters that no owner's name has. */
export const nameOf = (coalition: string): string => digest(coalition).slice(0, NAME_LENGTH);
const cyclesIn = (coalition: string): Documents<KeptCycle> =>
  new Documents(`#clearing:${nameOf(coalition)}`, TYPE, 'cycle');
const frozenBy = (coalition: string, cycle: number): string =>
  `#statement:${nameOf(coalition)}:${keyOf(cycle)}`;

const toldOf = ({ signed: _, ...told }: KeptCycle): Cycle => told;

/** Is there such a coalition, or was there one? */
export async function coalitionProblem(
  engine: Engine,
  coalition: string,
): Promise<Refusal | undefined> {
  const said = await documentsUntil(engine, 'coalition', coalition, engine.now());
  if (isRefusal(said)) return said;
  return said.length === 0 ? refuse('DEFINITION_NOT_FOUND', 'coalition') : undefined;
}

/** All cycles of a coalition, the first one first. */
export async function cyclesOf(
  engine: Engine,
  coalition: string,
): Promise<readonly Cycle[] | Refusal> {
  const wrong = await coalitionProblem(engine, coalition);
  if (wrong !== undefined) return wrong;
  const all = await cyclesIn(coalition).all(engine);
  return isRefusal(all) ? all : all.map((one) => toldOf(one.read()));
}

export interface ClosedCycle {
  readonly cycle: Cycle;
  readonly statement: Statement;
}

async function keptCycle(
  engine: Engine,
  coalition: string,
  cycle: number,
): Promise<KeptCycle | Refusal> {
  const found = await cyclesIn(coalition).get(engine, keyOf(cycle));
  if (isRefusal(found)) return found;
  return found?.read() ?? refuse('CYCLE_NOT_FOUND', 'cycle');
}

/** A cycle with its statement. */
export async function cycleOf(
  engine: Engine,
  coalition: string,
  cycle: number,
): Promise<ClosedCycle | Refusal> {
  const found = await keptCycle(engine, coalition, cycle);
  return isRefusal(found) ? found : withStatement(engine, coalition, found);
}

/** The bytes of a closed cycle's statement in a form, and their signature. */
export async function signedStatement(
  engine: Engine,
  coalition: string,
  cycle: number,
  form: Form,
): Promise<{ readonly bytes: Uint8Array; readonly jws: string } | Refusal> {
  const found = await keptCycle(engine, coalition, cycle);
  if (isRefusal(found)) return found;
  if (found.signed === undefined) return refuse('STATEMENT_UNSIGNED', 'cycle');
  const { digest: known, jws } = found.signed[form];
  const bytes = await frozen(engine, frozenBy(coalition, cycle), form, known);
  return isRefusal(bytes) ? bytes : { bytes, jws };
}

async function withStatement(
  engine: Engine,
  coalition: string,
  cycle: KeptCycle,
): Promise<ClosedCycle | Refusal> {
  const { at, asOf } = cycle;
  const statement = await statementOf(engine, coalition, { from: undefined, at, asOf });
  return isRefusal(statement) ? statement : { cycle: toldOf(cycle), statement };
}

/** What a cycle is closed with. */
export interface Closing {
  /** Where it is written down who asks. */
  readonly ledger: OwnLedger;
  readonly seals: Seals;
  /** Who asks. */
  readonly by: string | null;
}

/** Closes the cycle that is open, or goes on closing the one that was begun. */
export async function closeCycle(
  engine: Engine,
  coalition: string,
  closing: Closing,
): Promise<ClosedCycle | Refusal> {
  const { ledger, by } = closing;
  const cycles = cyclesIn(coalition);
  const all = await cycles.all(ledger);
  if (isRefusal(all)) return all;
  const begun = all.at(-1)?.read();
  const opened =
    begun?.state === 'closing'
      ? await withStatement(engine, coalition, begun)
      : await cut(engine, ledger, coalition, begun, by);
  if (isRefusal(opened)) return opened;
  const { cycle, statement } = opened;
  const closedAt = await netted(engine, ledger, coalition, opened);
  if (isRefusal(closedAt)) return closedAt;
  const signed = await frozenNow(engine, coalition, opened, closing);
  if (isRefusal(signed)) return signed;
  const written = await closedOnce(ledger, cycles, { ...cycle, state: 'closed', closedAt, signed });
  return isRefusal(written) ? written : { cycle: toldOf(written), statement };
}

/** Writes that a cycle is closed; where somebody else has, what that one wrote. */
async function closedOnce(
  ledger: OwnLedger,
  cycles: Documents<KeptCycle>,
  closed: KeptCycle,
): Promise<KeptCycle | Refusal> {
  const key = keyOf(closed.cycle);
  const found = await cycles.get(ledger, key);
  if (found === undefined || isRefusal(found)) return found ?? refuse('CYCLE_NOT_FOUND', 'cycle');
  const before = found.read();
  if (before.state === 'closed') return before;
  const refused = await cycles.put(ledger, key, closed, found.version);
  if (refused?.code !== 'CHANGED_MEANWHILE') return refused ?? closed;
  const after = await cycles.get(ledger, key);
  return after === undefined || isRefusal(after) ? (after ?? refused) : after.read();
}

/** Makes each debt zero; when the last of them was. */
async function netted(
  engine: Engine,
  { own }: OwnLedger,
  coalition: string,
  { cycle, statement }: ClosedCycle,
): Promise<number | Refusal> {
  let closedAt = engine.now();
  for (const [n, { debtor, creditor, asset, amount }] of statement.debts.entries()) {
    const id = `cycle:${nameOf(coalition)}:${cycle.cycle}:${n}`;
    const legs = [{ from: `@clearing:${creditor}`, to: `@clearing:${debtor}`, asset, amount }];
    const outcome = await own.submit({ type: 'transfer', id, kind: 'CLEARING', legs });
    if (!outcome.ok) return { ...outcome, id: undefined };
    closedAt = Math.max(closedAt, outcome.time);
  }
  return closedAt;
}

/** Writes down the bytes of the statement, signed. */
async function frozenNow(
  engine: Engine,
  coalition: string,
  { cycle, statement }: ClosedCycle,
  { ledger, seals }: Closing,
): Promise<NonNullable<KeptCycle['signed']> | Refusal> {
  const key = await signingKey(ledger, seals, engine.now());
  if (isRefusal(key)) return key;
  const bytes = bytesOf(cycle.cycle, statement);
  const signed: Partial<Record<Form, { readonly digest: string; readonly jws: string }>> = {};
  for (const form of FORM_NAMES) {
    const of = { coalition, cycle: cycle.cycle, cty: FORMS[form] };
    const owner = frozenBy(coalition, cycle.cycle);
    const refused = await freeze(ledger, owner, form, bytes[form]);
    if (refused !== undefined) return refused;
    signed[form] = { digest: sha256(bytes[form]), jws: await signBytes(bytes[form], of, key) };
  }
  return signed as NonNullable<KeptCycle['signed']>;
}

/** Cuts the next cycle. */
async function cut(
  engine: Engine,
  ledger: OwnLedger,
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
  const refused = await cyclesIn(coalition).put(ledger, keyOf(number), cycle, 0);
  return refused ?? { cycle, statement };
}
