// What is told to who runs the ledger, and to no member. Owns: to whom a message of an event goes, its ids, its lines. Never touches: what it tells, connections.

import { createHash } from 'node:crypto';
import { eventId, type OutboundEvent } from '../event.js';
import { plainValue } from './filling.js';
import type { NoticeMessage, SendingChannel, StaffNotice } from './shapes.js';

const ID_LENGTH = 32;

/** The words of a message. */
export type StaffWords = Pick<NoticeMessage, 'subject' | 'text' | 'short'>;

/** A message to each whom the channel names; where it sends to no address, one. */
export function messagesTo(
  event: OutboundEvent,
  { id: channel }: Pick<SendingChannel, 'id'>,
  to: readonly string[] = [''],
  message: StaffWords & Pick<NoticeMessage, 'language' | 'alert' | 'report'>,
): NoticeMessage[] {
  const { type, time: at } = event;
  return to.map((address) => ({
    id: `n_${createHash('sha256')
      .update(JSON.stringify([eventId(event), channel, address]))
      .digest('hex')
      .slice(0, ID_LENGTH)}`,
    ...{ notice: type as StaffNotice, owner: '', to: address, at },
    ...message,
  }));
}

/** A subject, what it says, and values by their names, one line each. */
export function inLines(
  subject: string,
  says: string,
  values: readonly (readonly [name: string, value: unknown])[],
): StaffWords {
  const about = values
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${plainValue(value, VALUE_LENGTH_MAX)}`);
  const lines = [subject, ...(says === '' ? [] : [says]), ...about];
  return { subject, text: lines.join('\n'), short: says === '' ? subject : `${subject} ${says}` };
}

const VALUE_LENGTH_MAX = 400;
