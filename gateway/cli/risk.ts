// `jifen risk ...`: marks of risk and reviews, of a ledger that is being served, for its operator. Owns: what is asked of the server, what is shown. Never
// touches: what a mark stops, who may review.

import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, show, shows } from './ask.js';

const NAMES = ['state', 'reason', 'action'] as const;

const pathOf = ({ operands: [owner = '', mark] }: Given): string =>
  `/v1/members/${encodeURIComponent(owner)}/risks${mark === undefined ? '' : `/${encodeURIComponent(mark)}`}`;

const queryOf = (given: Given, names: readonly string[]): string => {
  const asked = names.flatMap((name) => {
    const value = textOption(given, name);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return asked.length === 0 ? '' : `?${asked.join('&')}`;
};

/** A time out of text; undefined: it is left out. */
function timeOption(given: Given, name: string): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`--${name} is no time`);
  return time;
}

export const list: CliCommand = {
  help: `Usage: jifen risk list [options]

Shows marks of risk on members, by member and name, as JSON.

  --state <state>        active (the default), ended or lifted
  --reason <word>        only with this reason
  --action <action>      only of this action: mark, second-factor, review, refuse
${ASKING_END}`,
  options: { ...ASKING, state: 'text', reason: 'text', action: 'text' },
  operands: [],
  run: async (given) => {
    show({ risks: await askPages(given, `/v1/risks${queryOf(given, NAMES)}`, 'risks') });
    return 0;
  },
};

export const showMember = shows(
  'risk show <member>',
  'Shows the marks of a member, what they have stopped, and devices that are known of it.',
  async (given) => (await ask(given, 'GET', pathOf(given))).body,
);

export const mark: CliCommand = {
  help: `Usage: jifen risk mark <member> <mark> --reason <word> --action <action> [options]

Marks a member as a risk, or renews the mark of this name.

  --reason <word>        why: BY_HAND, IP_MULTI_ACCOUNT
  --action <action>      mark (stops nothing), second-factor, review or refuse
  --until <time>         until then; left out: until it is lifted
  --kinds <kinds>        only these, with commas: redeem, spend, transfer, exchange, draw
  --asset <asset>        only what takes this
  --over <amount>        only what takes more minor units than this
  --evidence <text>      what was seen: nothing personal
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ reason: 'text', action: 'text', until: 'text', kinds: 'text', asset: 'text' },
    ...{ over: 'text', evidence: 'text' },
  } as const,
  operands: ['member', 'mark'],
  run: async (given) => {
    const [reason, action] = ['reason', 'action'].map((name) => textOption(given, name));
    if (reason === undefined) throw new UsageError('--reason is missing');
    if (action === undefined) throw new UsageError('--action is missing');
    const over = textOption(given, 'over');
    const body = {
      ...{ reason, action, until: timeOption(given, 'until'), asset: textOption(given, 'asset') },
      ...{ kinds: textOption(given, 'kinds')?.split(','), evidence: textOption(given, 'evidence') },
      over: over === undefined ? undefined : Number(over),
    };
    show((await ask(given, 'PUT', pathOf(given), JSON.parse(JSON.stringify(body)))).body);
    return 0;
  },
};

export const lift: CliCommand = {
  help: `Usage: jifen risk lift <member> <mark> --reason <text> [options]

Lifts a mark of risk.

  --quiet-until <time>   before then its rule does not mark the member again
${ASKING_END}`,
  options: { ...ASKING, reason: 'text', 'quiet-until': 'text' },
  operands: ['member', 'mark'],
  run: async (given) => {
    if (textOption(given, 'reason') === undefined) throw new UsageError('--reason is missing');
    const quiet = timeOption(given, 'quiet-until');
    const until = quiet === undefined ? '' : `&quietUntil=${new Date(quiet).toISOString()}`;
    const query = `${queryOf(given, ['reason'])}${until}`;
    show((await ask(given, 'DELETE', `${pathOf(given)}${query}`)).body);
    return 0;
  },
};

export const reviews: CliCommand = {
  help: `Usage: jifen risk reviews [options]

Shows what marks of risk have wait for a review, what waits longest first.

  --state <state>        open, agreed or rejected; left out: all
  --owner <member>       only of this member
${ASKING_END}`,
  options: { ...ASKING, state: 'text', owner: 'text' },
  operands: [],
  run: async (given) => {
    const path = `/v1/reviews${queryOf(given, ['state', 'owner'])}`;
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};

/** What somebody else decides. */
const decision = (verb: 'agree' | 'reject', about: string): CliCommand => ({
  help: `Usage: jifen risk ${verb} <review> [options]

${about}
${verb === 'reject' ? '\n  --reason <text>        why\n' : ''}${ASKING_END}`,
  options: verb === 'reject' ? { ...ASKING, reason: 'text' } : ASKING,
  operands: ['review'],
  run: async (given) => {
    const reason = verb === 'reject' ? textOption(given, 'reason') : undefined;
    const path = `/v1/reviews/${encodeURIComponent(given.operands[0] ?? '')}/${verb}`;
    show((await ask(given, 'POST', path, reason === undefined ? {} : { reason })).body);
    return 0;
  },
});

export const agree = decision(
  'agree',
  'Agrees to what waits for a review: it is carried out. Not for who asked for it.',
);
export const reject = decision('reject', 'Rejects what waits for a review: it is not carried out.');
