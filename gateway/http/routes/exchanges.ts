// Exchanges of a coalition: made, quoted, given back; rates; reserves. Owns: their paths. Never touches: what an exchange comes to.

import {
  assetsOfRate,
  type Coalition,
  type Command,
  type DefinitionVersion,
  type Engine,
  type Exchanging,
  type Rate,
  rateKey,
  rateOf,
} from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { forAct, membersToo, VIEWERS, whole } from '../../auth/principal.js';
import { waitingRates } from '../../clearing/waiting-rates.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { documentAt } from '../../known-definitions.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, type ServedLedger, submitterOf } from '../../route.js';
import { BudgetBody } from '../../schema/budgets.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/coalition.js';
import { ActReader } from '../../schema/command-reader.js';
import { AssetCode, fits, isPlatformId } from '../../schema/words.js';
import { submitOne } from '../../submission.js';
import { fundedPool, readPool } from './budgets.js';
import { OK, quoted, submitted } from './submit.js';

const READS_EXCHANGE = new ActReader(about.EXCHANGE);
const READS_QUOTE = new ActReader(about.QUOTE);
const READS_RETURN = new ActReader(about.RETURN, ['exchange']);
const readRate = bodyReader(about.RateBody);
const readFunds = bodyReader(BudgetBody);
const isAsset = fits(AssetCode);
const RATE = '/v1/exchange-rates/{from}/{to}';
const RESERVE = '/v1/reserves/{platform}/assets/{asset}';
const ACCEPTED = 202;

/** Answers about the reserve of the platform in the path. */
function ofReserve(answer: (call: Call, reserve: string) => Promise<Answer>): Route['handle'] {
  return (call) => {
    const [platform = ''] = call.path;
    return isPlatformId(platform)
      ? answer(call, `#reserve:${platform}`)
      : problem(refuse('PLATFORM_NOT_FOUND', 'platform'));
  };
}

/** The routes of exchanges. */
export function exchangeRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const acts = { method: 'POST', body: 'required', module: 'acts', repeats: true } as const;
  return [
    {
      ...acts,
      path: '/v1/exchanges',
      access: forAct(about.EXCHANGE),
      describes: about.exchangeDescription(limits),
      handle: (call) => {
        const command = READS_EXCHANGE.read(call.body, [], call.idempotencyKey);
        return submitted(ledger, call, command, { named: besideIt });
      },
    },
    {
      ...acts,
      path: '/v1/exchanges/{exchange}/returns',
      access: forAct(about.RETURN),
      describes: about.returnDescription(limits),
      handle: (call) => {
        const command = READS_RETURN.read(call.body, call.path, call.idempotencyKey);
        return submitted(ledger, call, command, { fresh: OK, named: besideIt });
      },
    },
    {
      method: 'POST',
      path: '/v1/exchange-quotes',
      body: 'required',
      module: 'acts',
      isRead: true,
      access: forAct(about.QUOTE),
      describes: about.quoteDescription,
      handle: (call) => quoted(ledger, call, READS_QUOTE.read(call.body, [])),
    },
    {
      method: 'GET',
      path: '/v1/waiting-rates',
      access: VIEWERS,
      module: 'definitions',
      describes: about.RATE_DESCRIPTIONS.waiting,
      handle: async () => {
        const waiting = await waitingRates(engineOf(ledger));
        return isRefusal(waiting) ? problem(waiting) : json(OK, { waiting });
      },
    },
    {
      method: 'GET',
      path: RATE,
      access: membersToo('read'),
      module: 'definitions',
      describes: about.RATE_DESCRIPTIONS.read,
      handle: (call) => rate(engineOf(ledger), call),
    },
    {
      method: 'GET',
      path: '/v1/exchange-rates/{from}',
      access: membersToo('read'),
      module: 'definitions',
      describes: about.RATE_DESCRIPTIONS.targets,
      handle: (call) => targets(engineOf(ledger), call.path[0] ?? ''),
    },
    {
      method: 'PUT',
      path: RATE,
      access: whole('settle'),
      module: 'definitions',
      body: 'required',
      describes: about.RATE_DESCRIPTIONS.change,
      handle: (call) => changed(ledger, call),
    },
    {
      method: 'GET',
      path: RESERVE,
      access: VIEWERS,
      module: 'definitions',
      describes: about.RESERVE_DESCRIPTIONS.read,
      handle: ofReserve((call, reserve) => readPool(ledger, reserve, 'platform', call)),
    },
    {
      method: 'POST',
      path: `${RESERVE}/fund`,
      access: whole('settle'),
      module: 'definitions',
      body: 'required',
      describes: about.RESERVE_DESCRIPTIONS.fund,
      handle: ofReserve((call, reserve) =>
        fundedPool(ledger, reserve, 'RESERVE', readFunds(call.body), call),
      ),
    },
  ];
}

/** The two assets of a path. */
function pairOf({ path }: Call): readonly [from: string, to: string] | Refusal {
  const [from = '', to = ''] = path;
  return (
    assetsOfRate(rateKey(from, to)) ??
    refuse('EXCHANGE_UNSUPPORTED', 'to', 'A rate is from one asset to another one.')
  );
}

/** A version as it is told; who said it, is not for members. */
const versionOf = (one: DefinitionVersion, isMember: boolean): object => ({
  ...{ version: one.version, state: one.state, definedAt: one.definedAt },
  ...(isMember ? {} : { by: one.by }),
  rate: one.document?.['rate'],
  ...(one.activeFrom === 0 ? {} : { activeFrom: one.activeFrom }),
});

async function rate(engine: Engine, call: Call): Promise<Answer> {
  const pair = pairOf(call);
  if (isRefusal(pair)) return problem(pair);
  const [from, to] = pair;
  const history = await engine.definition('exchange-rate', rateKey(from, to));
  if (isRefusal(history)) return problem(history);
  const counts = await countingRate(engine, from, to);
  if (isRefusal(counts)) return problem(counts);
  const versions = history?.versions ?? [];
  const newest = versions.at(-1);
  const isMember = call.principal.kind === 'member';
  const isWaiting = newest?.state === 'draft' && !isMember;
  const waiting = isWaiting ? { waiting: versionOf(newest, isMember) } : {};
  const said = isMember ? versions.filter(({ state }) => state !== 'draft') : versions;
  const told = said.map((one) => versionOf(one, isMember));
  return json(OK, { from, to, ...counts, ...waiting, history: told });
}

/** For which assets points of one are exchanged now, and on what terms. */
async function targets(engine: Engine, from: string): Promise<Answer> {
  if (!isAsset(from)) return problem(refuse('ASSET_INVALID', 'from'));
  const said = await documentAt(engine, 'exchanging', from);
  if (isRefusal(said)) return problem(said);
  const source = said as unknown as Exchanging | undefined;
  const found: object[] = [];
  for (const { asset: to } of source === undefined ? [] : engine.assets()) {
    const other = to === from ? undefined : await documentAt(engine, 'exchanging', to);
    if (isRefusal(other)) return problem(other);
    const target = other as unknown as Exchanging | undefined;
    if (target === undefined || target.coalition !== source?.coalition) continue;
    const counts = await countingRate(engine, from, to);
    if (isRefusal(counts)) return problem(counts);
    const isOutside = (source.outside ?? target.outside) === true;
    if ('rate' in counts)
      found.push({ to, platform: target.platform, isOutside, rate: counts.rate, by: counts.by });
  }
  const { coalition, platform, feeRate, feeLeast, mostEach, mostDay } = source ?? {};
  const terms = { coalition, platform, feeRate, feeLeast, mostEach, mostDay };
  return json(OK, { from, ...terms, targets: found });
}

/** By what two assets are exchanged now; nothing, where they are not. */
async function countingRate(
  engine: Engine,
  from: string,
  to: string,
): Promise<{ coalition?: string; rate?: string; by?: string } | Refusal> {
  const scales = new Map(engine.assets().map(({ asset, scale }) => [asset, scale]));
  const [scaleOfFrom, scaleOfTo] = [scales.get(from), scales.get(to)];
  const documents = await Promise.all([
    documentAt(engine, 'exchanging', from),
    documentAt(engine, 'exchanging', to),
    documentAt(engine, 'exchange-rate', rateKey(from, to)),
    documentAt(engine, 'exchange-rate', rateKey(to, from)),
  ]);
  for (const one of documents) if (isRefusal(one)) return one;
  const [source, target, there, back] = documents as unknown as [
    Exchanging | undefined,
    Exchanging | undefined,
    Rate | undefined,
    Rate | undefined,
  ];
  const coalition = source?.coalition ?? '';
  if (source === undefined || target?.coalition !== coalition) return {};
  if (scaleOfFrom === undefined || scaleOfTo === undefined) return {};
  const of = await documentAt(engine, 'coalition', coalition);
  if (of === undefined) return {};
  if (isRefusal(of)) return of;
  const inIt = (one: Rate | undefined) => (one?.coalition === coalition ? one : undefined);
  const converts = rateOf({
    coalition: of as unknown as Coalition,
    source: { of: source, scale: scaleOfFrom },
    target: { of: target, scale: scaleOfTo },
    there: inIt(there),
    back: inIt(back),
  });
  if ('refusal' in converts) return { coalition };
  return { coalition, rate: converts.rate, by: converts.by };
}

/** Says a rate; what takes a second person is proposed. */
async function changed(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readRate(call.body);
  if (isRefusal(body)) return problem(body);
  const pair = pairOf(call);
  if (isRefusal(pair)) return problem(pair);
  const [from, to] = pair;
  const side = await documentAt(engineOf(ledger), 'exchanging', from);
  if (isRefusal(side)) return problem(side);
  const coalition = body.coalition ?? (side as unknown as Exchanging | undefined)?.coalition;
  if (coalition === undefined)
    return problem(refuse('EXCHANGE_UNSUPPORTED', 'from', `${from} is in no coalition.`));
  const document = { coalition, rate: body.rate };
  const key = rateKey(from, to);
  const of = { type: 'put-definition', kind: 'exchange-rate', key, document } as const;
  const submitter = submitterOf(ledger, call);
  const say = (more: object) => submitOne(submitter, { ...of, ...more } as unknown as Command, {});
  const { activeFrom } = body;
  const said = await say({ state: 'active', ...(activeFrom === undefined ? {} : { activeFrom }) });
  const waits = !said.ok && said.code === 'DEFINITION_UNAPPROVED';
  const outcome = waits ? await say({ state: 'draft' }) : said;
  if (!outcome.ok) return problem(ofRate(outcome));
  const state = waits ? 'waits' : 'active';
  const told = { from, to, state, version: outcome.definitionVersion };
  return json(waits ? ACCEPTED : OK, told, { rate: body.rate, state });
}

/** A refusal of the definition, as one of what the call says. */
function ofRate(refused: Refusal): Refusal {
  const { code, field, detail } = refused;
  // The schema has passed what each says by itself.
  if (code === 'DEFINITION_INVALID' && field === 'document.rate')
    return refuse('EXCHANGE_RATE_GAINS', 'rate', detail);
  if (code === 'DEFINITION_INVALID' && field === 'document.coalition')
    return refuse('DEFINITION_NOT_FOUND', 'coalition', detail);
  return { ...refused, field: field?.replace(/^document\./, '') };
}
