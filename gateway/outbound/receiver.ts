// A receiver: what is sent to it, how much at a time. Owns: how many attempts are under way, the pause of one that does not answer. Never touches: other
// receivers, files, what events say.
//   outbound.R1. A receiver has so many attempts under way at most, and waits for nobody else's: who is slow holds up himself alone.
//   outbound.R2. What may be told is judged when it is sent: by the types that are asked for then, and by what its owner may read then.
//   outbound.R3. Where nothing is answered any more one attempt at a time is made, after growing pauses, until one is delivered.
//   outbound.R4. While nothing may be sent, nothing is passed over: it goes on from there.

import type { Grants } from '../../engine/index.js';
import type { Destinations } from './addresses.js';
import { Attempts, type ToldAttempt } from './attempts.js';
import {
  type EventHead,
  envelopeOf,
  eventId,
  isWanted,
  mayKnow,
  type OutboundEvent,
  type Place,
} from './event.js';
import { FileSink } from './file-sink.js';
import { type DeadLetter, type Delivery, Lane, type LaneLimits } from './lane.js';
import { leaving } from './leaving.js';
import { NatsSink } from './nats-sink.js';
import type { History } from './notices/history.js';
import { NoticeSink } from './notices/notice-sink.js';
import { eventsOfNotices, isForEverybody, isLetter, URGENT_EVENTS } from './notices/recipients.js';
import type { AskDesk, NoticeCounts, NoticeMessage } from './notices/shapes.js';
import type { Pace } from './pace.js';
import { pauseAfter } from './pauses.js';
import type { Progress } from './progress.js';
import { type Attempt, Sender, type SenderLimits } from './sending.js';
import { signatureHeaders } from './signing.js';
import type { Sink, SinkOf } from './sink.js';
import type { EventSource } from './source.js';

/** From where events are told. */
export type From =
  | { readonly at: number }
  /** The first block of each shard that is told; of one that is not named: from now on. */
  | { readonly positions: Readonly<Record<number, number>>; readonly at: number };

/** What is known of a receiver. */
export interface ReceiverSettings {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  /** The newest one first. */
  readonly secrets: readonly { readonly secret: string; readonly until: number }[];
  /** Why nothing is sent; undefined: something is. */
  readonly halted: 'paused' | 'forbidden' | 'secret' | undefined;
  readonly grants: Grants | undefined;
  readonly from: From;
  /** How often a replay was asked for. */
  readonly epoch: number;
  /** Where everything goes, instead of to a URL; undefined: it is a webhook. */
  readonly sink?: SinkOf | undefined;
}

export interface ReceiverLimits extends LaneLimits, SenderLimits {
  readonly webhookConcurrency: number;
  readonly webhookBusyPercent: number;
  readonly eventFileBytesMax: number;
  readonly noticesWaitingMax: number;
  readonly webhookAttemptsKept: number;
}

export interface ReceiverParts {
  readonly source: EventSource;
  readonly progress: Progress;
  readonly limits: ReceiverLimits;
  readonly destinations: Destinations;
  readonly pace: Pace;
  readonly now: () => number;
  /** It does not want to be told anything any more (410). */
  readonly gone: (webhook: string) => void;
  /** What is asked of the ledger about notices, and what became of them. */
  readonly desk: AskDesk;
  readonly history: History;
}

/** How a receiver is. */
export interface ReceiverFigures {
  readonly id: string;
  readonly halted: ReceiverSettings['halted'] | null;
  readonly delivered: number;
  readonly failed: number;
  readonly inFlight: number;
  /** Of a channel: of its notices. */
  readonly counts?: NoticeCounts | undefined;
  /** Until when nothing is tried, milliseconds since 1970; null: something may be. */
  readonly pausedUntil: number | null;
  readonly shards: readonly {
    readonly shard: number;
    readonly seq: number;
    readonly lagMs: number;
    readonly waiting: number;
    readonly dead: number;
    /** Nothing more is read before something is delivered, retried or dropped. */
    readonly isFull: boolean;
  }[];
}

/** So many failures one after the other, and it is taken for one that does not answer. */
const FAILURES_MAX = 5;
const SILENT_PAUSE_MS = 1_000;
const SILENT_PAUSE_MS_MAX = 60_000;
const GONE = 410;
const PATIENT = { webhookRetryMs: Number.MAX_SAFE_INTEGER } as const;
const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #sender: Sender;
  readonly #sink: Sink | undefined;
  /** Attempts that are under way at once. */
  readonly #most: number;
  readonly #attempts: Attempts;
  #settings: ReceiverSettings;
  #lanes: Lane[] = [];
  #turn = 0;
  #inFlight = 0;
  #failures = 0;
  #pauses = 0;
  #until = 0;
  #delivered = 0;
  #failed = 0;

  constructor(settings: ReceiverSettings, parts: ReceiverParts) {
    const { limits, destinations } = parts;
    const { sink } = settings;
    this.#settings = settings;
    this.#parts = { ...parts, limits: { ...limits, ...limitsOf(sink, limits) } };
    this.#sender = new Sender(destinations, limits);
    this.#attempts = new Attempts(limits.webhookAttemptsKept);
    this.#sink = sink && sinkOf(sink, parts);
    const isSink = sink !== undefined && sink.type !== 'notices';
    this.#most = isSink ? limits.webhookWindow : limits.webhookConcurrency;
    this.#openLanes();
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** It is as said here from now on. */
  change(settings: ReceiverSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.url !== before.url) this.#answers();
    const { sink } = settings;
    const isNew = JSON.stringify(sink) !== JSON.stringify(before.sink);
    if (isNew && sink?.type === 'notices') {
      this.#sink?.change?.(sink.channel);
      this.#answers();
      // Another password, no quiet hours any more: what waits is tried at once.
      for (const lane of this.#lanes) lane.hurry();
    }
    if (settings.epoch !== before.epoch) this.#openLanes();
  }

  #openLanes(): void {
    const { source, progress, limits } = this.#parts;
    const { id, epoch } = this.#settings;
    this.#lanes = source.shards.map((shard) => {
      const name = { webhook: id, shard };
      const begin = this.#begin(shard);
      const { sink } = this.#settings;
      const subjectOf = sink?.type === 'notices' ? this.#memberOf : undefined;
      const lane = { name, source, progress, limits, wants: this.#wants, subjectOf };
      return new Lane(lane, begin, epoch);
    });
  }

  /** Where a shard goes on; what is stored of another log, or of before a replay, is forgotten. */
  #begin(shard: number): Place {
    const { source, progress, limits, now } = this.#parts;
    const { id, epoch, from } = this.#settings;
    const name = { webhook: id, shard };
    // What another lane of it has said and is not stored yet counts, too.
    progress.commit();
    const stored = progress.cursor(name);
    const isSame = stored !== undefined && source.hash(shard, stored.seq - 1) === stored.hash;
    if (isSame && stored.epoch === epoch) return stored;
    const named = 'positions' in from ? from.positions[shard] : undefined;
    // What is older would have been given up by now, had it been tried.
    const isKnown = stored !== undefined;
    const oldest = isKnown && isSame ? 0 : Math.max(0, now() - limits.webhookRetryMs);
    const begin =
      named === undefined || (isKnown && !isSame)
        ? source.since(shard, Math.max(from.at, oldest))
        : { seq: Math.min(named, source.head(shard) + 1), n: 0 };
    for (const exception of [...progress.exceptions(name)])
      if (exception.seq >= begin.seq || !isSame) progress.removeException(name, exception);
    const hash = source.hash(shard, begin.seq - 1) ?? '';
    progress.putCursor(name, { ...begin, hash, epoch });
    progress.commit();
    return begin;
  }

  readonly #wants = (event: EventHead): boolean => {
    const { types, grants } = this.#settings;
    if (grants === undefined || !isWanted(types, event.type)) return false;
    // Whose campaign, or whose link it is, is judged for each member.
    const isJudged =
      this.#settings.sink?.type === 'notices' &&
      (isForEverybody(event.type) || isLetter(event.type));
    return isJudged ? grants.operations.has('read') : mayKnow(grants, event);
  };

  /** Of a channel: a member is told one thing after the other; what is urgent waits for nothing that quiet hours hold back. */
  readonly #memberOf = ({ owner, subject, type }: EventHead): string => {
    const { sink } = this.#settings;
    const urgent = sink?.type === 'notices' ? (sink.channel.urgent ?? []) : [];
    const isUrgent =
      (sink?.type === 'notices' && URGENT_EVENTS.some((one) => one === type)) ||
      (urgent.length > 0 && eventsOfNotices(urgent).some((one) => one === type));
    return `${owner ?? subject}${isUrgent ? ' urgent' : ''}`;
  };

  // --- sending ----------------------------------------------------------------------------------------------------

  #room(now: number): number {
    if (this.#settings.halted !== undefined || now < this.#until) return 0;
    return this.#failures >= FAILURES_MAX ? 1 : this.#most;
  }

  /** Reads ahead; true: there is more to be read at once. */
  fill(): boolean {
    if (this.#settings.halted !== undefined) return false;
    let isMore = false;
    for (const lane of this.#lanes) if (lane.fill()) isMore = true;
    return isMore;
  }

  /** Has tried again what is due. */
  sweep(now: number): void {
    if (this.#settings.halted === undefined) for (const lane of this.#lanes) lane.sweep(now);
  }

  /** Sends what there is room for. */
  pump(): void {
    const now = this.#parts.now();
    for (;;) {
      if (this.#inFlight >= this.#room(now)) return;
      const lane = this.#nextLane();
      if (lane === undefined || !this.#parts.pace.take()) return;
      const delivery = lane.take();
      if (delivery === undefined) return;
      this.#send(lane, delivery);
    }
  }

  #nextLane(): Lane | undefined {
    for (let i = 0; i < this.#lanes.length; i++) {
      const lane = this.#lanes[++this.#turn % this.#lanes.length];
      if (lane?.hasReady === true) return lane;
    }
    return undefined;
  }

  #send(lane: Lane, delivery: Delivery): void {
    const { source, pace } = this.#parts;
    const event = source.at(lane.shard, delivery);
    if (event === undefined || !this.#wants(event)) {
      lane.settle(delivery);
      return;
    }
    this.#inFlight++;
    this.#post(event, lane.gapBefore(delivery)).then((attempt) => {
      this.#inFlight--;
      this.#tell(attempt);
      // Meanwhile it may have begun anew.
      if (this.#lanes.includes(lane)) {
        if (attempt.isDelivered) lane.settle(delivery);
        else lane.failed(delivery, attempt, this.#parts.now());
        // R4: of what may not be sent now, `wants` would pass over all.
        if (this.#settings.halted === undefined && pace.mayGoOn) lane.fill();
      }
      // Where there is little for all, whoever answers first does not take it from those whose turn it is.
      if (!pace.isTight) this.pump();
    });
  }

  async #post(event: OutboundEvent, gap: ReturnType<Lane['gapBefore']>): Promise<Attempt> {
    const attempt = await this.#posted(event, gap);
    const { type, subject } = event;
    this.#attempts.note({ id: eventId(event), type, subject }, attempt, this.#parts.now());
    return attempt;
  }

  async #posted(told: OutboundEvent, gap: ReturnType<Lane['gapBefore']>): Promise<Attempt> {
    const event = await leaving(told, this.#parts.desk);
    const { url, secrets, grants } = this.#settings;
    const now = this.#parts.now();
    const body = envelopeOf(event, grants?.scope, gap);
    if (this.#sink !== undefined) return this.#sink.send(event, body);
    const good = secrets.filter(({ until }) => until > now).map(({ secret }) => secret);
    const signed = signatureHeaders(eventId(event), Math.floor(now / 1_000), body, good);
    return this.#sender.post(url, { 'content-type': CONTENT_TYPE, ...signed }, body);
  }

  /** It answers, or may. */
  #answers(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#until = 0;
  }

  #tell({ isDelivered, status, laterMs, isFinal = false }: Attempt): void {
    if (laterMs !== undefined) return;
    if (isFinal) {
      this.#failed++;
      this.#answers();
      return;
    }
    if (isDelivered) {
      this.#delivered++;
      this.#answers();
      return;
    }
    this.#failed++;
    this.#failures++;
    if (status === GONE && this.#sink === undefined) this.#parts.gone(this.#settings.id);
    const now = this.#parts.now();
    // Those that were under way when it began are no reason for a longer one.
    if (this.#failures < FAILURES_MAX || now < this.#until) return;
    this.#until = now + pauseAfter(++this.#pauses, SILENT_PAUSE_MS, SILENT_PAUSE_MS_MAX);
  }

  /** Its last attempts, the newest first. */
  attempts(before: number | undefined, limit: number, isFailed: boolean): readonly ToldAttempt[] {
    return this.#attempts.page(before, limit, isFailed);
  }

  // --- by hand ----------------------------------------------------------------------------------------------------

  /** Sends an event that says nothing; `salt`: by which it is told from others. */
  test(salt: string): Promise<Attempt> {
    const { id } = this.#settings;
    return this.#post(
      {
        ...{ shard: 0, seq: 0, n: 0, hash: salt, type: 'webhook.test', time: this.#parts.now() },
        ...{ subject: `webhooks/${id}`, owner: undefined, assets: [], data: { webhook: id } },
      },
      undefined,
    );
  }

  /** Sends a notice now; undefined: it is no channel. */
  async tryNotice(message: NoticeMessage): Promise<Attempt | undefined> {
    return this.#sink?.try?.(message);
  }

  /** Tries a dead letter again, once; undefined: it is none, or may not be told any more. */
  async retry(shard: number, place: Place): Promise<Attempt | undefined> {
    const [lane, letter] = this.#letter(shard, place);
    const event = letter && this.#parts.source.at(shard, letter);
    if (lane === undefined || letter === undefined || event === undefined) return undefined;
    if (!this.#wants(event)) return undefined;
    const attempt = await this.#post(event, lane.gapBefore(letter));
    if (this.#lanes.includes(lane)) lane.retried(letter, attempt);
    return attempt;
  }

  /** False: it is none. */
  drop(shard: number, place: Place): boolean {
    const [lane, letter] = this.#letter(shard, place);
    if (lane === undefined || letter === undefined) return false;
    lane.drop(letter);
    return true;
  }

  #letter(shard: number, place: Place): [Lane | undefined, DeadLetter | undefined] {
    const lane = this.#lanes.find((one) => one.shard === shard);
    return [lane, lane?.letter(place)];
  }

  flush(): void {
    for (const lane of this.#lanes) lane.flush();
  }

  figures(): ReceiverFigures {
    const { source, now } = this.#parts;
    const time = now();
    const shards = this.#lanes.map((lane) => ({
      shard: lane.shard,
      seq: lane.cursor.seq,
      lagMs: source.lagMs(lane.shard, lane.cursor, time),
      waiting: lane.waiting,
      dead: lane.dead,
      isFull: lane.isFull,
    }));
    return {
      id: this.#settings.id,
      halted: this.#settings.halted ?? null,
      ...{ delivered: this.#delivered, failed: this.#failed, inFlight: this.#inFlight },
      pausedUntil: this.#until > time ? this.#until : null,
      ...(this.#sink?.counts && { counts: { ...this.#sink.counts } }),
      shards,
    };
  }

  async close(): Promise<void> {
    this.#lanes = [];
    this.#sender.close();
    await this.#sink?.close();
  }
}

/** What a sink does not take waits: nothing of it is ever given up. Of a channel more waits, as a night is long. */
function limitsOf(sink: SinkOf | undefined, limits: ReceiverLimits): Partial<ReceiverLimits> {
  if (sink === undefined) return {};
  return sink.type === 'notices' ? { webhookExceptionsMax: limits.noticesWaitingMax } : PATIENT;
}

function sinkOf(settings: SinkOf, parts: ReceiverParts): Sink {
  const { limits, now } = parts;
  switch (settings.type) {
    case 'files':
      return new FileSink(settings.folder, limits.eventFileBytesMax, now);
    case 'nats':
      return new NatsSink(settings.url, settings.subject, limits.webhookTimeoutMs);
    case 'notices':
      return new NoticeSink(settings.channel, parts);
  }
}
