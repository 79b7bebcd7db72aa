// Trains the example of a score of risk (ops/risk/score.json) on drawn months: logistic regression, and beside it stumps found by boosting, whichever
// does better on months that neither has seen. `node dist/test/risk/train.js [--write]`. Owns: the training. Never touches: how a score is worked out.
//   What it learns from is one line a member: the greatest figure of each signal within the month.

import { readFileSync, writeFileSync } from 'node:fs';
import type { RiskModelJson } from '../../engine/programme/definitions/risk-model.js';
import type { SaidSignal } from '../../engine/programme/definitions/risk-words.js';
import { AdditiveModel } from '../../engine/risk/model.js';
import { Names, signalOf } from '../../engine/risk/signals.js';
import { DAY, drawnMonth, HOUR } from './month.js';

const MEMBERS = 2_000;
const TRAINED_ON = [1, 2, 3];
const TRIED_ON = [4, 5];
const MILLION = 1_000_000;

/** What the score looks at. */
export const SIGNALS: Readonly<Record<string, SaidSignal>> = {
  address: { signal: 'members-per-address', windowMs: DAY },
  device: { signal: 'members-per-device', windowMs: 7 * DAY },
  hour: { signal: 'commands', windowMs: HOUR },
  earned: { signal: 'earned', windowMs: DAY, asset: 'points' },
  cashed: { signal: 'redeemed-after-earned', windowMs: HOUR, asset: 'points' },
  referred: { signal: 'referrals', windowMs: 7 * DAY },
};
const NAMES = Object.keys(SIGNALS);

interface Line {
  readonly figures: Record<string, number>;
  readonly isFraud: boolean;
}

/** The figures of each thing that members do, as the score will see them: of each member those that its worst moment had. */
function linesOf(seed: number): Line[] {
  const { seen, frauds } = drawnMonth(seed, MEMBERS);
  const names = new Names();
  const signals = NAMES.map((name) => {
    const one = SIGNALS[name] as SaidSignal;
    return [name, signalOf({ ...one, name }, names, ['points'])] as const;
  });
  const worst = new Map<string, Record<string, number>>();
  for (const one of seen) {
    for (const [, signal] of signals) signal.add(one);
    if (one.kind === undefined) continue;
    const figures = worst.get(one.owner) ?? {};
    for (const [name, signal] of signals)
      figures[name] = Math.max(figures[name] ?? 0, Math.round(signal.figure(one)));
    worst.set(one.owner, figures);
  }
  return [...worst].map(([owner, figures]) => ({ figures, isFraud: frauds.has(owner) }));
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const whole = (value: number): number => Math.round(value * MILLION);

/** Stumps, each the one that lowers the loss most, by Newton's step; thresholds are drawn from the figures that there are. */
function boosted(lines: readonly Line[], rounds: number): RiskModelJson {
  const [rate, smooth] = [0.5, 1];
  const share = lines.filter(({ isFraud }) => isFraud).length / lines.length;
  const intercept = Math.log(share / (1 - share));
  const sums = lines.map(() => intercept);
  const stumps: { signal: string; under: number; below: number; above: number }[] = [];
  const thresholds = new Map(
    NAMES.map((name) => {
      const values = [...new Set(lines.map(({ figures }) => figures[name] ?? 0))].sort(
        (a, b) => a - b,
      );
      const some = values.filter((_, i) => i % Math.ceil(values.length / 200) === 0 && i > 0);
      return [name, some] as const;
    }),
  );
  for (let round = 0; round < rounds; round++) {
    let best = { gain: 0, signal: '', under: 0, below: 0, above: 0 };
    const slopes = lines.map(({ isFraud }, i) => (isFraud ? 1 : 0) - sigmoid(sums[i] as number));
    const bends = lines.map(
      (_, i) => sigmoid(sums[i] as number) * (1 - sigmoid(sums[i] as number)),
    );
    for (const [signal, all] of thresholds)
      for (const under of all) {
        let [g0, h0, g1, h1] = [0, 0, 0, 0];
        for (const [i, { figures }] of lines.entries()) {
          const [g, h] = [slopes[i] as number, bends[i] as number];
          if ((figures[signal] ?? 0) < under) [g0, h0] = [g0 + g, h0 + h];
          else [g1, h1] = [g1 + g, h1 + h];
        }
        // More of a signal is never less of a risk.
        if (g0 / (h0 + smooth) > g1 / (h1 + smooth)) continue;
        const gain = g0 ** 2 / (h0 + smooth) + g1 ** 2 / (h1 + smooth);
        if (gain > best.gain)
          best = {
            gain,
            signal,
            under,
            below: (rate * g0) / (h0 + smooth),
            above: (rate * g1) / (h1 + smooth),
          };
      }
    const { signal, under, below, above } = best;
    for (const [i, { figures }] of lines.entries())
      sums[i] = (sums[i] as number) + ((figures[signal] ?? 0) < under ? below : above);
    stumps.push({ signal, under, below: whole(below), above: whole(above) });
  }
  return { intercept: whole(intercept), stumps };
}

/** Weights of ln(1 + figure), by gradient descent. */
function logistic(lines: readonly Line[], rounds: number): RiskModelJson {
  const weights = NAMES.map(() => 0);
  let intercept = 0;
  for (let round = 0; round < rounds; round++) {
    const slopes = NAMES.map(() => 0);
    let slope = 0;
    for (const { figures, isFraud } of lines) {
      const values = NAMES.map((name) => Math.log1p(figures[name] ?? 0));
      const z = values.reduce((sum, value, i) => sum + value * (weights[i] as number), intercept);
      const error = (isFraud ? 1 : 0) - sigmoid(z);
      slope += error;
      for (const [i, value] of values.entries()) slopes[i] = (slopes[i] as number) + error * value;
    }
    const rate = 0.5 / lines.length;
    intercept += rate * slope;
    for (const [i, one] of slopes.entries())
      weights[i] = Math.max(0, (weights[i] as number) + rate * one);
  }
  const named = NAMES.map((name, i) => [name, whole(weights[i] as number)] as const);
  return { intercept: whole(intercept), weights: Object.fromEntries(named) };
}

/** How a model does: recall and false alarms at a score of 500. */
function tried(model: RiskModelJson, lines: readonly Line[]) {
  const made = new AdditiveModel(model);
  const marked = lines.filter(({ figures }) => made.score(figures) >= 500);
  const right = marked.filter(({ isFraud }) => isFraud).length;
  const frauds = lines.filter(({ isFraud }) => isFraud).length;
  return { recall: right / frauds, alarms: (marked.length - right) / (lines.length - frauds) };
}

const FILE = new URL('../../../ops/risk/score.json', import.meta.url);

/** The trained document. */
export function trained(): { readonly document: object; readonly told: string[] } {
  const lines = TRAINED_ON.flatMap(linesOf);
  const others = TRIED_ON.flatMap(linesOf);
  const models = { logistic: logistic(lines, 400), stumps: boosted(lines, 24) };
  const told = Object.entries(models).map(
    ([name, model]) => `${name}: ${JSON.stringify(tried(model, others))}`,
  );
  const cost = (model: RiskModelJson): number => {
    const { recall, alarms } = tried(model, others);
    return 1 - recall + 20 * alarms;
  };
  const model = cost(models.stumps) < cost(models.logistic) ? models.stumps : models.logistic;
  const document = {
    reason: 'RISK_SCORE',
    signals: SIGNALS,
    model,
    bands: [
      { from: 500, action: 'mark', holdsMs: 3 * DAY },
      { from: 900, action: 'review', holdsMs: 7 * DAY },
    ],
    name: 'Example of a score',
    description:
      'Trained on drawn months (test/risk/train.ts): train it on your own before it stops anybody.',
  };
  return { document, told };
}

if (process.argv[1]?.endsWith('train.js')) {
  const { document, told } = trained();
  for (const line of told) console.log(line);
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (process.argv.includes('--write')) writeFileSync(FILE, text);
  else
    console.log(
      readFileSync(FILE, 'utf8') === text ? 'as it is written' : 'another one than is written',
    );
}
