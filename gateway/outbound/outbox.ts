// The outbox: all receivers, kept up with the logs. Owns: when logs are looked at, when progress is stored. Never touches: threads, what events say.
//   outbound.O1. All that is read, sent and stored is turned over in small parts, so that no receiver waits for another one's backlog.

import { setImmediate as turn } from 'node:timers/promises';
import { type Asset, limits as engineLimits, type LogFeed } from '../../engine/index.js';
import { Destinations } from './addresses.js';
import { type EventType, eventId, sequenceOf } from './event.js';
import type { DeadLetter } from './lane.js';
import {
  type NoticesQuestion,
  type OutboxFigures,
  placeOfId,
  type Question,
  type ShownLetter,
  type ToldNotices,
} from './messages.js';
import type { History } from './notices/history.js';
import type { AskDesk } from './notices/shapes.js';
import { Pace } from './pace.js';
import type { Progress } from './progress.js';
import {
  Receiver,
  type ReceiverLimits,
  type ReceiverParts,
  type ReceiverSettings,
} from './receiver.js';
import type { Attempt } from './sending.js';
import { isSinkId } from './sink.js';
import { EventSource } from './source.js';

export interface OutboxOptions {
  readonly feed: LogFeed;
  readonly progress: Progress;
  readonly limits: ReceiverLimits & { readonly noticeDays: number };
  readonly hosts: readonly string[];
  readonly now: () => number;
  readonly gone: (webhook: string) => void;
  readonly desk: AskDesk;
  readonly history: History;
}

/** Between two looks at the logs where there was nothing new. */
const LOOK_MS = 50;
/** Between two looks at what is due again. */
const SWEEP_MS = 250;
/** Between two looks for notices that are too old to be shown. */
const FORGET_MS = 60_000;
const DAY_MS = 86_400_000;
/** Between two commits of progress: what a kill has delivered again. */
const FLUSH_MS = engineLimits.PROJECTION_LOOK_MS * 2;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #parts: ReceiverParts;
  readonly #receivers = new Map<string, Receiver>();
  #isClosing = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #turn = 0;
  #sweptAt = 0;
  #flushedAt = 0;
  #forgotAt = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { feed, progress, limits, hosts, now, gone, desk, history } = options;
    this.#parts = {
      source: new EventSource(feed),
      destinations: new Destinations(hosts),
      pace: new Pace(limits.webhookBusyPercent),
      ...{ progress, limits, now, gone, desk, history },
    };
  }

  /** All receivers there are from now on, and all assets. */
  receivers(settings: readonly ReceiverSettings[], assets: readonly Asset[]): void {
    const { feed, progress } = this.#options;
    feed.know(assets);
    const ids = new Set(settings.map(({ id }) => id));
    for (const id of progress.webhooks()) if (!ids.has(id) && !isSinkId(id)) progress.forget(id);
    for (const [id, receiver] of this.#receivers) {
      if (ids.has(id)) continue;
      void receiver.close();
      this.#receivers.delete(id);
    }
    this.#parts.source.look();
    for (const one of settings) {
      const known = this.#receivers.get(one.id);
      if (known === undefined) this.#receivers.set(one.id, new Receiver(one, this.#parts));
      else known.change(one);
    }
    this.#wake?.();
  }

  /** Goes on until it is closed. */
  run(): void {
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      const isMore = await this.#step();
      if (!isMore) await this.#pause();
    }
  }

  /** Everybody's turn once; true: somebody has more to read at once. */
  async #step(): Promise<boolean> {
    const now = performance.now();
    const { source, pace } = this.#parts;
    source.look();
    pace.look(now);
    const isSweep = now - this.#sweptAt >= SWEEP_MS;
    if (isSweep) this.#sweptAt = now;
    let isMore = false;
    // Each time another one is the first, for whom there is room in any case.
    const all = [...this.#receivers.values()];
    const first = ++this.#turn % Math.max(1, all.length);
    for (const receiver of [...all.slice(first), ...all.slice(0, first)]) {
      if (isSweep) receiver.sweep(this.#options.now());
      if (pace.mayGoOn && receiver.fill()) isMore = true;
      receiver.pump();
      // What has been answered is taken in between.
      await turn();
    }
    if (performance.now() - this.#flushedAt >= FLUSH_MS) this.#flush();
    if (now - this.#forgotAt >= FORGET_MS) {
      this.#forgotAt = now;
      const { history, limits, now: time } = this.#options;
      history.sweep(time() - limits.noticeDays * DAY_MS);
    }
    return isMore && pace.mayGoOn;
  }

  #flush(): void {
    for (const receiver of this.#receivers.values()) receiver.flush();
    // What was told is known before it is passed over.
    this.#options.history.commit();
    this.#options.progress.commit();
    this.#flushedAt = performance.now();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Undefined: it cannot be answered, as there is no such webhook, or no such dead letter. */
  async answer(webhook: string, question: Question): Promise<unknown> {
    const receiver = this.#receivers.get(webhook);
    if (receiver === undefined) return undefined;
    switch (question.type) {
      case 'figures':
        return receiver.figures();
      case 'test':
        return receiver.test(question.salt);
      case 'notice':
        return receiver.tryNotice(question.message);
      case 'attempts':
        return receiver.attempts(question.before, question.limit, question.isFailed);
      case 'letters':
        return lettersOf(receiver, question.after, question.limit);
      default:
        return this.#byHand(receiver, question);
    }
  }

  async #byHand(
    receiver: Receiver,
    { type, letter }: Extract<Question, { readonly letter: string }>,
  ): Promise<Attempt | boolean | undefined> {
    const place = placeOfId(letter);
    if (place === undefined) return undefined;
    const kept = receiver.lanes.find(({ shard }) => shard === place.shard)?.letter(place);
    if (kept?.hash !== place.hash) return undefined;
    const made =
      type === 'drop' ? receiver.drop(place.shard, place) : receiver.retry(place.shard, place);
    const answer = await made;
    // What was done by hand is durable before it is answered.
    this.#flush();
    return answer;
  }

  /** What became of a member's notices; or forgets that. */
  notices(question: NoticesQuestion): ToldNotices {
    const { history, limits, now } = this.#options;
    const { owner, scope } = question;
    if (question.type === 'forget') {
      history.forget(owner, scope);
      return [];
    }
    const found = history.of(owner, question.before, question.limit, (one) => one.scope === scope);
    return found.map(({ entry: { scope: _, ...notice }, cursor }) => {
      // Nothing is tried for longer.
      const isOver = now() - notice.updatedAt > limits.webhookRetryMs;
      const state = notice.state === 'waiting' && isOver ? 'failed' : notice.state;
      return { notice: { ...notice, state }, cursor };
    });
  }

  figures(): OutboxFigures {
    return { receivers: [...this.#receivers.values()].map((receiver) => receiver.figures()) };
  }

  /** What is under way is given up, and sent again by whoever comes after. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake?.();
    await this.#running;
    this.#flush();
    for (const receiver of this.#receivers.values()) await receiver.close();
    await this.#options.history.close();
    await this.#options.progress.close();
    await this.#options.feed.close();
  }
}

/** Dead letters shard by shard; `after`: the id of the last one that was told. */
function lettersOf(receiver: Receiver, after: string | undefined, limit: number): ShownLetter[] {
  const place = after === undefined ? undefined : placeOfId(after);
  const all = receiver.lanes.flatMap((lane) => {
    if (place !== undefined && lane.shard < place.shard) return [];
    const letters = lane.letters(lane.shard === place?.shard ? place : undefined);
    return letters.map((letter) => shownLetter(lane.shard, letter));
  });
  return all.slice(0, limit);
}

function shownLetter(shard: number, letter: DeadLetter): ShownLetter {
  const {
    seq,
    n,
    hash,
    type,
    subject,
    attempts,
    failedAt = 0,
    deadAt = 0,
    reason,
    status,
  } = letter;
  return {
    id: eventId({ shard, seq, n, hash }),
    type: type as EventType,
    ...{ subject, sequence: sequenceOf(letter), attempts, failedAt, deadAt, reason, status },
  };
}
