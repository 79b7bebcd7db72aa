// Several shards give what one shard alone gives: the same commands one after the other, posted or refused alike, and the
// same balances, lots and counters of every user, but for versions, which count what was reserved. So transfers between shards refuse what they must and nothing else.

import t from 'tap';
import { SLOTS } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { Balance } from '../../engine/protocol/outcomes.js';
import { type RefusalCode, refusalCode } from '../../engine/protocol/refusals.js';
import { campaign } from '../campaign.js';
import { ONE_SHARD } from '../one-shard.js';
import { Random } from '../random.js';
import { Calm } from './calm.js';
import { checkEnd } from './checks.js';
import { Work } from './work.js';

t.setTimeout(0);

const COMMANDS = 40;
const SECOND_MS = 1_000;

/** Where one shard and several must come to the same: holds end at full seconds, when no command is under way. */
function comparable(command: Command): Command {
  if (command.type === 'hold' && command.deadline !== undefined)
    return { ...command, deadline: Math.ceil(command.deadline / SECOND_MS) * SECOND_MS };
  // Follow-ups come a little later where they have further to go, which the expiries that they bring show.
  return command.type === 'transfer' ? { ...command, followUps: undefined } : command;
}

/** All that a transfer may be refused with: so much that each account has what all legs take of it. */
function faultsOf(
  command: Command,
  balances: (owner: string) => readonly Balance[],
): ReadonlySet<RefusalCode> {
  const faults = new Set<RefusalCode>();
  if (command.type !== 'transfer') return faults;
  const of = (owner: string, code: string) => balances(owner).find(({ asset }) => asset === code);
  const { legs, condition } = command;
  for (const { from, to, asset } of legs) {
    if (of(from, asset)?.closed || of(to, asset)?.closed) faults.add('ACCOUNT_CLOSED');
    if (of(from, asset)?.frozen) faults.add('ACCOUNT_FROZEN');
    if (from.startsWith('@')) continue;
    const taken = legs.filter((leg) => leg.from === from && leg.asset === asset);
    const sum = taken.reduce((all, { amount }) => all + amount, 0);
    const { available = 0, creditLimit = 0 } = of(from, asset) ?? {};
    if (sum > available + creditLimit) faults.add('POINTS_SHORT');
  }
  if (condition === undefined) return faults;
  const { available = 0 } = of(condition.owner, condition.asset) ?? {};
  if (available < condition.availableAtLeast) faults.add('CONDITION_FAILED');
  return faults;
}

/** Balances, but for their versions: where shards are several, what they reserve has entries too. */
const said = (balances: readonly Balance[]): string =>
  JSON.stringify(balances.map((balance) => ({ ...balance, version: undefined })));

async function agree(seed: number, seen: Map<string, number>): Promise<void> {
  const random = new Random(seed);
  const count = 2 + random.int(4);
  const several = await Calm.start(Uint16Array.from({ length: SLOTS }, (_, slot) => slot % count));
  const alone = await Calm.start(ONE_SHARD);
  const peek = (owner: string) => several.balances(owner);
  const work = new Work(random, count, several.slotMap, peek);
  // System owners have a stripe on every shard: what is too much for one is not for several.
  if (work.business === 'huge') return;
  for (const [, definition] of work.acts.definitions(0))
    for (const calm of [several, alone]) calm.define(definition);
  const commands: Command[] = [...work.acts.opening(), ...work.opening(several.now)];
  for (let n = commands.length + COMMANDS; n > 0; n--) {
    const command = comparable(commands.shift() ?? work.next(several.now));
    const [told, should] = [await several.carryOut(command), await alone.carryOut(command)];
    const what = `${command.type} ${told === 0 ? 'posted' : 'refused'}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    if ((told === 0) !== (should === 0))
      throw new Error(`${JSON.stringify(command)}: ${told}, alone ${should}`);
    // Where it was refused elsewhere, a passing state has the number of what is kept.
    const codes = told === 0 ? [] : [told, should].map(refusalCode);
    if (command.type === 'transfer' && codes[0] !== codes[1]) {
      // Which of several refusals it is, is said by the shard that is asked first. What was due has been applied.
      const faults = faultsOf(command, (owner) => alone.balances(owner));
      if (codes.some((code) => !faults.has(code)))
        throw new Error(`${JSON.stringify(command)}: ${told}, alone ${should}`);
      seen.set('another refusal', (seen.get('another refusal') ?? 0) + 1);
    }
    await several.nextSecond();
    await alone.nextSecond();
    for (const owner of work.users.flat()) {
      const [is, wanted] = [several, alone].map((calm) => said(calm.balances(owner)));
      if (is !== wanted)
        throw new Error(`after ${JSON.stringify(command)}: ${is}, alone ${wanted}`);
    }
  }
  await checkEnd(several.shards);
}

t.test('several shards come to what one comes to', async (t) => {
  const cases = campaign({ name: 'several shards as one', long: 5_000, sample: 15 });
  const seen = new Map<string, number>();
  await cases.run((seed) => agree(seed, seen));
  t.comment([...seen].map(([what, n]) => `${what}: ${n}`).join(', '));
  if (cases.count >= 120) t.ok(seen.get('transfer posted')! > 1_000, 'most are posted');
});
