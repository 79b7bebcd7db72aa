// Bytes that no node sends, on every subject: they change nothing, nothing throws, and the nodes go on.

import { connect } from 'nats';
import t from 'tap';
import { HEAD_BYTES, Joiner, Splitter } from '../../engine/bus/fragments.js';
import { type Foreign, KIND, packForeign, unpackForeign } from '../../engine/bus/head.js';
import { pack, packBatch } from '../../engine/cluster/wire.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Packable, TransferCommand } from '../../engine/protocol/commands.js';
import { followUpId } from '../../engine/protocol/follow-ups.js';
import { leg, move, ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const packed = (command: Packable, id: string | undefined): Uint8Array =>
  packCommand(command, id).slice();

t.test('hostile bytes', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []] = ownersOf(a);
  await a.submitBatch([ann, bob, eve].map((name) => move('e', leg('@issue', name, 100))));
  const { host } = new URL(cluster.nats.url);
  const nats = await connect({ servers: host });
  // What a shard of node b really says, so that bytes can be passed off as its own.
  const heard = new Promise<Foreign>((resolve) => {
    const joiner = new Joiner();
    nats.subscribe('jifen.shard.0', {
      callback: (_error, message) => {
        const whole = joiner.join(message.data, 0);
        const found = whole && unpackForeign(whole, 0, 4);
        if (found?.from === 1) resolve(found);
      },
    });
  });
  await nats.flush();
  t.ok((await b.submit(move('real', leg(bob, ann, 1)))).ok);
  t.ok((await a.submit(move('paid', leg(ann, bob, 1)))).ok);
  const { standing } = await heard;
  const digests = [await a.digest(), await b.digest()];
  const seqs = async () => (await a.stats()).shards.map(({ seq }) => seq);
  const before = await seqs();

  const splitter = new Splitter();
  const reply = 'jifen.node.b.1.1';
  const send = (subject: string, bytes: Uint8Array): void => {
    for (const part of splitter.split(bytes, 60_000)) nats.publish(subject, part, { reply });
  };
  const random = new Random(3);
  const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random.int(256));
  const subjects = [
    'jifen.shard.0',
    'jifen.commands.0',
    'jifen.reads.0',
    'jifen.claim',
    'jifen.assets',
    `jifen.node.a.${'*'.length}.1`,
  ];
  const foreign = (from: number, bytes: Uint8Array, count = 1, to = 0) =>
    packForeign({ kind: KIND.parcel, from, to, standing, bytes, count });
  const earn = move('steal', leg('@issue', ann, 1_000_000)) as TransferCommand;
  const gift = move('gift', leg(bob, ann, 50)) as TransferCommand;
  const prepare = (transfer: Uint8Array, owner = bob, id = 'gift', lots?: Uint8Array) =>
    packed({ type: 'prepare', id, owner, deadline: Date.now() + 9_000, transfer, lots }, id);
  const give = packed(gift, 'gift');
  const sound = prepare(give);
  const decision = (transfer: Uint8Array | undefined, refusal = 0) =>
    packed(
      { type: 'decision', id: 'gift', owner: bob, refusal, lots: undefined, transfer },
      'gift',
    );
  const bonus = move('bonus', leg('@issue', ann, 1_000)) as TransferCommand;
  const followUp = (transfer: TransferCommand, id: string) => packed(transfer, id);
  const delivered = (id: string, owner: string) =>
    packed({ type: 'delivered', id, owner, refusal: 0 }, id);
  const capture = { type: 'capture', owner: bob, holdId: 'h', to: ann } as const;
  const lots = new Uint8Array(new Float64Array([1, 1e12, 51]).buffer);
  const longText = Buffer.concat([sound.subarray(0, 3), Uint8Array.of(0xd9), sound.subarray(3)]);
  const phases: Uint8Array[] = [
    foreign(2, sound),
    foreign(0, sound),
    foreign(3, sound),
    foreign(1, sound, 2),
    foreign(1, sound, 0),
    foreign(1, sound, 70_000),
    foreign(1, sound, 1, 2),
    foreign(1, sound.subarray(0, sound.length - 1)),
    foreign(1, Buffer.concat([sound, sound])),
    foreign(1, Buffer.concat([sound, Uint8Array.of(0)])),
    foreign(1, longText),
    foreign(1, packed(earn, 'steal')),
    foreign(1, packed({ type: 'tick', owner: ann }, undefined)),
    foreign(1, prepare(packed(earn, 'steal'), ann, 'steal')),
    foreign(1, prepare(give, ann)),
    foreign(1, prepare(give, bob, 'other')),
    foreign(1, prepare(give, '@transit:0')),
    foreign(1, prepare(give, bob, 'gift', lots)),
    foreign(1, prepare(give, bob, 'gift', lots.subarray(0, 9))),
    foreign(1, prepare(noise(40))),
    foreign(1, decision(give)),
    foreign(1, decision(undefined)),
    foreign(1, decision(undefined, 99)),
    foreign(1, decision(undefined, 999)),
    foreign(1, delivered(followUpId(bob, 'cause', 1), bob)),
    foreign(1, delivered(followUpId(ann, 'cause', 1), bob)),
    foreign(1, delivered(followUpId(ann, 'cause', 1), ann)),
    foreign(1, packed({ type: 'supplied', owner: ann, asset: 'gold' }, undefined)),
    foreign(1, packed({ type: 'supplied', owner: '#item:', asset: 'no asset' }, undefined)),
    foreign(1, prepare(packed(capture, 'gift'), bob)),
    foreign(1, prepare(packed({ ...capture, amount: 1 }, 'gift'), bob)),
    foreign(
      1,
      prepare(packed({ type: 'hold', owner: bob, asset: 'gold', amount: 1 }, 'gift'), bob),
    ),
    foreign(1, prepare(packed({ type: 'reverse', owner: bob, transferId: 'real' }, 'gift'), ann)),
    foreign(1, new Uint8Array(0)),
  ];
  // One byte more or less may make these right, so they are not altered any further.
  const nearly: Uint8Array[] = [
    foreign(1, prepare(packed({ ...gift, legs: [leg(bob, ann, 0)] }, 'gift'))),
    foreign(1, prepare(packed({ ...gift, legs: [leg(bob, ann, -5)] }, 'gift'))),
    foreign(1, prepare(packed({ ...gift, legs: [leg(bob, ann, 1.5)] }, 'gift'))),
    foreign(1, prepare(packed({ ...gift, legs: [leg(bob, '@transit:1', 5)] }, 'gift'))),
    foreign(1, prepare(packed({ ...gift, legs: [leg(bob, 'a b', 5)] }, 'gift'))),
    // A reversal begins on its home shard, which nobody asks to prepare it.
    foreign(1, prepare(packed({ type: 'reverse', owner: ann, transferId: 'paid' }, 'gift'), ann)),
    foreign(
      1,
      prepare(packed({ type: 'reverse', owner: ann, transferId: 'e' }, 'paid'), ann, 'paid'),
    ),
    foreign(1, followUp(bonus, followUpId(ann, 'cause', 1))),
    foreign(1, followUp({ ...bonus, legs: [leg('@issue', bob, 9)] }, followUpId(bob, 'cause', 1))),
    foreign(1, followUp({ ...bonus, legs: [leg('@issue', ann, 0)] }, followUpId(bob, 'cause', 1))),
    foreign(1, followUp(bonus, `>${bob}>cause>12`)),
    foreign(1, followUp({ ...bonus, followUps: [bonus] }, followUpId(bob, 'cause', 1))),
  ];
  for (const bytes of [...phases, ...nearly]) send('jifen.shard.0', bytes);
  const batch = (bytes: Uint8Array, count = 1, node = 'b', session = 1, number = 1) =>
    packBatch({ node, session, number, count, bytes });
  // Wrong for its owner alone: another name makes it somebody's command.
  const astray = batch(packed(gift, 'gift'));
  const batches: Uint8Array[] = [
    batch(packed(earn, 'steal'), 2),
    batch(packed(earn, 'steal'), 1, 'c'),
    batch(packed(earn, 'steal').subarray(1)),
    astray,
    batch(sound),
    batch(packed({ type: 'tick', owner: ann }, undefined)),
    batch(packed({ type: 'define-asset', asset: 'tin', scale: 0, version: 7 }, undefined)),
    batch(packed(earn, undefined)),
    batch(packed(earn, 'steal'), 1, 'b', -1),
    batch(packed(earn, 'steal'), 0),
    batch(packed(earn, 'steal'), 1e9),
    pack(['b', 1, 1, 1, 'text']),
    pack([[[[]]]]),
    pack({ a: 1 }),
  ];
  for (const bytes of batches) send('jifen.commands.0', bytes);
  for (const value of [
    ['entries', null],
    ['entries', { owner: ann, asset: 'gold', limit: 1e9 }],
    ['entries', { owner: 7, asset: {} }],
    ['balance-at', { owner: ann, asset: 'gold', at: 'now' }],
    ['balance-at', {}],
    ['blocks', { from: 1 }],
    [],
  ])
    send('jifen.reads.0', pack(value));
  for (const value of [
    [],
    [{ asset: 'tin' }],
    [
      {
        asset: 'A B',
        scale: 0,
        lotTracked: true,
        lotGranularityMs: 1,
        defaultExpiryMs: 0,
        version: 1,
      },
    ],
    [1, 2],
  ])
    send('jifen.assets', pack(value));
  for (let i = 0; i < 400; i++) {
    const subject = random.pick(subjects);
    const bytes = noise(random.int(300));
    if (random.int(2) === 0) send(subject, bytes);
    else nats.publish(subject, bytes);
    const [part] = splitter.split(noise(200), 1_000) as [Uint8Array];
    const at = random.int(part.length);
    part[at] = random.int(256);
    nats.publish(subject, part.subarray(0, HEAD_BYTES + random.int(200)));
    for (const [from, to] of [
      [random.pick(phases), 'jifen.shard.0'],
      [random.pick(batches.filter((one) => one !== astray)), 'jifen.commands.0'],
    ] as const) {
      const changed = from.slice();
      changed[random.int(changed.length)] = random.int(256);
      send(to, changed);
    }
  }
  await nats.flush();
  await nats.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.same([await a.digest(), await b.digest()], digests);
  const after = await seqs();
  t.same(after, before, 'nothing was logged');
  t.same(
    a.assets().map(({ asset }) => asset),
    ['gold'],
  );
  t.ok(((await a.stats()).shards[0]?.bus.dropped ?? 0) >= phases.length);
  t.ok(((await a.stats()).node?.dropped ?? 0) >= batches.length);
  // A process that stood still is asked again: what became of it is not known until then.
  const moved = await until('the nodes go on', async () => {
    const outcome = await b.submit(move('after', leg(bob, ann, 5)), { timeoutMs: 10_000 });
    const isOpen = !outcome.ok && /^(SHARD_UNAVAILABLE|PREPARED)$/.test(outcome.code);
    return !isOpen && outcome;
  });
  t.ok(moved.ok, 'and the nodes go on');
  await cluster.verify(t);
});
