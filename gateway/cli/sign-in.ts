// `jifen member invite`, `sign-in`, `sessions`, `sign-out`, `close`, `second-factor`, `remove-second-factor`: members who sign in, of a ledger that is being served. Owns: what is asked of the server,
// what is shown. Never touches: passwords, links.

import { type CliCommand, type Given, textOption } from './arguments.js';
import { ASKING, ASKING_END, ask, show } from './ask.js';

const pathOf = ({ operands }: Given, what: string): string =>
  `/v1/members/${encodeURIComponent(operands[0] ?? '')}/${what}`;

async function asked(given: Given, method: string, path: string, body?: object): Promise<number> {
  show((await ask(given, method, path, body)).body);
  return 0;
}

export const invite: CliCommand = {
  help: `Usage: jifen member invite <member> [options]

Has a link sent to a member, by which a password is chosen: with it the member signs in
from then on. Again: a new link, and the last one ends. The link itself is shown to
nobody else.

  --email <address>      where it is sent
  --phone <number>       the same, as a short message. Default: what is known of the
                         member (PUT /v1/members/{owner}/contact)
  --platform <id>        whose channels and contacts are used. Default: the ledger's own
${ASKING_END}`,
  options: { ...ASKING, email: 'text', phone: 'text', platform: 'text' },
  operands: ['member'],
  run: (given) => {
    const said = ['email', 'phone', 'platform'].map((name) => [name, textOption(given, name)]);
    const body = Object.fromEntries(said.filter(([, value]) => value !== undefined));
    return asked(given, 'POST', pathOf(given, 'invitations'), body);
  },
};

export const signInState: CliCommand = {
  help: `Usage: jifen member sign-in <member> [options]

Shows whether a member signs in, and since when, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'GET', pathOf(given, 'sign-in')),
};

export const memberSessions: CliCommand = {
  help: `Usage: jifen member sessions <member> [options]

Shows where a member is signed in, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'GET', pathOf(given, 'sessions')),
};

export const signOut: CliCommand = {
  help: `Usage: jifen member sign-out <member> [options]

Ends sessions of a member.

  --session <id>         this one. Default: all there are
${ASKING_END}`,
  options: { ...ASKING, session: 'text' },
  operands: ['member'],
  run: async (given) => {
    const { body } = await ask(given, 'GET', pathOf(given, 'sessions'));
    const all = (body['sessions'] as readonly { readonly session: string }[]).map(
      ({ session }) => session,
    );
    const named = textOption(given, 'session');
    for (const session of named === undefined ? all : [named])
      await ask(given, 'DELETE', pathOf(given, `sessions/${encodeURIComponent(session)}`));
    show({ owner: given.operands[0], ended: named === undefined ? all : [named] });
    return 0;
  },
};

export const secondFactor: CliCommand = {
  help: `Usage: jifen member second-factor <member> [options]

Shows whether a member has a second factor, since when, and how many recovery codes are
left, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'GET', pathOf(given, 'second-factor')),
};

export const removeSecondFactor: CliCommand = {
  help: `Usage: jifen member remove-second-factor <member> [options]

Removes the second factor of a member who has lost phone and recovery codes: be sure who
asks. All its sessions end; signing in takes the password alone.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'POST', pathOf(given, 'second-factor/remove'), {}),
};

export const closeSignIn: CliCommand = {
  help: `Usage: jifen member close <member> [options]

Closes what a member signs in with: its sessions end, and what applications were given;
the login name is free. Points stay, and an invitation opens it again.

${ASKING_END}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'POST', pathOf(given, 'sign-in/close'), {}),
};
