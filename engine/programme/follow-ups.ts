// What acts may cause. Owns: that causes are declared and acyclic, what is logged of what a plan causes. Never touches: commands, ids.
//   programme.A6. An act causes what it declares and nothing else; along what is declared no act comes twice, nor more than CAUSE_DEPTH_MAX
//       after the first.

import { CAUSE_DEPTH_MAX } from '../limits.js';
import type { Act, FollowUp, Plan, Undo, Undone } from './act.js';
import { bodyProblem } from './body.js';
import type { LoggedFollowUps } from './plan.js';
import { isWhole } from './undone.js';

type Acts = ReadonlyMap<string, Act>;

/** Throws where what acts declare to cause is no act, is in a circle, or goes too deep. */
export function expectCauses(acts: Acts): void {
  const follow = (path: readonly string[]): void => {
    const name = path.at(-1) as string;
    const one = acts.get(name);
    const isFault = one === undefined || path.indexOf(name) < path.length - 1;
    if (isFault || path.length > CAUSE_DEPTH_MAX + 1)
      throw new Error(`A6: ${path.join(' causes ')}`);
    for (const caused of one.causes ?? []) follow([...path, caused]);
  };
  for (const name of acts.keys()) follow([name]);
}

/** The act by whose rules something is caused, as it is logged. */
const byOf = ({ name, version }: Act): string => `${name}@${version}`;

/** May what has this cause be done by it? `by`: as it is logged, by whatever version. */
export const mayCause = (acts: Acts, by: string, name: string): boolean =>
  acts.get(by.slice(0, by.indexOf('@')))?.causes?.includes(name) === true;

/** What is logged of what a plan causes; undefined: nothing. Throws where it is not declared, or malformed, which is the act's defect. */
export function loggedFollowUps(
  acts: Acts,
  one: Act,
  { followUps = [] }: Pick<Plan, 'followUps'>,
): LoggedFollowUps | undefined {
  if (followUps.length === 0) return undefined;
  const by = byOf(one);
  for (const { act, body } of followUps) {
    const caused = mayCause(acts, by, act) ? acts.get(act) : undefined;
    if (caused === undefined) throw new Error(`A6: ${by} causes ${act}, and does not declare it`);
    const found = bodyProblem(caused, body);
    if (found !== null) throw new Error(`${by} causes ${act} with a wrong ${found.field}`);
  }
  return { by, acts: followUps };
}

/** The same of an undoing of `one`, which had caused `undone.followUps`. */
export function loggedUndoing(
  acts: Acts,
  one: Act,
  { followUps, amounts, now, before }: Pick<Undone, 'followUps' | 'amounts' | 'now' | 'before'>,
  { undoes, followUps: causes = [] }: Undo,
): LoggedFollowUps | undefined {
  const caused = loggedFollowUps(acts, one, { followUps: causes });
  const all = isWhole({ amounts, now, before }) ? followUps.map((_, i) => ({ n: i + 1 })) : [];
  const undone = (undoes ?? all).map((part) => {
    const { owner } = followUps[part.n - 1] ?? missing(part.n);
    return { ...part, owner };
  });
  if (new Set(undone.map(({ n }) => n)).size < undone.length)
    throw new RangeError('a follow-up is undone twice at once');
  return undone.length === 0 ? caused : { by: byOf(one), ...caused, undone };
}

function missing(n: number): FollowUp {
  throw new RangeError(`there is no follow-up ${n} to be undone`);
}
