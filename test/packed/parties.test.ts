// Whom packed commands are about, is what their objects say (protocol.P31): commands of every type, and their bytes changed at random. And a
// platform's users are counted of a batch as of its objects.

import t from 'tap';
import { type Command, OPERATIONS, type PackedOutcomes } from '../../engine/index.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { PackedBatch, packedBatch, readBack } from '../../engine/protocol/packed-batch.js';
import { packedParties } from '../../engine/protocol/packed-parties.js';
import { usersOf } from '../../gateway/auth/permits.js';
import type { Principal } from '../../gateway/auth/principal.js';
import { connect } from '../../gateway/client/node.js';
import { campaign } from '../campaign.js';
import { caller, token } from '../gateway/callers.js';
import { gateway } from '../gateway/harness.js';
import { Random } from '../random.js';
import { changed, Draw } from './commands.js';

t.setTimeout(0);

const SHOP = {
  kind: 'platform',
  id: 'shop',
  operations: new Set(OPERATIONS),
  assets: new Set(['gold']),
  owner: undefined,
  rate: undefined,
  platform: undefined,
} as const satisfies Principal;

function packed(fields: Record<string, unknown>): Uint8Array | undefined {
  try {
    return packCommand(fields as unknown as Command, fields['id'] as string).slice();
  } catch {
    return undefined;
  }
}

/** Throws where somebody else is counted than of the object. Returns how many commands were looked at. */
function expectSame(whole: Uint8Array): number {
  const batch = PackedBatch.copy(whole);
  const parties = packedParties(whole);
  if (!(batch instanceof PackedBatch)) {
    if (Array.isArray(parties)) throw new Error('no batch, and somebody is counted');
    return 0;
  }
  if (!Array.isArray(parties) || parties.length !== batch.count) throw new Error('a batch is none');
  let looked = 0;
  for (const [i, one] of parties.entries()) {
    const read = readBack(batch.bytes, batch.starts[i] as number, batch.starts[i + 1] as number);
    // Of what is refused it may be anything.
    if (!('command' in read)) continue;
    const should = JSON.stringify(usersOf(SHOP, read.command));
    const is = JSON.stringify(one === undefined ? [] : usersOf(SHOP, one));
    if (is !== should) throw new Error(`${is}, not ${should}: ${JSON.stringify(read.command)}`);
    if (should !== '[]') looked++;
  }
  return looked;
}

t.test('as the objects say', async (t) => {
  let looked = 0;
  const cases = campaign({ name: 'parties of packed commands', long: 20_000, sample: 250 });
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const draw = new Draw(random);
    const commands = Array.from({ length: 8 }, () =>
      packed(random.chance(0.7) ? draw.fields() : draw.doubtful()),
    ).filter((one) => one !== undefined);
    const whole = packedBatch(Buffer.concat(commands), commands.length);
    looked += expectSame(whole);
    expectSame(changed(whole, random));
  });
  t.ok(looked > 100, `${looked} commands of users`);
});

const codes = (outcomes: PackedOutcomes<unknown>): string[] =>
  Array.from({ length: outcomes.length }, (_, i) =>
    outcomes.ok(i) ? `ok${outcomes.replayed(i) ? ' again' : ''}` : String(outcomes.code(i)),
  );

t.test('counted once each, and what was done before for nothing', async (t) => {
  const rate = { limit: 3, seconds: 3_600 };
  const server = await gateway(t, {
    assets: ['gold', 'tin'],
    limits: { userRates: { spend: rate, earn: { ...rate, limit: 2 } } },
  });
  const shop = await caller(server, 'shop', { operations: ['earn', 'spend'], assets: ['gold'] });
  const client = connect({
    url: server.server.address,
    token: () => token(shop.id, shop.secret),
  });
  t.teardown(() => client.close());
  for (const [n, to] of [client, client.stream].entries()) {
    const user = `ann${n}`;
    const submit = async (...some: ((batch: ReturnType<typeof to.batch>) => void)[]) => {
      const batch = to.batch();
      for (const one of some) one(batch);
      return codes(await batch.submit());
    };
    const earn = (id: string) => (batch: ReturnType<typeof to.batch>) =>
      batch.move(id, '@issue', user, 'gold', 50);
    const fee =
      (id: string, asset = 'gold') =>
      (batch: ReturnType<typeof to.batch>) =>
        batch.move(id, user, '@fee', asset, 1);
    const hold = (id: string) => (batch: ReturnType<typeof to.batch>) =>
      batch.add({ type: 'hold', id, owner: user, asset: 'gold', amount: 1 });
    t.same(await submit(earn('e'), fee('s1'), hold('s2')), ['ok', 'ok', 'ok']);
    for (let again = 0; again < 4; again++)
      t.same(await submit(fee('s1'), hold('s2')), ['ok again', 'ok again'], 'for nothing');
    t.same(await submit(fee('s1')), ['ok again'], 'nor alone');
    t.same(await submit(fee('t', 'tin')), ['ASSET_FORBIDDEN'], 'nor what is forbidden');
    t.same(await submit(fee('s3'), fee('s4')), ['ok', 'RATE_LIMITED'], 'three, and no more');
    t.same(await submit(hold('s5'), fee('s1'), earn('e2')), ['RATE_LIMITED', 'ok again', 'ok']);
    t.same(await submit(earn('e3')), ['RATE_LIMITED']);
  }
});
