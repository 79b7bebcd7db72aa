// The same question as account.ts answers, by trying every order (Wing & Gong, with Lowe's memory of where it has been). Owns:
// nothing but the search; for small histories, to be compared with.

import type { AccountEvents } from './account.js';

interface Point {
  readonly name: string;
  readonly call: number;
  readonly ret: number;
  /** Must it have happened at the end? */
  readonly isOptional: boolean;
  /** What it does to (version, reserved, what has happened so far); undefined: it cannot happen now. */
  happen(at: Account): Account | undefined;
}

interface Account {
  readonly version: number;
  readonly reserved: number;
}

/** Is there an order? */
export function hasOrder(events: AccountEvents): boolean {
  const points = pointsOf(events);
  const failed = new Set<string>();
  const search = (done: ReadonlySet<number>, at: Account): boolean => {
    if (points.every(({ isOptional }, i) => isOptional || done.has(i)))
      return isSettled(done, points);
    const key = `${[...done].sort((a, b) => a - b).join()}|${at.version}|${at.reserved}`;
    if (failed.has(key)) return false;
    // What may come next: nothing that has not happened returned before it was called.
    const soonest = Math.min(
      ...points.map((point, i) =>
        done.has(i) || point.isOptional ? Number.POSITIVE_INFINITY : point.ret,
      ),
    );
    for (let i = 0; i < points.length; i++) {
      const point = points[i] as Point;
      if (done.has(i) || point.call > soonest || !mayStill(point, done, points)) continue;
      if (!follows(i, done, points)) continue;
      const after = point.happen(at);
      if (after !== undefined && search(new Set([...done, i]), after)) return true;
    }
    failed.add(key);
    return false;
  };
  return search(new Set(), { version: 0, reserved: 0 });
}

/** An optional point that did not happen in time does not happen later. */
function mayStill(point: Point, done: ReadonlySet<number>, points: readonly Point[]): boolean {
  return [...done].every((i) => (points[i] as Point).call <= point.ret);
}

const OPENS = ' opens';
const FREES = ' is freed';
const POSTS = ' posts';

/** A reserve opens before it is freed, and before its transfer posts; what was freed must have opened. */
function follows(i: number, done: ReadonlySet<number>, points: readonly Point[]): boolean {
  const { name } = points[i] as Point;
  const has = (wanted: string): boolean => [...done].some((at) => points[at]?.name === wanted);
  if (name.endsWith(FREES)) return has(name.replace(FREES, OPENS));
  if (!name.endsWith(POSTS)) return true;
  const opens = name.replace(POSTS, OPENS);
  return has(opens) || !points.some((point) => point.name === opens);
}

/** At the end, what was opened by refused transfers is freed, or still can be. */
function isSettled(done: ReadonlySet<number>, points: readonly Point[]): boolean {
  return points.every(({ name }, i) => {
    if (!name.endsWith(FREES) || done.has(i)) return true;
    const opens = points.findIndex((point) => point.name === name.replace(FREES, OPENS));
    return !done.has(opens) || mayStill(points[i] as Point, done, points);
  });
}

function pointsOf({ entries, reserves, reads }: AccountEvents): Point[] {
  const points: Point[] = [];
  entries.forEach(({ name, call, ret, reservedAfter }, i) => {
    const own = reserves.findIndex(({ endsAt }) => endsAt === i + 1);
    const amount = reserves[own]?.amount ?? 0;
    points.push({
      name: own < 0 ? name : `${own}${POSTS}`,
      call,
      ret,
      isOptional: false,
      happen: (at) =>
        at.version === i && at.reserved === reservedAfter + amount
          ? { version: i + 1, reserved: reservedAfter }
          : undefined,
    });
  });
  for (const { name, call, ret, version, reserved } of reads) {
    const happen = (at: Account): Account | undefined =>
      at.version === version && at.reserved === reserved ? at : undefined;
    points.push({ name, call, ret, isOptional: false, happen });
  }
  reserves.forEach(({ amount, call, by, ret, endsAt }, at) => {
    const isOptional = endsAt === 0;
    const open = (account: Account): Account => ({
      ...account,
      reserved: account.reserved + amount,
    });
    const opensBy = isOptional ? ret : by;
    points.push({ name: `${at}${OPENS}`, call, ret: opensBy, isOptional, happen: open });
    if (!isOptional) return;
    const free = (account: Account): Account => ({
      ...account,
      reserved: account.reserved - amount,
    });
    points.push({ name: `${at}${FREES}`, call, ret, isOptional, happen: free });
  });
  return points;
}
