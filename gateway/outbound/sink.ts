// Sinks: where the operator has every event go, beside webhooks. Owns: their shapes. Never touches: files, connections.

import type { OutboundEvent } from './event.js';
import type { NoticeCounts, NoticeMessage, SendingChannel } from './notices/shapes.js';
import type { Attempt } from './sending.js';

/** Which sinks there are, as the operator says at the start. */
export type SinkSettings =
  /** Lines of JSON in files of this folder. */
  | { readonly type: 'files'; readonly folder: string }
  /** A JetStream that takes `<subject>.>`; `url`: `nats://[user:password@]host:port`. */
  | { readonly type: 'nats'; readonly url: string; readonly subject: string };

/** Everything that events go to, beside webhooks. */
export type SinkOf = SinkSettings | { readonly type: 'notices'; readonly channel: SendingChannel };

/** Takes events. */
export interface Sink {
  /** Resolves, with what came of it, once the event is kept; never rejects. `text`: its envelope. */
  send(event: OutboundEvent, text: string): Promise<Attempt>;
  /** It is as said here from now on; left out: it never changes. */
  change?(channel: SendingChannel): void;
  /** Sends a notice that follows from no event; left out: it sends none. */
  try?(message: NoticeMessage): Promise<Attempt>;
  /** How many members were told; left out: none are. */
  readonly counts?: NoticeCounts;
  close(): Promise<void>;
}

/** How a sink is known among receivers: no webhook is called so. */
export const sinkId = ({ type }: SinkSettings): string => `sink-${type}`;
export const isSinkId = (id: string): boolean => id.startsWith('sink-');

const REASON_LENGTH_MAX = 60;

/** An attempt that failed by an error. */
export function failedBy(error: unknown, began: number): Attempt {
  const { code, message } = error as Error & { readonly code?: unknown };
  const reason = String(code ?? message).slice(0, REASON_LENGTH_MAX);
  return { isDelivered: false, reason, ms: performance.now() - began };
}
