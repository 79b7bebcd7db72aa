// Commands that one person proposes and another one agrees to. Owns: what is kept of them, who may be the second. Never touches: what a command does.
//   gateway.Q1. Who agrees has shown other credentials than who has proposed; of two who decide at once, one does: each decision is written over the version of
//       the proposal that it was made from.
//   gateway.Q2. What is carried out is what was proposed, under the proposal's id: once, however often it is agreed to.
//   gateway.Q3. Both may do it, by themselves or with another person's agreement: the shard judges each.

import { randomBytes } from 'node:crypto';
import {
  CALLER_ACTS,
  type Command,
  type Operation,
  type Outcome,
  REFUSALS,
} from '../engine/index.js';
import type { Principal } from './auth/principal.js';
import { type Document, Documents, type OwnLedger } from './documents.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';
import { CommandReader, NestedActReader } from './schema/command-reader.js';
import { PROPOSED } from './schema/proposals.js';
import { type Submitter, submitOne } from './submission.js';

/** How a proposal stands; `agreed`: it is being carried out, or was. */
export type ProposalState = 'open' | 'agreed' | 'rejected';

/** A proposal, as it is kept. */
export interface Proposal {
  readonly id: string;
  /** What is to be done, with the proposal's id as its own. */
  readonly command: Command;
  readonly reason: string;
  /** Who has proposed it, by the credentials shown. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** From then on nobody can agree to it any more. */
  readonly until: number;
  readonly state: ProposalState;
  /** Who has agreed to it, or rejected it. */
  readonly second?: { readonly by: string; readonly at: number; readonly reason?: string };
  /** `ok`, or the code of the refusal; left out: it was not carried out, or what came of it is not known yet. */
  readonly outcome?: string;
}

/** What proposals are worked on with. */
export interface ProposalParts {
  readonly ledger: OwnLedger;
  readonly principal: Principal;
  readonly submitter: Submitter;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long one can be agreed to, and how long it is told afterwards. */
  readonly openMs: number;
  readonly keptMs: number;
  readonly timeoutMs: number | undefined;
}

const PROPOSALS = new Documents<Proposal>('#proposals', 'proposal', 'proposal');
const ID_BYTES = 12;

/** What somebody may do, with what it may with another person's agreement. */
const seconded = ({ operations, seconded = new Set() }: Principal): ReadonlySet<Operation> =>
  new Set([...operations, ...seconded]);

/** What comes of a command, or would, by who may do it with another person's agreement. */
async function asSecond(
  { principal, submitter, timeoutMs }: ProposalParts,
  command: Command,
  dryRun: boolean,
): Promise<Refusal | Outcome> {
  const grants = { ...principal, operations: seconded(principal) };
  const taken = structuredClone(command);
  return submitOne({ ...submitter, grants }, taken, { timeoutMs, dryRun });
}

const OF_TYPES = new Map<string, CommandReader>(
  PROPOSED.map((type) => [type, new CommandReader(type)]),
);
const OF_ACTS = new Map([...CALLER_ACTS].map(([name, act]) => [name, new NestedActReader(act)]));

/** The command that is proposed, as the engine takes it. */
function commandOf(
  { type, ...fields }: object & { readonly type: string },
  id: string,
): Refusal | Command {
  const said: Record<string, unknown> = { ...fields, id };
  if (type !== 'act')
    return OF_TYPES.get(type)?.read(said) ?? refuse('COMMAND_TYPE_UNKNOWN', 'type');
  const { act, ...rest } = said;
  return OF_ACTS.get(String(act))?.read(rest) ?? refuse('ACT_UNKNOWN', 'act');
}

const named = (refusal: Refusal): Refusal => ({
  ...refusal,
  field: refusal.field === undefined ? 'command' : `command.${refusal.field}`,
});

/** Proposes a command; asked for again under its id, tells of the same proposal. */
export async function propose(
  parts: ProposalParts,
  asked: {
    readonly id: string | undefined;
    readonly command: object & { readonly type: string };
    readonly reason: string;
  },
): Promise<Proposal | Refusal> {
  const { ledger, principal, now, openMs, keptMs } = parts;
  const { reason, id = randomBytes(ID_BYTES).toString('hex') } = asked;
  const command = commandOf(asked.command, id);
  if (isRefusal(command)) return named(command);
  const by = principal.principal ?? '';
  const known = await PROPOSALS.get(ledger, id);
  if (known !== undefined) {
    if (isRefusal(known)) return known;
    const found = known.read();
    const isSame = found.by === by && found.reason === reason && isAlike(found.command, command);
    return isSame ? found : refuse('ID_REUSED', 'id');
  }
  const tried = await asSecond(parts, command, true);
  if (!tried.ok) return named(tried);
  const until = now + openMs;
  const made: Proposal = { id, command, reason, by, at: now, until, state: 'open' };
  return (await PROPOSALS.put(ledger, id, made, 0, until + keptMs)) ?? made;
}

const isAlike = (a: object, b: object): boolean => sorted(a) === sorted(b);
const sorted = (value: object): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** All that are told, the newest first. */
export async function proposals(
  ledger: OwnLedger,
  state: ProposalState | undefined,
): Promise<readonly Proposal[] | Refusal> {
  const all = await PROPOSALS.all(ledger);
  if (isRefusal(all)) return all;
  const found = all.map((one) => one.read());
  return found
    .filter((one) => state === undefined || one.state === state)
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** One of them. */
export async function proposal(ledger: OwnLedger, id: string): Promise<Proposal | Refusal> {
  const found = await read(ledger, id);
  return isRefusal(found) ? found : found.read();
}

async function read(ledger: OwnLedger, id: string): Promise<Document<Proposal> | Refusal> {
  return (await PROPOSALS.get(ledger, id)) ?? refuse('PROPOSAL_NOT_FOUND', 'proposal');
}

/** Agrees, and has it carried out; asked for again, goes on where what came of it is not known yet. */
export async function agree(parts: ProposalParts, id: string): Promise<Proposal | Refusal> {
  const { ledger, principal, now } = parts;
  const found = await read(ledger, id);
  if (isRefusal(found)) return found;
  const said = found.read();
  const by = principal.principal ?? '';
  if (said.by === by || by === '') return refuse('APPROVAL_REQUIRED', 'proposal');
  if (said.state === 'rejected' || said.outcome !== undefined)
    return said.state === 'agreed' && said.second?.by === by
      ? said
      : refuse('PROPOSAL_OVER', 'proposal');
  if (said.state === 'open') {
    if (now >= said.until) return refuse('PROPOSAL_OVER', 'proposal');
    const tried = await asSecond(parts, said.command, true);
    if (!tried.ok) return named(tried);
  }
  const agreed: Proposal =
    said.state === 'agreed' ? said : { ...said, state: 'agreed', second: { by, at: now } };
  const { keptMs } = parts;
  const keptUntil = said.until + keptMs;
  const isNew = agreed !== said;
  const wrong = isNew
    ? await PROPOSALS.put(ledger, id, agreed, found.version, keptUntil)
    : undefined;
  if (wrong !== undefined) return wrong;
  // Versions are the ledger's to count.
  const kept = isNew ? await read(ledger, id) : found;
  const outcome = await asSecond(parts, said.command, false);
  if (!outcome.ok && outcome.code === 'PREPARED') return agreed;
  if (!outcome.ok && REFUSALS[outcome.code].retry) return named(outcome);
  const done: Proposal = { ...agreed, outcome: outcome.ok ? 'ok' : outcome.code };
  // Where another one says so at the same time, it says the same.
  if (!isRefusal(kept)) await PROPOSALS.put(ledger, id, done, kept.version, keptUntil);
  return done;
}

/** Rejects it, or, by who has proposed it, takes it back. */
export async function reject(
  parts: ProposalParts,
  id: string,
  reason: string | undefined,
): Promise<Proposal | Refusal> {
  const { ledger, principal, now, keptMs } = parts;
  const found = await read(ledger, id);
  if (isRefusal(found)) return found;
  const said = found.read();
  const by = principal.principal ?? '';
  if (said.state !== 'open')
    return said.state === 'rejected' && said.second?.by === by
      ? said
      : refuse('PROPOSAL_OVER', 'proposal');
  if (said.by !== by) {
    const tried = await asSecond(parts, said.command, true);
    if (!tried.ok && tried.status === 403) return named(tried);
  }
  const second = { by, at: now, ...(reason !== undefined && { reason }) };
  const rejected: Proposal = { ...said, state: 'rejected', second };
  const keptUntil = said.until + keptMs;
  return (await PROPOSALS.put(ledger, id, rejected, found.version, keptUntil)) ?? rejected;
}
