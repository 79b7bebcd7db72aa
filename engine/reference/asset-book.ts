// Assets on all shards. Owns: their order, which is the same everywhere, and that every shard here has what any has. Never
// touches: what an asset means.
//   reference.R2. Definitions are made one at a time on the first shard, which decides and numbers the version; other nodes are told the
//       whole list, so that they take what they missed first.
//   reference.R3. A zone's offsets are looked up once, by the node that is asked for the definition, and logged with it.

import type { ClusterNode } from '../cluster/node.js';
import type { DefineAssetCommand } from '../protocol/commands.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import { type Asset, assetOf, type Outcome, refused } from '../protocol/outcomes.js';
import { isZoneName } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Opened } from '../shard/messages.js';
import { zoneOffsetsOf } from './zones.js';

export class AssetBook {
  readonly #router: Router;
  readonly #node: ClusterNode | undefined;
  /** What each shard here has, by number. */
  readonly #known = new Map<number, readonly Asset[]>();
  #changing: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  constructor(router: Router, node: ClusterNode | undefined) {
    this.#router = router;
    this.#node = node;
  }

  /** Gives every shard here what another has and it has not. */
  async start(opened: readonly Opened[]): Promise<void> {
    opened.forEach(({ assets }, i) => {
      this.#known.set(this.#router.folder.here[i] as number, assets);
    });
    for (const { assets } of opened) await this.adopt(assets);
  }

  /** Takes what this node has not, in its order. Rejects where the orders differ. */
  adopt(others: readonly Asset[]): Promise<void> {
    return this.#one(() => this.#adopt(others));
  }

  /** On the first shard and then on all others. */
  define(said: DefineAssetCommand, granted = EVERYTHING): Promise<Outcome> {
    if (this.#isClosing) return Promise.resolve(refused('CLOSING'));
    const command = withOffsets(said);
    if (command === undefined) return Promise.resolve(refused('ZONE_UNKNOWN', 'zone'));
    return this.#router.folder.here.includes(0)
      ? this.#one(() => this.#define(command, granted))
      : this.#askElsewhere(command, granted);
  }

  /** Nothing is defined any more: resolves when every shard has what was. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#changing;
  }

  /** One change at a time. */
  #one<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #adopt(others: readonly Asset[]): Promise<void> {
    const list = merged(this.#router.assets.list, others);
    this.#router.assets.list = list;
    for (const shard of this.#router.folder.here) {
      const known = this.#known.get(shard);
      if (known === list) continue;
      for (let number = 0; number < list.length; number++) {
        const asset = list[number] as Asset;
        if (known?.[number]?.version === asset.version) continue;
        const outcome = await this.#router.submit({ type: 'define-asset', ...asset }, { shard });
        if (!outcome.ok)
          throw new Error(`shard ${shard} cannot take asset ${asset.asset}: ${outcome.code}`);
      }
      this.#known.set(shard, list);
    }
  }

  async #define(command: DefineAssetCommand, granted: Granted): Promise<Outcome> {
    const first = await this.#first(command, granted);
    if (!first.ok) return first;
    const asset = assetOf(command, first.assetVersion ?? 1);
    const list = this.#router.assets.list.slice();
    const number = list.findIndex((one) => one.asset === asset.asset);
    if (number >= 0 && list[number]?.version === asset.version) return first;
    if (number >= 0) list[number] = asset;
    else list.push(asset);
    this.#known.set(0, list);
    await this.#adopt(list);
    // A node that does not hear of it asks when it is back.
    await this.#node?.tellAssets();
    return first;
  }

  #first(command: DefineAssetCommand, granted: Granted): Promise<Outcome> {
    return this.#router.submit({ ...command, version: undefined }, { shard: 0, granted });
  }

  async #askElsewhere(command: DefineAssetCommand, granted: Granted): Promise<Outcome> {
    const outcome = await this.#first(command, granted);
    const isKnown = this.#router.assets.list.some(
      ({ asset, version }) =>
        asset === command.asset && outcome.ok && version === outcome.assetVersion,
    );
    if (outcome.ok && !isKnown) await this.#node?.syncAssets();
    return outcome;
  }
}

/** The zone that an asset's days are of where its definition names none. */
const ZONE_DEFAULT = 'Asia/Shanghai';

/** With the offsets of its zone, as they are known today (reference.R3); undefined: there is no such zone. */
function withOffsets(command: DefineAssetCommand): DefineAssetCommand | undefined {
  const { expiresAfter, expiresOn } = command;
  const hasDays = expiresAfter !== undefined || expiresOn !== undefined;
  const { zone = hasDays ? ZONE_DEFAULT : undefined } = command;
  // What is no name is refused where commands are looked at.
  if (zone === undefined || !isZoneName(zone)) return { ...command, zoneOffsets: undefined };
  const zoneOffsets = zoneOffsetsOf(zone);
  return zoneOffsets && { ...command, zone, zoneOffsets };
}

/** The longer of two lists, each asset in its newest version. */
function merged(ours: readonly Asset[], others: readonly Asset[]): readonly Asset[] {
  let isSame = others.length <= ours.length;
  const [longer, shorter] = ours.length >= others.length ? [ours, others] : [others, ours];
  const list = longer.map((asset, number) => {
    const other = shorter[number];
    if (other !== undefined && other.asset !== asset.asset)
      throw new Error(
        `asset ${number} is ${ours[number]?.asset} here and ${others[number]?.asset} elsewhere`,
      );
    const newest = other !== undefined && other.version > asset.version ? other : asset;
    if (newest !== ours[number] && newest.version !== ours[number]?.version) isSame = false;
    return newest;
  });
  return isSame ? ours : list;
}
