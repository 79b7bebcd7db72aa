// Rows out of blocks. Owns: what a record of a log is a row of, in which table. Never touches: where rows are stored.
//   rows.R1. What an act has done, and what was refused, is told by the log of its home owner's shard alone: each once.
//   rows.R2. The rows `lots` of a member's accounts sum to what the member has, whenever they took effect: what no lot says has a row without expiry.

import { NEVER, SLOTS } from '../../limits.js';
import type { Effect } from '../../programme/act.js';
import { COUNTS } from '../../programme/earning/counts.js';
import { EVENT } from '../../programme/earning/order.js';
import { planInPlace } from '../../protocol/act-fields.js';
import type { BlockView } from '../../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../../protocol/codec.js';
import { CommandView } from '../../protocol/command-view.js';
import type { PutDefinitionCommand } from '../../protocol/commands.js';
import { changesOfTick, occurredAt } from '../../protocol/effective.js';
import { ENTRY, type EntryView, EXTRA, opaqueIn } from '../../protocol/effects.js';
import { ownerHash } from '../../protocol/hash.js';
import { homeOwnerOfTuple } from '../../protocol/home.js';
import { LEG, LEG_PLACES, layoutOfOp, OP, PLACES, typeOfOp } from '../../protocol/layout.js';
import { jsonInPlace } from '../../protocol/opaque.js';
import { ORDER_CANCELLED, ORDER_COMPLETED, ORDER_CREATED } from '../../protocol/order.js';
import { assetOfExtra, ENTRY_TYPES } from '../../protocol/outcomes.js';
import { withoutPersonal } from '../../protocol/personal-fields.js';
import { isBeginning } from '../../protocol/read-back.js';
import { refusalCode } from '../../protocol/refusals.js';
import { scopeOf } from '../../protocol/scope.js';
import type { Rows } from './tables.js';

const { act: ACT, capture: CAPTURE, decision: DECISION, prepare: PREPARE } = PLACES;
const { reverse: REVERSE, transfer: TRANSFER } = PLACES;
const REDEEM = '@redeem';
/** What effects say of devices, places and contacts is for no tables. */
const NONE_SHARED = { device: true, contacts: true };
const TRANSIT = '@transit';
/** Who has made no command that is refused. */
const ENGINES: ReadonlySet<number> = new Set([OP.tick, OP.prepare, OP.delivered]);
/** Effects that say what became of an order, and the state that it has then, where they do not say it. */
const ORDERS: Readonly<Record<string, string | null>> = {
  [ORDER_CREATED]: null,
  orderConfirmed: 'pending',
  orderShipped: null,
  [ORDER_COMPLETED]: 'completed',
  [ORDER_CANCELLED]: null,
};
/** The record that says a member's tier, by programme. */
const MEMBER = 'member';

/** Where commands of an op have their id and kind. */
const ABOUT: readonly { readonly id: number | undefined; readonly kind: number | undefined }[] =
  Array.from({ length: 256 }, (_, op) => {
    const placeOf = (wanted: string): number | undefined =>
      layoutOfOp(op)?.placed.find(({ name }) => name === wanted)?.place;
    return { id: placeOf('id'), kind: placeOf('kind') };
  });

type Fields = Readonly<Record<string, unknown>>;

/** What is looked at of an act's plan. */
interface SaidPlan {
  readonly effects?: readonly Effect[];
  readonly why?: {
    readonly paid?: readonly (readonly [
      key: string,
      version: number,
      points: number,
      base?: number,
    ])[];
    readonly times?: readonly (readonly [key: string, version: number, percent: number])[];
  };
  readonly counters?: readonly (readonly [name: string, ...unknown[]])[];
  readonly records?: readonly (readonly [type: string, key: string, ...unknown[]])[];
  readonly reversal?: { readonly transferId: string };
}

/** A record of a block, with what was read of its command. */
interface Told {
  readonly block: BlockView;
  readonly at: number;
  readonly item: number;
  /** The command that it is about: its own, or the one that is carried to it. */
  readonly said: CommandView;
  readonly op: number;
  readonly id: string | null;
  readonly platform: string | null;
  readonly kind: string | null;
  readonly act: string | null;
  readonly body: Fields | undefined;
  readonly plan: SaidPlan | undefined;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Whose an id is. */
const platformOf = (id: string | null): string | null =>
  id?.includes(',') === true ? (scopeOf(id) ?? null) : null;

const isMember = (owner: string): boolean => {
  const first = owner.charCodeAt(0);
  // @ and #
  return first !== 64 && first !== 35;
};

export interface RowMakerOptions {
  /** The shard of each slot. */
  readonly slotMap: ArrayLike<number>;
  /** Codes of assets by their numbers, as far as they were stored. */
  readonly assets: ReadonlyMap<number, string>;
}

/** Makes rows of blocks; those of one shard in their order. */
export class RowMaker {
  readonly #slotMap: ArrayLike<number>;
  readonly #assets: Map<number, string>;
  readonly #own = new CommandView();
  readonly #carried = new CommandView();

  constructor({ slotMap, assets }: RowMakerOptions) {
    this.#slotMap = slotMap;
    this.#assets = new Map(assets);
  }

  /** Adds what a block says. Returns how many rows that are. */
  take(block: BlockView, rows: Rows): number {
    const { effects } = block;
    let count = 0;
    let item = 0;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at))
      count += this.#record(block, at, item++, rows);
    return count;
  }

  #record(block: BlockView, at: number, item: number, rows: Rows): number {
    const { effects, commands, header } = block;
    const op = effects.op(at);
    this.#own.read(commands, effects.commandOffset(at));
    if (op === OP['define-asset'] || op === OP['put-definition'])
      return effects.refusalNumber(at) === 0 ? this.#reference(block, at, item, rows) : 0;
    let count = 0;
    if (op === OP.tick && effects.hasExtra(at, EXTRA.campaign))
      count += campaigns(block, at, item, rows);
    const told = this.#told(block, at, item, op);
    if (effects.entryCount(at) > 0) count += this.#entries(told, rows);
    const refusal = effects.refusalNumber(at);
    const isRefused =
      refusal !== 0 || (op === OP.decision && this.#own.number(DECISION.refusal) > 0);
    if (op !== OP.tick && op !== OP.prepare && (isRefused || !isBeginning(effects, at))) {
      if (isRefused) return count + this.#refused(told, refusal, rows);
      if (op !== OP.decision || told.said !== this.#own)
        count += this.#done(told, header.time, rows);
    }
    return count;
  }

  #told(block: BlockView, at: number, item: number, op: number): Told {
    let said = this.#own;
    const place =
      op === OP.decision ? DECISION.transfer : op === OP.prepare ? PREPARE.transfer : undefined;
    if (place !== undefined && !said.isNil(place)) {
      this.#carried.read(said.bytes, said.bytesStart(place));
      said = this.#carried;
    }
    const about = ABOUT[said.op];
    const id = about?.id === undefined || said.isNil(about.id) ? null : said.text(about.id);
    const kind = about?.kind === undefined || said.isNil(about.kind) ? null : said.text(about.kind);
    const isAct = said.op === OP.act;
    const planPlace = isAct ? ACT.plan : said.op === OP.reverse ? REVERSE.plan : undefined;
    const { effects } = block;
    const carried = effects.hasExtras(at) ? effects.extra(at, EXTRA.act) : undefined;
    const inCommand =
      planPlace === undefined || said.isNil(planPlace) ? undefined : said.opaque(planPlace);
    const packed = carried === undefined ? inCommand : opaqueIn(carried);
    return {
      block,
      at,
      item,
      said,
      op: said.op,
      id,
      platform: platformOf(id),
      kind,
      act: isAct ? said.text(ACT.act) : null,
      body: isAct ? (jsonInPlace(said.opaque(ACT.body)) as Fields) : undefined,
      plan: packed && (planInPlace(packed) as SaidPlan),
    };
  }

  #isHome(owner: string, shard: number): boolean {
    return this.#slotMap[ownerHash(owner) & (SLOTS - 1)] === shard;
  }

  // --- entries ----------------------------------------------------------------------------------------------------

  #entries(told: Told, rows: Rows): number {
    const { block, at, item, said, id, platform, act, body, plan } = told;
    const { effects, header } = block;
    const { shard, seq, time } = header;
    const isTick = effects.op(at) === OP.tick;
    const views = effects.entries(at);
    const effective = isTick ? time : (occurredAt(effects, at) ?? time);
    const event = act === EVENT ? textOf(body?.['type']) : null;
    const undoes =
      said.op === OP.reverse ? said.text(REVERSE.transferId) : (plan?.reversal?.transferId ?? null);
    let count = 0;
    let n = 0;
    for (const view of views) {
      const { owner } = view;
      const asset = this.#assetOf(view.asset);
      const type = ENTRY_TYPES[view.type] ?? 'transfer';
      const { earned, spent, expired, heldDelta: held } = view;
      const balance = view.available + view.held;
      const kind =
        view.type === ENTRY.expire
          ? 'EXPIRE'
          : view.type === ENTRY.reserve || view.type === ENTRY.free
            ? 'RESERVE'
            : told.kind;
      count++;
      if (!isMember(owner)) {
        const moved = [earned, spent, expired, held, balance] as const;
        rows.books.push([shard, seq, item, n++, time, owner, asset, type, ...moved, kind, act]);
        continue;
      }
      const changes = isTick ? changesOfTick(block, view) : undefined;
      const since = changes?.reduce((last, one) => Math.max(last, one.at), 0) ?? effective;
      rows.entries.push([
        shard,
        seq,
        item,
        n++,
        time,
        since,
        owner,
        asset,
        view.version,
        type,
        earned,
        spent,
        expired,
        held,
        balance,
        kind,
        act,
        event,
        isTick && view.type === ENTRY.expire ? '@expire' : otherOf(told, view, views),
        redeemedBy(told, view, views),
        platform,
        id,
        undoes,
      ]);
      if (view.version === 1) {
        rows.accounts.push([shard, seq, item, time, owner, asset]);
        count++;
      }
      count += lots(rows, [shard, seq, item, time], [owner, asset, type], view, since, changes);
    }
    return count;
  }

  #assetOf(number: number): string {
    return this.#assets.get(number) ?? `#${number}`;
  }

  // --- what was done ----------------------------------------------------------------------------------------------

  #done(told: Told, time: number, rows: Rows): number {
    const { block, item, said, id, platform, act, body, plan } = told;
    const { op } = said;
    if (op !== OP.act && op !== OP.reverse) return 0;
    const owner = said.text(op === OP.act ? ACT.owner : REVERSE.owner);
    const { shard, seq } = block.header;
    if (!this.#isHome(owner, shard)) return 0;
    const place = [shard, seq, item] as const;
    let count = this.#givenBack(told, owner, rows);
    const effects = plan?.effects ?? [];
    const happened = Math.min(numberOf(body?.['time']) ?? time, time);
    if (act !== null) {
      const earned = effects.reduce(
        (sum, { type, amount }) => (type === 'earn' ? sum + Number(amount) : sum),
        0,
      );
      const programme = textOf(body?.['programme']);
      const about = [programme, textOf(body?.['type']), earned] as const;
      rows.acts.push([...place, time, happened, owner, act, id, platform, ...about]);
      count++;
      if (act === EVENT && plan !== undefined) {
        const of = { place, time, happened, owner, id, platform, programme };
        count += this.#earned(of, told, plan, rows);
      }
    }
    let n = 0;
    for (const effect of effects) {
      const { type } = effect;
      if (type === 'earn' && act === EVENT) continue;
      const where = [...place, n++, time] as const;
      count++;
      if (type === 'tierChanged') {
        const programme =
          plan?.records?.find(([of]) => of === MEMBER)?.[1] ?? textOf(body?.['programme']);
        const since = numberOf(effect['at']) ?? time;
        const before = textOf(effect['from']) || null;
        rows.tier_changes.push([...where, since, owner, programme, before, textOf(effect['to'])]);
      } else if (Object.hasOwn(ORDERS, type)) {
        rows.order_changes.push([...where, ...orderChange(effect, owner, id, platform)]);
      } else {
        // Whoever has a code can use it.
        const { code: _code, codes: _codes, ...told } = effect;
        const data = JSON.stringify(withoutPersonal(told, NONE_SHARED));
        rows.effects.push([...where, owner, act, id, platform, type, data]);
      }
    }
    return count;
  }

  /** What an event's rules and tasks have paid, and what multiplied it. */
  #earned(
    of: {
      readonly place: readonly [number, number, number];
      readonly time: number;
      readonly happened: number;
      readonly owner: string;
      readonly id: string | null;
      readonly platform: string | null;
      readonly programme: string | null;
    },
    { said, body }: Told,
    plan: SaidPlan,
    rows: Rows,
  ): number {
    const { place, time, happened, owner, id, platform, programme } = of;
    const { paid = [], times = [] } = plan.why ?? {};
    let count = 0;
    let next = 0;
    let leg = 0;
    for (const { type, rule, task, amount } of plan.effects ?? []) {
      if (type !== 'earn' && type !== 'badge') continue;
      const key = (rule ?? task) as string;
      while (next < paid.length && paid[next]?.[0] !== key) next++;
      const [, version = null, points = Number(amount), base = points] = paid[next++] ?? [];
      if (type !== 'earn') continue;
      const from = ACT.legs + leg * LEG_PLACES;
      const asset = from < said.count ? said.text(from + LEG.asset) : null;
      const about = [programme, textOf(body?.['type']), rule === undefined ? 'task' : 'rule', key];
      rows.earnings.push([
        ...place,
        leg++,
        ...[time, happened, owner, asset, id, platform],
        ...about,
        ...[version, Number(amount), base],
      ]);
      count++;
    }
    const taken = new Set<string>();
    for (const [name] of plan.counters ?? [])
      if (name.startsWith(COUNTS.taken)) taken.add(name.slice(COUNTS.taken.length));
    times.forEach(([key, version, percent], i) => {
      // The tier's comes first, and may be called as a campaign is.
      const isAgain = times.some(([other], k) => k > i && other === key);
      const isTier = i === 0 && (!taken.has(key) || isAgain);
      if (!isTier) taken.delete(key);
      const about = [isTier ? 'tier' : 'campaign', key, version, percent] as const;
      rows.multipliers.push([...place, time, happened, owner, id, programme, ...about]);
      count++;
    });
    for (const key of taken) {
      const about = ['campaign', key, null, null] as const;
      rows.multipliers.push([...place, time, happened, owner, id, programme, ...about]);
      count++;
    }
    return count;
  }

  #givenBack({ block, at, item, said, id, plan }: Told, owner: string, rows: Rows): number {
    const { effects, header } = block;
    if (!effects.hasExtra(at, EXTRA.reversed)) return 0;
    const original =
      said.op === OP.reverse ? said.text(REVERSE.transferId) : plan?.reversal?.transferId;
    const numbers = effects.extra(at, EXTRA.reversed)?.numbers;
    if (original === undefined || numbers === undefined) return 0;
    const half = numbers.length / 2;
    const place = [header.shard, header.seq, item, header.time] as const;
    for (let leg = 0; leg < half; leg++) {
      const parts = [numbers[leg] as number, numbers[half + leg] as number] as const;
      rows.undone.push([...place, owner, original, id, leg, ...parts]);
    }
    return half;
  }

  #refused({ block, item, said, id, platform, act }: Told, refusal: number, rows: Rows): number {
    if (ENGINES.has(said.op)) return 0;
    const owner =
      said.op === OP.decision
        ? said.text(DECISION.owner)
        : (homeOwnerOfTuple(said.tuple()) as string | undefined);
    const { shard, seq, time } = block.header;
    if (owner === undefined || !this.#isHome(owner, shard)) return 0;
    const number = refusal === 0 ? this.#own.number(DECISION.refusal) : refusal;
    const command = said.op === OP.decision ? null : (typeOfOp(said.op) ?? null);
    const place = [shard, seq, item, time, owner] as const;
    rows.refusals.push([...place, command, act, id, platform, refusalCode(number)]);
    return 1;
  }

  // --- reference data ---------------------------------------------------------------------------------------------

  #reference(block: BlockView, at: number, item: number, rows: Rows): number {
    const { effects, header, commands } = block;
    const place = [header.shard, header.seq, item, header.time] as const;
    const extra = effects
      .extras(at)
      .find(({ tag }) => tag === EXTRA.asset || tag === EXTRA.definition);
    if (extra === undefined) return 0;
    if (extra.tag === EXTRA.asset) {
      const [number, { asset, scale }] = assetOfExtra(extra);
      this.#assets.set(number, asset);
      rows.assets.push([...place, number, asset, scale]);
      return 1;
    }
    const [, version = 0, , activeFrom = 0] = extra.numbers;
    const [kind = '', key = ''] = extra.texts;
    const start = effects.commandOffset(at);
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    const { state, document = null } = commandOfTuple(tuple) as unknown as PutDefinitionCommand;
    const text = document === null ? null : JSON.stringify(document);
    rows.definitions.push([...place, kind, key, version, state, activeFrom || null, text]);
    return 1;
  }
}

// --- parts of rows ----------------------------------------------------------------------------------------------------

function campaigns({ effects, header }: BlockView, at: number, item: number, rows: Rows): number {
  let count = 0;
  for (const { tag, numbers, texts } of effects.extras(at)) {
    if (tag !== EXTRA.campaign) continue;
    const [now = 0, before = 0, members = 0] = numbers;
    const place = [header.shard, header.seq, item, header.time] as const;
    rows.campaigns.push([...place, texts[0] ?? '', now, before, members]);
    count++;
  }
  return count;
}

/** R2. `changes`: of a tick. */
function lots(
  rows: Rows,
  place: readonly [shard: number, seq: number, item: number, time: number],
  of: readonly [owner: string, asset: string, type: string],
  { slices, earned, spent, expired, heldDelta, type }: EntryView,
  effective: number,
  changes: ReturnType<typeof changesOfTick> | undefined,
): number {
  let available = earned - spent - expired - heldDelta;
  let held = heldDelta;
  let count = 0;
  const add = (at: number, expiry: number | null, ofLot: number, heldOfLot: number): void => {
    rows.lots.push([...place, at, ...of, expiry, ofLot, heldOfLot]);
    available -= ofLot;
    held -= heldOfLot;
    count++;
  };
  if (changes !== undefined && type !== ENTRY.release)
    for (const { at, expiry, available: one } of changes) add(at, expiry ?? null, one, 0);
  else
    for (let i = 0; i < slices.length; i += 3) {
      const expiry = slices[i] as number;
      const lot = expiry === NEVER ? null : expiry;
      add(effective, lot, slices[i + 1] as number, slices[i + 2] as number);
    }
  if (available !== 0 || held !== 0 || count === 0) add(effective, null, available, held);
  return count;
}

/** The other side of the points that an owner has got or given, by the legs of its command, or because nobody else is in the record. */
function otherOf({ said }: Told, { owner }: EntryView, views: readonly EntryView[]): string | null {
  let other: string | undefined;
  let others = 0;
  for (const view of views) {
    if (view.owner === owner || view.owner === other) continue;
    other = view.owner;
    others++;
  }
  if (others === 1 && other?.startsWith(TRANSIT) !== true) return other as string;
  if (said.op === OP.capture && said.text(CAPTURE.owner) === owner) return said.text(CAPTURE.to);
  const first =
    said.op === OP.transfer ? TRANSFER.legs : said.op === OP.act ? ACT.legs : said.count;
  let found: string | null = null;
  for (let leg = first; leg + LEG_PLACES <= said.count; leg += LEG_PLACES) {
    const [from, to] = [said.text(leg + LEG.from), said.text(leg + LEG.to)];
    if (from !== owner && to !== owner) continue;
    const side = from === owner ? to : from;
    if (side === REDEEM) return REDEEM;
    found ??= side;
  }
  return found;
}

/** What of an entry went to `@redeem`, or came back from there. */
function redeemedBy({ said }: Told, view: EntryView, views: readonly EntryView[]): number {
  const { owner, asset } = view;
  const ofAsset = views.filter((one) => one.asset === asset);
  const redeem = ofAsset.filter((one) => one.owner === REDEEM);
  if (redeem.length === 0) return 0;
  const total = redeem.reduce((sum, one) => sum + one.earned - one.spent - one.expired, 0);
  const members = ofAsset.filter((one) => isMember(one.owner));
  // An owner may have several entries of one record: the first one with points to move says it.
  const own = members.filter((one) => one.owner === owner);
  const moving = own.find((one) => one.earned !== 0 || one.spent !== 0);
  if (moving !== undefined && moving !== view) return 0;
  if (own.length === members.length) return total;
  const first =
    said.op === OP.transfer ? TRANSFER.legs : said.op === OP.act ? ACT.legs : said.count;
  let sum = 0;
  let legs = 0;
  for (let leg = first; leg + LEG_PLACES <= said.count; leg += LEG_PLACES) {
    const [from, to] = [said.text(leg + LEG.from), said.text(leg + LEG.to)];
    legs++;
    if (from === owner && to === REDEEM) sum += said.number(leg + LEG.amount);
    else if (to === owner && from === REDEEM) sum -= said.number(leg + LEG.amount);
  }
  // A reversal has no legs of its own: what its members get back is what `@redeem` gives.
  return legs > 0 ? sum : view.spent - view.earned;
}

/** From `number` on: a change of an order. */
function orderChange(
  effect: Effect,
  owner: string,
  id: string | null,
  platform: string | null,
): (string | number | null)[] {
  const { type } = effect;
  const state = textOf(effect['state']) ?? ORDERS[type] ?? null;
  const isNew = type === ORDER_CREATED;
  const cards = numberOf(effect['cards']) ?? 0;
  const points = isNew ? (numberOf(effect['total']) ?? 0) - cards : numberOf(effect['points']);
  return [
    textOf(effect['number']),
    owner,
    type,
    numberOf(effect['quantity']),
    points,
    state,
    id,
    platform,
    textOf(effect['programme']),
    textOf(effect['goods']),
    numberOf(effect['version']),
    textOf(effect['category']),
    numberOf(effect['price']),
    numberOf(effect['total']),
    isNew ? (numberOf(effect['discount']) ?? 0) : null,
    isNew ? cards : null,
    numberOf(effect['until']),
  ];
}
