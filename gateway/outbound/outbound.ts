// The outbox as the gateway has it: the thread that delivers, and what it is told of webhooks. Owns: its life, what is asked of it. Never touches: the
// feed, what is sent.
//   outbound.T1. It begins when there is a webhook: a gateway without any has no such thread, and no file.
//   outbound.T2. Where it ends by an error, that is told, and another one begins and goes on from what is stored.
//   outbound.T3. What a webhook may be told follows from what its maker may do now (auth.A7, auth.A8): nothing, where that is not known.

import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Engine } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import { ADMINISTRATOR, type Principal } from '../auth/principal.js';
import type { Sealer } from '../auth/sealing.js';
import type { GatewayLimits } from '../limits.js';
import { inTime } from '../looking.js';
import { isRefusal } from '../refusal.js';
import { Destinations } from './addresses.js';
import type {
  Asked,
  NoticesQuestion,
  OutboxFigures,
  Question,
  ThreadData,
  Told,
  ToldNotices,
} from './messages.js';
import { ALERT_EVENTS } from './notices/alerts.js';
import { CHANNELS, openChannel, type StoredChannel } from './notices/channels.js';
import { Desk, type SpeakingChannel } from './notices/desk.js';
import { enterOlder } from './notices/older.js';
import { eventsOfNotices } from './notices/recipients.js';
import { REPORT_EVENTS } from './notices/reports.js';
import { type FindLetter, isRobotType, noticesOf, type SendingChannel } from './notices/shapes.js';
import type { ReceiverSettings } from './receiver.js';
import { type SinkSettings, sinkId } from './sink.js';
import { openSecrets, pauseWebhook, type StoredWebhook, WEBHOOKS } from './webhooks.js';

export interface OutboundOptions {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly sealer: Sealer;
  readonly limits: GatewayLimits;
  /** Names that may be asked wherever they lead. */
  readonly hosts: readonly string[];
  /** Where everything goes. */
  readonly sinks: readonly SinkSettings[];
  readonly clockOffset: SharedArrayBuffer | undefined;
  /** Finds links to sign in that are to be sent. */
  readonly findLetter: FindLetter;
  readonly onDefect: (error: unknown) => void;
}

/** It does not run, or ended before it answered. */
export class NotRunningError extends Error {}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A webhook as it was read, until its record has another version. */
interface Known {
  readonly version: number;
  readonly stored: StoredWebhook;
  readonly secrets: ReceiverSettings['secrets'];
}

/** The same of a channel; undefined: its secret cannot be opened. */
interface KnownChannel {
  readonly version: number;
  readonly stored: StoredChannel;
  readonly channel: SendingChannel | undefined;
}

/** When another thread begins after one that ended by an error. */
const RETRY_MS = 1_000;
/** How long who is disabled waits for the thread to know it. */
const HEED_MS = 1_000;
/** How long figures are waited for. */
const FIGURES_MS = 1_000;
const NO_FIGURES: OutboxFigures = { receivers: [] };
const setsAsLists = (_: string, value: unknown): unknown =>
  value instanceof Set ? [...value] : value;

export class Outbound {
  readonly destinations: Destinations;
  /** What members are told, and whether they are. */
  readonly desk: Desk;
  readonly #options: OutboundOptions;
  readonly #waiting = new Map<number, Waiting>();
  #known: readonly Known[] = [];
  #channels: readonly KnownChannel[] = [];
  #told = '';
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #heeded: Promise<unknown> = Promise.resolve();
  #figures: OutboxFigures = NO_FIGURES;
  #lastId = 0;
  #entering: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.destinations = new Destinations(options.hosts);
    this.desk = new Desk(options);
  }

  /** Reads which webhooks there are, and again from now on. */
  async start(): Promise<void> {
    const { directory, limits, onDefect } = this.#options;
    directory.onChange(() => {
      this.#tell();
      return Promise.race([this.#heeded, sleep(HEED_MS, undefined, { ref: false })]);
    });
    await this.refresh();
    const again = (): void => {
      this.refresh().catch(onDefect);
    };
    this.#timer = setInterval(again, limits.accessRefreshMs).unref();
    const { engine, sealer } = this.#options;
    this.#entering = enterOlder({
      ...{ ledger: engine, sealer, onDefect, now: () => engine.now() },
      scopes: () => directory.platforms.map(({ id }) => id),
      isClosing: () => this.#isClosing,
    });
  }

  /** Reads now, after a read that is under way. */
  async refresh(): Promise<void> {
    await this.#reading;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { engine, sealer } = this.#options;
    const all = await WEBHOOKS.all(engine);
    const channels = await CHANNELS.all(engine);
    // What was known goes on.
    if (isRefusal(all) || isRefusal(channels)) return;
    const channelsBefore = new Map(this.#channels.map((one) => [one.stored.id, one]));
    this.#channels = channels.map((one) => {
      const known = channelsBefore.get(one.key);
      if (known?.version === one.version) return known;
      const stored = one.read();
      return { version: one.version, stored, channel: openChannel(stored, sealer) };
    });
    this.desk.channels(this.#channels.flatMap(({ stored }) => speaking(stored)));
    const before = new Map(this.#known.map((one) => [one.stored.id, one]));
    this.#known = all.map((one) => {
      const known = before.get(one.key);
      if (known?.version === one.version) return known;
      const stored = one.read();
      return { version: one.version, stored, secrets: openSecrets(stored, sealer) };
    });
    this.#tell();
    // What was changed counts before that is answered.
    await this.#heeded;
  }

  /** Tells the thread what there is, where that is something else. */
  #tell(): void {
    if (this.#isClosing) return;
    const webhooks = this.#known.map((one) => this.#settings(one));
    const channels = this.#channels.map((one) => this.#ofChannel(one));
    const receivers = [...webhooks, ...channels, ...this.#options.sinks.map(sinkReceiver)];
    // Where nobody is told anything there is no thread.
    if (receivers.length === 0 && this.#worker === undefined) return;
    const assets = this.#options.engine.assets();
    const told = JSON.stringify([receivers, assets.length], setsAsLists);
    if (told === this.#told) return;
    this.#told = told;
    if (receivers.length > 0) this.#begin();
    if (this.#worker === undefined) return;
    const heeded = this.#ask((id) => ({ type: 'receivers', id, receivers, assets }));
    this.#heeded = heeded.catch(() => undefined);
  }

  #settings({ stored, secrets }: Known): ReceiverSettings {
    const { id, url, types, state, from, epoch, principal } = stored;
    const grants = this.#grantsOf(principal);
    const halted =
      state === 'paused'
        ? 'paused'
        : grants === undefined
          ? 'forbidden'
          : secrets.length === 0
            ? 'secret'
            : undefined;
    return { id, url, types, secrets, halted, grants, from, epoch };
  }

  #ofChannel({ stored, channel }: KnownChannel): ReceiverSettings {
    const { id, platform, state, createdAt, alerts, reports } = stored;
    const types = [
      ...eventsOfNotices(noticesOf(stored)),
      ...(alerts === undefined ? [] : ALERT_EVENTS),
      ...(reports === undefined ? [] : REPORT_EVENTS),
    ];
    const { principal = '' } = ADMINISTRATOR;
    const grants = this.#grantsOf(platform === undefined ? principal : `platform:${platform}`);
    const halted =
      state === 'paused'
        ? 'paused'
        : grants === undefined
          ? 'forbidden'
          : channel === undefined
            ? 'secret'
            : undefined;
    return {
      ...{ id, url: '', types, secrets: [], halted, grants },
      ...{ from: { at: createdAt }, epoch: 0 },
      sink: { type: 'notices', channel: channel ?? { ...stored, secret: undefined } },
    };
  }

  /** What the maker of a webhook may do now; undefined: nothing is known. */
  #grantsOf(principal: string): ReceiverSettings['grants'] {
    const { directory } = this.#options;
    if (principal === ADMINISTRATOR.principal) return grantsIn(ADMINISTRATOR);
    if (!directory.isFresh) return undefined;
    const [kind, id = ''] = principal.split(':');
    if (kind === 'platform') {
      const found = directory.platform(id);
      return found === undefined || found.platform.disabled ? undefined : grantsIn(found.principal);
    }
    const key = directory.key(id);
    return key === undefined || key.until <= Date.now() ? undefined : grantsIn(key.principal);
  }

  // --- the thread -------------------------------------------------------------------------------------------------

  #begin(): void {
    if (this.#worker !== undefined || this.#isClosing) return;
    clearTimeout(this.#retry);
    const { engine, limits, hosts, clockOffset, onDefect } = this.#options;
    const workerData: ThreadData = {
      folder: engine.folder,
      shards: engine.shardsHere,
      ...{ limits, hosts, clockOffset },
    };
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
    worker.unref();
    worker.on('message', (told: Told) => this.#heard(told, worker));
    worker.on('error', (error) => {
      onDefect(error);
      this.#told = '';
      this.#retry = setTimeout(() => this.#tell(), RETRY_MS).unref();
    });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        for (const { reject } of this.#waiting.values()) reject(new NotRunningError());
        this.#waiting.clear();
        resolve();
      });
    });
  }

  #heard(told: Told, from: Worker): void {
    if (told.type === 'answer') {
      this.#waiting.get(told.id)?.resolve(told.answer);
      this.#waiting.delete(told.id);
      return;
    }
    const { engine, onDefect } = this.#options;
    if (told.type === 'desk') {
      const { id, question } = told;
      const answer = (answer: unknown): void =>
        from.postMessage({ type: 'desk', id, answer } satisfies Asked);
      this.desk.answer(question).then(answer, (error: unknown) => {
        onDefect(error);
        answer(undefined);
      });
      return;
    }
    const parts = { ledger: engine, principal: ADMINISTRATOR, now: engine.now() };
    pauseWebhook(parts, told.webhook, 'paused', true)
      .then(() => this.refresh())
      .catch(onDefect);
  }

  #ask(make: (id: number) => Asked): Promise<unknown> {
    const worker = this.#worker;
    if (worker === undefined || this.#isClosing) return Promise.reject(new NotRunningError());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage(make(id));
    });
  }

  /** Rejects with NotRunningError where it cannot be answered now; undefined: there is none of that here. */
  ask(webhook: string, question: Question): Promise<unknown> {
    return this.#ask((id) => ({ type: 'ask', id, webhook, question }));
  }

  /** As `ask`, about a member's notices: none, where there is no channel. */
  async notices(question: NoticesQuestion): Promise<ToldNotices> {
    if (this.#worker === undefined && this.#channels.length === 0) return [];
    return (await this.#ask((id) => ({ type: 'notices', id, question }))) as ToldNotices;
  }

  async figures(): Promise<OutboxFigures> {
    const asked = this.#ask((id) => ({ type: 'all', id })).then(
      (found) => {
        this.#figures = found as OutboxFigures;
      },
      () => {
        this.#figures = NO_FIGURES;
      },
    );
    // Whoever asks does not wait for a thread that has no processor: then these are the last ones.
    await inTime(asked, FIGURES_MS);
    return this.#figures;
  }

  /** Stores how far everything is; resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    await this.#reading?.catch(() => undefined);
    await this.#entering;
    // It ends only if it is waited for.
    this.#worker?.ref();
    this.#worker?.postMessage({ type: 'close' } satisfies Asked);
    await this.#ended;
  }
}

/** A channel that may speak to members. */
const speaking = (stored: StoredChannel): SpeakingChannel[] =>
  isRobotType(stored.type) ? [] : [{ ...stored, type: stored.type }];

/** A sink is told everything, from the first block on. */
const sinkReceiver = (sink: SinkSettings): ReceiverSettings => ({
  ...{ id: sinkId(sink), url: '', types: ['*'], secrets: [], halted: undefined, sink },
  ...{ grants: grantsIn(ADMINISTRATOR), from: { at: 0 }, epoch: 0 },
});

function grantsIn({ operations, assets, owner, scope }: Principal): ReceiverSettings['grants'] {
  return operations.has('read') ? { operations, assets, owner, scope } : undefined;
}
