// `jifen coupon ...`: coupons of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: who may use a coupon.

import { COUPON_CODES_MAX, limits } from '../../engine/index.js';
import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askText, show } from './ask.js';

/** Codes that are asked for at a time. */
const CODES_AT_A_TIME = 100_000;

const codesPath = ({ operands }: Given): string =>
  `/v1/coupons/${encodeURIComponent(operands[0] ?? '')}/codes`;

export const generate: CliCommand = {
  help: `Usage: jifen coupon generate <campaign> <count> [options]

Sees to it that a campaign of single coupons has so many numbered codes: 0 to
count - 1. Ten million take no longer than ten. They can be used from the time on
that is shown as activeFrom; jifen coupon codes prints them.

${ASKING_END}`,
  options: ASKING,
  operands: ['campaign', 'count'],
  run: async (given) => {
    const count = Number(given.operands[1]);
    if (!Number.isInteger(count) || count < 1 || count > COUPON_CODES_MAX)
      throw new UsageError(`count is a whole number from 1 to ${COUPON_CODES_MAX}`);
    show((await ask(given, 'PUT', codesPath(given), { count })).body);
    return 0;
  },
};

export const codes: CliCommand = {
  help: `Usage: jifen coupon codes <campaign> [options]

Prints the numbered codes of a campaign, one a line. Codes are secrets: whoever has
one can use it.

  --from <n>             the first number. Default: 0
  --limit <n>            at most so many. Default: all
${ASKING_END}`,
  options: { ...ASKING, from: 'text', limit: 'text' },
  operands: ['campaign'],
  run: async (given) => {
    let at = numberOption(given, 'from', 0, COUPON_CODES_MAX) ?? 0;
    let left = numberOption(given, 'limit', 1, limits.AMOUNT_MAX) ?? COUPON_CODES_MAX;
    while (left > 0) {
      const most = Math.min(left, CODES_AT_A_TIME);
      const text = await askText(given, `${codesPath(given)}?from=${at}&limit=${most}`);
      const found = text.split('\n').filter((line) => line !== '');
      process.stdout.write(found.map((line) => `${codeIn(line)}\n`).join(''));
      at += found.length;
      left = found.length < most ? 0 : left - found.length;
    }
    return 0;
  },
};

/** The code in a line; throws where it is a refusal. */
function codeIn(line: string): string {
  const { number, code, detail } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  if (number === undefined) throw new Error(`the server answered ${code}: ${detail}`);
  return String(code);
}

export const coupon: CliCommand = {
  help: `Usage: jifen coupon show <code> [options]

Shows of which campaign a code is, whose it is, and what became of it, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['code'],
  run: async (given) => {
    const code = encodeURIComponent(given.operands[0] ?? '');
    show((await ask(given, 'GET', `/v1/coupons/${code}`)).body);
    return 0;
  },
};

export const list: CliCommand = {
  help: `Usage: jifen coupon list <member> --programme <key> [options]

Shows the coupons of a member as JSON.

  --programme <key>      of this programme
  --state <s>            only those that are available, reserved, used or expired
${ASKING_END}`,
  options: { ...ASKING, programme: 'text', state: 'text' },
  operands: ['member'],
  run: async (given) => {
    const programme = textOption(given, 'programme');
    if (programme === undefined) throw new UsageError('--programme is missing');
    const state = textOption(given, 'state');
    const all: unknown[] = [];
    let cursor: unknown;
    do {
      const query = new URLSearchParams({ programme });
      if (state !== undefined) query.set('state', state);
      if (cursor !== undefined) query.set('cursor', String(cursor));
      const member = encodeURIComponent(given.operands[0] ?? '');
      const { body } = await ask(given, 'GET', `/v1/members/${member}/coupons?${query}`);
      all.push(...(body['coupons'] as unknown[]));
      cursor = body['cursor'];
    } while (cursor !== undefined);
    show(all);
    return 0;
  },
};
