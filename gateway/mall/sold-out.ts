// Orders of goods that were sold out a moment ago. Owns: which of them a look in memory answers. Never touches: what is decided: nothing is, and the
// id stays free.
//   shown.O1. An order that was asked for before is told what came of it then, whatever is left now: its id is looked for first, on its own shard.
//   shown.O2. What says so is less than a second old. Nothing is known of goods that nobody asked for in that time, so the next order goes its way.

import type { Command, Engine, Grants } from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';
import type { Mall } from './mall.js';

/** An order that needs no shard to be refused; undefined: it goes its way. */
export async function soldOut(
  engine: Engine,
  mall: Mall | undefined,
  grants: Grants,
  command: Command,
): Promise<Refusal | undefined> {
  if (mall?.isWhole !== true || command.type !== 'act') return undefined;
  const { owner, id, body } = command;
  const { goods } = body as { readonly goods?: unknown };
  const good = typeof goods === 'string' ? mall.catalogue.good(goods, engine.now()) : undefined;
  const asset = good?.version.document.stockAsset;
  if (good === undefined || asset === undefined) return undefined;
  const isGone = mall.stocks.isSoldOut(good.key, asset);
  // For who comes next.
  void mall.stocks.left(good.key, asset);
  if (!isGone) return undefined;
  const reading = { ...grants, operations: new Set([...grants.operations, 'read'] as const) };
  const before = id === undefined ? undefined : await engine.as(reading).transfer(owner, id);
  return before === undefined ? refuse('GOODS_SOLD_OUT', 'goods') : undefined;
}
