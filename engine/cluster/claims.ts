// Who serves which shards. Owns: a node's claim on its shards, and what it answers to others'. Never touches: shards.
//   N6. Of several that claim one shard at the same time, the one with the lowest token gets it; who has it keeps it.
//   N7. Nodes that understand each other wrongly (another slot map, other ranges, other versions) do not work together.
// A claim is no fence: a process that is stopped and goes on later, or that NATS does not reach, answers nobody. Against two
// processes on one folder there is the lock; against two copies of a folder, incarnations.

import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { WIRE_VERSION } from '../bus/fragments.js';
import { APPLY_VERSION } from '../protocol/block.js';
import { CODEC_VERSION } from '../protocol/layout.js';
import { shardsText } from './description.js';
import type { Link } from './link.js';
import { expect, list, pack, text, tuple, unpack, whole } from './wire.js';

/** A claim is asked so often, and each time waited so long: one message may be lost. */
const ROUNDS = 3;
const ROUND_MS = 150;

/** A node says which shards are its own. */
interface Claim {
  readonly node: string;
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly shards: readonly number[];
  /** Is it serving them already? */
  readonly holds: boolean;
  /** What nodes must agree on, by name. */
  readonly agreed: readonly (readonly [string, string])[];
}

/** Another node has what this one wants, or is not its like. */
export class ClaimError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClaimError';
  }
}

export class Claims {
  readonly #link: Link;
  readonly #agreed: readonly (readonly [string, string])[];
  readonly #shards: readonly number[];
  readonly #token = randomBytes(8).toString('hex');
  #holds = false;
  /** Somebody with a better claim, met while claiming. */
  #better: string | undefined;
  /** What another node said when this one came back to NATS. */
  conflict: string | undefined;

  constructor(link: Link, shards: readonly number[], slotMap: Uint16Array) {
    this.#link = link;
    this.#shards = shards;
    const { cluster } = link;
    const ranges = [...cluster.nodes].map(([node, served]) => `${node} ${shardsText(served)}`);
    const slots = createHash('sha256').update(slotMap).digest('hex').slice(0, 16);
    this.#agreed = [
      ['shards', `${cluster.shards}`],
      ['nodes', ranges.sort().join('; ')],
      ['slot map', slots],
      ['codec version', `${CODEC_VERSION}`],
      ['apply version', `${APPLY_VERSION}`],
      ['wire version', `${WIRE_VERSION}`],
    ];
    link.serve(link.subject('claim'), (bytes, answer) => this.#hear(bytes, answer));
  }

  #claim(): Uint8Array {
    const { node } = this.#link;
    return pack([
      node,
      this.#token,
      hostname(),
      process.pid,
      this.#shards,
      this.#holds,
      this.#agreed,
    ]);
  }

  /** Claims the shards. Rejects with ClaimError where somebody else has them. */
  async take(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const objection = await this.#objection();
      if (objection !== undefined) throw new ClaimError(objection);
      if (!this.#link.connection.isConnected) round = -1;
    }
    this.#holds = true;
  }

  async #objection(): Promise<string | undefined> {
    const answers = await this.#link.askAll(this.#link.subject('claim'), this.#claim(), ROUND_MS);
    for (const answer of answers) {
      const said = unpack(answer, text);
      if (said !== undefined) return said;
    }
    if (!this.#link.connection.isConnected) await new Promise((done) => setTimeout(done, ROUND_MS));
    return this.#better;
  }

  /** Says again what this node has: after NATS was away, somebody may have taken it. */
  async repeat(): Promise<void> {
    if (this.#holds) this.conflict = await this.#objection();
  }

  #hear(bytes: Uint8Array, answer: (bytes: Uint8Array) => void): boolean {
    const claim = unpack(bytes, claimOf);
    if (claim === undefined) return false;
    const { node } = this.#link;
    const differs = this.#difference(claim);
    if (differs !== undefined) {
      answer(pack(`node ${node} is set up differently: ${differs}`));
      return true;
    }
    const shared = this.#shards.find((shard) => claim.shards.includes(shard));
    if (shared === undefined) return true;
    const isBetter = !this.#holds && (claim.holds || claim.token < this.#token);
    if (isBetter) this.#better = served(shared, claim.node, claim.host, claim.pid);
    else answer(pack(served(shared, node, hostname(), process.pid)));
    return true;
  }

  #difference({ agreed }: Claim): string | undefined {
    const theirs = new Map(agreed);
    const odd = this.#agreed.find(([name, value]) => theirs.get(name) !== value);
    return odd && `its ${odd[0]} is ${odd[1]}, here it is ${theirs.get(odd[0]) ?? 'not given'}`;
  }
}

const served = (shard: number, node: string, host: string, pid: number): string =>
  `shard ${shard} is served by node ${node} (host ${host}, process ${pid})`;

function claimOf(value: unknown): Claim {
  const [node, token, host, pid, shards, holds, agreed] = tuple(value, 7);
  expect(typeof holds === 'boolean');
  return {
    node: text(node),
    token: text(token),
    host: text(host),
    pid: whole(pid),
    shards: list(shards, (shard) => whole(shard)),
    holds,
    agreed: list(agreed, (pair) => {
      const [name, said] = tuple(pair, 2);
      return [text(name), text(said)] as const;
    }),
  };
}
