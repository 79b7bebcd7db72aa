// Drawn calls on codes and tokens, several at once, against a model, while the server is killed: whatever was answered is so, of one code there is one set of
// tokens at most, and none is good after it was revoked.
//   JIFEN_LONG=1: 10,000 sequences.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { campaign } from '../../campaign.js';
import { freePort } from '../../fixtures/nats-server.js';
import { Random } from '../../random.js';
import { temporaryFolder } from '../../temporary.js';
import { until } from '../../until.js';
import { bare } from '../harness.js';
import type { Ask, ChildSettings } from './child.js';
import {
  agreeing,
  type Call,
  explained,
  NEW,
  type Seen,
  type State,
  type Tokens,
} from './model.js';
import { basic, CALLBACK, post, s256, type TestClient, VERIFIER } from './world.js';

/** Sequences that go on at once. */
const AT_ONCE = 24;
const REPEATS = [0, 3_600];

/** A server that is killed and started again on the same folder. */
class Killed {
  readonly #folder: string;
  readonly #port: number;
  readonly #random: Random;
  readonly #waiting = new Map<number, (code: string | undefined) => void>();
  #child: ChildProcess | undefined;
  #number = 0;
  address = '';
  key = '';
  /** May a refresh token be shown again now? */
  repeats = false;
  /** How often it was started. */
  lives = 0;

  constructor(folder: string, port: number, random: Random) {
    this.#folder = folder;
    this.#port = port;
    this.#random = random;
  }

  async start(): Promise<void> {
    const refreshRepeatSeconds = this.#random.pick(REPEATS);
    const settings: ChildSettings = {
      folder: this.#folder,
      port: this.#port,
      refreshRepeatSeconds,
    };
    const env = { ...process.env, JIFEN_CHILD: JSON.stringify(settings) };
    const child = fork(new URL('./child.js', import.meta.url), [], { execArgv: [], env });
    const [told] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the server ended with ${code}`);
      }),
    ]);
    child.on('message', ({ number, code }: { number: number; code: string }) => {
      this.#waiting.get(number)?.(code);
      this.#waiting.delete(number);
    });
    ({ address: this.address, key: this.key } = told);
    this.#child = child;
    this.repeats = refreshRepeatSeconds > 0;
    this.lives++;
  }

  /** SIGKILL, and again. */
  async again(): Promise<void> {
    await this.end();
    await this.start();
  }

  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    for (const told of this.#waiting.values()) told(undefined);
    this.#waiting.clear();
  }

  /** A code of a member, however often the server is killed meanwhile. */
  async code(owner: string, parameters: Ask['parameters']): Promise<string> {
    for (;;) {
      const child = this.#child;
      if (child === undefined) {
        await sleep(5);
        continue;
      }
      const number = this.#number++;
      const code = await new Promise<string | undefined>((resolve) => {
        this.#waiting.set(number, resolve);
        child.send({ number, owner, parameters }, (error) => {
          if (error) resolve(undefined);
        });
      });
      if (code !== undefined) return code;
    }
  }

  /** Asks once; undefined: there was no answer. */
  async post(path: string, form: Record<string, string>, { id, secret }: TestClient) {
    try {
      const answer = await post(this.address, path, form, basic(id, secret));
      return answer.status >= 500 ? undefined : answer;
    } catch {
      return undefined;
    }
  }
}

interface Cast {
  readonly server: Killed;
  readonly app: TestClient;
  readonly other: TestClient;
}

/** Carries out a call. */
async function called({ server, app, other }: Cast, code: string, call: Call): Promise<Seen> {
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
  const ask = () => {
    switch (call.is) {
      case 'exchange':
        return server.post('/token', { ...exchange, code_verifier: VERIFIER }, app);
      case 'misuse':
        return server.post('/token', { ...exchange, code_verifier: 'w'.repeat(43) }, app);
      case 'refresh':
      case 'stolen': {
        const form = { grant_type: 'refresh_token', refresh_token: call.token };
        return server.post('/token', form, call.is === 'refresh' ? app : other);
      }
      default:
        return server.post('/revoke', { token: call.token }, app);
    }
  };
  const answer = await ask();
  if (answer === undefined) return { call, outcome: undefined };
  if (answer.status !== 200) return { call, outcome: 'refused' };
  const { access_token: access, refresh_token: refresh } = answer.body;
  return { call, outcome: access === undefined ? 'done' : { access, refresh } };
}

function drawn(random: Random, known: readonly Tokens[]): Call {
  const some = known.length === 0 ? undefined : random.pick(known);
  const last = known.at(-1);
  if (some === undefined || last === undefined || random.chance(0.15))
    return { is: random.chance(0.8) ? 'exchange' : 'misuse' };
  const kind = random.int(20);
  if (kind < 12) return { is: 'refresh', token: random.chance(0.75) ? last.refresh : some.refresh };
  if (kind < 14) return { is: 'stolen', token: some.refresh };
  if (kind < 17) return { is: 'revoke access', token: some.access };
  return kind < 18 ? { is: 'revoke refresh', token: some.refresh } : { is: 'misuse' };
}

/** Which of these tokens are good, by the server's word. */
async function activeOf({ server, app }: Cast, tokens: readonly string[]) {
  const active = new Set<string>();
  const look = async (token: string): Promise<void> => {
    const answer = await until('an answer', async () => {
      const found = await server.post('/introspect', { token }, app);
      return found?.status === 200 ? found : false;
    });
    if (answer.body.active) active.add(token);
  };
  await Promise.all(tokens.map(look));
  return active;
}

/** One sequence; what does not agree with the model, if anything. */
async function sequence(cast: Cast, seed: number): Promise<string | undefined> {
  const { server, app } = cast;
  const random = new Random(seed);
  const code = await server.code(`m${seed}`, {
    ...{ response_type: 'code', client_id: app.id, redirect_uri: CALLBACK },
    ...{ code_challenge: s256(VERIFIER), code_challenge_method: 'S256' },
  });
  let states: readonly State[] = [NEW];
  const known: Tokens[] = [];
  const story: unknown[] = [];
  for (let left = 2 + random.int(4); left > 0; left--) {
    const calls = Array.from({ length: random.chance(0.5) ? 1 : 2 + random.int(2) }, () =>
      drawn(random, known),
    );
    const [life, before] = [server.lives, server.repeats];
    const seen = await Promise.all(calls.map((call) => called(cast, code, call)));
    const repeats = life === server.lives ? [before] : [false, true];
    states = explained(states, seen, repeats);
    story.push({ seen, repeats });
    for (const { outcome } of seen) if (typeof outcome === 'object') known.push(outcome);
    if (states.length === 0) return JSON.stringify(story);
    if (left > 1 && random.chance(0.5)) continue;
    const tokens = known.flatMap(({ access, refresh }) => [access, refresh]);
    const active = await activeOf(cast, tokens);
    states = agreeing(states, tokens, active);
    story.push({ active: [...active] });
    if (states.length === 0) return JSON.stringify(story);
  }
  return undefined;
}

async function cast(t: Test, random: Random): Promise<Cast> {
  const server = new Killed(join(temporaryFolder(t), 'data'), await freePort(), random);
  t.teardown(() => server.end());
  await server.start();
  const client = async (name: string): Promise<TestClient> => {
    const body = { name, redirectUris: [CALLBACK], scope: 'read redeem' };
    const headers = { Authorization: `Bearer ${server.key}` };
    const made = await bare(server.address, 'POST /v1/oauth-clients', body, headers);
    return { id: made.body.id, secret: made.body.secret };
  };
  return { server, app: await client('App'), other: await client('Other') };
}

t.test('codes and tokens, at once and over kills, are as a model has them', async (t) => {
  const cases = campaign({ name: 'oauth', long: 10_000, sample: 75 });
  const seeds = [...cases.seeds];
  const random = new Random(seeds[0] ?? 1);
  const made = await cast(t, random);
  const { server } = made;
  let done = 0;
  let unknown = 0;
  const work = async (): Promise<void> => {
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
      const wrong = await sequence(made, seed);
      if (wrong !== undefined) t.fail(`seed ${seed}: ${wrong}\n${cases.repeat(seed)}`);
      done++;
    }
  };
  const works = Promise.all(Array.from({ length: AT_ONCE }, work));
  let goesOn = true;
  works.finally(() => {
    goesOn = false;
  });
  // After so many sequences it is killed, in the middle of others.
  for (let next = 50; goesOn; await sleep(20)) {
    if (done < next) continue;
    next = done + 60 + random.int(200);
    await sleep(random.int(100));
    unknown++;
    await server.again();
  }
  await works;
  t.equal(done, cases.count);
  t.comment(`${unknown} kills`);
});

t.test('the model finds what is wrong', async (t) => {
  const made = (n: number): Tokens => ({ access: `a${n}`, refresh: `r${n}` });
  const exchange = (outcome: Seen['outcome']): Seen => ({ call: { is: 'exchange' }, outcome });
  const refresh = (token: string, outcome: Seen['outcome']): Seen => ({
    call: { is: 'refresh', token },
    outcome,
  });
  const one = explained([NEW], [exchange(made(1))], [false]);
  t.equal(one.length, 1);
  t.same(explained([NEW], [exchange(made(1)), exchange(made(2))], [false]), [], 'two of a code');
  t.equal(explained([NEW], [exchange(made(1)), exchange('refused')], [false])[0]?.ended, true);
  t.same(agreeing(explained(one, [exchange('refused')], [false]), ['a1'], new Set(['a1'])), []);
  t.same(explained(one, [refresh('r1', made(2)), refresh('r1', made(3))], [false]), []);
  const repeated = explained(one, [refresh('r1', made(2)), refresh('r1', made(3))], [true]);
  t.same(agreeing(repeated, ['a2', 'a3'], new Set(['a2', 'a3'])), [], 'two that are good at once');
  const revoked: Seen = { call: { is: 'revoke refresh', token: 'r1' }, outcome: 'done' };
  t.same(agreeing(explained(one, [revoked], [false]), ['a1'], new Set(['a1'])), []);
});
