// One who watches an owner's balances. Owns: what it was told. Never touches: where changes come from.

import type { WatchOptions } from '../api.js';
import { LIVE_WAITING_MAX } from '../limits.js';
import { type Grants, OPERATIONS } from '../protocol/grants.js';
import {
  type Balance,
  type BalanceEvent,
  type HistoryEntry,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { MEMBER_SCOPE, shownId } from '../protocol/scope.js';
import { isAssetCode, userProblem } from '../protocol/syntax.js';

/** Told of balances and their changes. */
export type Listener = (event: BalanceEvent) => void | Promise<void>;

export class Watch {
  readonly owner: string;
  readonly #asset: string | undefined;
  readonly #assets: ReadonlySet<string> | undefined;
  readonly #listener: Listener;
  /** As whom it reads what it missed: everything, by its own ids. */
  readonly grants: Grants;
  /** Was something missed before it began? */
  readonly resumes: boolean;
  /** The last version told, by asset. */
  readonly versions: Map<string, number>;
  /** Changes that came while what is before them is being read; null: none is. */
  waiting: HistoryEntry[] | null = [];
  /** There were too many of them. */
  hasLost = false;
  hasBegun = false;
  isEnded = false;

  constructor(owner: string, listener: Listener, { asset, assets, versions, scope }: WatchOptions) {
    this.owner = owner;
    this.#asset = asset;
    this.#assets = assets;
    this.#listener = listener;
    const whose = scope === MEMBER_SCOPE ? owner : undefined;
    this.grants = { operations: new Set(OPERATIONS), owner: whose, scope };
    this.resumes = versions !== undefined;
    this.versions = new Map(Object.entries(versions ?? {}));
  }

  isFor(asset: string): boolean {
    return (this.#asset ?? asset) === asset && this.#assets?.has(asset) !== false;
  }

  /** Is something between what was told and this version? */
  misses(asset: string, version: number): boolean {
    return this.isFor(asset) && version > (this.versions.get(asset) ?? 0) + 1;
  }

  /** Live changes: told, or kept until their turn. False: there is a gap before them, and they were not told. */
  changed(told: readonly HistoryEntry[]): boolean {
    const { scope } = this.grants;
    const entries = scope === undefined ? told : told.map((entry) => shownTo(scope, entry));
    if (this.waiting === null) return this.tell(entries) !== false;
    if (this.waiting.length + entries.length <= LIVE_WAITING_MAX) this.waiting.push(...entries);
    else this.hasLost = true;
    return true;
  }

  /** Tells those that were not told yet, up to a gap: false where there is one. */
  tell(entries: readonly HistoryEntry[]): false | undefined | Promise<void> {
    let isWhole = true;
    const fresh = entries.filter(({ asset, version }) => {
      if (!isWhole || !this.isFor(asset) || version <= (this.versions.get(asset) ?? 0))
        return false;
      isWhole = !this.misses(asset, version);
      if (isWhole) this.versions.set(asset, version);
      return isWhole;
    });
    // The same array for all who watch, so that what they make of it they make once.
    const told = fresh.length === entries.length ? entries : fresh;
    const taken = told.length > 0 ? this.#listener({ type: 'entries', entries: told }) : undefined;
    return isWhole ? (taken ?? undefined) : false;
  }

  /** Tells the balances where it had not begun, and what came meanwhile. False: there is a gap. */
  begin(balances: readonly Balance[]): boolean {
    for (const { asset, version } of balances) this.versions.set(asset, version);
    if (!this.hasBegun) this.#listener({ type: 'balances', balances });
    this.hasBegun = true;
    const waiting = this.waiting ?? [];
    this.waiting = null;
    return this.tell(waiting) !== false;
  }

  end(refusal: Refused): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#listener({ type: 'ended', refusal });
  }
}

/** An entry of now, as a platform is shown it. */
const shownTo = (scope: string, entry: HistoryEntry): HistoryEntry =>
  entry.id === undefined ? entry : { ...entry, id: shownId(entry.id, scope, false) };

/** What is wrong with what somebody wants to watch, if anything. */
export function watchProblem(
  owner: string,
  { asset, versions = {} }: WatchOptions,
): Refused | undefined {
  const code = userProblem(owner);
  if (code !== null) return refused(code, 'owner');
  if (asset !== undefined && !isAssetCode(asset)) return refused('ASSET_INVALID', 'asset');
  for (const [name, version] of Object.entries(versions)) {
    if (!isAssetCode(name)) return refused('ASSET_INVALID', 'versions');
    if (!(Number.isSafeInteger(version) && version >= 0))
      return refused('VERSION_INVALID', `versions.${name}`);
  }
  return undefined;
}
