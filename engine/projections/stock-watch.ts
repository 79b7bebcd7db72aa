// Goods whose stock has moved, on whichever node: looked at, with what is left of them. Owns: when that is done, and what of a look is to be done again.
// Never touches: what follows from it, which its readers say.
//   stock-watch.L1. The node with the first shard looks: at first at all goods, and then at those whose stock has moved, or of which something was said.

import type { PoolState } from '../api.js';
import { STOCK_LOOK_MS } from '../limits.js';
import { stockOf } from '../programme/definitions/goods.js';
import { goods } from '../programme/definitions/index.js';
import type { Document } from '../protocol/definition-fields.js';
import { EVERYTHING } from '../protocol/grants.js';
import { type DefinitionHistory, isRefusal, type Refused } from '../protocol/outcomes.js';
import type { Router } from '../router/router.js';
import { Looking } from './looking.js';
import type { OrderList } from './order-list.js';

/** Goods that have an end. */
export interface LeftOfGoods {
  readonly key: string;
  readonly document: Document;
  /**
   * How many pieces are left on all shards, looked up when it is first asked for; undefined: there have never been any, and their first ones may be
   * on their way. Rejects with Later.
   */
  left(): Promise<number | undefined>;
}

/** Who is told what is left; it resolves with false where it is to be told again. */
export interface StockReader {
  look(of: LeftOfGoods): Promise<boolean>;
}

/** What is asked of the ledger. */
export interface StockSource {
  definitions(query: {
    readonly kind: string;
    readonly key?: string | undefined;
    readonly after?: string | undefined;
  }): Promise<readonly DefinitionHistory[] | Refused>;
  pool(owner: string, asset: string): Promise<PoolState | Refused>;
}

export interface StockWatchOptions extends StockSource {
  readonly router: Router;
  readonly list: OrderList;
  readonly readers: readonly StockReader[];
}

/** It cannot be known now. */
export class Later extends Error {}

/** What was said of a definition last; undefined: nothing. */
export async function historyOf(
  { definitions }: Pick<StockSource, 'definitions'>,
  kind: string,
  key: string,
): Promise<DefinitionHistory | undefined> {
  const found = await definitions({ kind, key });
  if (isRefusal(found)) throw new Later();
  return found[0];
}

/** The newest document that was to decide. */
export const documentOf = (history: DefinitionHistory | undefined): Document | undefined =>
  history?.versions.findLast(({ state }) => state === 'active')?.document;

export class StockWatch extends Looking {
  readonly #options: StockWatchOptions;
  /** Up to where each node was heard, by when it began to look. */
  #heard: readonly (readonly [began: number, last: number])[] = [];
  /** Goods that are to be looked at. */
  readonly #due = new Set<string>();
  #hasAll = false;

  constructor(options: StockWatchOptions) {
    super(STOCK_LOOK_MS);
    this.#options = options;
  }

  get #isHere(): boolean {
    return this.#options.router.folder.here.includes(0);
  }

  /** On the node with the first shard alone. */
  override start(): void {
    if (this.#isHere) super.start();
  }

  /** Something was said of goods. */
  defined(key: string): void {
    if (this.#isHere) this.#due.add(key);
  }

  protected override async look(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof Later)) process.emitWarning(`stock: ${(error as Error).message}`);
    }
  }

  async #look(): Promise<void> {
    if (!this.#hasAll) {
      for (const { key } of await this.#all()) this.#due.add(key);
      this.#hasAll = true;
    }
    await this.#hear();
    for (const key of [...this.#due]) {
      if (this.isClosed) return;
      if (await this.#lookAt(key)) this.#due.delete(key);
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

  async #all(): Promise<DefinitionHistory[]> {
    const found: DefinitionHistory[] = [];
    for (let after: string | undefined; ; after = found.at(-1)?.key) {
      const page = await this.#options.definitions({ kind: goods.name, after });
      if (isRefusal(page)) throw new Later();
      found.push(...page);
      if (page.length === 0) return found;
    }
  }

  /** Tells of goods; false: they are to be looked at again. */
  async #lookAt(key: string): Promise<boolean> {
    const document = documentOf(await historyOf(this.#options, goods.name, key));
    const asset = document?.['stockAsset'];
    if (document === undefined || typeof asset !== 'string') return true;
    const { pool, readers } = this.#options;
    let looking: Promise<number | undefined> | undefined;
    const look = async (): Promise<number | undefined> => {
      const found = await pool(stockOf(key), asset);
      if (!isRefusal(found)) return found.funded === 0 ? undefined : found.available;
      if (found.code === 'ASSET_UNKNOWN') return undefined;
      throw new Later();
    };
    const left = (): Promise<number | undefined> => (looking ??= look());
    let isDone = true;
    for (const reader of readers) isDone = (await reader.look({ key, document, left })) && isDone;
    return isDone;
  }
}
