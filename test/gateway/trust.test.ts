// What a member, a regulator and an operator ask of trust by the client and the command line: consents, who has seen what, erasures, receipts, witnesses,
// alerts; what health and metrics say of it.

import { join } from 'node:path';
import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { verifyReceipt } from '../../gateway/receipts/verify.js';
import { temporaryFolder } from '../temporary.js';
import { slowly } from '../until.js';
import { caller } from './callers.js';
import { WITNESS } from './contract-world.js';
import { gateway } from './harness.js';
import { run } from './program.js';

t.test('trust by the client and the command line', async (t) => {
  const home = temporaryFolder(t);
  const served = await gateway(t, {
    ...{ assets: ['gold'], webhookHosts: ['127.0.0.1'], limits: { checkpointMs: 100 } },
    engine: { folder: '', receipts: true },
  });
  const { ask, server, key, folder } = served;
  await caller(served, 'shop');
  const ledger = connect({ url: server.address, key });
  t.teardown(() => ledger.close());
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 10 }];
  await ledger.submit({ type: 'transfer', id: 'E', legs });
  const health = async (): Promise<any> => (await ask('GET /health')).body.components;
  t.equal((await health()).vault, undefined, 'nothing was ever sealed');

  // Consents, who has seen what.
  t.match(await ledger.privacy.sharing('ann'), { share_contacts: { isGiven: false, at: null } });
  await ledger.privacy.share('ann', { share_contacts: true });
  t.match(await ledger.privacy.sharing('ann'), { share_contacts: { isGiven: true, at: Number } });
  t.equal((await ask('PUT /v1/members/ann/contact', { email: 'ann@mail.example' })).status, 200);
  await ask('GET /v1/members/ann/export');
  t.match(await ledger.privacy.disclosures('ann'), { disclosures: [{ what: 'export' }] });
  t.match(await ledger.privacy.anonymousId('ann', 'shop'), { id: /^[\w-]{43}$/ });
  t.ok((await ledger.privacy.retention()).retention.length > 3);
  t.match(await ledger.privacy.vault(), { isOpen: true, members: 1, master: 'file' });
  t.match((await health()).vault, { status: 'ok' });
  t.match(await ledger.privacy.rotate('shelves'), { isOpen: true });
  t.match(await ledger.privacy.requestErasure('ann', { reason: 'I go' }), { state: 'requested' });
  t.match(await ledger.privacy.erasures({ state: 'requested' }), { erasures: [{ owner: 'ann' }] });
  await ledger.privacy.withdrawErasure('ann');
  await ledger.privacy.erase('ann', { reason: 'asked for' });
  await slowly('ann is erased', async () => {
    const { state } = await ledger.privacy.erasure('ann');
    return state === 'erased';
  });

  // Receipts, witnesses.
  const receipt = await slowly('the receipt', () =>
    ledger.receipts.command('ann', 'E').catch(() => false as const),
  );
  const { keys } = await ledger.receipts.keys();
  const trust = { logs: keys.map(({ vkey }) => vkey), witnesses: [] };
  const told = await verifyReceipt(JSON.stringify(receipt), trust);
  t.match(told, { owner: 'ann', entries: [{ delta: 10 }] });
  t.match(await ledger.receipts.account('ann', { asset: 'gold' }), { kind: 'account' });
  const { checkpoints } = await ledger.receipts.checkpoints();
  t.match(checkpoints[0], { fault: null, shard: 0, note: /shard\/0\n/ });
  t.match(await ledger.receipts.consistency(0, { from: 1, to: 2 }), { proof: [String] });
  t.equal((await ledger.receipts.newKey()).keys.length, 2);
  t.match((await health()).receipts, { status: 'ok' });
  await ledger.receipts.putWitness('away', WITNESS);
  t.match(await ledger.receipts.witnesses(), { witnesses: [{ witness: 'away' }] });
  await ledger.receipts.removeWitness('away');

  // Alerts.
  const rule = { threshold: 1, windowMs: 3_600_000 };
  t.match(await ledger.alerts.putRule('REDEMPTION_BURST', rule), { threshold: 1, version: Number });
  const until = server.engine.now() + 60_000;
  const silence = await ledger.alerts.silence({ subject: 'ledger', until, reason: 'a sale' });
  t.match(await ledger.alerts.silences(), { silences: [{ id: silence.id }] });
  for (const id of ['R1', 'R2'])
    await ledger.submit({
      ...{ type: 'transfer', id },
      legs: [{ from: 'ann', to: '@redeem', asset: 'gold', amount: 1 }],
    });
  await ledger.alerts.putRule('REDEMPTION_BURST', { ...rule, severity: 'critical' });
  const alert = await slowly('it is found', async () => {
    const { alerts } = await ledger.alerts.list({ rule: 'REDEMPTION_BURST' });
    return alerts[0] ?? false;
  });
  t.match(await ledger.alerts.get(alert.id), { state: 'silenced', silence: silence.id });
  await ledger.alerts.endSilence(silence.id);
  t.match(await ledger.alerts.resolve(alert.id, { reason: 'known' }), { state: 'resolved' });
  t.match(await ledger.alerts.removeRule('REDEMPTION_BURST'), {});
  t.ok((await ledger.alerts.rules()).rules.length > 10);

  // What a scrape sees; the command line.
  const metrics = (await ask('GET /metrics')).text;
  for (const line of [
    /^jifen_vault_open 1$/m,
    /^jifen_vault_erased 1$/m,
    /^jifen_vault_sealed_total [1-9]/m,
    /^jifen_checkpoints_stopped 0$/m,
  ])
    t.match(metrics, line);
  const by = ['--url', server.address, '--key', join(folder, 'admin.key')];
  const said = await run(home, 'privacy', 'consent', 'bob', '--analytics', 'yes', ...by);
  t.match(JSON.parse(said.out), { share_analytics: { isGiven: true } }, said.err);
  const wrong = await run(home, 'privacy', 'consent', 'bob', '--analytics', 'maybe', ...by);
  t.match(wrong, { code: 2, err: /--analytics is yes or no/ });
  const listed = await run(home, 'privacy', 'disclosures', 'ann', ...by);
  t.ok(Array.isArray(JSON.parse(listed.out).disclosures), listed.err);
});
