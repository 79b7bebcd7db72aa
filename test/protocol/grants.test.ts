import t from 'tap';
import {
  Granted,
  type Grants,
  GrantsReader,
  OPERATIONS,
  unpackGrants,
} from '../../engine/protocol/grants.js';
import { Random } from '../random.js';

const drawnIn = <T>(random: Random, some: readonly T[]): T => some[random.int(some.length)] as T;

function drawnGrants(random: Random): Grants {
  const device = random
    .int(3)
    .toString(16)
    .padStart(32, drawnIn(random, ['0', 'f']));
  return {
    operations: new Set(drawnIn(random, [OPERATIONS, ['read', 'earn'], ['spend']] as const)),
    assets: drawnIn(random, [undefined, new Set(['gold']), new Set(['gold', 'ivy'])]),
    principal: drawnIn(random, [undefined, 'key:a', 'key:b']),
    owner: drawnIn(random, [undefined, 'ann']),
    device: drawnIn(random, [undefined, device, device]),
    hasSecondFactor: random.int(4) === 0,
    isReviewed: random.int(4) === 0,
  };
}

const shown = ({ packed, proof, isMember, isNarrow, mayEverything }: Granted): unknown => ({
  packed: Buffer.from(packed).toString('hex'),
  ...{ proof, isMember, isNarrow, mayEverything },
});

t.test('grants read one after the other are those that each of them says', async (t) => {
  const random = new Random(1);
  const reader = new GrantsReader();
  const wrong: string[] = [];
  for (let n = 0; n < 3_000; n++) {
    const said = drawnGrants(random);
    const bytes = Buffer.concat([Buffer.alloc(3), new Granted(said).packed, Buffer.alloc(2)]);
    const read = shown(reader.read(bytes, 3, bytes.length - 2));
    const alone = shown(unpackGrants(bytes.subarray(3, bytes.length - 2)));
    if (JSON.stringify(read) !== JSON.stringify(alone))
      wrong.push(`${n}: ${JSON.stringify({ ...said, read, alone })}`);
  }
  t.strictSame(wrong, []);
});

t.test(
  'bytes that are no grants are none the second time, too, wherever they differ',
  async (t) => {
    const good = new Granted({
      ...{ operations: new Set(['read'] as const), principal: 'key:a' },
      device: 'a'.repeat(32),
    }).packed;
    const wrong: string[] = [];
    for (let at = 0; at < good.length; at++) {
      const bad = Uint8Array.from(good);
      bad[at] = (bad[at] as number) ^ 0x80;
      let isNone = false;
      try {
        unpackGrants(bad);
      } catch {
        isNone = true;
      }
      const reader = new GrantsReader();
      reader.read(good, 0, good.length);
      const taken = (): boolean => {
        try {
          reader.read(bad, 0, bad.length);
          return true;
        } catch {
          return false;
        }
      };
      const [first, second] = [taken(), taken()];
      if (first === isNone || second === isNone) wrong.push(`byte ${at}`);
    }
    t.strictSame(wrong, []);
  },
);
