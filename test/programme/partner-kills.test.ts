// Exchanges with partners outside, while the process is killed again and again at whatever it does: each ends once, and both systems say the same.

import { join } from 'node:path';
import t from 'tap';
import {
  isRefusal,
  type PartnerExchange,
  partnerExchangeAt,
  partnerExchangeId,
  partnerOperations,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { HOUR_MS } from './earning-world.js';
import {
  commandOf,
  drive,
  FEE,
  FilePartners,
  MEMBERS,
  POINTS,
  withPartners,
} from './partner-kill-child.js';
import { settled } from './settled.js';

const KILLS = 2;
const PLATFORMS = { out: 'p', far: 'q' } as Readonly<Record<string, string>>;
const lives = campaign({
  name: `lives of ${KILLS} kills of exchanges with partners`,
  long: 40,
  sample: 1,
});

t.test('whoever is killed, no point is made or lost', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const said = new Numbered(join(import.meta.dirname, 'partner-kill-child.js'));
    for (let kill = 0; kill < KILLS; kill++)
      await said.live(folder, { afterMs: 300 + random.int(1_500) }, `${seed}`);
    const engine = await withPartners(folder);
    const partners = new FilePartners(`${folder}.partners`);
    const commands = Array.from({ length: said.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await settled(engine, commands);
    const wrong = outcomes.flatMap((outcome, n) =>
      said.outcomes.get(n) === 'ok' && !outcome.ok ? [`${n} was ok, is ${outcome.code}`] : [],
    );
    await until('all have ended', async () => (await drive(engine, partners, () => false)) === 0);
    const listed = new Map<string, string>();
    const [from, to] = [Date.now() - HOUR_MS, Date.now() + HOUR_MS];
    for (const platform of ['p', 'q'])
      for await (const page of partnerOperations(engine.own, platform, from, to)) {
        if (isRefusal(page)) throw new Error(page.code);
        for (const { operation, state } of page) listed.set(operation, state);
      }
    const has = new Map(Array.from({ length: MEMBERS }, (_, n) => [`m${n}`, POINTS]));
    const ends: Record<string, number> = {};
    for (const [n, outcome] of outcomes.entries()) {
      if (!outcome.ok) continue;
      const { owner, id = '' } = commands[n] as { readonly owner: string; readonly id?: string };
      const told = (await partnerExchangeAt(
        engine.own,
        partnerExchangeId(owner, id),
      )) as PartnerExchange;
      const { status, source, target, amount, result, inconsistency, fee } = told;
      const isDone = status === 'completed';
      const state = ({ operation }: PartnerExchange['source']) =>
        operation === undefined
          ? isDone
          : partners.operations.get(operation)?.state === 'completed';
      const isExplained = inconsistency !== undefined && status === 'failed';
      if (!isExplained && (state(source) !== isDone || state(target) !== isDone))
        wrong.push(`${n} is ${status}: taken ${state(source)}, given ${state(target)}`);
      if (fee !== FEE) wrong.push(`${n} costs ${fee}`);
      for (const { operation } of [source, target]) {
        if (operation === undefined) continue;
        const is = partners.operations.get(operation)?.state;
        if (is !== undefined && listed.get(operation) !== is)
          wrong.push(`${operation} is ${is}, is listed as ${listed.get(operation)}`);
      }
      const end = `${status} ${told.reason ?? ''}`;
      ends[end] = (ends[end] ?? 0) + 1;
      if (!isDone) continue;
      if (PLATFORMS[source.asset] === undefined) has.set(owner, (has.get(owner) ?? 0) - amount);
      if (PLATFORMS[target.asset] === undefined) has.set(owner, (has.get(owner) ?? 0) + result);
    }
    for (const [owner, should] of has) {
      const balance = await engine.balance(owner, 'alpha');
      const [is] = isRefusal(balance) ? [] : balance;
      if (is?.available !== should || is.held !== 0)
        wrong.push(`${owner} has ${is?.available} and ${is?.held} held, should have ${should}`);
    }
    await engine.close();
    const { problems } = await verifyFolder(folder);
    wrong.push(...problems.map((one) => JSON.stringify(one)));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(`seed ${seed}: ${said.asked} asked, ${KILLS} kills: ${JSON.stringify(ends)}`);
    t.ok(Object.keys(ends).length > 1, JSON.stringify(ends));
  });
});
