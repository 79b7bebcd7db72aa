// The anchor as it is told and said. Owns: what answers have of it, which settings go together. Never touches: paths, the chain.

import type { Engine } from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { hostOf } from '../outbound/addresses.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { AnchorBody } from '../schema/anchor.js';
import { bodyReader } from '../schema/check.js';
import type { Anchoring } from './anchoring.js';
import { anchorOf, shardsOfAnchor, stateOf } from './anchors.js';
import { reconciliations } from './comparing.js';
import { feedOf, linksOf } from './feeds.js';
import { done, got } from './kept.js';
import {
  type AnchorSettings,
  type ChainStatus,
  type Hex,
  ONLY,
  type Reconciliation,
  SETTINGS,
  STATUS,
} from './shapes.js';

const DEFAULTS = {
  ...{ confirmations: 12, gasMax: 5_000_000, feeMaxGwei: 100 },
  ...{ anchorSeconds: 3_600, feedSeconds: 600, compareSeconds: 3_600, platforms: [] },
} as const;
/** Reconciliations that are told with it. */
const TOLD_MAX = 20;
const STARTING: ChainStatus = { state: 'starting', at: 0 };
const readSettings = bodyReader(AnchorBody);

const wrong = (field: string, detail: string): Refusal =>
  refuse('COMMAND_INVALID', field, `${field}: ${detail}`);

export const settingsOf = async (engine: Engine): Promise<AnchorSettings | Refusal> =>
  got(await SETTINGS.get(engine, ONLY))?.read() ??
  refuse('ANCHOR_NOT_FOUND', undefined, 'No chain is set up.');

/** All of it. */
export async function toldAnchor(
  engine: Engine,
  anchoring: Anchoring,
  { rpc: _, updatedAt: __, ...settings }: AnchorSettings,
): Promise<object> {
  const { contract = null, platforms, deployedAt: ___, ...said } = settings;
  const { address: account } = await anchoring.account();
  const status = anchoring.status ?? got(await STATUS.get(engine, ONLY))?.read() ?? STARTING;
  const ledger = await anchoring.name();
  // What was found before there was a contract, or of another chain, is kept apart.
  const found = await reconciliations(engine, contract ?? undefined);
  const some = found.slice(0, TOLD_MAX).map(({ value }): Reconciliation => value);
  const common = { ...said, contract, account, ledger, status, reconciliations: some };
  if (contract === null) {
    const none = { addresses: 0, batches: 0, pending: null };
    return {
      ...common,
      anchored: 0,
      pending: null,
      platforms: platforms.map((one) => ({ ...one, ...none })),
    };
  }
  const { number } = (await stateOf(engine, contract)).value;
  const next = await anchorOf(engine, contract, number + 1);
  const fed = await Promise.all(
    platforms.map(async (one) => {
      const { value } = await feedOf(engine, contract, one.platform);
      const addresses = (await linksOf(engine, one.platform)).length;
      const pending = value.pending?.sent ?? null;
      return { ...one, addresses, batches: value.number, pending };
    }),
  );
  return { ...common, anchored: number, pending: next?.record.sent ?? null, platforms: fed };
}

/** Sets the chain up, or says it anew. */
export async function putAnchor(
  ledger: OwnLedger,
  engine: Engine,
  anchoring: Anchoring,
  isPlatform: (id: string) => boolean,
  body: unknown,
): Promise<AnchorSettings | Refusal> {
  const fields = readSettings(body);
  if (isRefusal(fields)) return fields;
  const { rpcUrl, platforms = DEFAULTS.platforms, contract, ...rest } = fields;
  const names = platforms.map(({ platform }) => platform);
  if (new Set(names).size < names.length) return wrong('platforms', 'Each of them stands once.');
  const found = got(await SETTINGS.get(engine, ONLY));
  const before = found?.read();
  const urlProblem = rpcUrl === undefined ? undefined : problemOf(rpcUrl, anchoring);
  if (urlProblem !== undefined) return urlProblem;
  if (rpcUrl === undefined && before === undefined) return wrong('rpcUrl', 'It is needed.');
  const unknown = names.findIndex((id) => !isPlatform(id));
  if (unknown >= 0) return refuse('PLATFORM_NOT_FOUND', `platforms[${unknown}].platform`);
  const place =
    rpcUrl === undefined
      ? { rpc: before?.rpc ?? '', host: before?.host ?? '' }
      : { rpc: anchoring.sealed(rpcUrl), host: hostOf(new URL(rpcUrl)) };
  const isSameChain = before?.chainId === rest.chainId;
  const known = contract?.toLowerCase() ?? (isSameChain ? before?.contract : undefined);
  const isSame = isSameChain && known === before?.contract;
  const { deployedAt, deployedBy } = isSame && before !== undefined ? before : {};
  const settings = {
    ...{ ...DEFAULTS, ...rest, ...place, platforms, contract: known as Hex | undefined },
    ...{ deployedAt, deployedBy, updatedAt: engine.now() },
  };
  return (await SETTINGS.put(ledger, ONLY, settings, found?.version ?? 0)) ?? settings;
}

function problemOf(text: string, { destinations }: Anchoring): Refusal | undefined {
  if (!URL.canParse(text)) return wrong('rpcUrl', 'It is no URL.');
  const problem = destinations.problem(new URL(text));
  return problem === undefined ? undefined : wrong('rpcUrl', problem);
}

/** Deploys a contract, where there is none. */
export async function deployAnchor(
  ledger: OwnLedger,
  engine: Engine,
  anchoring: Anchoring,
  owner: Hex | undefined,
): Promise<AnchorSettings | Refusal> {
  const found = got(await SETTINGS.get(engine, ONLY));
  if (found === undefined) return settingsOf(engine);
  const settings = found.read();
  if (settings.contract !== undefined)
    return refuse('ANCHOR_CONFLICT', undefined, `There is a contract: ${settings.contract}.`);
  const after = await anchoring.deploy(settings, owner);
  done(await SETTINGS.put(ledger, ONLY, after, found.version));
  return after;
}

/** An anchored root. */
export async function toldRoot(engine: Engine, number: number): Promise<object | Refusal> {
  const settings = await settingsOf(engine);
  if (isRefusal(settings)) return settings;
  const { contract, chainId } = settings;
  const found = contract && (await anchorOf(engine, contract, number));
  if (contract === undefined || found === undefined)
    return refuse('ANCHOR_NOT_FOUND', 'number', 'There is no such anchor, or not any more.');
  const { root, entries, at, confirmedAt = null, sent, name } = found.record;
  const shards = await shardsOfAnchor(engine, contract, found.record);
  const transaction = sent?.hash ?? null;
  return {
    ...{ number, contract, chainId, root, entries, at, confirmedAt, transaction, name, shards },
  };
}
