// Defects planted in methods, each of which what is checked must find. Owns: planting them. Never touches: what is checked.

import t from 'tap';

export type Any = ReturnType<typeof JSON.parse>;

/** One thing done wrong by a method: `right` is what it did. */
export interface Defect {
  readonly what: string;
  readonly of: { readonly prototype: object };
  readonly method: string;
  readonly wrong: (right: (...given: Any[]) => Any, given: Any[], self: Any) => Any;
}

/** Does any of the checks find each of them, by one of the seeds? */
export function mustBeFound(
  defects: readonly Defect[],
  seeds: number,
  ...checks: readonly ((seed: number) => unknown)[]
): void {
  for (const { what, of, method, wrong } of defects) {
    t.test(`a defect is found: ${what}`, async (t) => {
      const prototype = of.prototype as Record<string, (...given: Any[]) => Any>;
      const right = prototype[method]!;
      prototype[method] = function (this: Any, ...given: Any[]) {
        return wrong((...args) => right.apply(this, args), given, this);
      };
      t.teardown(() => {
        prototype[method] = right;
      });
      let found: string | undefined;
      for (let seed = 1; seed <= seeds && found === undefined; seed++)
        for (const check of checks) found ??= faultOf(() => check(seed));
      t.ok(found !== undefined, 'found');
      t.comment(found);
    });
  }
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
