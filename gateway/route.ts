// A route: what it takes, what it is called with, what it answers. Owns: the shapes that lie between the server and the routes,
// the ledger as a caller may use it. Never touches: which routes there are, sockets, state.

import type { AsOf, AuditContext, Caller, Engine } from '../engine/index.js';
import type { Alerts } from './alerts/alerts.js';
import type { Anchoring } from './anchor/anchoring.js';
import type { Directory } from './auth/directory.js';
import type { Access, Principal } from './auth/principal.js';
import type { Sealer } from './auth/sealing.js';
import type { Draining } from './clearing/draining.js';
import { changedBy, type OwnLedger } from './documents.js';
import type { Answer } from './encoding/answer.js';
import type { Format } from './encoding/media.js';
import type { Tellable } from './encoding/outcome-json.js';
import { timeFromText } from './encoding/text.js';
import type { BodyStream } from './http/server/streamed.js';
import type { Module } from './logs/logs.js';
import type { Origin } from './logs/origin.js';
import type { Mall } from './mall/mall.js';
import type { OAuth } from './oauth/server.js';
import type { OperatorSignIn } from './operators/sign-in.js';
import type { Outbound } from './outbound/outbound.js';
import type { Driving } from './partners/driving.js';
import type { Partners } from './partners/partners.js';
import type { Reconciling } from './partners/reconciling/running.js';
import type { Disclosures } from './privacy/disclosures.js';
import type { Projections } from './projections/projections.js';
import type { Reporting } from './projections/reports/reporting.js';
import type { ScheduledReports } from './projections/reports/scheduled.js';
import type { Checkpoints } from './receipts/checkpoints.js';

import { type Refusal, refuse } from './refusal.js';
import type { RiskDesk } from './risk/desk.js';
import type { Description } from './schema/description.js';
import type { SignIn } from './sign-in/shapes.js';
import { type Submitter, tellingAgain, type UserCounts } from './submission.js';
import type { Erasing } from './vault/erasing.js';

/** A request, read and authorised. */
export interface Call {
  /** The parts of the path that the route's `{names}` stand for, decoded. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** The body's JSON; undefined where there is none. */
  readonly body: unknown;
  /** Instead of a body: lines that are still coming. */
  readonly lines: BodyStream | undefined;
  readonly idempotencyKey: string | undefined;
  /** What the answer is to be in: one of the route's formats, or JSON. */
  readonly format: Format;
  /** Signed, and it was carried out: only what came of it then may be told (`Route.repeats`). */
  readonly isRepeat: boolean;
  /** Those headers that the route asks for (`Route.headers`), by name; one that is not there is an empty text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who asks. */
  readonly principal: Principal;
  /** Are the credentials good now, too? Left out: for ever. */
  readonly isGood: (() => boolean) | undefined;
  readonly origin: Origin;
  /** When the time that the caller gives it is up (performance.now()). */
  readonly until: number | undefined;
  /** Counts what users do, and writes down what comes of what goes on for longer. */
  readonly limiter: Limiter;
  /** The ledger itself says who asked: there is no other line of it. */
  isRecorded: boolean;
}

/** Counts what callers and their users do. */
export interface Limiter {
  /** Counts commands of a platform for its users; undefined: nobody counts those of operators. */
  users(principal: Principal): UserCounts | undefined;
  /** Counts commands that came over a connection that stays; a refusal where they are too many. */
  commands(principal: Principal, count: number): Refusal | undefined;
  /** Who asks, with what was proved of the call beside that. */
  proved(origin: Origin, principal: Principal): Principal;
  /** Where a call comes from, as the ledger keeps it; undefined: it does not. */
  context(origin: Origin, principal: Principal): AuditContext | undefined;
  /** Writes down what came of such commands, where the ledger does not say who asked. `what`: as the audit log names it. */
  outcomes(principal: Principal, origin: Origin, what: string, outcomes: Tellable): void;
}

/** A call that is still being read: one object from its headers to its answer, as there are very many of them. */
export type Arrival = { -readonly [Field in keyof Call]: Call[Field] };

/** What a path does for one method. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** E.g. `/v1/accounts/{owner}`. */
  readonly path: string;
  /** Who may ask; what `anyone` may ask is also answered while the ledger is being opened or closed. */
  readonly access: Access;
  /** Where the audit log counts it. */
  readonly module: Module;
  /** Is there a body? Default: none is read. `form`: one of an HTML form, its fields by name, each of them text. */
  readonly body?: 'required' | 'optional' | 'batch' | 'form';
  /** Parameters of the query, and fields of a form, that it does not know are left out. Default: refused. */
  readonly takesAny?: boolean;
  /** Headers that it reads, in small letters. Default: none. */
  readonly headers?: readonly string[];
  /** How it tells refusals, its own and those before it is asked, where not as problem details. */
  readonly refused?: (refusal: Refusal) => Answer;
  /** Formats of the body and the answer beside JSON. */
  readonly formats?: readonly Format[];
  /** It changes nothing, although it has a body: it is not in the audit log. */
  readonly isRead?: boolean;
  /** Of a call that is a repeat it tells the first outcome, and carries nothing out. Default: it cannot. */
  readonly repeats?: boolean;
  /** How many requests it counts as. Default: one, a batch as many as it has commands. */
  readonly weigh?: (body: unknown) => number;
  /** What it takes and answers: checked against and served as the OpenAPI document. */
  readonly describes: Description;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** What platforms and keys are managed with. */
export interface AccessParts {
  readonly directory: Directory;
  readonly sealer: Sealer;
}

/** What the routes work on. */
export interface ServedLedger {
  /** Undefined until it is open. */
  engine: Engine | undefined;
  /** Platforms and keys; undefined until it is open. */
  access: AccessParts | undefined;
  /** The goods that are shown; undefined until it is open. */
  mall: Mall | undefined;
  /** What tells others what happens; undefined until it is open. */
  outbound: Outbound | undefined;
  /** Partners outside; undefined until it is open. */
  partners: Partners | undefined;
  driving: Driving | undefined;
  /** What reconciles with partners; undefined until it is open. */
  reconciling: Reconciling | undefined;
  /** What hears of what marks of risk stop; undefined until it is open. */
  risks: RiskDesk | undefined;
  /** What carries out exchanges that wait; undefined until it is open. */
  draining: Draining | undefined;
  /** Grants of members to applications and sessions; undefined until it is open. */
  oauth: OAuth | undefined;
  /** What members sign in with; undefined until it is open. */
  signIn: SignIn | undefined;
  /** What erases members; undefined until it is open. */
  erasing: Erasing | undefined;
  /** What writes down who sees personal data; undefined until it is open. */
  disclosures: Disclosures | undefined;
  /** What operators sign in with; undefined until it is open. */
  operators: OperatorSignIn | undefined;
  /** Reports, and what is run of them by schedules; undefined until it is open. */
  reporting: Reporting | undefined;
  scheduledReports: ScheduledReports | undefined;
  /** What is worked out of the logs, for reports; undefined until it is open. */
  projections: Projections | undefined;
  /** What makes checkpoints of the logs; undefined until it is open. */
  checkpoints: Checkpoints | undefined;
  /** What anchors on a chain; undefined until it is open. */
  anchoring: Anchoring | undefined;
  /** What raises alerts; undefined until it is open. */
  alerts: Alerts | undefined;
  /** Why requests are refused: undefined once the ledger works. */
  unready: string | undefined;
}

/** A ledger that is not open, and why. */
export const closedLedger = (unready: string): ServedLedger => ({
  engine: undefined,
  access: undefined,
  mall: undefined,
  outbound: undefined,
  partners: undefined,
  driving: undefined,
  reconciling: undefined,
  risks: undefined,
  draining: undefined,
  oauth: undefined,
  signIn: undefined,
  erasing: undefined,
  disclosures: undefined,
  operators: undefined,
  reporting: undefined,
  scheduledReports: undefined,
  projections: undefined,
  checkpoints: undefined,
  alerts: undefined,
  anchoring: undefined,
  unready,
});

// The server asks for the engine only once it is open; a route for anyone looks first.
export function engineOf(ledger: ServedLedger): Engine {
  if (ledger.engine === undefined) throw new Error('a request came before the ledger was open');
  return ledger.engine;
}

/** The ledger as who asks may use it: every command and read is judged in the shard. */
export function callerOf(ledger: ServedLedger, { principal }: Pick<Call, 'principal'>): Caller {
  return engineOf(ledger).as(principal);
}

/** Who asks and where from, for the audit trail; undefined: there is none. */
export function auditOf({ principal, limiter, origin }: Call): AuditContext | undefined {
  const context = limiter.context(origin, principal);
  return context && { ...context, principal: context.principal ?? principal.principal };
}

/** The ledger's own records as a call changes them: the log names who asked. */
export function recordsOf(ledger: ServedLedger, call: Call): OwnLedger {
  return changedBy(engineOf(ledger), auditOf(call));
}

/** Who asks, as commands are submitted. A call that is a repeat tells what was told once. */
export function submitterOf(
  ledger: ServedLedger,
  { principal, limiter, isRepeat, origin }: Call,
): Submitter {
  const audit = limiter.context(origin, principal);
  const counts = limiter.users(principal);
  const proved = limiter.proved(origin, principal);
  const grants = isRepeat ? tellingAgain(proved) : proved;
  return { engine: engineOf(ledger), grants, counts, audit, risks: ledger.risks };
}

/** Is a parameter given as true? */
export const isTrue = (query: Call['query'], name: string): boolean => query[name] === 'true';

/** A whole number out of the query, which its schema has passed. */
export function count(query: Call['query'], name: string): number | undefined {
  const text = query[name];
  return text === undefined ? undefined : Number(text);
}

/** What `asOf` says: positions, or a time; undefined: it is neither. */
export function asOfFromText(text: string): AsOf | undefined {
  if (/^\d{1,3}:/.test(text)) return text;
  return /^\d{1,15}$/.test(text) ? Number(text) : timeFromText(text);
}

/** `asOf` out of the query. */
export function asOf(
  { asOf: text, at }: Call['query'],
  takesAt: boolean,
): Refusal | AsOf | undefined {
  if (text === undefined) return undefined;
  if (takesAt && at === undefined) return refuse('QUERY_INVALID', 'asOf', 'asOf goes with at.');
  const found = asOfFromText(text);
  return found ?? refuse('QUERY_INVALID', 'asOf', AS_OF);
}

/** What is wrong with an `asOf`. */
export const AS_OF =
  'asOf must be milliseconds since 1970, an RFC 3339 time, or positions as an answer tells them.';

/** A time out of the query; its schema does not say whether there is such a day. */
export function time(query: Call['query'], name: string): Refusal | number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : timeFromText(text);
  if (ms !== undefined) return ms;
  return refuse(
    'QUERY_INVALID',
    name,
    `${name} must be milliseconds since 1970 or an RFC 3339 time.`,
  );
}
