// How far the stock of goods has fallen, by the steps of their pricing: said as definitions (`stock-level`). Owns: when that is looked at, and said. Never
// touches: prices; what is left, which pools say.
//   levels.L1. The node with the first shard says it, of all goods: at first of each, and then of those whose stock has moved.
//   levels.L2. A level is said once it is another one, and not before the one said last decides; up again only where the stock is above the step by a
//       tenth: what goes to and fro at a step says little.

import type { PoolState } from '../api.js';
import { LEVEL_LOOK_MS } from '../limits.js';
import { stockOf } from '../programme/definitions/goods.js';
import { goods, pricing, stockLevel } from '../programme/definitions/index.js';
import { type Pricing, stepOf } from '../programme/mall/price.js';
import type { PutDefinitionCommand } from '../protocol/commands.js';
import { EVERYTHING } from '../protocol/grants.js';
import {
  type DefinitionHistory,
  isRefusal,
  type Outcome,
  type Refused,
} from '../protocol/outcomes.js';
import type { Router } from '../router/router.js';
import { Looking } from './looking.js';
import type { OrderList } from './order-list.js';

/** How much above a step stock must be, in parts of the step, to be above it again. */
const ABOVE = 10;

/** What the watcher asks of the ledger. */
export interface LevelsOptions {
  readonly router: Router;
  readonly list: OrderList;
  readonly now: () => number;
  definitions(query: {
    readonly kind: string;
    readonly key?: string | undefined;
    readonly after?: string | undefined;
  }): Promise<readonly DefinitionHistory[] | Refused>;
  define(command: PutDefinitionCommand): Promise<Outcome>;
  pool(owner: string, asset: string): Promise<PoolState | Refused>;
}

/** It cannot be known now. */
class Later extends Error {}

export class Levels extends Looking {
  readonly #options: LevelsOptions;
  /** Up to where each node was heard, by when it began to look. */
  #heard: readonly (readonly [began: number, last: number])[] = [];
  /** Goods that are to be looked at. */
  readonly #due = new Set<string>();
  #hasAll = false;

  constructor(options: LevelsOptions) {
    super(LEVEL_LOOK_MS);
    this.#options = options;
  }

  /** On the node with the first shard alone. */
  override start(): void {
    if (this.#options.router.folder.here.includes(0)) super.start();
  }

  protected override async look(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof Later))
        process.emitWarning(`stock levels: ${(error as Error).message}`);
    }
  }

  async #look(): Promise<void> {
    if (!this.#hasAll) {
      for (const { key } of await this.#all(goods.name)) this.#due.add(key);
      this.#hasAll = true;
    }
    await this.#hear();
    for (const key of [...this.#due]) {
      if (this.isClosed) return;
      if (await this.#level(key)) this.#due.delete(key);
    }
  }

  /** Whose stock has moved, on all nodes. */
  async #hear(): Promise<void> {
    const asked = { type: 'moved', known: this.#heard } as const;
    const answers = await this.#options.list.ask(asked, EVERYTHING);
    if (isRefusal(answers)) return;
    const told = answers.flatMap(({ moved }) => (moved === undefined ? [] : [moved]));
    for (const { goods: moved } of told) for (const key of moved) this.#due.add(key);
    this.#heard = told.map(({ began, last }) => [began, last] as const);
  }

  async #all(kind: string): Promise<DefinitionHistory[]> {
    const found: DefinitionHistory[] = [];
    for (let after: string | undefined; ; after = found.at(-1)?.key) {
      const page = await this.#options.definitions({ kind, after });
      if (isRefusal(page)) throw new Later();
      found.push(...page);
      if (page.length === 0) return found;
    }
  }

  /** The document that decides; undefined: none does. */
  async #deciding(kind: string, key: string): Promise<DefinitionHistory | undefined> {
    const found = await this.#options.definitions({ kind, key });
    if (isRefusal(found)) throw new Later();
    return found[0];
  }

  /** Says how far the stock of goods has fallen, where that is new; false: it is to be looked at again. */
  async #level(key: string): Promise<boolean> {
    const of = documentOf(await this.#deciding(goods.name, key));
    if (of?.['stockAsset'] === undefined) return true;
    const { stockAsset, programme } = of as {
      readonly stockAsset: string;
      readonly programme: string;
    };
    const how = documentOf(await this.#deciding(pricing.name, programme));
    const history = await this.#deciding(stockLevel.name, key);
    const newest = history?.versions.at(-1);
    if (how === undefined && newest === undefined) return true;
    if (newest !== undefined && newest.activeFrom > this.#options.now()) return false;
    const pool = await this.#options.pool(stockOf(key), stockAsset);
    if (isRefusal(pool)) {
      if (pool.code === 'ASSET_UNKNOWN') return true;
      throw new Later();
    }
    const had = newest?.state === 'active' ? (newest.document?.['under'] as number) : undefined;
    const left = pool.available + pool.lent;
    const under = levelOf({ document: how ?? {} } as Pricing, left, had);
    if (under === had) return true;
    const said = { type: 'put-definition', kind: stockLevel.name, key } as const;
    const ifVersion = newest?.version ?? 0;
    const outcome = await this.#options.define(
      under === undefined
        ? { ...said, state: 'retired', ifVersion }
        : { ...said, state: 'active', document: { under }, ifVersion },
    );
    if (!outcome.ok && outcome.code === 'DEFINITION_LIMIT')
      throw new Error(`${key}: ${outcome.message}`);
    return outcome.ok;
  }
}

const documentOf = (history: DefinitionHistory | undefined) =>
  history?.versions.findLast(({ state }) => state === 'active')?.document;

/** The step that holds, where one held before: up again it is only a tenth above it. */
export function levelOf(how: Pricing, left: number, had: number | undefined): number | undefined {
  const now = stepOf(how, left);
  const isUp = had !== undefined && (now === undefined || now > had);
  const isKnown = how.document.stockFactors?.some(({ under }) => under === had) === true;
  return isUp && isKnown && left < had + Math.ceil(had / ABOVE) ? had : now;
}
