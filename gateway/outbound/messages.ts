// What goes between the gateway and the thread of its outbox. Owns: these shapes. Never touches: what is asked.

import type { Asset } from '../../engine/index.js';
import type { EventType, Place } from './event.js';
import type { DeskQuestion, NoticeMessage, ToldNotice } from './notices/shapes.js';
import type { ReceiverFigures, ReceiverLimits, ReceiverSettings } from './receiver.js';

/** What the thread begins with. */
export interface ThreadData {
  readonly folder: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
  readonly limits: ReceiverLimits & { readonly noticeDays: number };
  /** Names that may be asked wherever they lead. */
  readonly hosts: readonly string[];
  readonly clockOffset: SharedArrayBuffer | undefined;
}

/** What is asked about one webhook. */
export type Question =
  | { readonly type: 'figures' }
  | { readonly type: 'test'; readonly salt: string }
  | { readonly type: 'letters'; readonly after: string | undefined; readonly limit: number }
  | {
      readonly type: 'attempts';
      readonly before: number | undefined;
      readonly limit: number;
      readonly isFailed: boolean;
    }
  | { readonly type: 'retry'; readonly letter: string }
  | { readonly type: 'drop'; readonly letter: string }
  | { readonly type: 'notice'; readonly message: NoticeMessage };

/** What is asked about the notices of one member, by channels of a scope. */
export type NoticesQuestion =
  | {
      readonly type: 'list';
      readonly owner: string;
      readonly scope: string;
      readonly before: string | undefined;
      readonly limit: number;
    }
  | { readonly type: 'forget'; readonly owner: string; readonly scope: string };

/** Notices of a member, and how each is named to go on from it. */
export type ToldNotices = readonly { readonly notice: ToldNotice; readonly cursor: string }[];

export type Asked =
  /** All webhooks there are, and all assets, in the place of those before. */
  | {
      readonly type: 'receivers';
      readonly id: number;
      readonly receivers: readonly ReceiverSettings[];
      readonly assets: readonly Asset[];
    }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly webhook: string;
      readonly question: Question;
    }
  | { readonly type: 'notices'; readonly id: number; readonly question: NoticesQuestion }
  /** The answer to what the thread has asked of the ledger. */
  | { readonly type: 'desk'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'all'; readonly id: number }
  | { readonly type: 'close' };

export type Told =
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  /** A receiver answered that it wants nothing any more. */
  | { readonly type: 'gone'; readonly webhook: string }
  | { readonly type: 'desk'; readonly id: number; readonly question: DeskQuestion };

/** A dead letter as it is shown. */
export interface ShownLetter {
  /** Of its event. */
  readonly id: string;
  readonly type: EventType;
  readonly subject: string;
  readonly sequence: string;
  readonly attempts: number;
  /** Milliseconds since 1970: when it failed first, and was given up. */
  readonly failedAt: number;
  readonly deadAt: number;
  /** What the last attempt came to. */
  readonly reason?: string | undefined;
  readonly status?: number | undefined;
}

/** Of all receivers together. */
export interface OutboxFigures {
  readonly receivers: readonly ReceiverFigures[];
}

const ID = /^(\d{1,3})-(\d{1,15})-(\d{1,10})-([0-9a-f]{8})$/;

/** The place that the id of an event names; undefined: it is no such id. */
export function placeOfId(
  id: string,
): (Place & { readonly shard: number; readonly hash: string }) | undefined {
  const [, shard, seq, n, hash] = ID.exec(id) ?? [];
  if (hash === undefined) return undefined;
  return { shard: Number(shard), seq: Number(seq), n: Number(n), hash };
}
