// Gift cards: issued, looked at, given another end. Owns: their paths; that a code is told where it is issued, and nowhere else. Never touches: what a
// card pays for, which orders decide.
//   http.H49. No shard is told a code: it is told the digest of it that the card lies under.

import { randomBytes } from 'node:crypto';
import {
  CARD_CODE_BYTES,
  cardCode,
  cardCodeOf,
  cardId,
  cardOwner,
  cardState,
  isCardId,
  type Outcome,
  shownCard,
} from '../../../engine/index.js';
import { readProblem } from '../../auth/permits.js';
import { either, membersToo, whole } from '../../auth/principal.js';
import type { Sealer } from '../../auth/sealing.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal, refuse } from '../../refusal.js';
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

const CREATED = 201;
const readIssue = bodyReader(about.CardBody);
const readLookUp = bodyReader(about.LookUpBody);
const readExpiry = bodyReader(about.ExpiryBody);

const sealerOf = ({ access }: ServedLedger): Sealer => (access as AccessParts).sealer;

/** The routes of gift cards. */
export function cardRoutes(ledger: ServedLedger): Route[] {
  const operators = { access: whole('settle'), module: 'definitions' } as const;
  const readers = { access: either('read'), module: 'acts' } as const;
  return [
    {
      ...operators,
      method: 'POST',
      path: '/v1/cards',
      body: 'required',
      describes: about.issueDescription,
      handle: (call) => issue(ledger, call),
    },
    {
      ...operators,
      method: 'PUT',
      path: '/v1/cards/{card}/expiry',
      body: 'required',
      describes: about.expiryDescription,
      handle: (call) => extend(ledger, call),
    },
    {
      ...readers,
      access: membersToo('read'),
      method: 'POST',
      path: '/v1/cards/look-up',
      body: 'required',
      isRead: true,
      describes: about.lookUpDescription,
      handle: async (call) => {
        const body = readLookUp(call.body);
        if (isRefusal(body)) return problem(body);
        const code = cardCodeOf(body.code);
        if (code === undefined) return problem(refuse('CARD_NOT_FOUND', 'code', about.MISTYPED));
        const sealer = sealerOf(ledger);
        return show(
          ledger,
          call,
          cardId(code, (text) => sealer.proof(text)),
          'code',
        );
      },
    },
    {
      ...readers,
      method: 'GET',
      path: '/v1/cards/{card}',
      describes: about.cardDescription,
      handle: (call) => show(ledger, call, call.path[0] ?? '', 'card'),
    },
  ];
}

async function show(
  ledger: ServedLedger,
  { principal }: Call,
  card: string,
  field: string,
): Promise<Answer> {
  const found = isCardId(card)
    ? await cardState(engineOf(ledger).own, card, Date.now())
    : undefined;
  if (isRefusal(found)) return problem(found);
  if (found === undefined) return problem(refuse('CARD_NOT_FOUND', field));
  const forbidden = readProblem(principal, found.asset, field);
  return forbidden === undefined ? json(OK, found) : problem(forbidden);
}

async function issue(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readIssue(call.body);
  if (isRefusal(body)) return problem(body);
  const sealer = sealerOf(ledger);
  const proof = (text: string): Uint8Array => sealer.proof(text);
  const { id = call.idempotencyKey, expiresAt, ...rest } = body;
  // A repeat must come to the same code, and nobody else may know it.
  const chance = id === undefined ? randomBytes(CARD_CODE_BYTES) : proof(`card issued ${id}`);
  const code = cardCode(chance);
  const card = cardId(code, proof);
  const { own } = recordsOf(ledger, call);
  const said = { ...rest, ...(expiresAt === null ? {} : { expiresAt }) };
  const outcome = await own.submit({
    ...{ type: 'act', act: 'card-issue', owner: cardOwner(card), body: given(said) },
    ...(id === undefined ? {} : { id }),
  });
  if (!outcome.ok) return refusedAnswer(outcome);
  const found = await cardState(engineOf(ledger).own, card, outcome.time);
  if (found === undefined || isRefusal(found))
    return problem(found ?? refuse('CARD_NOT_FOUND', 'card'));
  return json(outcome.replayed ? OK : CREATED, { ...found, code: shownCard(code) });
}

const given = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

async function extend(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readExpiry(call.body);
  if (isRefusal(body)) return problem(body);
  const [card = ''] = call.path;
  if (!isCardId(card)) return problem(refuse('CARD_NOT_FOUND', 'card'));
  const said = body.expiresAt === null ? {} : { expiresAt: body.expiresAt };
  const owner = cardOwner(card);
  const { own } = recordsOf(ledger, call);
  const outcome = await own.submit({ type: 'act', act: 'card-extend', owner, body: said });
  return outcome.ok ? show(ledger, call, card, 'card') : refusedAnswer(outcome);
}

/** A refusal names the field of the call. */
function refusedAnswer(outcome: Outcome): Answer {
  if (outcome.ok || outcome.code === 'PREPARED') return outcomeAnswer(outcome, OK);
  const field = FIELDS[outcome.code];
  return problem(field === undefined ? outcome : { ...outcome, field });
}
const FIELDS: Readonly<Record<string, string>> = {
  DEFINITION_NOT_FOUND: 'programme',
  EXPIRY_PAST: 'expiresAt',
  CARD_NOT_FOUND: 'card',
  BUDGET_EXHAUSTED: 'budget',
  BUDGET_BUSY: 'budget',
};
