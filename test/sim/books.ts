// One shard's accounts out of the effects of its log alone (P8): no apply, no state. Owns: adding up. Never touches: state.
//   L2. Nobody comes to owe more than he may but by a reversal that allows it.
//   L3. Each entry goes on from the one before, in available and in held; nothing moves without an entry (ledger.L7).

import type { AssetTable } from '../../engine/ledger/state.js';
import { NEVER } from '../../engine/limits.js';
import { type EffectReader, EXTRA } from '../../engine/protocol/effects.js';
import type { Balance } from '../../engine/protocol/outcomes.js';

interface Lot {
  available: number;
  held: number;
}

interface Account {
  available: number;
  held: number;
  version: number;
  creditLimit: number;
  readonly lots: Map<number, Lot>;
}

export class Books {
  readonly #shard: number;
  readonly #assets: AssetTable;
  readonly #accounts = new Map<string, Account>();

  constructor(shard: number, assets: AssetTable) {
    this.#shard = shard;
    this.#assets = assets;
  }

  #account(owner: string, asset: number): Account {
    const name = `${owner} ${this.#assets.at(asset).asset}`;
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const account = { available: 0, held: 0, version: 0, creditLimit: 0, lots: new Map() };
    this.#accounts.set(name, account);
    return account;
  }

  /** Adds the record at `offset`. `mayOwe`: it is of a reversal that allows debt. */
  add(effects: EffectReader, offset: number, mayOwe: boolean): void {
    for (const entry of effects.entries(offset)) {
      const account = this.#account(entry.owner, entry.asset);
      const delta = entry.earned - entry.spent - entry.expired - entry.heldDelta;
      account.held += entry.heldDelta;
      this.#take(entry.owner, account, -delta, mayOwe);
      account.version++;
      const { slices } = entry;
      for (let i = 0; i < slices.length; i += 3)
        change(account, slices[i]!, slices[i + 1]!, slices[i + 2]!);
      const { available, held, version } = account;
      const goesOn =
        available === entry.available && held === entry.held && version === entry.version;
      if (!goesOn) {
        const where = `${entry.owner} on shard ${this.#shard}`;
        throw new Error(
          `L3: entry ${entry.version} of ${where} leaves ${entry.available} and ${entry.held}, not ${available} and ${held}`,
        );
      }
    }
    for (const { tag, numbers, texts } of effects.extras(offset)) {
      if (tag === EXTRA.account) this.#account(texts[0]!, numbers[0]!).creditLimit = numbers[2]!;
    }
  }

  #take(owner: string, account: Account, amount: number, mayOwe: boolean): void {
    account.available -= amount;
    const isTooMuch = account.available < -account.creditLimit && amount > 0;
    // A budget owes nothing, whatever is reversed.
    const isAllowed = owner.startsWith('@') || (mayOwe && !owner.startsWith('#'));
    if (isTooMuch && !isAllowed)
      throw new Error(
        `L2: ${owner} on shard ${this.#shard} has ${account.available} with a credit limit of ${account.creditLimit}`,
      );
  }

  /** Throws where a state says otherwise. */
  compare(balances: Iterable<Balance>): void {
    for (const { owner, asset, available, held, version, lots } of balances) {
      const account = this.#accounts.get(`${owner} ${asset}`);
      const text = `${available} ${held} ${version} ${lots
        .map((lot) => `${lot.expiresAt ?? NEVER}:${lot.available}:${lot.held}`)
        .join(',')}`;
      const sum = account === undefined ? '0 0 0 ' : textOf(account);
      if (text !== sum)
        throw new Error(
          `P8: ${owner} ${asset} on shard ${this.#shard} is ${text}, its log adds up to ${sum}`,
        );
    }
  }
}

function change(account: Account, expiry: number, available: number, held: number): void {
  const lot = account.lots.get(expiry) ?? { available: 0, held: 0 };
  lot.available += available;
  lot.held += held;
  if (lot.available === 0 && lot.held === 0) account.lots.delete(expiry);
  else account.lots.set(expiry, lot);
}

function textOf({ available, held, version, lots }: Account): string {
  const sorted = [...lots].sort(([a], [b]) => a - b);
  const texts = sorted.map(([expiry, lot]) => `${expiry}:${lot.available}:${lot.held}`);
  return `${available} ${held} ${version} ${texts.join(',')}`;
}
