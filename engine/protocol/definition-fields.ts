// The fields of definitions of a programme, and of their documents. Owns: for each kind of field, what is acceptable and how it lies in its place.
// Never touches: which kinds of definitions there are, and which fields each has (engine/programme/definitions).

import { DEFINITION_BYTES_MAX, EXPRESSION_LENGTH_MAX, PRINCIPAL_LENGTH_MAX } from '../limits.js';
import type { Listed } from './definition.js';
import {
  count,
  type Field,
  field,
  filledIn,
  optional,
  plain,
  since,
  time,
  zoneOffsets,
} from './fields.js';
import { sealed, unsealed } from './opaque.js';
import type { RefusalCode } from './refusals.js';
import {
  canonicalJson,
  type DefinitionState,
  isBudget,
  isDefinitionKind,
  isDefinitionState,
  isId,
  isPathPart,
  utf8Length,
} from './syntax.js';

/** What a definition says. */
export type Document = Readonly<Record<string, unknown>>;

/** The kind of a definition; which there are is not known here (engine/programme/definitions). */
export const definitionKind = (): Field<string, false> =>
  plain('definition-kind', 'text', isDefinitionKind, 'DEFINITION_KIND_UNKNOWN');

/** The key of a definition within its kind. */
export const definitionKey = (): Field<string, false> =>
  plain(
    'definition-key',
    'text',
    (value) => isPathPart(value) && isId(value),
    'DEFINITION_KEY_INVALID',
  );

/** Whether a definition decides. */
export const definitionState = (): Field<DefinitionState, false> =>
  plain('definition-state', 'text', isDefinitionState, 'DEFINITION_INVALID');

/** Bytes of a document as it is logged. */
const documentBytes = (document: object): Uint8Array => sealed(canonicalJson(document) as string);

/** The document in these bytes. */
const documentOf = (bytes: Uint8Array): Document => JSON.parse(unsealed(bytes));

function documentProblem(value: unknown): RefusalCode | null {
  const json = canonicalJson(value);
  if (json === undefined) return 'DEFINITION_INVALID';
  return utf8Length(json) > DEFINITION_BYTES_MAX ? 'DEFINITION_TOO_LARGE' : null;
}

/** What a definition says: a JSON object, in canonical form. Its kind says which fields it has. */
export const document = (): Field<Document, false> =>
  field('document', 'bytes', ['DEFINITION_INVALID', 'DEFINITION_TOO_LARGE'], documentProblem, {
    toPlace: documentBytes,
    ofPlace: documentOf,
  });

/** A text for people, of at most so many characters. */
export const words = (
  max: number,
  about?: string,
  code: RefusalCode = 'DEFINITION_INVALID',
): Field<string, false> =>
  plain(
    'words',
    'text',
    (value) =>
      typeof value === 'string' && value.length <= max && value !== '' && value.isWellFormed(),
    code,
    { bounds: [1, max], about },
  );

/** A condition in CEL; whether it can be evaluated is looked at by the kind that has it. */
export const expression = (about?: string): Field<string, false> =>
  plain(
    'expression',
    'text',
    (value) =>
      typeof value === 'string' &&
      value !== '' &&
      value.length <= EXPRESSION_LENGTH_MAX &&
      value.isWellFormed(),
    'DEFINITION_INVALID',
    { bounds: [1, EXPRESSION_LENGTH_MAX], about },
  );

/** A value with a shape of its own, by its JSON schema; only in documents and in bodies of acts, which are JSON. */
export const json = <T>(
  schema: Readonly<Record<string, unknown>>,
  is: (value: unknown) => boolean,
  about: string,
  code: RefusalCode = 'DEFINITION_INVALID',
): Field<T, false> => plain('json', 'bytes', is, code, { schema, about });

/** One of a few words. */
export const oneOf = <const T extends string>(
  names: readonly T[],
  about: string,
): Field<T, false> =>
  json({ type: 'string', enum: names }, (value) => names.includes(value as T), about);

/** A budget, as the scarce owner that has it. */
export const budget = (): Field<string, false> =>
  plain('budget', 'text', isBudget, 'DEFINITION_INVALID');

/** The fields of a command that says a definition. */
export const DEFINITION = {
  /** The kind of definition, e.g. `offer`: engine/programme/definitions lists them. */
  kind: definitionKind(),
  /** Its name within its kind. */
  key: definitionKey(),
  /** `draft`: never decides. `active`: decides from `activeFrom` on. `retired`: nothing decides from then on. */
  state: definitionState(),
  /** What it says; of a retirement, and of the draft of one, nothing. */
  document: optional(document()),
  /**
   * When it begins to decide, or the one before it ceases to, in milliseconds since 1970: at least limits.DEFINITION_LEAD_MS after it is
   * said. From then on it goes before every version that was said before it. Left out: the soonest. Not of a draft.
   */
  activeFrom: optional(time('ACTIVE_FROM_INVALID')),
  /** Only where this is the newest version; 0: where there is none. Left out: whichever. */
  ifVersion: optional(count('VERSION_INVALID')),
  /** Set by the engine: the offsets of the zone that the document names, so that its days are the same for ever. */
  zoneOffsets: filledIn(optional(zoneOffsets())),
  /** Set by the engine, where another shard has decided it: its version, and when it was said. */
  version: filledIn(optional(count('VERSION_INVALID'))),
  definedAt: filledIn(optional(time('COMMAND_INVALID'))),
  /** Its place among all versions that decide, from 1 on: the same on every shard. */
  number: filledIn(optional(count('COMMAND_INVALID'))),
  /** Set by the engine: who says it, by the credentials shown. */
  by: filledIn(optional(since(2, words(PRINCIPAL_LENGTH_MAX, 'Who says it.', 'COMMAND_INVALID')))),
};

/** What it may be refused with, in the order in which it is looked at. */
export const DEFINITION_REFUSALS: readonly Listed[] = [
  'DEFINITION_KIND_UNKNOWN',
  'DEFINITION_UNAPPROVED (what a programme, the definition itself, or a step of its figures asks a second person for)',
  'DEFINITION_INVALID (the field of its document, which may have a refusal of its own)',
  'ZONE_UNKNOWN',
  'DEFINITION_VERSION_MISMATCH',
  'ACTIVE_FROM_TOO_SOON',
  'DEFINITION_NOT_FOUND (to retire what was never active)',
  'DEFINITION_RETIRED (to retire it again)',
  'DEFINITION_LIMIT',
];
