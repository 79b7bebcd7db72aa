// Defects planted in the engine's classes, each of which the properties of a test must find. Owns: planting, looking, taking out.
// Never touches: what is wrong.

import t from 'tap';

type Any = ReturnType<typeof JSON.parse>;

/** One thing done wrong by a method: `right` is what it did. */
export interface Defect {
  readonly what: string;
  readonly of: { readonly prototype: object };
  readonly method: string;
  readonly wrong: (right: (...given: Any[]) => Any, given: Any[], self: Any) => Any;
}

const SEEDS = 300;

/**
 * A test for each defect: one of the properties throws for one of the seeds. `finders`: of defects that the first seeds do not find, one that does, which is
 * tried before them.
 */
export function findEach(
  defects: readonly Defect[],
  properties: readonly ((seed: number) => void)[],
  finders: Readonly<Record<string, number>> = {},
): void {
  const unknown = Object.keys(finders).filter((one) => !defects.some(({ what }) => what === one));
  if (unknown.length > 0) throw new Error(`no defect is called ${unknown}`);
  for (const { what, of, method, wrong } of defects) {
    t.test(`a defect is found: ${what}`, async (t) => {
      const prototype = of.prototype as Record<string, (...given: Any[]) => Any>;
      const right = prototype[method]!;
      prototype[method] = function (this: Any, ...given: Any[]) {
        return wrong((...again) => right.apply(this, again), given, this);
      };
      t.teardown(() => {
        prototype[method] = right;
      });
      t.ok(findingOf(properties, finders[what]), 'something finds it');
    });
  }
}

/** What finds a defect; undefined: nothing does. */
function findingOf(
  properties: readonly ((seed: number) => void)[],
  first: number | undefined,
): unknown {
  const seeds = Array.from({ length: SEEDS }, (_, n) => n + 1);
  for (const seed of first === undefined ? seeds : [first, ...seeds])
    for (const property of properties) {
      try {
        property(seed);
      } catch (error) {
        return error;
      }
    }
  return undefined;
}
