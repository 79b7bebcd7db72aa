// Commands: what may be asked to be done to the ledger. Owns: the fields of each, and of the bodies of requests. Never
// touches: their judging, which is the engine's on the way of a transfer (test/gateway/schema.test.ts: both say the same).
//   schema.D2. A command has one shape. A request's body is that shape without what its path says.

import type { TObject, TSchema } from 'typebox';
import {
  type Act,
  type AnyKind,
  CALLER_ACTS,
  type Command,
  DEFINITION_KINDS,
  COMMANDS as definitions,
  type Field,
  type FieldSet,
  limits,
} from '../../engine/index.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Budget,
  Count,
  DefinitionKey,
  DefinitionKind,
  DefinitionState,
  FixedDate,
  Id,
  Kind,
  KnownId,
  Memo,
  Metadata,
  NAME,
  NamedId,
  NewId,
  NewUser,
  Owner,
  Payee,
  Period,
  RecordName,
  RecordValue,
  Reference,
  Time,
  TimeText,
  type Told,
  User,
  whole,
  Zone,
} from './words.js';

const { Optional } = Type;
type Fields = Readonly<Record<string, TSchema>>;

/** An object of these fields and no others. */
export const strict = <T extends Fields>(fields: T, told: Told = {}): TObject<T> =>
  Type.Object(fields, { ...told, additionalProperties: false });

/** How the engine's fields look in JSON: what is the same everywhere. */
const WORDS: Partial<Record<Field['kind'], TSchema>> = {
  owner: Owner,
  payee: Payee,
  user: User,
  'new-user': NewUser,
  asset: AssetCode,
  amount: Amount,
  count: Count,
  id: Id,
  'new-id': NewId,
  'named-id': NamedId,
  'known-id': KnownId,
  kind: Kind,
  ref: Reference,
  memo: Memo,
  metadata: Metadata,
  flag: Type.Boolean(),
  'act-name': Type.Union(
    [...CALLER_ACTS.keys()].map((name) => Type.Literal(name)),
    {
      description: 'Which act.',
    },
  ),
  'record-name': RecordName,
  'record-value': RecordValue,
  'definition-kind': DefinitionKind,
  'definition-key': DefinitionKey,
  'definition-state': DefinitionState,
  budget: Budget,
};

const describedAs = (about: string | undefined): Told =>
  about === undefined ? {} : { description: about };

/** Fields as schemas. `time`: how times are given; `prefix`: before the names of the parts. */
function schemasOf(time: TSchema, prefix: string): (fields: FieldSet) => Fields {
  const expiry = Type.Union([time, Type.Null()], {
    description: 'When the credited points expire; null: never. Left out: the asset’s default.',
  });
  const pendingUntil = Type.Union([time, Type.Null()], {
    description:
      'The points are pending: earned, and held until this time; null: until they are confirmed. Left out: they are available at once.',
  });
  const parts: Record<string, TObject> = {};
  const part = (name: string, fields: FieldSet, description: string): TObject => {
    parts[name] ??= strict(schemas(fields), { [NAME]: name, description });
    return parts[name];
  };
  const schemaOf = (field: Field): TSchema => {
    const { kind, about, bounds = [0, 0], items = [1, 1], parts: inside = {} } = field;
    switch (kind) {
      case 'time':
        return time;
      case 'expiry':
        return expiry;
      case 'pending-until':
        return pendingUntil;
      case 'period':
        return Period;
      case 'fixed-date':
        return FixedDate;
      case 'zone':
        return Zone;
      case 'whole':
        return whole(...bounds, describedAs(about));
      case 'words':
      case 'expression': {
        const [minLength, maxLength] = bounds;
        return Type.String({ minLength, maxLength, ...describedAs(about) });
      }
      case 'act-body':
        return Type.Record(Type.String(), Type.Unknown(), {
          description: 'What the act is asked to do, by the fields of its own.',
        });
      case 'document':
        return DefinitionDocument;
      case 'json':
        return Type.Unsafe({ ...field.schema, ...describedAs(about) });
      case 'condition':
        return part(
          'Condition',
          inside,
          'Posts only where so much is available before the transfer.',
        );
      case 'legs':
        return many(
          part(`${prefix}Leg`, inside, 'Points move from one account to another.'),
          items,
        );
      case 'leg-parts': {
        const about = 'So much of one leg of the original.';
        return many(part(`${prefix}LegPart`, inside, about), items);
      }
      case 'follow-ups': {
        const about = 'A transfer that is carried out once the first one is posted.';
        return many(part(`${prefix}FollowUp`, inside, about), items);
      }
      default: {
        const word = WORDS[kind];
        if (word === undefined) throw new Error(`${kind} has no schema`);
        return word;
      }
    }
  };
  const schemas = (fields: FieldSet): Fields =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([, { isFilledIn }]) => isFilledIn !== true)
        .map(([name, field]) => {
          const schema = schemaOf(field);
          return [name, field.optional ? Optional(schema) : schema];
        }),
    );
  return schemas;
}

/** The commands and their parts, with times and names as in schemasOf(). */
function shapes(time: TSchema, prefix: string) {
  const schemas = schemasOf(time, prefix);
  const commands = Object.entries(definitions)
    .filter(([, { by }]) => by === 'caller')
    .map(([type, { before, fields }]) => [type, schemas({ ...before, ...fields })] as const);
  return Object.fromEntries(commands) as Readonly<Record<Command['type'], Fields>>;
}

const many = (item: TSchema, [minItems, maxItems]: readonly [number, number]): TSchema =>
  Type.Array(item, { minItems, maxItems });

const inDocuments = schemasOf(Time, '');

/** The document of a definition of this kind. */
export const documentOfKind = ({ name, about, decides, shows }: AnyKind): TObject =>
  strict(inDocuments({ ...decides, ...shows }), {
    [NAME]: `${name.charAt(0).toUpperCase()}${name.slice(1)}Document`,
    description: about,
  });

/** What a definition says; the ledger judges it by its kind. */
export const DefinitionDocument = Type.Union(DEFINITION_KINDS.map(documentOfKind), {
  [NAME]: 'DefinitionDocument',
  description: `The fields of its kind, at most ${limits.DEFINITION_BYTES_MAX} bytes of canonical JSON. Left out: of a retirement.`,
});

const inBodies = shapes(Type.Union([Time, TimeText]), '');
const inCommands = shapes(Time, 'Command');

/** The body of a request for a command; `inPath`: the fields that its path gives. */
function body(type: Command['type'], name: string, ...inPath: readonly string[]): TObject {
  const fields = Object.entries(inBodies[type]).filter(([field]) => !inPath.includes(field));
  return strict(Object.fromEntries(fields), { [NAME]: name });
}
/** The same with its type in it, and without an id. */
export const typedBody = (type: Command['type'], more: Readonly<Record<string, TSchema>> = {}) => {
  const { id: _, ...fields } = inBodies[type];
  return strict({ type: Type.Literal(type), ...fields, ...more });
};

export const TransferBody = body('transfer', 'Transfer');
export const ActBody = body('act', 'Act', 'act');
/** An act whose own fields stand beside those of its command. `inPath`: the fields that its path gives. */
export function flatAct(act: Act, name: string, ...inPath: readonly string[]): TObject {
  const { body: _, ...command } = ActBody.properties;
  const fields = Object.entries({ ...command, ...actFields(act.body) });
  const said = fields.filter(([field]) => !inPath.includes(field));
  return strict(Object.fromEntries(said), { [NAME]: name, description: act.about });
}
/** The fields of an act's own. */
export const actFields = schemasOf(Type.Union([Time, TimeText]), 'Act');
export const HoldBody = body('hold', 'Hold');
export const CaptureBody = body('capture', 'Capture', 'owner', 'holdId');
export const ReleaseBody = body('release', 'Release', 'owner', 'holdId');
export const ReverseBody = body('reverse', 'Reverse', 'owner', 'transferId');
export const ConfirmBody = body('confirm-pending', 'Confirmation', 'owner', 'transferId');
export const AccountBody = body('open-account', 'Account', 'owner', 'asset');
/** The same of an account that there is. */
export const AccountChangeBody = body('freeze-account', 'AccountChange', 'owner', 'asset');
export const ExtensionBody = body('extend-lots', 'LotExtension', 'owner', 'asset');
export const CreditLimitBody = body('set-credit-limit', 'CreditLimit', 'owner', 'asset');
export const DefinitionBody = body('put-definition', 'Definition', 'kind', 'key');
/** One of several. */
export const NamedDefinition = body('put-definition', 'NamedDefinition');
export const AssetBody = body('define-asset', 'AssetDefinition', 'asset');
/** What an asset says of itself. */
export const AssetDocument = body('define-asset', 'AssetDocument', 'asset', 'ifVersion');
/** An asset among several definitions. */
export const NamedAsset = strict({
  kind: Type.Literal('asset'),
  key: AssetCode,
  document: AssetDocument,
  ifVersion: AssetBody.properties['ifVersion'] as TSchema,
});

/** Commands as the engine takes them and as they are sent over a socket, by type. */
export const COMMANDS: ReadonlyMap<string, TObject> = new Map(
  Object.entries(inCommands).map(([type, fields]) => [
    type,
    strict({ type: Type.Literal(type), ...fields }) as TObject,
  ]),
);
