// Lotteries: words, draws, the log of a member's draws, seeds. Owns: their paths, what of a record is told. Never touches: what is drawn.

import type {
  ActDone,
  Command,
  DrawSeed,
  Engine,
  Refused,
  SeedsQuery,
} from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { ANYONE, forAct, membersToo } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { lastDocument } from '../../known-definitions.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/draws.js';
import { callerAct } from '../../schema/programmes.js';
import { OK, submitted } from './submit.js';

const DRAW = callerAct('draw');
const WORD = callerAct('draw-word');
const READS_DRAW = new ActReader(DRAW, ['lottery']);
const READS_WORD = new ActReader(WORD, ['lottery']);
const LOTTERY = '/v1/lotteries/{lottery}';
const MEMBER = '/v1/members/{owner}/draws';
const DRAWS_DEFAULT = 50;
/** Answers about seeds stay true for so long: whoever asks often costs nothing. And so many other questions are answered meanwhile. */
const SEEDS_KEPT_MS = 1_000;
const SEED_ANSWERS_MAX = 64;

/** The routes of lotteries. */
export function drawRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const asked = (reader: ActReader, call: Call) =>
    submitted(ledger, call, reader.read(call.body, call.path, call.idempotencyKey), {
      named: besideIt,
    });
  const acts = { method: 'POST', body: 'required', module: 'acts', repeats: true } as const;
  const reads = { method: 'GET', module: 'acts' } as const;
  const seeds = new SeedAnswers(ledger);
  return [
    {
      ...acts,
      path: `${LOTTERY}/draws`,
      access: forAct(DRAW),
      describes: about.drawDescription(limits),
      handle: (call) => asked(READS_DRAW, call),
    },
    {
      ...acts,
      path: `${LOTTERY}/words`,
      access: forAct(WORD),
      describes: about.wordDescription(limits),
      handle: (call) => asked(READS_WORD, call),
    },
    {
      ...reads,
      path: MEMBER,
      access: membersToo('read'),
      describes: about.memberDrawsDescription,
      handle: (call) => drawsOf(ledger, call),
    },
    {
      ...reads,
      path: `${MEMBER}/{draw}`,
      access: membersToo('read'),
      describes: about.memberDrawDescription,
      handle: (call) => drawOf(ledger, call),
    },
    {
      ...reads,
      path: '/v1/draws/seeds',
      access: ANYONE,
      describes: about.seedsDescription,
      handle: (call) => seeds.answer(call),
    },
  ];
}

/** What is published of seeds, for anyone. */
class SeedAnswers {
  readonly #ledger: ServedLedger;
  readonly #known = new Map<string, { readonly until: number; readonly told: Promise<Told> }>();

  constructor(ledger: ServedLedger) {
    this.#ledger = ledger;
  }

  async answer({ query }: Call): Promise<Answer> {
    const { engine } = this.#ledger;
    if (engine === undefined) return problem(refuse('CLOSING'));
    const asked = { shard: count(query, 'shard'), before: count(query, 'before') };
    const told = await this.#told(engine, { ...asked, limit: count(query, 'limit') });
    return isRefusal(told) ? problem(told) : json(OK, { seeds: told });
  }

  #told(engine: Engine, query: SeedsQuery): Promise<Told> | Refusal {
    const now = performance.now();
    const name = JSON.stringify(query);
    const known = this.#known.get(name);
    if (known !== undefined && known.until > now) return known.told;
    for (const [one, { until }] of this.#known) if (until <= now) this.#known.delete(one);
    // Nobody is known by whom to count what anyone asks.
    if (this.#known.size >= SEED_ANSWERS_MAX) return refuse('RATE_LIMITED');
    const told = engine.own.seeds(query);
    this.#known.set(name, { until: now + SEEDS_KEPT_MS, told });
    return told;
  }
}

type Told = readonly DrawSeed[] | Refused;

/** Prizes of a lottery, by the version that decided: a version never changes. */
const prizesOf = new WeakMap<Engine, Map<string, readonly object[]>>();
const PRIZES_MAX = 1_024;

async function prizesIn(engine: Engine, key: string, version: number): Promise<readonly object[]> {
  let known = prizesOf.get(engine);
  if (known === undefined) prizesOf.set(engine, (known = new Map()));
  const name = `${version} ${key}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const defined = await engine.definition('lottery', key);
  if (defined === undefined || isRefusal(defined)) return [];
  const document = defined.versions.find((one) => one.version === version)?.document;
  const all = (document?.['prizes'] ?? []) as readonly {
    key: string;
    weight: number;
    substitute?: string;
  }[];
  const prizes = all.map(({ key: prize, weight, substitute }) => ({
    key: prize,
    weight,
    substitute,
  }));
  if (known.size >= PRIZES_MAX) known.clear();
  known.set(name, prizes);
  return prizes;
}

/** A draw as it is told. */
async function shown(
  engine: Engine,
  { owner, id, lottery }: { owner: string; id: string; lottery: string },
  { effects, why }: ActDone,
): Promise<object> {
  const { name, amount } = effects.find(({ type }) => type === 'draw') ?? { name: '', amount: 0 };
  const { lottery: version, at, number, word, shard, seed, hash } = why;
  const { roll, drawn, soldOut, prize } = why;
  return {
    ...{ owner, draw: id, lottery, version, at, number, word },
    seed: { shard, number: seed, hash },
    ...{ roll, drawn, soldOut, prize, name, amount },
    prizes: await prizesIn(engine, lottery, Number(version)),
  };
}

async function drawOf(ledger: ServedLedger, call: Call): Promise<Answer> {
  const [owner = '', id = ''] = call.path;
  const record = await callerOf(ledger, call).transfer(owner, id);
  if (isRefusal(record))
    return problem(record.field === 'id' ? { ...record, field: 'draw' } : record);
  const command = record?.command as Command | undefined;
  const done = record?.outcome.ok ? record.outcome.act : undefined;
  if (command?.type !== 'act' || command.act !== DRAW.name || done === undefined)
    return problem(refuse('TRANSFER_NOT_FOUND', 'draw'));
  const lottery = String(command.body['lottery']);
  return json(OK, await shown(engineOf(ledger), { owner, id, lottery }, done));
}

/** The asset of a lottery, by its programme; of one that is retired, too. */
async function assetOf(engine: Engine, lottery: string): Promise<string | Refusal> {
  const unknown = refuse('DEFINITION_NOT_FOUND', 'lottery');
  const of = await lastDocument(engine, 'lottery', lottery);
  if (of === undefined || isRefusal(of)) return of ?? unknown;
  const whole = await lastDocument(engine, 'programme', String(of['programme']));
  if (whole === undefined || isRefusal(whole)) return whole ?? unknown;
  return String(whole['asset']);
}

async function drawsOf(ledger: ServedLedger, call: Call): Promise<Answer> {
  const [owner = ''] = call.path;
  const { lottery = '', cursor } = call.query;
  const engine = engineOf(ledger);
  const asset = await assetOf(engine, lottery);
  if (typeof asset !== 'string') return problem(asset);
  const limit = count(call.query, 'limit') ?? DRAWS_DEFAULT;
  const page = await callerOf(ledger, call).entries({
    owner,
    asset,
    act: DRAW.name,
    limit,
    cursor,
  });
  if (isRefusal(page)) return problem(page);
  const draws = page.entries.flatMap(({ id = '', done }) =>
    done?.body['lottery'] === lottery ? [shown(engine, { owner, id, lottery }, done)] : [],
  );
  return json(OK, { draws: await Promise.all(draws), cursor: page.cursor });
}
