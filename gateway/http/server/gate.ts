// The gate between a request and its route: who asks, may they, how often, what is written down of
// it. Owns: the order of these. Never touches: sockets, what a route does.
//   http.H11. Order: ledger open, credentials by the headers, body, proof, permission, rate, the use of a
//        signature, route. Each refusal is given at the first that says no. A dry run uses no signature.
//   http.H12. What changes something, and was asked with good credentials, is in the audit log, whatever
//        came of it: also what comes over a connection that stays. What has a record in the ledger is told of
//        there, and has no other line.

import {
  type AuditContext,
  type Command,
  networkOf,
  type Operation,
  type Parties,
} from '../../../engine/index.js';
import type { Authenticator, Claim, Credentials } from '../../auth/authenticator.js';
import { memberPlaceOf, placeProblem } from '../../auth/member-place.js';
import { hasScope, tooNarrow } from '../../auth/member-principal.js';
import { usersOf } from '../../auth/permits.js';
import type { Access, Principal } from '../../auth/principal.js';
import { Proved } from '../../auth/proved.js';
import { type RateLimits, rateOf, type Taken } from '../../auth/rate-limits.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { type Tellable, toldOf } from '../../encoding/outcome-json.js';
import type { GatewayLimits, Rate } from '../../limits.js';
import { type Logs, NO_LOGS } from '../../logs/logs.js';
import { type Origin, traceIdOf } from '../../logs/origin.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { Arrival, Call, Limiter, Route } from '../../route.js';
import type { UserCounts } from '../../submission.js';
import { keyed } from './idempotency.js';
import { inTime, untilOf } from './time-limit.js';

/** What the gate needs once the ledger is open. */
export interface Opened {
  readonly authenticator: Authenticator;
  readonly logs: Logs;
  /** A keyed digest of a member's device; undefined: nobody asks for it. */
  readonly deviceDigest: (device: string) => string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request as it is once it has been read. */
export interface Arrived {
  readonly route: Route;
  readonly call: Arrival;
  readonly claim: Claim;
  readonly origin: Origin;
}

/** A rate of a user. */
interface UserRate {
  readonly owner: string;
  readonly operation: Operation;
  readonly rate: Rate;
}

const bucketOf = ({ id }: Principal, { owner, operation }: UserRate): string =>
  `user ${id} ${owner} ${operation}`;

export class Gate implements Limiter {
  readonly #limits: GatewayLimits;
  readonly #rates: RateLimits;
  #opened: Opened | undefined;
  #proved: Proved | undefined;

  constructor(limits: GatewayLimits, rates: RateLimits) {
    this.#limits = limits;
    this.#rates = rates;
  }

  /** The ledger is open. */
  open(opened: Opened): void {
    this.#opened = opened;
    this.#proved = new Proved(opened.deviceDigest, opened.now);
  }

  proved(origin: Origin, principal: Principal): Principal {
    const { memberDevice, device, secondFactor } = origin;
    const isPlain = memberDevice === '' && device === '' && secondFactor === '';
    if (isPlain && principal.secondFactorUntil === undefined) return principal;
    const place = memberPlaceOf(origin, principal);
    return this.#proved?.of(principal, place, secondFactor) ?? principal;
  }

  /** Who claims to ask, judged by the headers. */
  claim(access: Access, credentials: Credentials): Refusal | Claim {
    if (this.#opened === undefined) throw new Error('a request came before the ledger was open');
    return this.#opened.authenticator.claim(access, credentials);
  }

  /** Is what comes of a route's requests written down? */
  writesDown(route: Route): boolean {
    return isWrittenDown(route) && (this.#logs !== undefined || this.#limits.auditDays > 0);
  }

  context(origin: Origin, principal: Principal): AuditContext | undefined {
    if (this.#limits.auditDays === 0) return undefined;
    const { address, agent, traceparent } = origin;
    const { device, address: memberAddress } = memberPlaceOf(origin, principal);
    return {
      address,
      agent,
      traceId: traceIdOf(traceparent),
      principal: principal.audited,
      device,
      memberAddress,
    };
  }

  /** Undefined: nothing is written down. */
  get #logs(): Logs | undefined {
    const logs = this.#opened?.logs;
    return logs === NO_LOGS ? undefined : logs;
  }

  /** Lets a proved request in. */
  enter(arrived: Arrived): Answer | Promise<Answer> {
    const { route, call, claim, origin } = arrived;
    const { principal } = claim;
    const taken = this.#take(principal, weightOf(route, call.body), origin);
    call.principal = principal;
    call.limiter = this;
    call.isGood = claim.isGood;
    call.origin = origin;
    call.until = untilOf(call);
    let answer: Answer | Promise<Answer>;
    const no =
      forbidden(route, principal) ??
      (taken?.ok === false ? tooMany() : undefined) ??
      placeProblem(origin);
    if (no !== undefined) answer = problem(no);
    else if (claim.use === undefined || call.query.dryRun === 'true') answer = route.handle(call);
    else answer = used(claim.use, route, call);
    const done = (outcome: Answer): Answer => {
      const told = keyed(outcome, call.idempotencyKey);
      const made = principal.kind === 'member' ? toMember(told, route.access) : told;
      this.#writeDown(route, call, origin, made);
      return taken === undefined ? made : withRate(made, rateOf(principal, this.#limits), taken);
    };
    if (!(answer instanceof Promise)) return done(answer);
    return inTime(call, answer).then(done, (error) => {
      this.#writeDown(route, call, origin, problem(refuse('INTERNAL')));
      throw error;
    });
  }

  #take(principal: Principal, count: number, { address }: Origin): Taken | undefined {
    const rate = rateOf(principal, this.#limits);
    if (rate === undefined) return undefined;
    const id = principal.kind === 'visitor' ? networkOf(address) : principal.id;
    return this.#rates.take(`${principal.kind} ${id}`, rate, count);
  }

  commands(principal: Principal, count: number): Refusal | undefined {
    const rate = rateOf(principal, this.#limits);
    if (rate === undefined) return undefined;
    const taken = this.#rates.take(`${principal.kind} ${principal.id}`, rate, Math.max(1, count));
    return taken.ok ? undefined : { ...tooMany(), retryAfterSeconds: taken.seconds };
  }

  outcomes(principal: Principal, origin: Origin, what: string, outcomes: Tellable): void {
    const logs = this.#logs;
    if (logs === undefined || outcomes.length === 0) return;
    const all = toldOf(outcomes);
    const leftOut = all.refused === all.commands ? logs.refused(principal) : 0;
    if (leftOut === undefined) return;
    const { commands, refused, ids } = all;
    const told = { commands, refused, ids, leftOut: leftOut || undefined };
    const { ids: _, ...details } = told;
    logs.audit({ principal, origin, module: 'points', what, status: 200, details: told });
    logs.business({ principal, origin, what, status: 200, details });
  }

  users(principal: Principal): UserCounts | undefined {
    if (principal.kind !== 'platform') return undefined;
    return {
      take: (command) => this.#takeOfUsers(principal, command),
      giveBack: (command) => this.#giveBack(principal, this.#ratesOf(principal, command)),
    };
  }

  /** The rates of users that a command counts against. */
  #ratesOf(principal: Principal, command: Command | Parties): UserRate[] {
    return usersOf(principal, command).flatMap(([owner, operation]) => {
      const rate = this.#limits.userRates[operation];
      return rate === undefined ? [] : [{ owner, operation, rate }];
    });
  }

  #takeOfUsers(principal: Principal, command: Command | Parties): Refusal | undefined {
    const rates = this.#ratesOf(principal, command);
    for (const [i, one] of rates.entries()) {
      const { operation, rate } = one;
      const taken = this.#rates.take(bucketOf(principal, one), rate, 1);
      if (taken.ok) continue;
      this.#giveBack(principal, rates.slice(0, i));
      const detail = `A user may ${operation} ${rate.limit} times in ${rate.seconds} s.`;
      return { ...refuse('RATE_LIMITED', undefined, detail), retryAfterSeconds: taken.seconds };
    }
    return undefined;
  }

  #giveBack(principal: Principal, rates: readonly UserRate[]): void {
    for (const one of rates) this.#rates.giveBack(bucketOf(principal, one), 1);
  }

  #writeDown(route: Route, call: Call, origin: Origin, answer: Answer): void {
    const logs = this.#logs;
    if (logs === undefined || !isWrittenDown(route) || call.isRecorded) return;
    const { principal, path, body } = call;
    const leftOut = answer.status >= 400 ? logs.refused(principal) : 0;
    if (leftOut === undefined) return;
    const what = `${route.method} ${route.path}`;
    const details: Record<string, unknown> = {
      path: path.length === 0 ? undefined : path,
      asked: mayOpen(call, route, answer) ? undefined : detailsOf(body),
      leftOut: leftOut || undefined,
    };
    const { module } = route;
    const { status, told } = answer;
    // One by one: a second spread into one object takes 2 microseconds.
    for (const name in told) details[name] = told[name];
    logs.audit({ principal, origin, module, what, status, details });
    if (module !== 'points') return;
    // The ids of a batch are in the audit log.
    if ('ids' in details) details.ids = undefined;
    logs.business({ principal, origin, what, status, details });
  }
}

/** Does it change something? */
export const isWrittenDown = ({ method, isRead }: Route): boolean =>
  method !== 'GET' && isRead !== true;

function weightOf({ weigh }: Route, body: unknown): number {
  const count = weigh?.(body) ?? (Array.isArray(body) ? body.length : 1);
  return Math.max(1, count);
}

const tooMany = (): Refusal => refuse('RATE_LIMITED');

function forbidden({ access }: Route, principal: Principal): Refusal | undefined {
  if (principal.kind === 'member') return forbiddenToMembers(access, principal);
  const { needs, whole, by } = access;
  const { operations, assets, narrowed, owner } = principal;
  if (by === 'member') return refuse('OPERATION_FORBIDDEN', undefined, 'This is for members.');
  if (needs.length > 0 && !needs.some((operation) => operations.has(operation))) {
    const detail = `This takes the permission to ${needs.join(' or ')}.`;
    return refuse('OPERATION_FORBIDDEN', undefined, detail);
  }
  const isNarrow = assets !== undefined || narrowed !== undefined;
  if (whole !== true || (!isNarrow && owner === undefined)) return undefined;
  const detail =
    'This concerns the whole ledger: it takes credentials without a list of assets or an owner.';
  return refuse(isNarrow ? 'ASSET_FORBIDDEN' : 'OWNER_FORBIDDEN', undefined, detail);
}

function forbiddenToMembers({ members, scope }: Access, principal: Principal): Refusal | undefined {
  if (scope !== undefined)
    return hasScope(principal, scope)
      ? undefined
      : refuse('OPERATION_FORBIDDEN', undefined, `This takes the scope ${scope}.`);
  if (members === undefined)
    return refuse('OPERATION_FORBIDDEN', undefined, 'This is not for members.');
  if (members.some((operation) => principal.operations.has(operation))) return undefined;
  const detail = `This takes the permission to ${members.join(' or ')}.`;
  return refuse('OPERATION_FORBIDDEN', undefined, detail);
}

/** What a token of a member is refused with that permits too little. */
const NARROW: ReadonlySet<string> = new Set(['OPERATION_FORBIDDEN', 'ASSET_FORBIDDEN']);

/** The answer to a member, which says what scope would have been needed. */
function toMember(answer: Answer, access: Access): Answer {
  const { refusal, headers = [] } = answer;
  if (refusal === undefined || !NARROW.has(refusal.code)) return answer;
  return { ...answer, headers: [...headers, ...tooNarrow(access)] };
}

// Of a signature that was used, the same request: a route that can tell what came of it then is asked for that, and carries
// nothing out.
async function used(
  use: () => Promise<Refusal | undefined>,
  route: Route,
  call: Arrival,
): Promise<Answer> {
  const refusal = await use();
  if (refusal === undefined) return route.handle(call);
  if (refusal.code !== 'SIGNATURE_REPLAYED' || route.repeats !== true) return problem(refusal);
  call.isRepeat = true;
  const answer = await route.handle(call);
  return answer.told?.replayed === true ? answer : problem(refusal);
}

function withRate(answer: Answer, rate: Rate | undefined, taken: Taken): Answer {
  if (rate === undefined) return answer;
  const headers: (readonly [string, string])[] = [
    ...(answer.headers ?? []),
    ['RateLimit-Policy', `"requests";q=${rate.limit};w=${rate.seconds}`],
    ['RateLimit', `"requests";r=${taken.left};t=${taken.seconds}`],
  ];
  if (!taken.ok) headers.push(['Retry-After', String(taken.seconds)]);
  return { ...answer, headers };
}

/** May what was said open something, under whatever name? What a visitor says, and what a call about access did not understand. */
const mayOpen = ({ principal }: Call, { module }: Route, { told }: Answer): boolean =>
  principal.kind === 'visitor' || (module === 'access' && told?.outcome === 'COMMAND_INVALID');

function detailsOf(body: unknown): unknown {
  if (body instanceof Uint8Array) return { bytes: body.length };
  if (Array.isArray(body)) return { commands: body.length };
  if (typeof body !== 'object' || body === null) return undefined;
  const { body: ofAct } = body as { readonly body?: unknown };
  if (typeof ofAct !== 'object' || ofAct === null || Array.isArray(ofAct)) return shown(body);
  return { ...shown(body), body: shown(ofAct) };
}

// Remarks, receivers, addresses and attributes may be about people; codes, secrets, tokens and headers that carry them are nobody's to read: they are in the ledger, as far
// as it keeps them, and not written down again.
const HIDDEN = [
  ...['memo', 'metadata', 'remark', 'receiver', 'email', 'phone', 'attributes', 'profile'],
  ...['cards', 'code', 'codes', 'secret', 'token', 'headers'],
  ...['login', 'password', 'newPassword', 'otherPassword', 'otherCode', 'ticket'],
] as const;

function shown(body: object): object {
  if (!HIDDEN.some((name) => name in body)) return body;
  const rest: Record<string, unknown> = { ...body };
  for (const name of HIDDEN) delete rest[name];
  return rest;
}
