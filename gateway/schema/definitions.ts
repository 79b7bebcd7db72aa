// Definitions of a programme outside. Owns: what their documents look like, by kind, and what their routes say of themselves. Never touches: what
// they decide.

import type { TObject } from 'typebox';
import { type AnyKind, DEFINITION_KINDS, limits, type RefusalCode } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import {
  DefinitionBody,
  DefinitionDocument,
  documentOfKind,
  NamedAsset,
  NamedDefinition,
} from './commands.js';
import { CONFIGURED } from './configuration.js';
import { command, type Description, SHARDS } from './description.js';
import { batchAnswers, batchQuery, TRYING } from './ledger-descriptions.js';
import { answer, Posted } from './outcomes.js';
import { Type } from './typebox.js';
import {
  Count,
  DefinitionKey,
  DefinitionKind,
  DefinitionState,
  NAME,
  oneOf,
  Time,
  whole,
} from './words.js';

const { Optional } = Type;

const Version = answer('DefinitionVersion', {
  kind: DefinitionKind,
  key: DefinitionKey,
  version: Count,
  number: whole(0, limits.AMOUNT_MAX, {
    description: 'Its place among all versions that decide, of all definitions; 0: a draft.',
  }),
  state: DefinitionState,
  activeFrom: Optional(Time),
  definedAt: Time,
  document: Optional(DefinitionDocument),
  zoneOffsets: Optional(Type.Array(Type.Integer())),
  by: Optional(Type.String({ description: 'Who said it, by the credentials shown.' })),
});
export const DefinitionHistory = answer('DefinitionHistory', {
  kind: DefinitionKind,
  key: DefinitionKey,
  active: Optional(
    whole(1, limits.AMOUNT_MAX, { description: 'The version that decides now; left out: none.' }),
  ),
  versions: Type.Array(Version, {
    description:
      'From the first one on. In a list the newest, and before it, where that is a draft, the newest that is none.',
  }),
});
const DefinitionPage: TObject = answer('DefinitionPage', {
  definitions: Type.Array(DefinitionHistory),
  cursor: Optional(DefinitionKey),
});

/** Of fields of a document. */
function documentRefusals({ decides, shows }: AnyKind): readonly RefusalCode[] {
  return Object.values({ ...decides, ...shows }).flatMap((field) => field.refusals);
}

const PATH = { kind: DefinitionKind, key: DefinitionKey };

export const putDefinitionDescription: Description = {
  tag: 'definitions',
  summary: 'Say what a rule is: a new version of a definition.',
  details:
    `An active version decides from \`activeFrom\` on, at least ${limits.DEFINITION_LEAD_MS / 1_000} s after it is said, and goes before ` +
    'every version said before it; a retired one, without a document, ends it. What the newest version says already changes nothing.',
  path: PATH,
  query: TRYING,
  body: DefinitionBody,
  answers: { 200: { summary: 'It is said, or was.', schema: Posted } },
  refusals: [...command('put-definition'), ...DEFINITION_KINDS.flatMap(documentRefusals)],
};

/** Several of them. */
export const putDefinitionsDescription = (of: GatewayLimits): Description => ({
  tag: 'definitions',
  summary: 'Say several definitions: all or none, or each by itself.',
  details:
    `As PUT of each of them, in their order. \`atomic\`: all are said, or none; \`dryRun\`: what they would become. Of these at most ` +
    `${limits.TOGETHER_COMMANDS_MAX} at once. A refusal names the field, also where it is about what another one of them says. ` +
    'Assets, of kind `asset`, are said with them, before what is in them.',
  query: batchQuery(of),
  body: Type.Union([
    NamedDefinition,
    NamedAsset,
    Type.Array(Type.Union([NamedDefinition, NamedAsset]), { maxItems: of.batchItemsMax }),
  ]),
  answers: batchAnswers,
  refusals: [
    ...command('put-definition'),
    ...command('define-asset'),
    ...DEFINITION_KINDS.flatMap(documentRefusals),
    'BATCH_TOO_LARGE',
    'BATCH_ABORTED',
    'CONNECTIONS_LIMIT',
  ],
});

export const schemaDescription: Description = {
  tag: 'definitions',
  summary: 'The JSON schema of a kind of documents.',
  details: `Kinds are ${CONFIGURED.join(', ')}; the last part of the path is the kind and \`.json\`.`,
  path: { file: Type.String({ enum: CONFIGURED.map((kind) => `${kind}.json`) }) },
  answers: {
    200: { summary: 'The schema.', schema: Type.Object({}, { additionalProperties: true }) },
  },
  refusals: ['DEFINITION_KIND_UNKNOWN'],
};

const PROGRAMME = { programme: DefinitionKey };
const PROGRAMMES = DEFINITION_KINDS.filter(({ name }) => name === 'programme');

/** The same of one kind: a programme, by its name alone. */
export const putProgrammeDescription: Description = {
  tag: 'programmes',
  summary: 'Say what a programme is: its points, its zone, what counts for tiers.',
  details:
    'The definition of kind `programme` with this key, active as soon as may be; `/v1/definitions/programme/...` has the rest.',
  path: PROGRAMME,
  query: TRYING,
  body: PROGRAMMES.map(documentOfKind)[0],
  answers: { 200: { summary: 'It is said, or was.', schema: Posted } },
  refusals: [...command('put-definition'), ...PROGRAMMES.flatMap(documentRefusals)],
};

export const programmeDescription: Description = {
  tag: 'programmes',
  summary: 'A programme with all its versions.',
  path: PROGRAMME,
  answers: { 200: { summary: 'The programme.', schema: DefinitionHistory } },
  refusals: [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND'],
};

export const definitionDescription: Description = {
  tag: 'definitions',
  summary: 'A definition with all its versions.',
  path: PATH,
  answers: { 200: { summary: 'The definition.', schema: DefinitionHistory } },
  refusals: [
    ...SHARDS,
    'DEFINITION_KIND_UNKNOWN',
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
  ],
};

export const definitionsDescription: Description = {
  tag: 'definitions',
  summary: 'Definitions of a kind by key, each in its newest version.',
  details:
    'With `programme`, `state` or `q` only those that fit. A page looks at so many, and may be short, and have a cursor then.',
  path: { kind: DefinitionKind },
  query: Type.Object({
    limit: Optional(
      whole(1, limits.DEFINITIONS_PAGE_MAX, {
        description: `1 to ${limits.DEFINITIONS_PAGE_MAX}, which is the default.`,
      }),
    ),
    cursor: Optional(DefinitionKey),
    programme: Optional(
      Type.Unsafe<string>({
        ...DefinitionKey,
        [NAME]: undefined,
        description: 'Only those of it.',
      }),
    ),
    state: Optional(
      oneOf(['draft', 'active', 'retired'], { description: 'Only those that say so now.' }),
    ),
    q: Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.ID_LENGTH_MAX,
        description: 'Only those whose key, or name, has this in it, in capitals or small letters.',
      }),
    ),
  }),
  answers: { 200: { summary: 'A page.', schema: DefinitionPage } },
  refusals: [...SHARDS, 'DEFINITION_KIND_UNKNOWN', 'DEFINITION_KEY_INVALID'],
};
