// Doubt: what waits for its end, in which order, and for how long (cluster.N9-N11). Against claims that a test makes up.

import t from 'tap';
import type { Claims } from '../../engine/cluster/claims.js';
import { Tenure } from '../../engine/cluster/tenure.js';

class Made {
  rival: string | undefined;
  isConnected = true;
  readonly disputed = new Map<number, string>();
  readonly did: string[] = [];
  readonly host = {
    hold: () => void this.did.push('hold'),
    renew: async () => void this.did.push('renew'),
  };
  readonly tenure = new Tenure(this as unknown as Claims, 60_000);

  async ask(): Promise<boolean> {
    this.did.push('ask');
    return this.isConnected;
  }

  pass(what: string, ms = 60_000): void {
    const until = performance.now() + ms;
    this.tenure.pass(
      () => void this.did.push(what),
      (code) => void this.did.push(`${what} ${code}`),
      () => until,
    );
  }

  async until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 200 && !holds(); tries++)
      await new Promise((next) => setTimeout(next, 10));
  }
}

t.test('a standstill', async (t) => {
  const made = new Made();
  const { tenure, did } = made;
  tenure.start(made.host);
  made.pass('before');
  tenure.stoodStill(4_200);
  t.match(tenure.doubt, /^this process stood still for 4 s: /);
  made.pass('first');
  made.pass('second');
  t.same(did, ['before', 'hold', 'ask']);
  await made.until(() => did.includes('second'));
  t.same(did, ['before', 'hold', 'ask', 'ask', 'renew', 'first', 'second'], 'in order');
  t.equal(tenure.doubt, undefined);
  tenure.stop();
});

t.test('a standstill without NATS: nobody waits for longer than may be', async (t) => {
  const made = new Made();
  const { tenure, did } = made;
  made.isConnected = false;
  tenure.start(made.host);
  tenure.stoodStill(4_000);
  made.pass('short', 100);
  made.pass('long');
  await made.until(() => did.includes('short SHARD_UNAVAILABLE'));
  t.ok(did.includes('short SHARD_UNAVAILABLE'));
  t.notOk(did.includes('renew'));
  made.isConnected = true;
  await made.until(() => did.includes('long'));
  t.equal(did.at(-1), 'long');
  tenure.stop();
});

t.test('a rival', async (t) => {
  const made = new Made();
  const { tenure, did } = made;
  tenure.start(made.host);
  tenure.stoodStill(4_000);
  made.pass('unanswered');
  made.rival = 'shard 2 is served by node b';
  tenure.rivalled();
  made.pass('later');
  t.ok(did.includes('later SHARD_UNAVAILABLE'), 'what became of it is not known');
  t.equal(tenure.refusalOf(2, true), 'SHARD_SERVED_TWICE');
  t.equal(tenure.refusalOf(7, false), undefined);
  await made.until(() => did.includes('unanswered SHARD_UNAVAILABLE'));
  t.notOk(did.includes('unanswered'));
  t.equal(tenure.doubt, made.rival);
  made.rival = undefined;
  await made.until(() => tenure.doubt === undefined);
  t.equal(tenure.refusalOf(2, true), undefined);
  t.equal(did.at(-1), 'renew');
  tenure.stop();
});

t.test('a rival that was heard before anything was served', async (t) => {
  const made = new Made();
  const { tenure, did } = made;
  made.rival = 'shard 2 is served by node b';
  tenure.rivalled();
  t.same(did, []);
  tenure.start(made.host);
  t.ok(did.includes('hold'));
  made.rival = undefined;
  await made.until(() => tenure.doubt === undefined);
  t.equal(tenure.doubt, undefined, 'it ends all the same');
  tenure.stop();
});

t.test('a stop in doubt leaves nobody waiting', async (t) => {
  const made = new Made();
  const { tenure, did } = made;
  made.isConnected = false;
  tenure.start(made.host);
  tenure.stoodStill(4_000);
  made.pass('waits');
  tenure.stop();
  made.pass('comes late');
  t.same(did.slice(-2), ['waits SHARD_UNAVAILABLE', 'comes late SHARD_UNAVAILABLE']);
});
