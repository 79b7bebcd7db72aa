// Keys under SIGKILL while they are made, made anew at each level and destroyed: nothing that was said to be sealed is lost, nobody who was said to be erased has
// a key, and no key is left beside those that count.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isRefusal } from '../../engine/protocol/outcomes.js';
import { memberKeysPath } from '../../engine/vault/keys.js';
import { MemberVault } from '../../engine/vault/vault.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';

const KILLS = 4;
const lives = campaign({ name: `folders of ${KILLS} kills of a vault`, long: 40, sample: 1 });

interface Said {
  readonly owner?: string;
  readonly text: string;
  readonly about: string;
  readonly sealed: string;
  readonly erasing?: string;
  readonly erased?: string;
}

/** One life, killed so long after it has said something; what it has said. */
function lived(folder: string, life: number, afterMs: number): Promise<Said[]> {
  return new Promise((resolve, reject) => {
    const path = join(import.meta.dirname, 'kill-child.js');
    const child = spawn(process.execPath, [path, folder, `${life}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      text += part;
    });
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`life ${life} ended by itself`));
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      resolve(lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Said));
    });
  });
}

t.test('nothing is lost, and nobody comes back', async (t) => {
  await lives.run(async (seed) => {
    const folder = temporaryFolder(t);
    const random = new Random(seed);
    const said: Said[] = [];
    for (let life = 0; life < KILLS; life++)
      said.push(...(await lived(folder, life, random.int(400))));
    const here = { folder, shards: 1, here: [0], node: undefined };
    const vault = new MemberVault({ ...here, shardOf: () => 0, now: Date.now });
    await vault.start();
    const asked = new Set(said.map(({ erasing }) => erasing));
    const sure = said.flatMap(({ erased }) => erased ?? []);
    const texts = said.filter(({ owner }) => owner !== undefined && !asked.has(owner));
    const opened = await vault.open(texts as (Said & { readonly owner: string })[]);
    if (isRefusal(opened)) throw new Error(opened.code);
    const wrong = texts.filter(({ text }, i) => opened[i] !== text).map(({ owner }) => owner);
    for (const owner of sure) {
      const state = await vault.state(owner);
      if (isRefusal(state) || state.state !== 'erased') wrong.push(owner);
    }
    t.same({ seed, wrong }, { seed, wrong: [] });
    const names = readdirSync(memberKeysPath(folder));
    const shelves = names.flatMap((name) => /^([0-9a-f]{3})-/.exec(name)?.[1] ?? []);
    t.equal(new Set(shelves).size, shelves.length, 'one key a shelf');
    t.equal(names.filter((name) => name.startsWith('root-')).length, 1, 'one root key');
    t.notOk(names.some((name) => name.endsWith('.tmp')));
    await vault.close();
  });
});
