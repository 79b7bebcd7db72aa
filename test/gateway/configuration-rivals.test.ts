// Two processes that apply other drafts of the same programme at the same time: one has all of it, the other is told what was changed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Wanted } from '../../gateway/cli/configuration-folder.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { operator } from './callers.js';
import { cutting, write } from './configured.js';
import { gateway } from './harness.js';
import { run } from './program.js';

const ZONED = { asset: 'gold', zone: 'UTC' };

t.test('of two who apply other drafts of one programme, one has all of it', async (t) => {
  const world = await gateway(t, { assets: ['gold'] });
  const { key: admin } = world;
  const { Authorization = '' } = await operator(world, ['admin', 'read']);
  const { url, cut } = await cutting(t, world.server.address);
  const cwd = temporaryFolder(t);
  const keys = [admin, Authorization.replace('Bearer ', '')];
  for (const [n, key] of keys.entries()) writeFileSync(join(cwd, `key-${n}`), key, { mode: 0o600 });
  const RULES = Array.from({ length: 6 }, (_, n) => `p.r${n}`);
  /** A draft, told by how many points it gives everywhere. */
  const draft = (points: number, more: readonly string[] = []): Wanted[] => [
    { kind: 'programme', key: 'p', document: ZONED },
    { kind: 'event', key: 'p.BUY', document: { programme: 'p', name: `Buying ${points}` } },
    ...[...RULES, ...more].map((key) => ({
      ...{ kind: 'rule', key, document: { programme: 'p', event: 'BUY', points } },
    })),
  ];
  const applies = (n: number, folder: string, ...more: string[]) =>
    run(cwd, 'apply', folder, '--yes', '--url', url, '--key', `key-${n}`, ...more);
  /** What each definition says in its newest version, and which that is. */
  const live = async (): Promise<Record<string, [unknown, number]>> => {
    const found: [string, [unknown, number]][] = [];
    for (const kind of ['event', 'rule']) {
      const { body } = await world.ask(`GET /v1/definitions/${kind}`);
      for (const { key, versions } of body.definitions) {
        const { document, version } = versions.at(-1);
        found.push([key, [document?.points ?? document?.name, version]]);
      }
    }
    return Object.fromEntries(found);
  };
  write(new Random(0), join(cwd, 'first'), draft(1));
  t.match(await applies(0, 'first'), { code: 0, out: /8 done/ });
  let version = 1;
  for (const round of [1, 2, 3]) {
    const points = [10 * round, 10 * round + 1] as const;
    // The second one has something besides, which nobody else has.
    write(new Random(round), join(cwd, 'left'), draft(points[0]));
    write(new Random(-round), join(cwd, 'right'), draft(points[1], [`p.more${round}`]));
    // Both have planned on the same versions before either carries it out.
    const arrived: (() => void)[] = [];
    cut.before = async (at) => {
      if (!at.includes('atomic')) return;
      await new Promise<void>((go) => {
        arrived.push(go);
        if (arrived.length === 2) for (const each of arrived) each();
      });
    };
    const ended = await Promise.all([applies(0, 'left'), applies(1, 'right')]);
    cut.before = async () => {};
    const won = ended.findIndex(({ code }) => code === 0);
    const lost = ended[1 - won]!;
    const isRight = won === 1;
    t.equal(arrived.length, 2);
    t.match(lost, { code: 1, err: /DEFINITION_VERSION_MISMATCH.*Nothing was changed; plan again/ });
    // The loser is told all that the other one has changed, and who did.
    version++;
    for (const key of RULES)
      t.match(
        lost.err,
        new RegExp(
          `rule ${key}: planned on version ${version - 1}, now of version ${version}, said by (key|administrator)`,
        ),
      );
    t.notMatch(lost.err, /programme p:/, 'and nothing else');
    const gives = points[won];
    const told = await live();
    t.strictSame(told['p.BUY'], [`Buying ${gives}`, version]);
    for (const key of RULES) t.strictSame(told[key], [gives, version], `${key} of round ${round}`);
    t.equal(told[`p.more${round}`] !== undefined, isRight, 'all of the one, nothing of the other');
    // The winner once more, and with what was planned before: nothing.
    const again = await applies(won, isRight ? 'right' : 'left');
    t.match(again, { code: 0, out: /^0 to create, 0 to change/ });
    t.strictSame(await live(), told, 'a second apply changes nothing');
  }
  // The loser plans again, and has it.
  write(new Random(9), join(cwd, 'left'), draft(90));
  t.match(await applies(0, 'left'), { code: 0 });
  t.match((await live())['p.r0'], [90, version + 1]);
});
