// Notices under SIGKILL, by mail over TLS with a sign-in: each reaches its member at least once, with one id, and in order. JIFEN_LONG=1: many more.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare } from './harness.js';
import { type Mail, mailbox, smtpError } from './mailbox.js';
import { ServerProcess } from './server-process.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const [MEMBERS, NOTICES, KILLS] = IS_LONG ? ([300, 20, 12] as const) : ([8, 5, 3] as const);
const LIMIT_MS = IS_LONG ? 1_800_000 : 60_000;
const LIMITS = { webhookPauseMs: 50, webhookPauseMsMax: 500, webhookTimeoutMs: 10_000 };
const DAY_MS = 86_400_000;

/** A certificate of this machine, and its key. */
function certificate(folder: string) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = [
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  ];
  const made = spawnSync('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    ...subject,
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return { path: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

const hasTools = spawnSync('openssl', ['version']).status === 0;

t.test(
  'killed again and again, each notice is sent',
  { skip: hasTools ? false : 'no openssl here' },
  async (t) => {
    const folder = temporaryFolder(t);
    const { path, key, cert } = certificate(folder);
    const limits = join(folder, 'limits.json');
    writeFileSync(limits, JSON.stringify(LIMITS));
    const random = new Random(11);
    const wrong: string[] = [];
    const box = await mailbox(t, {
      ...{ key, cert, secure: true, authOptional: false },
      onAuth: (
        { username, password }: any,
        _: unknown,
        done: (error: unknown, said?: object) => void,
      ) =>
        username === 'club' && password === 'pass_word'
          ? done(null, { user: username })
          : done(new Error('no')),
    });
    /** Of each member: the mails that he has, in the order in which they came first, by id. */
    const got = new Map<string, Map<string, string>>();
    box.behaviour.taken = (mail: Mail) => {
      const ofMember = got.get(mail.to) ?? new Map<string, string>();
      got.set(mail.to, ofMember);
      const id = mail.headers['message-id'] as string;
      const before = ofMember.get(id);
      if (before !== undefined && before !== mail.text) wrong.push(`${id} says something else`);
      ofMember.set(id, mail.text);
      if (!mail.isSecure || mail.user !== 'club') wrong.push('in the clear, or of nobody');
      const odd = random.int(20);
      return odd === 0 ? 'drop' : odd === 1 ? smtpError(451) : undefined;
    };
    process.env['NODE_EXTRA_CA_CERTS'] = path;
    t.teardown(() => {
      delete process.env['NODE_EXTRA_CA_CERTS'];
    });
    const options = ['--shards', '2', '--no-logs', '--limits', limits];
    const server = await ServerProcess.start(t, ...options, '--webhook-hosts', 'localhost');
    const ask = (request: string, body?: unknown) =>
      bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
    await ask('PUT /v1/assets/gold', { scale: 0, expiryNoticeDays: 60 });
    const url = `smtps://localhost:${box.port}`;
    const said = { type: 'email', url, from: 'club@shop.example', language: 'en', user: 'club' };
    const made = await ask('POST /v1/channels', { ...said, secret: 'passport' });
    t.equal(made.status, 201, made.text);
    const members = Array.from({ length: MEMBERS }, (_, at) => `m${at}`);
    for (const owner of members)
      await ask(`PUT /v1/members/${owner}/contact`, { email: `${owner}@mail.example` });
    // Without its password nothing is sent, and nothing is given up.
    await ask('POST /v1/transfers', [{ id: 'T', legs: [legOf('m0', 0)] }]);
    const state = async (): Promise<any> => (await ask(`GET /v1/channels/${made.body.id}`)).body;
    await until('nobody is signed in', async () => (await state()).failed > 0, LIMIT_MS);
    t.equal(got.size, 0);
    t.same(
      (await state()).shards.map(({ dead }: any) => dead),
      [0, 0],
    );
    t.equal(
      (await ask(`PUT /v1/channels/${made.body.id}`, { ...said, secret: 'pass_word' })).status,
      200,
    );
    const posting = (async () => {
      for (let n = 1; n <= NOTICES; n++)
        for (const owner of members)
          await until(
            'it is posted',
            async () => {
              try {
                const transfer = { id: `T${n}`, legs: [legOf(owner, n)] };
                return (await ask('POST /v1/transfers', transfer)).status < 300;
              } catch {
                return false;
              }
            },
            LIMIT_MS,
          );
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(200 + random.int(400));
      await server.kill();
      await server.start();
    }
    await posting;
    const amounts = (owner: string): number[] =>
      [...(got.get(`${owner}@mail.example`) ?? [])].map(([, text]) => Number(text.split(' ')[0]));
    const wanted = (owner: string): number[] => [
      ...(owner === 'm0' ? [1] : []),
      ...Array.from({ length: NOTICES }, (_, n) => n + 2),
    ];
    await until(
      'each is sent',
      () => members.every((owner) => amounts(owner).length >= wanted(owner).length),
      LIMIT_MS,
    ).catch(t.error);
    for (const owner of members) t.same(amounts(owner), wanted(owner), `${owner}: each, in order`);
    t.same(wrong, []);
    await until('everything is known to be sent', async () => {
      const { shards } = await state();
      return shards.every(({ waiting }: any) => waiting === 0);
    });
    const { notices } = (await ask('GET /v1/members/m1/notices')).body;
    t.same(
      notices.map(({ state }: any) => state),
      Array(NOTICES).fill('sent'),
    );
    t.comment(`${box.mails.length} mails for ${MEMBERS * NOTICES + 1} notices, ${KILLS} kills`);
  },
);

function legOf(owner: string, n: number) {
  const expiresAt = Date.now() + (2 + n) * DAY_MS;
  return { from: '@issue', to: owner, asset: 'gold', amount: 1 + n, expiresAt };
}
