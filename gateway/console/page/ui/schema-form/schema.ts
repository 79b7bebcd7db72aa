// JSON schemas as far as a form is made of them: those of the ledger's kinds of documents (GET /v1/schemas/{kind}.json). Owns: what is read of a schema. Never touches:
// values, what is shown.

export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  /** What the API calls values of this kind: `Time`, `Amount`, `Id`. */
  readonly 'x-name'?: string;
}

/** A field of an object. */
export interface Property {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** The fields of an object in the schema's order, those that must be there first. `$schema` is of files, and no field. */
export function propertiesOf({ properties = {}, required = [] }: Schema): Property[] {
  const all = Object.entries(properties)
    .filter(([name]) => name !== '$schema')
    .map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) }));
  return [...all.filter((one) => one.isRequired), ...all.filter((one) => !one.isRequired)];
}

/** What the values of an object are whose names are free; undefined: its names are not. */
export function valuesOf({
  properties,
  additionalProperties,
  patternProperties,
}: Schema): Schema | undefined {
  if (properties !== undefined) return undefined;
  if (typeof additionalProperties === 'object') return additionalProperties;
  return Object.values(patternProperties ?? {})[0];
}

/** What the API says of these is about all values of the kind, and not about the field. */
const GENERAL: ReadonlySet<string> = new Set(['Id', 'Time', 'AssetCode', 'DefinitionKey']);

/** What the schema says of a field; undefined: nothing of its own. */
export const hintIn = ({ description, 'x-name': name = '' }: Schema): string | undefined =>
  GENERAL.has(name) ? undefined : description;

/** How a value is shown and filled in. */
export type FieldKind =
  | 'time'
  | 'choice'
  | 'flag'
  | 'whole'
  | 'line'
  | 'text'
  | 'list'
  | 'object'
  | 'map'
  | 'json';

/** Longer texts have a field of several lines. */
const LINE_LENGTH_MAX = 200;

export function fieldKindOf(schema: Schema): FieldKind {
  if (schema['x-name'] === 'Time') return 'time';
  if (schema.enum !== undefined) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'flag';
    case 'integer':
    case 'number':
      return 'whole';
    case 'string':
      return (schema.maxLength ?? 0) > LINE_LENGTH_MAX && schema.format === undefined
        ? 'text'
        : 'line';
    case 'array':
      return schema.items === undefined ? 'json' : 'list';
    case 'object':
      if (schema.properties !== undefined) return 'object';
      return valuesOf(schema) === undefined ? 'json' : 'map';
    default:
      return schema.const === true ? 'flag' : 'json';
  }
}

/** What a list or a map begins a new entry with. */
export function blankOf(schema: Schema): unknown {
  switch (fieldKindOf(schema)) {
    case 'list':
      return Array.from({ length: schema.minItems ?? 0 }, () => blankOf(schema.items ?? {}));
    case 'object':
    case 'map':
      return {};
    case 'choice':
      return schema.enum?.[0];
    default:
      return undefined;
  }
}

/** A schema as OpenAPI has it: with references to others, and choices between some. */
interface LooseSchema extends Omit<Schema, 'properties' | 'items' | 'additionalProperties'> {
  readonly $ref?: string;
  readonly anyOf?: readonly LooseSchema[];
  readonly oneOf?: readonly LooseSchema[];
  readonly properties?: Readonly<Record<string, LooseSchema>>;
  readonly items?: LooseSchema;
  readonly additionalProperties?: boolean | LooseSchema;
}

/** Schemas within each other, at most: deeper ones are typed as JSON. */
const DEPTH_MAX = 8;

/** The same without references: `components` are those of the API (`/openapi.json`). Choices between constants are an `enum`; what may be null is what it is else. */
export function resolved(
  schema: unknown,
  components: Readonly<Record<string, unknown>>,
  depth = 0,
): Schema {
  const { $ref, anyOf, oneOf, properties, items, additionalProperties, ...rest } =
    schema as LooseSchema;
  if (depth > DEPTH_MAX) return {};
  const inside = (one: unknown): Schema => resolved(one, components, depth + 1);
  if ($ref !== undefined) return inside(components[$ref.split('/').at(-1) ?? ''] ?? {});
  const choices = (anyOf ?? oneOf)?.filter(({ type }) => type !== 'null');
  if (choices !== undefined) {
    const all = choices.map(({ const: value }) => value as string);
    if (all.every((value) => value !== undefined))
      return { ...rest, type: typeof all[0], enum: all };
    const [only] = choices;
    return choices.length === 1 && only !== undefined ? { ...inside(only), ...rest } : rest;
  }
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, inside(one)]),
      ),
    }),
    ...(items && { items: inside(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? inside(additionalProperties)
          : additionalProperties,
    }),
  };
}
