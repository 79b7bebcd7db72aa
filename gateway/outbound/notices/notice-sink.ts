// A channel, as the outbox has it: a sink that tells members. Owns: what of an event was told to whom, rounds of campaigns. Never touches: records, texts.
//   notices.S1. Whether a member is told, and what, is asked anew for each attempt: by what is committed then.
//   notices.S2. Who was told is not told again where an event comes again, but for what a kill took before it was stored.
//   notices.S3. One member who cannot be told holds back no other one of a campaign.

import type { Destinations } from '../addresses.js';
import { eventId, type OutboundEvent } from '../event.js';
import type { Attempt, SenderLimits } from '../sending.js';
import type { Sink } from '../sink.js';
import { alertMessages } from './alerts.js';
import { Mailer } from './email.js';
import type { History } from './history.js';
import { noticeId, type Recipient, recipientsOf } from './recipients.js';
import { reportMessages } from './reports.js';
import { Requests } from './requests.js';
import { Robots } from './robots.js';
import {
  type AskDesk,
  type Audience,
  type ChannelType,
  isRobotType,
  type NoticeMessage,
  type NoticeState,
  noticesOf,
  type SendingChannel,
  type Verdict,
} from './shapes.js';

export interface NoticeSinkParts {
  readonly destinations: Destinations;
  readonly limits: SenderLimits & { readonly webhookConcurrency: number };
  readonly desk: AskDesk;
  readonly history: History;
  readonly now: () => number;
}

interface Transport {
  send(message: NoticeMessage): Promise<Attempt & { readonly isDead?: boolean | undefined }>;
  close?(): void;
}

/** A transport, and how many attempts are under way by it. */
interface Opened {
  readonly transport: Transport;
  users: number;
}

/** Where the round of a campaign is. */
interface Round {
  after: string;
  /** Why some are told in another round; undefined: none is. */
  failed: Attempt | undefined;
}

/** How long a round goes on before others have their turn. */
const ROUND_MS = 2_000;
/** Alerts and reports of which it is remembered who was told: whoever is forgotten may be told twice, with the same id. */
const STAFF_EVENTS_MAX = 1_000;

const done = (began: number): Attempt => ({ isDelivered: true, ms: performance.now() - began });
const unknown = (began: number): Attempt => ({
  ...{ isDelivered: false, reason: 'LEDGER_UNAVAILABLE', ms: performance.now() - began },
});

export class NoticeSink implements Sink {
  readonly #parts: NoticeSinkParts;
  readonly #rounds = new Map<string, Round>();
  /** Who was told of an alert, or a report, that others are still to be told of. */
  readonly #toldStaff = new Map<string, Set<string>>();
  readonly counts = { sent: 0, skipped: 0, failed: 0 };
  #channel: SendingChannel;
  readonly #all = new Set<Opened>();
  #opened: Opened;

  constructor(channel: SendingChannel, parts: NoticeSinkParts) {
    this.#parts = parts;
    this.#channel = channel;
    this.#opened = this.#open();
  }

  #open(): Opened {
    const { destinations, limits, now } = this.#parts;
    const { type } = this.#channel;
    const transport =
      type === 'email'
        ? new Mailer(this.#channel, destinations, limits.webhookTimeoutMs)
        : isRobotType(type)
          ? new Robots(this.#channel, destinations, { limits, now })
          : new Requests(this.#channel, destinations, { limits, now });
    const opened = { transport, users: 0 };
    this.#all.add(opened);
    return opened;
  }

  /** It is as said here from the next notice on; what is under way ends as it was. */
  change(channel: SendingChannel): void {
    const before = this.#opened;
    this.#channel = channel;
    this.#opened = this.#open();
    this.#closeUnused(before);
  }

  /** Sends one that follows from no event: for a test. */
  try(message: NoticeMessage): Promise<Attempt> {
    return this.#post(message);
  }

  async #post(message: NoticeMessage): ReturnType<Transport['send']> {
    const opened = this.#opened;
    opened.users++;
    const attempt = await opened.transport.send(message);
    opened.users--;
    this.#closeUnused(opened);
    return attempt;
  }

  #closeUnused(opened: Opened): void {
    if (opened === this.#opened || opened.users > 0) return;
    opened.transport.close?.();
    this.#all.delete(opened);
  }

  async send(event: OutboundEvent): Promise<Attempt> {
    const began = performance.now();
    const staff = [...alertMessages(event, this.#channel), ...reportMessages(event, this.#channel)];
    if (staff.length > 0) return this.#tellStaff(event, staff);
    for (const recipient of recipientsOf(event, noticesOf(this.#channel))) {
      const attempt =
        recipient.owner === undefined
          ? await this.#round(event, recipient)
          : await this.#tell(event, { ...recipient, owner: recipient.owner });
      if (!attempt.isDelivered) return attempt;
    }
    return done(began);
  }

  /** Tells of an alert, or a report, whoever was not told by an attempt before. */
  async #tellStaff(event: OutboundEvent, messages: readonly NoticeMessage[]): Promise<Attempt> {
    const began = performance.now();
    const key = eventId(event);
    const told = this.#toldStaff.get(key) ?? new Set<string>();
    this.#toldStaff.set(key, told);
    const [oldest] = this.#toldStaff.keys();
    if (this.#toldStaff.size > STAFF_EVENTS_MAX && oldest !== undefined)
      this.#toldStaff.delete(oldest);
    let failed: Attempt | undefined;
    for (const message of messages) {
      if (told.has(message.id)) continue;
      const { isDead: _, ...attempt } = await this.#post(message);
      const { isDelivered, isFinal = false } = attempt;
      this.counts[isDelivered ? 'sent' : 'failed']++;
      if (isDelivered) told.add(message.id);
      // One address that is none keeps no other one from being tried again.
      else if (failed === undefined || (failed.isFinal === true && !isFinal)) failed = attempt;
    }
    if (failed === undefined || failed.isFinal === true) this.#toldStaff.delete(key);
    return failed ?? done(began);
  }

  // --- one member -------------------------------------------------------------------------------------------------

  async #tell(
    event: OutboundEvent,
    { notice, owner }: Recipient & { readonly owner: string },
  ): Promise<Attempt> {
    const began = performance.now();
    const { desk, history } = this.#parts;
    const { id: channel, type } = this.#channel;
    const { time: at, assets, data } = event;
    const id = noticeId(event, { channel, notice, owner });
    const known = history.get(owner, at, id)?.state;
    if (known === 'sent' || known === 'skipped') return done(began);
    const keep = (state: NoticeState, reason?: string): void =>
      history.put(owner, {
        ...{ id, notice, channel, state, reason, at, updatedAt: this.#parts.now() },
        // Robots tell no members.
        type: type as ChannelType,
        scope: this.#channel.platform ?? '',
      });
    const of = { channel, notice, owner, id, at, assets, data };
    const verdict = await desk<Verdict>({ type: 'notice', of });
    if (verdict === undefined) return unknown(began);
    if ('laterMs' in verdict) {
      keep('waiting', 'QUIET_HOURS');
      return { isDelivered: false, laterMs: verdict.laterMs, ms: performance.now() - began };
    }
    if ('skip' in verdict) {
      if (verdict.skip !== 'NOBODY') {
        this.counts.skipped++;
        keep('skipped', verdict.skip);
      }
      return done(began);
    }
    const { message } = verdict;
    const { isDead = false, ...attempt } = await this.#post(message);
    const { isDelivered, isFinal = false, reason, status } = attempt;
    this.counts[isDelivered ? 'sent' : 'failed']++;
    if (isDelivered) keep('sent');
    else keep(isFinal ? 'failed' : 'waiting', [reason, status].filter(Boolean).join(' '));
    if (isDead) {
      const why = `${reason} ${status}`;
      await desk({ type: 'dead', channel, owner, to: message.to, reason: why });
    }
    return attempt;
  }

  // --- everybody --------------------------------------------------------------------------------------------------

  /** Tells some more; delivered once nobody is left. */
  async #round(event: OutboundEvent, { notice }: Recipient): Promise<Attempt> {
    const began = performance.now();
    const key = `${eventId(event)} ${notice}`;
    const round = this.#rounds.get(key) ?? { after: '', failed: undefined };
    this.#rounds.set(key, round);
    while (performance.now() - began < ROUND_MS) {
      const { id: channel } = this.#channel;
      const page = await this.#parts.desk<Audience>({
        ...{ type: 'audience', channel, after: round.after },
      });
      if (page === undefined) return unknown(began);
      const stopped = await this.#tellAll(event, { notice, owners: page.owners, round });
      if (stopped !== undefined) return stopped;
      if (page.after === undefined) {
        this.#rounds.delete(key);
        return round.failed ?? done(began);
      }
      round.after = page.after;
    }
    return { isDelivered: false, laterMs: 0, ms: performance.now() - began };
  }

  /** Some at a time; an attempt where none of them could be told: then no more are tried now. */
  async #tellAll(
    event: OutboundEvent,
    {
      notice,
      owners,
      round,
    }: { owners: readonly string[]; round: Round } & Pick<Recipient, 'notice'>,
  ): Promise<Attempt | undefined> {
    const { webhookConcurrency } = this.#parts.limits;
    for (let at = 0; at < owners.length; at += webhookConcurrency) {
      const some = owners.slice(at, at + webhookConcurrency);
      const attempts = await Promise.all(some.map((owner) => this.#tell(event, { notice, owner })));
      const later = attempts.find(({ laterMs }) => laterMs !== undefined);
      if (later !== undefined) return later;
      const open = attempts.filter(({ isDelivered, isFinal }) => !isDelivered && isFinal !== true);
      if (open.length === attempts.length) return open[0];
      round.failed = open[0] ?? round.failed;
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const { transport } of this.#all) transport.close?.();
  }
}
