// Operators of a gateway, and browsers of theirs. Owns: how one comes by an account and is signed in. Never touches: how it is judged.

import { TOTP } from 'otpauth';
import type { Answered, Gateway, Headers } from './harness.js';
import { Browser, PASSWORD } from './signing-in.js';

/** Makes an account; the link of its invitation. */
export async function invitedOperator(
  { ask }: Pick<Gateway, 'ask'>,
  operator: string,
  roles: readonly string[],
): Promise<string> {
  const body = { operator, name: `${operator} of the ledger`, roles };
  const made = await ask('POST /v1/operators', body);
  if (made.status !== 201) throw new Error(made.text);
  return made.body.invitation;
}

/** The browser of an operator. */
export class OperatorBrowser extends Browser {
  override signIn(login: string, password = PASSWORD, code?: string): Promise<Answered> {
    return this.ask('POST /operator/session', { login, password, code });
  }

  override async token(): Promise<Headers> {
    const { status, body, text } = await this.ask('POST /operator/session/token');
    if (status !== 200) throw new Error(text);
    return { Authorization: `Bearer ${body.access_token}` };
  }

  override async isIn(): Promise<boolean> {
    return (await this.ask('GET /operator/session')).status === 200;
  }
}

/** An operator with these roles, signed in. */
export async function operatorIn(
  gateway: Gateway,
  operator: string,
  roles: readonly string[],
): Promise<OperatorBrowser> {
  const invitation = await invitedOperator(gateway, operator, roles);
  const browser = new OperatorBrowser(gateway.server.address);
  const used = await browser.ask('POST /operator/invitation', { invitation, password: PASSWORD });
  if (used.status !== 200) throw new Error(used.text);
  return browser;
}

/** The code of a secret at a time, milliseconds since 1970. */
export const codeAt = (secret: string, timestamp: number): string =>
  new TOTP({ secret }).generate({ timestamp });
