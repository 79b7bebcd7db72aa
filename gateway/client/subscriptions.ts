// What is subscribed over the stream. Owns: where each subscription is. Never touches: the connection.
//   client.K2. A subscription that is resumed is told each entry, or item, exactly once, in order.

import type {
  BalanceEvent,
  FeedItem,
  FeedPosition,
  Refused,
} from '../../engine/protocol/outcomes.js';
import type { Message } from './link.js';
import { tell } from './listeners.js';
import { bytesOf } from './socket.js';

/** Items of one block, or some of them. */
export interface FeedItems {
  readonly shard: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly items: readonly FeedItem[];
}

/** Which balances of an owner to watch, from where, and until when. */
export interface WatchOptions extends SubscribeOptions {
  /** Default: all assets of the owner. */
  readonly asset?: string | undefined;
  /** Resume: the account version known so far, by asset. Left out: nothing was missed. */
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

/** Until when something is subscribed. */
export interface SubscribeOptions {
  /** Ends it, as the function does that is returned. */
  readonly signal?: AbortSignal | undefined;
}

/** Something subscribed. */
export interface Subscription {
  /** The message that (re)subscribes, from where it is now. */
  request(id: number): object;
  /** Throws where the message is not what the server says. */
  take(message: Message): void;
  /** It ended by itself. */
  ended(refusal: Refused): void;
}

/** Balances of an owner, and the versions told so far. */
export class BalanceSubscription implements Subscription {
  readonly #owner: string;
  readonly #listener: (event: BalanceEvent) => void;
  readonly #asset: string | undefined;
  /** Undefined: nothing was told, and nothing was missed. */
  #versions: Record<string, number> | undefined;

  constructor(owner: string, listener: (event: BalanceEvent) => void, options: WatchOptions) {
    this.#owner = owner;
    this.#listener = listener;
    this.#asset = options.asset;
    this.#versions = options.versions && { ...options.versions };
  }

  request(id: number): object {
    const versions = this.#versions && { ...this.#versions };
    return { type: 'subscribe', id, owner: this.#owner, asset: this.#asset, versions };
  }

  take(message: Message): void {
    const event = message as unknown as BalanceEvent;
    if (event.type === 'entries') {
      this.#seen(event.entries);
      tell(this.#listener, { type: 'entries', entries: event.entries });
    } else if (event.type === 'balances') {
      this.#seen(event.balances);
      tell(this.#listener, { type: 'balances', balances: event.balances });
    }
  }

  #seen(accounts: readonly { readonly asset: string; readonly version: number }[]): void {
    this.#versions ??= {};
    for (const { asset, version } of accounts) this.#versions[asset] = version;
  }

  ended(refusal: Refused): void {
    tell(this.#listener, { type: 'ended', refusal });
  }
}

/** A shard's feed, and the position of the next item. */
export class FeedSubscription implements Subscription {
  readonly #shard: number;
  readonly #listener: (items: FeedItems) => void;
  readonly #ended: (refusal: Refused) => void;
  #next: FeedPosition;

  constructor(
    shard: number,
    from: FeedPosition,
    listener: (items: FeedItems) => void,
    ended: (refusal: Refused) => void,
  ) {
    this.#shard = shard;
    this.#next = from;
    this.#listener = listener;
    this.#ended = ended;
  }

  request(id: number): object {
    const { seq, index } = this.#next;
    return { type: 'follow', id, shard: this.#shard, seq, index };
  }

  take(message: Message): void {
    const { shard, seq, time, items } = message as unknown as FeedItems;
    const told = items.map(withBytes);
    const last = items[items.length - 1];
    if (last === undefined) return;
    this.#next = { seq, index: last.index + 1 };
    tell(this.#listener, { shard, seq, time, items: told });
  }

  ended(refusal: Refused): void {
    tell(this.#ended, refusal);
  }
}

/** JSON has text where a record's bytes were. */
function withBytes(item: FeedItem): FeedItem {
  const { command } = item;
  if (command.type !== 'put-record') return item;
  return { ...item, command: { ...command, value: bytesOf(command.value) } };
}
