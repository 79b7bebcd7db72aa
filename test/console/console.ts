// The console in a real browser: opened, signed in, looked at. Owns: how one signs in. Never touches: what is on the ledger (the test's own), how it is judged.
// One world, one browser and one sign-in serve many questions: see `consoleOf`.

import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { Gateway } from '../gateway/harness.js';
import { browserOf, fits, type Look, type Looking, look, violations } from '../member/browser.js';
import { unexplained } from './numbers.js';

/** Text that is HTML where somebody takes it for that: it then says so, in `window.hit`. */
export const MARKUP = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>';

export interface Console extends Look {
  /** Opens the screen at a path below /console, as a reload does; waits until it is there. */
  open(path: string, screen: string): Promise<void>;
  /** Goes there as a link does. */
  go(path: string, screen: string): Promise<void>;
  /** Signs in by a key, at whatever is open. */
  signIn(key: string): Promise<void>;
  /** Signs in as an operator without one-time codes. */
  signInAs(login: string, password: string): Promise<void>;
}

/** The screen of that name is shown, and nothing on it is still on its way. */
export async function shown(page: Page, screen: string): Promise<void> {
  await page.locator(`main[data-screen="${screen}"]`).waitFor();
  await page.locator('main h1').first().waitFor();
  await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
}

/** Opens the console in a browser of its own. */
export async function consoleAt(
  t: Pick<Test, 'teardown'>,
  browser: Browser,
  { server }: Pick<Gateway, 'server'>,
  looking: Looking = {},
): Promise<Console> {
  const seen = await look(t, browser, { device: 'desk', ...looking });
  const { page } = seen;
  await page.goto(`${server.address}/console`);
  const signedIn = async (): Promise<void> => {
    await page.getByRole('button', { name: /^(Sign in|登录)$/ }).click();
    await page.locator('nav.side').waitFor({ state: 'attached' });
  };
  return {
    ...seen,
    open: async (path, screen) => {
      await page.goto(`${server.address}/console/${path}`);
      await shown(page, screen);
    },
    go: async (path, screen) => {
      await page.evaluate(
        `(() => { const link = document.createElement('a'); link.href = '/console/' + ${JSON.stringify(path)};
          document.body.append(link); link.click(); link.remove(); })()`,
      );
      await shown(page, screen);
    },
    signIn: async (key) => {
      await page.locator('[data-screen="signed-out"]').waitFor();
      await page.getByLabel(/^(With a key|使用密钥)$/).check();
      await page.getByLabel(/^(Key|密钥)$/).fill(key);
      await signedIn();
    },
    signInAs: async (login, password) => {
      await page.locator('[data-screen="signed-out"]').waitFor();
      await page.getByLabel(/^(Operator|操作员)$/).fill(login);
      await page.getByLabel(/^(Password|密码)$/).fill(password);
      await signedIn();
    },
  };
}

/** The console, signed in with the administrator's key. */
export async function consoleOf(
  t: Pick<Test, 'teardown'>,
  served: Pick<Gateway, 'server' | 'key'>,
  looking: Looking = {},
): Promise<Console> {
  const made = await consoleAt(t, await browserOf(t), served, looking);
  await made.signIn(served.key);
  return made;
}

/**
 * What is wrong with what is shown: WCAG, something wider than the screen, numbers that nothing explains, markup that came alive, complaints of the browser. Nothing is
 * `[]`.
 */
export async function faults({ page, problems }: Look): Promise<string[]> {
  const hit = await page.evaluate<unknown>('window.hit');
  return [
    ...(await violations(page)),
    ...(await unexplained(page)),
    ...((await fits(page)) ? [] : ['something is wider than the screen']),
    ...(hit === undefined ? [] : [`markup ran: ${String(hit)}`]),
    ...problems.splice(0),
  ];
}
