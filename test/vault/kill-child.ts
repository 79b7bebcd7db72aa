// A vault under load whose keys are made anew and destroyed all the time, to be killed (kill.test.ts).
//   node kill-child.js <folder> <life>

import { isRefusal } from '../../engine/protocol/outcomes.js';
import { MemberVault, ROTATION_LEVELS } from '../../engine/vault/vault.js';

async function main(): Promise<void> {
  const [folder = '', life = ''] = process.argv.slice(2);
  const here = { folder, shards: 1, here: [0], node: undefined };
  const vault = new MemberVault({ ...here, shardOf: () => 0, now: Date.now });
  await vault.start();
  const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  void (async () => {
    for (let n = 0; ; n++) await vault.rotate(ROTATION_LEVELS[n % 3] ?? 'master');
  })();
  for (let n = 0; ; n++) {
    const owner = `m${life}-${n % 50}`;
    const [text, about] = [`${n}`, `note ${owner}`];
    const sealed = await vault.seal([{ owner, text, about }]);
    if (!isRefusal(sealed)) say({ owner, text, about, sealed: sealed[0] });
    else if (sealed.code !== 'MEMBER_ERASED') throw new Error(sealed.code);
    if (n % 7 === 6) {
      const gone = `m${life}-${(n * 3) % 50}`;
      say({ erasing: gone });
      if ((await vault.erase(gone, n)) === undefined) say({ erased: gone });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await main();
