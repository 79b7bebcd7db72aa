// What a ledger has beside its shards: projections, what is asked of them, what follows from them. Owns: when all that begins and ends.
// Never touches: any of it otherwise.

import { existsSync } from 'node:fs';
import type { Stats } from '../api.js';
import type { ClusterNode } from '../cluster/node.js';
import type { ReadHost, ReadType } from '../cluster/reads.js';
import { PROJECTION_LOOK_MS } from '../limits.js';
import { goods, leaderboard } from '../programme/definitions/index.js';
import type { ActCommand, PutDefinitionCommand } from '../protocol/commands.js';
import { ENGINE_GRANTS, grantedBy } from '../protocol/grants.js';
import type { Outcome } from '../protocol/outcomes.js';
import { TreeReceipts } from '../receipts/receipts.js';
import { Risk, type RiskOptions } from '../risk/risk.js';
import type { Router } from '../router/router.js';
import { Closing } from './closing.js';
import { Lapsing } from './lapsing.js';
import { Leaderboards, type Own } from './leaderboards.js';
import { Levels } from './levels.js';
import { LowStock } from './low-stock.js';
import type { LowGoods } from './messages.js';
import { OrderList } from './order-list.js';
import { Projections } from './projections.js';
import { RegisterList } from './register-list.js';
import { type StockSource, StockWatch } from './stock-watch.js';
import { projectionPath } from './store.js';

export interface ProjectedOptions {
  readonly router: Router;
  readonly node: ClusterNode | undefined;
  readonly own: Own;
  readonly stock: StockSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly trail: Pick<RiskOptions, 'auditDays' | 'clockOffset'>;
  /** Are there receipts? */
  readonly receipts: boolean;
}

type Asked = Parameters<ReadHost>[2];
const READS = ['leaderboard', 'orders', 'register', 'risk', 'receipts'] as const;
type ProjectedRead = (typeof READS)[number];

/** Is this asked of what is beside the shards? */
export const isOfProjected = (type: ReadType): type is ProjectedRead =>
  READS.some((one) => one === type);

/** How far the threads beside the shards are. */
type ProjectedFigures = Pick<Stats, 'projections' | 'register' | 'risk' | 'receipts'>;

export class Projected {
  readonly leaderboards: Leaderboards;
  readonly orders: OrderList;
  readonly register: RegisterList;
  readonly risk: Risk;
  readonly receipts: TreeReceipts;
  readonly #projections: Projections;
  readonly #registered: Projections;
  readonly #registerPath: string;
  readonly #closing: Closing;
  readonly #lapsing: Lapsing;
  readonly #lowStock: LowStock;
  readonly #stock: StockWatch;
  readonly #now: () => number;

  constructor(options: ProjectedOptions) {
    const { path, here, slotMap } = options.router.folder;
    const data = { folder: path, shards: here, slotMap, lookMs: PROJECTION_LOOK_MS };
    const projections = new Projections({ ...data, names: ['leaderboards', 'orders'] });
    this.#registered = new Projections({ ...data, names: ['register'] });
    this.#registerPath = projectionPath(path, 'register');
    this.register = new RegisterList({ ...options, projections: this.#registered });
    this.receipts = new TreeReceipts({ ...options, isOn: options.receipts });
    this.leaderboards = new Leaderboards({ ...options, projections });
    this.#closing = new Closing({ ...options, projections, boards: this.leaderboards });
    this.orders = new OrderList({ ...options, projections });
    const list = this.orders;
    const { router, own, now, stock, trail } = options;
    const ofMembers = {
      submit: (command: ActCommand) =>
        router.submit(command, { owned: true, granted: grantedBy(ENGINE_GRANTS) }),
    };
    const { definitions } = stock;
    this.risk = new Risk({ ...options, ...trail, own: ofMembers, definitions });
    this.#lapsing = new Lapsing({ list, own: ofMembers, now });
    const define = (command: PutDefinitionCommand): Promise<Outcome> =>
      router.submit(command, { shard: 0 });
    this.#lowStock = new LowStock(own);
    const readers = [new Levels({ ...stock, now, define }), this.#lowStock];
    this.#stock = new StockWatch({ ...stock, router, list, readers });
    this.#projections = projections;
    this.#now = options.now;
  }

  /** The shards here are open; `isProjected`: one of them has something to project. */
  start(isProjected: boolean): void {
    if (isProjected) this.#projections.start();
    if (existsSync(this.#registerPath)) this.#registered.start();
    this.receipts.start();
    this.#closing.start();
    this.#lapsing.start();
    this.#stock.start();
    this.risk.start();
  }

  /** A definition of this kind is here. */
  defined(kind: string, key: string): void {
    this.risk.defined(kind);
    if (kind === goods.name) this.#stock.defined(key);
    if (kind === leaderboard.name || kind === goods.name) this.#projections.start();
  }

  /** Goods of which few pieces are left, as the node with the first shard has seen it a moment ago. */
  get lowStock(): readonly LowGoods[] {
    return this.#lowStock.goods;
  }

  /** What another node asks. */
  serve(type: ProjectedRead, asked: Asked): ReturnType<ReadHost> {
    return type === 'leaderboard' ? this.leaderboards.serve(asked) : this[type].serve(asked);
  }

  /** Of each thread; undefined: it has nothing to do. */
  async figures(): Promise<ProjectedFigures> {
    const now = this.#now();
    const [projections, register, risk, receipts] = await Promise.all([
      this.#projections.figures(now),
      this.#registered.figures(now),
      this.risk.figures(),
      this.receipts.figures(),
    ]);
    return { projections, register, risk, receipts };
  }

  /** Asks nothing more of the ledger. */
  async stop(): Promise<void> {
    const all = [this.#closing, this.#lapsing, this.#stock];
    await Promise.all([...all.map((one) => one.close()), this.risk.stop()]);
  }

  /** Lets go of the logs. */
  async close(): Promise<void> {
    await Promise.all(
      [this.#projections, this.#registered, this.risk, this.receipts].map((one) => one.close()),
    );
  }
}
