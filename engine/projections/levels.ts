// How far the stock of goods has fallen, by the steps of their pricing: said as definitions (`stock-level`). Owns: when that is said. Never
// touches: prices; what is left, which stock-watch.ts says.
//   levels.L1. A level is said once it is another one, and not before the one said last decides; up again only where the stock is above the step by a
//       tenth: what goes to and fro at a step says little.

import { pricing, stockLevel } from '../programme/definitions/index.js';
import { type Pricing, stepOf } from '../programme/mall/price.js';
import type { PutDefinitionCommand } from '../protocol/commands.js';
import type { Outcome } from '../protocol/outcomes.js';
import {
  documentOf,
  historyOf,
  type LeftOfGoods,
  type StockReader,
  type StockSource,
} from './stock-watch.js';

/** How much above a step stock must be, in parts of the step, to be above it again. */
const ABOVE = 10;

/** What it asks of the ledger. */
export interface LevelsOptions extends Pick<StockSource, 'definitions'> {
  readonly now: () => number;
  define(command: PutDefinitionCommand): Promise<Outcome>;
}

export class Levels implements StockReader {
  readonly #options: LevelsOptions;

  constructor(options: LevelsOptions) {
    this.#options = options;
  }

  /** Says how far the stock of goods has fallen, where that is new; false: it is to be looked at again. */
  async look({ key, document, left: leftNow }: LeftOfGoods): Promise<boolean> {
    const of = this.#options;
    const how = documentOf(await historyOf(of, pricing.name, String(document['programme'])));
    const history = await historyOf(of, stockLevel.name, key);
    const newest = history?.versions.at(-1);
    if (how === undefined && newest === undefined) return true;
    if (newest !== undefined && newest.activeFrom > of.now()) return false;
    const had = newest?.state === 'active' ? (newest.document?.['under'] as number) : undefined;
    const left = await leftNow();
    if (left === undefined) return true;
    const under = levelOf({ document: how ?? {} } as Pricing, left, had);
    if (under === had) return true;
    const said = { type: 'put-definition', kind: stockLevel.name, key } as const;
    const ifVersion = newest?.version ?? 0;
    const outcome = await of.define(
      under === undefined
        ? { ...said, state: 'retired', ifVersion }
        : { ...said, state: 'active', document: { under }, ifVersion },
    );
    if (!outcome.ok && outcome.code === 'DEFINITION_LIMIT')
      throw new Error(`${key}: ${outcome.message}`);
    return outcome.ok;
  }
}

/** The step that holds, where one held before: up again it is only a tenth above it. */
export function levelOf(how: Pricing, left: number, had: number | undefined): number | undefined {
  const now = stepOf(how, left);
  const isUp = had !== undefined && (now === undefined || now > had);
  const isKnown = how.document.stockFactors?.some(({ under }) => under === had) === true;
  return isUp && isKnown && left < had + Math.ceil(had / ABOVE) ? had : now;
}
