// What is sent by requests. Owns: a channel's connections, the time. Never touches: what is sent.

import type { Destinations } from '../addresses.js';
import { type Attempt, Sender, type SenderLimits } from '../sending.js';
import type { NoticeMessage, SendingChannel } from './shapes.js';

export abstract class Posting {
  protected readonly channel: SendingChannel;
  protected readonly sender: Sender;
  protected readonly now: () => number;

  constructor(
    channel: SendingChannel,
    destinations: Destinations,
    { limits, now }: { limits: SenderLimits; now: () => number },
  ) {
    this.channel = channel;
    this.sender = new Sender(destinations, limits);
    this.now = now;
  }

  /** Resolves always. */
  abstract send(message: NoticeMessage): Promise<Attempt>;

  close(): void {
    this.sender.close();
  }
}
