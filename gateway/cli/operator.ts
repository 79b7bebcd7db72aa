// `jifen operator ...`, `jifen role ...`: people who run a ledger that is being served, and what they may. Owns: what is asked of the server, what is shown.
// Never touches: what is kept of them.

import { OPERATIONS } from '../../engine/index.js';
import {
  type CliCommand,
  type Given,
  listOption,
  numberOption,
  textOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';

const OPERATOR_PATH = '/v1/operators';
const ROLE_PATH = '/v1/roles';

const pathOf = (path: string, { operands }: Given, rest = ''): string =>
  `${path}/${encodeURIComponent(operands[0] ?? '')}${rest}`;

const version = (given: Given): number | undefined =>
  numberOption(given, 'if-version', 0, Number.MAX_SAFE_INTEGER);

/** Shows what was made, and its invitation apart from it. */
function showInvited({ invitation, ...shown }: Readonly<Record<string, unknown>>): void {
  show(shown);
  process.stdout.write(
    `\nThe invitation, shown this once; by it the operator sets a password:\n\n  ${String(invitation)}\n`,
  );
}

export const add: CliCommand = {
  help: `Usage: jifen operator add <operator> --name <text> --roles <x,y> [options]

Makes an account of somebody who runs the ledger, and shows an invitation,
once.

  <operator>             what the operator signs in with
  --name <text>          for people
  --roles <x,y>          viewer, support, marketing, finance, administrator,
                         or roles of your own (jifen role set)
${ASKING_END}`,
  options: { ...ASKING, name: 'text', roles: 'text' },
  operands: ['operator'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', OPERATOR_PATH, {
      operator: given.operands[0],
      name: textOption(given, 'name'),
      roles: listOption(given, 'roles'),
    });
    showInvited(body);
    return 0;
  },
};

export const list = shows(
  'operator list',
  'Shows all operators as JSON.',
  async (given) => (await ask(given, 'GET', OPERATOR_PATH)).body.operators,
);

export const change: CliCommand = {
  help: `Usage: jifen operator change <operator> [options]

Changes what is said of an operator; what is left out stays. Who is refused is
signed out.

  --name <text>          for people
  --roles <x,y>          all roles from now on
  --disable              refuse the operator
  --enable               let the operator in again
  --if-version <n>       only if it is this version
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ name: 'text', roles: 'text', disable: 'flag', enable: 'flag', 'if-version': 'text' },
  },
  operands: ['operator'],
  run: async (given) => {
    const { disable, enable } = given.options;
    if (disable === true && enable === true) throw new UsageError('either --disable or --enable');
    const disabled = disable === true ? true : enable === true ? false : undefined;
    const said = { name: textOption(given, 'name'), roles: listOption(given, 'roles'), disabled };
    const path = pathOf(OPERATOR_PATH, given);
    show((await ask(given, 'PUT', path, { ...said, ifVersion: version(given) })).body);
    return 0;
  },
};

export const invite: CliCommand = {
  help: `Usage: jifen operator invite <operator> [options]

Makes a link by which an operator sets a new password, and shows it, once: for
who has lost the password, or the phone. When it is used, all sessions end, and
one-time codes are to be set up anew.

${ASKING_END}`,
  options: ASKING,
  operands: ['operator'],
  run: async (given) => {
    const path = pathOf(OPERATOR_PATH, given, '/invitations');
    showInvited((await ask(given, 'POST', path)).body);
    return 0;
  },
};

/** What takes a name and shows what was answered. */
const plain = (
  usage: string,
  about: string,
  method: string,
  path: (given: Given) => string,
  field?: string,
): CliCommand => ({
  help: `Usage: jifen ${usage} [options]

${about}

${ASKING_END}`,
  options: ASKING,
  operands: ['name'],
  run: async (given) => {
    const { body } = await ask(given, method, path(given));
    show(field === undefined ? body : body[field]);
    return 0;
  },
});

const ofOperator = (given: Given): string => pathOf(OPERATOR_PATH, given);
const sessionsOf = (given: Given): string => pathOf(OPERATOR_PATH, given, '/sessions');

export const shown = plain(
  'operator show <operator>',
  'Shows an operator as JSON.',
  'GET',
  ofOperator,
);
export const remove = plain(
  'operator remove <operator>',
  'Removes an operator, and ends all sessions.',
  'DELETE',
  ofOperator,
);
export const sessions = plain(
  'operator sessions <operator>',
  'Shows where an operator is signed in, as JSON.',
  'GET',
  sessionsOf,
  'sessions',
);
export const signOut = plain(
  'operator sign-out <operator>',
  'Ends all sessions of an operator.',
  'DELETE',
  sessionsOf,
);

export const roles = shows(
  'role list',
  'Shows all roles as JSON: those that are built in first.',
  async (given) => (await ask(given, 'GET', ROLE_PATH)).body.roles,
);

export const setRole: CliCommand = {
  help: `Usage: jifen role set <role> --operations <x,y> [options]

Says what a role is: whoever has it may do that from now on.

  --operations <x,y>     out of ${OPERATIONS.slice(0, 9).join(', ')},
                         ${OPERATIONS.slice(9).join(', ')}
  --seconded <x,y>       what its holders do only where somebody else agrees
  --description <text>   for people
  --if-version <n>       only if it is this version; 0: only a new one
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ operations: 'text', seconded: 'text', description: 'text', 'if-version': 'text' },
  },
  operands: ['role'],
  run: async (given) => {
    const { body } = await ask(given, 'PUT', pathOf(ROLE_PATH, given), {
      operations: listOption(given, 'operations'),
      seconded: listOption(given, 'seconded'),
      description: textOption(given, 'description'),
      ifVersion: version(given),
    });
    show(body);
    return 0;
  },
};

const ofRole = (given: Given): string => pathOf(ROLE_PATH, given);
export const showRole = plain('role show <role>', 'Shows a role as JSON.', 'GET', ofRole);
export const removeRole = plain(
  'role remove <role>',
  'Removes a role that no operator has.',
  'DELETE',
  ofRole,
);
