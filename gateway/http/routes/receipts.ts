// Receipts, checkpoints, keys that sign them, witnesses. Owns: their paths, who may ask. Never touches: trees, signatures.

import type { Caller } from '../../../engine/index.js';
import { membersToo, VIEWERS, VISITORS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem, TEXT_TYPE } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { type Checkpoints, checkpointOfShard, type Published } from '../../receipts/checkpoints.js';
import { accountReceipt, commandReceipt, type Giving } from '../../receipts/giving.js';
import { newKey, originOf, retireOlder, toldKeys } from '../../receipts/keys.js';
import {
  putWitness,
  removeWitness,
  WITNESSES,
  type WitnessRecord,
} from '../../receipts/witnesses.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import { KeysBody, receiptDescriptions, WitnessId } from '../../schema/receipts.js';
import { fits, isNewUser } from '../../schema/words.js';
import { OK } from './submit.js';

const RECEIPT = '/v1/receipts/{owner}';
const CHECKPOINTS = '/v1/checkpoints';
const CHECKPOINT = `${CHECKPOINTS}/{shard}`;
const KEYS = '/v1/checkpoint-keys';
const WITNESS = '/v1/witnesses/{witness}';
const CREATED = 201;
const readKeys = bodyReader(KeysBody);
const isWitness = fits(WitnessId);

function checkpointsOf({ checkpoints }: ServedLedger): Checkpoints {
  if (checkpoints === undefined) throw new Error('a request came before the ledger was open');
  return checkpoints;
}

/** The shard of a path, where there is one; nothing is asked where receipts are off. */
function shardIn(ledger: ServedLedger, { path: [text = ''] }: Call): number | Refusal {
  const { receipts, shards } = engineOf(ledger);
  if (!receipts.isOn) return refuse('RECEIPTS_OFF');
  const shard = Number(text);
  return shard < shards ? shard : refuse('QUERY_INVALID', 'shard', 'There is no such shard.');
}

/** The routes of receipts. */
export function receiptRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const about = receiptDescriptions(limits);
  const receipt = { method: 'GET', access: membersToo('read'), module: 'accounts' } as const;
  return [
    {
      ...receipt,
      path: RECEIPT,
      describes: about.account,
      handle: (call) => {
        const [owner = ''] = call.path;
        const { asset = '' } = call.query;
        const { receiptEntriesMax } = limits;
        const asked = ['from', 'limit'].map((name) => count(call.query, name));
        const [from = 1, limit = receiptEntriesMax] = asked;
        return given(
          ...([ledger, call, (caller: Caller) => caller.balance(owner, asset)] as const),
          (giving) => accountReceipt(giving, { owner, asset, from, limit }),
        );
      },
    },
    {
      ...receipt,
      path: `${RECEIPT}/{id}`,
      describes: about.command,
      handle: (call) => {
        const [owner = '', id = ''] = call.path;
        return given(
          ...([ledger, call, (caller: Caller) => caller.transfer(owner, id)] as const),
          (giving) => commandReceipt(giving, owner, id),
        );
      },
    },
    ...checkpointRoutes(ledger, about),
    ...keyRoutes(ledger, about),
    ...witnessRoutes(ledger, limits, about),
  ];
}

type Descriptions = ReturnType<typeof receiptDescriptions>;

/** What is given to whom may read what it is of: who may not is told nothing else. */
async function given(
  ledger: ServedLedger,
  call: Call,
  read: (caller: Caller) => Promise<object | undefined>,
  give: (giving: Giving) => Promise<object | Refusal>,
): Promise<Answer> {
  const engine = engineOf(ledger);
  const [owner = ''] = call.path;
  if (!isNewUser(owner)) return problem(refuse('OWNER_INVALID', 'owner'));
  const caller = callerOf(ledger, call);
  const readable = await read(caller);
  if (isRefusal(readable)) return problem(readable);
  if (readable === undefined)
    return problem(refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.'));
  if (!engine.receipts.isOn) return problem(refuse('RECEIPTS_OFF'));
  const checkpoints = checkpointsOf(ledger);
  const made = await give({ caller, checkpoints, shard: engine.shardOf(owner) });
  return isRefusal(made) ? problem(made) : json(OK, made);
}

function checkpointRoutes(ledger: ServedLedger, about: Descriptions): Route[] {
  const open = { method: 'GET', access: VISITORS, module: 'operations' } as const;
  return [
    {
      ...open,
      path: CHECKPOINTS,
      describes: about.checkpoints,
      handle: async () => {
        const all = await toldCheckpoints(ledger);
        return isRefusal(all) ? problem(all) : json(OK, all);
      },
    },
    {
      ...open,
      path: CHECKPOINT,
      describes: about.checkpoint,
      handle: async (call) => {
        const shard = shardIn(ledger, call);
        if (isRefusal(shard)) return problem(shard);
        const found = await checkpointOfShard(checkpointsOf(ledger), shard);
        if (isRefusal(found)) return problem(found);
        return { status: OK, contentType: `${TEXT_TYPE}; charset=utf-8`, body: found.note };
      },
    },
    {
      ...open,
      path: `${CHECKPOINT}/consistency`,
      describes: about.consistency,
      handle: (call) => consistency(ledger, call),
    },
    {
      method: 'POST',
      path: `${CHECKPOINT}/accept`,
      access: WHOLE_LEDGER,
      module: 'operations',
      body: 'optional',
      describes: about.accept,
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const shard = shardIn(ledger, call);
        if (isRefusal(shard)) return problem(shard);
        const refused = await checkpointsOf(ledger).accept(recordsOf(ledger, call), shard);
        return refused === undefined ? json(OK, { shard }, { shard }) : problem(refused);
      },
    },
  ];
}

async function toldCheckpoints(ledger: ServedLedger): Promise<object | Refusal> {
  const engine = engineOf(ledger);
  if (!engine.receipts.isOn) return refuse('RECEIPTS_OFF');
  const checkpoints = checkpointsOf(ledger);
  const [told, keys, stopped] = [
    await engine.receipts.heads(),
    await checkpoints.signing(),
    await checkpoints.stopped(),
  ];
  if (isRefusal(keys)) return keys;
  if (isRefusal(stopped)) return stopped;
  // While a node cannot be asked, what is published of its shards is told all the same.
  const faults = new Map(isRefusal(told) ? [] : told.heads.map((one) => [one.shard, one.fault]));
  const { name } = keys;
  const all: object[] = [];
  for (let shard = 0; shard < engine.shards; shard++) {
    const found: Published | undefined | Refusal = await checkpoints.published(shard);
    if (isRefusal(found)) return found;
    const { size = 0, at = null, note = null, cosigned = {} } = found ?? {};
    all.push({
      ...{ shard, origin: originOf(name, shard) },
      fault: faults.get(shard) ?? (stopped.has(shard) ? 'ahead' : null),
      ...{ size, at, note, witnesses: Object.keys(cosigned) },
    });
  }
  return { name, checkpoints: all };
}

/** Of sizes that are published: of a later one nothing is known outside. */
async function consistency(ledger: ServedLedger, call: Call): Promise<Answer> {
  const shard = shardIn(ledger, call);
  if (isRefusal(shard)) return problem(shard);
  const [from = 0, to = 0] = [count(call.query, 'from'), count(call.query, 'to')];
  if (from > to) return problem(refuse('QUERY_INVALID', 'from', 'from is at most to.'));
  const last = await checkpointOfShard(checkpointsOf(ledger), shard);
  if (isRefusal(last)) return problem(last);
  if (to > last.size) return problem(refuse('RECEIPT_EARLY', 'to'));
  const found = await engineOf(ledger).receipts.consistency(shard, from, to);
  if (isRefusal(found)) return problem(found);
  const { fromRoot, size, root, proof } = found;
  return json(OK, { shard, from, fromRoot, size, root, proof });
}

async function keysAnswer(ledger: ServedLedger, status: number): Promise<Answer> {
  const engine = engineOf(ledger);
  if (!engine.receipts.isOn) return problem(refuse('RECEIPTS_OFF'));
  const signing = await checkpointsOf(ledger).signing();
  if (isRefusal(signing)) return problem(signing);
  const { name } = signing;
  const keys = await toldKeys(engine, name, engine.shards);
  return isRefusal(keys) ? problem(keys) : json(status, { name, keys }, { keys: keys.length });
}

const keyRoutes = (ledger: ServedLedger, about: Descriptions): Route[] => [
  {
    method: 'GET',
    path: KEYS,
    access: VISITORS,
    module: 'operations',
    describes: about.keys,
    handle: () => keysAnswer(ledger, OK),
  },
  {
    method: 'POST',
    path: KEYS,
    access: WHOLE_LEDGER,
    module: 'access',
    body: 'optional',
    describes: about.rotate,
    handle: async (call) => {
      const fields = readKeys(call.body === undefined ? {} : call.body);
      if (isRefusal(fields)) return problem(fields);
      const engine = engineOf(ledger);
      if (!engine.receipts.isOn) return problem(refuse('RECEIPTS_OFF'));
      const [records, now] = [recordsOf(ledger, call), engine.now()];
      const { sealer } = ledger.access as AccessParts;
      const refused =
        (await newKey(records, sealer, now)) ??
        (fields.retire === true ? await retireOlder(records, now) : undefined);
      checkpointsOf(ledger).forgetKeys();
      return refused === undefined ? keysAnswer(ledger, CREATED) : problem(refused);
    },
  },
];

function witnessRoutes(ledger: ServedLedger, limits: GatewayLimits, about: Descriptions): Route[] {
  const seen = { method: 'GET', access: VIEWERS, module: 'operations' } as const;
  const changes = { access: WHOLE_LEDGER, module: 'operations' } as const;
  const told = (one: WitnessRecord): object => ({
    ...one,
    asked: checkpointsOf(ledger).asked(one.witness),
  });
  const changed = (one: WitnessRecord | Refusal): Answer =>
    isRefusal(one) ? problem(one) : json(OK, told(one), { witness: one.witness });
  const named = ({ path: [witness = ''] }: Call): string | Refusal =>
    isWitness(witness) ? witness : refuse('WITNESS_NOT_FOUND', 'witness');
  return [
    {
      ...seen,
      path: '/v1/witnesses',
      describes: about.witnesses,
      handle: async () => {
        const all = await WITNESSES.all(engineOf(ledger));
        if (isRefusal(all)) return problem(all);
        return json(OK, { witnesses: all.map((one) => told(one.read())) });
      },
    },
    {
      ...seen,
      path: WITNESS,
      describes: about.witness,
      handle: async (call) => {
        const witness = named(call);
        if (isRefusal(witness)) return problem(witness);
        const found = await WITNESSES.get(engineOf(ledger), witness);
        if (isRefusal(found)) return problem(found);
        if (found === undefined) return problem(refuse('WITNESS_NOT_FOUND', 'witness'));
        return json(OK, told(found.read()));
      },
    },
    {
      ...changes,
      method: 'PUT',
      path: WITNESS,
      body: 'required',
      describes: about.putWitness,
      handle: async (call) => {
        const witness = named(call);
        if (isRefusal(witness)) return problem(witness);
        const parts = {
          ...{ ledger: recordsOf(ledger, call), limits, now: engineOf(ledger).now() },
          destinations: checkpointsOf(ledger).destinations,
        };
        return changed(await putWitness(parts, witness, call.body));
      },
    },
    {
      ...changes,
      method: 'DELETE',
      path: WITNESS,
      describes: about.removeWitness,
      handle: async (call) => {
        const witness = named(call);
        if (isRefusal(witness)) return problem(witness);
        return changed(await removeWitness(recordsOf(ledger, call), witness));
      },
    },
  ];
}
