// Codes of goods: uploaded, counted. Owns: their paths; that a code is sealed before anything is told of it. Never touches: who gets one, which
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
  limits,
  type Outcome,
  REFUSALS,
  type SealedCode,
} from '../../../engine/index.js';
import { WHOLE_LEDGER } from '../../auth/principal.js';
import type { Sealer } from '../../auth/sealing.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { activeDocument } from '../../known-definitions.js';
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
import { OK } from './submit.js';

const CODES = '/v1/goods/{goods}/codes';
/** Parts of an upload that are under way at a time. */
const PARTS_AT_A_TIME = 64;
/** Codes that are sealed before others have their turn. */
const SEALED_AT_A_TIME = 200;
/** How long a part is tried again that was refused for now. */
const TRIED_MS = 10_000;
const AGAIN_MS = 50;
const readBody = bodyReader(about.UploadBody);

/** The routes of codes. */
export function codeRoutes(ledger: ServedLedger): Route[] {
  const row = { path: CODES, access: WHOLE_LEDGER, module: 'definitions' } as const;
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
      method: 'GET',
      describes: about.countDescription,
      handle: async ({ path: [goods = ''] }) => {
        const stockAsset = await stockAssetOf(ledger, goods);
        if (isRefusal(stockAsset)) return problem(stockAsset);
        const counted = await codeCount(engineOf(ledger).own, goods, stockAsset);
        return isRefusal(counted) ? problem(counted) : json(OK, counted);
      },
    },
  ];
}

/** In what the codes of goods are counted. */
async function stockAssetOf(ledger: ServedLedger, goods: string): Promise<string | Refusal> {
  const document = await activeDocument(engineOf(ledger), 'goods', goods);
  if (isRefusal(document)) return document;
  if (document === undefined) return refuse('DEFINITION_NOT_FOUND', 'goods');
  const { delivery, stockAsset } = document;
  return delivery === 'code' ? String(stockAsset) : refuse('GOODS_WITHOUT_CODES', 'goods');
}

async function upload(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readBody(call.body);
  if (isRefusal(body)) return problem(body);
  const long = body.codes.findIndex((code) => Buffer.byteLength(code) > limits.CODE_BYTES_MAX);
  if (long >= 0)
    return problem(refuse('COMMAND_INVALID', `codes[${long}]`, `codes[${long}] is too long.`));
  const [goods = ''] = call.path;
  const stockAsset = await stockAssetOf(ledger, goods);
  if (isRefusal(stockAsset)) return problem(stockAsset);
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
      const outcome = await carriedOut(() => own.submit({ ...command, body: { goods, codes } }));
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

/** What came of a command that has an id, asked for again where it is refused for now. */
async function carriedOut(ask: () => Promise<Outcome>): Promise<Outcome> {
  const until = performance.now() + TRIED_MS;
  for (;;) {
    const outcome = await ask();
    if (outcome.ok || !REFUSALS[outcome.code].retry || performance.now() > until) return outcome;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
