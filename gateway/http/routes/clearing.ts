// The clearing of a coalition: what its platforms owe each other, net, and who would pay whom; its cycles. Owns: its paths, its form as CSV. Never
// touches: netting.

import { ANYONE, VIEWERS, WHOLE_LEDGER, whole } from '../../auth/principal.js';
import {
  type ClosedCycle,
  closeCycle,
  cycleOf,
  cyclesOf,
  signedStatement,
} from '../../clearing/cycles.js';
import { csvText, FORM_NAMES, FORMS, shownStatement } from '../../clearing/forms.js';
import { newKey, publicKeys, type Seals } from '../../clearing/keys.js';
import { type Statement, statementOf } from '../../clearing/statement.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
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
import { CLEARING_DESCRIPTIONS, formDescriptions } from '../../schema/clearing.js';
import { OK } from './submit.js';

const CLEARING = '/v1/clearing/{coalition}';
const CYCLES = `${CLEARING}/cycles`;
const CREATED = 201;
/** Answers about keys stay true for so long. */
const KEYS_KEPT_MS = 1_000;
const JWS_TYPE = 'application/jose';

/** The routes of the clearing. */
export function clearingRoutes(ledger: ServedLedger): Route[] {
  const row = { method: 'GET', access: VIEWERS, module: 'definitions' } as const;
  const keys = new KeysAnswer(ledger);
  return [
    {
      ...row,
      path: CLEARING,
      describes: CLEARING_DESCRIPTIONS.statement,
      handle: async (call) => {
        const found = await statement(ledger, call);
        return isRefusal(found) ? problem(found) : json(OK, shownStatement(found));
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
      access: whole('settle'),
      method: 'POST',
      path: CYCLES,
      body: 'optional',
      describes: CLEARING_DESCRIPTIONS.close,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        const closed = await closeCycle(engineOf(ledger), call.path[0] ?? '', {
          ledger: recordsOf(ledger, call),
          seals: sealsOf(ledger),
          by: call.principal.principal ?? null,
        });
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
    ...FORM_NAMES.flatMap((form): Route[] => {
      const path = `${CYCLES}/{cycle}/statement.${form}`;
      const { told, signature } = formDescriptions(form);
      const signed = ({ path: [coalition = '', cycle = ''] }: Call) =>
        signedStatement(engineOf(ledger), coalition, Number(cycle), form);
      return [
        {
          ...row,
          path,
          describes: told,
          handle: async (call) => {
            const found = await signed(call);
            if (isRefusal(found)) return problem(found);
            return { status: OK, contentType: FORMS[form], body: found.bytes };
          },
        },
        {
          ...row,
          path: `${path}.jws`,
          describes: signature,
          handle: async (call) => {
            const found = await signed(call);
            if (isRefusal(found)) return problem(found);
            return { status: OK, contentType: JWS_TYPE, body: found.jws };
          },
        },
      ];
    }),
    {
      ...row,
      access: WHOLE_LEDGER,
      method: 'POST',
      path: '/v1/statement-keys',
      body: 'optional',
      module: 'access',
      describes: CLEARING_DESCRIPTIONS.rotate,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        const now = engineOf(ledger).now();
        const key = await newKey(recordsOf(ledger, call), sealsOf(ledger), now);
        if (isRefusal(key)) return problem(key);
        const { kid } = key;
        return json(CREATED, { kid }, { kid });
      },
    },
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      access: ANYONE,
      module: 'access',
      describes: CLEARING_DESCRIPTIONS.keys,
      handle: () => keys.answer(),
    },
  ];
}

const sealsOf = ({ access }: ServedLedger): Seals =>
  (access as NonNullable<ServedLedger['access']>).sealer;

/** The public keys as they are told: whoever asks often costs nothing. */
class KeysAnswer {
  readonly #ledger: ServedLedger;
  #last: { readonly at: number; readonly answer: Promise<Answer> } | undefined;

  constructor(ledger: ServedLedger) {
    this.#ledger = ledger;
  }

  answer(): Answer | Promise<Answer> {
    const { engine } = this.#ledger;
    if (engine === undefined) return problem(refuse('CLOSING'));
    const now = performance.now();
    if (this.#last !== undefined && now - this.#last.at < KEYS_KEPT_MS) return this.#last.answer;
    const answer = publicKeys(engine).then((found) =>
      isRefusal(found) ? problem(found) : json(OK, found),
    );
    this.#last = { at: now, answer };
    return answer;
  }
}

const ofCycle = ({ cycle, statement: of }: ClosedCycle): object => ({
  ...shownStatement(of),
  ...cycle,
});

async function statement(ledger: ServedLedger, call: Call): Promise<Statement | Refusal> {
  const { query, path } = call;
  const [from, at, until] = [time(query, 'from'), time(query, 'at'), asOf(query, true)];
  if (isRefusal(from)) return from;
  if (isRefusal(at)) return at;
  if (isRefusal(until)) return until;
  return statementOf(engineOf(ledger), path[0] ?? '', { from, at, asOf: until });
}

function csv(statement: Statement): Answer {
  return { status: OK, contentType: FORMS.csv, body: csvText(statement) };
}
