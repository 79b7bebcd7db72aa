// `jifen alert ...`: what is wrong, of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: what is judged.

import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, show, shows } from './ask.js';

const MINUTE_MS = 60_000;
/** A year: the longest silence. */
const MINUTES_MAX = 366 * 24 * 60;

const part = ({ operands }: Given, at = 0): string => encodeURIComponent(operands[at] ?? '');

function queryOf(given: Given, names: readonly string[]): string {
  const asked = names.flatMap((name) => {
    const value = textOption(given, name);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return asked.length === 0 ? '' : `?${asked.join('&')}`;
}

export const list: CliCommand = {
  help: `Usage: jifen alert list [options]

Shows alerts, the newest first, as JSON.

  --state <state>        open (firing or silenced), firing, silenced or resolved
  --rule <rule>          of this rule alone
  --subject <text>       whose subject begins so
${ASKING_END}`,
  options: { ...ASKING, state: 'text', rule: 'text', subject: 'text' },
  operands: [],
  run: async (given) => {
    const query = queryOf(given, ['state', 'rule', 'subject']);
    show({ alerts: await askPages(given, `/v1/alerts${query}`, 'alerts') });
    return 0;
  },
};

export const showOne = shows(
  'alert show <alert>',
  'Shows an alert as JSON.',
  async (given) => (await ask(given, 'GET', `/v1/alerts/${part(given)}`)).body,
);

export const resolve: CliCommand = {
  help: `Usage: jifen alert resolve <alert> [options]

Says that an alert is over. What is so still is not told anew before it was over
once.

  --reason <text>        why
${ASKING_END}`,
  options: { ...ASKING, reason: 'text' },
  operands: ['alert'],
  run: async (given) => {
    const reason = textOption(given, 'reason');
    show((await ask(given, 'POST', `/v1/alerts/${part(given)}/resolve`, { reason })).body);
    return 0;
  },
};

export const rules = shows(
  'alert rules',
  'Shows the rules by which alerts are raised, and how each is set, as JSON.',
  async (given) => (await ask(given, 'GET', '/v1/alert-rules')).body,
);

const FIGURES = ['threshold', 'minimum', 'windowMs', 'clearMs', 'repeatMs'] as const;
const optionOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);

export const rule: CliCommand = {
  help: `Usage: jifen alert rule <rule> [options]

Says a rule: what is left out is as the rule says it by itself. With --reset all of
it is.

  --state <state>        active or off
  --severity <severity>  critical, warning or info
  --threshold <n>        beyond which figure it is so; the rule says of what
  --minimum <n>          with fewer than so many nothing is judged
  --window-ms <n>        how far back is looked
  --clear-ms <n>         how long it must be over to be resolved by itself
  --repeat-ms <n>        told again so often while it is so; 0: once
  --reset                as the rule says it by itself
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ state: 'text', severity: 'text', reset: 'flag' },
    ...(Object.fromEntries(FIGURES.map((name) => [optionOf(name), 'text'])) as Record<
      string,
      'text'
    >),
  },
  operands: ['rule'],
  run: async (given) => {
    const path = `/v1/alert-rules/${part(given)}`;
    if (given.options['reset'] === true) {
      show((await ask(given, 'DELETE', path)).body);
      return 0;
    }
    const figures = FIGURES.map((name) => [
      name,
      numberOption(given, optionOf(name), 0, Number.MAX_SAFE_INTEGER),
    ]);
    const [state, severity] = [textOption(given, 'state'), textOption(given, 'severity')];
    const said = { state, severity, ...Object.fromEntries(figures) };
    show((await ask(given, 'PUT', path, said)).body);
    return 0;
  },
};

export const silences = shows(
  'alert silences',
  'Shows the silences that hold, as JSON.',
  async (given) => (await ask(given, 'GET', '/v1/silences')).body,
);

export const silence: CliCommand = {
  help: `Usage: jifen alert silence --minutes <n> --reason <text> [options]

Tells nobody of some alerts for a time. What is so still when it ends is told then.

  --minutes <n>          how long
  --reason <text>        why
  --rule <rule>          of this rule alone. Default: of all
  --subject <text>       of this subject; with * at its end, of all that begin so
${ASKING_END}`,
  options: { ...ASKING, minutes: 'text', reason: 'text', rule: 'text', subject: 'text' },
  operands: [],
  run: async (given) => {
    const minutes = numberOption(given, 'minutes', 1, MINUTES_MAX);
    if (minutes === undefined) throw new UsageError('--minutes is missing');
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    const [of, subject] = [textOption(given, 'rule'), textOption(given, 'subject')];
    const until = Date.now() + minutes * MINUTE_MS;
    show((await ask(given, 'POST', '/v1/silences', { rule: of, subject, until, reason })).body);
    return 0;
  },
};

export const endSilence = shows(
  'alert end-silence <silence>',
  'Ends a silence.',
  async (given) => (await ask(given, 'DELETE', `/v1/silences/${part(given)}`)).body,
);
