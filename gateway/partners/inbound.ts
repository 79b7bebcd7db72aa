// Operations that a partner asks this ledger for. Owns: how one is asked for and told again, whatever it came to before. Never touches: HTTP; what decides,
// which is the acts' (engine/programme/outside/inbound.ts).
//   partners.I1. What is told of an operation was written in the commit that decided it, or is read out of its record: never what a look before has found.
//   partners.I2. Another operation under the same id is refused as such, and changes nothing; nothing is told of the one that has it.
//   partners.I3. What may pass says nothing of the operation: the partner asks again by the same id.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ActCommand,
  type AuditContext,
  type Engine,
  type Grants,
  type InboundOperation,
  inboundOperation,
  inboundOperationIn,
  isRecorded,
  limits,
  type OperationKind,
  type Outcome,
} from '../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** Who asks, and how long may be waited. */
export interface Asking {
  readonly engine: Engine;
  readonly grants: Grants;
  readonly partner: string;
  readonly audit: AuditContext | undefined;
  /** By the monotonic clock. */
  readonly until: number;
}

/** What is asked for. */
export interface Wanted {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly user: string;
  readonly asset: string;
  readonly amount: number;
}

/** What an operation has come to. */
export interface CameTo extends Wanted {
  readonly state: InboundOperation['state'];
  /** Milliseconds since 1970; undefined: it is not decided yet. */
  readonly at?: number | undefined;
  readonly code?: string | undefined;
  /** It was decided before. */
  readonly idempotent: boolean;
  /** The ledger's record says who asked. */
  readonly isRecorded?: boolean | undefined;
}

/** What may have changed a moment later; each is asked for again. */
const PASSING: readonly string[] = [
  'ACCOUNT_BUSY',
  'BUDGET_BUSY',
  'BUDGET_SHORT',
  'CHANGED_MEANWHILE',
  'DEFINITIONS_UNCONFIRMED',
  // Who has the points now is being merged, too.
  'MEMBER_MERGED',
];
const PAUSE_MS = 10;
const PAUSE_MS_MAX = 320;
/** What is answered with these says nothing of an operation (the contract). */
const SAYS_NOTHING: readonly number[] = [400, 401, 403, 429];

const told = (
  operation: string,
  { kind, user, asset, amount, state, at, code }: InboundOperation,
  idempotent: boolean,
): CameTo => ({
  ...{ operation, kind, user, asset, amount, state, at, idempotent },
  code: code ?? undefined,
});

/** What it came to before. What is void is, whatever it was meant to be. */
const again = (wanted: Wanted, kept: InboundOperation): CameTo => ({
  ...told(wanted.operation, kept, true),
  ...(kept.state === 'void' ? wanted : {}),
});

/** Is it this operation that has the id? What is void is, whoever is named with it. */
const isSame = (kept: InboundOperation, { kind, user, asset, amount }: Wanted): boolean =>
  kept.state === 'void' ||
  (kept.kind === kind && kept.user === user && kept.asset === asset && kept.amount === amount);

/** What differs, as the contract calls it. */
function differing(kept: InboundOperation, wanted: Wanted): Refusal {
  const fields = [
    ['user_id', kept.user === wanted.user],
    ['amount', kept.amount === wanted.amount],
    ['asset', kept.asset === wanted.asset],
  ] as const;
  return refuse('OPERATION_DIFFERS', fields.find(([, same]) => !same)?.[0] ?? 'type');
}

/** One step: what it came to, or a refusal; undefined: once more. */
type Step = () => Promise<CameTo | Refusal | undefined>;

/** Takes a step until it comes to something, with growing pauses; what has not by then is refused for now. */
async function repeatedly({ until }: Asking, step: Step): Promise<CameTo | Refusal> {
  for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    const came = await step();
    if (came !== undefined) return came;
    if (performance.now() + pauseMs >= until)
      return { ...refuse('OPERATION_UNDECIDED'), retryAfterSeconds: 1 };
    await sleep(pauseMs);
  }
}

/** For now: it says nothing of the operation, whatever the ledger calls it. */
function forNow({ id: _, ...refusal }: Refusal): Refusal {
  const { status, code, message } = refusal;
  if (SAYS_NOTHING.includes(status) || status >= 500) return { ...refusal, id: undefined };
  const undecided = refuse('OPERATION_UNDECIDED', undefined, `${code}: ${message}`);
  return { ...undecided, retryAfterSeconds: 1 };
}

async function ask(
  { engine, grants, partner, audit, until }: Asking,
  act: string,
  { operation, user, asset, amount }: Wanted,
  more: object = {},
): Promise<{ readonly command: ActCommand; readonly outcome: Outcome }> {
  const command: ActCommand = {
    ...{ type: 'act', act, owner: user },
    // The operation's own record knows it by its id: so a refusal of this attempt is none of the next one.
    id: `partner-${randomUUID()}`,
    kind: `cross_system.${act.slice('partner-'.length)}`,
    ref: operation.length <= limits.REF_LENGTH_MAX ? operation : undefined,
    body: { partner, operation, asset, amount, ...more },
  };
  const timeoutMs = Math.max(1, until - performance.now());
  const outcome = await engine.own.submit(command, { grants, audit, timeoutMs });
  return { command, outcome };
}

/** What an act that was carried out says of it. */
function decided(
  { audit }: Asking,
  { operation }: Wanted,
  command: ActCommand,
  outcome: Extract<Outcome, { ok: true }>,
): CameTo {
  const kept = inboundOperationIn(outcome.act?.effects.at(-1));
  if (kept === undefined) throw new Error(`${command.act} says nothing of ${operation}`);
  const isInRecord = audit !== undefined && isRecorded(command, outcome);
  return { ...told(operation, kept, false), isRecorded: isInRecord };
}

/** Adds points to a user, or takes them from one: once, however often it is asked for. */
export function carryOut(asking: Asking, wanted: Wanted): Promise<CameTo | Refusal> {
  const { operation, kind } = wanted;
  return repeatedly(asking, async () => {
    const { command, outcome } = await ask(asking, `partner-${kind}`, wanted);
    if (outcome.ok) return decided(asking, wanted, command, outcome);
    if (outcome.code === 'PREPARED') return { ...wanted, state: 'pending', idempotent: false };
    if (!PASSING.includes(outcome.code)) return forNow(outcome);
    const kept = await inboundOperation(asking.engine.own, asking.partner, operation);
    if (kept === undefined) return undefined;
    if (isRefusal(kept)) return forNow(kept);
    return isSame(kept, wanted) ? again(wanted, kept) : differing(kept, wanted);
  });
}

/** Rolls an operation back; one that never came is void from now on. */
export function rollBack(asking: Asking, wanted: Wanted): Promise<CameTo | Refusal> {
  const { operation, kind } = wanted;
  let isSpent: true | undefined;
  return repeatedly(asking, async () => {
    const kept = await inboundOperation(asking.engine.own, asking.partner, operation);
    if (isRefusal(kept)) return forNow(kept);
    if (kept !== undefined && !isSame(kept, wanted)) return differing(kept, wanted);
    const isFinal = kept !== undefined && (kept.state !== 'completed' || kept.code !== null);
    if (isFinal) return again(wanted, kept);
    const act = kept?.act ?? undefined;
    const more = { kind, ...(act && { act }), ...(isSpent && { isSpent }) };
    const { command, outcome } = await ask(asking, 'partner-rollback', wanted, more);
    if (outcome.ok) return decided(asking, wanted, command, outcome);
    if (outcome.code === 'POINTS_SHORT') isSpent = true;
    const isAgain = outcome.code === 'POINTS_SHORT' || PASSING.includes(outcome.code);
    return isAgain ? undefined : forNow(outcome);
  });
}

/** What became of an operation; undefined: it has not come. */
export async function operationOf(
  { engine, partner }: Pick<Asking, 'engine' | 'partner'>,
  operation: string,
): Promise<CameTo | undefined | Refusal> {
  const kept = await inboundOperation(engine.own, partner, operation);
  if (kept === undefined || isRefusal(kept)) return kept;
  return told(operation, kept, true);
}
