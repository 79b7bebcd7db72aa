// Outcomes packed by hand say what a library's packing of them says, whatever the numbers.

import { Packr, Unpackr } from 'msgpackr';
import t from 'tap';
import type { Entry, Outcome, Posted, Refused } from '../../engine/index.js';
import { OutcomePacker } from '../../gateway/encoding/outcome-pack.js';
import { briefly, whole } from '../../gateway/encoding/outcome-shape.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({ useRecords: false });
const packer = new OutcomePacker((value) => packr.pack(value));

const EDGES = [0, 1, 31, 32, 33, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32];
const anyWhole = (random: Random): number => {
  const size = random.chance(0.5) ? random.pick(EDGES) : random.int(2 ** (1 + random.int(52)));
  return random.chance(0.4) ? -size : size;
};
const text = (random: Random, most: number) => 'x'.repeat(1 + random.int(most));

function entry(random: Random): Entry {
  const number = () => anyWhole(random);
  const slices = Array.from(
    { length: random.chance(0.99) ? random.int(4) : random.int(520) },
    () => ({
      expiresAt: random.chance(0.5) ? null : number(),
      available: number(),
      held: number(),
    }),
  );
  return {
    owner: text(random, 64),
    asset: text(random, 32),
    version: number(),
    type: random.pick(['transfer', 'hold', 'expire'] as const),
    delta: number(),
    heldDelta: number(),
    earned: number(),
    spent: number(),
    expired: number(),
    available: number(),
    held: number(),
    slices,
  };
}

function outcome(random: Random): Outcome {
  if (random.chance(0.2)) {
    const refused: Refused = {
      ok: false,
      code: 'POINTS_SHORT',
      status: 422,
      retry: false,
      message: 'The account has fewer points available than this takes.',
      field: random.chance(0.5) ? 'legs[0].amount' : undefined,
      replayed: random.chance(0.5),
    };
    return refused;
  }
  const posted: Posted = {
    ok: true,
    id: random.chance(0.9) ? text(random, 64) : undefined,
    shard: random.int(256),
    seq: Math.abs(anyWhole(random)),
    time: 1_700_000_000_000 + random.int(1e9),
    replayed: random.chance(0.3),
    entries: Array.from({ length: random.int(34) }, () => entry(random)),
    hold: random.chance(0.2)
      ? { owner: 'a', id: 'h', asset: 'points', remaining: anyWhole(random), deadline: undefined }
      : undefined,
    occurredAt: random.chance(0.2) ? anyWhole(random) : undefined,
    recordVersion: random.chance(0.2) ? anyWhole(random) : undefined,
    assetVersion: random.chance(0.2) ? 1 : undefined,
    definitionVersion: random.chance(0.2) ? anyWhole(random) : undefined,
    activeFrom: random.chance(0.2) ? anyWhole(random) : undefined,
    act: random.chance(0.2) ? { effects: [{ type: 'done' }], why: {} } : undefined,
    followUps: random.chance(0.2) ? [{ owner: 'a', id: text(random, 33) }] : undefined,
  };
  return posted;
}

const cases = campaign({ name: 'outcomes packed by hand', long: 20_000, sample: 25 });
t.test('packed by hand and by the library', async (t) => {
  await cases.run((seed) => {
    const random = new Random(seed);
    const outcomes = Array.from({ length: random.int(20) }, () => outcome(random));
    for (const brief of [false, true]) {
      const expected = packr.pack(outcomes.map(brief ? briefly : whole));
      const found = packer.outcomes(outcomes, brief);
      const [one, other] = [found, expected].map((bytes) => unpackr.unpack(bytes as Buffer));
      t.equal(JSON.stringify(one), JSON.stringify(other), `seed ${seed}`);
    }
  });
});
