// Codes of goods: uploaded, counted, withdrawn. Owns: their paths; that a code is sealed before anything is told of it. Never touches: who gets one, which
// orders decide.
//   http.H47. No code leaves this file but sealed: what is kept, logged and refused names none.
//   http.H48. An upload is carried out in parts. Where one is refused, those before it are there; sent again they are passed over.

import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import {
  codeAbout,
  codeCount,
  codeName,
  codeOwner,
  codeOwners,
  freeCodesOf,
  limits,
  lowStockOf,
  type SealedCode,
} from '../../../engine/index.js';
import { VIEWERS, whole } from '../../auth/principal.js';
import type { Sealer } from '../../auth/sealing.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { lastDocument } from '../../known-definitions.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/digital.js';
import { retried } from './retried.js';
import { OK } from './submit.js';

const CODES = '/v1/goods/{goods}/codes';
/** Parts of an upload that are under way at a time. */
const PARTS_AT_A_TIME = 64;
/** Codes that are sealed before others have their turn. */
const SEALED_AT_A_TIME = 200;
const readBody = bodyReader(about.UploadBody);
const readWithdrawal = bodyReader(about.WithdrawBody);

/** The routes of codes. */
export function codeRoutes(ledger: ServedLedger): Route[] {
  const row = { path: CODES, access: whole('configure'), module: 'definitions' } as const;
  return [
    {
      ...row,
      method: 'POST',
      body: 'required',
      describes: about.uploadDescription,
      handle: (call) => upload(ledger, call),
    },
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      describes: about.countDescription,
      handle: async ({ path: [goods = ''] }) => {
        const document = await documentOf(ledger, goods);
        if (isRefusal(document)) return problem(document);
        const { stockAsset } = document;
        const counted = await codeCount(engineOf(ledger).own, goods, String(stockAsset));
        if (isRefusal(counted)) return problem(counted);
        const lowStock = lowStockOf(document);
        return json(OK, { ...counted, low: counted.free < lowStock, lowStock });
      },
    },
    {
      ...row,
      path: `${CODES}/withdraw`,
      method: 'POST',
      body: 'required',
      describes: about.withdrawDescription,
      handle: (call) => withdraw(ledger, call),
    },
  ];
}

/** What was said last of goods that are delivered as codes: they may be on offer no more. */
async function documentOf(ledger: ServedLedger, goods: string) {
  const document = await lastDocument(engineOf(ledger), 'goods', goods);
  if (document === undefined) return refuse('DEFINITION_NOT_FOUND', 'goods');
  if (isRefusal(document) || document['delivery'] === 'code') return document;
  return refuse('GOODS_WITHOUT_CODES', 'goods');
}

async function upload(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readBody(call.body);
  if (isRefusal(body)) return problem(body);
  const long = tooLong(body.codes);
  if (long !== undefined) return problem(long);
  const [goods = ''] = call.path;
  const document = await documentOf(ledger, goods);
  if (isRefusal(document)) return problem(document);
  const { sealer } = ledger.access as AccessParts;
  const proof = (text: string): Uint8Array => sealer.proof(text);
  const named = new Map(body.codes.map((code) => [codeName(goods, code, proof), code]));
  const parts = await partsOf(goods, named, sealer);
  const { own } = recordsOf(ledger, call);
  const told = { goods, added: 0, known: 0, repeated: body.codes.length - named.size };
  let refused: Refusal | undefined;
  const work = async (): Promise<void> => {
    for (let part = parts.pop(); part !== undefined && refused === undefined; part = parts.pop()) {
      const [owner, codes] = part;
      const command = { type: 'act', act: 'code-add', id: randomUUID(), owner } as const;
      const outcome = await retried(() => own.submit({ ...command, body: { goods, codes } }));
      if (!outcome.ok) {
        refused ??= refuse(outcome.code, 'codes', `${outcome.message} Send the same codes again.`);
        return;
      }
      const { added = 0, known = 0 } = (outcome.act?.effects[0] ?? {}) as Partial<typeof told>;
      told.added += added;
      told.known += known;
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_A_TIME }, work));
  return refused === undefined ? json(OK, told) : problem(refused);
}

/** Codes by where they lie, sealed, as many together as one act takes. */
async function partsOf(
  goods: string,
  named: ReadonlyMap<string, string>,
  sealer: Sealer,
): Promise<[owner: string, codes: SealedCode[]][]> {
  let left = SEALED_AT_A_TIME;
  const parts: [string, SealedCode[]][] = [];
  const open = new Map<string, { readonly codes: SealedCode[]; bytes: number }>();
  for (const [name, code] of named) {
    if (left-- === 0) {
      left = SEALED_AT_A_TIME;
      await turn();
    }
    const owner = codeOwner(goods, name);
    const one: SealedCode = [name, sealer.conceal(code, codeAbout(goods, name))];
    const bytes = JSON.stringify(one).length + 1;
    let part = open.get(owner);
    const isFull =
      part !== undefined &&
      (part.codes.length === limits.CODES_ADDED_MAX || part.bytes + bytes > BODY_BYTES);
    if (part === undefined || isFull) {
      part = { codes: [], bytes: 0 };
      open.set(owner, part);
      parts.push([owner, part.codes]);
    }
    part.codes.push(one);
    part.bytes += bytes;
  }
  return parts;
}
/** Of the body of an act, for codes. */
const BODY_BYTES = limits.ACT_BODY_BYTES_MAX - limits.ID_LENGTH_MAX - 32;

/** The first code that is too long, if any. */
function tooLong(codes: readonly string[]): Refusal | undefined {
  const long = codes.findIndex((code) => Buffer.byteLength(code) > limits.CODE_BYTES_MAX);
  if (long < 0) return undefined;
  return refuse('COMMAND_INVALID', `codes[${long}]`, `codes[${long}] is too long.`);
}

/** Some codes of goods, or all that nobody has, are withdrawn, part by part. */
async function withdraw(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readWithdrawal(call.body);
  if (isRefusal(body)) return problem(body);
  const { codes, reason } = body;
  const long = codes === 'all' ? undefined : tooLong(codes);
  if (long !== undefined) return problem(long);
  const [goods = ''] = call.path;
  const document = await documentOf(ledger, goods);
  if (isRefusal(document)) return problem(document);
  const asset = String(document['stockAsset']);
  const { own } = recordsOf(ledger, call);
  const told = { goods, withdrawn: 0, before: 0, given: 0, unknown: 0 };
  /** Names that lie on one owner, at most as many as one act takes; how many of them were withdrawn. */
  const part = async (owner: string, names: readonly string[]): Promise<number | Refusal> => {
    const command = { type: 'act', act: 'code-withdraw', id: randomUUID(), owner } as const;
    const said = { ...command, memo: reason, body: { goods, asset, codes: names } };
    const outcome = await retried(() => own.submit(said));
    if (!outcome.ok) {
      const field = outcome.field === 'memo' ? 'reason' : 'codes';
      return refuse(outcome.code, field, `${outcome.message} Ask for the same again.`);
    }
    const done = (outcome.act?.effects[0] ?? {}) as unknown as typeof told;
    for (const name of ['withdrawn', 'before', 'given', 'unknown'] as const)
      told[name] += done[name];
    return done.withdrawn;
  };
  const { sealer } = ledger.access as AccessParts;
  const jobs =
    codes === 'all'
      ? codeOwners(goods).map((owner) => () => withdrawAll(own, owner, part))
      : namedParts(goods, codes, sealer).map(
          ([owner, names]) =>
            () =>
              part(owner, names),
        );
  let refused: Refusal | undefined;
  const work = async (): Promise<void> => {
    for (let job = jobs.pop(); job !== undefined && refused === undefined; job = jobs.pop()) {
      const done = await job();
      if (isRefusal(done)) refused ??= done;
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_A_TIME }, work));
  return refused === undefined ? json(OK, told) : problem(refused);
}

/** Codes of an owner that nobody has, as long as there are any: what was taken meanwhile is somebody's. */
async function withdrawAll(
  own: Parameters<typeof freeCodesOf>[0],
  owner: string,
  part: (owner: string, names: readonly string[]) => Promise<number | Refusal>,
): Promise<number | Refusal> {
  for (;;) {
    const names = await freeCodesOf(own, owner, limits.CODES_ADDED_MAX);
    if (isRefusal(names)) return names;
    if (names.length === 0) return 0;
    const done = await part(owner, names);
    if (isRefusal(done)) return done;
  }
}

/** The names of codes by where they lie, as many together as one act takes. */
function namedParts(
  goods: string,
  codes: readonly string[],
  sealer: Sealer,
): [owner: string, names: string[]][] {
  const names = new Set(codes.map((code) => codeName(goods, code, (text) => sealer.proof(text))));
  const parts: [string, string[]][] = [];
  const open = new Map<string, string[]>();
  for (const name of names) {
    const owner = codeOwner(goods, name);
    const part = open.get(owner);
    if (part !== undefined && part.length < limits.CODES_ADDED_MAX) part.push(name);
    else {
      const begun = [name];
      open.set(owner, begun);
      parts.push([owner, begun]);
    }
  }
  return parts;
}
