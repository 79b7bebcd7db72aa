// A page of the gateway in a real browser.

import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import type { Test } from 'tap';

const PROGRAM = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();

/** Opens a page, with what it complains of and whom it asks. Gone after the test. */
export async function openPage(t: Test, url: string, viewport = { width: 1280, height: 720 }) {
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport });
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
  const answer = await page.goto(url);
  t.match(answer?.headers()['content-security-policy'], /default-src 'none'/);
  return { page, problems, hosts };
}
