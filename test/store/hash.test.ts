import t from 'tap';
import { SLOTS } from '../../engine/limits.js';
import { murmur3, ownerHash, slotOf } from '../../engine/protocol/hash.js';

// Published vectors of MurmurHash3 x86 32 bit (widely copied list, checked against the reference code).
const VECTORS: readonly (readonly [string, number, number])[] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['aa', 0x9747b28c, 0x5d211726],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['ab', 0x9747b28c, 0x74875592],
  ['abc', 0x9747b28c, 0xc84a62dd],
  ['abcd', 0x9747b28c, 0xf0478627],
  ['abc', 0, 0xb3dd93fa],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', 0, 0xee925b90],
];

t.test('murmur3 gives the published values', async (t) => {
  for (const [text, seed, hash] of VECTORS) {
    t.equal(murmur3(text, seed), hash, `${JSON.stringify(text)} with seed ${seed}`);
  }
});

t.test('owners spread over all slots', async (t) => {
  const slots = new Set<number>();
  for (let user = 0; user < 20_000; user += 1) slots.add(slotOf(`user-${user}`));
  t.equal(slots.size, SLOTS);
  t.equal(slotOf('alice'), ownerHash('alice') % SLOTS);
});
