// Platforms with different grants do whatever comes, by each other's ids too: nothing is ever done
// beyond a grant, and what is within one is not refused for it.

import t from 'tap';
import { homeOwner, type Operation } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { ALL, type Caller, caller } from './callers.js';
import { gateway } from './harness.js';

const ASSETS = ['gold', 'tin', 'zinc'];
const USERS = ['ann', 'bob', 'eve'];
const SYSTEMS = ['@issue', '@redeem', '@fee', '@adjust'];

interface Grant {
  readonly name: string;
  readonly caller: Caller;
  readonly assets: readonly string[];
  readonly operations: readonly Operation[];
}

/** What a movement takes, said once more in the words of the documentation. */
function takes(from: string, to: string): Operation {
  const [fromUser, toUser] = [!from.startsWith('@'), !to.startsWith('@')];
  if (fromUser && toUser) return 'transfer';
  if (fromUser) return to === '@redeem' ? 'redeem' : 'spend';
  if (!toUser) return 'admin';
  if (from === '@issue') return 'earn';
  return from === '@fee' ? 'admin' : 'adjust';
}

interface Leg {
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  readonly amount: number;
}

const isWithin = ({ assets, operations }: Grant, legs: readonly Leg[]): boolean =>
  legs.every(
    ({ from, to, asset }) => assets.includes(asset) && operations.includes(takes(from, to)),
  );

t.test('nothing beyond a grant', async (t) => {
  const cases = campaign({ name: 'grants', long: 50, sample: 1 });
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const limits = { userRates: {}, platformRate: { limit: 1_000_000, seconds: 1 } };
    const server = await gateway(t, { limits, assets: ASSETS });
    const fund = USERS.flatMap((to) =>
      ASSETS.map((asset) => ({ from: '@issue', to, asset, amount: 1_000 })),
    );
    for (const [i, leg] of fund.entries())
      await server.ask('POST /v1/transfers', { id: `F${i}`, legs: [leg] });
    const grants: Grant[] = [];
    for (let i = 0; i < 4; i++) {
      const some = <T>(items: readonly T[]): readonly T[] => {
        const kept = items.filter(() => random.chance(0.6));
        return kept.length === 0 ? [random.pick(items)] : kept;
      };
      const grant = { assets: some(ASSETS), operations: some(ALL) };
      grants.push({ ...grant, name: `p${i}`, caller: await caller(server, `p${i}`, grant) });
    }
    const holds: (Leg & { readonly id: string })[] = [];
    const moves: { readonly owner: string; readonly id: string; readonly legs: Leg[] }[] = [];
    let [done, refused] = [0, 0];
    for (let i = 0; i < 250; i++) {
      const grant = random.pick(grants);
      const ask = random.chance(0.5) ? grant.caller.ask : grant.caller.sign;
      const asset = random.pick(ASSETS);
      const owner = random.pick(USERS);
      const id = `C${i}`;
      // As it is named by all.
      const named = `${grant.name},${id}`;
      const roll = random.int(5);
      let allowed: boolean;
      let answer: Awaited<ReturnType<typeof ask>>;
      if (roll === 0 && holds.length > 0) {
        const hold = random.pick(holds);
        const to = random.pick([...USERS, '@redeem', '@fee'].filter((one) => one !== hold.from));
        const legs = [{ ...hold, to: '@fee' }, ...(to === '@redeem' ? [] : [{ ...hold, to }])];
        allowed = isWithin(grant, legs);
        const request = `POST /v1/accounts/${hold.from}/holds/${hold.id}/capture`;
        answer = await ask(request, { id, to, amount: 1 });
      } else if (roll === 1 && moves.length > 0) {
        const move = random.pick(moves);
        allowed = isWithin(grant, move.legs);
        answer = await ask(`POST /v1/accounts/${move.owner}/transfers/${move.id}/reverse`, { id });
      } else if (roll === 2) {
        allowed = isWithin(grant, [{ from: owner, to: '@fee', asset, amount: 1 }]);
        answer = await ask('POST /v1/holds', { id, owner, asset, amount: 3 });
        if (answer.status === 201) holds.push({ id: named, from: owner, to: '', asset, amount: 3 });
      } else {
        const legs = Array.from({ length: 1 + random.int(2) }, () => {
          const from = random.pick([...USERS, ...SYSTEMS]);
          const to = random.pick([...USERS, ...SYSTEMS].filter((one) => one !== from));
          return { from, to, asset: random.pick(ASSETS), amount: 1 };
        });
        allowed = isWithin(grant, legs);
        answer = await ask('POST /v1/transfers', { id, legs });
        const owner = homeOwner({ type: 'transfer', legs });
        if (answer.status === 201) moves.push({ owner, id: named, legs });
      }
      const says = `${i}: ${grant.operations} on ${grant.assets}: ${answer.text.slice(0, 300)}`;
      if ((answer.status !== 403) !== allowed) throw new Error(`allowed: ${allowed}; ${says}`);
      for (const entry of answer.body.entries ?? [])
        if (!grant.assets.includes(entry.asset)) throw new Error(`moved ${entry.asset}; ${says}`);
      if (answer.status < 300) done++;
      if (answer.status === 403) refused++;
    }
    t.ok(done > 10 && refused > 10, `${done} done, ${refused} refused`);
  });
});
