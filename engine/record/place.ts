// Where a log of record is: postgres://[user[:password]@]host[:port][,host[:port]...]/database[?options]. Owns: what may be said of it.
// Never touches: connections, files but those of TLS.
//   record.L1. A password is nowhere but in `password`: what is shown of a place has none.
//   record.L2. A host that is not this machine is spoken to over TLS with its name verified, unless the place says otherwise.

import { readFileSync } from 'node:fs';
import { SCHEMA_NAME } from './schema.js';

const DEFAULT_PORT = 5432;
const DEFAULT_SCHEMA = 'jifen';
const SHAPE =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]+)(?::([^@/?#]*))?@)?([^/?#@]+)\/([^/?#]+)(?:\?([^#]*))?$/;
const HOST = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const OPTIONS = ['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
const LOCAL = new Set(['localhost', '127.0.0.1', '::1']);

/** One server of several of which one is the primary. */
export interface RecordHost {
  readonly host: string;
  readonly port: number;
}

export interface RecordTls {
  /** Whom to believe, PEM; left out: those whom Node.js believes. */
  readonly ca?: string | undefined;
  /** Who this is, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** May be handed to another thread. */
export interface RecordPlace {
  /** Asked one after the other which one is the primary. */
  readonly hosts: readonly RecordHost[];
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly schema: string;
  /** By host: null: in the clear. */
  readonly tls: RecordTls | null;
  /** What may be shown: hosts, database, schema. */
  readonly shown: string;
}

const decoded = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`${what} is not percent-encoded as it should be`);
  }
};

function hostOf(text: string): RecordHost {
  const [, host, port] = HOST.exec(text) ?? [];
  const number = Number(port ?? DEFAULT_PORT);
  if (host === undefined || number < 1 || number > 65_535)
    throw new TypeError(`${JSON.stringify(text)} is no host[:port]`);
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function optionsOf(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!(OPTIONS as readonly string[]).includes(name))
      throw new TypeError(`${JSON.stringify(name)} is none of ${OPTIONS.join(', ')}`);
    if (options.has(name)) throw new TypeError(`${name} is said twice`);
    options.set(name, value);
  }
  return options;
}

function pemOf(options: ReadonlyMap<string, string>, name: string): string | undefined {
  const file = options.get(name);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TypeError(`${name}: ${(error as Error).message}`);
  }
}

function tlsOf(
  options: ReadonlyMap<string, string>,
  hosts: readonly RecordHost[],
): RecordTls | null {
  const isLocal = hosts.every(({ host }) => LOCAL.has(host));
  const mode = options.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  const [ca, cert, key] = (['sslrootcert', 'sslcert', 'sslkey'] as const).map((name) =>
    pemOf(options, name),
  );
  if ((cert === undefined) !== (key === undefined))
    throw new TypeError('sslcert and sslkey are given together');
  if (mode === 'verify-full') return { ca, cert, key };
  if (mode !== 'disable') throw new TypeError('sslmode is verify-full or disable');
  if (ca !== undefined || cert !== undefined)
    throw new TypeError('sslmode=disable and certificates contradict each other');
  return null;
}

/** The parts of a place; `password`: where it names none. Throws TypeError, without the password. */
export function recordPlace(url: string, password?: string): RecordPlace {
  const [, user, said, hosts = '', database = '', query = ''] = SHAPE.exec(url) ?? [];
  if (hosts === '')
    throw new TypeError('must be postgres://[user[:password]@]host[:port][,host[:port]]/database');
  const options = optionsOf(query);
  const schema = options.get('schema') ?? DEFAULT_SCHEMA;
  if (!SCHEMA_NAME.test(schema))
    throw new TypeError('schema is a name of a-z, 0-9 and _, at most 40 long');
  const list = hosts.split(',').map(hostOf);
  const name = decoded(database, 'database');
  const shown = `${list.map(({ host, port }) => `${host}:${port}`).join(',')}/${name}?schema=${schema}`;
  return {
    hosts: list,
    database: name,
    user: decoded(user ?? 'jifen', 'user'),
    password: said === undefined ? password : decoded(said, 'password'),
    schema,
    tls: tlsOf(options, list),
    shown,
  };
}
