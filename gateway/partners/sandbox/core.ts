// A partner outside, in memory: users with points, operations under their ids. Owns: what it decides, what changes by it. Never touches: sockets, files;
// it keeps the contract to the letter, but for the defects that it is given.
//   sandbox.S1. Whatever changes is one event, applied here and told to the journal: the events in their order make the same partner again.
//   sandbox.S2. The sum of a user's points is that of what moved: granted, added, deducted, rolled back.

import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationKind, OperationState } from '../../../engine/index.js';
import { OPERATION_KINDS } from '../../../engine/index.js';
import type { Defect } from './defects.js';

/** An operation as it is kept, and told. */
export interface SandboxOperation {
  readonly transaction_id: string;
  readonly type: OperationKind;
  readonly status: OperationState;
  readonly user_id: string;
  readonly amount: number;
  readonly asset: string;
  /** ISO 8601. */
  readonly time: string;
  readonly code?: string | undefined;
}

/** What changes it. Times in milliseconds since 1970. */
export type SandboxEvent =
  | { readonly e: 'user'; readonly user: string; readonly key?: string | undefined }
  | {
      readonly e: 'grant';
      readonly user: string;
      readonly asset: string;
      readonly amount: number;
      readonly at: number;
    }
  | { readonly e: 'operation'; readonly at: number; readonly operation: SandboxOperation }
  | { readonly e: 'rolled_back'; readonly id: string; readonly at: number };

export interface SandboxRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What follows `Bearer `. */
  readonly token: string;
  /** JSON; undefined: there is none, or it cannot be read. */
  readonly body: unknown;
}
export interface SandboxAnswer {
  readonly status: number;
  readonly body: object;
}

export interface SandboxOptions {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Default: `points`. */
  readonly assets?: readonly string[] | undefined;
  /** Does it make users? Default: it does. */
  readonly createsUsers?: boolean | undefined;
  readonly defects?: readonly Defect[] | undefined;
  /** Told each event, before it is answered. */
  readonly journal?: ((event: SandboxEvent) => void) | undefined;
}

interface Moved {
  readonly asset: string;
  readonly amount: number;
  readonly at: number;
}
interface Kept {
  readonly operation: SandboxOperation;
  readonly at: number;
  readonly rolledBackAt: number | undefined;
}
type Fields = Readonly<Record<string, unknown>>;

const PAGE = 100;
/** Between looking and acting, of a partner that does both apart. */
const RACE_MS = 20;
const HOUR_MS = 3_600_000;
const NAME = /^[^\p{Cc}\p{Cs}]{1,128}$/u;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const told = (status: number, body: object): SandboxAnswer => ({ status, body });
const invalid = (field: string): SandboxAnswer => told(400, { status: 'invalid', field });
const ABSENT = told(404, { status: 'absent' });
const CONFLICT = told(409, { status: 'conflict', code: 'ID_REUSED' });

/** A partner that keeps its word, but for its defects. */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #assets: readonly string[];
  readonly #defects: ReadonlySet<Defect>;
  readonly #users = new Map<string, Map<string, number>>();
  readonly #keys = new Map<string, string>();
  readonly #operations = new Map<string, Kept>();
  /** In the order in which they were asked for first. */
  readonly #ordered: { readonly id: string; readonly at: number }[] = [];
  readonly #moved: Moved[] = [];
  readonly #spoilt = new Set<string>();

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#assets = options.assets ?? ['points'];
    this.#defects = new Set(options.defects);
  }

  /** Never before what it has done already. */
  #now(): number {
    return Math.max(
      this.#options.now(),
      this.#moved.at(-1)?.at ?? 0,
      this.#ordered.at(-1)?.at ?? 0,
    );
  }

  #has(defect: Defect): boolean {
    return this.#defects.has(defect);
  }

  // --- state ------------------------------------------------------------------------------------------------------

  /** Applies an event out of the journal. */
  apply(event: SandboxEvent): void {
    switch (event.e) {
      case 'user':
        if (!this.#users.has(event.user)) this.#users.set(event.user, new Map());
        if (event.key !== undefined) this.#keys.set(event.key, event.user);
        return;
      case 'grant':
        this.#move(event.user, event.asset, event.amount, event.at);
        return;
      case 'operation': {
        const { operation, at } = event;
        const id = this.#idOf(operation.transaction_id);
        if (!this.#operations.has(id)) this.#ordered.push({ id, at });
        this.#operations.set(id, { operation, at, rolledBackAt: undefined });
        if (operation.status === 'completed')
          this.#move(operation.user_id, operation.asset, this.#sign(operation), at);
        return;
      }
      case 'rolled_back': {
        const id = this.#idOf(event.id);
        const kept = this.#operations.get(id);
        if (kept === undefined) return;
        const operation = { ...kept.operation, status: 'rolled_back' as const };
        this.#operations.set(id, { ...kept, operation, rolledBackAt: event.at });
        this.#move(operation.user_id, operation.asset, -this.#sign(operation), event.at);
      }
    }
  }

  #sign({ type, amount }: SandboxOperation): number {
    return type === 'add' ? amount : -amount;
  }

  #move(user: string, asset: string, amount: number, at: number): void {
    const balances = this.#users.get(user) ?? new Map<string, number>();
    this.#users.set(user, balances);
    balances.set(asset, (balances.get(asset) ?? 0) + amount);
    this.#moved.push({ asset, amount, at });
  }

  #do(event: SandboxEvent): void {
    this.apply(event);
    this.#options.journal?.(event);
  }

  /** Makes a user, and gives points that nobody's operation has added. */
  grant(user: string, asset: string, amount: number): void {
    if (!this.#users.has(user)) this.#do({ e: 'user', user });
    if (amount !== 0) this.#do({ e: 'grant', user, asset, amount, at: this.#now() });
  }

  balance(user: string, asset: string): number {
    return this.#users.get(user)?.get(asset) ?? 0;
  }

  /** Everything, for who wants to compare. */
  state(): {
    readonly users: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly operations: readonly SandboxOperation[];
  } {
    const users = [...this.#users].map(([user, of]) => [user, Object.fromEntries(of)] as const);
    const operations = [...this.#operations.values()].map(({ operation }) => operation);
    return { users: Object.fromEntries(users), operations };
  }

  operationAt(id: string): SandboxOperation | undefined {
    return this.#operations.get(this.#idOf(id))?.operation;
  }

  // --- requests ---------------------------------------------------------------------------------------------------

  /** What it answers. What is decided is decided before the first wait. */
  async handle(request: SandboxRequest): Promise<SandboxAnswer> {
    const { method, path } = request;
    if (method === 'GET' && path === '/health')
      return this.#has('unhealthy') ? told(503, { status: 'down' }) : told(200, { status: 'ok' });
    if (!this.isToken(request.token)) return told(401, { status: 'unauthorized' });
    const [, route = '', part] = /^\/api\/internal\/([a-z_]+)(?:\/(.+))?$/.exec(path) ?? [];
    const id = part === undefined ? undefined : decoded(part);
    switch (`${method} ${route}${part === undefined ? '' : '/'}`) {
      case 'POST add':
        return this.#carryOut('add', request.body);
      case 'POST deduct':
        return this.#carryOut('deduct', request.body);
      case 'POST rollback':
        return this.#rollBack(request.body);
      case 'POST users':
        return this.#makeUser(request.body);
      case 'GET operations/':
        return this.#lookUp(id ?? '');
      case 'GET operations':
        return this.#list(request.query);
      case 'GET users/':
        return this.#user(id ?? '');
      case 'GET total_points':
        return this.#totals(request.query);
      default:
        return told(404, { status: 'not_found' });
    }
  }

  isToken(token: string): boolean {
    const isRight = timingSafeEqual(digest(token), digest(this.#options.token));
    return isRight || this.#has('token_ignored');
  }

  #idOf(id: string): string {
    const cut = this.#has('ids_cut') ? id.slice(0, 64) : id;
    return this.#has('ids_case') ? cut.toLowerCase() : cut;
  }

  /** The fields of an operation; an answer: what is wrong with them. */
  #read(body: unknown, type: unknown): SandboxOperation | SandboxAnswer {
    if (typeof body !== 'object' || body === null) return invalid('body');
    const { transaction_id, user_id, asset, ...rest } = body as Fields;
    let { amount } = rest;
    for (const [field, value] of Object.entries({ transaction_id, user_id, asset }))
      if (typeof value !== 'string' || !NAME.test(value)) return invalid(field);
    const id = transaction_id as string;
    if (this.#has('fractions') && typeof amount === 'number') amount = Math.trunc(amount);
    if (this.#has('negative') && typeof amount === 'number') amount = Math.abs(amount);
    if (!Number.isSafeInteger(amount) || (amount as number) < 1) {
      if (this.#has('bad_kept')) this.#spoilt.add(id);
      return invalid('amount');
    }
    if (!OPERATION_KINDS.includes(type as OperationKind)) return invalid('type');
    return {
      transaction_id: id,
      type: type as OperationKind,
      status: 'completed',
      user_id: user_id as string,
      amount: amount as number,
      asset: asset as string,
      time: new Date(this.#now()).toISOString(),
    };
  }

  /** Is what is asked for something else than what is kept under its id? */
  #differs(asked: SandboxOperation, kept: SandboxOperation): boolean {
    return (
      (asked.amount !== kept.amount && !this.#has('amount_ignored')) ||
      (asked.user_id !== kept.user_id && !this.#has('user_ignored')) ||
      (asked.type !== kept.type && !this.#has('type_ignored')) ||
      asked.asset !== kept.asset
    );
  }

  async #carryOut(type: OperationKind, body: unknown): Promise<SandboxAnswer> {
    const asked = this.#read(body, type);
    if ('body' in asked) return asked;
    const known = this.operationAt(asked.transaction_id);
    if (this.#spoilt.has(asked.transaction_id)) return CONFLICT;
    if (known !== undefined) return this.#again(asked, known);
    if (this.#has('add_race')) await sleep(RACE_MS);
    return this.#first(asked);
  }

  #first(asked: SandboxOperation): SandboxAnswer {
    const at = Date.parse(asked.time);
    const code = this.#refusalOf(asked);
    const operation = code === undefined ? asked : { ...asked, status: 'refused' as const, code };
    if (code === undefined || !this.#has('refusals_forgotten'))
      this.#do({ e: 'operation', at, operation });
    if (code === undefined && this.#has('moves_half') && asked.type === 'add')
      this.grant(asked.user_id, asked.asset, -Math.ceil(asked.amount / 2));
    return told(200, { ...operation, idempotent: false });
  }

  /** Refuses what it has not done, for ever; else as it does always. */
  async refuse(request: SandboxRequest): Promise<SandboxAnswer> {
    const [, type] = /\/(add|deduct)$/.exec(request.path) ?? [];
    const asked = this.#read(request.body, type);
    if ('body' in asked || this.operationAt(asked.transaction_id) !== undefined)
      return this.handle(request);
    const operation = { ...asked, status: 'refused' as const, code: 'POINTS_SHORT' };
    this.#do({ e: 'operation', at: Date.parse(asked.time), operation });
    return told(200, { ...operation, idempotent: false });
  }

  #refusalOf({ type, user_id, asset, amount }: SandboxOperation): string | undefined {
    if (!this.#assets.includes(asset)) return 'ASSET_UNKNOWN';
    if (!this.#users.has(user_id)) {
      if (!this.#has('user_made')) return 'USER_UNKNOWN';
      this.#do({ e: 'user', user: user_id });
    }
    const balance = this.balance(user_id, asset);
    if (type === 'deduct' && balance < amount && !this.#has('overdraft')) return 'POINTS_SHORT';
    if (type === 'add' && balance + amount > Number.MAX_SAFE_INTEGER) return 'AMOUNT_OVERFLOW';
    return undefined;
  }

  #again(asked: SandboxOperation, known: SandboxOperation): SandboxAnswer {
    if (this.#differs(asked, known)) return CONFLICT;
    const { status, type, user_id, asset, amount } = known;
    const isDone = status === 'completed';
    const more = type === 'add' ? amount : -amount;
    if ((isDone && this.#has(`${type}_twice`)) || (status === 'void' && this.#has('void_done')))
      this.grant(user_id, asset, more);
    const isRedone = status === 'rolled_back' && this.#has('redone');
    const isLater = status === 'refused' && this.#has('refused_later');
    if (isRedone || isLater) return this.#first(asked);
    const time = this.#has('repeat_changes') ? asked.time : known.time;
    return told(200, { ...known, time, idempotent: true });
  }

  #rollBack(body: unknown): SandboxAnswer {
    const asked = this.#read(body, (body as Fields | null)?.type);
    if ('body' in asked) return asked;
    const { transaction_id: id } = asked;
    const at = Date.parse(asked.time);
    const known = this.operationAt(id);
    if (known === undefined) {
      const operation = { ...asked, status: 'void' as const };
      if (!this.#has('no_tombstone')) this.#do({ e: 'operation', at, operation });
      return told(200, { ...operation, idempotent: false });
    }
    const compared = this.#has('rollback_ignores_amount')
      ? { ...asked, amount: known.amount }
      : asked;
    if (this.#differs(compared, known)) return CONFLICT;
    return this.#undone(known, at);
  }

  #undone(known: SandboxOperation, at: number): SandboxAnswer {
    const { status, transaction_id: id, type, user_id, asset, amount } = known;
    if (status === 'refused' && this.#has('rollback_of_refused'))
      this.grant(user_id, asset, amount);
    if (status === 'rolled_back' && this.#has('rollback_twice'))
      this.grant(user_id, asset, -this.#sign(known));
    if (status !== 'completed') return told(200, { ...known, idempotent: true });
    if (type === 'add' && this.balance(user_id, asset) < amount)
      return told(200, { ...known, code: 'POINTS_SPENT', idempotent: false });
    this.#do({ e: 'rolled_back', id, at });
    if (this.#has('rollback_idle')) this.grant(user_id, asset, this.#sign(known));
    return told(200, { ...known, status: 'rolled_back', idempotent: false });
  }

  #lookUp(id: string): SandboxAnswer {
    const kept = this.operationAt(id);
    if (kept === undefined && this.#has('lookup_guesses')) {
      const time = new Date(this.#now()).toISOString();
      const some = { type: 'add', status: 'completed', user_id: 'somebody', amount: 1, time };
      return told(200, { transaction_id: id, asset: this.#assets[0], ...some, idempotent: true });
    }
    if (kept === undefined || this.#has('lookup_absent')) return ABSENT;
    return told(200, { ...kept, idempotent: true });
  }

  #list(query: URLSearchParams): SandboxAnswer {
    const [from, until] = [timeIn(query.get('from')), timeIn(query.get('until'))];
    if (from === undefined) return invalid('from');
    if (until === undefined) return invalid('until');
    const limit = Number(query.get('limit') ?? PAGE);
    if (!Number.isInteger(limit) || limit < 1) return invalid('limit');
    const off = this.#has('list_local_time') ? 8 * HOUR_MS : 0;
    const start = from - off + (this.#has('list_from_exclusive') ? 1 : 0);
    const end = until - off + (this.#has('list_until_inclusive') ? 1 : 0);
    const cursor = query.get('cursor');
    let at = cursor === null ? this.#firstFrom(start) : Number(cursor);
    if (!Number.isInteger(at) || at < 0) return invalid('cursor');
    const operations: SandboxOperation[] = [];
    const isOver = (): boolean => (this.#ordered[at]?.at ?? end) >= end;
    for (; operations.length < Math.min(limit, PAGE) && !isOver(); at++) {
      const operation = this.#operations.get(this.#ordered[at]?.id ?? '')?.operation;
      const isHidden = this.#has('list_completed_only') && operation?.status !== 'completed';
      if (operation !== undefined && !isHidden) operations.push(operation);
    }
    const isLast = isOver() || this.#has('list_first_page');
    const next = this.#has('list_repeats') && operations.length > 1 ? at - 1 : at;
    return told(200, { operations, ...(isLast ? {} : { next: String(next) }) });
  }

  /** The place of the first operation that was asked for at a time, or later. */
  #firstFrom(time: number): number {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordered[middle]?.at ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #totals(query: URLSearchParams): SandboxAnswer {
    const asset = query.get('asset') ?? '';
    const until = timeIn(query.get('until'));
    if (!this.#assets.includes(asset)) return invalid('asset');
    if (until === undefined) return invalid('until');
    const sums = { total: 0, added: 0, deducted: 0 };
    if (this.#has('totals_stale')) return told(200, sums);
    for (const one of this.#moved)
      if (one.asset === asset && one.at < until) sums.total += one.amount;
    for (const { operation, at, rolledBackAt } of this.#operations.values()) {
      const { status, type, amount } = operation;
      const wasDone = status === 'completed' || status === 'rolled_back';
      if (operation.asset !== asset || !wasDone || at >= until) continue;
      const isUndone = rolledBackAt !== undefined && rolledBackAt < until;
      if (isUndone && !this.#has('totals_completed')) continue;
      sums[type === 'add' ? 'added' : 'deducted'] += amount;
    }
    return told(200, sums);
  }

  #user(user: string): SandboxAnswer {
    const isKnown = this.#users.has(user) || this.#has('user_guessed');
    return isKnown ? told(200, { user_id: user }) : ABSENT;
  }

  #makeUser(body: unknown): SandboxAnswer {
    if (typeof body !== 'object' || body === null) return invalid('body');
    const fields = body as Fields;
    for (const field of ['key', 'name', 'source_system', 'source_user_id'])
      if (typeof fields[field] !== 'string' || !NAME.test(fields[field])) return invalid(field);
    if (fields.imported !== true) return invalid('imported');
    if (this.#options.createsUsers === false)
      return told(422, { status: 'refused', code: 'USERS_NOT_MADE' });
    const key = fields.key as string;
    const known = this.#keys.get(key);
    if (known !== undefined && !this.#has('users_doubled')) return told(200, { user_id: known });
    const user = `u_${digest(`${key} ${this.#users.size}`).toString('hex').slice(0, 16)}`;
    this.#do({ e: 'user', user, key });
    return told(200, { user_id: user });
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** ISO 8601 in UTC. */
function timeIn(text: string | null): number | undefined {
  if (text === null || !ISO.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
