// A list of many members in a real browser. Owns: how they come to be, what is measured. Never touches: who is signed in.

import type { Test } from 'tap';
import type { Gateway } from '../gateway/harness.js';
import { until } from '../until.js';
import type { Console } from './console.js';

const BATCH = 4_000;
/** Batches under way: more wait in the shards' mailboxes, and are refused. */
const AT_ONCE = 4;
/** Rows that somebody scrolls through. */
const SCROLLED = 20_000;
/** What a row may cost of the browser's memory: the member as it was answered, and its place in the list. */
const ROW_BYTES_MAX = 4_096;

const nameOf = (n: number): string => `many-${String(n).padStart(8, '0')}`;

async function makeMembers({ engine }: Gateway['server'], count: number): Promise<void> {
  let next = 0;
  const some = async (): Promise<void> => {
    for (let from = next; from < count; from = next) {
      next = Math.min(count, from + BATCH);
      const commands = Array.from({ length: next - from }, (_, n) => ({
        type: 'transfer' as const,
        id: `m-${from + n}`,
        legs: [{ from: '@issue', to: nameOf(from + n), asset: 'points', amount: 1 + n }],
      }));
      await until('the ledger has them', async () =>
        (await engine.submitBatch(commands)).every((outcome) => outcome.ok),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

/** The members' list over `count` members more: scrolled through, and the last one found by its name; the document does not grow, memory only by what has come. */
export async function manyMembers(
  t: Test,
  { server, ask }: Pick<Gateway, 'server' | 'ask'>,
  seen: Console,
  count: number,
): Promise<void> {
  const { page } = seen;
  const began = performance.now();
  await makeMembers(server, count);
  const made = performance.now();
  const last = nameOf(count - 1);
  await until('the list has all of them', async () => {
    const { body } = await ask(`GET /v1/members?prefix=${last}`);
    return body.behind === 0 && body.members?.length === 1;
  });
  const listed = performance.now();
  const session = await seen.context.newCDPSession(page);
  await session.send('Performance.enable');
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
  };
  const opening = performance.now();
  await seen.open('members?prefix=many-', 'members');
  await page.getByRole('link', { name: nameOf(0) }).waitFor();
  const opened = performance.now();
  const before = await heap();
  const rows = Math.min(count, SCROLLED);
  const scroll = page.locator('.table-scroll').first();
  await until(
    `${rows} rows have come`,
    async () => {
      await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      const there = await page.locator('.table-scroll tbody a').last().textContent();
      return Number(there?.slice('many-'.length)) >= rows - 1;
    },
    600_000,
  );
  const scrolled = performance.now();
  const after = await heap();
  const inDocument = await page.locator('.table-scroll tbody tr').count();
  t.ok(inDocument < 100, `${inDocument} rows in the document`);
  t.ok(after - before < rows * ROW_BYTES_MAX, `${after - before} bytes for ${rows} rows`);
  const typing = performance.now();
  await page.getByLabel('Name begins with').fill(last);
  await page.getByRole('link', { name: nameOf(0) }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: last }).waitFor();
  const found = performance.now();
  await page.getByRole('link', { name: last }).click();
  await page.getByRole('heading', { name: last }).waitFor();
  t.comment(
    JSON.stringify({
      ...{ members: count, madeMs: Math.round(made - began), listMs: Math.round(listed - made) },
      ...{ openMs: Math.round(opened - opening), scrolledRows: rows },
      ...{ scrollMs: Math.round(scrolled - opened), heapBefore: before, heapAfter: after },
      ...{ inDocument, findMs: Math.round(found - typing) },
    }),
  );
}
