// Mails. Owns: connections to mail servers, what their answers mean. Never touches: texts, when something is sent again.
//   notices.E1. Each mail has a connection of its own, which is over with it: nothing is queued in here, and nothing is sent twice by itself.
//   notices.E2. Over the world a mail goes encrypted, or not at all; without TLS only to hosts that the settings name.
//   notices.E3. A mail that a server took whole, and whose answer was lost, is sent again with the same Message-ID.

import { connect, type Socket } from 'node:net';
import { type Destinations, hostOf } from '../addresses.js';
import type { Attempt } from '../sending.js';
import { failedBy } from '../sink.js';
import type { NoticeMessage, SendingChannel } from './shapes.js';

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
/** The mailbox is full: that passes. */
const FULL = 552;
const PERMANENT = 500;

/** An attempt; `isDead`: the address is none. */
export type MailAttempt = Attempt & { readonly isDead?: boolean | undefined };

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** Nothing of what a server says is told, but its number. */
function failed(error: SmtpError, began: number): MailAttempt {
  const { responseCode, command = '', code } = error;
  if (responseCode === undefined) {
    const isLate = error.name === 'TimeoutError' || error.name === 'AbortError';
    return isLate || code === 'ABORT_ERR'
      ? { isDelivered: false, reason: 'TIMEOUT', ms: performance.now() - began }
      : failedBy(error, began);
  }
  const isFinal = responseCode >= PERMANENT && responseCode !== FULL && isOfMail(command);
  return {
    ...{ isDelivered: false, status: responseCode, reason: `SMTP ${command}`.trim() },
    ms: performance.now() - began,
    isFinal,
    isDead: isFinal && command === 'RCPT TO',
  };
}

/** Is it the mail that was refused, or its recipient, and not who sends it? */
const isOfMail = (command: string): boolean => command === 'RCPT TO' || command === 'DATA';

/** An address within a mail, which nobody parses. */
const at = (address: string, name = '') => ({ name, address });

export class Mailer {
  readonly #channel: SendingChannel;
  readonly #destinations: Destinations;
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();

  constructor(channel: SendingChannel, destinations: Destinations, timeoutMs: number) {
    this.#channel = channel;
    this.#destinations = destinations;
    this.#timeoutMs = timeoutMs;
  }

  /** Resolves always. */
  async send(message: NoticeMessage): Promise<MailAttempt> {
    const began = performance.now();
    const { url, user, secret, from = '', fromName } = this.#channel;
    const place = new URL(url);
    if (this.#destinations.mailProblem(place) !== undefined)
      return { isDelivered: false, reason: 'ADDRESS_FORBIDDEN', ms: 0 };
    const host = hostOf(place);
    const port = Number(place.port) || (PORTS[place.protocol] ?? 0);
    const timeoutMs = this.#timeoutMs;
    // Loaded by those who need it alone.
    const { createTransport } = await import('nodemailer');
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#ending.signal]);
    const transport = createTransport({
      ...{ host, port, secure: place.protocol === 'smtps:' },
      requireTLS: !this.#destinations.isNamed(host),
      ...(user === undefined ? {} : { auth: { user, pass: secret ?? '' } }),
      ...{ greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
      getSocket: (_, done) => {
        this.#connected(host, port, signal).then(
          (connection) => done(null, { connection }),
          (error: Error) => done(error, false),
        );
      },
    });
    try {
      await transport.sendMail({
        ...{ from: at(from, fromName), to: at(message.to), signal },
        ...{ subject: message.subject, text: message.text },
        messageId: `<${message.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
        headers: { 'X-Jifen-Notice': message.id, 'Auto-Submitted': 'auto-generated' },
      });
      return { isDelivered: true, ms: performance.now() - began };
    } catch (error) {
      return failed(error as SmtpError, began);
    } finally {
      transport.close();
    }
  }

  /** A connection to what a name leads to now, where that may be asked. */
  #connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, lookup: this.#destinations.lookup });
      const late = (): void => {
        socket.destroy(signal.reason as Error);
      };
      signal.addEventListener('abort', late, { once: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        signal.removeEventListener('abort', late);
        // Who listens to its errors comes a moment later: until then one is nobody's.
        resolve(socket);
      });
    });
  }

  /** Gives up what is under way. */
  close(): void {
    this.#ending.abort();
  }
}
