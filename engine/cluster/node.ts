// This process as one node of several. Owns: the order in which it connects, claims, serves and stops. Never touches: shards and
// assets, but through its host.

import type { NatsWay } from '../bus/nats.js';
import { ASSETS_MAX, CLAIM_MS, CLOCK_DIFFERENCE_MS, CLOCK_DIFFERENCE_MS_MAX } from '../limits.js';
import { type Asset, assetOf, type HistoryEntry, type Refused } from '../protocol/outcomes.js';
import { validate } from '../protocol/validate.js';
import type { Decided } from '../shard/messages.js';
import { Batches, type BatchHost } from './batches.js';
import { ClaimError, Claims } from './claims.js';
import { judgeClocks } from './clocks.js';
import { type ClusterDescription, nodesByShard, shardsOf } from './description.js';
import { Link } from './link.js';
import { type ReadHost, type ReadType, readElsewhere, serveReads } from './reads.js';
import { Tenure, type TenureHost } from './tenure.js';
import { expect, list, pack, packChanged, unpack, unpackChanged, unpackDecided } from './wire.js';

/** How one node of a cluster is opened. */
export interface ClusterOptions {
  /** nats://[user:password@]host:port */
  readonly nats: string;
  /** Which of the description's nodes this is. */
  readonly node: string;
  readonly description: ClusterDescription;
  /** An operator's word that these shards of other nodes may come back with less than was seen of them. */
  readonly acceptRolledBack?: readonly number[] | undefined;
  /** Told why it does not go on yet, each time that changes: NATS is not there. */
  readonly onWaiting?: ((why: string) => void) | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** How often the node says which shards it serves, ms. Default limits.CLAIM_MS. */
  readonly claimMs?: number | undefined;
  /** By how much clocks of nodes may differ before it is told, and before a node is not ready, ms. Defaults in limits. */
  readonly clockDifferenceMs?: number | undefined;
  readonly clockDifferenceMsMax?: number | undefined;
}

/** What a node is opened with beside the options. */
export interface NodeSetting {
  readonly slotMap: Uint16Array;
  /** The clock, ms since 1970. */
  readonly clock: () => number;
  /** Where one of several replicas leads the node: its term, and by which session others know this life. */
  readonly led?: { readonly term: number; readonly session: number } | undefined;
  /** Told that somebody was heard who has what this node has. */
  readonly onRival?: (() => void) | undefined;
}

/** What is wrong between this node and the others, by component. */
export interface NodeFault {
  readonly component: 'bus' | 'clock' | 'nodes';
  readonly reason: string;
  /** Left out: the node is not ready. */
  readonly level: 'warning' | 'degraded' | undefined;
}

/** Figures of a node's own connection. */
export interface NodeFigures {
  readonly connected: number;
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  /** Batches of other nodes that were carried out here. */
  readonly batchesDone: number;
  /** By how many ms the clock of each other node is ahead of the one here. */
  readonly clocksAheadMs: ReadonlyMap<string, number>;
}

/** What a node serves to others. */
export interface NodeHost extends BatchHost, TenureHost {
  readonly read: ReadHost;
  /** This node's assets, by number. */
  readonly assets: () => readonly Asset[];
  /** Takes what others have and this node has not. */
  readonly adopt: (assets: readonly Asset[]) => Promise<void>;
}

/** How long other nodes are waited for with their assets. */
const ASSETS_MS = 1_000;
/** The same where none was heard yet. */
const ASSETS_ALONE_MS = 150;

export class ClusterNode {
  readonly link: Link;
  readonly here: readonly number[];
  readonly #options: ClusterOptions;
  readonly #nodes: readonly string[];
  readonly tenure: Tenure;
  readonly #claims: Claims;
  /** By shard here: what its connection does not hear, and where it may not publish. */
  readonly #shardProblems = new Map<number, readonly string[]>();
  /** Why assets cannot be exchanged. */
  #assetProblem: string | undefined;
  readonly #decided = new Map<number, (session: number, decided: Decided) => void>();
  readonly #changed = new Map<number, (entries: readonly HistoryEntry[]) => void>();
  #batches: Batches | undefined;
  #host: NodeHost | undefined;

  /** Throws where the options are wrong. */
  constructor(options: ClusterOptions, { slotMap, clock, led, onRival }: NodeSetting) {
    const { nats: url, node, description: cluster, claimMs = CLAIM_MS } = options;
    this.#options = options;
    this.here = shardsOf(cluster, node);
    this.#nodes = nodesByShard(cluster);
    const onReconnect = () => this.#reconnected();
    const { session } = led ?? {};
    this.link = new Link({ url, cluster, node, session, onReconnect, onProblems: warnOf });
    this.#claims = new Claims({
      link: this.link,
      shards: this.here,
      slotMap,
      claimMs,
      clock,
      term: led?.term ?? 0,
      onRival: () => {
        this.tenure.rivalled();
        onRival?.();
      },
    });
    this.tenure = new Tenure(this.#claims, claimMs);
    for (const other of cluster.nodes.keys())
      if (other !== node) this.link.connection.reaches(this.link.subject('node', other, 'proof'));
    this.#nodes.forEach((other, shard) => {
      if (other === node) return;
      for (const what of ['commands', 'reads'])
        this.link.connection.reaches(this.link.subject(what, shard));
    });
    this.link.hear('decided', (bytes) => {
      const sent = unpackDecided(bytes);
      if (sent !== undefined) this.#decided.get(sent.shard)?.(sent.session, sent.decided);
    });
    this.link.hear('changed', (bytes) => {
      const sent = unpackChanged(bytes);
      if (sent === undefined) this.link.connection.rejected();
      else this.#changed.get(sent.shard)?.(sent.entries);
    });
  }

  /** The way of a shard's thread to those elsewhere. */
  wayOf(incarnation: string): NatsWay {
    const { nats: url, node, description, acceptRolledBack: forget = [] } = this.#options;
    return { url, prefix: description.name, node, session: this.link.session, incarnation, forget };
  }

  nodeOf(shard: number): string {
    return this.#nodes[shard] as string;
  }

  /** What this node should have in common with the others: digests, by name. */
  share(shared: Readonly<Record<string, string>>): void {
    this.#claims.shared = Object.entries(shared);
    this.#claims.ask();
  }

  /** What the connection of a shard here does not hear, and where it may not publish. */
  shardHears(shard: number, problems: readonly string[]): void {
    const before = this.#shardProblems.get(shard) ?? [];
    this.#shardProblems.set(shard, problems);
    warnOf(problems, before);
  }

  /** What is wrong between this node and the others. */
  get faults(): readonly NodeFault[] {
    const found: NodeFault[] = [];
    const { clockDifferenceMs = CLOCK_DIFFERENCE_MS } = this.#options;
    const { clockDifferenceMsMax = CLOCK_DIFFERENCE_MS_MAX } = this.#options;
    const add = (
      component: NodeFault['component'],
      reasons: Iterable<string>,
      level?: NodeFault['level'],
    ): void => {
      for (const reason of reasons) found.push({ component, reason, level });
    };
    const { doubt, disputed } = this.tenure;
    if (doubt !== undefined) add('nodes', [doubt]);
    add('bus', [...this.link.connection.problems, ...[...this.#shardProblems.values()].flat()]);
    add('nodes', [...this.#claims.differences, ...this.#claims.unshared]);
    if (this.#assetProblem !== undefined) add('nodes', [this.#assetProblem]);
    add('nodes', disputed.values(), 'degraded');
    const clocks = judgeClocks(this.#claims.clocks, clockDifferenceMs, clockDifferenceMsMax);
    add('clock', clocks.faults);
    add('clock', clocks.warnings, 'warning');
    return found;
  }

  get figures(): NodeFigures {
    return {
      ...this.link.connection.figures,
      batchesDone: this.#batches?.done ?? 0,
      clocksAheadMs: this.#claims.clocks,
    };
  }

  /** Connects, waiting until NATS is there, and claims the shards. Rejects where another node has one. */
  async join(): Promise<void> {
    const { signal, onWaiting } = this.#options;
    let said = '';
    await this.link.connection.seek((error) => {
      signal?.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'AUTHORIZATION_VIOLATION')
        throw new ClaimError('NATS does not let this user in');
      const why = `waiting for NATS: ${error.message}`;
      if (why !== said) onWaiting?.(why);
      said = why;
    });
    await this.#claims.take();
    await this.link.connection.prove();
    // Without these a claim is worth nothing. What else is not heard keeps the node from being ready.
    const needed = [this.link.subject('claim'), this.link.own('')];
    const { problems } = this.link.connection;
    const problem = problems.find((said) => needed.some((subject) => said.includes(` ${subject}`)));
    if (problem !== undefined) throw new ClaimError(`NATS refuses this user: ${problem}`);
  }

  #reconnected(): void {
    this.#claims.ask();
    this.syncAssets().catch((error) => process.emitWarning(error as Error));
  }

  /** Takes assets of another node. Rejects where that cannot be. */
  async #adopt(host: NodeHost, assets: readonly Asset[]): Promise<void> {
    try {
      await host.adopt(assets);
      this.#assetProblem = undefined;
    } catch (error) {
      this.#assetProblem = (error as Error).message;
      throw error;
    }
  }

  /** Answers other nodes' questions for assets, which is possible before anything else is. */
  hostAssets(host: NodeHost): void {
    this.#host = host;
    this.link.serve(this.link.subject('assets'), (bytes, answer) => {
      const assets = unpack(bytes, assetsOf);
      if (assets === undefined) return false;
      this.#adopt(host, assets).then(
        () => answer(pack(host.assets())),
        (error) => process.emitWarning(error as Error),
      );
      return true;
    });
  }

  /** Tells the others this node's assets; resolves with what they have then. */
  async tellAssets(): Promise<Asset[][]> {
    if (this.#host === undefined || this.link.cluster.nodes.size === 1) return [];
    const mine = pack(this.#host.assets());
    // As many as were heard answer, or are waited for. Who comes later asks by itself.
    const others = this.#claims.peers.length;
    const limitMs = others === 0 ? ASSETS_ALONE_MS : ASSETS_MS;
    const subject = this.link.subject('assets');
    const answers = await this.link.askAll(subject, mine, limitMs, Math.max(1, others));
    return answers.flatMap((answer) => {
      const assets = unpack(answer, assetsOf);
      return assets === undefined ? [] : [assets];
    });
  }

  /** Tells them, and takes what they have more. */
  async syncAssets(): Promise<void> {
    const host = this.#host;
    if (host === undefined) return;
    for (const assets of await this.tellAssets()) await this.#adopt(host, assets);
  }

  /** Calls `heard` with decisions on a shard elsewhere that callers here wait for, and the session of its node. */
  hear(shard: number, heard: (session: number, decided: Decided) => void): void {
    this.#decided.set(shard, heard);
  }

  /** Calls `heard` with changes of balances on a shard elsewhere, each time those of one owner. */
  hearChanges(shard: number, heard: (entries: readonly HistoryEntry[]) => void): void {
    this.#changed.set(shard, heard);
  }

  /** Tells a session of another node of changes of balances on a shard here. */
  tellChanges(
    node: string,
    session: number,
    shard: number,
    entries: readonly HistoryEntry[],
  ): void {
    const place = this.link.subject('node', node, session, 'changed');
    this.link.tell(place, packChanged({ shard, entries }));
  }

  /** Begins to serve; resolves when the NATS server knows, so that nobody who asks from then on is told that nobody is here. */
  async serve(host: NodeHost): Promise<void> {
    this.#batches = new Batches(this.link, host, () => this.tenure.isSure);
    for (const shard of this.here) {
      this.#batches.serve(shard);
      serveReads(this.link, shard, host.read, () => this.tenure.isSure);
    }
    await this.link.connection.prove();
    this.tenure.start(host);
  }

  /** Reads on the node that has the shard. */
  read<T extends object>(shard: number, type: ReadType, asked: object): Promise<T | Refused> {
    return readElsewhere<T>(this.link, shard, type, asked);
  }

  /** Takes no more batches; resolves when those that were taken are answered. */
  async stopServing(): Promise<void> {
    this.tenure.stop();
    await this.#batches?.close();
    this.#claims.release();
    await this.link.connection.settled();
  }

  close(): Promise<void> {
    return this.link.connection.close();
  }
}

/** On stderr, once each: who reads no `/readyz` must see it, too. */
function warnOf(problems: readonly string[], before: readonly string[]): void {
  for (const problem of problems) if (!before.includes(problem)) process.emitWarning(problem);
}

function assetsOf(value: unknown): Asset[] {
  const assets = list(value, (item) => {
    expect(typeof item === 'object' && item !== null);
    const found = assetOf(item as Asset, (item as Asset).version);
    expect(validate({ type: 'define-asset', ...found }) === null);
    const { scale, lotTracked, lotGranularityMs, defaultExpiryMs, version } = item as Asset;
    const always = [scale, lotTracked, lotGranularityMs, defaultExpiryMs, version];
    expect(always.every((field) => field !== undefined));
    return found;
  });
  expect(assets.length <= ASSETS_MAX);
  return assets;
}
