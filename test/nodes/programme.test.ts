// A programme over two nodes: shares of referrals and gifts go from one to the other while nodes are killed. Every member has in the end what one
// ledger says that was told the same and never stopped: balances, tiers, counters; nothing is lost, nothing is there twice.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type Engine, isRefusal, open, REFUSALS, type RefusalCode } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { Client, NoAnswer } from './client.js';
import { ASSET, definitions, type MemberAct, Members, SHOP } from './members.js';
import { Nodes } from './nodes.js';
import { saidBefore } from './said-before.js';
import { stripeFaults, totalsOf, verifyFaults } from './totals.js';

const [NODES, SHARDS] = [2, 4];
const IS_LONG = process.env['JIFEN_LONG'] === '1';
const KILLS = IS_LONG ? 8 : 3;
const PATIENCE_MS = 3_000;
const PAUSE_MS = 20;
/** Members are so for longer or less long than others, by the clock of blocks. */
const APART_MS = 3;
const HEALED_MS = 60_000;

const runs = campaign({ name: 'a programme over two nodes', long: 20, sample: 1 });

/** What an act has done, as it was told, but for times. */
type Told = readonly object[];

const toldOf = (effects: readonly object[] = []): Told =>
  effects.map((one) => {
    const { at, until, ...told } = JSON.parse(JSON.stringify(one));
    return told;
  });

/** What is known of a member, but for times. */
interface Known {
  readonly available: number;
  readonly held: number;
  readonly member: object;
}

t.test('what members have is what one ledger says', async (t) => {
  for (const seed of runs.seeds)
    await t.test(`seed ${seed}: to repeat: ${runs.repeat(seed)}`, async (t) => {
      const random = new Random(seed);
      const members = new Members(random);
      const over = await overNodes(t, members, random);
      const alone = await onOne(t, members);
      const acts = [...members.first, ...members.courses.flat()];
      for (const { id, owner, act } of acts)
        t.same(over.told.get(id), alone.told.get(id), `${owner} ${id} ${act}`);
      for (const name of members.names) t.same(over.known.get(name), alone.known.get(name), name);
      t.ok(over.between > 20, `${over.between} gifts go to the other node`);
    });
});

/** Everybody does what is to be done, at once, while nodes are killed. */
async function overNodes(t: Test, members: Members, random: Random) {
  const nodes = await Nodes.start(t, {
    ...{ nodes: NODES, shards: SHARDS },
    making: (folder, here) => saidBefore(folder, SHARDS, here, definitions()),
  });
  const clients = nodes.all.map((node) => new Client(node, PATIENCE_MS));
  t.teardown(() => clients.forEach((client) => void client.close()));
  const place = (owner: string) => nodes.nodeOf(nodes.shardOf(owner)).name;
  const asked = (): Client => random.pick(clients);
  const told = new Map<string, Told>();
  const carryOut = async (act: MemberAct): Promise<void> => {
    told.set(act.id, await decided(asked, act));
  };
  await until('the asset is defined', async () => {
    const { status } = await asked().ask(`PUT /v1/assets/${ASSET}`, { scale: 0 });
    return status === 200;
  });
  let isOver = false;
  const asking = (async () => {
    for (const act of members.first) {
      await carryOut(act);
      await sleep(APART_MS);
    }
    await Promise.all(
      members.courses.map(async (acts) => {
        for (const act of acts) await carryOut(act);
      }),
    );
  })().finally(() => {
    isOver = true;
  });
  let kills = 0;
  for (; !isOver && kills < KILLS; kills++) {
    await Promise.race([asking, sleep(150 + random.int(400))]);
    const node = random.pick(nodes.all);
    await node.kill();
    await sleep(random.int(400));
    await node.start();
  }
  await asking;
  t.ok(kills > 1, `${kills} kills`);
  t.ok((await nodes.settled(HEALED_MS)) < HEALED_MS, 'nothing stays open');
  const known = new Map<string, Known>();
  for (const name of members.names) {
    const accounts = await asked().ask(`GET /v1/accounts/${name}`);
    const { body } = await asked().ask(`GET /v1/members/${name}?programme=${SHOP}`);
    const [account] = accounts.body.accounts;
    known.set(name, knownOf(account, body));
  }
  t.same(await nodes.stop(), []);
  const folders = nodes.all.map(({ folder }) => folder);
  t.same(await verifyFaults(folders), []);
  const totals = await totalsOf(folders, nodes.shards);
  t.equal(totals.sums.get(ASSET), 0);
  t.same(stripeFaults(totals), []);
  const between = members.courses.flat().filter(({ act, owner, body }) => {
    return act === 'gift' && place(String(body['to'])) !== place(owner);
  }).length;
  return { told, known, between };
}

/** Asks until there is an end; returns what the act has done. */
async function decided(asked: () => Client, { act, id, owner, body }: MemberAct): Promise<Told> {
  for (;;) {
    const call = `POST /v1/acts/${act}?timeoutMs=800`;
    const answer = await asked()
      .ask(call, { id, owner, body })
      .catch((error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error;
      });
    if (answer?.status === 200 || answer?.status === 201) return toldOf(answer.body.act.effects);
    const code = answer?.body?.code as RefusalCode | undefined;
    const isOver = answer !== undefined && answer.status !== 202 && answer.status < 500;
    if (isOver && !(code !== undefined && REFUSALS[code].retry))
      throw new Error(`${owner} ${id} ${act}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await sleep(PAUSE_MS);
  }
}

/** The same on one ledger that is never stopped, member after member. */
async function onOne(t: Test, members: Members) {
  const folder = join(temporaryFolder(t), 'one');
  await saidBefore(folder, 1, [0], definitions());
  const engine = await open({ folder });
  t.teardown(() => engine.close());
  await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0 });
  const told = new Map<string, Told>();
  const carryOut = async (act: MemberAct): Promise<void> => {
    for (;;) {
      const outcome = await engine.submit(act);
      if (outcome.ok) {
        told.set(act.id, toldOf(outcome.act?.effects));
        return;
      }
      if (!outcome.retry) throw new Error(`${act.owner} ${act.id}: ${outcome.code}`);
      await sleep(PAUSE_MS);
    }
  };
  for (const act of members.first) {
    await carryOut(act);
    await sleep(APART_MS);
  }
  for (const acts of members.courses.toReversed()) for (const act of acts) await carryOut(act);
  await until('nothing waits', async () => {
    const { shards } = await engine.stats();
    return shards.every(({ followUps, openTransfers }) => followUps + openTransfers === 0);
  });
  const known = new Map<string, Known>();
  for (const name of members.names) known.set(name, await knownAt(engine, name));
  return { told, known };
}

async function knownAt(engine: Engine, name: string): Promise<Known> {
  const balances = await engine.balance(name, ASSET);
  const member = await engine.member(name, SHOP);
  if (isRefusal(balances) || isRefusal(member)) throw new Error(`${name} cannot be read`);
  return knownOf(balances[0], member);
}

function knownOf(
  account: { readonly available: number; readonly held: number } | undefined,
  member: object,
): Known {
  const { available = 0, held = 0 } = account ?? {};
  const { time, tiers = [], ...told } = JSON.parse(JSON.stringify(member));
  return { available, held, member: { ...told, tiers: tiers.map((one: any) => one.tier) } };
}
