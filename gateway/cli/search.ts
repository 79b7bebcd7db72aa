// `jifen search`, `jifen member list`: what there is of a ledger that is being served, by a name, an id, a number, a code. Owns: what is asked of the server,
// what is shown. Never touches: where it is looked for.

import { type CliCommand, type Given, textOption } from './arguments.js';
import { ASKING, ASKING_END, ask, show } from './ask.js';

/** A path with those of these options that were given. */
function withOptions(given: Given, path: string, names: readonly string[], q?: string): string {
  const query = new URLSearchParams(q === undefined ? {} : { q });
  for (const name of names) {
    const said = textOption(given, name);
    if (said !== undefined) query.set(name, said);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

export const search: CliCommand = {
  help: `Usage: jifen search <text> [options]

Looks for a member by name or by what platforms call it, a login name, a mail address
or telephone number that it was reached at, an order, a coupon, a card, a referral
code, an exchange, a command by its id, a definition, a platform: shows what there is
as JSON.

  <text>                 all of it: but for names of members, of which the beginning
                         does
  --limit <n>            at most so many whose names begin so
${ASKING_END}`,
  options: { ...ASKING, limit: 'text' },
  operands: ['text'],
  run: async (given) => {
    const [text = ''] = given.operands;
    show((await ask(given, 'GET', withOptions(given, '/v1/search', ['limit'], text))).body);
    return 0;
  },
};

export const members: CliCommand = {
  help: `Usage: jifen member list [options]

Shows members by name, with what they have now, as JSON: a page, and the cursor of the
next one.

  --prefix <text>        only those whose names begin so
  --limit <n>            at most so many. Default: 50
  --cursor <cursor>      the page after another one, which has told it
${ASKING_END}`,
  options: { ...ASKING, prefix: 'text', limit: 'text', cursor: 'text' },
  operands: [],
  run: async (given) => {
    const path = withOptions(given, '/v1/members', ['prefix', 'limit', 'cursor']);
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};
