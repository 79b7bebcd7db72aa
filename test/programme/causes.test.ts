// The rules of what acts cause (transfer.F3, programme.A6, ledger.U6), each by a table of what breaks it.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { Trial } from '../../engine/ledger/trial.js';
import { CAUSE_DEPTH_MAX, FOLLOW_UPS_MAX, FOLLOW_UPS_TOWARDS_MAX } from '../../engine/limits.js';
import type { Act, FollowUp, Undo } from '../../engine/programme/act.js';
import { offer } from '../../engine/programme/definitions/index.js';
import { expectCauses } from '../../engine/programme/follow-ups.js';
import { ACTS as ALL_ACTS, problemWith } from '../../engine/programme/index.js';
import type { ActCause } from '../../engine/protocol/act-fields.js';
import { causedId } from '../../engine/protocol/caused-id.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { grantedBy, toldRefusal } from '../../engine/protocol/grants.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { isKnownId } from '../../engine/protocol/syntax.js';
import { validate } from '../../engine/protocol/validate.js';
import { FollowUps } from '../../engine/transfer/open/follow-ups.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { ACTS, ASSET, bodyOf, NAMES, type Wish } from './causing.js';
import { START, World } from './causing-worlds.js';

const give = (to: string, amount: number) => [{ from: '@issue', to, amount }];

/** Owners of two shards: of the first, and of the second. */
function pair(world: World): readonly [here: string, there: string] {
  const users = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
  return [users.find((one) => world.at(one) === 0)!, users.find((one) => world.at(one) === 1)!];
}

interface Caused {
  readonly id: string;
  readonly cause: ActCause;
}

/** Two shards: an act of the first has caused one on the second, which is on its way; and what undoes that. */
function onItsWay(isUndone: boolean) {
  const world = new World(2);
  world.settle();
  const [here, there] = pair(world);
  const wish = { legs: give(here, 5), causes: [{ owner: there, wish: { legs: give(there, 7) } }] };
  const root = world.act(here, 'root', wish);
  if (isUndone) {
    world.settle();
    world.undo(root, 'back');
  }
  const message = world.net.at(-1)!;
  const { bytes } = message;
  const command = commandOfTuple(unpackTuple(bytes, 0, bytes.length)) as Caused;
  return { world, here, there, root, message, command };
}

t.test('the id of what is caused has one length, and is nobody else’s', async (t) => {
  const long = { owner: 'o'.repeat(64), id: 'i'.repeat(64), n: FOLLOW_UPS_MAX };
  for (const cause of [long, { owner: 'a', id: 'b', n: 1 }, { ...long, id: causedId(long) }]) {
    t.equal(causedId(cause).length, 33);
    t.ok(isKnownId(causedId(cause)), 'it can be looked up');
    const act = { type: 'act', id: causedId(cause), owner: 'a', act: 'adjust', body: {} };
    t.same(validate(act), { code: 'ID_INVALID', field: 'id' }, 'and given by nobody');
  }
  const ids = ['a', 'b'].flatMap((owner) =>
    ['1', '11'].flatMap((id) => [1, 2, 11].map((n) => causedId({ owner, id, n }))),
  );
  t.equal(new Set(ids).size, ids.length);
});

t.test('no caller names a cause, nor asks for what acts alone cause', async (t) => {
  const cause = { owner: 'ann', id: 'x', n: 1, by: 'first@2', depth: 1 };
  const commands = [
    { type: 'act', owner: 'ann', act: 'adjust', body: {}, cause },
    { type: 'reverse', owner: 'ann', transferId: 'x', cause },
  ];
  for (const command of commands)
    t.same(validate(command), { code: 'COMMAND_INVALID', field: 'cause' });
  const legs = [{ from: '@issue', to: 'ann', asset: ASSET, amount: 1 }];
  const transfer = { type: 'act', owner: 'ann', act: 'transfer', body: { legs } } as const;
  t.same(problemWith(transfer), { code: 'ACT_UNKNOWN', field: 'act' });
  const world = new World(1);
  const body = bodyOf({ legs: give('ann', 1) });
  t.equal(
    world.ask({ type: 'act', id: 'x', owner: 'ann', act: NAMES[3], body }).code,
    'ACT_UNKNOWN',
  );
});

t.test('what was not minted by its cause is let in by nobody', async (t) => {
  type Forge = (command: Caused) => object;
  const n2 = ({ cause }: Caused) => ({ ...cause, n: 2 });
  const forged: readonly (readonly [string, boolean, Forge])[] = [
    ['another id', false, () => ({ id: causedId({ owner: 'zoe', id: 'x', n: 1 }) })],
    ['a caller’s id', false, () => ({ id: 'x' })],
    ['the id of a transfer’s follow-up', false, () => ({ id: '>ann>x>1' })],
    ['another place', false, (one) => ({ cause: n2(one) })],
    ['no cause', false, () => ({ cause: undefined })],
    ['no cause at all', false, () => ({ id: '>ann>x>1', cause: undefined })],
    ['too deep', false, ({ cause }) => ({ cause: { ...cause, depth: CAUSE_DEPTH_MAX + 1 } })],
    ['not deep', false, ({ cause }) => ({ cause: { ...cause, depth: 0 } })],
    ['not declared', false, () => ({ act: NAMES[2] })],
    ['by nobody', false, ({ cause }) => ({ cause: { ...cause, by: 'nobody@1' } })],
    ['decided already', false, () => ({ plan: { version: 1, effects: [], why: {} } })],
    ['of what another act has caused', true, ({ cause }) => ({ cause: { ...cause, undoes: 'x' } })],
    ['of whatever', true, ({ cause: { undoes: _, ...cause } }) => ({ cause })],
    ['of another place', true, (one) => ({ id: causedId(n2(one)), cause: n2(one) })],
  ];
  for (const isUndone of [false, true]) {
    const { world, message, command } = onItsWay(isUndone);
    const { from, to, bytes } = message;
    const gate = world.gates[to]!;
    t.ok(gate.isSound(from, bytes, 1), 'what was minted is');
    t.notOk(gate.isSound(to, bytes, 1), 'but of no other shard');
    const shard = world.shards[to]!;
    for (const [what, isOfUndone, forge] of forged) {
      if (isOfUndone && !isUndone) continue;
      if (isUndone && ['not declared', 'by nobody'].includes(what)) continue;
      const wrong = { ...command, ...forge(command) } as Command & Caused;
      const packed = new Uint8Array(packCommand(wrong, wrong.id));
      const before = canonicalState(shard.state).join('\n');
      const isDecided = 'plan' in forge(command);
      t.equal(gate.isSound(from, packed, 1), what === 'not declared' || what === 'by nobody', what);
      if (!isDecided) t.match(shard.apply([wrong], START)[0], { code: 'COMMAND_INVALID' }, what);
      t.equal(canonicalState(shard.state).join('\n'), before);
    }
    world.settle();
    world.check();
  }
});

t.test('a log that has what was not minted is found', async (t) => {
  const cause = { owner: 'zoe', id: 'x', n: 1, by: 'first@2', depth: 1 };
  for (const wrong of [{ cause }, { id: 'x' }]) {
    const { world, message, command } = onItsWay(false);
    const shard = world.shards[message.to]!;
    // A replay takes what is there.
    shard.ledger.isReplaying = true;
    shard.apply([{ ...command, ...wrong } as unknown as Command], START);
    t.match(auditFault(shard.blocks, message.to, slotMapOf(2)), /F3: was not minted/);
  }
});

t.test('causes are declared, and lead round in no circle', async (t) => {
  const acts = (causes: Readonly<Record<string, readonly string[]>>) =>
    new Map(
      Object.entries(causes).map(([name, of]) => [name, { name, causes: of } as unknown as Act]),
    );
  t.doesNotThrow(() => expectCauses(ALL_ACTS));
  t.doesNotThrow(() => expectCauses(acts({ a: ['b', 'd'], b: ['c'], c: ['d'], d: [] })));
  for (const [what, causes] of Object.entries({
    'a causes a': { a: ['a'] },
    'a causes b causes c causes a': { a: ['b'], b: ['c'], c: ['a'] },
    'a causes b': { a: ['b'] },
    'a causes b causes c causes d causes e': { a: ['b'], b: ['c'], c: ['d'], d: ['e'], e: [] },
  }))
    t.throws(() => expectCauses(acts(causes)), { message: new RegExp(`^A6: ${what}$`) });
});

/** The acts, of which the first does one thing otherwise. */
function defective(change: Partial<Act>): ReadonlyMap<string, Act> {
  return new Map(ACTS).set(NAMES[0], { ...ACTS.get(NAMES[0])!, ...change });
}

t.test('an act that causes what it may not has a defect, and nothing is done', async (t) => {
  const sound: FollowUp = { owner: 'bob', act: NAMES[1], body: bodyOf({ legs: give('bob', 1) }) };
  const plans: Readonly<Record<string, readonly FollowUp[]>> = {
    undeclared: [{ ...sound, act: NAMES[2] }],
    unknown: [{ ...sound, act: 'nothing' }],
    itself: [{ ...sound, act: NAMES[0] }],
    'too many': new Array(FOLLOW_UPS_MAX + 1).fill(sound),
    'a wrong body': [{ ...sound, body: { wish: 1 } }],
    'an unknown field': [{ ...sound, body: { ...sound.body, more: 1 } }],
    'a system owner': [{ ...sound, owner: '@issue' }],
    'no owner': [{ ...sound, owner: 'a b' }],
  };
  const decided = (followUps: readonly FollowUp[]) => ({
    decide: () => ({ legs: [], followUps, effects: [], why: {} }),
  });
  const run = (acts: ReadonlyMap<string, Act>) => {
    const world = new World(1, acts);
    const { state } = world.shards[0]!;
    const before = canonicalState(state).join('\n');
    return { world, isUntouched: () => canonicalState(state).join('\n') === before };
  };
  for (const [what, followUps] of Object.entries(plans)) {
    const { world, isUntouched } = run(defective(decided(followUps)));
    t.throws(() => world.act('ann', 'a', {}), what);
    t.ok(isUntouched(), what);
  }
  const { world } = run(defective(decided(new Array(FOLLOW_UPS_MAX).fill(sound))));
  world.act('ann', 'a', {});
  world.settle();
  t.equal(world.balance('bob'), FOLLOW_UPS_MAX, 'as many as there may be');
  const undoings: Readonly<Record<string, NonNullable<Undo['undoes']>>> = {
    'one that is not there': [{ n: 2 }],
    'one twice': [{ n: 1 }, { n: 1, legs: [{ leg: 0, amount: 1 }] }],
    'a malformed part': [{ n: 1, legs: [{ leg: 0, amount: 0 }] }],
  };
  for (const [what, undoes] of Object.entries(undoings)) {
    const acts = defective({ ...decided([sound]), undo: () => ({ effects: [], why: {}, undoes }) });
    const { world } = run(acts);
    const root = world.act('ann', 'a', {});
    world.settle();
    t.throws(() => world.undo(root, 'r'), what);
    t.equal(world.balance('bob'), 1);
  }
});

t.test('an undoing at every point of a delivery', async (t) => {
  for (const shards of [1, 2, 3])
    for (const isNewestFirst of [false, true])
      for (let delivered = 0; delivered < 12; delivered++) {
        const world = new World(shards);
        world.settle();
        const last = { legs: [...give('cat', 3), ...give('dan', 2)] };
        const next = { owner: 'cat', wish: last };
        const causes = [{ owner: 'bob', wish: { legs: give('bob', 7), causes: [next] } }];
        const undoes = [{ n: 1, legs: [{ leg: 0, amount: 2 }] }];
        const root = world.act('ann', 'a', { legs: give('ann', 5), causes, undoes });
        const step = () => {
          const message = isNewestFirst ? world.net.pop() : world.net.shift();
          if (message !== undefined) world.deliver(message);
        };
        for (let n = 0; n < delivered; n++) step();
        const where = `${shards} shards, after ${delivered}`;
        for (const [amount, should] of [
          [1, [4, 5, 3, 2]],
          [undefined, [0, 0, 0, 0]],
        ] as const) {
          world.undo(root, `r${amount}`, { allowDebt: true, ...(amount && { amount }) });
          while (world.net.length > 0) step();
          world.settle();
          world.check();
          const left = ['ann', 'bob', 'cat', 'dan'].map((one) => world.balance(one));
          t.same(left, should, where);
        }
      }
});

t.test(
  'what was spent meanwhile is owed where the undoing allows it, and else stays',
  async (t) => {
    for (const allowDebt of [false, true]) {
      const { world, there, root } = onItsWay(false);
      world.settle();
      world.move('s', there, { from: there, to: '@redeem', amount: 4 });
      t.equal(world.undo(root, 'r', { allowDebt }).code, 'ok');
      world.settle();
      world.check();
      t.equal(world.balance(there), allowDebt ? -4 : 3);
      const child = root.children[0]!;
      const more = { type: 'reverse', owner: there, transferId: child.id } as const;
      const code = allowDebt ? 'ALREADY_REVERSED' : 'ok';
      t.equal(world.ask({ ...more, id: 'op', allowDebt: true }).code, code, 'an operator may');
    }
  },
);

t.test('what moves no points is undone once, with what it has caused', async (t) => {
  const world = new World(2);
  const root = world.act('ann', 'a', {
    causes: [{ owner: 'bob', wish: { legs: give('bob', 7) } }],
  });
  world.settle();
  t.equal(world.balance('bob'), 7);
  t.equal(world.undo(root, 'r').code, 'ok');
  world.settle();
  t.equal(world.balance('bob'), 0);
  t.equal(world.undo(root, 'again').code, 'ALREADY_REVERSED');
  world.settle();
  world.check();
});

t.test('what an act has caused is undone with its cause, or by an administrator', async (t) => {
  const { world, there, root } = onItsWay(false);
  world.settle();
  const shard = world.shardOf(there);
  const reverse = (id: string) =>
    ({ type: 'reverse', id, owner: there, transferId: root.children[0]!.id }) as const;
  shard.ledger.granted = grantedBy({ operations: new Set(['earn']) });
  t.match(shard.apply([reverse('no')], START)[0], { code: 'OPERATION_FORBIDDEN' });
  shard.ledger.granted = grantedBy({ operations: new Set(['earn', 'admin']) });
  t.match(shard.apply([reverse('yes')], START)[0], { ok: true });
});

t.test(
  'what cannot be now is asked for again; what rules refuse is refused for ever',
  async (t) => {
    const caused = (change: Partial<Act>) => {
      const acts = new Map(ACTS).set(NAMES[1], { ...ACTS.get(NAMES[1])!, ...change });
      const world = new World(1, acts);
      const wish: Wish = { causes: [{ owner: 'bob', wish: { legs: give('bob', 7) } }] };
      const root = world.act('ann', 'a', wish);
      const step = () => {
        for (const message of world.net.splice(0)) world.deliver(message);
        world.repeat(0);
      };
      for (let n = 0; n < 3; n++) step();
      return { world, step, fate: () => world.fate('bob', root.children[0]!.id) };
    };
    const right = ACTS.get(NAMES[1])!;
    const needy = caused({
      decide: (see, body, at) => {
        see.definition(offer, 'spring');
        return right.decide(see, body as never, at);
      },
    });
    t.equal(needy.fate(), undefined, 'definitions are not confirmed');
    needy.world.shards[0]!.ledger.definitionsConfirmedUntil = START + 1;
    needy.step();
    t.equal(needy.fate(), 'ok');
    t.equal(needy.world.balance('bob'), 7);
    const legs = [{ from: '@issue', to: 'bob', asset: 'lead', amount: 1 }];
    const early = caused({ decide: () => ({ legs, effects: [], why: {} }) });
    t.equal(early.fate(), undefined, 'an asset that is not known yet');
    for (const [refusal, fate] of [
      ['OFFER_NOT_OPEN', 'FOLLOW_UP_REFUSED'],
      ['NOT_ELIGIBLE', 'NOT_ELIGIBLE'],
      ['BUDGET_EXHAUSTED', 'BUDGET_EXHAUSTED'],
      ['ASSET_UNKNOWN', undefined],
    ] as const) {
      const { world, fate: is } = caused({ decide: () => ({ refusal }) });
      t.equal(is(), fate, refusal);
      t.equal(world.shards[0]!.state.followUps.size, fate === undefined ? 1 : 0);
      world.kill(0);
    }
  },
);

t.test('too many that wait for a shard: nothing more is caused there', async (t) => {
  const { world, root, message } = onItsWay(false);
  world.settle();
  const { towards } = FollowUps.prototype;
  t.teardown(() => {
    FollowUps.prototype.towards = towards;
  });
  FollowUps.prototype.towards = (shard) => (shard === message.to ? FOLLOW_UPS_TOWARDS_MAX : 0);
  const before = canonicalState(world.shards[message.from]!.state).join('\n');
  const { owner } = root;
  const body = bodyOf(root.wish);
  for (const command of [
    { type: 'act', id: 'x', owner, act: NAMES[0], body },
    { type: 'reverse', id: 'y', owner, transferId: 'root' },
  ] as const)
    t.match(world.shards[message.from]!.apply([command], START)[0], { code: 'SHARD_UNAVAILABLE' });
  t.equal(canonicalState(world.shards[message.from]!.state).join('\n'), before);
});

t.test('a dry run tells what would be caused, and causes nothing', async (t) => {
  const { world, here, there } = onItsWay(false);
  world.settle();
  const { state } = world.shardOf(here);
  const before = canonicalState(state).join('\n');
  const trial = new Trial(state);
  trial.ledger.acts = ACTS;
  trial.begin(START);
  const body = bodyOf({ causes: [{ owner: there, wish: {} }] });
  const bytes = packCommand({ type: 'act', id: 'x', owner: here, act: NAMES[0], body }, 'x');
  const told = trial.ledger.apply(trial.ledger.take(new Uint8Array(bytes), 0));
  t.equal(told, 0, told === 0 ? '' : toldRefusal(told).code);
  trial.end();
  t.equal(canonicalState(state).join('\n'), before);
  t.equal(world.net.length, 0);
});

t.test('what an outcome tells', async (t) => {
  const { world, here, root } = onItsWay(false);
  world.settle();
  const { owner, id } = root.children[0]!;
  const act = {
    type: 'act',
    id: 'root',
    owner: here,
    act: NAMES[0],
    body: bodyOf(root.wish),
  } as const;
  const [outcome] = world.shardOf(here).apply([act], START);
  t.match(outcome, { ok: true, replayed: true, followUps: [{ owner, id }] });
  t.same(JSON.parse(JSON.stringify(outcome)).followUps, [{ owner, id }]);
  const kept = world.shardOf(owner).ledger.known.lookUp(owner, id)!;
  t.match(commandOfTuple(kept.tuple), {
    cause: { owner: here, id: 'root', n: 1, by: 'first@2', depth: 1 },
  });
  t.equal(REFUSALS.FOLLOW_UP_REFUSED.kept, 'final');
});

t.test('points move between other owners, who may be the engine’s own', async (t) => {
  const [pot, there] = ['#budget:a', '#budget:b'];
  const legs = [{ from: pot, to: there, asset: ASSET, amount: 6 }];
  const followUps = [{ owner: pot, act: 'transfer', body: { legs } }];
  const decide = () => ({ legs: [], followUps, effects: [], why: {} });
  for (const shards of [1, 2, 3]) {
    const transfer = ALL_ACTS.get('transfer')!;
    const acts = new Map(defective({ causes: ['transfer'], decide })).set('transfer', transfer);
    const world = new World(shards, acts);
    const root = world.act('ann', 'a', {});
    world.settle();
    t.same([world.balance(pot), world.balance(there)], [14, 6]);
    t.equal(world.undo(root, 'r').code, 'ok');
    world.settle();
    t.same([world.balance(pot), world.balance(there)], [20, 0]);
    world.check();
  }
});

t.test('what is caused may give back an earlier act of its owner', async (t) => {
  for (const shards of [1, 2, 3, 4])
    for (const far of ['ann', 'cat', 'dan', 'eve']) {
      const world = new World(shards);
      const earlier = { legs: [...give('bob', 5), ...give(far, 2)] };
      const body = bodyOf(earlier);
      world.ask({ type: 'act', id: 'b', owner: 'bob', act: NAMES[0], body });
      world.settle();
      const causes = [{ owner: 'cat', wish: { legs: give('cat', 1) } }];
      const root = world.act('ann', 'a', {
        causes: [{ owner: 'bob', wish: { reverses: 'b', causes } }],
      });
      world.settle();
      t.equal(world.balance('bob'), 0, `${shards} shards, ${far}`);
      const { id } = root.children[0]!.children[0]!;
      const kept = world.shardOf('cat').ledger.known.lookUp('cat', id)!;
      t.match(commandOfTuple(kept.tuple), { cause: { owner: 'bob', depth: 2, by: 'second@2' } });
      world.check();
    }
});
