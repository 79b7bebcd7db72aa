// How each component is, and the worst of them. Owns: what counts as a warning, as degraded, as down. Never touches: state; it
// judges what the engine says of itself.
//   http.H17. Nothing is told that a stranger must not know: figures, numbers of shards and names of nodes, no hosts, places or ids.

import { access, constants } from 'node:fs/promises';
import type { Engine, Fault, Stats, VaultFigures } from '../../../engine/index.js';
import type { ChainStatus } from '../../anchor/shapes.js';
import { pendingCounts } from '../../clearing/pending.js';
import { json } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { inTime } from '../../looking.js';
import type { PartnerFigures } from '../../partners/figures.js';
import type { ProjectionState } from '../../projections/projections.js';
import type { TreesSeen } from '../../receipts/checkpoints.js';
import { isRefusal } from '../../refusal.js';
import type { Route, ServedLedger } from '../../route.js';
import type { Description } from '../../schema/description.js';
import { answer } from '../../schema/outcomes.js';
import { Type } from '../../schema/typebox.js';

/** From best to worst. */
const STATUSES = ['ok', 'warning', 'degraded', 'down'] as const;
export type Status = (typeof STATUSES)[number];

/** How one component is; `detail`: why it is not ok. */
export interface Component {
  readonly status: Status;
  readonly detail?: string | undefined;
}

/** How all of it is. */
export interface Health extends Component {
  readonly components: Readonly<Record<string, Component>>;
}

const status = Type.Union(STATUSES.map((name) => Type.Literal(name)));
const detail = Type.Optional(Type.String({ description: 'Why it is not ok.' }));
const Components = answer('Components', {
  status,
  detail,
  components: Type.Record(Type.String(), Type.Object({ status, detail })),
});

const componentsDescription: Description = {
  tag: 'operations',
  summary: 'How is each component?',
  details:
    'The worst of them is the status of all. `warning`: look at it; `degraded`: some of what is asked is refused or slow; `down`: nothing can be carried out.',
  answers: {
    200: { summary: 'It works, more or less.', schema: Components },
    503: { summary: 'It does not.', schema: Components },
  },
  refusals: [],
};

const FINE: Component = { status: 'ok' };
const MIB = 1024 * 1024;

/** The worst of some; of equal ones the first. */
function worst(all: readonly Component[]): Component {
  let found: Component = FINE;
  for (const one of all)
    if (STATUSES.indexOf(one.status) > STATUSES.indexOf(found.status)) found = one;
  return found;
}

const when = (holds: boolean, status: Status, detail: string): Component =>
  holds ? { status, detail } : FINE;

/** What makes the process unready is down, by component, and told in general: `/readyz` names it. */
function faulty(faults: readonly Fault[], component: Fault['component'], detail: string) {
  return worst(
    faults
      .filter((fault) => fault.component === component)
      .map(({ level }) => ({ status: level ?? 'down', detail })),
  );
}

/** The clocks of other nodes, by name: which one is wrong is not known here. */
function clockOf(faults: readonly Fault[]): Component {
  const clocks = faults.filter(({ component }) => component === 'clock');
  return worst(clocks.map(({ reason, level }) => ({ status: level ?? 'down', detail: reason })));
}

/** A clock that was set back, by shard: what is due waits until it has caught up. */
function behindOf({ shards }: Stats, { healthClockBehindMs }: GatewayLimits): Component {
  const behind = shards.filter(({ clockBehindMs }) => clockBehindMs > healthClockBehindMs);
  const ms = Math.floor(Math.max(0, ...behind.map(({ clockBehindMs }) => clockBehindMs)));
  const detail = `${shardsText(behind)}: the clock is ${ms} ms behind the last block; holds and expiries wait for it.`;
  return when(behind.length > 0, 'warning', detail);
}

function storeOf(stats: Stats, faults: readonly Fault[], limits: GatewayLimits): Component {
  const { freeBytes, freeBytesMin, bytes, daysLeft = Number.POSITIVE_INFINITY } = stats.disk;
  const stuck = stats.shards.filter(({ writingMs }) => writingMs > limits.healthCommitMs);
  return worst([
    faulty(faults, 'store', 'A shard is not recovered, or has stopped.'),
    when(
      freeBytes < freeBytesMin,
      'degraded',
      `${mib(freeBytes)} of disk are free: commands are refused, reads go on.`,
    ),
    when(freeBytes < limits.healthDiskBytesMin, 'degraded', `${mib(freeBytes)} of disk are free.`),
    when(stuck.length > 0, 'degraded', `${shardsText(stuck)}: a commit hangs.`),
    when(freeBytes < bytes / 10, 'warning', `${mib(freeBytes)} of disk are free.`),
    when(
      daysLeft < limits.healthDiskDays,
      'warning',
      `At the pace of the last day the disk is full in ${daysLeft.toFixed(1)} days.`,
    ),
    ...stats.segments.map(({ shard, problem }) =>
      when(problem !== undefined, 'warning', `Shard ${shard}: no segment is sealed: ${problem}.`),
    ),
  ]);
}

function mailboxesOf({ shards }: Stats): Component {
  const fullTo = (share: number) =>
    shards.filter(({ mailboxDepth, mailboxMax }) => mailboxDepth >= mailboxMax * share);
  return worst([
    when(fullTo(1).length > 0, 'degraded', `${shardsText(fullTo(1))}: commands are refused.`),
    when(fullTo(0.8).length > 0, 'warning', `${shardsText(fullTo(0.8))}: many commands wait.`),
  ]);
}

function checkpointsOf({ shards }: Stats): Component {
  const behind = Math.max(0, ...shards.map((shard) => shard.checkpointLagBytes));
  const detail = `A restart would replay ${mib(behind)} of a shard's log.`;
  return worst([
    when(behind > 2_048 * MIB, 'degraded', detail),
    when(behind > 512 * MIB, 'warning', detail),
  ]);
}

function clearingOf(
  { shards }: Stats,
  pending: number | undefined,
  { healthOpenMax, healthPendingMax }: GatewayLimits,
): Component {
  const open = shards.reduce((sum, shard) => sum + shard.openTransfers, 0);
  const isFull = pending !== undefined && pending > healthPendingMax;
  return worst([
    when(isFull, 'degraded', `${pending} exchanges wait for points of reserves.`),
    when(open > healthOpenMax, 'degraded', `${open} commands between shards are undecided.`),
  ]);
}

function feedsOf({ shards }: Stats): Component {
  const behind = Math.max(0, ...shards.map(({ feedLagBlocks }) => feedLagBlocks));
  return when(behind > 10_000, 'warning', `A subscription is ${behind} blocks behind.`);
}

/** Partners outside, as each answered last: nobody is asked for this. None: there are none. */
function platformsOf(partners: readonly PartnerFigures[]): { readonly platforms?: Component } {
  if (partners.length === 0) return {};
  const all = partners.map(({ guarded }) => guarded.figures);
  const count = (state: string): number => all.filter((one) => one?.state === state).length;
  const [down, tried] = [count('open'), count('half_open')];
  const halted = all.filter((one) => one === undefined).length;
  const of = `of ${all.length} partners outside`;
  const platforms = worst([
    when(down > 0, 'degraded', `${down} ${of} do not answer: exchanges with them wait.`),
    when(tried > 0, 'warning', `${tried} ${of} say that they are well again, and are tried.`),
    when(halted > 0, 'warning', `${halted} ${of} are asked nothing.`),
  ]);
  return { platforms };
}

/** Projections for reports; none: nobody has asked for any. Without them nothing else is missing: it is a warning at most. */
function reportsOf(
  state: ProjectionState | undefined,
  { healthReportsLagMs }: GatewayLimits,
): { readonly reports?: Component } {
  if (state === undefined || state.state === 'idle' || state.state === 'off') return {};
  const { lagMs = 0, lagBlocks = 0 } = state.figures ?? {};
  const reports = worst([
    when(
      state.state === 'starting' && state.failures > 0,
      'warning',
      'What keeps the projections for reports has ended, and begins anew.',
    ),
    when(state.state === 'building', 'warning', `${lagBlocks} blocks are to be projected first.`),
    when(
      state.state === 'following' && lagMs > healthReportsLagMs,
      'warning',
      `Reports are ${Math.floor(lagMs / 1_000)} seconds behind.`,
    ),
  ]);
  return { reports };
}

/** The chain that is set up, as the node with the first shard has seen it last; none: there is none, or it is another node's. */
function chainOf(status: ChainStatus | undefined): { readonly chain?: Component } {
  if (status === undefined) return {};
  const { state, why = '' } = status;
  const chain = worst([
    when(state === 'differs', 'degraded', 'Ledger and chain differ: nothing is anchored.'),
    when(state === 'unreachable', 'warning', `The chain is not reached: ${why}.`),
    when(state === 'starting', 'warning', `Nothing is anchored yet: ${why}.`),
  ]);
  return { chain };
}

/** Keys of personal data; none: nothing was ever sealed. What has nothing personal goes on without them. */
function vaultOf(figures: VaultFigures | undefined): { readonly vault?: Component } {
  if (figures === undefined || (figures.isOpen && figures.root === 0)) return {};
  const detail = 'The master key cannot be had: what is personal is neither sealed nor opened.';
  return { vault: when(!figures.isOpen, 'degraded', detail) };
}

/** Checkpoints of the logs of this node; none: receipts are off. */
function receiptsOf(
  engine: Engine,
  seen: TreesSeen | undefined,
): { readonly receipts?: Component } {
  if (!engine.receipts.isOn || seen === undefined) return {};
  const stopped = [...seen.forked.keys()].map((shard) => ({ shard }));
  const refusing = seen.asked.filter(({ state }) => state === 'ahead' || state === 'forked');
  const receipts = worst([
    when(stopped.length > 0, 'degraded', `${shardsText(stopped)}: no checkpoint is signed.`),
    when(refusing.length > 0, 'warning', `${shardsText(refusing)}: a witness does not cosign.`),
  ]);
  return { receipts };
}

const mib = (bytes: number): string => `${Math.floor(bytes / MIB)} MiB`;
const shardsText = (shards: readonly { readonly shard: number }[]): string =>
  `shard ${shards.map(({ shard }) => shard).join(', ')}`;

/** Judges the ledger behind a gateway. */
class HealthCheck {
  readonly #ledger: ServedLedger;
  readonly #limits: GatewayLimits;
  readonly #since = Date.now();
  /** An owner on each shard elsewhere, to ask for. */
  #probes: readonly (readonly [number, string])[] | undefined;
  #last:
    | { readonly at: number; readonly faults: string; readonly health: Promise<Health> }
    | undefined;

  constructor(ledger: ServedLedger, limits: GatewayLimits) {
    this.#ledger = ledger;
    this.#limits = limits;
  }

  /** How it is, or was a moment ago, but never with other faults than there are now: nobody is told what has been put right. */
  health(): Promise<Health> {
    const now = performance.now();
    const faults = JSON.stringify(this.#ledger.engine?.faults() ?? this.#ledger.unready);
    const last = this.#last;
    if (last !== undefined && now - last.at < this.#limits.healthKeptMs && last.faults === faults)
      return last.health;
    const health = this.#look();
    this.#last = { at: now, faults, health };
    return health;
  }

  async #look(): Promise<Health> {
    const { engine, unready } = this.#ledger;
    if (engine === undefined || unready !== undefined) {
      const store: Component = { status: 'down', detail: 'The ledger is being opened, or closed.' };
      return { ...store, components: { store } };
    }
    const [stats, pending, writable, silent] = await Promise.all([
      this.#inTime(engine.stats()),
      this.#pending(engine),
      this.#isWritable(engine),
      this.#silent(engine),
    ]);
    const faults = engine.faults();
    const behind = stats === undefined ? FINE : behindOf(stats, this.#limits);
    const clock = worst([clockOf(faults), behind]);
    const elsewhere = silent === undefined ? {} : { nodes: nodesOf(silent, faults) };
    const components =
      stats === undefined
        ? { shards: { status: 'degraded', detail: 'They do not answer in time.' } as const }
        : this.#judged(stats, pending, faults);
    const store = worst([
      when(!writable, 'down', 'The data folder cannot be written to.'),
      'store' in components ? components.store : FINE,
    ]);
    const platforms = platformsOf(this.#ledger.partners?.figures() ?? []);
    const reports = reportsOf(await this.#ledger.projections?.state(), this.#limits);
    const chain = chainOf(this.#ledger.anchoring?.status);
    const [figures, seen] = await Promise.all([
      this.#inTime(engine.vault.figures()),
      this.#inTime(this.#ledger.checkpoints?.seen() ?? Promise.resolve(undefined)),
    ]);
    const trust = { ...chain, ...vaultOf(figures), ...receiptsOf(engine, seen) };
    const beside = { ...platforms, ...reports, ...trust, ...elsewhere };
    const record = { ...recordOf(stats, faults), ...replicasOf(stats, faults) };
    const all = { ...components, store, ...record, clock, ...beside };
    const { status, detail } = worst(Object.values(all));
    return { status, detail, components: all };
  }

  #judged(stats: Stats, pending: number | undefined, faults: readonly Fault[]) {
    const limits = this.#limits;
    const moved = Math.max(this.#since, ...stats.shards.map(({ movedAt }) => movedAt));
    const quietMs = Date.now() - moved;
    const minutes = Math.floor(quietMs / 60_000);
    return {
      store: storeOf(stats, faults, limits),
      shards: mailboxesOf(stats),
      checkpoints: checkpointsOf(stats),
      clearing: clearingOf(stats, pending, limits),
      feeds: feedsOf(stats),
      transfers: when(
        quietMs > limits.healthQuietMs,
        'warning',
        `No points have moved for ${minutes} minutes.`,
      ),
      ...busOf(stats, faults),
    };
  }

  /** How many exchanges wait; undefined: that cannot be known now, which is no fault of theirs. */
  async #pending(engine: Engine): Promise<number | undefined> {
    const counts = await this.#inTime(pendingCounts(engine));
    if (counts === undefined || isRefusal(counts)) return undefined;
    return counts.reduce((sum, { pending }) => sum + pending, 0);
  }

  async #isWritable(engine: Engine): Promise<boolean> {
    return access(engine.folder, constants.W_OK).then(
      () => true,
      () => false,
    );
  }

  /** Undefined: it fails, or takes longer than may be waited. */
  #inTime<T>(asked: Promise<T>): Promise<T | undefined> {
    return inTime(asked, this.#limits.healthAnswerMs).catch(() => undefined);
  }

  /** Shards elsewhere that do not answer; undefined: there are no other nodes. */
  async #silent(engine: Engine): Promise<readonly { readonly shard: number }[] | undefined> {
    if (engine.shards === engine.shardsHere.length) return undefined;
    this.#probes ??= probesOf(engine);
    const answers = await Promise.all(
      this.#probes.map(async ([shard, owner]) => ({
        shard,
        answer: await this.#inTime(engine.balance(owner)),
      })),
    );
    return answers.filter(({ answer }) => !Array.isArray(answer));
  }
}

const nodesOf = (
  silent: readonly { readonly shard: number }[],
  faults: readonly Fault[],
): Component =>
  worst([
    faulty(
      faults,
      'nodes',
      'A shard was rolled back, or is served twice; or nodes are set up differently.',
    ),
    when(silent.length > 0, 'degraded', `${shardsText(silent)}: cannot be reached.`),
  ]);

/** Whether the log of record elsewhere acknowledges, where there is one. */
function recordOf(
  stats: Stats | undefined,
  faults: readonly Fault[],
): { readonly record?: Component } {
  if (stats?.record === undefined && !faults.some(({ component }) => component === 'record'))
    return {};
  return {
    record: faulty(faults, 'record', 'The log of record or its standby does not acknowledge.'),
  };
}

/** Whether another replica would take over, where there are replicas. */
function replicasOf(
  stats: Stats | undefined,
  faults: readonly Fault[],
): { readonly replicas?: Component } {
  if (stats?.replica === undefined) return {};
  return {
    replicas: faulty(faults, 'replicas', 'No other replica follows: none would take over.'),
  };
}

function busOf({ node, shards }: Stats, faults: readonly Fault[]): { readonly bus?: Component } {
  if (node === undefined) return {};
  const gone = [node, ...shards.map(({ bus }) => bus)].filter(({ connected }) => connected === 0);
  const detail = 'There is no connection to NATS: other nodes cannot be reached.';
  const bus = worst([
    faulty(
      faults,
      'bus',
      'Something that other nodes say is not heard, or cannot be said to them.',
    ),
    when(gone.length > 0, 'degraded', detail),
  ]);
  return { bus };
}

function probesOf(engine: Engine): readonly (readonly [number, string])[] {
  const wanted = new Set(Array.from({ length: engine.shards }, (_, shard) => shard));
  for (const shard of engine.shardsHere) wanted.delete(shard);
  const found: (readonly [number, string])[] = [];
  for (let at = 0; wanted.size > 0; at++) {
    const shard = engine.shardOf(`health-${at}`);
    if (wanted.delete(shard)) found.push([shard, `health-${at}`]);
  }
  return found;
}

/** `GET /health`: 503 where something is down. */
export function healthRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const check = new HealthCheck(ledger, limits);
  return [
    {
      method: 'GET',
      path: '/health',
      access: { by: 'anyone', needs: [] },
      module: 'operations',
      describes: componentsDescription,
      handle: async () => {
        const health = await check.health();
        return json(health.status === 'down' ? 503 : 200, health);
      },
    },
  ];
}
