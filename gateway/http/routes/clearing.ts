// The clearing of a coalition: what its platforms owe each other, net, and who would pay whom; its cycles. Owns: its paths, its form as CSV. Never
// touches: netting.

import { WHOLE_LEDGER } from '../../auth/principal.js';
import { type Statement, statementOf, valueText } from '../../clearing.js';
import { type ClosedCycle, closeCycle, cycleOf, cyclesOf } from '../../clearing-cycles.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import {
  asOf,
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
  time,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { CLEARING_DESCRIPTIONS } from '../../schema/clearing.js';
import { OK } from './submit.js';

const CLEARING = '/v1/clearing/{coalition}';
const CYCLES = `${CLEARING}/cycles`;
const CSV_TYPE = 'text/csv';
const HEAD = 'what,from,to,asset,amount,value';

/** The routes of the clearing. */
export function clearingRoutes(ledger: ServedLedger): Route[] {
  const row = { method: 'GET', access: WHOLE_LEDGER, module: 'definitions' } as const;
  return [
    {
      ...row,
      path: CLEARING,
      describes: CLEARING_DESCRIPTIONS.statement,
      handle: async (call) => {
        const found = await statement(ledger, call);
        return isRefusal(found) ? problem(found) : json(OK, shown(found));
      },
    },
    {
      ...row,
      path: `${CLEARING}/statement.csv`,
      describes: CLEARING_DESCRIPTIONS.csv,
      handle: async (call) => {
        const found = await statement(ledger, call);
        return isRefusal(found) ? problem(found) : csv(found);
      },
    },
    {
      ...row,
      method: 'POST',
      path: CYCLES,
      body: 'optional',
      describes: CLEARING_DESCRIPTIONS.close,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        const by = call.principal.principal ?? null;
        const own = recordsOf(ledger, call);
        const closed = await closeCycle(engineOf(ledger), own, call.path[0] ?? '', by);
        if (isRefusal(closed)) return problem(closed);
        const { cycle, state } = closed.cycle;
        return json(OK, ofCycle(closed), { cycle, state });
      },
    },
    {
      ...row,
      path: CYCLES,
      describes: CLEARING_DESCRIPTIONS.cycles,
      handle: async ({ path: [coalition = ''] }) => {
        const cycles = await cyclesOf(engineOf(ledger), coalition);
        return isRefusal(cycles) ? problem(cycles) : json(OK, { coalition, cycles });
      },
    },
    {
      ...row,
      path: `${CYCLES}/{cycle}`,
      describes: CLEARING_DESCRIPTIONS.cycle,
      handle: async ({ path: [coalition = '', cycle = ''] }) => {
        const found = await cycleOf(engineOf(ledger), coalition, Number(cycle));
        return isRefusal(found) ? problem(found) : json(OK, ofCycle(found));
      },
    },
    {
      ...row,
      path: `${CYCLES}/{cycle}/statement.csv`,
      describes: CLEARING_DESCRIPTIONS.cycleCsv,
      handle: async ({ path: [coalition = '', cycle = ''] }) => {
        const found = await cycleOf(engineOf(ledger), coalition, Number(cycle));
        return isRefusal(found) ? problem(found) : csv(found.statement);
      },
    },
  ];
}

const ofCycle = ({ cycle, statement: of }: ClosedCycle): object => ({ ...shown(of), ...cycle });

async function statement(ledger: ServedLedger, call: Call): Promise<Statement | Refusal> {
  const { query, path } = call;
  const [from, at, until] = [time(query, 'from'), time(query, 'at'), asOf(query, true)];
  if (isRefusal(from)) return from;
  if (isRefusal(at)) return at;
  if (isRefusal(until)) return until;
  return statementOf(engineOf(ledger), path[0] ?? '', { from, at, asOf: until });
}

const shown = ({ debts, positions, settlements, ...rest }: Statement): object => ({
  ...rest,
  debts: debts.map((one) => ({ ...one, value: valueText(one.value) })),
  positions: positions.map(({ platform, owed, owes, net }) => ({
    ...{ platform, owed: valueText(owed), owes: valueText(owes), net: valueText(net) },
  })),
  settlements: settlements.map((one) => ({ ...one, value: valueText(one.value) })),
});

/** Names of platforms and assets have nothing that would have to be quoted. */
function csv({ debts, positions, settlements }: Statement): Answer {
  const lines = [
    HEAD,
    ...debts.map(({ debtor, creditor, asset, amount, value }) =>
      ['debt', debtor, creditor, asset, amount, valueText(value)].join(),
    ),
    ...positions.map(({ platform, net }) => ['net', platform, '', '', '', valueText(net)].join()),
    ...settlements.map(({ from, to, value }) =>
      ['settlement', from, to, '', '', valueText(value)].join(),
    ),
  ];
  const body = `${lines.join('\r\n')}\r\n`;
  return { status: OK, contentType: CSV_TYPE, body, close: undefined, told: undefined };
}
