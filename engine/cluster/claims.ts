// Who serves which shards. Owns: a node's claim on its shards, said again and again; what others claim, and how they are set up.
// Never touches: shards, what follows from it (tenure.ts).
//   cluster.N6. Of several that claim one shard at the same time, the one with the lowest token gets it; who has it keeps it.
//   cluster.N7. Nodes that understand each other wrongly (another slot map, other ranges, other versions) do not work together.
//   cluster.N13. Where one of several replicas leads a node, its claim has a term: one of a lower term counts for nothing against it. Which
//       term is right the seats know (../failover); who hears of a higher one answers nothing until it has asked there.
//   cluster.N8. Two that have a shard already hear each other within the time between two claims, and so does everybody else.
// A claim is no fence: a process that is stopped and goes on later, or that NATS does not reach, answers nobody. Against two
// processes on one folder there is the lock; against two copies of a folder, incarnations.

import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { WIRE_VERSION } from '../bus/fragments.js';
import { CLAIMS_STAND, NODE_NAME_LENGTH_MAX, NODES_MAX, SHARDS_MAX } from '../limits.js';
import { APPLY_VERSION } from '../protocol/block.js';
import { differenceOf } from './clocks.js';
import { shardsText } from './description.js';
import type { Link } from './link.js';
import { expect, list, pack, text, tuple, unpack, whole } from './wire.js';

/** A claim is asked so often at first, and each time waited so long: one message may be lost. */
const ROUNDS = 3;
const ROUND_MS = 150;
/** Processes that are kept account of: more are heard only where somebody makes them up. */
const PEERS_MAX = 4 * NODES_MAX;
/** Characters of what a claim says. */
const HOST_LENGTH_MAX = 255;
const PAIR_LENGTH_MAX = 16_384;
const PAIRS_MAX = 16;
const TOKEN_LENGTH = 16;

type Pairs = readonly (readonly [string, string])[];

/** A node says which shards are its own. The answer is the other one's claim. */
export interface Claim {
  readonly node: string;
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly shards: readonly number[];
  /** Is it serving them already? */
  readonly holds: boolean;
  /** Its clock, ms since 1970. */
  readonly at: number;
  /** What nodes must agree on to work together, by name. */
  readonly agreed: Pairs;
  /** What they should have in common, as far as it knows it yet: digests, by name. */
  readonly shared: Pairs;
  /** Of the replica that leads the node; 0: it has no replicas. */
  readonly term: number;
}

/** A process that serves shards, as far as it was heard. */
interface Peer {
  claim: Claim;
  /** performance.now() of the first and the last word. */
  readonly since: number;
  heardAt: number;
  /** By how much its clock is ahead of the one here, ms; where that was measured. */
  clockAheadMs: number;
}

/** Another node has what this one wants, or is not its like. */
export class ClaimError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClaimError';
  }
}

interface Settings {
  readonly link: Link;
  readonly shards: readonly number[];
  readonly slotMap: Uint16Array;
  readonly claimMs: number;
  /** The clock, ms since 1970. */
  readonly clock: () => number;
  /** See Claim. */
  readonly term: number;
  /** Told that somebody was heard who has what this node has. */
  readonly onRival: () => void;
}

export class Claims {
  readonly #settings: Settings;
  readonly #agreed: Pairs;
  /** See Claim. */
  shared: Pairs = [];
  readonly #token = randomBytes(TOKEN_LENGTH / 2).toString('hex');
  readonly #peers = new Map<string, Peer>();
  /** The highest term that was heard, by node. */
  readonly #terms = new Map<string, number>();
  #holds = false;
  /** Somebody with a better claim, met while claiming. */
  #better: string | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { link, slotMap } = settings;
    const { cluster } = link;
    const ranges = [...cluster.nodes].map(([node, served]) => `${node} ${shardsText(served)}`);
    const slots = createHash('sha256').update(slotMap).digest('hex').slice(0, 16);
    this.#agreed = [
      ['shards', `${cluster.shards}`],
      ['nodes', ranges.sort().join('; ')],
      ['slot map', slots],
      ['apply version', `${APPLY_VERSION}`],
      ['wire version', `${WIRE_VERSION}`],
    ];
    link.serve(link.subject('claim'), (bytes, answer) => {
      const claim = unpack(bytes, claimOf);
      if (claim === undefined) return false;
      this.#heard(claim);
      // A node that ends says so, and waits for no answer.
      if (claim.shards.length > 0) answer(this.#said(this.#settings.shards));
      return true;
    });
  }

  #said(shards: readonly number[]): Uint8Array {
    const { link, clock, term } = this.#settings;
    const place = [link.node, this.#token, hostname(), process.pid];
    const said = [...place, shards, this.#holds, clock(), this.#agreed, this.shared];
    // A node without replicas says what it always said.
    return pack(term === 0 ? said : [...said, term]);
  }

  /** Claims the shards. Rejects with ClaimError where somebody else has them, or is set up differently. */
  async take(): Promise<void> {
    const { connection } = this.#settings.link;
    for (let round = 0; round < ROUNDS; round++) {
      await this.ask();
      const odd = this.differences[0];
      if (this.#better !== undefined || odd !== undefined)
        throw new ClaimError(this.#better ?? odd ?? '');
      if (connection.isConnected) continue;
      await new Promise((next) => setTimeout(next, ROUND_MS));
      round = -1;
    }
    this.#holds = true;
    // So that it is known at once; the others' word on it was heard.
    this.ask();
  }

  /** Says which shards this node has; resolves when the others have answered. False: there is no connection. */
  async ask(): Promise<boolean> {
    const { link, shards, clock } = this.#settings;
    const from = clock();
    const answers = await link.askAll(link.subject('claim'), this.#said(shards), ROUND_MS);
    const to = clock();
    for (const answer of answers) {
      const claim = unpack(answer, claimOf);
      if (claim !== undefined) this.#heard(claim, differenceOf(claim.at, from, to));
    }
    return link.connection.isConnected;
  }

  /** This node serves nothing any more. */
  release(): void {
    this.#holds = false;
    const { link } = this.#settings;
    link.connection.publish(link.subject('claim'), this.#said([]), link.own('released'));
  }

  #heard(claim: Claim, clockAheadMs?: number): void {
    const { shards, onRival } = this.#settings;
    const { token } = claim;
    if (token === this.#token || this.#isPast(claim)) return;
    const now = performance.now();
    const shared = shards.find((shard) => claim.shards.includes(shard));
    if (!this.#holds) {
      const isBetter = claim.holds || claim.token < this.#token;
      if (shared !== undefined && isBetter) this.#better = servedBy(shared, claim);
      // Who has not begun either refuses what is different, as this one does.
      if (differs(this.#agreed, claim.agreed) === undefined && !claim.holds) return;
    } else if (!claim.holds) {
      this.#peers.delete(token);
      return;
    }
    const known = this.#peers.get(token);
    const ahead = clockAheadMs ?? known?.clockAheadMs ?? 0;
    if (known === undefined && this.peers.length >= PEERS_MAX) return;
    if (known === undefined)
      this.#peers.set(token, { claim, since: now, heardAt: now, clockAheadMs: ahead });
    else Object.assign(known, { claim, heardAt: now, clockAheadMs: ahead });
    if (this.#holds && shared !== undefined) onRival();
  }

  /** Is it of a replica that leads its node no more? Those that were heard before are forgotten when another one leads. */
  #isPast({ node, term }: Claim): boolean {
    const { link, term: own } = this.#settings;
    const known = Math.max(this.#terms.get(node) ?? 0, node === link.node ? own : 0);
    if (term < known) return true;
    if (term === known || !link.cluster.nodes.has(node)) return false;
    this.#terms.set(node, term);
    for (const [token, peer] of this.#peers)
      if (peer.claim.node === node && peer.claim.term < term) this.#peers.delete(token);
    return false;
  }

  /** Those whose claims stand. */
  get peers(): readonly Peer[] {
    const { claimMs } = this.#settings;
    const oldest = performance.now() - CLAIMS_STAND * claimMs - ROUND_MS;
    for (const [token, { heardAt }] of this.#peers) if (heardAt < oldest) this.#peers.delete(token);
    return [...this.#peers.values()];
  }

  /** Who else says that it has shards of this node: a sentence; undefined: nobody. */
  get rival(): string | undefined {
    for (const { claim } of this.peers) {
      const shared = this.#settings.shards.find((shard) => claim.shards.includes(shard));
      if (shared !== undefined) return servedBy(shared, claim);
    }
    return undefined;
  }

  /** Shards of other nodes that two processes have, each with a sentence. */
  get disputed(): ReadonlyMap<number, string> {
    const found = new Map<number, string>();
    const peers = [...this.peers].sort((a, b) => a.since - b.since);
    for (const [i, first] of peers.entries())
      for (const second of peers.slice(i + 1)) {
        // One that started in place of another, which has said nothing since, is its successor.
        if (first.heardAt < second.since) continue;
        for (const shard of first.claim.shards)
          if (second.claim.shards.includes(shard))
            found.set(
              shard,
              `shard ${shard} is served twice: ${by(first.claim)} and ${by(second.claim)}`,
            );
      }
    return found;
  }

  /** Nodes that do not understand this one: a sentence each. */
  get differences(): readonly string[] {
    const found = this.peers.flatMap(({ claim }) => {
      const odd = differs(this.#agreed, claim.agreed);
      return odd === undefined ? [] : [`node ${claim.node} is set up differently: ${odd}`];
    });
    const { link, claimMs } = this.#settings;
    const version = link.connection.strangeVersion(CLAIMS_STAND * claimMs);
    // What it says cannot be read, its name neither.
    if (version !== undefined)
      found.push(
        `a node is of another release: its wire version is ${version}, here it is ${WIRE_VERSION}`,
      );
    return found;
  }

  /** What nodes should have in common and have not: a sentence each. */
  get unshared(): readonly string[] {
    return this.peers.flatMap(({ claim }) => {
      const theirs = new Map(claim.shared);
      const odd = this.shared.filter(([name, digest]) => (theirs.get(name) ?? digest) !== digest);
      return odd.map(
        ([name]) =>
          `node ${claim.node} has another ${name} than this node: copy one node's to the others, and restart those`,
      );
    });
  }

  /** By how much the clock of each other node is ahead of the one here. */
  get clocks(): ReadonlyMap<string, number> {
    const { nodes } = this.#settings.link.cluster;
    const known = this.peers.filter(({ claim }) => nodes.has(claim.node));
    return new Map(known.map(({ claim, clockAheadMs }) => [claim.node, clockAheadMs]));
  }
}

function differs(ours: Pairs, theirs: Pairs): string | undefined {
  const given = new Map(ours);
  const odd = theirs.find(([name, value]) => given.get(name) !== value);
  return odd && `its ${odd[0]} is ${odd[1]}, here it is ${given.get(odd[0]) ?? 'not given'}`;
}

const by = ({ node, host, pid }: Claim): string => `by node ${node} (host ${host}, process ${pid})`;
const servedBy = (shard: number, claim: Claim): string => `shard ${shard} is served ${by(claim)}`;

function claimOf(value: unknown): Claim {
  const isOfReplica = Array.isArray(value) && value.length === 10;
  const [node, token, host, pid, shards, holds, at, agreed, shared, term = 0] = tuple(
    value,
    isOfReplica ? 10 : 9,
  );
  expect(typeof holds === 'boolean');
  return {
    node: short(node, NODE_NAME_LENGTH_MAX),
    token: short(token, TOKEN_LENGTH),
    host: short(host, HOST_LENGTH_MAX),
    pid: whole(pid),
    shards: list(shards, (shard) => whole(shard, 0, SHARDS_MAX - 1)),
    holds,
    at: whole(at),
    agreed: pairs(agreed),
    shared: pairs(shared),
    term: whole(term),
  };
}

function short(value: unknown, lengthMax: number): string {
  const said = text(value);
  expect(said.length <= lengthMax);
  return said;
}

function pairs(value: unknown): Pairs {
  const found = list(value, pairOf);
  expect(found.length <= PAIRS_MAX);
  return found;
}

function pairOf(pair: unknown): readonly [string, string] {
  const [name, said] = tuple(pair, 2);
  return [short(name, PAIR_LENGTH_MAX), short(said, PAIR_LENGTH_MAX)];
}
