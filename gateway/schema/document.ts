// The OpenAPI document. Owns: how descriptions become OpenAPI 3.1. Never touches: what is described.
//   schema.D4. What the document says of a route is its row in the table and its description, and nothing else.

import type { TSchema } from 'typebox';
import { REFUSALS, type RefusalCode } from '../../engine/index.js';
import type { Access } from '../auth/principal.js';
import { FILE_FORMATS, FORM_TYPE, type Format, MEDIA_TYPES } from '../encoding/media.js';
import {
  type Answered,
  type Described,
  type Description,
  partsOf,
  routeRefusals,
  TAGS,
} from './description.js';
import { AnyProblem } from './outcomes.js';
import { Id, NAME, PATH_PARTS } from './words.js';

/** A call: a row of the table of routes, or one that is no route. */
export interface Operation extends Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
}

type Json = Readonly<Record<string, unknown>>;

const PROBLEM = 'application/problem+json';
const REPLAYED = { 'Idempotency-Replayed': '`true`: the same had been asked for before.' };
const LINES: Json = { type: 'string', description: 'A line of JSON for each item.' };
const TEXT: Json = { type: 'string', description: 'The same in words.' };
const FILE: Json = { type: 'string', format: 'binary', description: 'The same rows as a file.' };
const LATER = { 'Retry-After': 'When to ask again, in seconds.' };
/** Headers of refusals, by status. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'How to show who asks.' },
  429: LATER,
  503: LATER,
};
const header = (name: string, description: string): Json => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});
const SECURITY_SCHEMES: Json = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'The administrator’s key, or an issued one.',
  },
  member: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token of a member (OAuth 2.0), for its own account, within its scopes.',
  },
  partner: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of a partner outside.',
  },
  ticket: {
    type: 'apiKey',
    in: 'query',
    name: 'ticket',
    description: 'What a web page is given instead of a key.',
  },
  token: header(
    'X-Platform-Token',
    'A JWT that the platform has signed (HS256), with `platform_id` and `exp`; an `aud` has `jifen`.',
  ),
  platform: header('X-Platform-ID', 'Of a signed request: whose it is.'),
  timestamp: header('X-Timestamp', 'Of a signed request: seconds or milliseconds since 1970.'),
  signature: header(
    'X-Signature',
    'Of a signed request: HMAC-SHA256 in hex. Version 1: over timestamp, method, path with query, and body, which is JSON; ' +
      'an `Idempotency-Key` is taken only where the body names the same id. Version 2: see `X-Signature-Version`.',
  ),
  version: header(
    'X-Signature-Version',
    'Of a signed request: `2`, for all formats. The signature is over these lines, with a line feed between: ' +
      '`jifen-signature-2`, `X-Platform-ID`, `X-Timestamp`, method, `Host` in small letters, path with query, ' +
      '`Content-Type`, `Idempotency-Key` (empty lines where there is none), and the SHA-256 of the body in hex.',
  ),
};
const BY_KEY: Json = { key: [] };
const BY_MEMBER: Json = { member: [] };
const BY_PARTNER: Json = { partner: [] };
const BY_TOKEN: Json = { token: [] };
const BY_SIGNATURE: Json = { platform: [], timestamp: [], signature: [] };
const BY_VERSION_2: Json = { ...BY_SIGNATURE, version: [] };
const BY_PLATFORM = [
  BY_TOKEN,
  ...[BY_SIGNATURE, BY_VERSION_2].flatMap((signed) => [signed, { ...BY_TOKEN, ...signed }]),
];
const SECURITY: Readonly<Record<Access['by'], readonly Json[]>> = {
  visitor: [],
  anyone: [],
  key: [BY_KEY],
  platform: BY_PLATFORM,
  'key or platform': [BY_KEY, ...BY_PLATFORM],
  member: [BY_MEMBER],
  partner: [BY_PARTNER, { ...BY_PARTNER, ...BY_SIGNATURE }, { ...BY_PARTNER, ...BY_VERSION_2 }],
};

const SHOWN: Readonly<Record<NonNullable<Description['shows']>[number], readonly Json[]>> = {
  key: [BY_KEY],
  platform: BY_PLATFORM,
  ticket: [{ ticket: [] }],
  'first message': [{}],
};

/** Puts schemas that have names among the components, once. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** A schema as the document has it. */
  shown(schema: TSchema | object): Json {
    const { [NAME]: name, ...rules } = schema as Record<string, unknown>;
    if (typeof name !== 'string') return this.#parts(rules);
    const made = this.#parts(rules);
    const known = this.schemas[name];
    if (known === undefined) this.schemas[name] = made;
    else if (JSON.stringify(known) !== JSON.stringify(made))
      throw new Error(`two schemas have the name ${name}`);
    return { $ref: `#/components/schemas/${name}` };
  }

  #parts(rules: Record<string, unknown>): Json {
    return Object.fromEntries(
      Object.entries(rules).map(([keyword, value]) => [keyword, this.#part(value)]),
    );
  }

  #part(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#part(item));
    return typeof value === 'object' && value !== null ? this.shown(value) : value;
  }
}

const headersOf = (told: Readonly<Record<string, string>> | undefined): Json | undefined =>
  told &&
  Object.fromEntries(
    Object.entries(told).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );

/** What is told in formats that say it in another way. */
const OTHERS: Readonly<Partial<Record<Format, Json>>> = {
  lines: LINES,
  text: TEXT,
  ...Object.fromEntries(FILE_FORMATS.map((format) => [format, FILE])),
};

/** A value in the formats that a call takes and gives. */
function contentOf(schema: TSchema, formats: readonly Format[], components: Components): Json {
  const shown = components.shown(schema);
  const content: Record<string, Json> = { [MEDIA_TYPES.json]: { schema: shown } };
  for (const format of formats) content[MEDIA_TYPES[format]] = { schema: OTHERS[format] ?? shown };
  return content;
}

function answerOf(
  answered: Answered,
  { describes, formats = [] }: Operation,
  components: Components,
): Json {
  const { summary, schema, type, headers } = answered;
  const replayed = describes.takesKey === true ? REPLAYED : undefined;
  return {
    description: summary,
    headers: headersOf(headers || replayed ? { ...headers, ...replayed } : undefined),
    content:
      schema !== undefined
        ? contentOf(schema, formats, components)
        : type && { [type]: { schema: { type: 'string' } } },
  };
}

function refusedOf(status: number, codes: readonly RefusalCode[], problem: Json): Json {
  const schema = { allOf: [problem], properties: { code: { enum: codes } } };
  return {
    description: codes.join(', '),
    headers: headersOf(HEADERS[status]),
    content: { [PROBLEM]: { schema } },
  };
}

function responsesOf(operation: Operation, components: Components): Json {
  const responses: Record<string, Json> = {};
  for (const [status, answered] of Object.entries(operation.describes.answers))
    responses[status] = answerOf(answered, operation, components);
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of routeRefusals(operation)) {
    const { status } = REFUSALS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const problem = components.shown(AnyProblem);
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const refused = refusedOf(status, codes.sort(), problem);
    const before = responses[status];
    responses[status] =
      before === undefined
        ? refused
        : { ...refused, content: { ...(before.content as Json), ...(refused.content as Json) } };
  }
  return responses;
}

function parametersOf({ path, describes }: Operation, components: Components): Json[] {
  const parameters: Json[] = partsOf(path).map((name) => {
    const schema = describes.path?.[name] ?? PATH_PARTS[name];
    if (schema === undefined) throw new Error(`${path}: it is not said what {${name}} is`);
    return { name, in: 'path', required: true, schema: components.shown(schema) };
  });
  const { properties = {}, required = [] } = describes.query ?? {};
  for (const [name, schema] of Object.entries(properties)) {
    const isRequired = (required as readonly string[]).includes(name);
    parameters.push({ name, in: 'query', required: isRequired, schema: components.shown(schema) });
  }
  if (describes.takesKey === true)
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The id, in place of the body’s.',
      schema: components.shown(Id),
    });
  return parameters;
}

function bodyOf(
  { body, describes, formats = [] }: Operation,
  components: Components,
): Json | undefined {
  const { bodyType } = describes;
  if (bodyType !== undefined)
    return { required: true, content: { [bodyType]: { schema: { type: 'string' } } } };
  if (body === undefined || describes.body === undefined) return undefined;
  const content =
    body === 'form'
      ? { [FORM_TYPE]: { schema: components.shown(describes.body) } }
      : contentOf(describes.body, formats, components);
  return { required: body !== 'optional', content };
}

/** E.g. `getV1AccountsByOwner`. */
const idOf = ({ method, path }: Operation): string =>
  method.toLowerCase() +
  path
    .split(/[/._-]/)
    .filter((part) => part !== '')
    .map((part) => {
      const name = part.replace(/[{}]/g, '');
      const word = name.charAt(0).toUpperCase() + name.slice(1);
      return part.startsWith('{') ? `By${word}` : word;
    })
    .join('');

function shownOperation(operation: Operation, components: Components): Json {
  const { access, describes } = operation;
  const needs = access.needs.join(', ');
  const anyone = describes.shows === undefined ? 'For anyone.' : 'For those who may: read.';
  const may = needs === '' ? anyone : `For those who may: ${needs}.`;
  const whole = access.whole === true ? ' Not for credentials that are restricted to assets.' : '';
  return {
    operationId: idOf(operation),
    tags: [describes.tag],
    summary: describes.summary,
    description: [describes.details, may + whole].filter(Boolean).join('\n\n'),
    parameters: parametersOf(operation, components),
    requestBody: bodyOf(operation, components),
    responses: responsesOf(operation, components),
    security: describes.shows?.flatMap((way) => SHOWN[way]) ?? [
      ...SECURITY[access.by],
      ...(access.members === undefined ? [] : [BY_MEMBER]),
    ],
  };
}

/** The document of these calls, as JSON text. */
export function openApi(operations: readonly Operation[], version: string): string {
  const components = new Components();
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    if (operation.describes.isPart === true) continue;
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = shownOperation(operation, components);
  }
  return JSON.stringify({
    openapi: '3.1.1',
    info: {
      title: 'jifen',
      version,
      summary: 'A points ledger.',
      description:
        'Amounts are whole numbers of minor units, times milliseconds since 1970 (requests also take RFC 3339 text). ' +
        'A field or parameter that is not known is refused by name. Any call may be asked again with the same id.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES },
  });
}
