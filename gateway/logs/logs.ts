// The logs: service, business, audit; JSON, a line each. Owns: which there are, how long they are
// kept, fields that all lines have. Never touches: requests, secrets.
//   L3. No line has a key, a secret, a token, a memo or metadata in it.
//   L4. Every line about a request has the trace id that its `traceparent` named.

import pino, { type Logger } from 'pino';
import type { Principal } from '../auth/principal.js';
import { LOG_DAYS } from '../limits.js';
import { DailyFile } from './daily-file.js';

/** How logs are kept. */
export interface LogOptions {
  /** Made where it does not exist. */
  readonly folder: string;
  /** Days that each is kept, where not the usual. */
  readonly days?: Partial<Record<keyof typeof LOG_DAYS, number>> | undefined;
}

/** Where a request came from. */
export interface Origin {
  readonly address: string;
  readonly agent: string;
  /** The `traceparent` header; an empty text where there is none. */
  readonly traceparent: string;
}

/** A part of the product, in the audit log. */
export type Module = 'points' | 'accounts' | 'assets' | 'access' | 'identity' | 'operations';

/** What an administrative or points operation came to. */
export interface Audited {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly module: Module;
  /** E.g. `POST /v1/transfers`. */
  readonly what: string;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace id of a `traceparent`; undefined: it has none. */
export const traceIdOf = (traceparent: string): string | undefined =>
  traceparent === '' ? undefined : TRACEPARENT.exec(traceparent)?.[1];

/** What the gateway tells its operators, afterwards. */
export interface Logs {
  readonly audit: (audited: Audited) => void;
  /** What happened to points. */
  readonly business: (origin: Origin, line: Readonly<Record<string, unknown>>) => void;
  /** How the service itself does. */
  readonly service: (level: 'info' | 'warn' | 'error', message: string, more?: object) => void;
  readonly close: () => Promise<void>;
}

/** No logs: for programs that keep their own. */
export const NO_LOGS: Logs = {
  audit: () => {},
  business: () => {},
  service: () => {},
  close: async () => {},
};

/** Opens the logs of a folder. `onError` is told of a disk that does not take them. */
export function openLogs(options: LogOptions, onError: (error: Error) => void): Logs {
  const { folder } = options;
  const files: DailyFile[] = [];
  const logger = (name: keyof typeof LOG_DAYS): Logger => {
    const days = options.days?.[name] ?? LOG_DAYS[name];
    const file = new DailyFile(folder, name, days, onError);
    files.push(file);
    const level = (label: string) => ({ level: label });
    return pino({ base: { log: name }, messageKey: 'message', formatters: { level } }, file);
  };
  const service = logger('service');
  const business = logger('business');
  const audit = logger('audit');
  const flush = (): void => {
    for (const file of files) file.flushSync();
  };
  process.on('exit', flush);
  return {
    audit: ({ principal, origin, module, what, status, details }) =>
      audit.info({
        who: `${principal.kind}:${principal.id}`,
        what,
        module,
        status,
        details,
        ip: origin.address,
        agent: origin.agent,
        traceId: traceIdOf(origin.traceparent),
      }),
    business: ({ traceparent }, line) =>
      business.info({ ...line, traceId: traceIdOf(traceparent) }),
    service: (level, message, more = {}) => service[level](more, message),
    close: async () => {
      process.off('exit', flush);
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
