// Trees and proofs against RFC 9162 as it is written there. Owns: drawn sizes and leaves; the vectors of Certificate Transparency. Never touches: a ledger.

import t from 'tap';
import { Growing } from '../../engine/receipts/growing.js';
import { HASH_BYTES } from '../../engine/receipts/hashing.js';
import { Tree } from '../../engine/receipts/tree.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { isConsistent, isIncluded, leafOf, rootOf, rootOfCover } from './rfc9162.js';

/** A tree whose full tiles are kept in memory. */
function grown() {
  const tiles = new Map<string, Buffer>();
  const growing = new Growing((level, index, hashes) => tiles.set(`${level}/${index}`, hashes));
  const read = (level: number, index: number): Buffer =>
    tiles.get(`${level}/${index}`) ?? growing.last(level, index);
  return { growing, read, tiles, tree: new Tree(read) };
}

t.test('the vectors of Certificate Transparency', async (t) => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657']
    .concat('606162636465666768696a6b6c6d6e6f')
    .map((hex) => Buffer.from(hex, 'hex').toString('latin1'));
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const { growing, tree } = grown();
  for (const [size, root] of roots.entries()) {
    t.equal(growing.root().toString('hex'), root, `of ${size} leaves`);
    t.equal(tree.root(size).toString('hex'), root);
    growing.add(leaves[size] ?? '');
  }
  const hex = (hashes: readonly Buffer[]): string[] => hashes.map((one) => one.toString('hex'));
  t.strictSame(hex(tree.inclusion(5, 8)), [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
  t.strictSame(hex(tree.consistency(6, 8)), [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

t.test('roots and proofs of any size that a tree has had', async (t) => {
  const cases = campaign({ name: 'trees agree with RFC 9162', long: 500, sample: 12 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const { growing, tree, read } = grown();
    // Around the borders of tiles, too.
    const size = random.int(3) === 0 ? 250 + random.int(12) : 1 + random.int(1_200);
    const leaves: Buffer[] = [];
    for (let i = 0; i < size; i++) {
      const text = `{"n":${i},"by":${random.int(1_000)}}`;
      growing.add(text);
      leaves.push(leafOf(text));
    }
    const roots = new Map<number, Buffer>();
    const rootAt = (n: number): Buffer => {
      const known = roots.get(n) ?? rootOf(leaves.slice(0, n));
      roots.set(n, known);
      return known;
    };
    const again = new Growing(() => {}, size, read);
    if (!again.root().equals(rootAt(size))) throw new Error('it does not go on where it was');
    for (let i = 0; i < 20; i++) {
      const at = 1 + random.int(size);
      const root = tree.root(at);
      if (!root.equals(rootAt(at))) throw new Error(`another root of ${at} leaves`);
      const leaf = random.int(at);
      const hash = leaves[leaf] as Buffer;
      if (!tree.leaf(leaf).equals(hash)) throw new Error(`another leaf ${leaf}`);
      if (!isIncluded(leaf, hash, at, tree.inclusion(leaf, at), root))
        throw new Error(`leaf ${leaf} of ${at}`);
      const before = 1 + random.int(at);
      const proof = before === at ? [] : tree.consistency(before, at);
      if (!isConsistent(before, at, rootAt(before), root, proof))
        throw new Error(`${before} before ${at}`);
      const some = leaves
        .map((hash, leaf) => [leaf, hash] as const)
        .filter(([leaf]) => leaf < at && random.int(1 + random.int(50)) === 0);
      const cover = tree.cover(
        some.map(([leaf]) => leaf),
        at,
      );
      const given = rootOfCover(some, at, cover);
      if (given === undefined || !root.equals(given)) throw new Error(`${some.length} of ${at}`);
    }
  });
  t.pass(`${cases.count} trees`);
});

t.test('a tree of two levels of tiles, by its own proofs', async (t) => {
  const { growing, tree } = grown();
  const size = 2 ** 16 + 300;
  const hashes: Buffer[] = [];
  for (let i = 0; i < size; i++) {
    growing.add(String(i));
    hashes.push(leafOf(String(i)));
  }
  const root = rootOf(hashes);
  t.ok(growing.root().equals(root));
  for (const leaf of [0, 255, 256, 65_535, 65_536, 65_792, size - 1]) {
    t.ok(isIncluded(leaf, hashes[leaf] as Buffer, size, tree.inclusion(leaf, size), root));
    const before = tree.root(leaf + 1);
    const proof = leaf + 1 === size ? [] : tree.consistency(leaf + 1, size);
    t.ok(isConsistent(leaf + 1, size, before, root, proof));
  }
});

t.test('a damaged tile is found before anything is proved by it', async (t) => {
  const { growing, tiles, tree } = grown();
  for (let i = 0; i < 600; i++) growing.add(String(i));
  const tile = tiles.get('0/1') as Buffer;
  tile[77 * HASH_BYTES] = (tile[77 * HASH_BYTES] as number) ^ 1;
  t.ok(tree.inclusion(5, 600), 'others are read');
  t.throws(() => tree.inclusion(300, 600), { message: 'tile 0/1 is damaged' });
  t.throws(() => tree.inclusion(599, 5_000), /ends/, 'nor is anything of what it has not');
});
