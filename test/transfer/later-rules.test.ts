// Folders that this release wrote, under a later one in which holds have other rules and a field more: opened, verified, gone on with;
// who asks again is told what was decided then.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { type Command, type Engine, open } from '../../engine/index.js';
import { APPLY_VERSION } from '../../engine/protocol/block.js';
import { decodeCommand, packTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { laterRelease, type Release } from './later-release.js';

/** Such folders are small, and one shard is enough: holds are on one. */
const SETTINGS = { cacheMb: 64, acceptClock: true } as const;

const hold = (id: string, amount: number): Command => ({
  type: 'hold',
  id,
  owner: 'alice',
  asset: 'gold',
  amount,
});
/** With the field that the later release has. */
const leaving = (command: Command, leaves: boolean): Command =>
  Object.assign({}, command, { leaves });
const earn = (id: string, amount: number): Command => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'alice', asset: 'gold', amount }],
});

/** A folder that this release wrote: stopped cleanly, and as a kill leaves it, with nothing in a checkpoint. */
async function written(t: Test): Promise<{ stopped: string; killed: string; digest: string }> {
  const parent = mkdtempSync(join(tmpdir(), 'jifen-later-'));
  t.teardown(() => rmSync(parent, { recursive: true, force: true }));
  const stopped = join(parent, 'stopped');
  const killed = join(parent, 'killed');
  const engine = await open({ folder: stopped, shards: 1, ...SETTINGS });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  t.ok((await engine.submit(earn('earn-1', 100))).ok);
  t.match(await engine.submit(hold('hold-1', 101)), { code: 'POINTS_SHORT' });
  t.ok((await engine.submit(hold('hold-2', 100))).ok);
  t.ok(
    (
      await engine.submit({
        type: 'capture',
        id: 'capture-1',
        owner: 'alice',
        holdId: 'hold-2',
        to: '@redeem',
        amount: 30,
      })
    ).ok,
  );
  cpSync(stopped, killed, { recursive: true, filter: (path) => basename(path) !== 'lock' });
  const digest = await engine.digest();
  await engine.close();
  return { stopped, killed, digest };
}

async function asksAgain(t: Test, engine: Engine): Promise<void> {
  const first = await engine.submit(hold('hold-2', 100));
  t.match(first, { ok: true, replayed: true, entries: [{ owner: 'alice', heldDelta: 100 }] });
  t.match(await engine.submit(hold('hold-1', 101)), { code: 'POINTS_SHORT', replayed: true });
  t.match(await engine.submit(leaving(hold('hold-2', 100), false)), {
    ok: true,
    replayed: true,
  });
  const others = [hold('hold-2', 99), leaving(hold('hold-2', 100), true)];
  for (const other of others) t.match(await engine.submit(other), { code: 'ID_REUSED' });
}

async function goesOn(t: Test, engine: Engine): Promise<void> {
  t.ok((await engine.submit(earn('earn-2', 50))).ok);
  t.match(await engine.submit(hold('hold-3', 50)), { code: 'POINTS_SHORT' }, 'it leaves a point');
  const made = await engine.submit(hold('hold-4', 49));
  t.ok(made.ok);
  t.match(await engine.submit(hold('hold-4', 49)), { ok: true, replayed: true });
}

async function sound(t: Test, { engine }: Release, folder: string, name: string): Promise<void> {
  t.same((await engine.verifyFolder(folder)).problems, [], name);
}

t.test('stopped cleanly, under a release that has the rules of then', async (t) => {
  const { stopped: folder, digest: before } = await written(t);
  const later = await laterRelease(t, 1);
  await sound(t, later, folder, 'as it was');
  const engine = await later.engine.open({ folder, ...SETTINGS });
  t.equal(await engine.digest(), before);
  await asksAgain(t, engine);
  await goesOn(t, engine);
  const digest = await engine.digest();
  await engine.close();
  await sound(t, later, folder, 'and used');
  await later.engine.rebuildFolder(folder);
  const again = await later.engine.open({ folder, ...SETTINGS });
  t.equal(await again.digest(), digest, 'each hold was replayed by its own rules');
  await again.close();
  await t.rejects(
    open({ folder, ...SETTINGS }),
    new RegExp(`applyVersion: ${APPLY_VERSION + 1}, and this program's rules are ${APPLY_VERSION}`),
  );
});

t.test('killed, under a release that has the rules of then', async (t) => {
  const { killed: folder, digest } = await written(t);
  const later = await laterRelease(t, 1);
  const engine = await later.engine.open({ folder, ...SETTINGS });
  t.equal(await engine.digest(), digest);
  await asksAgain(t, engine);
  await engine.close();
  await sound(t, later, folder, 'afterwards');
});

t.test('under a release that has not the rules of then', async (t) => {
  const { stopped, killed } = await written(t);
  const later = await laterRelease(t, 2);
  await t.rejects(
    later.engine.open({ folder: killed, ...SETTINGS }),
    /block \d+: hold of version 1, whose rules this release has not\. Start the release that ran before/,
    'what is not in a checkpoint must be replayed first',
  );
  await sound(t, later, stopped, 'checked from its effects');
  const engine = await later.engine.open({ folder: stopped, ...SETTINGS });
  await asksAgain(t, engine);
  await goesOn(t, engine);
  await engine.close();
  await sound(t, later, stopped, 'and used');
});

t.test('commands of the version before, as bytes', async (t) => {
  const { codec } = await laterRelease(t, 1);
  const bytes = packCommand(hold('hold-1', 7), 'hold-1');
  t.same(codec.decodeCommand(bytes), { command: hold('hold-1', 7) });
  const tuple = unpackTuple(bytes, 0, bytes.length);
  const found = (version: number, ...more: unknown[]) =>
    codec.decodeCommand(packTuple([version, ...tuple.slice(1), ...more]));
  t.same(found(1, true), { problem: { code: 'COMMAND_INVALID', field: 'length' } });
  t.same(found(2), { problem: { code: 'COMMAND_INVALID', field: 'length' } });
  t.match(found(2, true), { command: { amount: 7, leaves: true } });
  for (const version of [0, 3, 1.5])
    t.match(found(version, true), { problem: { code: 'COMMAND_VERSION_UNKNOWN' } });
  t.match(decodeCommand(packTuple([2, ...tuple.slice(1)])), {
    problem: { code: 'COMMAND_VERSION_UNKNOWN' },
  });
});
