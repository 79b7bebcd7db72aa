// Whose an id is: two platforms and an operator with the same ids for the same users, before and after ids became platforms', against a model.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { DAY_MS, SCOPE_LENGTH_MAX } from '../../engine/limits.js';
import { SCOPED_IDS_VERSION } from '../../engine/protocol/block.js';
import type { Command } from '../../engine/protocol/commands.js';
import { followUpId } from '../../engine/protocol/follow-ups.js';
import { EVERYTHING, type Granted, grantedBy, OPERATIONS } from '../../engine/protocol/grants.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { bareId, scopeOf, shownId, storedId } from '../../engine/protocol/scope.js';
import { isKnownId, isNamedId } from '../../engine/protocol/syntax.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { auditFault, slotMapOf } from './audited.js';

const START = 20_600 * DAY_MS;
const ASSETS = ['gold', 'red', 'blue'];
/** Who asks, and in which assets. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  shop: ['gold', 'blue'],
  mall: ['gold', 'red'],
  '': ASSETS,
};
const USERS = ['ann', 'bob'];
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

const operations = new Set(OPERATIONS);
/** `isNow`: its ids are its own. */
function grantsOf(caller: string, isNow: boolean): Granted {
  if (caller === '') return EVERYTHING;
  const assets = new Set(ALLOWED[caller]);
  return grantedBy({ operations, assets, scope: isNow ? caller : undefined });
}

/** What somebody asked for. */
interface Asked {
  readonly command: Extract<Command, { type: 'transfer' | 'reverse' }>;
  readonly asset: string;
  /** Of a transfer: not undone yet. */
  amount: number;
  /** Of a reversal: whose id it has named. */
  readonly whose: string;
  readonly isRefused: boolean;
}

/** Commands by owner and id, as it is said in words. */
class Model {
  readonly before = new Map<string, Asked>();
  readonly own = new Map<string, Asked>();
  readonly points = new Map<string, number>();

  /** What a caller means by an id. */
  find(caller: string, owner: string, id: string, isNow: boolean): Asked | undefined {
    const shared = this.before.get(`${owner} ${id}`);
    if (!isNow) return shared;
    return this.own.get(`${caller} ${owner} ${id}`) ?? shared;
  }

  /** ok, again, or a refusal. */
  do(caller: string, owner: string, command: Asked['command'], isNow: boolean): string {
    const mine = ALLOWED[caller]!;
    const id = command.id!;
    const original =
      command.type === 'reverse' ? this.find(caller, owner, command.transferId, isNow) : undefined;
    const isOwnOriginal =
      command.type === 'reverse' && this.own.has(`${caller} ${owner} ${command.transferId}`);
    const whose = isOwnOriginal ? caller : '';
    const isTransfer = original?.command.type === 'transfer';
    if (command.type === 'transfer' && !mine.includes(command.legs[0]!.asset))
      return 'ASSET_FORBIDDEN';
    if (original !== undefined && isTransfer && !mine.includes(original.asset))
      return 'ASSET_FORBIDDEN';
    if (command.type === 'reverse' && caller !== '' && original === undefined)
      return 'TRANSFER_NOT_FOUND';
    let known = this.find(caller, owner, id, isNow);
    const isOwn = isNow && this.own.has(`${caller} ${owner} ${id}`);
    // Somebody else's, who had other assets; of an operator, who has all, never.
    if (
      known !== undefined &&
      isNow &&
      !isOwn &&
      caller !== '' &&
      !mine.includes(this.#assetOf(known, owner))
    )
      known = undefined;
    if (known !== undefined) {
      const isSame =
        JSON.stringify(known.command) === JSON.stringify(command) && known.whose === whose;
      if (!isSame) return 'ID_REUSED';
      return known.isRefused ? 'refused again' : 'again';
    }
    const asked = { ...this.#carryOut(command, owner, original), whose };
    if (isNow) this.own.set(`${caller} ${owner} ${id}`, asked);
    else this.before.set(`${owner} ${id}`, asked);
    return asked.isRefused ? 'refused' : 'ok';
  }

  /** What a command from before takes a permission in. */
  #assetOf({ command, asset }: Asked, owner: string): string {
    if (command.type === 'transfer') return asset;
    // It named an id of nobody's, whoever has used that since.
    return this.find('', owner, command.transferId, true)?.asset ?? '';
  }

  #carryOut(
    command: Asked['command'],
    owner: string,
    original: Asked | undefined,
  ): Omit<Asked, 'whose'> {
    if (command.type === 'transfer') {
      const { asset, amount } = command.legs[0]!;
      this.#add(owner, asset, amount);
      return { command, asset, amount, isRefused: false };
    }
    const isDone =
      original !== undefined && original.command.type === 'transfer' && original.amount > 0;
    if (!isDone)
      return {
        command,
        asset: original?.asset ?? '',
        amount: 0,
        isRefused: true,
      };
    this.#add(owner, original.asset, -original.amount);
    original.amount = 0;
    return { command, asset: original.asset, amount: 0, isRefused: false };
  }

  #add(owner: string, asset: string, amount: number): void {
    const key = `${owner} ${asset}`;
    this.points.set(key, (this.points.get(key) ?? 0) + amount);
  }
}

/** The same log, as the release before ids were platforms' would have written it. */
function asBefore({ blocks }: MemoryLedger): MemoryLedger {
  const old = blocks.map((bytes) => {
    const block = bytes.slice();
    new DataView(block.buffer).setUint16(6, SCOPED_IDS_VERSION - 1, true);
    return block;
  });
  return MemoryLedger.replay(old);
}

const said = (outcome: Outcome | undefined): string => {
  if (outcome === undefined) return 'nothing';
  if (outcome.ok) return outcome.replayed ? 'again' : 'ok';
  if (outcome.code === 'ID_REUSED' || outcome.code === 'ASSET_FORBIDDEN') return outcome.code;
  if (outcome.replayed) return 'refused again';
  return outcome.code;
};

/** What goes wrong in one world; undefined: nothing. */
function wrong(seed: number): string | undefined {
  const random = new Random(seed);
  let memory = new MemoryLedger();
  const model = new Model();
  let time = START;
  const lotTracked = random.chance(0.5);
  for (const asset of ASSETS)
    memory.apply([{ type: 'define-asset', asset, scale: 0, lotTracked }], time);
  const upgradeAt = random.int(60);
  for (let n = 0; n < 120; n++) {
    const isNow = n >= upgradeAt;
    if (n === upgradeAt) memory = asBefore(memory);
    time += random.int(5_000);
    const caller = random.pick(Object.keys(ALLOWED));
    const owner = random.pick(USERS);
    const id = random.pick(IDS);
    const amount = random.pick([5, 7]);
    const leg = { from: '@issue', to: owner, asset: random.pick(ASSETS), amount };
    const command: Asked['command'] = random.chance(0.7)
      ? { type: 'transfer', id, legs: [leg] }
      : { type: 'reverse', id: `${id}-undone`, owner, transferId: id };
    memory.ledger.granted = grantsOf(caller, isNow);
    const is = said(memory.apply([command], time)[0]);
    const should = model.do(caller, owner, command, isNow);
    const fits =
      should === 'refused'
        ? ['TRANSFER_NOT_FOUND', 'ALREADY_REVERSED', 'NOT_REVERSIBLE'].includes(is)
        : is === should;
    const who = `${n < upgradeAt ? 'before' : 'now'} ${caller} ${JSON.stringify(command)}`;
    if (!fits) return `${who}: ${is}, not ${should}`;
    const { ledger } = memory;
    // What is looked up is what was meant.
    const known = model.find(caller, owner, id, isNow);
    const { scope } = ledger.granted;
    const found = ledger.known.lookUp(owner, ledger.known.meant(owner, storedId(id, scope)));
    if ((found === null) !== (known === undefined)) return `${who}: looked up`;
  }
  memory.ledger.granted = EVERYTHING;
  const twin = MemoryLedger.replay(memory.blocks);
  if (canonicalState(twin.state).join() !== canonicalState(memory.state).join())
    return 'a replay differs';
  for (const owner of USERS)
    for (const asset of ASSETS) {
      const { balance } = pointsOf(memory, owner, asset);
      const should = model.points.get(`${owner} ${asset}`) ?? 0;
      if (balance !== should) return `${owner} has ${balance} ${asset}, not ${should}`;
    }
  return auditFault(memory.blocks, 0, slotMapOf(1));
}

function pointsOf({ state }: MemoryLedger, owner: string, asset: string) {
  const found = balancesOf(state, owner, asset)[0];
  return { balance: found?.available ?? 0 };
}

t.test('platforms with the same ids, before and after ids were theirs', async (t) => {
  const cases = campaign({ name: 'scopes', long: 20_000, sample: 100 });
  const problems: string[] = [];
  await cases.run((seed) => {
    const problem = wrong(seed);
    if (problem !== undefined) problems.push(`seed ${seed}: ${problem}`);
  });
  t.same(problems.slice(0, 5), []);
});

t.test('ids of callers and in the log', async (t) => {
  const longest = 'p'.repeat(SCOPE_LENGTH_MAX);
  const caused = (id: string) => followUpId('ann', id, 2);
  for (const id of ['X', 'shop:X', '.', 'a'.repeat(64)])
    for (const own of [id, caused(id)]) {
      const stored = storedId(own, 'shop');
      t.equal(scopeOf(stored), 'shop');
      t.equal(bareId(stored), own);
      t.equal(shownId(stored, 'shop'), own);
      t.equal(shownId(stored, 'mall'), stored);
      t.equal(shownId(stored, undefined), stored);
      t.equal(storedId(stored, 'mall'), stored, 'named as another’s');
      t.equal(storedId(stored, 'shop'), stored, 'and as one’s own');
      t.equal(shownId(own, 'shop', true), own);
      const nobodys = shownId(own, 'shop', false);
      t.equal(storedId(nobodys, 'shop'), own, `${nobodys} is ${own}`);
      t.ok(isKnownId(stored) && isKnownId(nobodys) && isKnownId(storedId(own, longest)));
    }
  for (const wrong of ['Shop,X', 'a b,X', 'shop,', 'shop,X,Y', `${longest}p,X`, ',', '-,X'])
    t.notOk(isNamedId(wrong), wrong);
});
