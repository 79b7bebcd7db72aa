// Transfers: sent, read back, reversed, confirmed. Owns: their paths, which bodies are batches. Never touches: what moves.

import type { Caller } from '../../../engine/index.js';
import { either, MOVEMENTS, membersToo, orMembers } from '../../auth/principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { recordAnswer } from '../../encoding/outcome-json.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { callerOf, type Route, type ServedLedger } from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { type Batched, carriedOut } from './batches.js';
import { ACCOUNT, commandOf, submitted } from './submit.js';

const TRANSFER = new CommandReader('transfer');
const TRANSFERS: Batched = {
  what: 'POST /v1/transfers',
  read: (value, key) => TRANSFER.read(value, [], key),
};
const REVERSE = new CommandReader('reverse', ['owner', 'transferId']);
const CONFIRM = new CommandReader('confirm-pending', ['owner', 'transferId']);
const MOVES = either(...MOVEMENTS);

/** The routes of transfers. */
export function transferRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/transfers',
      body: 'batch',
      formats: ['packed', 'lines'],
      access: MOVES,
      module: 'points',
      describes: about.transferDescription(limits),
      repeats: true,
      handle: (call) => carriedOut(ledger, call, limits, TRANSFERS),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/transfers/{id}`,
      access: membersToo('read'),
      module: 'points',
      describes: about.recordDescription,
      handle: (call) => readBack(callerOf(ledger, call), call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/reverse`,
      body: 'optional',
      // Of what a member has done itself, what says that it can be taken back (Act.own).
      access: orMembers([...MOVEMENTS, 'correct'], ['redeem']),
      module: 'points',
      describes: about.reverseDescription(limits),
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(REVERSE, call)),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/confirm`,
      body: 'optional',
      access: MOVES,
      module: 'points',
      describes: about.confirmDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(CONFIRM, call)),
    },
  ];
}

async function readBack(caller: Caller, owner: string, id: string): Promise<Answer> {
  const record = await caller.transfer(owner, id);
  if (record === undefined)
    return problem(refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.'));
  return isRefusal(record) ? problem(record) : recordAnswer(record);
}
