// The client: a ledger behind a gateway. Owns: calls over HTTP, and the one stream. Never touches: Node.js.

import type {
  Asset,
  Balance,
  Command,
  DeleteRecordCommand,
  EntriesQuery,
  EntryPage,
  HoldState,
  Outcome,
  Posted,
  PutRecordCommand,
  Refused,
  TransferRecord,
} from '../../engine/index.js';
import { ClientError } from './errors.js';
import { withId } from './ids.js';
import { type Answered, Requests, refusalOf, type Shown } from './requests.js';
import type { Codec, OpenSocket } from './socket.js';
import { Stream } from './stream.js';

/** How a client is made. */
export interface ClientOptions extends Shown {
  /** Of the gateway: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Times that a call is made at most, where repeating it may help. Default 5. */
  readonly attempts?: number | undefined;
  /** How long one attempt over HTTP may take. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: the browser's; in Node.js the package `ws`. */
  readonly openSocket?: OpenSocket | undefined;
  /** Default: JSON; in Node.js MessagePack. */
  readonly codec?: Codec | undefined;
}

/** Commands that have a route; owner records are written over the stream. */
export type RoutedCommand = Exclude<Command, PutRecordCommand | DeleteRecordCommand>;

/** How a command is carried out over HTTP. */
export interface CallOptions {
  /**
   * Only say what the outcome would be, now: nothing changes, and its `seq` is 0. For transfers, holds, captures, releases
   * and reversals; the stream takes every command.
   */
  readonly dryRun?: boolean | undefined;
}

/** How transfers are carried out over HTTP. */
export interface TransfersOptions extends CallOptions {
  /** All or none. Rejects with ClientError where they cannot be: `BATCH_ACROSS_SHARDS`, `BATCH_TOO_LARGE`. */
  readonly atomic?: boolean | undefined;
}

/** With the platform's parts filled in. */
export type WholeOptions = ClientOptions & {
  readonly openSocket: OpenSocket;
  readonly codec: Codec;
};

const VERBS = {
  'open-account': 'open',
  'freeze-account': 'freeze',
  'unfreeze-account': 'unfreeze',
  'close-account': 'close',
} as const;

/** A ledger behind a gateway. */
export class Client {
  readonly #options: WholeOptions;
  readonly #requests: Requests;
  #stream: Stream | undefined;

  constructor(options: WholeOptions) {
    const isPlatform = options.token !== undefined || options.sign !== undefined;
    if ((options.key !== undefined) === isPlatform)
      throw new TypeError('a client has a key, or a token, a signer or both');
    this.#options = { ...options, url: options.url.replace(/\/+$/, '') };
    this.#requests = new Requests({
      url: this.#options.url,
      key: options.key,
      token: options.token,
      sign: options.sign,
      attempts: options.attempts ?? 5,
      timeoutMs: options.timeoutMs ?? 10_000,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    });
  }

  /**
   * Carries out one command over HTTP, again with the same id where there was no answer. Resolves with its outcome, a refusal too;
   * `PREPARED`: it goes on, ask for it by its id. Rejects with ClientError where the server cannot be reached: what became
   * of the command is not known then, and repeating it with the same id is safe.
   */
  async submit(command: RoutedCommand, options: CallOptions = {}): Promise<Outcome> {
    const { type, ...fields } = withId(command) as RoutedCommand & Record<string, unknown>;
    const [method, path, rest] = routeOf(type, fields);
    return outcomeOf(await this.#requests.ask(method, path + queryOf(options), rest));
  }

  /** Carries out transfers over HTTP, each by itself unless `atomic`: an outcome for each. As submit(). The stream's is quicker. */
  async submitTransfers(
    transfers: readonly Extract<Command, { type: 'transfer' }>[],
    options: TransfersOptions = {},
  ): Promise<Outcome[]> {
    const body = transfers.map((transfer) => {
      const { type, ...fields } = withId(transfer);
      return fields;
    });
    const answered = await this.#requests.ask('POST', `/v1/transfers${queryOf(options)}`, body);
    const items = bodyOf(answered) as (Posted & { readonly status: number })[];
    return items.map((item) => outcomeOf({ status: item.status, body: item }));
  }

  /** All assets of an owner. Rejects with ClientError, as all reads do, also where it is refused. */
  async balances(owner: string): Promise<Balance[]> {
    const found = await this.#read(`/v1/accounts/${part(owner)}`);
    return (found as { accounts: Balance[] }).accounts;
  }

  /** All assets of many owners, in their order, in one call; only in one asset where it is named. */
  async balancesOf(
    owners: readonly string[],
    options: { readonly asset?: string | undefined } = {},
  ): Promise<readonly { readonly owner: string; readonly accounts: readonly Balance[] }[]> {
    const found = bodyOf(await this.#requests.ask('POST', '/v1/balances', { owners, ...options }));
    return (found as { balances: { owner: string; accounts: Balance[] }[] }).balances;
  }

  /** A page of an account's history. */
  async entries({ owner, ...query }: EntriesQuery): Promise<EntryPage> {
    const page = await this.#read(`/v1/accounts/${part(owner)}/entries${queryOf(query)}`);
    return { ...(page as Omit<EntryPage, 'ok'>), ok: true };
  }

  /** A command by its id, with its outcome; undefined: the id was never used. */
  async transfer(owner: string, id: string): Promise<TransferRecord | undefined> {
    const path = `/v1/accounts/${part(owner)}/transfers/${part(id)}`;
    const found = await this.#requests.ask('GET', path);
    if ('ok' in found && found.code === 'TRANSFER_NOT_FOUND') return undefined;
    const { command, time, outcome } = bodyOf(found) as TransferRecord & {
      readonly outcome: Posted & { readonly status: number };
    };
    return { command, time, outcome: outcomeOf({ status: outcome.status, body: outcome }) };
  }

  /** A hold; `remaining` 0: closed. */
  async hold(owner: string, id: string): Promise<HoldState> {
    return (await this.#read(`/v1/accounts/${part(owner)}/holds/${part(id)}`)) as HoldState;
  }

  async assets(): Promise<Asset[]> {
    return ((await this.#read('/v1/assets')) as { assets: Asset[] }).assets;
  }

  async #read(path: string): Promise<unknown> {
    return bodyOf(await this.#requests.ask('GET', path));
  }

  /**
   * The client's WebSocket: opened when it is first asked for, and again when it breaks. It shows the key or a token, so one
   * that only signs has none.
   */
  get stream(): Stream {
    if (this.#options.key === undefined && this.#options.token === undefined)
      throw new TypeError('a stream takes a key or a token');
    this.#stream ??= new Stream(this.#options);
    return this.#stream;
  }

  /** Ends the stream, if there is one. */
  close(): void {
    this.#stream?.close();
  }
}

const part = encodeURIComponent;

/** A query of what is given, with its question mark; nothing where nothing is. */
function queryOf(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${part(String(value))}`).join('&');
  return text === '' ? '' : `?${text}`;
}

/** Method, path and body of a command. */
function routeOf(
  type: RoutedCommand['type'],
  fields: Record<string, unknown>,
): [string, string, object] {
  const text = (name: string): string => part(String(fields[name]));
  const without = (...names: string[]): object =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  switch (type) {
    case 'transfer':
      return ['POST', '/v1/transfers', fields];
    case 'hold':
      return ['POST', '/v1/holds', fields];
    case 'capture':
    case 'release': {
      const path = `/v1/accounts/${text('owner')}/holds/${text('holdId')}/${type}`;
      return ['POST', path, without('owner', 'holdId')];
    }
    case 'reverse': {
      const path = `/v1/accounts/${text('owner')}/transfers/${text('transferId')}/reverse`;
      return ['POST', path, without('owner', 'transferId')];
    }
    case 'define-asset':
      return ['PUT', `/v1/assets/${text('asset')}`, without('asset')];
    default: {
      const verb = type === 'set-credit-limit' ? 'credit-limit' : VERBS[type];
      const path = `/v1/accounts/${text('owner')}/assets/${text('asset')}/${verb}`;
      return ['POST', path, without('owner', 'asset')];
    }
  }
}

function bodyOf(found: Answered | Refused): unknown {
  if ('ok' in found) throw new ClientError(`${found.code}: ${found.message}`, found);
  return found.body;
}

/** An outcome out of an answer, or of one of a batch's. */
function outcomeOf(found: Answered | Refused): Outcome {
  if ('ok' in found) return found;
  const { status, dryRun, ...fields } = found.body as Posted & {
    readonly status?: number;
    readonly dryRun?: boolean;
  };
  if (found.status >= 400) return refusalOf({ ...fields, status });
  if (found.status === 202) {
    const message = 'The transfer is prepared and not decided yet.';
    const { id } = fields;
    return { ok: false, code: 'PREPARED', status: 202, retry: true, message, id, replayed: false };
  }
  return { ...fields, ok: true };
}
