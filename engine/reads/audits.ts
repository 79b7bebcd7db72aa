// The audit trail over all shards, page by page. Owns: which shard is asked, how their records come together, cursors. Never touches: logs, keys.
//   reads.D1. A page has the newest records that fit of all shards. What a shard has not looked at yet may be newer than what another one has found:
//       that waits for the next page.

import type { ClusterNode } from '../cluster/node.js';
import {
  AUDIT_PAGE_BYTES,
  AUDIT_PAGE_DEFAULT,
  AUDIT_PAGE_MAX,
  OWNER_LENGTH_MAX,
  PRINCIPAL_LENGTH_MAX,
  TIME_MAX_MS,
} from '../limits.js';
import { COMMANDS } from '../protocol/commands.js';
import { type Granted, unpackGrants } from '../protocol/grants.js';
import { murmur3 } from '../protocol/hash.js';
import {
  type AuditPage,
  type AuditRecord,
  isRefusal,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import type { AuditQuery } from '../protocol/reads.js';
import { isRefusalCode } from '../protocol/refusals.js';
import { isActName, isId } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { AuditRead, AuditStretch, Place } from '../trail/page.js';
import { isTime } from './as-of.js';
import type { Histories } from './histories.js';

/** How the folder's keys are read. */
export interface AuditSource {
  readonly auditDays: number;
  readonly clockOffset: SharedArrayBuffer | undefined;
}

/** Behind everything that a shard has. */
const NEWEST: Place = { seq: Number.MAX_SAFE_INTEGER, index: 0 };
/** Before everything. */
const OLDEST: Place = { seq: 0, index: 0 };

export class Audits {
  readonly #router: Router;
  readonly #node: ClusterNode | undefined;
  readonly #histories: Histories;
  readonly #source: AuditSource;

  constructor(
    router: Router,
    node: ClusterNode | undefined,
    histories: Histories,
    source: AuditSource,
  ) {
    this.#router = router;
    this.#node = node;
    this.#histories = histories;
    this.#source = source;
  }

  async page(query: AuditQuery, granted: Granted): Promise<AuditPage | Refused> {
    const no = forbidden(granted);
    if (no !== undefined) return no;
    const field = queryProblem(query);
    if (field !== null) return refused('QUERY_INVALID', field);
    const { shards } = this.#router.folder;
    const { cursor, limit = AUDIT_PAGE_DEFAULT, ...asked } = query;
    const mark = cursorMark(asked);
    const places =
      cursor === undefined ? new Array<Place>(shards).fill(NEWEST) : placesIn(cursor, mark, shards);
    if (places === undefined) return refused('CURSOR_INVALID', 'cursor');
    const { from = 0, to = TIME_MAX_MS + 1, ...fits } = asked;
    const filter = { from, to, ...fits, limit };
    const found = await Promise.all(
      places.map((before, shard): Promise<AuditStretch | Refused> | AuditStretch =>
        before.seq === 0
          ? NOTHING
          : this.#read(shard, { ...filter, before, bytes: AUDIT_PAGE_BYTES }, granted),
      ),
    );
    const stretches: AuditStretch[] = [];
    for (const one of found) {
      if (isRefusal(one)) return one;
      stretches.push(one);
    }
    const records = newest(stretches, limit);
    const ends = stretches.map((one) => endOf(one, records));
    const isOver = ends.every(({ seq }) => seq === 0);
    return { ok: true, records, cursor: isOver ? undefined : cursorOf(ends, mark) };
  }

  /** What another node asks of a shard here; it has been checked no further than that it is an object. */
  async serve(
    shard: number,
    { grants, ...asked }: Readonly<Record<string, unknown>>,
  ): Promise<AuditStretch | Refused> {
    const granted = unpackGrants(grants as Uint8Array);
    const no = forbidden(granted);
    if (no !== undefined) return no;
    const { before, from, to, limit, ...rest } = asked as object as AuditRead;
    const { principal, owner, operation, act, programme, type, outcome, id } = rest;
    const fits = { principal, owner, operation, act, programme, type, outcome, id };
    const isPlace = Number.isSafeInteger(before?.seq) && Number.isSafeInteger(before?.index);
    const field = queryProblem({ ...fits, limit });
    if (!isPlace || !isTime(from) || !Number.isSafeInteger(to) || field !== null)
      return refused('QUERY_INVALID', field ?? 'cursor');
    const filter = { from, to, ...fits, limit };
    return this.#readHere(shard, { ...filter, before, bytes: AUDIT_PAGE_BYTES });
  }

  #read(shard: number, read: AuditRead, { packed }: Granted): Promise<AuditStretch | Refused> {
    if (this.#router.folder.here.includes(shard)) return this.#readHere(shard, read);
    if (this.#node === undefined) throw new Error(`shard ${shard} is on no node`);
    return this.#node.read<AuditStretch>(shard, 'audit', { ...read, grants: packed });
  }

  #readHere(shard: number, read: AuditRead): Promise<AuditStretch> {
    const { path: folder } = this.#router.folder;
    return this.#histories.read({ type: 'audit', folder, shard, read, ...this.#source });
  }
}

const NOTHING: AuditStretch = {
  records: [],
  began: OLDEST,
  reached: Number.NEGATIVE_INFINITY,
};

/** Who asked for what is of the whole ledger. */
function forbidden(granted: Granted): Refused | undefined {
  if (!granted.may('read-audit')) return refused('OPERATION_FORBIDDEN');
  if (granted.owner !== undefined) return refused('OWNER_FORBIDDEN');
  return granted.assetsOf('read-audit') === undefined ? undefined : refused('ASSET_FORBIDDEN');
}

/** Characters of an id with whose it is, and of what it caused. */
const AUDIT_ID_MAX = 256;

const isOutcome = (value: unknown): boolean =>
  value === 'ok' || value === 'refused' || isRefusalCode(value as string);

const isName = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value !== '' && value.length <= most;

/** The field of a query that is wrong; null: none. */
function queryProblem(query: AuditQuery): string | null {
  const { from, to, principal, owner, operation, limit, cursor } = query;
  const { act, programme, type, outcome, id } = query;
  if (from !== undefined && !isTime(from)) return 'from';
  if (to !== undefined && !isTime(to)) return 'to';
  if (principal !== undefined && !isName(principal, PRINCIPAL_LENGTH_MAX)) return 'principal';
  if (owner !== undefined && !isName(owner, OWNER_LENGTH_MAX)) return 'owner';
  if (operation !== undefined && !Object.hasOwn(COMMANDS, operation)) return 'operation';
  if (act !== undefined && !isActName(act)) return 'act';
  if (programme !== undefined && !isId(programme)) return 'programme';
  if (type !== undefined && !isId(type)) return 'type';
  if (outcome !== undefined && !isOutcome(outcome)) return 'outcome';
  if (id !== undefined && !isName(id, AUDIT_ID_MAX)) return 'id';
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= AUDIT_PAGE_MAX))
    return 'limit';
  return cursor !== undefined && typeof cursor !== 'string' ? 'cursor' : null;
}

const isNewer = (one: AuditRecord, other: AuditRecord): number =>
  other.time - one.time ||
  one.shard - other.shard ||
  other.seq - one.seq ||
  other.index - one.index;

/** The newest of all, as far as every shard has looked. */
function newest(stretches: readonly AuditStretch[], limit: number): AuditRecord[] {
  const since = Math.max(...stretches.map(({ reached }) => reached));
  return stretches
    .flatMap(({ records }) => records.filter(({ time }) => time >= since))
    .sort(isNewer)
    .slice(0, limit);
}

/** Where the next page goes on in a shard. */
function endOf({ records, began, next }: AuditStretch, told: readonly AuditRecord[]): Place {
  const all = new Set(told);
  const count = records.findIndex((record) => !all.has(record));
  if (count < 0) return next ?? OLDEST;
  const last = records[count - 1];
  return last === undefined ? began : { seq: last.seq, index: last.index };
}

const cursorMark = (query: AuditQuery): string => {
  const { from, to, principal, owner, operation } = query;
  return murmur3(JSON.stringify([from, to, principal, owner, operation]), 7).toString(36);
};

function cursorOf(places: readonly Place[], mark: string): string {
  const text = places.map(({ seq, index }) => `${seq.toString(36)}.${index.toString(36)}`);
  return Buffer.from(`${mark} ${text.join(' ')}`).toString('base64url');
}

/** The places in a cursor; undefined: it is none of this question. */
function placesIn(cursor: string, mark: string, shards: number): Place[] | undefined {
  const [found, ...texts] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  if (found !== mark || texts.length !== shards) return undefined;
  const places = texts.map((text) => {
    const [seq, index] = text.split('.').map((part) => Number.parseInt(part, 36));
    return { seq: seq as number, index: index as number };
  });
  const isSound = ({ seq, index }: Place): boolean =>
    Number.isSafeInteger(seq) && seq >= 0 && Number.isSafeInteger(index) && index >= 0;
  return places.every(isSound) ? places : undefined;
}
