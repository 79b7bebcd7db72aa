import t from 'tap';
import { Commits, CommitWatch, progressMemory } from '../../engine/store/commit.js';
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

t.test(
  'a write by the thread itself: durable where it says so, and latched where not',
  async (t) => {
    const seen: string[] = [];
    const commits = new Commits('log.mdb');
    commits.runNow(
      'block 1',
      () => true,
      () => seen.push('durable'),
    );
    t.same(seen, ['durable']);
    const notPlaced = { name: 'WriteError', message: /block 2 was not placed/ };
    const unplaced = (): boolean => commits.runNow('block 2', () => false, t.fail) as never;
    t.throws(unplaced, notPlaced);
    t.throws(
      () => commits.runNow('block 3', () => t.fail('must not be written'), t.fail),
      notPlaced,
    );
    await t.rejects(
      commits.run('block 3', async () => t.fail('must not begin')),
      notPlaced,
    );
    const throwing = new Commits('log.mdb');
    const failed = { name: 'WriteError', message: 'log.mdb: block 1 could not be written: EIO' };
    const fails = (): never => {
      throw new Error('EIO');
    };
    t.throws(() => throwing.runNow('block 1', fails, t.fail), failed);
    t.throws(() => throwing.runNow('block 2', () => true, t.fail), failed);
  },
);

t.test('M1: a thread does not write beside what is under way', async (t) => {
  const commits = new Commits('log.mdb');
  const first = pending();
  const one = commits.run('block 1', () => first.promise);
  t.notOk(commits.isIdle);
  t.throws(() => commits.runNow('block 2', () => t.fail('must not be written'), t.fail), /M1/);
  first.resolve(true);
  await one;
  t.ok(commits.isIdle);
  await commits.idle();
});

t.test('another thread sees that a write does not end', async (t) => {
  const progress = progressMemory();
  const commits = new Commits('log.mdb', undefined, undefined, progress);
  const watch = new CommitWatch(progress);
  t.notOk(watch.isOverdue(0, 100));
  const write = (from: number, to: number, isOverdue: boolean): void => {
    commits.runNow(
      'a block',
      () => {
        t.equal(watch.isOverdue(from, 100), false, 'seen for the first time');
        t.equal(watch.isOverdue(to, 100), isOverdue);
        return true;
      },
      () => {},
    );
    t.notOk(watch.isOverdue(to + 1000, 100), 'it has ended');
  };
  write(1000, 1099, false);
  write(3000, 3101, true);
  write(5000, 5050, false);
});
