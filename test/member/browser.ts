// Browsers of members: of a phone and of a desk, in a language, on a network that is slow or loses answers. Owns: the browser, what it complains of, what axe-core
// finds. Never touches: what is shown.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
} from 'playwright-core';
import type { Test } from 'tap';
import { until } from '../until.js';

const PROGRAM = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What a page is looked at with. */
export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1280, height: 800 } },
} as const;
export type Device = keyof typeof DEVICES;

/** How a browser is opened. */
export interface Looking {
  readonly device?: Device;
  readonly language?: 'zh' | 'en';
  readonly scheme?: 'light' | 'dark';
  /** Is there a service worker? Where answers are lost there is none, as it would ask in the page's place. */
  readonly hasWorker?: boolean;
}

/** A browser of a member. */
export interface Look {
  readonly device: Device;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What was complained of, on the console and by exceptions, beside answers that refuse and a network that is gone. */
  readonly problems: string[];
  /** Whom any of its pages asked, as `host:port`. */
  readonly hosts: ReadonlySet<string>;
  /** Another tab of it. */
  tab(): Promise<Page>;
}

/** One browser for all of a test file's members. */
export async function browserOf(t: Pick<Test, 'teardown'>): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  return browser;
}

/** Opens a browser that has been nowhere yet. */
export async function look(
  t: Pick<Test, 'teardown'>,
  browser: Browser,
  { device = 'phone', language = 'en', scheme = 'light', hasWorker = false }: Looking = {},
): Promise<Look> {
  const context = await browser.newContext({
    ...DEVICES[device],
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: scheme,
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: hasWorker ? 'allow' : 'block',
  });
  t.teardown(() => context.close());
  const problems: string[] = [];
  const hosts = new Set<string>();
  const watch = (page: Page): void => {
    page.setDefaultTimeout(90_000);
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() !== 'error' || /^Failed to load resource/.test(text)) return;
      problems.push(text);
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
  };
  context.on('page', watch);
  const page = await context.newPage();
  return { device, context, page, problems, hosts, tab: () => context.newPage() };
}

/** A network as there is in a train: 400 kbit/s each way, an answer after 400 ms. */
export async function slow({ context }: Look, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 400 },
    ...{ downloadThroughput: 50_000, uploadThroughput: 50_000 },
  });
}

/** What is lost of a network. */
export interface Losses {
  /** Those whose answers were lost, after they were carried out. */
  readonly lost: { readonly url: string; readonly body: string | null; readonly status: number }[];
}

/** The answers of the next `count` requests that are as said are lost, after the server has carried them out. */
export async function losing(
  page: Page,
  which: (request: Request) => boolean,
  count = 1,
): Promise<Losses> {
  const lost: { url: string; body: string | null; status: number }[] = [];
  await page.route('**/*', async (route) => {
    const request = route.request();
    if (lost.length >= count || !which(request)) return route.fallback();
    const answer = await route.fetch();
    lost.push({ url: request.url(), body: request.postData(), status: answer.status() });
    await route.abort('connectionreset');
  });
  return { lost };
}

/** Is it a call that changes something of a member? */
export const isAct = (request: Request): boolean =>
  request.method() === 'POST' && new URL(request.url()).pathname.startsWith('/v1/');

/** Violations of WCAG 2 A and AA on what a page shows now: none is `[]`. Evaluated from outside, as the page's own rules let no other script in. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe.run({ runOnly: ${JSON.stringify(WCAG)} }).then((found) =>
    found.violations.map(({ id, nodes }) => id + ': ' +
      nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join('\\n')))`);
}

/** Waits until a page is at an address: a busy browser may give a navigation up and begin it again, which `waitForURL` takes for a failure. A star at the end: whatever follows. */
export async function comesTo(page: Page, address: string | RegExp): Promise<void> {
  const isThere = (url: string): boolean => {
    if (typeof address !== 'string') return address.test(url);
    return address.endsWith('*') ? url.startsWith(address.slice(0, -1)) : url === address;
  };
  await until(`the page is at ${address}`, () => isThere(page.url()));
  await page.waitForLoadState();
}

/** Is nothing wider than the screen? */
export const fits = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
