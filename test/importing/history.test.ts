// Histories that are brought in: at any past time members have what the source says, now and in lots, and the books hold. Owns: the comparison.
// Never touches: HTTP, files.

import t from 'tap';
import {
  type Balance,
  type Engine,
  open,
  type PastBalance,
  verifyFolder,
} from '../../engine/index.js';
import { importOwner } from '../../gateway/importing/line.js';
import { type Bringing, bringIn, type MemberLines } from '../../gateway/importing/members.js';
import { isRefusal } from '../../gateway/refusal.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { DAY, type Drawn, drawMember } from './source.js';

t.setTimeout(0);

const SECOND = 1_000;
const MEMBERS = 12;
const TIMES = 25;

async function opened(folder: string): Promise<Engine> {
  const engine = await open({ folder, shards: 2, cacheMb: 64 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0, lotGranularityMs: SECOND });
  return engine;
}

const bringing = (engine: Engine, at: number, dryRun = false): Bringing => ({
  brought: { name: 'old', at },
  caller: engine,
  records: engine,
  options: { dryRun },
});

async function had(engine: Engine, owners: readonly string[], at: number): Promise<number[]> {
  const found = await engine.balancesAt({ owners, asset: 'gold', at });
  if ('ok' in found) throw new Error(`${found.code} ${found.field}`);
  return found.balances.map((all) => (all as PastBalance[])[0]?.available ?? 0);
}

const lotsOf = ([balance]: readonly Balance[]) =>
  (balance?.lots ?? []).map(({ expiresAt, available }) => ({ expiresAt, amount: available }));

const cases = campaign({ name: 'imported histories', long: 400, sample: 4 });

t.test('at any time members have what the source says', (t) =>
  cases.run(async (seed) => {
    const random = new Random(seed);
    const folder = temporaryFolder(t);
    const engine = await opened(folder);
    const at = Math.floor(Date.now() / SECOND) * SECOND - 5 * SECOND;
    const drawn: Drawn[] = [];
    for (let i = 0; i < MEMBERS; i++) {
      const steps = i === 0 ? 1_200 : 1 + random.int(60);
      drawn.push(drawMember(random, at, steps));
    }
    const members: MemberLines[] = drawn.map(({ lines }, i) => ({
      owner: `m${i}`,
      lines: random.shuffle([...lines]),
    }));
    const owners = members.map(({ owner }) => owner as string);
    const tried = await bringIn(bringing(engine, at, true), members);
    t.same(await engine.balance(importOwner('old')), [], 'a dry run changes nothing');
    const told = await bringIn(bringing(engine, at), members);
    t.same(tried, told, 'a dry run tells what comes');
    if (isRefusal(told)) throw new Error(told.code);
    for (const [i, { refused }] of told.entries())
      t.same(refused, [], `seed ${seed}: all of m${i} is brought in`);
    const compare = async (engine: Engine): Promise<void> => {
      for (let n = 0; n < TIMES; n++) {
        const time = at - random.int(420 * DAY);
        const expected = drawn.map((one) => one.had(time));
        t.same(await had(engine, owners, time), expected, `seed ${seed}: totals at ${time}`);
      }
      for (const [i, one] of drawn.entries()) {
        const balance = (await engine.balance(`m${i}`)) as Balance[];
        t.same(lotsOf(balance), one.lots, `seed ${seed}: lots of m${i}`);
      }
      const [[source], [expired]] = (await engine.balances([importOwner('old'), '@expire'])) as [
        Balance[],
        Balance[],
      ];
      const all = drawn.reduce((sum, one) => sum + one.had(at), 0);
      const lacks = (source?.available ?? 0) + (expired?.available ?? 0);
      t.equal(lacks, 0 - all, 'the import lacks what members have, and what expired');
    };
    await compare(engine);
    const again = await bringIn(bringing(engine, at), members);
    t.same(again, told, 'brought in again, it is a repeat');
    await compare(engine);
    await engine.close();
    t.same((await verifyFolder(folder)).problems, [], 'the books hold');
  }),
);
