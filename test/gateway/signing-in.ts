// A gateway where members sign in, and what browsers of theirs do. Owns: cookies of a browser, links out of mails. Never touches: how it is judged.

import type { Test } from 'tap';
import type { GatewayLimits } from '../../gateway/limits.js';
import type { ServeOptions } from '../../gateway/serve.js';
import { until } from '../until.js';
import { type Answered, bare, type Gateway, gateway, type Headers } from './harness.js';
import { type Mailbox, mailbox } from './mailbox.js';

/** Passwords cost next to nothing. */
export const CHEAP: Partial<GatewayLimits> = {
  ...{ passwordMemoryKiB: 8, passwordPasses: 1, passwordsAtOnce: 4 },
  ...{ webhookPauseMs: 20, webhookTimeoutMs: 60_000, visitorRate: { limit: 1e6, seconds: 1 } },
};
export const PASSWORD = 'correct horse 电池';
export const OTHER = 'another one, long enough';

export interface World extends Gateway {
  readonly box: Mailbox;
  /** Milliseconds that the clock is ahead by. */
  readonly clock: Float64Array;
}

/** A gateway with a mail server. */
export async function world(
  t: Test,
  limits: Partial<GatewayLimits> = {},
  options: Partial<ServeOptions> = {},
): Promise<World> {
  const box = await mailbox(t);
  const clockOffset = new SharedArrayBuffer(8);
  const made = await gateway(t, {
    ...{ webhookHosts: ['127.0.0.1'], limits: { ...CHEAP, ...limits } },
    ...options,
    engine: { folder: '', shards: 2, clockOffset, ...options.engine },
  });
  for (const asset of ['gold', 'silver']) await made.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  await mailChannel(made, box);
  return { ...made, box, clock: new Float64Array(clockOffset) };
}

export async function mailChannel(
  { ask }: Pick<Gateway, 'ask'>,
  box: Mailbox,
  more: object = {},
): Promise<void> {
  const channel = {
    type: 'email',
    from: 'club@shop.example',
    language: 'en',
    url: box.url,
    ...more,
  };
  const made = await ask('POST /v1/channels', channel);
  if (made.status !== 201) throw new Error(made.text);
}

/** Members register by themselves with a programme, as users of the platform `shop`. */
export async function registering({ ask, clock, server }: World, programme: string): Promise<void> {
  const document = { asset: 'gold', zone: 'Asia/Shanghai', registration: 'shop' };
  const said = await ask(`PUT /v1/definitions/programme/${programme}`, {
    state: 'active',
    document,
  });
  if (said.status >= 300) throw new Error(said.text);
  // It begins to decide after a while.
  clock[0] = (clock[0] ?? 0) + 15_000;
  const browser = new Browser(server.address);
  await until(`${programme} is open`, async () => {
    const body = { programme, login: 'first@mail.example' };
    return (await browser.ask('POST /session/register', body)).status === 202;
  });
}

/** The newest link that an address was sent, beyond the first `seen` mails. */
export const letterTo = (box: Mailbox, email: string, seen = 0): Promise<string> =>
  until(`${email} has a link`, () => {
    const found = box.mails
      .slice(seen)
      .filter(({ to }) => to === email)
      .map(({ text }) => /https?:\S+\/letters\/[a-z]+#[A-Za-z0-9_-]+/.exec(text)?.[0])
      .findLast((one) => one !== undefined);
    return found ?? false;
  });

/** A browser: it keeps its cookies, and says whose page asks. */
export class Browser {
  readonly address: string;
  readonly cookies = new Map<string, string>();

  constructor(address: string) {
    this.address = address;
  }

  async ask(request: string, body?: unknown, headers: Headers = {}): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await bare(this.address, request, body, {
      ...{ Origin: this.address, 'Sec-Fetch-Site': 'same-origin' },
      ...(cookie && { Cookie: cookie }),
      ...headers,
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0\b/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  signIn(login: string, password = PASSWORD): Promise<Answered> {
    return this.ask('POST /session', { login, password });
  }

  /** Headers of the page's own access token. */
  async token(): Promise<Headers> {
    const { status, body, text } = await this.ask('POST /session/token', {});
    if (status !== 200) throw new Error(text);
    return { Authorization: `Bearer ${body.access_token}` };
  }

  /** Is somebody signed in? */
  async isIn(): Promise<boolean> {
    return (await this.ask('GET /session')).status === 200;
  }
}

/** The link of an invitation that an operator has sent. */
export async function invited(
  { ask, box }: Pick<World, 'ask' | 'box'>,
  owner: string,
  email = `${owner}@mail.example`,
): Promise<string> {
  const seen = box.mails.length;
  const made = await ask(`POST /v1/members/${owner}/invitations`, { email });
  if (made.status !== 202) throw new Error(made.text);
  return letterTo(box, email, seen);
}

/** Somebody who signs in with their name, by a browser of theirs. */
export async function member(of: World, owner: string): Promise<Browser> {
  const letter = await invited(of, owner);
  const browser = new Browser(of.server.address);
  const used = await browser.ask('POST /session/letters', {
    ...{ letter, password: PASSWORD, login: owner },
  });
  if (used.status !== 200) throw new Error(used.text);
  return browser;
}

/** Passwords that were made or compared. */
export async function hashes({ ask }: Pick<World, 'ask'>): Promise<number> {
  const { text } = await ask('GET /metrics');
  return Number(/^jifen_passwords_total (\d+)$/m.exec(text)?.[1]);
}
