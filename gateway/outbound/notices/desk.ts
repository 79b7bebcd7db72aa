// What the thread that sends asks of the ledger: is a member told, where, with which words? Owns: the order in which that is judged. Never touches:
// connections, what was sent.
//   notices.D1. In this order: is there an address, is it agreed to, is the address alive, is it not too old, is it not quiet: what a later one of
//       them holds back was agreed to, and is judged again when it is sent.
//   notices.D2. A link to sign in goes to the address that its letter names, by mail or short message alone: who may say what is known of a member, or has
//       a webhook, cannot have it come to him.

import {
  type Engine,
  NOTICES,
  type NoticeLanguage,
  type NoticeName,
  type NoticeParts,
  type NoticeWords,
  noticeKey,
} from '../../../engine/index.js';
import type { Directory } from '../../auth/directory.js';
import type { Sealer } from '../../auth/sealing.js';
import { activeDocument, lastDocument } from '../../known-definitions.js';
import type { GatewayLimits } from '../../limits.js';
import { agreedBy } from '../../privacy/sharing.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { addressFor, contactOf, contactPage, isAgreed, markDead } from './contacts.js';
import { amountText, filled, timeText } from './filling.js';
import { quietUntil } from './quiet.js';
import type {
  ChannelSettings,
  ChannelType,
  DeskQuestion,
  FindLetter,
  NoticeMessage,
  NoticeOf,
  Verdict,
} from './shapes.js';
import { DEFAULT_TEXTS } from './texts.js';

export interface DeskParts {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  readonly findLetter: FindLetter;
}

/** A channel, as far as it decides what is said. */
export type SpeakingChannel = ChannelSettings & {
  readonly id: string;
  readonly type: ChannelType;
};

/** What a channel asks. */
type ChannelQuestion = Exclude<DeskQuestion, { readonly type: 'sharing' }>;

/** Something cannot be known now. */
class Unknown extends Error {}

/** What was found, or `Unknown` is thrown. */
function known<T>(found: T | Refusal): T {
  if (isRefusal(found)) throw new Unknown();
  return found as T;
}

type Fields = Readonly<Record<string, unknown>>;
const textIn = (data: Fields, name: string): string => String(data[name] ?? '');
const numberIn = (data: Fields, name: string): number => Number(data[name] ?? 0);

export class Desk {
  readonly #parts: DeskParts;
  #channels: ReadonlyMap<string, SpeakingChannel> = new Map();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** All channels there are from now on. */
  channels(all: readonly SpeakingChannel[]): void {
    this.#channels = new Map(all.map((one) => [one.id, one]));
  }

  /** Undefined: it cannot be known now. */
  async answer(question: DeskQuestion): Promise<unknown> {
    if (question.type === 'sharing') return agreedBy(this.#parts.engine, question.owner);
    const channel = this.#channels.get(
      question.type === 'notice' ? question.of.channel : question.channel,
    );
    if (channel === undefined) return undefined;
    try {
      return await this.#answer(channel, question);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }

  async #answer(channel: SpeakingChannel, question: ChannelQuestion): Promise<unknown> {
    const { engine, sealer } = this.#parts;
    const { platform: scope = '', type } = channel;
    switch (question.type) {
      case 'notice':
        return this.#judged(channel, question.of);
      case 'audience':
        return known(await contactPage(engine, scope, question.after));
      case 'dead': {
        const { owner, to, reason } = question;
        const parts = { ledger: engine, sealer, now: engine.now() };
        await markDead(parts, { scope, owner }, { type, to, reason });
        return true;
      }
    }
  }

  async #judged(channel: SpeakingChannel, of: NoticeOf): Promise<Verdict> {
    const { engine, sealer, limits } = this.#parts;
    const {
      type,
      platform: scope = '',
      service = true,
      urgent = [],
      quiet,
      zone = 'UTC',
    } = channel;
    const { notice, owner, at } = of;
    if (notice.startsWith('sign-in.')) return this.#judgedLetter(channel, of);
    const contact = known(await contactOf({ ledger: engine, sealer }, { scope, owner }));
    if (contact === undefined) return { skip: 'NOBODY' };
    const to = addressFor(type, contact);
    if (to === undefined || !(await this.#isOfPlatform(channel, of))) return { skip: 'NOBODY' };
    if (!isAgreed(contact.stored, type, notice, service)) return { skip: 'CONSENT' };
    if (contact.stored.dead[type] !== undefined) return { skip: 'ADDRESS_DEAD' };
    const now = engine.now();
    if (now - at > limits.noticeAgeMsMax) return { skip: 'TOO_OLD' };
    const until =
      quiet === undefined || urgent.includes(notice) ? undefined : quietUntil(now, quiet, zone);
    if (until !== undefined) return { laterMs: until - now };
    const language = contact.stored.language ?? channel.language ?? 'zh';
    return { message: await this.#message(channel, { ...of, to, language }) };
  }

  /** A link goes where it was to go, by a channel of whoever has it sent: nothing else that is said of the member changes that (notices.D2). */
  async #judgedLetter(channel: SpeakingChannel, of: NoticeOf): Promise<Verdict> {
    const letter = known(await this.#parts.findLetter(of.data));
    if (letter === undefined || !this.#speaksFor(channel, of.notice, letter.scope))
      return { skip: 'NOBODY' };
    const { email, phone, scope, link, until } = letter;
    const to = { email, sms: phone, webhook: undefined }[channel.type];
    if (to === undefined) return { skip: 'NOBODY' };
    const { engine, sealer } = this.#parts;
    const { owner } = of;
    const contact = known(await contactOf({ ledger: engine, sealer }, { scope, owner }));
    const language =
      letter.language ?? contact?.stored.language ?? channel.language ?? ('zh' as const);
    const data = { link, until };
    return { message: await this.#message(channel, { ...of, data, to, language }) };
  }

  /** Is a channel whoever's it is that has something sent, or the ledger's own where that one has none of this type? */
  #speaksFor({ platform = '', type }: SpeakingChannel, notice: NoticeName, scope: string): boolean {
    if (platform === scope) return true;
    const all = [...this.#channels.values()];
    return (
      platform === '' &&
      !all.some(
        (one) =>
          one.platform === scope && one.type === type && (one.notices?.includes(notice) ?? true),
      )
    );
  }

  /** A campaign is told by a platform's channel where its points are the platform's. */
  async #isOfPlatform({ platform }: SpeakingChannel, { notice, data }: NoticeOf): Promise<boolean> {
    if (platform === undefined || !notice.startsWith('campaign.')) return true;
    const assets = this.#parts.directory.platform(platform)?.platform.assets ?? [];
    const campaign = await this.#said('campaign', textIn(data, 'campaign'));
    const programme = await this.#said('programme', textIn(campaign, 'programme'));
    return assets.includes(textIn(programme, 'asset'));
  }

  async #said(kind: string, key: string): Promise<Fields> {
    return known(await lastDocument(this.#parts.engine, kind, key)) ?? {};
  }

  // --- words ------------------------------------------------------------------------------------------------------

  /** A notice as somebody would get it, filled with what is said here. */
  async preview(
    channel: SpeakingChannel,
    notice: NoticeName,
    language: NoticeLanguage,
    more: Pick<NoticeMessage, 'id' | 'owner' | 'to'>,
  ): Promise<NoticeMessage | undefined> {
    const at = this.#parts.engine.now();
    const values = Object.fromEntries(NOTICES[notice].fills.map((name) => [name, `<${name}>`]));
    try {
      const parts = await this.#texts(channel, notice, language);
      return this.#written({ ...more, notice, language, at }, parts, values);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }

  async #message(
    channel: SpeakingChannel,
    of: NoticeOf & { readonly to: string; readonly language: NoticeLanguage },
  ): Promise<NoticeMessage> {
    const { notice, language, id, owner, to, at } = of;
    const values = await this.#values(of, channel.zone ?? 'UTC');
    const parts = await this.#texts(channel, notice, language);
    return this.#written({ id, notice, owner, language, to, at }, parts, values);
  }

  #written(
    of: Omit<NoticeMessage, 'subject' | 'text' | 'short'>,
    { subject, text, short }: NoticeWords,
    values: Fields,
  ): NoticeMessage {
    const words = { subject: filled(subject, values), text: filled(text, values) };
    return { ...of, ...words, short: filled(short, values) };
  }

  /** The platform's words, or those for all, or the product's: part by part. */
  async #texts(
    { platform }: SpeakingChannel,
    notice: NoticeName,
    language: NoticeLanguage,
  ): Promise<NoticeWords> {
    const of = async (whose: string | undefined): Promise<NoticeParts> => {
      const key = noticeKey({ platform: whose, notice, language });
      return (known(await activeDocument(this.#parts.engine, 'notice', key)) ?? {}) as NoticeParts;
    };
    const own = platform === undefined ? {} : await of(platform);
    const all = await of(undefined);
    const { subject, text, short } = DEFAULT_TEXTS[language][notice];
    const body = own.text ?? all.text;
    return {
      subject: own.subject ?? all.subject ?? subject,
      text: body ?? text,
      short: own.short ?? all.short ?? body ?? short,
    };
  }

  /** What the places of a text are filled with. */
  async #values({ notice, owner, at, data, assets }: NoticeOf, zone: string): Promise<Fields> {
    const [first = ''] = assets;
    const asset = textIn(data, 'asset') || first;
    const points = (minor: number): Fields => ({ points: this.#amount(minor, asset), asset });
    const date = (name: string): Fields => {
      const time = numberIn(data, name);
      return time > 0 ? { date: timeText(time, zone) } : {};
    };
    const always = { member: owner, time: timeText(at, zone) };
    const order = async (): Promise<Fields> => ({
      ...{ number: data['number'], quantity: data['quantity'], tracking: data['tracking'] },
      goods: await this.#named('goods', textIn(data, 'goods')),
    });
    switch (notice) {
      case 'points.expiring':
        return {
          ...{ ...always, ...date('expiresAt') },
          ...points(numberIn(data, 'available') + numberIn(data, 'held')),
        };
      case 'tier.changed':
        return { ...always, tier: await this.#named('tier', textIn(data, 'to')) };
      case 'referral.joined':
        return { ...always, ...points(numberIn(data, 'amount')) };
      case 'referral.rewarded':
        return { ...always, ...points(numberIn(data, 'referrer')) };
      case 'coupon.issued':
        return {
          ...{ ...always, ...date('until') },
          coupon: await this.#named('coupon', textIn(data, 'coupon')),
        };
      case 'order.created':
        return { ...always, ...(await order()), ...points(numberIn(data, 'total')) };
      case 'order.cancelled':
        return { ...always, ...(await order()), ...points(numberIn(data, 'points')) };
      case 'order.shipped':
      case 'order.completed':
        return { ...always, ...(await order()) };
      case 'goods.back':
        return { ...always, goods: await this.#named('goods', textIn(data, 'goods')) };
      case 'sign-in.invitation':
      case 'sign-in.confirmation':
      case 'sign-in.reset':
        return { ...always, ...date('until'), link: textIn(data, 'link') };
      case 'campaign.started':
      case 'campaign.ended': {
        const key = textIn(data, 'campaign');
        const said = await this.#said('campaign', key);
        const to = numberIn(said, 'to');
        const campaign = said['name'] ?? key;
        return { ...always, campaign, ...(to > 0 && { date: timeText(to, zone) }) };
      }
    }
  }

  #amount(minor: number, asset: string): string {
    const scale = this.#parts.engine.assets().find((one) => one.asset === asset)?.scale ?? 0;
    return amountText(minor, scale);
  }

  /** What a definition is called; its key, where it has no name. */
  async #named(kind: string, key: string): Promise<unknown> {
    if (key === '') return '';
    return (await this.#said(kind, key))['name'] ?? key;
  }
}
