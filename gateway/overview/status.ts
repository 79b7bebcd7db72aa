// How the ledger is, in figures, for who runs it. Owns: what is told of shards, nodes and readers of the logs. Never touches: what counts as ill, which
// `/health` judges; secrets, addresses.
//   overview.H1. It is of the node that is asked; of shards elsewhere it says that they are.
//   overview.H2. A part that does not answer in time is left out, and the rest is told.

import type { Engine, Stats } from '../../engine/index.js';
import { Documents } from '../documents.js';
import { inTime } from '../looking.js';
import type { Outbound } from '../outbound/outbound.js';
import type { Projections } from '../projections/projections.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { version } from '../version.js';

/** A copy of the folder that a server has made. */
export interface MadeBackup {
  /** The new folder. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by?: string | undefined;
  readonly shards: readonly number[];
  /** The last block copied of each of them. */
  readonly seqs: readonly number[];
}

/** Backups are remembered for so long, and so many are told. */
const BACKUP_KEPT_MS = 400 * 86_400_000;
const BACKUPS_TOLD = 10;
const TIME_DIGITS = 15;
const BACKUPS = new Documents<MadeBackup>('#backups', 'backup');

/** Remembers that a backup was made. */
export function noteBackup(
  ledger: Pick<Engine, 'own'>,
  made: MadeBackup,
): Promise<Refusal | undefined> {
  const key = String(made.at).padStart(TIME_DIGITS, '0');
  return BACKUPS.put(ledger, key, made, undefined, made.at + BACKUP_KEPT_MS);
}

/** How long one part may take to answer. */
const ANSWER_MS = 2_000;

export interface StatusParts {
  readonly engine: Engine;
  readonly outbound: Outbound | undefined;
  readonly projections: Projections | undefined;
  /** When this server began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** How it is. */
export async function statusOf(parts: StatusParts): Promise<object> {
  const { engine, outbound, projections, startedAt } = parts;
  const [stats, outbox, reports, backups] = await Promise.all([
    orNothing(engine.stats()),
    outbound === undefined ? undefined : orNothing(outbound.figures()),
    projections === undefined ? undefined : orNothing(projections.state()),
    orNothing(BACKUPS.all(engine)),
  ]);
  const { ready, reasons } = engine.readiness();
  const { node, disk, projections: followed, register } = stats ?? {};
  const made = backups === undefined || isRefusal(backups) ? [] : backups;
  return {
    at: engine.now(),
    version: version(),
    startedAt,
    ready,
    reasons,
    shards: shardsOf(engine, stats),
    disk: disk && {
      bytes: disk.bytes,
      freeBytes: disk.freeBytes,
      freeBytesMin: disk.freeBytesMin,
    },
    bus: node && {
      isConnected: node.connected === 1,
      sent: node.sent,
      received: node.received,
      dropped: node.dropped,
    },
    nodes: engine.beside.others.map((name) => ({
      node: name,
      clockAheadMs: node?.clocksAheadMs.get(name),
    })),
    followers: [
      ...(followed === undefined ? [] : [{ name: 'leaderboards and orders', ...lagOf(followed) }]),
      ...(register === undefined ? [] : [{ name: 'register', ...lagOf(register) }]),
      ...(outbox?.receivers ?? []).map(({ id, halted, shards }) => ({
        name: id,
        halted: halted ?? undefined,
        lagMs: Math.max(0, ...shards.map(({ lagMs }) => lagMs)),
        positions: shards.map(({ shard, seq }) => ({ shard, seq })),
      })),
    ],
    reports: reports && {
      state: reports.state,
      reason: reports.reason,
      lagBlocks: reports.figures?.lagBlocks,
      lagMs: reports.figures?.lagMs,
    },
    backups: made
      .map((one) => one.read())
      .slice(-BACKUPS_TOLD)
      .reverse(),
  };
}

const lagOf = ({ lagBlocks, lagMs }: NonNullable<Stats['register']>) => ({ lagBlocks, lagMs });

function shardsOf(engine: Engine, stats: Stats | undefined): readonly object[] {
  const here = new Map((stats?.shards ?? []).map((one) => [one.shard, one]));
  const disk = new Map((stats?.disk.shards ?? []).map((one) => [one.shard, one]));
  return Array.from({ length: engine.shards }, (_, shard) => {
    const found = here.get(shard);
    if (found === undefined) return { shard, isHere: engine.shardsHere.includes(shard) };
    const { seq, durableSeq, checkpointSeq, checkpointLagBytes, mailboxDepth, mailboxMax } = found;
    const { openTransfers, followUps, feedSubscriptions, feedLagBlocks, movedAt } = found;
    const { accounts, cacheBytes, commands, blocks, commitMsMax, clockBehindMs, bus } = found;
    const { logBytes, stateBytes } = disk.get(shard) ?? {};
    return {
      ...{ shard, isHere: true, seq, durableSeq, checkpointSeq, checkpointLagBytes },
      ...{ mailboxDepth, mailboxMax, openTransfers, followUps, feedSubscriptions, feedLagBlocks },
      ...{ movedAt, accounts, cacheBytes, commands, blocks, commitMsMax, clockBehindMs },
      ...{ logBytes, stateBytes, isConnected: stats?.node && bus.connected === 1 },
    };
  });
}

/** Undefined: it takes longer than is waited, or fails. */
const orNothing = <T>(asked: Promise<T>): Promise<T | undefined> =>
  inTime(asked, ANSWER_MS).catch(() => undefined);
