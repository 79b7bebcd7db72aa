// The logs: service, business, audit; JSON, a line each. Owns: which there are, how long they are
// kept, fields that all lines have. Never touches: requests, secrets.
//   L3. No line has a key, a secret, a token, a memo or metadata in it.
//   L4. Every line about a request has the trace id that its `traceparent` named.

import pino, { type Logger } from 'pino';
import type { Principal } from '../auth/principal.js';
import { GATEWAY_LIMITS, LOG_DAYS, type Rate } from '../limits.js';
import { DailyFile } from './daily-file.js';
import { Flood } from './flood.js';
import { type Origin, traceIdOf } from './origin.js';

/** How logs are kept. */
export interface LogOptions {
  /** Made where it does not exist. */
  readonly folder: string;
  /** Days that each is kept, where not the usual. */
  readonly days?: Partial<Record<keyof typeof LOG_DAYS, number>> | undefined;
}

/** A part of the product, in the audit log. */
export type Module =
  | 'points'
  | 'accounts'
  | 'assets'
  | 'definitions'
  | 'acts'
  | 'access'
  | 'identity'
  | 'webhooks'
  | 'notices'
  | 'partners'
  | 'operations';

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

/** What the gateway tells its operators, afterwards. */
export interface Logs {
  readonly audit: (audited: Audited) => void;
  /** How many lines of refused requests of this principal were left out before this one; undefined: this one is, too. */
  readonly refused: (principal: Principal) => number | undefined;
  /** What happened to points. */
  readonly business: (happened: Omit<Audited, 'module'>) => void;
  /** How the service itself does. */
  readonly service: (level: 'info' | 'warn' | 'error', message: string, more?: object) => void;
  readonly close: () => Promise<void>;
}

/** No logs: for programs that keep their own. */
export const NO_LOGS: Logs = {
  audit: () => {},
  refused: () => 0,
  business: () => {},
  service: () => {},
  close: async () => {},
};

type MakeLogger = (principal: Principal, what: string, module?: Module) => Logger;

/**
 * Keeps the logger that somebody's calls of one kind have: what all their lines begin with is made into text once. As
 * long as the principal lives; a kind of call is always of the same module.
 */
function kept(make: MakeLogger): MakeLogger {
  const all = new WeakMap<Principal, Map<string, Logger>>();
  return (principal, what, module) => {
    let own = all.get(principal);
    if (own === undefined) {
      own = new Map();
      all.set(principal, own);
    }
    let logger = own.get(what);
    if (logger === undefined) {
      logger = make(principal, what, module);
      own.set(what, logger);
    }
    return logger;
  };
}

const whoIs = ({ audited, principal, kind, id }: Principal): string =>
  audited ?? principal ?? `${kind}:${id}`;

/**
 * Opens the logs of a folder. `onError` is told of a disk that does not take them. `refusals`: how many lines refused requests of one principal
 * have.
 */
export function openLogs(
  options: LogOptions,
  onError: (error: Error) => void,
  refusals: Rate = GATEWAY_LIMITS.refusalLinesRate,
): Logs {
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
  const auditOf = kept((principal, what, module) => {
    return audit.child({ who: whoIs(principal), what, module });
  });
  const businessOf = kept((principal, what) =>
    business.child({ operation: what, by: principal.id }),
  );
  const flood = new Flood(refusals, (who, leftOut) =>
    audit.info({ who, leftOut }, 'refused requests that have no line'),
  );
  const flush = (): void => {
    flood.close();
    for (const file of files) file.flushSync();
  };
  process.on('exit', flush);
  return {
    audit: ({ principal, origin, module, what, status, details }) => {
      const { address: ip, agent, traceparent } = origin;
      const traceId = traceIdOf(traceparent);
      auditOf(principal, what, module).info({ status, details, ip, agent, traceId });
    },
    refused: (principal) => flood.take(whoIs(principal)),
    business: ({ principal, origin, what, status, details }) => {
      const traceId = traceIdOf(origin.traceparent);
      businessOf(principal, what).info({ status, details, traceId });
    },
    service: (level, message, more = {}) => service[level](more, message),
    close: async () => {
      process.off('exit', flush);
      flood.close();
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
