// Dry runs and atomic batches for owners on another node, over a real nats-server.

import t from 'tap';
import { packBatch } from '../../engine/cluster/wire.js';
import type { Command, Engine, Outcome } from '../../engine/index.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Query } from '../../engine/protocol/commands.js';
import { Cluster } from '../cluster/harness.js';
import { leg, move, ownersOf, said } from '../movements.js';
import { told } from './trial-subject.js';

t.setTimeout(0);

const dry = { dryRun: true, timeoutMs: 10_000 } as const;
const gist = (outcome: Outcome): string => told(outcome).replace(/"time":\d+,/, '');

t.test('through whichever node', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const names = ownersOf(a, 2);
  for (const name of names.flat()) await a.submit(move('seed', leg('@issue', name, 100)));
  const digests = async () => [await a.digest(), await b.digest()];
  const [[ann = '', amy = ''] = [], [bob = '', ben = ''] = [], [cat = ''] = [], [dan = ''] = []] =
    names;
  const commands: Command[] = [
    move('here', leg(ann, amy, 1)),
    move('there', leg(bob, ben, 1)),
    move('two', leg(ann, bob, 2)),
    move('all', leg(bob, ann, 1), leg(ann, cat, 3), leg(cat, dan, 4)),
    move('short at the end', leg(ann, bob, 1), leg(dan, '@redeem', 1_000)),
    { type: 'hold', id: 'h', owner: bob, asset: 'gold', amount: 5 },
    { type: 'capture', id: 'c', owner: bob, holdId: 'h', to: cat },
    { type: 'reverse', id: 'r', owner: bob, transferId: 'all' },
  ];
  let through: Engine = a;
  for (const command of commands) {
    through = through === a ? b : a;
    const before = await digests();
    const foretold = await through.submit(command, dry);
    t.same(await digests(), before, 'nothing has changed');
    const done = await through.submit(command, { timeoutMs: 10_000 });
    t.equal(gist(foretold), gist(done), JSON.stringify(command));
  }
  const batch = [move('x', leg(bob, ben, 50)), move('y', leg(ben, '@redeem', 150))];
  const aborted = await a.submitBatch([...batch, move('z', leg(bob, ben, 500))], { atomic: true });
  t.same(aborted.map(said), ['BATCH_ABORTED', 'BATCH_ABORTED', 'POINTS_SHORT']);
  const done = await a.submitBatch(batch, { atomic: true });
  t.ok(
    done.every(({ ok }) => ok),
    'on the other node',
  );
  t.equal(new Set(done.map((one) => one.ok && one.seq)).size, 1, 'in one block');
  const again = await b.submitBatch(batch, { atomic: true });
  t.ok(again.every((one) => one.ok && one.replayed));
  await cluster.verify(t);
});

t.test('what another node may not slip into one', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [[ann = ''] = [], [bob = ''] = []] = ownersOf(a);
  const { connect } = await import('nats');
  const nats = await connect({ servers: new URL(cluster.nats.url).host });
  const packed = (one: Parameters<typeof packCommand>[0], id?: string) =>
    packCommand(one, id).slice();
  const good = packed(move('id', leg('@issue', ann, 5)), 'id');
  const raw: Uint8Array[] = [
    packed(move('id', leg('@issue', bob, 5)), 'id'),
    packed({ type: 'define-asset', asset: 'evil', scale: 0 }),
    packed({ type: 'tick', owner: ann }),
    packed({ type: 'balance', owner: ann }),
    packed({ type: 'dry-run', owner: ann, commands: good }),
    packed({ type: 'decision', id: 'id', owner: ann, refusal: 0 }, 'id'),
    packed({ type: 'prepare', id: 'id', owner: bob, deadline: 1, transfer: good }, 'id'),
    new Uint8Array([0x92, 1]),
    new Uint8Array(100),
    new Uint8Array(0),
  ];
  const before = await a.digest();
  const { shards } = await a.stats();
  let number = 0;
  for (const type of ['dry-run', 'atomic'] as const)
    for (const commands of raw) {
      const query: Query = { type, owner: ann, commands };
      const bytes = packed(query);
      number++;
      nats.publish(
        'jifen.commands.0',
        packBatch({ node: 'b', session: 9e12, number, count: 1, bytes }),
        {
          reply: 'jifen.nowhere',
        },
      );
    }
  await nats.flush();
  await nats.close();
  t.ok((await b.submit(move('fine', leg('@issue', bob, 1)))).ok);
  t.equal(await a.digest(), before, 'nothing came of it');
  t.equal((await a.stats()).shards[0]?.commands, shards[0]?.commands);
});
