// Signals, rules and scores over what is seen of members. Owns: what is found, and when it is found again. Never touches: threads, logs, acts.
//   engine-risk.F1. Who goes over the threshold of a rule is found when that happens, and again while it lasts: once in a quarter of the time that its
//       mark holds. The same again, whoever finds it and after whatever start, has the same id.
//   engine-risk.F2. Of a set that goes over, all of its members that are known are found, and each one that is seen with it later.
//   engine-risk.F3. What is only looked at so that windows are full again (`isPast`) finds nothing.

import { createHmac } from 'node:crypto';
import {
  ID_LENGTH_MAX,
  RISK_ASKED_MAX,
  RISK_EVIDENCE_LENGTH_MAX,
  RISK_SIGNALS_MAX,
} from '../limits.js';
import type { Band } from '../programme/definitions/risk-score.js';
import type { DefinitionHistory } from '../protocol/outcomes.js';
import { digestOf } from './digests.js';
import { type Found, spanText } from './found.js';
import { ELSEWHERE, type Seen, type Where } from './groups.js';
import { type Deciding, type Rule, Rules, type Score, type Stops, type Wanted } from './rules.js';
import type { Look } from './sightings.js';
import { Names, type Noted, type Room, type Signal, signalOf, Together } from './signals.js';

/** A member seen with something, as other nodes are told of it. */
export type Pair = readonly [
  signal: string,
  key: number,
  member: number,
  time: number,
  /** Of a referral: whose code it was. */
  referrer: string | null,
];
/** How many a node has counted that others have seen a part of. */
export type Counted = readonly [signal: string, key: number, count: number, time: number];

export interface WatchOptions {
  readonly definitions: readonly DefinitionHistory[];
  /** Codes of assets, by their numbers. */
  readonly assets: readonly string[];
  /** What addresses and devices are told by in evidence: nobody finds them without it. */
  readonly evidenceKey: Uint8Array;
  /** Looks again at what was seen somewhere. */
  readonly again: (where: Where, look: Look) => void;
  /** From when on signals are counted. */
  readonly from: number;
  readonly room?: Room | undefined;
  /** Told of what concerns other nodes; left out: there are none. */
  readonly onPair?: ((pair: Pair) => void) | undefined;
  readonly onCounted?: ((counted: Counted) => void) | undefined;
}

const KEPT_PARTS = 4;
const EVIDENCE_LENGTH = 12;

/** Told by whom, where the marks of a member are said again. */
interface Marking extends Stops, Pick<Band, 'action' | 'holdsMs'> {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
}

export class Watch {
  readonly #options: WatchOptions;
  readonly #codes: string[];
  #rules: Rules;
  readonly #signals = new Map<string, Signal>();
  /** When a mark is asked for again, by rule and member; the one that was asked for longest ago first. */
  readonly #asked = new Map<string, number>();
  readonly #found: Found[] = [];
  /** Signals that are not counted, because there are too many. */
  readonly leftOut: readonly string[];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#codes = [...options.assets];
    this.#rules = new Rules(options.definitions);
    const wanted = [...this.#rules.wantedFrom(options.from).values()];
    const names = new Names();
    for (const one of wanted.slice(0, RISK_SIGNALS_MAX))
      this.#signals.set(one.name, signalOf(one, names, this.#codes, options.room));
    this.leftOut = wanted.slice(RISK_SIGNALS_MAX).map(({ name }) => name);
  }

  /** Other definitions; false: they want signals that are not counted, and this stays as it is. */
  define(definitions: readonly DefinitionHistory[], from: number): boolean {
    const rules = new Rules(definitions);
    for (const name of rules.wantedFrom(from).keys())
      if (!this.#signals.has(name) && !this.leftOut.includes(name)) return false;
    this.#rules = rules;
    return true;
  }

  /** The longest window. */
  get windowMs(): number {
    return Math.max(0, ...[...this.#signals.values()].map(({ of }) => of.windowMs));
  }

  /** Signals that are counted. */
  get signals(): number {
    return this.#signals.size;
  }

  get isEmpty(): boolean {
    return this.#signals.size === 0;
  }

  /** What is kept, in bytes, but for the sets of two members and more. */
  get bytes(): number {
    return [...this.#signals.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Sets of two members and more. */
  get sets(): number {
    return [...this.#signals.values()].reduce(
      (sum, one) => sum + (one instanceof Together ? one.groups.sets : 0),
      0,
    );
  }

  get forgotten(): number {
    return [...this.#signals.values()].reduce((sum, one) => sum + one.forgotten, 0);
  }

  /** An asset was defined. */
  asset(number: number, code: string): void {
    this.#codes[number] = code;
  }

  /** What was found since it was asked last. */
  found(): readonly Found[] {
    return this.#found.splice(0);
  }

  // --- other nodes ------------------------------------------------------------------------------------------------

  /** A member that another node has seen, of a set that is counted here. */
  pair([name, key, member, time, referrer]: Pair): void {
    const signal = this.#signals.get(name);
    if (!(signal instanceof Together)) return;
    signal.groups.see(key, member, undefined, ELSEWHERE, time);
    this.#judgeSet(signal, key, time, this.#rules.at(time), referrer ?? undefined, true);
  }

  /** What another node has counted of a set that members here are in. */
  counted([name, key, count, time]: Counted): void {
    const signal = this.#signals.get(name);
    if (!(signal instanceof Together)) return;
    signal.groups.told(key, count, time);
    this.#judgeSet(signal, key, time, this.#rules.at(time), undefined, false);
  }

  // --- what is seen -----------------------------------------------------------------------------------------------

  /** Takes what was seen next. */
  see(seen: Noted, isPast: boolean): void {
    const deciding = this.#rules.at(seen.time);
    const figures = new Map<string, number>();
    for (const [name, signal] of this.#signals) {
      if (signal instanceof Together) {
        const of = signal.see(seen);
        if (of === undefined) continue;
        if (of.isNews)
          this.#options.onPair?.([
            ...[name, of.key, signal.digestOf(of.member), seen.time],
            seen.referrer ?? null,
          ] as unknown as Pair);
        if (!isPast) this.#judgeSet(signal, of.key, seen.time, deciding, seen.referrer, of.isNews);
        continue;
      }
      const figure = signal.add(seen);
      if (figure !== undefined) figures.set(name, figure);
    }
    if (isPast) return;
    for (const rule of deciding.rules) {
      const figure = figures.get(rule.of.name);
      if (figure === undefined || figure <= rule.over) continue;
      this.#find(seen.owner, rule, seen.time, figureText(figure, rule, seen));
    }
    // Where a member is, is known of what it asks for.
    if (seen.kind === undefined) return;
    for (const score of deciding.scores) this.#judge(seen, score, figures);
  }

  #judge(seen: Noted, score: Score, known: ReadonlyMap<string, number>): void {
    const figures: Record<string, number> = {};
    for (const [name, of] of score.of) {
      const figure = known.get(of.name) ?? this.#signals.get(of.name)?.figure(seen) ?? 0;
      figures[name] = Math.round(figure);
    }
    const value = score.model.score(figures);
    const band = score.bands.find(({ from }) => value >= from);
    if (band === undefined) return;
    const parts = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
    const evidence = `${value}: ${parts.join(', ')}`;
    this.#find(seen.owner, { ...score, ...band }, seen.time, evidence, value);
  }

  /** Has a set gone over? */
  #judgeSet(
    signal: Together,
    key: number,
    time: number,
    { rules }: Deciding,
    referrer: string | undefined,
    isNews: boolean,
  ): void {
    let count: number | undefined;
    for (const rule of rules) {
      if (rule.of.name !== signal.of.name) continue;
      count ??= signal.groups.count(key, time);
      if (count <= rule.over) continue;
      const evidence = this.#setText(signal.of, count, key);
      if (signal.isOfReferrer) {
        if (referrer !== undefined) this.#find(referrer, rule, time, evidence);
        continue;
      }
      for (const one of signal.groups.members(key, time)) {
        one.name ??= this.#nameOf(signal, key, one);
        if (one.name !== undefined) this.#find(one.name, rule, time, evidence);
      }
      if (isNews) this.#options.onCounted?.([signal.of.name, key, count, time]);
    }
  }

  /** Who was seen, read again in the block where that was. */
  #nameOf(signal: Together, key: number, { digest, where }: Seen): string | undefined {
    if (where === ELSEWHERE) return undefined;
    let name: string | undefined;
    this.#options.again(where, (seen) => {
      if (name !== undefined || signal.keyOf(seen) !== key) return;
      const other = signal.digestOf(seen.owner);
      const isIt = digest > 0 ? other === digest : signal.groups.isPrint(digest, other);
      if (isIt) name = seen.owner;
    });
    return name;
  }

  /** Of an address or a device a digest alone, by a key that is not in the log. */
  #setText({ signal, windowMs }: Wanted, count: number, key: number): string {
    if (signal === 'referrals') return `${count} members used the code, ${spanText(windowMs)}`;
    const what = signal === 'members-per-address' ? 'address' : 'device';
    const digest = createHmac('sha256', this.#options.evidenceKey).update(`${what} ${key}`);
    const told = digest.digest('base64url').slice(0, EVIDENCE_LENGTH);
    return `${count} members, ${what} ${told}, ${spanText(windowMs)}`;
  }

  // --- what is found ----------------------------------------------------------------------------------------------

  /** F1. */
  #find(owner: string, of: Marking, time: number, evidence: string, score?: number): void {
    const { key, version, action, holdsMs } = of;
    const every = Math.floor(holdsMs / KEPT_PARTS);
    const window = Math.floor(time / every) * every;
    const name = `${key} ${version} ${action} ${owner}`;
    if ((this.#asked.get(name) ?? Number.NEGATIVE_INFINITY) >= window) return;
    this.#asked.delete(name);
    this.#asked.set(name, window);
    if (this.#asked.size > RISK_ASKED_MAX) {
      const [first] = this.#asked.keys();
      this.#asked.delete(first as string);
    }
    const { reason, stops, stopsAsset, stopsOver } = of;
    this.#found.push({
      owner,
      id: idOf(`${key}.${version}.${action}`, window),
      body: {
        ...{ mark: key, reason, action, version, until: time + holdsMs },
        evidence: evidence.slice(0, RISK_EVIDENCE_LENGTH_MAX),
        ...(stops === undefined ? {} : { kinds: stops }),
        ...(stopsAsset === undefined ? {} : { asset: stopsAsset }),
        ...(stopsOver === undefined ? {} : { over: stopsOver }),
        ...(score === undefined ? {} : { score }),
      },
    });
  }
}

/** The id of a mark: of a key that is too long for one, its digest. */
function idOf(of: string, window: number): string {
  const id = `risk:${of}:${window}`;
  return id.length <= ID_LENGTH_MAX ? id : `risk:${digestOf(of).toString(36)}:${window}`;
}

function figureText(figure: number, { of, over }: Rule, { kind }: Noted): string {
  const span = spanText(of.windowMs);
  if (of.signal === 'commands') return `${figure} ${kind}, ${span} (over ${over})`;
  const what = of.signal === 'earned' ? 'earned' : 'given away of what was earned';
  return `${Math.round(figure)} ${of.asset} ${what}, ${span} (over ${over})`;
}
