// Codes of goods against a model in plain code: which one nobody has, who has which, which were withdrawn. Owns: the model, and sequences of what is done
// with codes. Never touches: how many are run.

import { canonicalState } from '../../engine/ledger/digest.js';
import { Random } from '../random.js';
import { BOOK, DigitalWorld, named } from './digital-world.js';
import { HOUR_MS } from './earning-world.js';

export const CODE_STEPS = 60;
const CODES = Array.from({ length: 12 }, (_, n) => `CODE-${n}`);
const HELD_MS = 5_000;

type State = 'none' | 'free' | 'held' | 'given' | 'withdrawn';

interface Made {
  readonly number: string;
  readonly codes: readonly string[];
  readonly until: number;
}

/** What a code should be, and what acts should say of it. */
class Model {
  readonly states = new Map<string, State>(CODES.map((code) => [code, 'none']));

  count(state: State): number {
    return [...this.states.values()].filter((one) => one === state).length;
  }

  upload(codes: readonly string[]): string {
    const fresh = codes.filter((code) => this.states.get(code) === 'none');
    for (const code of fresh) this.states.set(code, 'free');
    return `${fresh.length} ${codes.length - fresh.length}`;
  }

  order(codes: readonly string[], to: State): string {
    if (this.count('free') < codes.length) return 'SOLD_OUT';
    if (codes.some((code) => this.states.get(code) !== 'free')) return 'BUDGET_BUSY';
    this.become(codes, to);
    return 'ok';
  }

  become(codes: readonly string[], state: State): void {
    for (const code of codes) this.states.set(code, state);
  }

  withdraw(codes: readonly string[]): string {
    const sums = [0, 0, 0, 0];
    for (const code of codes) {
      const state = this.states.get(code) as State;
      sums[{ free: 0, withdrawn: 1, held: 2, given: 2, none: 3 }[state]]!++;
      if (state === 'free') this.states.set(code, 'withdrawn');
    }
    return sums.join(' ');
  }
}

/** One sequence; tells what was said. Throws where the ledger does anything else than the model. */
export function codeSequence(seed: number): readonly string[] {
  const random = new Random(seed);
  const world = new DigitalWorld({ book: { ...BOOK, price: 1, payInMs: HOUR_MS } });
  const model = new Model();
  world.give('ann', 10_000);
  const held: Made[] = [];
  const given: string[] = [];
  /** Numbers of orders that were held, and paid. */
  const paid: string[] = [];
  const said: string[] = [];
  const some = (most: number): string[] =>
    random.shuffle([...CODES]).slice(0, 1 + random.int(most));
  const isDone = (told: string): string => (/^[A-Z_]+$/.test(told) ? told : 'ok');
  /** One of those that are held, which is so no more. */
  const picked = (): Made | undefined => held.splice(random.int(held.length + 1), 1)[0];
  for (let step = 0; step < CODE_STEPS; step++) {
    const what = random.pick([
      ...(['upload', 'order', 'order', 'hold', 'hold', 'withdraw'] as const),
      ...(['cancel', 'confirm', 'lapse', 'reverse'] as const),
    ]);
    let [is, should] = ['', ''];
    if (what === 'upload' || what === 'withdraw') {
      const codes = some(3);
      [is, should] = [world[what](codes), model[what](codes)];
    } else if (what === 'order' || what === 'hold') {
      const codes = some(2);
      const until = world.time + HELD_MS;
      const body = {
        ...{ goods: 'book', quantity: codes.length, codes: codes.map((code) => named(code)) },
        ...(what === 'hold' ? { until } : {}),
      };
      const outcome = world.act('order', body, 'ann', `s${step}`);
      is = outcome.ok ? 'ok' : outcome.code;
      should = model.order(codes, what === 'hold' ? 'held' : 'given');
      const number = outcome.ok ? String(outcome.act?.effects[0]?.['number']) : '';
      if (outcome.ok && what === 'hold') held.push({ number, codes, until });
      if (outcome.ok && what === 'order') given.push(`s${step}`);
    } else if (what === 'reverse') {
      const id = given[random.int(given.length + 1)];
      const number = paid[random.int(paid.length + 1)];
      if (number !== undefined)
        [is, should] = [isDone(world.does('cancel', number)), 'ORDER_STATE_INVALID'];
      else if (id !== undefined) [is, should] = [world.back(id), 'ORDER_STATE_INVALID'];
    } else {
      const one = picked();
      if (one === undefined) continue;
      if (what === 'lapse') world.time = Math.max(world.time, one.until);
      // Its hold has ended by itself, and it is not cancelled yet: whoever pays does so anew.
      is = isDone(what === 'lapse' ? world.lapses(one.number) : world.does(what, one.number));
      should = 'ok';
      model.become(one.codes, what === 'confirm' ? 'given' : 'free');
      if (what === 'confirm') paid.push(one.number);
    }
    said.push(`${what} ${should}`);
    const has = `${is} ${world.stock('book')} ${CODES.filter((code) => world.isFree(code)).join()}`;
    const free = CODES.filter((code) => model.states.get(code) === 'free');
    const mustHave = `${should} ${free.length} ${free.join()}`;
    if (has !== mustHave) throw new Error(`step ${step}, ${what}: ${has} in place of ${mustHave}`);
  }
  const [is, should] = [world.replayed().state, world.ledger.state].map(canonicalState);
  if (JSON.stringify(is) !== JSON.stringify(should)) throw new Error('a replay differs');
  return said;
}
