// Which rules and scores of risk decide at a time. Owns: their reading out of definitions, and which signals they need. Never touches: figures.
//   engine-risk.R1. What is looked at alike is counted once, whoever asks for it: a signal is what it looks at, over which window, of what.

import { expressionIn } from '../programme/cel.js';
import { riskRule, riskScore } from '../programme/definitions/index.js';
import { NEW_DEVICE } from '../programme/definitions/risk-rule.js';
import { type Band, RISK_SCORE_MAX, scoreScope } from '../programme/definitions/risk-score.js';
import type { RiskSignal, SaidSignal } from '../programme/definitions/risk-words.js';
import type { TypeOf } from '../protocol/fields.js';
import type { DefinitionHistory, DefinitionVersion } from '../protocol/outcomes.js';
import type { RiskKind } from '../protocol/risk.js';
import { AdditiveModel, type RiskModel, type SignalFigures } from './model.js';

/** A signal that is counted. */
export interface Wanted extends SaidSignal {
  /** The same for what is counted alike. */
  readonly name: string;
}

/** What its marks stop. */
export interface Stops {
  readonly stops?: readonly RiskKind[] | undefined;
  readonly stopsAsset?: string | undefined;
  readonly stopsOver?: number | undefined;
}

/** A definition that marks. */
interface Marking extends Stops {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
}

export interface Rule extends Marking, Pick<Band, 'action' | 'holdsMs'> {
  readonly of: Wanted;
  readonly over: number;
}

export interface Score extends Marking {
  /** By the names that the score has for them. */
  readonly of: ReadonlyMap<string, Wanted>;
  /** The highest first. */
  readonly bands: readonly Band[];
  readonly model: RiskModel;
}

/** What decides in a span of time. */
export interface Deciding {
  readonly until: number;
  readonly rules: readonly Rule[];
  readonly scores: readonly Score[];
}

type RuleDocument = TypeOf<typeof riskRule.decides>;
type ScoreDocument = TypeOf<typeof riskScore.decides>;

/** Kinds of definitions that are looked at here. */
export const RISK_DEFINITIONS: readonly string[] = [riskRule.name, riskScore.name];

function wanted({ signal, windowMs, asset, kinds }: SaidSignal): Wanted {
  const name = [signal, windowMs, asset ?? '', ...[...(kinds ?? [])].sort()].join(' ');
  return { name, signal, windowMs, asset, kinds };
}

/** A formula as a model: what has no value for these figures is no risk. */
class Formula implements RiskModel {
  readonly #of: (figures: SignalFigures) => boolean | number | null;

  constructor({ signals, formula = '0' }: ScoreDocument) {
    const made = expressionIn(scoreScope(signals), formula, 'int');
    this.#of = (signal) => made?.of({ signal }) ?? 0;
  }

  score(figures: SignalFigures): number {
    return Math.min(RISK_SCORE_MAX, Math.max(0, Number(this.#of(figures))));
  }
}

function ruleOf({ key, version, document }: DefinitionVersion): Rule | undefined {
  const said = document as unknown as RuleDocument;
  if (said.signal === NEW_DEVICE) return undefined;
  const { reason, over, action, holdsMs, stops, stopsAsset, stopsOver } = said;
  const of = wanted({ ...said, signal: said.signal as RiskSignal });
  return { key, version, reason, over, action, holdsMs, stops, stopsAsset, stopsOver, of };
}

function scoreOf({ key, version, document }: DefinitionVersion): Score {
  const said = document as unknown as ScoreDocument;
  const { reason, signals, bands, model, stops, stopsAsset, stopsOver } = said;
  const of = new Map(Object.entries(signals).map(([name, one]) => [name, wanted(one)]));
  return {
    ...{ key, version, reason, stops, stopsAsset, stopsOver, of },
    bands: [...bands].reverse(),
    model: model === undefined ? new Formula(said) : new AdditiveModel(model),
  };
}

/** The version that decides at a time; undefined: none does. */
function activeAt({ versions }: DefinitionHistory, time: number): DefinitionVersion | undefined {
  const last = versions.filter(
    ({ state, activeFrom }) => state !== 'draft' && (activeFrom ?? 0) <= time,
  );
  const found = last.sort(
    (one, other) => (one.activeFrom ?? 0) - (other.activeFrom ?? 0) || one.version - other.version,
  );
  const active = found.at(-1);
  return active?.state === 'active' ? active : undefined;
}

export class Rules {
  readonly #histories: readonly DefinitionHistory[];
  #deciding: Deciding = { until: Number.NEGATIVE_INFINITY, rules: [], scores: [] };
  #from = Number.POSITIVE_INFINITY;

  constructor(histories: readonly DefinitionHistory[]) {
    this.#histories = histories;
  }

  /** What decides at a time. */
  at(time: number): Deciding {
    if (time >= this.#from && time < this.#deciding.until) return this.#deciding;
    const changes = this.#histories.flatMap(({ versions }) =>
      versions.flatMap(({ state, activeFrom = 0 }) => (state === 'draft' ? [] : [activeFrom])),
    );
    this.#from = Math.max(Number.NEGATIVE_INFINITY, ...changes.filter((one) => one <= time));
    const active = this.#histories.flatMap((history) => activeAt(history, time) ?? []);
    this.#deciding = {
      until: Math.min(Number.POSITIVE_INFINITY, ...changes.filter((one) => one > time)),
      rules: active.flatMap((one) => (one.kind === riskRule.name ? (ruleOf(one) ?? []) : [])),
      scores: active.flatMap((one) => (one.kind === riskScore.name ? [scoreOf(one)] : [])),
    };
    return this.#deciding;
  }

  /** All signals that are counted now, or will be, by name. */
  wantedFrom(time: number): ReadonlyMap<string, Wanted> {
    const all = new Map<string, Wanted>();
    for (let at = time; ; ) {
      const { rules, scores, until } = this.at(at);
      for (const { of } of rules) all.set(of.name, of);
      for (const { of } of scores) for (const one of of.values()) all.set(one.name, one);
      if (until === Number.POSITIVE_INFINITY) return all;
      at = until;
    }
  }
}
