// Pages of others, that embed the member's page or try to. Owns: their server, what they hear. Never touches: what is embedded.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import type { Test } from 'tap';

export interface Hosting {
  /** `http://localhost:<port>`: another site than `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** By path: the HTML of its pages. */
  readonly pages: Map<string, string>;
}

/** A server of pages, for the time of a test. */
export async function hosting(t: Pick<Test, 'teardown'>): Promise<Hosting> {
  const pages = new Map<string, string>();
  const server = createServer(({ url = '/' }, response) => {
    const html = pages.get(url);
    response.writeHead(html === undefined ? 404 : 200, { 'Content-Type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, pages };
}

/** A page that embeds an address, and keeps what it hears in `heard`. `say(message)` speaks to the frame. */
export const hostPage = (address: string, more = ''): string => `<!doctype html>
<html lang="en"><title>A host</title>
<iframe id="points" title="Points" src="${address}" width="390" height="700"></iframe>
<script>
const heard = [];
const frame = document.getElementById('points');
addEventListener('message', ({ source, origin, data }) => {
  if (source === frame.contentWindow) heard.push({ origin, ...data });
});
const say = (message) => frame.contentWindow.postMessage(message, '*');
${more}
</script></html>`;

/** What a host has heard so far. */
export const heard = (page: Page): Promise<any[]> => page.evaluate('heard');

/** Has a host say something. */
export const say = (page: Page, message: object): Promise<void> =>
  page.evaluate(`say(${JSON.stringify(message)})`);

/** The frame of an address, where there is one that was let in. */
export const frameOf = (page: Page, address: string): Frame | undefined =>
  page.frames().find((one) => one.url().startsWith(address));
