// A ledger whose members exchange points with partners outside, and who asks those, to be killed: says what it was told, a line for each outcome
// (partner-kills.test.ts). What partners have done is in a file, which survives.
//   node partner-kill-child.js <folder> <number of the first command> <seed>

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import {
  type ActCommand,
  type Command,
  type Engine,
  EXCHANGING_LISTS,
  isRefusal,
  open,
  openPartnerExchanges,
  type PartnerExchange,
  partnerExchangeAt,
} from '../../engine/index.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { MAIN } from './coalition-world.js';

export const SHARDS = 3;
export const MEMBERS = 12;
export const POINTS = 100_000;
export const FEE = 1;
const AFTER_MS = 11_000;
const ASSETS = ['alpha', 'out', 'far'] as const;
const SIDE = { coalition: 'main', members: 'all', feeLeast: FEE } as const;
const EXCHANGING = {
  alpha: { ...SIDE, platform: 'a' },
  out: { ...SIDE, platform: 'p', outside: true },
  far: { ...SIDE, platform: 'q', outside: true },
};

/** What a partner has done of an operation. */
export interface Done {
  readonly state: string;
  readonly kind: string;
  readonly user: string;
  readonly amount: number;
}

/** Both partners: each thing done is a line of a file, written before it is told. */
export class FilePartners {
  readonly operations = new Map<string, Done>();
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n'))
      if (line.endsWith('}')) {
        const { operation, ...done } = JSON.parse(line);
        this.operations.set(operation, done);
      }
  }

  #write(operation: string, done: Done): Done {
    appendFileSync(this.#path, `${JSON.stringify({ operation, ...done })}\n`);
    this.operations.set(operation, done);
    return done;
  }

  /** What it comes to follows from the operation alone, so that it is the same in every life. */
  asked(step: string, operation: string, asks: Omit<Done, 'state'>): object {
    const known = this.operations.get(operation);
    const fate = operation.charCodeAt(5) % 8;
    if (step.startsWith('confirm')) return known ?? { state: 'absent' };
    if (!step.startsWith('rollback'))
      return (
        known ?? this.#write(operation, { ...asks, state: fate === 0 ? 'refused' : 'completed' })
      );
    if (known === undefined) return this.#write(operation, { ...asks, state: 'void' });
    if (known.state !== 'completed') return known;
    if (fate === 1) return { ...known, code: 'STANDS' };
    return this.#write(operation, { ...known, state: 'rolled_back' });
  }
}

/** The n-th command of a life: the same for the same seed. */
export function commandOf(seed: number, n: number): ActCommand {
  const random = new Random(seed * 7_919 + n);
  const member = `m${random.int(MEMBERS)}`;
  const [from, to] = random.shuffle([...ASSETS]) as [(typeof ASSETS)[number], string];
  const users = {
    ...(from === 'alpha' ? {} : { fromUser: member }),
    ...(to === 'alpha' ? {} : { toUser: member }),
  };
  const body = { from, to, amount: 10 + random.int(90), seconds: 1 + random.int(4), ...users };
  return { type: 'act', act: 'partner-exchange', owner: member, id: `c${n}`, body };
}

export async function withPartners(
  folder: string,
  clockOffset = new SharedArrayBuffer(8),
): Promise<Engine> {
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64, clockOffset });
  const put = async (kind: string, key: string, document: object): Promise<void> => {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
    const outcome = await engine.submit(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
  };
  for (const asset of ASSETS) await engine.submit({ type: 'define-asset', asset, scale: 0 });
  await put('coalition', 'main', MAIN);
  for (const [key, document] of Object.entries(EXCHANGING)) await put('exchanging', key, document);
  for (let n = 0; n < MEMBERS; n++) {
    const legs = [{ from: '@issue', to: `m${n}`, asset: 'alpha', amount: POINTS }];
    await engine.submit({ type: 'transfer', id: 'give', legs });
    for (const platform of ['p', 'q'])
      await engine.own.submit({
        ...{ type: 'act', act: 'platform-join', owner: `m${n}`, id: `join-${platform}` },
        body: { platform, user: `m${n}` },
      });
  }
  new Float64Array(clockOffset)[0] = AFTER_MS;
  for (let n = 0; n < MEMBERS; n++) {
    const body = { from: 'alpha', to: 'out', amount: 10, toUser: `m${n}` };
    const asked = { type: 'act', act: 'partner-exchange', owner: `m${n}`, body } as const;
    await until('exchanges are open', async () => {
      const tried = await engine.submit(asked, { dryRun: true });
      return (
        tried.ok ||
        (tried.code !== 'EXCHANGE_UNSUPPORTED' && tried.code !== 'DEFINITIONS_UNCONFIRMED')
      );
    });
  }
  return engine;
}

/** A try at what an exchange is at; one answer of five is lost. */
export async function tries(
  { own }: Pick<Engine, 'own'>,
  partners: FilePartners,
  told: PartnerExchange,
  isLost: boolean,
): Promise<void> {
  const { exchange, owner, step } = told;
  const isTarget = step === 'add_target_credits' || step === 'rollback_target_addition';
  const { operation, user = '' } = isTarget ? told.target : told.source;
  const amount = isTarget ? told.result : told.amount;
  const kind = isTarget ? 'add' : 'deduct';
  const heard =
    operation === undefined ? {} : partners.asked(step, operation, { kind, user, amount });
  if (isLost && operation === undefined) return;
  const body = { exchange, step, ...(isLost ? { state: 'unknown' } : heard) };
  await own.submit({ type: 'act', act: 'partner-exchange-step', owner, body });
}

/** Every exchange that is open gets a try. Returns how many there were. */
export async function drive(
  engine: Pick<Engine, 'own'>,
  partners: FilePartners,
  isLost: () => boolean,
): Promise<number> {
  let all = 0;
  for (let list = 0; list < EXCHANGING_LISTS; list++) {
    const page = await openPartnerExchanges(engine.own, list);
    if (isRefusal(page)) continue;
    all += page.length;
    await Promise.all(
      page.map(async ({ exchange }) => {
        const told = await partnerExchangeAt(engine.own, exchange);
        if (told !== undefined && !isRefusal(told)) await tries(engine, partners, told, isLost());
      }),
    );
  }
  return all;
}

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const engine = await withPartners(folder);
  const partners = new FilePartners(`${folder}.partners`);
  const random = new Random(Number(seed) + Number(from));
  say({ say: 'ready' });
  let next = Number(from);
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const outcome = await engine.submit(commandOf(Number(seed), n), { timeoutMs: 500 });
      if (outcome.ok) say({ say: 'told', n, what: 'ok' });
    }
  };
  const driver = async (): Promise<void> => {
    for (;;) await drive(engine, partners, () => random.chance(0.2));
  };
  await Promise.all([...Array.from({ length: 4 }, caller), driver(), driver()]);
}

if (process.argv[1]?.endsWith('programme/partner-kill-child.js')) await main();
