import t from 'tap';
import { Commits } from '../../engine/store/commit.js';
import { WriteError } from '../../engine/store/errors.js';

/** A commit whose end the test decides. */
function pending() {
  let resolve: (placed: boolean) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<boolean>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

t.test('M1: the next commit begins when the one before it is durable', async (t) => {
  const commits = new Commits('log.mdb');
  const first = pending();
  const seen: string[] = [];
  const one = commits.run(
    'one',
    () => first.promise,
    () => seen.push('one durable'),
  );
  const two = commits.run('two', async () => {
    seen.push('two begins');
    return true;
  });
  await turn();
  t.same(seen, []);
  first.resolve(true);
  await Promise.all([one, two]);
  t.same(seen, ['one durable', 'two begins']);
  await commits.idle();
});

t.test('M2: a failure rejects what waits and all that follows', async (t) => {
  const commits = new Commits('log.mdb');
  const first = pending();
  const one = commits.run('block 1', () => first.promise);
  const two = commits.run('block 2', async () => t.fail('must not begin'));
  const commitError = Promise.reject(new Error('Input/output error'));
  first.reject(Object.assign(new Error('Commit failed'), { commitError }));
  const expected = {
    name: 'WriteError',
    environment: 'log.mdb',
    timedOut: false,
    message: 'log.mdb: block 1 could not be written: Input/output error',
  };
  await t.rejects(one, expected);
  await t.rejects(two, expected);
  await t.rejects(
    commits.run('block 3', async () => t.fail('must not begin')),
    expected,
  );
  t.type(commits.failure, WriteError);
  await commits.idle();
});

t.test('a write that failed on a full disk says so, whatever LMDB calls it', async (t) => {
  const failed = (free: () => number) =>
    new Commits('log.mdb', 1_000, free).run('block 1', () =>
      Promise.reject(new Error('Input/output error')),
    );
  const full = 'ENOSPC, no space left on the disk (Input/output error)';
  const said = (why: string) => ({ message: `log.mdb: block 1 could not be written: ${why}` });
  await t.rejects(
    failed(() => 4_096),
    said(full),
  );
  await t.rejects(
    failed(() => 2 ** 30),
    said('Input/output error'),
  );
  const silent = () => {
    throw new Error('ENOENT');
  };
  await t.rejects(failed(silent), said('Input/output error'));
});

t.test('a write that was not placed, or throws at once, is a failure', async (t) => {
  const unplaced = new Commits('log.mdb');
  await t.rejects(
    unplaced.run('block 1', async () => false),
    /block 1 was not placed/,
  );
  const throwing = new Commits('log.mdb');
  const begin = () => {
    throw new Error('closed');
  };
  await t.rejects(throwing.run('block 1', begin), /block 1 could not be written: closed/);
});

t.test('M2: a commit that takes too long is a failure, and stays one', async (t) => {
  const commits = new Commits('log.mdb', 50);
  for (let round = 0; round < 3; round += 1) {
    await commits.run('quick', async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return true;
    });
  }
  const late = pending();
  const alive = setTimeout(() => {}, 5_000);
  await t.rejects(
    commits.run('block 9', () => late.promise),
    { timedOut: true, message: /block 9 was not durable after 50 ms/ },
  );
  clearTimeout(alive);
  late.resolve(true);
  await turn();
  await t.rejects(
    commits.run('block 10', async () => true),
    { timedOut: true, message: /block 9/ },
  );
});

t.test("a busy thread does not take its own slowness for the disk's", async (t) => {
  const commits = new Commits('log.mdb', 40);
  const commit = pending();
  const done = commits.run('block 1', () => commit.promise);
  setImmediate(() => {
    // The completion is there, and so is the timer, when the thread comes back to its loop.
    setImmediate(() => commit.resolve(true));
    const until = performance.now() + 80;
    while (performance.now() < until);
  });
  await done;
  t.equal(commits.failure, undefined);
  await commits.idle();
});
