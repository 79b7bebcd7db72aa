// Whether answers are as the document says. Owns: how an answer is checked, what is refused though it is as its schema says. Never touches: what is asked.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { unpack } from 'msgpackr';
import type { Schema } from './draw.js';

export const PACKED = 'application/vnd.msgpack';

/** An operation of the document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly told: Schema;
}

/** How a request may be refused as malformed though it is as its schema says: code and field. */
const BEYOND: readonly RegExp[] = [
  /^ID_INVALID (Idempotency-Key|ref|(original_)?transaction_id)$/,
  /^ID_TOO_LONG kind:ref$/,
  // Fields that go together.
  /^(SAME_ACCOUNT|EXPIRY_POLICY_INVALID|LEG_PARTS_INVALID|PENDING_INVALID|OWNER_REQUIRED|OWNER_NOT_PARTY) /,
  // An amount or a quantity of a line, what an event should have earned; how long what is said is.
  /^ACT_BODY_INVALID (command\.)?(body\.)?(lines|right)$/,
  /^(MEMO|METADATA)_INVALID /,
  // A document of another kind, a condition that is none, a retirement with a document, a draft with a time.
  /^(DEFINITION_INVALID (document|definitions)|ASSET_INVALID document|AMOUNT_INVALID document|ZONE_INVALID document|ACTIVE_FROM_INVALID)/,
  /^DEFINITION_KIND_UNKNOWN (definitions\[\d+\]\.)?kind$/,
  // What is for batches alone, or not for some.
  /^QUERY_INVALID (brief|atomic|dryRun)$/,
  // A period of another board.
  /^QUERY_INVALID period$/,
  // A time that is no day, positions of other shards or without a time, a page or shard that is not there, a cursor that nobody gave.
  /^(EXPIRY_INVALID|DEADLINE_INVALID|OCCURRED_INVALID|CURSOR_INVALID) /,
  /^QUERY_INVALID (at|asOf|day|from|to|until|page|shard)$/,
  // What is affordable goes with a member; of exchanges with partners some goes with a state.
  /^QUERY_INVALID (affordable|partner|limit)$/,
  // How a user is named depends on the system.
  /^(IDENTITY|OWNER)_INVALID (user|identity|\w*user_id)$/,
  // What goes together of an application; a link goes to one address.
  /^OAUTH_CLIENT_INVALID /,
  /^COMMAND_INVALID phone$/,
  // Positions of shards that are not there.
  /^COMMAND_INVALID from$/,
  // An absolute path; a URL, which is needed the first time.
  /^COMMAND_INVALID (to|endpoint|embedOrigins|rpcUrl)$/,
  // Platforms stand once; a platform says none, and others one.
  /^COMMAND_INVALID platforms$/,
  /^QUERY_INVALID platform$/,
];

/** What a report takes is told with it, and not in the document. */
const NOT_OF_REPORT = / is (not asked of this report\.|one of )/;

/** Checks answers against the document. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(document: Schema) {
    this.#ajv.addSchema(document, 'document');
  }

  /** What is wrong with an answer, if anything. */
  async broken(
    { method, path, told }: Operation,
    answer: Response,
    isSound: boolean,
  ): Promise<string | undefined> {
    const { status } = answer;
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (type === 'text/event-stream') await answer.body?.cancel();
    const bytes = type === 'text/event-stream' ? '' : Buffer.from(await answer.arrayBuffer());
    const shown = `${status} ${type} ${bytes.toString('utf8').slice(0, 2_000)}`;
    if (status >= 500 && status !== 503) return shown;
    const documented = told.responses[status];
    if (documented === undefined) return `the status is not documented: ${shown}`;
    const content = documented.content?.[type];
    if (content === undefined) return `the content type is not documented: ${shown}`;
    if (type.endsWith('ndjson') || (!type.endsWith('json') && type !== PACKED)) return undefined;
    const value = type === PACKED ? unpack(bytes as Buffer) : JSON.parse(bytes.toString('utf8'));
    const pointer = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      status,
      'content',
      type,
      'schema',
    ];
    const check = this.#check(
      pointer.map((part) => encodeURIComponent(String(part).replaceAll('/', '~1'))).join('/'),
    );
    if (
      isSound &&
      status === 400 &&
      // As OAuth tells it.
      value.error === undefined &&
      // What is asked of other reports.
      !(path === '/v1/reports/{name}' && NOT_OF_REPORT.test(value.detail)) &&
      !BEYOND.some((known) => known.test(`${value.code} ${value.field}`))
    )
      return `refused, although it is as its schema says: ${shown}`;
    if (check(value)) return undefined;
    return `${this.#ajv.errorsText(check.errors)}: ${shown}`;
  }

  #check(pointer: string): ValidateFunction {
    const made = this.#checks.get(pointer) ?? this.#ajv.compile({ $ref: `document#/${pointer}` });
    this.#checks.set(pointer, made);
    return made;
  }
}
