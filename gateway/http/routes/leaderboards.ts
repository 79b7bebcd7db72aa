// Leaderboards: pages of them, and members among others. Owns: their paths and parameters. Never touches: scores.

import { membersToo } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { callerOf, count, isTrue, type Route, type ServedLedger } from '../../route.js';
import { LEADERBOARD_DESCRIPTIONS } from '../../schema/leaderboards.js';
import { OK } from './submit.js';

const BOARD = '/v1/leaderboards/{board}';

function told(found: ({ readonly ok: true } & object) | Refusal): Answer {
  if (isRefusal(found)) return problem(found);
  const { ok: _, ...body } = found;
  return json(OK, body);
}

/** The routes of leaderboards. */
export function leaderboardRoutes(ledger: ServedLedger): Route[] {
  const row = { method: 'GET', access: membersToo('read'), module: 'acts' } as const;
  return [
    {
      ...row,
      path: BOARD,
      describes: LEADERBOARD_DESCRIPTIONS.page,
      handle: async (call) => {
        const [board = ''] = call.path;
        const { period, cursor } = call.query;
        const limit = count(call.query, 'limit');
        const asked = { board, period, limit, cursor, alias: isTrue(call.query, 'alias') };
        return told(await callerOf(ledger, call).leaderboard(asked));
      },
    },
    {
      ...row,
      path: `${BOARD}/members/{owner}`,
      describes: LEADERBOARD_DESCRIPTIONS.standing,
      handle: async (call) => {
        const [board = '', owner = ''] = call.path;
        const { period } = call.query;
        const around = count(call.query, 'around');
        const asked = { board, owner, period, around, alias: isTrue(call.query, 'alias') };
        return told(await callerOf(ledger, call).standing(asked));
      },
    },
  ];
}
