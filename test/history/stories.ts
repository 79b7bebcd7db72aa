// How hand-made histories are told and judged. Owns: how they begin; that right ones are accepted and planted wrongs named. Never touches: what
// is in them.

import t from 'tap';
import { checkHistory } from './check.js';
import { Story } from './story.js';

const SHARDS = { ann: 0, bob: 0, cat: 1, dan: 2 };

export type Right = Readonly<Record<string, () => Story>>;
/** With what the checker must say of each. */
export type Planted = Readonly<Record<string, [() => Story, RegExp]>>;

/** Ann has 100 of p, and so has everybody else. */
export const begun = (): Story =>
  Object.keys(SHARDS).reduce(
    (story, owner) => story.post(`fund-${owner}`, `@issue>${owner} 100`, 1, 2),
    new Story(SHARDS),
  );

export const at = <T>(list: readonly T[] | undefined, place: number): T => {
  const found = list?.at(place);
  if (found === undefined) throw new Error(`there is no ${place}`);
  return found;
};

export function judgeStories(good: Right, bad: Planted): void {
  t.test('good histories', async (t) => {
    for (const [name, make] of Object.entries(good))
      t.strictSame(checkHistory(make().history).faults, [], name);
  });
  t.test('planted wrongs', async (t) => {
    for (const [name, [make, told]] of Object.entries(bad))
      t.match(checkHistory(make().history).faults.join('\n'), told, name);
  });
}
