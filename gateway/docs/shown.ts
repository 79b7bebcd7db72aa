// Schemas as people read them, in the browser: as text, and as an example. Owns: how they look. Never touches: the page.

/** What is used of a JSON schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Schemas by content type. */
export type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** What is used of an operation. */
export interface Told {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Content }>
  >;
}

/** What is used of the document. */
export interface Api {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Told>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** How deep a schema is shown: one that holds itself would have no end. */
const DEPTH_MAX = 8;
/** Values of an example, by the names of schemas. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  Owner: 'alice',
  User: 'alice',
  AssetCode: 'points',
  Amount: 100,
  Kind: 'ORDER',
  KnownId: 'ORDER:1001',
};

/** And by the names of fields, where the two sides must not be the same. */
const FIELDS: Readonly<Record<string, unknown>> = { from: '@issue', to_user_id: 'bob' };

const nameOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1);

/** What a reference stands for. */
export function resolved(api: Api, schema: Schema): Schema {
  const name = nameOf(schema);
  const found = name === undefined ? schema : api.components.schemas[name];
  if (found === undefined) throw new Error(`there is no schema ${name}`);
  return found;
}

/** A schema as text, e.g. `{ id?: Id }`, with what is said of its fields. */
export function schemaText(api: Api, given: Schema, depth = 0): string {
  const schema = resolved(api, given);
  const { type, properties, items, anyOf } = schema;
  if (depth > DEPTH_MAX) return '...';
  if (anyOf !== undefined) return anyOf.map((one) => schemaText(api, one, depth)).join(' or ');
  if (items !== undefined)
    return `list of ${rangeOf(schema.minItems, schema.maxItems)}${schemaText(api, items, depth)}`;
  if (properties !== undefined) return objectText(api, schema, depth);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const range = type === 'integer' ? rangeOf(schema.minimum, schema.maximum) : '';
  return `${nameOf(given) ?? type ?? 'anything'}${range === '' ? '' : ` ${range.trim()}`}`;
}

function rangeOf(least: number | undefined, most: number | undefined): string {
  if (least === undefined && most === undefined) return '';
  return `${least ?? 0}..${most ?? ''} `;
}

function objectText(api: Api, { properties = {}, required = [] }: Schema, depth: number): string {
  const inner = '  '.repeat(depth + 1);
  const lines = Object.entries(properties).map(([name, schema]) => {
    const told = schema.description ?? resolved(api, schema).description;
    const mark = required.includes(name) ? '' : '?';
    const note = told === undefined ? '' : `  // ${told.split('\n')[0]}`;
    return `${inner}${name}${mark}: ${schemaText(api, schema, depth + 1)}${note}`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

/** An example of what a schema takes: required fields only. */
export function exampleOf(api: Api, given: Schema): unknown {
  const sample = SAMPLES[nameOf(given) ?? ''];
  if (sample !== undefined) return sample;
  const schema = resolved(api, given);
  const { type, properties, required = [], items, anyOf } = schema;
  if (anyOf?.[0] !== undefined) return exampleOf(api, anyOf[0]);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (items !== undefined) return [exampleOf(api, items)];
  if (properties !== undefined) {
    return Object.fromEntries(
      required.map((name) => [name, FIELDS[name] ?? exampleOf(api, properties[name] ?? {})]),
    );
  }
  return type === 'integer' ? (schema.minimum ?? 0) : type === 'boolean' ? false : '';
}
