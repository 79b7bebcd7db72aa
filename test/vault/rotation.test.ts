// Keys made anew at all levels, one rotation after the other, while texts are sealed and opened: everything opens, nothing waits for a rotation's end, and what
// that costs is printed, slices in turn with and without it.

import t from 'tap';
import { isRefusal } from '../../engine/protocol/outcomes.js';
import { MemberVault, ROTATION_LEVELS } from '../../engine/vault/vault.js';
import { temporaryFolder } from '../temporary.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const [SLICES, TEXTS, MEMBERS] = IS_LONG ? [5, 1_500, 1_000] : [3, 300, 100];

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

t.test('a rotation stops nothing', async (t) => {
  const folder = temporaryFolder(t);
  const here = { folder, shards: 1, here: [0], node: undefined };
  const vault = new MemberVault({ ...here, shardOf: () => 0, now: Date.now });
  await vault.start();
  const sealed: { owner: string; text: string; about: string; sealed: string }[] = [];
  let longest = 0;
  let rotations = 0;
  let isRotating = false;
  const rotating = async (): Promise<void> => {
    for (let n = 0; isRotating; n++) {
      const refused = await vault.rotate(ROTATION_LEVELS[n % 3] ?? 'master');
      if (isRefusal(refused)) throw new Error(refused.code);
      rotations++;
    }
  };
  const slice = async (): Promise<number> => {
    const began = performance.now();
    for (let n = 0; n < TEXTS; n++) {
      const owner = `m${n % MEMBERS}`;
      const [text, about] = [`text ${sealed.length}`, `note ${owner}`];
      const at = performance.now();
      const [one] = (await vault.seal([{ owner, text, about }])) as string[];
      longest = Math.max(longest, performance.now() - at);
      sealed.push({ owner, text, about, sealed: one as string });
      // One of those that lie under whatever version.
      const other = sealed[Math.floor((n * sealed.length) / TEXTS)] as (typeof sealed)[number];
      const [opened] = (await vault.open([other])) as string[];
      if (opened !== other.text) throw new Error(`${other.text} opens as ${opened}`);
    }
    return (performance.now() - began) / TEXTS;
  };
  const [off, on]: [number[], number[]] = [[], []];
  await slice();
  longest = 0;
  for (let n = 0; n < SLICES; n++) {
    off.push(await slice());
    isRotating = true;
    const rotated = rotating();
    on.push(await slice());
    isRotating = false;
    await rotated;
  }
  const opened = await vault.open(sealed);
  if (isRefusal(opened)) throw new Error(opened.code);
  t.same(
    sealed.filter(({ text }, n) => opened[n] !== text).map(({ owner }) => owner),
    [],
    'all that was ever sealed opens',
  );
  t.ok(rotations >= SLICES, `${rotations} rotations`);
  t.comment(
    `${sealed.length} texts of ${MEMBERS} members, ${rotations} rotations; sealed and opened in ${(median(off) * 1_000).toFixed(0)} us, ` +
      `${(median(on) * 1_000).toFixed(0)} us under rotation; the longest seal took ${longest.toFixed(0)} ms`,
  );
  await vault.close();
});
