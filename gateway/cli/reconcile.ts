// `jifen reconcile`, `jifen reconciliation ...`, `jifen inconsistency ...`: partners outside against a ledger that is being served, for its operator. Owns: what is asked of the
// server, what is shown. Never touches: what is found.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CliCommand,
  type Given,
  numberOption,
  textOption,
  timeOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_END, ASKING_HELP, ask, askPages, askText, show, shows } from './ask.js';

const LOOK_MS = 250;
const EXIT_DIFFERS = 1;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SECONDS_MAX = 7 * 86_400;

const RECONCILIATIONS = '/v1/reconciliations';
const INCONSISTENCIES = '/v1/inconsistencies';
const operand = ({ operands }: Given): string => encodeURIComponent(operands[0] ?? '');

/** The period that is asked for; left out: the last 24 whole hours. */
function periodOf(given: Given) {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const until = timeOption(given, 'until') ?? hour;
  return { from: timeOption(given, 'from') ?? until - DAY_MS, until };
}

/** Waits until it is over. */
async function over(given: Given, id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await ask(given, 'GET', `${RECONCILIATIONS}/${encodeURIComponent(id)}`);
    if (body['state'] !== 'running') return body;
    await sleep(LOOK_MS);
  }
}

const agrees = ({ state, mismatches, totals }: Record<string, unknown>): boolean =>
  state === 'done' &&
  mismatches === 0 &&
  (totals as readonly { readonly state: string }[]).every((one) => one.state === 'agree');

export const reconcile: CliCommand = {
  help: `Usage: jifen reconcile <partner> [options]

Compares the operations of a period, and what they come to, with the partner's, and
shows the report as JSON. What does not agree is in \`jifen inconsistency list\`.

  --from <time>          operations from then on, RFC 3339
  --until <time>         and before; default: the last 24 whole hours
  --grace <seconds>      younger ones are not judged. Default: the server's
  --no-wait              do not wait for its end
${ASKING_HELP}

Exit codes: 0 all agrees; 1 something does not, or is not known; it was refused, or
no server; 2 wrong arguments.
`,
  options: { ...ASKING, from: 'text', until: 'text', grace: 'text', 'no-wait': 'flag' },
  operands: ['partner'],
  run: async (given) => {
    const graceSeconds = numberOption(given, 'grace', 0, SECONDS_MAX);
    const [partner] = given.operands;
    const asked = { partner, ...periodOf(given), graceSeconds };
    const { body } = await ask(given, 'POST', RECONCILIATIONS, asked);
    if (given.options['no-wait'] === true) {
      show(body);
      return 0;
    }
    const report = await over(given, String(body['reconciliation']));
    show(report);
    return agrees(report) ? 0 : EXIT_DIFFERS;
  },
};

export const listReconciliations: CliCommand = {
  help: `Usage: jifen reconciliation list <partner> [options]

Shows the reconciliations of a partner that are kept, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['partner'],
  run: async (given) => {
    const path = `${RECONCILIATIONS}?partner=${operand(given)}`;
    show({ reconciliations: await askPages(given, path, 'reconciliations') });
    return 0;
  },
};

export const showReconciliation: CliCommand = {
  help: `Usage: jifen reconciliation show <reconciliation> [options]

Shows how far a reconciliation is, and what it came to, as JSON.

  --csv                  the lines of what it has found instead, as CSV
${ASKING_END}`,
  options: { ...ASKING, csv: 'flag' },
  operands: ['reconciliation'],
  run: async (given) => {
    const path = `${RECONCILIATIONS}/${operand(given)}`;
    if (given.options['csv'] === true)
      process.stdout.write(await askText(given, `${path}/lines.csv`));
    else show((await ask(given, 'GET', path)).body);
    return 0;
  },
};

export const listInconsistencies: CliCommand = {
  help: `Usage: jifen inconsistency list [options]

Shows what does not agree with partners outside, as JSON.

  --partner <platform>   of this one
  --kind <kind>          failed_unfreeze, cross_system_mismatch or
                         cross_system_reconciliation
  --resolved <day>       what was resolved on this day (UTC) instead, YYYY-MM-DD
${ASKING_END}`,
  options: { ...ASKING, partner: 'text', kind: 'text', resolved: 'text' },
  operands: [],
  run: async (given) => {
    const day = textOption(given, 'resolved');
    const query = new URLSearchParams();
    for (const name of ['partner', 'kind']) {
      const value = textOption(given, name);
      if (value !== undefined) query.set(name, value);
    }
    if (day !== undefined) query.set('state', 'resolved');
    if (day !== undefined) query.set('day', day);
    const path = `${INCONSISTENCIES}?${query}`;
    show({ inconsistencies: await askPages(given, path, 'inconsistencies') });
    return 0;
  },
};

export const showInconsistency = shows(
  'inconsistency show <inconsistency>',
  'Shows something that does not agree with a partner outside, or did not, as JSON.',
  async (given) => (await ask(given, 'GET', `${INCONSISTENCIES}/${operand(given)}`)).body,
);

function reasonOf(given: Given): string {
  const reason = textOption(given, 'reason');
  if (reason === undefined) throw new UsageError('--reason is missing');
  return reason;
}

export const resolveInconsistency: CliCommand = {
  help: `Usage: jifen inconsistency resolve <inconsistency> --reason <text> [options]

It is put right, or explained. What is found again is open again.

${ASKING_END}`,
  options: { ...ASKING, reason: 'text' },
  operands: ['inconsistency'],
  run: async (given) => {
    const body = { reason: reasonOf(given) };
    show((await ask(given, 'POST', `${INCONSISTENCIES}/${operand(given)}/resolve`, body)).body);
    return 0;
  },
};

export const disputeInconsistency: CliCommand = {
  help: `Usage: jifen inconsistency dispute <inconsistency> --reason <text> [options]

Disputes the exchange that it is about, as \`jifen dispute\` shows it from then on.

  --platform <platform>  who disputes it. Default: the one that is not the partner
  --disputed <n>         so much of what was got, in minor units. Default: all
${ASKING_END}`,
  options: { ...ASKING, reason: 'text', platform: 'text', disputed: 'text' },
  operands: ['inconsistency'],
  run: async (given) => {
    const disputed = numberOption(given, 'disputed', 1, Number.MAX_SAFE_INTEGER);
    const body = { reason: reasonOf(given), platform: textOption(given, 'platform'), disputed };
    show((await ask(given, 'POST', `${INCONSISTENCIES}/${operand(given)}/dispute`, body)).body);
    return 0;
  },
};
