// This process as one node of several. Owns: the order in which it connects, claims, serves and stops. Never touches: shards and
// assets, but through its host.

import type { NatsWay } from '../bus/nats.js';
import { ASSETS_MAX } from '../limits.js';
import type { Asset, HistoryEntry, Refused } from '../protocol/outcomes.js';
import { validate } from '../protocol/validate.js';
import type { Decided } from '../shard/messages.js';
import { Batches, type BatchHost } from './batches.js';
import { ClaimError, Claims } from './claims.js';
import { type ClusterDescription, nodesByShard, shardsOf } from './description.js';
import { Link } from './link.js';
import { type ReadHost, type ReadType, readElsewhere, serveReads } from './reads.js';
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
}

/** Figures of a node's own connection. */
export interface NodeFigures {
  readonly connected: number;
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  /** Batches of other nodes that were carried out here. */
  readonly batchesDone: number;
}

/** What a node serves to others. */
export interface NodeHost extends BatchHost {
  readonly read: ReadHost;
  /** This node's assets, by number. */
  readonly assets: () => readonly Asset[];
  /** Takes what others have and this node has not. */
  readonly adopt: (assets: readonly Asset[]) => Promise<void>;
}

/** How long other nodes are waited for with their assets. */
const ASSETS_MS = 1_000;

export class ClusterNode {
  readonly link: Link;
  readonly here: readonly number[];
  readonly #options: ClusterOptions;
  readonly #nodes: readonly string[];
  readonly #claims: Claims;
  readonly #decided = new Map<number, (session: number, decided: Decided) => void>();
  readonly #changed = new Map<number, (entries: readonly HistoryEntry[]) => void>();
  #batches: Batches | undefined;
  #host: NodeHost | undefined;

  /** Throws where the options are wrong. */
  constructor(options: ClusterOptions, slotMap: Uint16Array) {
    const { nats: url, node, description: cluster } = options;
    this.#options = options;
    this.here = shardsOf(cluster, node);
    this.#nodes = nodesByShard(cluster);
    this.link = new Link({ url, cluster, node, onReconnect: () => this.#reconnected() });
    this.#claims = new Claims(this.link, this.here, slotMap);
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

  /** What another node says against this one. */
  get conflict(): string | undefined {
    return this.#claims.conflict;
  }

  get figures(): NodeFigures {
    return { ...this.link.connection.figures, batchesDone: this.#batches?.done ?? 0 };
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
    const { refusal } = this.link.connection;
    if (refusal !== undefined) throw new ClaimError(`NATS refuses this user: ${refusal}`);
  }

  #reconnected(): void {
    this.#claims.repeat();
    this.syncAssets().catch((error) => process.emitWarning(error as Error));
  }

  /** Answers other nodes' questions for assets, which is possible before anything else is. */
  hostAssets(host: NodeHost): void {
    this.#host = host;
    this.link.serve(this.link.subject('assets'), (bytes, answer) => {
      const assets = unpack(bytes, assetsOf);
      if (assets === undefined) return false;
      host.adopt(assets).then(
        () => answer(pack(host.assets())),
        (error) => process.emitWarning(error as Error),
      );
      return true;
    });
  }

  /** Tells the others this node's assets; resolves with what they have then. */
  async tellAssets(): Promise<Asset[][]> {
    const others = this.link.cluster.nodes.size - 1;
    if (this.#host === undefined || others === 0) return [];
    const mine = pack(this.#host.assets());
    const answers = await this.link.askAll(this.link.subject('assets'), mine, ASSETS_MS, others);
    return answers.flatMap((answer) => {
      const assets = unpack(answer, assetsOf);
      return assets === undefined ? [] : [assets];
    });
  }

  /** Tells them, and takes what they have more. */
  async syncAssets(): Promise<void> {
    for (const assets of await this.tellAssets()) await this.#host?.adopt(assets);
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
    this.#batches = new Batches(this.link, host);
    for (const shard of this.here) {
      this.#batches.serve(shard);
      serveReads(this.link, shard, host.read);
    }
    await this.link.connection.settled();
  }

  /** Reads on the node that has the shard. */
  read<T extends object>(shard: number, type: ReadType, asked: object): Promise<T | Refused> {
    return readElsewhere<T>(this.link, shard, type, asked);
  }

  /** Takes no more batches; resolves when those that were taken are answered. */
  async stopServing(): Promise<void> {
    await this.#batches?.close();
    await this.link.connection.settled();
  }

  close(): Promise<void> {
    return this.link.connection.close();
  }
}

function assetsOf(value: unknown): Asset[] {
  const assets = list(value, (item) => {
    expect(typeof item === 'object' && item !== null);
    const { asset, scale, lotTracked, lotGranularityMs, defaultExpiryMs, version } = item as Asset;
    const found = { asset, scale, lotTracked, lotGranularityMs, defaultExpiryMs, version };
    expect(validate({ type: 'define-asset', ...found }) === null);
    expect(Object.values(found).every((field) => field !== undefined));
    return found;
  });
  expect(assets.length <= ASSETS_MAX);
  return assets;
}
