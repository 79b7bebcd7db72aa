// `jifen codes ...` and `jifen card ...`: codes of goods and gift cards of a ledger that is being served. Owns: what is asked of the server, what is
// shown. Never touches: how codes are sealed.

import { readFileSync } from 'node:fs';
import { limits } from '../../engine/index.js';
import {
  type CliCommand,
  type Given,
  numberOption,
  textOption,
  timeOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';

const codesPath = ({ operands }: Given): string =>
  `/v1/goods/${encodeURIComponent(operands[0] ?? '')}/codes`;

export const upload: CliCommand = {
  help: `Usage: jifen codes upload <goods> <file> [options]

Gives goods more codes, with as many pieces of stock. The file has a code on each
line; - reads stdin. The server seals them: no log and no record has one in plain.
Codes that the goods have, or had, are passed over, so that an upload that was cut
off is started again. The file is left as it is: take care of it.

${ASKING_END}`,
  options: ASKING,
  operands: ['goods', 'file'],
  run: async (given) => {
    const codes = codesIn(given);
    const told = { goods: given.operands[0], added: 0, known: 0, repeated: 0 };
    for (let at = 0; at < codes.length; at += limits.CODES_UPLOADED_MAX) {
      const some = codes.slice(at, at + limits.CODES_UPLOADED_MAX);
      const { body } = await ask(given, 'POST', codesPath(given), { codes: some });
      for (const name of ['added', 'known', 'repeated'] as const) told[name] += Number(body[name]);
    }
    show(told);
    return 0;
  },
};

/** The codes in the file that is named, one on each line. */
function codesIn({ operands: [, file = '-'] }: Given): string[] {
  const lines = readFileSync(file === '-' ? 0 : file, 'utf8').split(/\r?\n/);
  const codes = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (codes.length === 0) throw new UsageError(`${file} has no codes`);
  return codes;
}

export const withdraw: CliCommand = {
  help: `Usage: jifen codes withdraw <goods> <file> --reason <text> [options]

Withdraws codes that nobody has, each with its piece of stock. The file has a code
on each line; - reads stdin. What an order has is left as it is, and counted.

  --reason <text>        why: kept with it
${ASKING_END}`,
  options: { ...ASKING, reason: 'text' },
  operands: ['goods', 'file'],
  run: async (given) => {
    const codes = codesIn(given);
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    const told = { goods: given.operands[0], withdrawn: 0, before: 0, given: 0, unknown: 0 };
    for (let at = 0; at < codes.length; at += limits.CODES_UPLOADED_MAX) {
      const some = codes.slice(at, at + limits.CODES_UPLOADED_MAX);
      const path = `${codesPath(given)}/withdraw`;
      const { body } = await ask(given, 'POST', path, { codes: some, reason });
      for (const name of ['withdrawn', 'before', 'given', 'unknown'] as const)
        told[name] += Number(body[name]);
    }
    show(told);
    return 0;
  },
};

export const count = shows(
  'codes count <goods>',
  `Shows how many codes of goods nobody has, and how many were given out or withdrawn,
as JSON; low: few are left.`,
  async (given) => (await ask(given, 'GET', codesPath(given))).body,
);

/** When a card is to end; undefined: it was not said. */
const endIn = (given: Given): number | undefined => timeOption(given, 'expires');

export const issue: CliCommand = {
  help: `Usage: jifen card issue --programme <key> --amount <n> [options]

Issues a gift card, and shows it with its code, once.

  --programme <key>      of this programme
  --amount <n>           what it is worth, in minor units of the programme's asset
  --expires <time>       when it ends. Default: never
  --budget <budget>      who pays for it: #budget:name. Default: its points are issued
  --id <id>              repeated with it, the same card is shown
${ASKING_END}`,
  options: {
    ...ASKING,
    programme: 'text',
    amount: 'text',
    expires: 'text',
    budget: 'text',
    id: 'text',
  },
  operands: [],
  run: async (given) => {
    const programme = textOption(given, 'programme');
    const amount = numberOption(given, 'amount', 1, limits.AMOUNT_MAX);
    if (programme === undefined) throw new UsageError('--programme is missing');
    if (amount === undefined) throw new UsageError('--amount is missing');
    const [id, budget] = [textOption(given, 'id'), textOption(given, 'budget')];
    const said = { id, programme, amount, expiresAt: endIn(given), budget };
    show((await ask(given, 'POST', '/v1/cards', said)).body);
    return 0;
  },
};

export const showCard: CliCommand = {
  help: `Usage: jifen card show <code> [options]

Shows what is left of the gift card with this code, and until when, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['code'],
  run: async (given) => {
    const [code] = given.operands;
    show((await ask(given, 'POST', '/v1/cards/look-up', { code })).body);
    return 0;
  },
};

export const extend: CliCommand = {
  help: `Usage: jifen card extend <card> --expires <time> [options]

Gives a gift card another end. The card is named as \`jifen card show\` shows it.

  --expires <time>       when it ends; never: it does not
${ASKING_END}`,
  options: { ...ASKING, expires: 'text' },
  operands: ['card'],
  run: async (given) => {
    const isNever = textOption(given, 'expires') === 'never';
    const expiresAt = isNever ? null : endIn(given);
    if (expiresAt === undefined) throw new UsageError('--expires is missing');
    const path = `/v1/cards/${encodeURIComponent(given.operands[0] ?? '')}/expiry`;
    show((await ask(given, 'PUT', path, { expiresAt })).body);
    return 0;
  },
};
