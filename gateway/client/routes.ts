// Where commands go over HTTP. Owns: methods, paths and bodies. Never touches: requests.

import type {
  Command,
  DeleteRecordCommand,
  PutRecordCommand,
} from '../../engine/protocol/commands.js';
import type { Refused } from '../../engine/protocol/outcomes.js';
import { refusal, refusedHere } from './errors.js';

const VERBS = {
  'open-account': 'open',
  'freeze-account': 'freeze',
  'unfreeze-account': 'unfreeze',
  'close-account': 'close',
  'reopen-account': 'reopen',
  'extend-lots': 'extend-lots',
  'set-credit-limit': 'credit-limit',
} as const;

/** Commands that have a route; owner records are written over the stream. */
export type RoutedCommand = Exclude<Command, PutRecordCommand | DeleteRecordCommand>;

/** What is asked of the server for a command. */
export interface CommandRoute {
  readonly method: string;
  readonly path: string;
  readonly body: object;
}

/** Why a name cannot be a part of a path; undefined: it can. */
function partProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return `${name} is text that is not empty.`;
  // Encoded or not, whoever reads the URL takes them for steps up.
  if (value === '.' || value === '..')
    return `"${value}" cannot be part of a path: ask by another call, or over the stream.`;
  return /\p{Surrogate}/u.test(value) ? `${name} has half of a surrogate pair.` : undefined;
}

/** A part of a command's path; a refusal where it cannot be one. */
export function partOf(name: string, value: unknown, id: string | undefined): string | Refused {
  const problem = partProblem(name, value);
  return problem === undefined
    ? encodeURIComponent(String(value))
    : refusedHere('COMMAND_INVALID', name, problem, id);
}

const WRONG_PART = {
  owner: 'OWNER_INVALID',
  id: 'ID_INVALID',
  board: 'DEFINITION_KEY_INVALID',
  goods: 'DEFINITION_KEY_INVALID',
  card: 'CARD_NOT_FOUND',
  import: 'IMPORT_NOT_FOUND',
  platform: 'PLATFORM_NOT_FOUND',
  user: 'IDENTITY_INVALID',
} as const;

/** A part of the path of a read. Throws ClientError where it cannot be one. */
export function part(name: keyof typeof WRONG_PART, value: string): string {
  const problem = partProblem(name, value);
  if (problem === undefined) return encodeURIComponent(value);
  throw refusal(WRONG_PART[name], name, problem);
}

/** A query of what is given, with its question mark; nothing where nothing is. */
export function queryOf(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return text.length === 0 ? '' : `?${text.join('&')}`;
}

/** Method, path and body of a command; a refusal where a name in it cannot be in a path, or it has no route. */
export function routeOf(command: RoutedCommand): CommandRoute | Refused {
  const { type, ...fields } = command as RoutedCommand & Record<string, unknown>;
  const [method, pattern] = patternOf(type);
  if (pattern === undefined) {
    const detail = `A command of type ${String(type)} is not carried out over HTTP.`;
    return refusedHere('COMMAND_TYPE_UNKNOWN', 'type', detail);
  }
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  for (const name of names) {
    const problem = partProblem(name, fields[name]);
    const { id } = fields as { readonly id?: string };
    if (problem !== undefined) return refusedHere('COMMAND_INVALID', name, problem, id);
  }
  const path = pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(fields[name])));
  const rest = Object.entries(fields).filter(([name]) => !names.includes(name));
  return { method, path, body: Object.fromEntries(rest) };
}

function patternOf(type: RoutedCommand['type']): readonly [string, string | undefined] {
  switch (type) {
    case 'transfer':
      return ['POST', '/v1/transfers'];
    case 'hold':
      return ['POST', '/v1/holds'];
    case 'capture':
    case 'release':
      return ['POST', `/v1/accounts/{owner}/holds/{holdId}/${type}`];
    case 'reverse':
      return ['POST', '/v1/accounts/{owner}/transfers/{transferId}/reverse'];
    case 'confirm-pending':
      return ['POST', '/v1/accounts/{owner}/transfers/{transferId}/confirm'];
    case 'act':
      return ['POST', '/v1/acts/{act}'];
    case 'define-asset':
      return ['PUT', '/v1/assets/{asset}'];
    case 'put-definition':
      return ['PUT', '/v1/definitions/{kind}/{key}'];
    default: {
      const verb = Object.hasOwn(VERBS, type) ? VERBS[type] : undefined;
      return ['POST', verb && `/v1/accounts/{owner}/assets/{asset}/${verb}`];
    }
  }
}
