// Commands that one person proposes and another one agrees to. Owns: what is kept of them, who may be the second. Never touches: what a command does.
//   gateway.Q1. Who agrees is another person than who has proposed, by the credentials shown (auth.A45); of two who decide at once, one does: each decision is written over the version of
//       the proposal that it was made from.
//   gateway.Q2. What is carried out is what was proposed, under the proposal's id: once, however often it is agreed to.
//   gateway.Q3. Both may do it, by themselves or with another person's agreement: the shard judges each.
//   gateway.Q4. So may who has proposed it when somebody agrees: of an operator who is refused by then, a key that was revoked, nothing is carried out.

import { randomBytes } from 'node:crypto';
import {
  CALLER_ACTS,
  type Command,
  type Grants,
  limits,
  type Operation,
  type Outcome,
  REFUSALS,
} from '../engine/index.js';
import type { Principal } from './auth/principal.js';
import { type Document, Documents, isTooLong, type OwnLedger } from './documents.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';
import { CommandReader, NestedActReader } from './schema/command-reader.js';
import { isProposalId, PROPOSED } from './schema/proposals.js';
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
  /** What who has proposed something may do now; undefined: nothing. */
  readonly mayNow: (by: string) => Promise<Refusal | Grants | undefined>;
}

const PROPOSALS = new Documents<Proposal>('#proposals', 'proposal', 'proposal');
const ID_BYTES = 12;
/** As many bytes as the longest reason, and the longest name of a principal or a refusal, have. */
const LONGEST_REASON = 'x'.repeat(4 * limits.ACCOUNT_REASON_LENGTH_MAX);
const LONGEST_NAME = 'x'.repeat(limits.ID_LENGTH_MAX);

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
  const until = now + openMs;
  const made: Proposal = { id, command, reason, by, at: now, until, state: 'open' };
  // Whoever decides it has room to say why.
  const second = { by: LONGEST_NAME, at: until, reason: LONGEST_REASON };
  if (isTooLong({ ...made, second, outcome: LONGEST_NAME }))
    return refuse('COMMAND_INVALID', 'command', 'The command is too long to wait for anybody.');
  const known = await PROPOSALS.get(ledger, id);
  if (known !== undefined) {
    if (isRefusal(known)) return known;
    const found = known.read();
    const isSame = found.by === by && found.reason === reason && isAlike(found.command, command);
    return isSame ? found : refuse('ID_REUSED', 'id');
  }
  const tried = await asSecond(parts, command, true);
  if (!tried.ok) return named(tried);
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
  const found = isProposalId(id) ? await PROPOSALS.get(ledger, id) : undefined;
  return found ?? refuse('PROPOSAL_NOT_FOUND', 'proposal');
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
    const no = await lapsed(parts, said);
    if (no !== undefined) return no;
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
  const outcome = await asSecond(parts, said.command, false);
  if (!outcome.ok && outcome.code === 'PREPARED') return agreed;
  if (!outcome.ok && REFUSALS[outcome.code].retry) return named(outcome);
  const done: Proposal = { ...agreed, outcome: outcome.ok ? 'ok' : outcome.code };
  const no = await settled(ledger, id, done, keptUntil);
  if (no !== undefined) return no;
  return done;
}

/** Q4. */
async function lapsed(
  { mayNow, submitter, timeoutMs }: ProposalParts,
  { by, command }: Proposal,
): Promise<Refusal | undefined> {
  const grants = await mayNow(by);
  if (grants !== undefined && 'code' in grants) return grants;
  const tried =
    grants &&
    (await submitOne({ ...submitter, grants }, structuredClone(command), {
      ...{ timeoutMs, dryRun: true },
    }));
  // What else is wrong is told to who agrees.
  if (tried !== undefined && (tried.ok || tried.status !== 403)) return undefined;
  return refuse('PROPOSAL_OVER', 'proposal', 'Who has proposed it may not do it any more.');
}

/** Rejects all that somebody has proposed and nobody has decided: who may propose nothing any more has nothing wait. */
export async function withdrawAll(
  { ledger, now, keptMs }: Pick<ProposalParts, 'ledger' | 'now' | 'keptMs'>,
  of: string,
  second: { readonly by: string; readonly reason: string },
): Promise<Refusal | undefined> {
  const all = await PROPOSALS.all(ledger);
  if (isRefusal(all)) return all;
  for (const found of all) {
    const said = found.read();
    if (said.by !== of || said.state !== 'open') continue;
    const rejected: Proposal = { ...said, state: 'rejected', second: { ...second, at: now } };
    const kept = said.until + keptMs;
    const no = await PROPOSALS.put(ledger, said.id, rejected, found.version, kept);
    // Somebody has decided it at this moment.
    if (no !== undefined && no.code !== 'CHANGED_MEANWHILE') return no;
  }
  return undefined;
}

const TRIES_MAX = 8;

/** Writes down what came of it, whatever others write meanwhile: where they do so, too, they say the same. */
async function settled(
  ledger: OwnLedger,
  id: string,
  done: Proposal,
  keptUntil: number,
): Promise<Refusal | undefined> {
  let no: Refusal | undefined;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await read(ledger, id);
    if (isRefusal(found)) return found;
    if (found.read().outcome !== undefined) return undefined;
    no = await PROPOSALS.put(ledger, id, done, found.version, keptUntil);
    if (no === undefined || no.code !== 'CHANGED_MEANWHILE') return no;
  }
  return no;
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
