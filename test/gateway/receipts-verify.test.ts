// The verifier of receipts and the witness, by themselves: against RFC 9162 as it is written, other people's notes, flipped bits, forks.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { linesOf } from '../../gateway/receipts/checkpoints.js';
import { compareCheckpoints } from '../../gateway/receipts/compare.js';
import { newKeyPair, Signer } from '../../gateway/receipts/signer.js';
import {
  COSIGNATURE,
  consistency,
  ED25519,
  keyOf,
  leafHash,
  noteOf,
  rootByInclusion,
  rootByNodes,
  sha256,
  signedBy,
  type Trust,
  verifyReceipt,
  vkey,
} from '../../gateway/receipts/verify.js';
import { Witness } from '../../gateway/receipts/witness/core.js';
import { startWitness } from '../../gateway/receipts/witness/server.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { consistencyOf, nodesOf, pathOf, SmallLog, treeHash } from './small-log.js';

t.test('hashes and notes are those of others', async (t) => {
  const hex = (text: string): string =>
    Buffer.from(sha256(new TextEncoder().encode(text))).toString('hex');
  t.equal(hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  t.equal(hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  // The note of golang.org/x/mod/sumdb/note.
  const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const key = keyOf(line);
  t.equal(vkey(key), line);
  t.match(await signedBy(noteOf(note), [key]), [{ name: 'PeterNeumann', type: ED25519 }]);
  await t.rejects(signedBy(noteOf(note.replace('problem,', 'problem.')), [key]), /not one of/);
  for (const wrong of [
    ...[`${line}=`, line.replace('c74f', 'c74e'), line.replace('PeterNeumann', 'Peter Neumann')],
    ...['', 'a+b', line.replace('+ARpc', '+BBpc'), `${line.slice(0, -4)}AAA=`],
  ])
    t.throws(() => keyOf(wrong), { name: 'ReceiptError' }, wrong);
  for (const wrong of [
    ...[note.slice(0, -1), note.replace('\n\n', '\n'), note.replace('\u2014', '-')],
    ...[note.replace('=\n', '\n'), note.replace('If', 'I\tf'), note.replace('If', 'I\ud800f')],
    ...[`${note}\n`, note.replace('PeterNeumann x08', 'Peter+Neumann x08'), ''],
  ])
    t.throws(() => noteOf(wrong), { name: 'ReceiptError' }, JSON.stringify(wrong));
});

t.test('proofs are those of RFC 9162, for all sizes up to 40', async (t) => {
  const leaves = Array.from({ length: 40 }, (_, n) => `leaf ${n}`);
  const roots = leaves.map((_, n) => treeHash(leaves.slice(0, n)));
  let wrong = 0;
  const expect = (is: boolean): void => {
    if (!is) wrong++;
  };
  for (let size = 1; size < leaves.length; size++) {
    const some = leaves.slice(0, size);
    const root = roots[size] as Buffer;
    for (let leaf = 0; leaf < size; leaf++) {
      const found = rootByInclusion(leaf, size, leafHash(some[leaf] as string), pathOf(leaf, some));
      expect(found !== undefined && root.equals(found));
      const bits = (leaf * 2_654_435_761) >>> 0;
      const wanted = some.flatMap((_, n) => (n === leaf || (bits >> (n % 31)) % 2 ? [n] : []));
      const hashed = wanted.map((n) => ({ leaf: n, hash: leafHash(some[n] as string) }));
      const all = rootByNodes(size, hashed, nodesOf(wanted, some));
      expect(all !== undefined && root.equals(all));
      expect(rootByNodes(size, hashed, [...nodesOf(wanted, some), root]) === undefined);
    }
    for (let from = 0; from <= size; from++) {
      const [before, after] = [
        { size: from, root: roots[from] as Buffer },
        { size, root },
      ];
      const proof = consistencyOf(from, some);
      expect(consistency(before, after, proof) === 'consistent');
      const other = { size: from, root: Buffer.from(root).reverse() };
      expect(consistency(other, after, proof) !== 'consistent');
      expect(consistency(before, after, [...proof, root]) !== 'consistent');
      if (from > 0 && from < size)
        expect(consistency(before, after, []) !== 'consistent' || proof.length === 0);
    }
  }
  t.equal(wrong, 0);
  t.equal(rootByInclusion(3, 3, roots[0] as Buffer, []), undefined);
  t.equal(consistency({ size: 3, root: roots[3]! }, { size: 2, root: roots[2]! }, []), 'unproven');
});

interface Witnessed {
  readonly log: SmallLog;
  readonly trust: Trust;
  readonly checkpoint: string;
}

/** A log with two witnesses. */
async function witnessed(t: Parameters<typeof temporaryFolder>[0]): Promise<Witnessed> {
  const log = new SmallLog();
  for (let n = 0; n < 21; n++) log.add(n % 3 === 0 ? 'ann' : `user-${n % 4}`, `T${n}`, 100 + n);
  const signers = ['one', 'two'].map(
    (name) => new Signer(`${name}.example/w`, COSIGNATURE, newKeyPair()),
  );
  let checkpoint = log.checkpoint();
  for (const signer of signers) {
    const folder = temporaryFolder(t);
    const witness = new Witness({ folder, signer, logs: [log.ledgerKey] });
    const { status, body } = await witness.addCheckpoint(`old 0\n\n${log.checkpoint()}`);
    t.equal(status, 200);
    checkpoint += body;
  }
  const trust = { logs: [log.ledgerKey], witnesses: signers.map((one) => one.vkey) };
  return { log, trust, checkpoint };
}

t.test('any flipped bit of a receipt is refused', async (t) => {
  const { log, trust, checkpoint } = await witnessed(t);
  const texts = [
    JSON.stringify(log.receipt('ann', 'T9', checkpoint)),
    JSON.stringify(log.balance('ann', checkpoint)),
  ];
  t.match(await verifyReceipt(texts[0]!, trust), {
    ...{ owner: 'ann', id: 'T9', entries: [{ delta: 109, version: 4 }] },
    checkpoint: { size: 21, witnesses: [{ name: 'one.example/w' }, { name: 'two.example/w' }] },
  });
  t.match(await verifyReceipt(texts[1]!, trust), {
    account: { version: 7, available: 763, held: 0, isWhole: true },
  });
  const flips = campaign({ name: 'bits flipped in receipts', long: 10_000, sample: 200 });
  let refused = 0;
  await flips.run(async (seed) => {
    const random = new Random(seed);
    const bytes = Buffer.from(texts[random.int(2)]!);
    const at = random.int(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
    const text = bytes.toString('utf8');
    await verifyReceipt(text, trust).then(
      () => {
        throw new Error(`byte ${at} was flipped, and it was taken: ${text}`);
      },
      (error: Error) => {
        if (error.name !== 'ReceiptError') throw error;
        refused++;
      },
    );
  });
  t.equal(refused, flips.count);
});

t.test('what a receipt leaves out, adds or says otherwise is refused', async (t) => {
  const { log, trust, checkpoint } = await witnessed(t);
  const other = new SmallLog();
  other.add('ann', 'T0', 1);
  const receipt = log.receipt('ann', 'T9', checkpoint) as any;
  const balance = log.balance('ann', checkpoint) as any;
  const [part] = balance.parts;
  const tell = (made: object): string => JSON.stringify(made);
  const cases: readonly (readonly [string, string, RegExp, Trust?])[] = [
    ['nothing', '', /no JSON/],
    ['another format', tell({ ...receipt, format: 'x' }), /no receipt/],
    ['a strange field', tell({ ...receipt, note: 1 }), /strange/],
    [
      'a field in an entry',
      tell({ ...receipt, entries: [{ ...receipt.entries[0], x: 1 }] }),
      /strange/,
    ],
    ['no entries', tell({ ...receipt, entries: [] }), /no entries/],
    [
      'an entry twice',
      tell({ ...receipt, entries: [...receipt.entries, ...receipt.entries] }),
      /order/,
    ],
    ['another id', tell({ ...receipt, id: 'T3' }), /not of/],
    ['another owner', tell({ ...receipt, owner: 'bob' }), /not of/],
    [
      'somebody else’s entry',
      tell({ ...receipt, entries: (log.receipt('user-1', 'T1') as any).entries }),
      /not of/,
    ],
    ['another log', tell({ ...receipt, checkpoint: other.checkpoint() }), /no key that is trusted/],
    ['an older checkpoint', tell({ ...receipt, checkpoint: log.checkpoint(20) }), /cosigned|proof/],
    ['no witness', tell({ ...receipt, checkpoint: log.checkpoint() }), /0 of the witnesses/],
    [
      'an entry left out',
      tell({ ...balance, parts: [{ ...part, entries: part.entries.slice(1) }] }),
      /proof/,
    ],
    [
      'the last entries left out',
      tell({ ...balance, parts: [], version: 0, available: 0 }),
      /signed of the account/,
    ],
    ['a balance', tell({ ...balance, available: 764 }), /signed of the account/],
    ['a version', tell({ ...balance, version: 8 }), /signed of the account/],
    [
      'a shard’s key for another one',
      tell(receipt),
      /no key/,
      { ...trust, logs: [new SmallLog('jifen.example/test', 1).signer.vkey] },
    ],
    [
      'a witness’s key as the ledger’s',
      tell(receipt),
      /no key/,
      { ...trust, logs: trust.witnesses! },
    ],
    [
      'the ledger’s key as a witness’s',
      tell(receipt),
      /no key of a witness/,
      { ...trust, witnesses: trust.logs },
    ],
    ['more witnesses than there are', tell(receipt), /not 3/, { ...trust, quorum: 3 }],
  ];
  for (const [what, text, why, as = trust] of cases)
    await t.rejects(verifyReceipt(text, as), { name: 'ReceiptError', message: why }, what);
  // A part of an account is proven, and does not pass for the whole of it.
  const some = log.balance('ann', checkpoint) as any;
  const places = part.entries.slice(0, 2).map(({ leaf }: { leaf: number }) => leaf);
  const proof = nodesOf(places, log.leaves).map((one) => one.toString('base64'));
  some.parts = [{ entries: part.entries.slice(0, 2), proof }];
  t.match(await verifyReceipt(tell(some), trust), { account: { isWhole: false, version: 7 } });
  // An account that never was.
  t.match(await verifyReceipt(tell(log.balance('nobody', checkpoint)), trust), {
    account: { version: 0, available: 0, isWhole: true },
  });
  // One witness is enough where one is asked for; a line of nobody's is passed over.
  const lines = checkpoint.split('\n');
  const one = `${lines.slice(0, -2).join('\n')}\n`;
  await t.rejects(verifyReceipt(tell({ ...receipt, checkpoint: one }), trust));
  t.match(await verifyReceipt(tell({ ...receipt, checkpoint: one }), { ...trust, quorum: 1 }), {
    ok: true,
  });
});

t.test('an entry that a ledger wrote in two ways is refused', async (t) => {
  const log = new SmallLog();
  log.add('ann', 'T0', 5);
  const first = log.leaves[0]!;
  for (const text of [
    first.replace('"version":1', '"version":1,"version":2'),
    first.replace('"delta":5', '"delta": 5'),
    first.replace('"delta":5', '"delta":5.0'),
    first.replace('"held":0', '"held":"0"'),
    first.replace('"seq":1,"n":0', '"n":0,"seq":1'),
    first.replace('"n":0,', ''),
  ]) {
    log.leaves[0] = text;
    await t.rejects(
      verifyReceipt(JSON.stringify(log.receipt('ann', 'T0')), { logs: [log.ledgerKey] }),
      { name: 'ReceiptError' },
      text,
    );
  }
});

t.test('a witness keeps the protocol', async (t) => {
  const log = new SmallLog();
  for (let n = 0; n < 30; n++) log.add('ann', `T${n}`, 1);
  const folder = temporaryFolder(t);
  const signer = new Signer('w.example/1', COSIGNATURE, newKeyPair());
  const made = () => new Witness({ folder, signer, logs: [log.signer.vkey] });
  const asked = (old: number, size: number, proof = log.consistency(old, size)) =>
    [`old ${old}`, ...proof, '', log.checkpoint(size)].join('\n');
  const strange = new SmallLog('strange.example', 0);
  strange.add('ann', 'T', 1);
  const twin = new SmallLog();
  twin.add('ann', 'T', 1);
  let witness = made();
  const table: readonly (readonly [string, string, number, RegExp?])[] = [
    ['nothing', '', 400],
    ['no old size', `${log.checkpoint(3)}`, 400],
    ['an old size with zeroes', asked(0, 3).replace('old 0', 'old 00'), 400],
    ['an unknown log', `old 0\n\n${strange.checkpoint()}`, 404],
    ['a log whose key is another one', `old 0\n\n${twin.checkpoint()}`, 403],
    ['a forged signature', asked(0, 3).replace(/(\u2014 \S+ \S{20})./, '$1A'), 403],
    ['more than there is', asked(0, 3).replace('old 0', 'old 4'), 400],
    ['a proof where nothing was seen', asked(0, 3, log.consistency(1, 3)), 422],
    ['too many lines', asked(0, 3, Array(64).fill(log.consistency(1, 3)[0])), 400],
    ['the first one', asked(0, 3), 200, /^\u2014 w\.example\/1 /],
    ['the same again', asked(3, 3), 200],
    ['somebody who knows nothing', asked(0, 7), 409, /^3\n$/],
    ['an old size that is none', asked(2, 7), 409, /^3\n$/],
    ['no proof', asked(3, 7, []), 422],
    ['another proof', asked(3, 7, log.consistency(2, 7)), 422],
    ['what goes on', asked(3, 7), 200],
    ['what was before', asked(3, 3), 409, /^7\n$/],
    ['another process', asked(7, 8), 200],
    ['a long way', asked(8, 30), 200],
  ];
  for (const [what, body, status, answer = /./] of table) {
    if (what === 'another process') witness = made();
    const told = await witness.addCheckpoint(body);
    t.match(told, { status, body: answer }, what);
  }
  t.equal((await witness.addCheckpoint(asked(0, 3))).type, 'text/x.tlog.size');
  t.strictSame(await witness.forks(), []);
  // Signatures that anybody wrote beside the log's do not stay with it.
  const junk = Array.from({ length: 62 }, (_, n) => `\u2014 x${n} ${'A'.repeat(92)}\n`).join('');
  t.match(await witness.addCheckpoint(asked(30, 30) + junk), { status: 200 });
  const kept = noteOf(await witness.latest(log.origin));
  t.strictSame(
    kept.signatures.map(({ name }) => name),
    [log.origin, 'w.example/1'],
  );
  t.equal((await witness.addCheckpoint(asked(30, 30))).status, 200);
  // At once: one after the other, and the last one is the largest.
  const race = new SmallLog();
  for (let n = 0; n < 40; n++) race.add('ann', `T${n}`, 1);
  const racing = new Witness({ folder: temporaryFolder(t), signer, logs: [race.ledgerKey] });
  const sizes = Array.from({ length: 40 }, (_, n) => n + 1);
  const answers = await Promise.all(
    sizes.map((size) => racing.addCheckpoint(`old 0\n\n${race.checkpoint(size)}`)),
  );
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.equal(answers.filter(({ status }) => status === 409).length, 39);
});

t.test('a fork is shown to two witnesses', async (t) => {
  const pair = newKeyPair();
  const [left, right] = [0, 1].map(() => new SmallLog('jifen.example/f', 0, pair)) as [
    SmallLog,
    SmallLog,
  ];
  for (let n = 0; n < 10; n++) for (const log of [left, right]) log.add('ann', `T${n}`, 1);
  const logs = [left.ledgerKey];
  const forks: string[] = [];
  const start = (name: string, folder = temporaryFolder(t)) =>
    startWitness({ folder, name, logs, port: 0, onFork: ({ origin }) => forks.push(origin) });
  const folder = temporaryFolder(t);
  const [one, two] = [await start('one.example/w', folder), await start('two.example/w')];
  t.teardown(() => Promise.all([one.close(), two.close()]));
  await t.rejects(start('three.example/w', folder), /in use/);
  const add = async (address: string, old: number, log: SmallLog, proof = log.consistency(old)) => {
    const body = [`old ${old}`, ...proof, '', log.checkpoint()].join('\n');
    const answer = await fetch(`${address}/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  };
  for (const { address } of [one, two]) t.equal((await add(address, 0, left)).status, 200);
  // Two histories from here on: each is shown to one of them.
  left.add('ann', 'L', 5);
  right.add('ann', 'R', -5);
  t.equal((await add(one.address, 10, left)).status, 200);
  t.equal((await add(two.address, 10, right)).status, 200);
  t.equal(forks.length, 0);
  // Either one, shown the other's, refuses it and keeps both.
  t.match(await add(one.address, 11, right), { status: 409, text: /forked/ });
  t.match(await add(two.address, 11, left), { status: 409, text: /forked/ });
  t.equal(forks.length, 2);
  for (const log of [left, right]) log.add('ann', 'more', 1);
  // Of two sizes: what proves the later one shows that it goes on from something else.
  t.match(await add(one.address, 11, right), { status: 422 });
  t.equal(forks.length, 3);
  const { forks: told } = (await (await fetch(`${one.address}/forks`)).json()) as any;
  t.equal(told.length, 2);
  // A proof of nobody's shows nothing: no alarm.
  t.match(await add(one.address, 11, left, right.consistency(11)), { status: 422 });
  t.match(await add(one.address, 11, left, [left.consistency(3)[0]!]), { status: 422 });
  t.equal(forks.length, 3);
  // What each has cosigned, held against the other: whoever trusts the key sees it.
  const cosigned = await Promise.all(
    [one, two].map(async ({ address }) => {
      const asked = `${address}/checkpoint?origin=${encodeURIComponent(left.origin)}`;
      return (await fetch(asked)).text();
    }),
  );
  const trust = { logs };
  const [a = '', b = ''] = cosigned;
  t.match(await compareCheckpoints(a, b, trust), { state: 'forked', why: /two histories/ });
  t.match(await compareCheckpoints(a, a, trust), { state: 'same' });
  const later = right.checkpoint();
  t.match(await compareCheckpoints(a, later, trust), { state: 'unproven' });
  t.match(await compareCheckpoints(a, later, trust, right.consistency(11)), { state: 'forked' });
  t.match(await compareCheckpoints(b, later, trust, right.consistency(11)), {
    state: 'consistent',
  });
  await t.rejects(compareCheckpoints(a, b, { logs: [new SmallLog().ledgerKey] }), /trusted/);
  t.equal((await fetch(one.address)).status, 200);
  t.equal((await fetch(`${one.address}/x`)).status, 404);
  const long = await fetch(`${one.address}/add-checkpoint`, {
    ...{ method: 'POST', body: 'x'.repeat(70_000) },
  });
  t.equal(long.status, 413);
  // Another process goes on from what was cosigned, with the same key.
  const before = one.vkey;
  await one.close();
  const again = await start('one.example/w', folder);
  t.teardown(() => again.close());
  t.equal(again.vkey, before);
  t.match(await add(again.address, 11, right), { status: 422 });
  t.match(await add(again.address, 11, left), { status: 200 });
});

t.test('the verifier is one file that imports nothing', async (t) => {
  const file = join(import.meta.dirname, '../../gateway/receipts/verify.js');
  const text = readFileSync(file, 'utf8');
  t.notMatch(text, /^\s*import\b|\brequire\(|\bimport\(/m);
  const copied = join(temporaryFolder(t), 'verify.mjs');
  writeFileSync(copied, text);
  const log = new SmallLog();
  log.add('ann', 'T', 7);
  const alone = (await import(copied)) as { verifyReceipt: typeof verifyReceipt };
  t.match(
    await alone.verifyReceipt(JSON.stringify(log.receipt('ann', 'T')), { logs: [log.ledgerKey] }),
    { ok: true, entries: [{ delta: 7 }] },
  );
});

t.test(
  'a cosignature is kept for the key that made it, whatever the witness is called',
  async (t) => {
    const signer = () => new Signer('witness.example', COSIGNATURE, newKeyPair());
    const [one, other, third] = [signer(), signer(), signer()];
    const text = 'ledger.example/shard/0\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
    const note = `${text}\n${one.line(text, 1)}${other.line(text, 2)}`;
    const kept = { note, cosigned: { a: 1, b: 2, c: 3 } };
    const lines = linesOf(kept, text, [
      { witness: 'a', vkey: one.vkey },
      { witness: 'b', vkey: other.vkey },
      // It had another key when it cosigned.
      { witness: 'c', vkey: third.vkey },
    ]);
    t.same(
      [...lines],
      [
        ['a', { line: one.line(text, 1), seconds: 1 }],
        ['b', { line: other.line(text, 2), seconds: 2 }],
      ],
    );
    t.equal(linesOf(kept, text.replace('/0', '/1'), [{ witness: 'a', vkey: one.vkey }]).size, 0);
  },
);
