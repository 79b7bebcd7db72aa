// Assets on all shards. Owns: their order, which is the same everywhere, and that every shard here has what any has. Never
// touches: what an asset means.
//   reference.R4. Other nodes are told the whole list, so that they take what they missed first.

import type { ClusterNode } from '../cluster/node.js';
import type { DefineAssetCommand, ReferenceCommand } from '../protocol/commands.js';
import { EffectReader, EXTRA } from '../protocol/effects.js';
import {
  type Asset,
  assetOf,
  assetOfExtra,
  type Outcome,
  type Posted,
  type Refused,
  refused,
  zoneOfAsset,
} from '../protocol/outcomes.js';
import { isZoneName } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import { type Opened, RESULT, type Reply } from '../shard/messages.js';
import { ReferenceBook } from './reference-book.js';
import type { ZoneData } from './zones.js';

export class AssetBook extends ReferenceBook<DefineAssetCommand> {
  readonly #node: ClusterNode | undefined;
  readonly #zones: ZoneData;
  /** What each shard here has, by number. */
  readonly #known = new Map<number, readonly Asset[]>();

  constructor(router: Router, zones: ZoneData, node: ClusterNode | undefined) {
    super(router);
    this.#zones = zones;
    this.#node = node;
  }

  /** Gives every shard here what another has and it has not. */
  async start(opened: readonly Opened[]): Promise<void> {
    opened.forEach(({ assets }, i) => {
      this.#known.set(this.router.folder.here[i] as number, assets);
    });
    for (const { assets } of opened) await this.adopt(assets);
  }

  /** Takes what this node has not, in its order. Rejects where the orders differ. */
  adopt(others: readonly Asset[]): Promise<void> {
    return this.one(() => this.#adopt(others));
  }

  /** What is said together with definitions, with what the engine fills in; or why not. */
  prepared(said: DefineAssetCommand): DefineAssetCommand | Refused {
    return this.completed(said);
  }

  /**
   * Nothing else is defined while `say` says them on the first shard; then all other shards take what it has decided. Where that is another node, it
   * is that node which sees to it (`saidElsewhere`).
   */
  saidTogether(
    commands: readonly ReferenceCommand[],
    say: () => Promise<Outcome[]>,
  ): Promise<Outcome[]> {
    const taken = async (take: AssetBook['decidedHere']): Promise<Outcome[]> => {
      const outcomes = await say();
      for (const [i, command] of commands.entries()) {
        const outcome = outcomes[i];
        if (command.type === 'define-asset' && outcome?.ok) await take(command, outcome);
      }
      return outcomes;
    };
    return this.isFirstHere
      ? this.one(() => taken(this.decidedHere.bind(this)))
      : taken(this.decidedElsewhere.bind(this));
  }

  /** The same for another node, on the first shard, which is here: `run` is its batch. */
  saidElsewhere(run: () => Promise<Reply>): Promise<Reply> {
    return this.one(async () => {
      const reply = await run();
      for (const asset of assetsIn(reply)) await this.#decided(asset);
      return reply;
    });
  }

  protected override completed(said: DefineAssetCommand): DefineAssetCommand | Refused {
    const command = this.#withOffsets(said);
    return command === undefined
      ? refused('ZONE_UNKNOWN', 'zone')
      : { ...command, version: undefined };
  }

  protected override decidedHere(
    command: DefineAssetCommand,
    { assetVersion = 1 }: Posted,
  ): Promise<void> {
    return this.#decided(assetOf(command, assetVersion));
  }

  async #decided(asset: Asset): Promise<void> {
    const list = this.router.assets.list.slice();
    const number = list.findIndex((one) => one.asset === asset.asset);
    if (number >= 0 && list[number]?.version === asset.version) return;
    if (number >= 0) list[number] = asset;
    else list.push(asset);
    this.#known.set(0, list);
    await this.#adopt(list);
    // A node that does not hear of it asks when it is back.
    await this.#node?.tellAssets();
  }

  protected override async decidedElsewhere(
    command: DefineAssetCommand,
    { assetVersion }: Posted,
  ): Promise<void> {
    const isKnown = this.router.assets.list.some(
      ({ asset, version }) => asset === command.asset && version === assetVersion,
    );
    if (!isKnown) await this.#node?.syncAssets();
  }

  /** With the offsets of its zone: those that it has, else as they are known today (reference.R3); undefined: there is no such zone. */
  #withOffsets(command: DefineAssetCommand): DefineAssetCommand | undefined {
    const zone = zoneOfAsset(command);
    // What is no name is refused where commands are looked at.
    if (zone === undefined || !isZoneName(zone)) return { ...command, zoneOffsets: undefined };
    const known = this.router.assets.list.find(({ asset }) => asset === command.asset);
    const zoneOffsets = known?.zone === zone ? known.zoneOffsets : this.#zones.offsetsOf(zone);
    return zoneOffsets && { ...command, zone, zoneOffsets };
  }

  async #adopt(others: readonly Asset[]): Promise<void> {
    const list = merged(this.router.assets.list, others);
    this.router.assets.list = list;
    for (const shard of this.router.folder.here) {
      const known = this.#known.get(shard);
      if (known === list) continue;
      for (let number = 0; number < list.length; number++) {
        const asset = list[number] as Asset;
        if (known?.[number]?.version === asset.version) continue;
        await this.give(shard, { type: 'define-asset', ...asset }, `asset ${asset.asset}`);
      }
      this.#known.set(shard, list);
    }
  }
}

/** Assets that an atomic batch has defined; none where it was not carried out. */
function assetsIn({ answers }: Reply): Asset[] {
  return answers.flatMap((answer) => {
    if (answer.type !== 'judged' || answer.seq === 0) return [];
    const { results } = answer;
    const effects = new EffectReader(answer.effects);
    const assets: Asset[] = [];
    for (let at = 0; at < results.length; at += 2) {
      if (results[at] === RESULT.replay) continue;
      const offset = results[at + 1] as number;
      if (results[at] !== RESULT.record || effects.refusalNumber(offset) !== 0) return [];
      for (const extra of effects.extras(offset))
        if (extra.tag === EXTRA.asset) assets.push(assetOfExtra(extra)[1]);
    }
    return assets;
  });
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
