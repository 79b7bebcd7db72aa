// A mail server of a test, and a gateway of short messages: real ones, on free ports. Owns: their sockets, what they were sent.

import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Test } from 'tap';

/** A mail as it arrived. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  /** By name, in small letters, as they stand there. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly subject: string;
  readonly text: string;
  readonly raw: string;
  readonly user: string | undefined;
  readonly isSecure: boolean;
}

/** How a server behaves from now on; an error with `responseCode` refuses. */
export interface Behaviour {
  recipient?: (address: string) => Error | undefined;
  /** After a mail was taken: an error, or `drop`: the connection ends without an answer. */
  taken?: (mail: Mail) => Error | 'drop' | undefined;
  /** Before a mail is answered, in milliseconds. */
  delayMs?: number;
}

export interface Mailbox {
  readonly port: number;
  readonly url: string;
  readonly mails: Mail[];
  readonly behaviour: Behaviour;
  close(): Promise<void>;
}

export const smtpError = (responseCode: number): Error =>
  Object.assign(new Error('no: alice@secret.example'), { responseCode });

const words = (text: string): string =>
  text.replace(/=\?utf-8\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi, (_, way: string, said: string) =>
    way.toLowerCase() === 'b'
      ? Buffer.from(said, 'base64').toString()
      : quoted(said.replaceAll('_', ' ')),
  );
const quoted = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString();

/** A mail out of what was sent. */
function mailOf(raw: string, more: Pick<Mail, 'from' | 'to' | 'user' | 'isSecure'>): Mail {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
  const encoding = headers['content-transfer-encoding'];
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? quoted(body)
        : body;
  return { ...more, headers, subject: words(headers['subject'] ?? ''), text: text.trimEnd(), raw };
}

/** Listens for the time of a test. `more`: options of the server, e.g. its key. */
export async function mailbox(
  t: Pick<Test, 'teardown'>,
  more: object = { disabledCommands: ['AUTH', 'STARTTLS'] },
): Promise<Mailbox> {
  const mails: Mail[] = [];
  const behaviour: Behaviour = {};
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onRcptTo: ({ address }, _, done) => done(behaviour.recipient?.(address) ?? null),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = mailOf(Buffer.concat(parts).toString(), {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address).join(' '),
          user: session.user === undefined ? undefined : String(session.user),
          isSecure: session.secure,
        });
        mails.push(mail);
        const said = behaviour.taken?.(mail);
        if (said === 'drop') {
          for (const one of server.connections) one.close();
          return;
        }
        setTimeout(() => done(said ?? null), behaviour.delayMs ?? 0);
      });
    },
    ...more,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const one of server.connections) one.close();
      server.close(() => resolve());
    });
  t.teardown(close);
  return { port, url: `smtp://127.0.0.1:${port}`, mails, behaviour, close };
}

/** A request of a short message. */
export interface Short {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A gateway of short messages: answers 200 where nothing else is said. */
export async function shortGateway(t: Pick<Test, 'teardown'>) {
  const taken: Short[] = [];
  const found = { url: '', taken, status: (_: Short): number => 200 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(parts).toString() };
      taken.push(one);
      response.writeHead(found.status(one)).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  found.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`;
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return found;
}
