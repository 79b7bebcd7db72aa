// What acts have done, out of what they answer. Owns: how it is read. Never touches: how it is told.

/** An effect of an act, with its `type`. */
export interface Effect {
  readonly type: string;
  readonly [name: string]: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The effects of an act that was carried out; none where it is not decided yet. */
export function effectsOf(answer: unknown): readonly Effect[] {
  const act = isObject(answer) ? answer.act : undefined;
  const effects = isObject(act) && Array.isArray(act.effects) ? act.effects : [];
  return effects.filter((one): one is Effect => isObject(one) && typeof one.type === 'string');
}

const amountOf = (effect: Effect): number =>
  typeof effect.amount === 'number' ? effect.amount : 0;

/** What was earned in all: minor units. */
export const earnedIn = (answer: unknown): number =>
  effectsOf(answer)
    .filter(({ type }) => type === 'earn')
    .reduce((sum, effect) => sum + amountOf(effect), 0);
