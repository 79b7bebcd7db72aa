// Notices to members: channels, and how members can be reached, through a gateway. Owns: paths, these shapes. Never touches: texts, attempts.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';
import type { DeadLetter, WebhookAttempt, WebhookState } from './webhooks.js';

export type ChannelType = 'email' | 'sms' | 'webhook';

/** A channel as it is said; what goes with which type, the API's document tells. */
export interface ChannelRequest {
  readonly type: ChannelType;
  /** `smtps://host:port` or `smtp://host:port`; for the others https. */
  readonly url: string;
  /** To members as this platform knows them; left out: as the ledger itself does. */
  readonly platform?: string | undefined;
  readonly name?: string | undefined;
  /** Left out: all. */
  readonly notices?: readonly string[] | undefined;
  /** Those that quiet hours do not hold back. */
  readonly urgent?: readonly string[] | undefined;
  readonly service?: boolean | undefined;
  /** `HH:MM`, in `zone`. */
  readonly quiet?: { readonly from: string; readonly to: string } | undefined;
  readonly zone?: string | undefined;
  readonly language?: 'zh' | 'en' | undefined;
  readonly user?: string | undefined;
  readonly from?: string | undefined;
  readonly fromName?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly format?: 'json' | 'form' | undefined;
  /** Shown to nobody again. */
  readonly secret?: string | undefined;
}

/** A channel, without its secret. Times in milliseconds since 1970. */
export interface Channel extends Omit<ChannelRequest, 'secret'> {
  readonly id: string;
  readonly state: 'active' | 'paused';
  readonly hasSecret: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A channel, and how far it is on the shards of the node that was asked. */
export type ChannelState = Channel &
  Pick<WebhookState, 'halted' | 'delivered' | 'failed' | 'inFlight' | 'pausedUntil' | 'shards'> & {
    /** Since the server began: sent, passed over, attempts that failed. */
    readonly counts: { readonly sent: number; readonly skipped: number; readonly failed: number };
  };

/** A notice as it would be written. */
export interface NoticeText {
  readonly notice: string;
  readonly language: 'zh' | 'en';
  readonly subject: string;
  readonly text: string;
  readonly short: string;
}

export interface ContactRequest {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly language?: 'zh' | 'en' | undefined;
}

/** What a member says of notices; `notices`: one, or `service` or `marketing`. */
export interface ConsentRequest {
  readonly type: ChannelType;
  readonly notices: string;
  readonly isGiven: boolean;
}

/** How a member can be reached; masked for who may not see it. */
export interface MemberContact extends ContactRequest {
  readonly owner: string;
  readonly consents: readonly (ConsentRequest & { readonly at: number })[];
  /** Addresses that were answered to be none. */
  readonly dead: readonly {
    readonly type: ChannelType;
    readonly at: number;
    readonly reason: string;
  }[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What became of a notice. */
export interface MemberNotice {
  readonly id: string;
  readonly notice: string;
  readonly channel: string;
  readonly type: ChannelType;
  readonly state: 'sent' | 'waiting' | 'failed' | 'skipped';
  readonly reason?: string;
  readonly at: number;
  readonly updatedAt: number;
}

/** Whose contacts: a platform's, for who administers all; left out: the caller's own. */
export interface OfPlatform {
  readonly platform?: string | undefined;
}

const PATH = '/v1/channels';
const pathOf = (id: string, verb = ''): string => `${PATH}/${part('id', id)}${verb}`;
const memberPath = (owner: string, what: string, query: object = {}): string =>
  `/v1/members/${part('owner', owner)}/${what}${queryOf(query as Record<string, string>)}`;

/** Notices: `client.notices`. */
export class Notices {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Has members told what happens from now on. */
  addChannel(asked: ChannelRequest, options: CallOptions = {}): Promise<Channel> {
    return this.#requests.told('POST', PATH, asked, options);
  }

  async channels(options: CallOptions = {}): Promise<readonly Channel[]> {
    const found = await this.#requests.told<{ channels: readonly Channel[] }>(
      'GET',
      PATH,
      undefined,
      options,
    );
    return found.channels;
  }

  channel(id: string, options: CallOptions = {}): Promise<ChannelState> {
    return this.#requests.told('GET', pathOf(id), undefined, options);
  }

  /** Says it anew; a secret that is left out stays. */
  changeChannel(id: string, asked: ChannelRequest, options: CallOptions = {}): Promise<Channel> {
    return this.#requests.told('PUT', pathOf(id), asked, options);
  }

  async removeChannel(id: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.told('DELETE', pathOf(id), undefined, options);
  }

  pause(id: string, options: CallOptions = {}): Promise<Channel> {
    return this.#requests.told('POST', pathOf(id, '/pause'), undefined, options);
  }

  resume(id: string, options: CallOptions = {}): Promise<Channel> {
    return this.#requests.told('POST', pathOf(id, '/resume'), undefined, options);
  }

  /** A notice as it would be written now, its places named. */
  preview(
    id: string,
    asked: { readonly notice: string; readonly language?: 'zh' | 'en' | undefined },
    options: CallOptions = {},
  ): Promise<NoticeText> {
    return this.#requests.told('POST', pathOf(id, '/preview'), asked, options);
  }

  /** Sends one now; `to`: left out for a webhook. */
  test(
    id: string,
    asked: {
      readonly notice: string;
      readonly language?: 'zh' | 'en' | undefined;
      readonly to?: string | undefined;
    },
    options: CallOptions = {},
  ): Promise<WebhookAttempt> {
    return this.#requests.told('POST', pathOf(id, '/test'), asked, options);
  }

  /** Notices that were given up; `after`: only those behind this one. */
  async deadLetters(
    id: string,
    query: { readonly after?: string | undefined; readonly limit?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<readonly DeadLetter[]> {
    const path = pathOf(id, `/dead-letters${queryOf(query)}`);
    const found = await this.#requests.told<{ deadLetters: readonly DeadLetter[] }>(
      ...(['GET', path, undefined, options] as const),
    );
    return found.deadLetters;
  }

  /** Tries one again, once. */
  retry(id: string, letter: string, options: CallOptions = {}): Promise<WebhookAttempt> {
    const path = pathOf(id, `/dead-letters/${part('id', letter)}/retry`);
    return this.#requests.told('POST', path, undefined, options);
  }

  /** Forgets one. */
  async drop(id: string, letter: string, options: CallOptions = {}): Promise<void> {
    const path = pathOf(id, `/dead-letters/${part('id', letter)}`);
    await this.#requests.told('DELETE', path, undefined, options);
  }

  // --- members ----------------------------------------------------------------------------------------------------

  contact(owner: string, of: OfPlatform = {}, options: CallOptions = {}): Promise<MemberContact> {
    return this.#requests.told('GET', memberPath(owner, 'contact', of), undefined, options);
  }

  /** Says how a member can be reached, in the place of what was known. */
  putContact(
    owner: string,
    asked: ContactRequest,
    of: OfPlatform = {},
    options: CallOptions = {},
  ): Promise<MemberContact> {
    return this.#requests.told('PUT', memberPath(owner, 'contact', of), asked, options);
  }

  /** Forgets how a member can be reached, what he agreed to, and what he was sent. */
  async forget(owner: string, of: OfPlatform = {}, options: CallOptions = {}): Promise<void> {
    await this.#requests.told('DELETE', memberPath(owner, 'contact', of), undefined, options);
  }

  /** Says what a member agrees to, and what not any more; the rest stays. */
  putConsents(
    owner: string,
    consents: readonly ConsentRequest[],
    of: OfPlatform = {},
    options: CallOptions = {},
  ): Promise<MemberContact> {
    return this.#requests.told('PUT', memberPath(owner, 'consents', of), { consents }, options);
  }

  /** Which notices a member was sent, the newest first; `cursor`: of the page before. */
  ofMember(
    owner: string,
    query: OfPlatform & {
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    } = {},
    options: CallOptions = {},
  ): Promise<{ readonly notices: readonly MemberNotice[]; readonly cursor?: string }> {
    return this.#requests.told('GET', memberPath(owner, 'notices', query), undefined, options);
  }
}
