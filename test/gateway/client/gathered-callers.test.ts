// Many callers of single commands at once, from seeds: sizes, bounds, refusals, batches between them, and a connection that is cut
// before or after the server has heard. Each has its own outcome, once; the ledger has each posted command once, in the order of its
// caller. Defects that are planted are found.

import { unpack } from 'msgpackr';
import t, { type Test } from 'tap';
import type { Command, Outcome, TransferCommand } from '../../../engine/index.js';
import { Batches } from '../../../gateway/client/batches.js';
import { connect, type Stream } from '../../../gateway/client/node.js';
import { campaign } from '../../campaign.js';
import { Random } from '../../random.js';
import { type Gateway, gateway } from '../harness.js';
import { type Between, between } from './between.js';

const ASSET = 'points';
/** Cuts of one case: fewer than the attempts that a client has. */
const CUTS_MAX = 4;
const CALLS_MAX = 250;

/** What a call must come to. */
interface Expected {
  readonly id: string;
  readonly code: 'ok' | 'POINTS_SHORT' | 'METADATA_INVALID';
  readonly amount: number;
}

interface Call {
  readonly command: TransferCommand;
  readonly expected: Expected;
}

/** A case's own owner is paid, or cannot pay, or what is sent is nothing that can be sent. */
function drawnCall(random: Random, owner: string, n: number): Call {
  const id = `${owner}.${n}`;
  const amount = 1 + random.int(9);
  const metadata = { text: 'x'.repeat(random.chance(0.2) ? random.int(900) : 0) };
  const earn: TransferCommand = {
    type: 'transfer',
    id,
    legs: [{ from: '@issue', to: owner, asset: ASSET, amount }],
    metadata,
  };
  if (random.chance(0.1)) {
    const legs = [{ from: `${owner}.poor`, to: owner, asset: ASSET, amount }];
    return { command: { ...earn, legs }, expected: { id, code: 'POINTS_SHORT', amount: 0 } };
  }
  if (random.chance(0.05)) {
    const command = { ...earn, metadata: { is: Number.NaN } };
    return { command, expected: { id, code: 'METADATA_INVALID', amount: 0 } };
  }
  return { command: earn, expected: { id, code: 'ok', amount } };
}

/** Cuts the connection now and then: before the server hears a message, after it, or instead of its answer. */
function cutsAtRandom(random: Random, proxy: Between): void {
  let cuts = random.chance(0.3) ? 0 : random.int(CUTS_MAX);
  const isCut = () => cuts > 0 && random.chance(0.3) && cuts-- > 0;
  proxy.fate = (message) => {
    if (!message.includes('commands') || !isCut()) return 'pass';
    if (random.chance(0.5)) return 1006;
    setTimeout(() => proxy.cut(), random.int(4));
    return 'pass';
  };
  proxy.answer = (message) => {
    if ((unpack(message) as { type: string }).type === 'outcomes' && isCut()) proxy.cut();
    return message;
  };
}

/** Submits calls in bursts, with batches among them; outcomes in the order of the calls. */
async function submitted(
  random: Random,
  stream: Stream,
  calls: readonly Call[],
): Promise<Outcome[]> {
  const told: Promise<Outcome[]>[] = [];
  let at = 0;
  while (at < calls.length) {
    const some = calls.slice(at, (at += 1 + random.int(40))).map(({ command }) => command);
    if (random.chance(0.15)) told.push(stream.submitBatch(some));
    else for (const command of some) told.push(submittedAlone(random, stream, command));
    if (random.chance(0.5)) await new Promise((resolve) => setTimeout(resolve, random.int(3)));
  }
  return (await Promise.all(told)).flat();
}

async function submittedAlone(random: Random, stream: Stream, command: Command) {
  const decisionMs = random.chance(0.1) ? 1_000 : undefined;
  return [await stream.submit(command, { decisionMs })];
}

const ensure = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** One case. Throws where somebody has not his own outcome, or the ledger not each once and in order. */
async function eachOnce(seed: number, server: Gateway, proxy: Between, run: string): Promise<void> {
  const random = new Random(seed);
  const owner = `${run}s${seed}`;
  const client = connect({
    url: proxy.url,
    key: server.key,
    attempts: CUTS_MAX + 1,
    gatheredCommandsMax: 1 + random.int(random.chance(0.5) ? 8 : 300),
    gatheredBytesMax: 200 + random.int(20_000),
    gatheredMessagesMax: 1 + random.int(4),
  });
  try {
    const calls = Array.from({ length: 2 + random.int(CALLS_MAX) }, (_, n) =>
      drawnCall(random, owner, n),
    );
    cutsAtRandom(random, proxy);
    const outcomes = await submitted(random, client.stream, calls);
    ensure(outcomes.length === calls.length, 'an outcome for each');
    let last = 0;
    for (const [i, { expected }] of calls.entries()) {
      const outcome = outcomes[i] as Outcome;
      const code = outcome.ok ? 'ok' : outcome.code;
      ensure(outcome.id === expected.id, `${expected.id} has the outcome of ${outcome.id}`);
      ensure(code === expected.code, `${expected.id}: ${code} for ${expected.code}`);
      if (!outcome.ok) continue;
      const entry = outcome.entries?.find((one) => one.owner === owner);
      ensure(entry?.delta === expected.amount, `${expected.id} has its own entries`);
      const version = entry?.version ?? 0;
      ensure(version === last + 1, `${expected.id} has version ${version} after ${last}`);
      last = version;
    }
    const { body } = await server.ask(`GET /v1/accounts/${owner}`);
    const available = body.accounts[0]?.available ?? 0;
    const sum = calls.reduce((all, { expected }) => all + expected.amount, 0);
    ensure(available === sum, `the ledger has ${available}, not ${sum}`);
  } finally {
    client.close();
    proxy.fate = () => 'pass';
    proxy.answer = (message) => message;
  }
}

async function started(t: Test): Promise<{ server: Gateway; proxy: Between }> {
  const server = await gateway(t, { assets: [ASSET] });
  return { server, proxy: await between(t, server.server.address) };
}

t.test('each caller has its own outcome, and the ledger each command, once', async (t) => {
  const { server, proxy } = await started(t);
  const cases = campaign({ name: 'gathered callers', long: 2_000, sample: 20 });
  await cases.run((seed) => eachOnce(seed, server, proxy, 'right'));
  t.pass(`${cases.count} cases`);
});

type Method = 'answered' | 'refused' | 'lost' | 'send';
type Any = ReturnType<typeof JSON.parse>;

/** What is done wrong by a method of Batches. */
const DEFECTS: readonly [
  string,
  Method,
  (right: (...given: Any[]) => void, given: Any[]) => void,
][] = [
  [
    'outcomes are given in another order',
    'answered',
    (right, [id, outcomes]) => right(id, [...outcomes.slice(1), ...outcomes.slice(0, 1)]),
  ],
  [
    'the first outcome is given to all',
    'answered',
    (right, [id, outcomes]) =>
      right(
        id,
        outcomes.map(() => outcomes[0]),
      ),
  ],
];

for (const [what, method, wrong] of DEFECTS)
  t.test(`a defect is found: ${what}`, async (t) => {
    const { server, proxy } = await started(t);
    const prototype = Batches.prototype as unknown as Record<Method, (...given: Any[]) => void>;
    const right = prototype[method];
    prototype[method] = function (this: Batches, ...given: Any[]) {
      wrong((...again) => right.apply(this, again), given);
    };
    t.teardown(() => {
      prototype[method] = right;
    });
    let found: unknown;
    for (let seed = 1; seed <= 20 && found === undefined; seed++)
      found = await eachOnce(seed, server, proxy, method).catch((error: unknown) => error);
    t.match(found, Error);
  });
