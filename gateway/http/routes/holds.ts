// Holds: made, read, captured, released. Owns: their paths, how a closed hold is told. Never touches: what is held.

import { type Caller, limits as engineLimits } from '../../../engine/index.js';
import { either, membersToo } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, callerOf, count, type Route, type ServedLedger } from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { ACCOUNT, commandOf, OK, submitted } from './submit.js';

const IN_HOLD = ['owner', 'holdId'];
const HOLD = new CommandReader('hold');
const CAPTURE = new CommandReader('capture', IN_HOLD);
const RELEASE = new CommandReader('release', IN_HOLD);

/** The routes of holds. */
export function holdRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/holds',
      body: 'required',
      access: either('spend'),
      module: 'points',
      describes: about.holdDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(HOLD, call)),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/holds/{id}`,
      access: membersToo('read'),
      module: 'points',
      describes: about.holdStateDescription,
      handle: (call) => hold(callerOf(ledger, call), call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/capture`,
      body: 'required',
      access: either('spend'),
      module: 'points',
      describes: about.captureDescription(limits),
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(CAPTURE, call)),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/holds`,
      access: membersToo('read'),
      module: 'points',
      describes: about.holdsDescription,
      handle: (call) => holds(ledger, call),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/release`,
      body: 'optional',
      access: either('spend'),
      module: 'points',
      describes: about.releaseDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(RELEASE, call)),
    },
  ];
}

async function holds(ledger: ServedLedger, call: Call): Promise<Answer> {
  const [owner = ''] = call.path;
  const limit = count(call.query, 'limit') ?? engineLimits.HOLDS_PAGE_DEFAULT;
  const after = call.query['cursor'];
  const found = await callerOf(ledger, call).holds(owner, { after, limit });
  if (isRefusal(found)) return problem(found);
  const cursor = found.length < limit ? undefined : found.at(-1)?.id;
  return json(OK, { owner, holds: found, cursor });
}

// A hold that is closed is answered with nothing remaining: what made it (a hold, an act) is in the log for ever.
async function hold(caller: Caller, owner: string, id: string): Promise<Answer> {
  const state = await caller.hold(owner, id);
  if (isRefusal(state)) return problem(state);
  if (state !== undefined) return json(OK, state);
  const record = await caller.transfer(owner, id);
  if (isRefusal(record)) return problem(record);
  const made = record?.outcome.ok === true ? record.outcome.hold : undefined;
  if (made?.id !== id) return problem(refuse('HOLD_NOT_FOUND', 'id'));
  return json(OK, { ...made, remaining: 0 });
}
