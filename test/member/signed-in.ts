// Members who sign in as members do: by the link of a letter, then by name and password. Owns: their passwords. Never touches: how it is judged.

import type { Page } from 'playwright-core';
import { bare } from '../gateway/harness.js';
import { until } from '../until.js';
import type { Look } from './browser.js';
import type { MemberWorld } from './world.js';

export const PASSWORD = 'correct horse 电池';

/** What a browser sends with what its own pages ask. */
const ownHeaders = (address: string) => ({ Origin: address, 'Sec-Fetch-Site': 'same-origin' });

/** The secret behind the # of the link in the newest letter that an address was sent, beyond the first `seen` mails. */
export const letterTo = ({ box }: MemberWorld, email: string, seen = 0): Promise<string> =>
  until(`${email} has a letter`, () => {
    const mails = box.mails.slice(seen).filter(({ to }) => to === email);
    const found = mails.map(({ text }) => /\/letters\/[a-z]+#([A-Za-z0-9_-]+)/.exec(text)?.[1]);
    return found.findLast((one) => one !== undefined) ?? false;
  });

/** A member is invited, and sets a password by the link: signs in with `owner` from then on. */
export async function join(world: MemberWorld, owner: string): Promise<void> {
  const { address } = world.server;
  const seen = world.box.mails.length;
  const invited = await world.ask(`POST /v1/members/${owner}/invitations`, {});
  if (invited.status >= 300) throw new Error(invited.text);
  const letter = await letterTo(world, `${owner}@mail.example`, seen);
  const used = await bare(
    address,
    'POST /session/letters',
    { letter, password: PASSWORD, login: owner },
    ownHeaders(address),
  );
  if (used.status >= 300) throw new Error(used.text);
}

/** Signs a browser in: from then on it has the cookie. */
export async function signIn({ context }: Look, world: MemberWorld, owner: string): Promise<void> {
  const { address } = world.server;
  const answer = await context.request.post(`${address}/session`, {
    data: { login: owner, password: PASSWORD },
    headers: ownHeaders(address),
  });
  if (!answer.ok()) throw new Error(`${owner}: ${answer.status()} ${await answer.text()}`);
}

/** Opens a screen of the page, and waits until it is shown. */
export async function open(
  page: Page,
  { server }: MemberWorld,
  path = '',
  screen = path === '' ? 'home' : path.split('/')[0],
): Promise<void> {
  await page.goto(`${server.address}/me${path === '' ? '' : `/${path}`}`);
  await page.locator(`[data-screen="${screen}"]`).waitFor();
}
