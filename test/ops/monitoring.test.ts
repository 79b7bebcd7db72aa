// What is shipped to watch jifen with: rules that promtool believes, a dashboard whose expressions name what there is, and
// figures that a real Prometheus has scraped from a real server.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Prometheus } from '../fixtures/prometheus.js';
import { namesIn } from '../gateway/scrape.js';
import { ServerProcess } from '../gateway/server-process.js';
import { ROOT } from '../setup.js';

const FOLDER = join(ROOT, 'ops', 'prometheus');
const RULES = join(FOLDER, 'jifen.rules.yml');

function promtool(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

const alertsIn = (text: string): string[] =>
  [...text.matchAll(/^\s*- alert: (\w+)$/gm)].map(([, name]) => name as string);

t.test('promtool: the rules, their tests, the configuration', async (t) => {
  for (const args of [
    ['check', 'rules', 'jifen.rules.yml'],
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'jifen.rules.test.yml'],
  ]) {
    const { status, said } = promtool(...args);
    t.equal(status, 0, args.join(' ')) || t.comment(said);
  }
});

t.test('every alert is tested both ways, and the runbook says what to do', async (t) => {
  const tests = readFileSync(join(FOLDER, 'jifen.rules.test.yml'), 'utf8');
  const runbook = readFileSync(join(ROOT, 'ops', 'RUNBOOK.md'), 'utf8');
  const alerts = alertsIn(readFileSync(RULES, 'utf8'));
  t.ok(alerts.length >= 15);
  for (const alert of alerts) {
    t.ok(tests.includes(`  - name: ${alert}\n`) && tests.includes(`${alert}, not raised\n`), alert);
    t.ok(runbook.includes(`| \`${alert}\` |`), `${alert} is in the runbook`);
  }
});

/** Every expression of the dashboard, with Grafana's variables filled in. */
function expressions(): string[] {
  const text = readFileSync(join(ROOT, 'ops', 'grafana', 'jifen.json'), 'utf8');
  const found: string[] = [];
  JSON.parse(text, (key, value) => {
    if (key === 'expr') found.push(value);
    return value;
  });
  return found.map((one) => one.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'));
}

/** Metrics that an expression names, without what a histogram adds to its name. */
const metricsIn = (expression: string): string[] =>
  [...expression.matchAll(/\b(?:jifen|points|exchange|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, ''),
  );

t.test('a real Prometheus scrapes a real server', async (t) => {
  const server = await ServerProcess.start(t, '--shards', '2', '--no-logs');
  const prometheus = await Prometheus.start(t, new URL(server.url).host, RULES);
  const ask = (method: string, path: string, body: unknown) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  await ask('PUT', '/v1/assets/gold', { scale: 0 });
  const users = Array.from({ length: 20 }, (_, at) => `user-${at}`);
  const leg = (from: string, to: string, amount: number) => [{ from, to, asset: 'gold', amount }];
  const earned = users.map((user, at) => ({
    ...{ id: 'e', kind: at % 2 === 0 ? 'ORDER' : 'SIGN', legs: leg('@issue', user, 100 + at) },
  }));
  const given = users.map((user, at) => ({
    ...{ id: 'g', kind: 'GIFT', legs: leg(user, users[(at + 1) % users.length] as string, 10) },
  }));
  const spent = users.map((user) => ({ id: 's', kind: 'CART', legs: leg(user, '@redeem', 5) }));
  const short = users.map((user) => ({ id: 'n', legs: leg(user, '@redeem', 1_000) }));
  // All of it twice: repeats count nothing.
  for (const batch of [earned, given, spent, short, earned, spent, short]) {
    const answers = (await (await ask('POST', '/v1/transfers', batch)).json()) as any[];
    t.equal(answers.length, users.length);
  }
  const issued = (at: number) => earned.filter((_, i) => i % 2 === at).map(({ legs }) => legs[0]);
  const total = (at: number) => issued(at).reduce((sum, one) => sum + (one?.amount ?? 0), 0);
  const orders = 'points_gain_total{type="ORDER",source="@issue",asset="gold"}';
  await prometheus.reaches(`sum(${orders})`, total(0));
  await prometheus.reaches('sum(points_gain_total{type="SIGN"})', total(1));
  await prometheus.reaches('sum(points_consume_total{sink="@redeem",type="CART"})', 100);
  t.equal(await prometheus.value('sum(points_gain_total)'), total(0) + total(1));
  t.equal(await prometheus.value('sum(points_consume_total)'), 100);
  t.equal(await prometheus.value('sum(jifen_redemptions_total)'), 20);
  const posted = 'jifen_transfers_total{command="transfer",outcome="ok"}';
  t.equal(await prometheus.value(`sum(${posted})`), 60);
  t.equal(await prometheus.value(`sum(jifen_transfers_total{outcome="POINTS_SHORT"})`), 20);
  t.equal(await prometheus.value('up{job="jifen"}'), 1);
  t.equal(await prometheus.value('jifen_ready'), 1);
  t.ok(((await prometheus.value('exchange_duration_seconds_count')) ?? 0) >= 1);
  t.ok(((await prometheus.value('sum(jifen_shard_accounts)')) ?? 0) >= users.length);

  const text = await (await fetch(`${server.url}/metrics`)).text();
  const names = new Set(namesIn(text));
  const shown = expressions();
  t.ok(shown.length >= 30);
  const rules = readFileSync(RULES, 'utf8');
  const unknown = [...shown, rules].flatMap(metricsIn).filter((name) => !names.has(name));
  t.same([...new Set(unknown)], [], 'every metric that is named exists');
  for (const expression of shown) await prometheus.query(expression);
  const evaluated = await prometheus.rules();
  t.same(evaluated.map(({ name }) => name).sort(), alertsIn(rules).sort());
  t.same(
    evaluated.filter(({ lastError }) => lastError !== undefined && lastError !== ''),
    [],
  );
});
