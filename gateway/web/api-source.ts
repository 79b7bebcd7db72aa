// The page's client of the API, as TypeScript, out of the OpenAPI document. Owns: how schemas become types, and operations constants.
// Never touches: files (ops/page.js), what an operation does.
//   web.A1. What the page knows of a call is what the document says of it, and nothing else.

/** What is used of a JSON schema. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Told {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** What is used of the document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Told>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';
const NONE = 'undefined';
const WORDS = /^[A-Za-z_$][\w$]*$/;

/** A component's name as that of a type. */
const typeName = (name: string): string => name.replace(/\W/g, '_');
const keyOf = (name: string): string => (WORDS.test(name) ? name : JSON.stringify(name));
const eitherOf = (types: readonly string[]): string => [...new Set(types)].join(' | ');
const inList = (type: string): string => (/^\w+$/.test(type) ? type : `(${type})`);
const bothOf = (types: readonly string[]): string =>
  types.map((type) => (type.includes(' | ') ? `(${type})` : type)).join(' & ');
/** A comment; what ends one is taken out of it. */
const comment = (text: string | undefined, indent: string): string =>
  text === undefined
    ? ''
    : `${indent}/** ${text.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */\n`;

/** A schema as a type. */
export function typeOf(schema: Schema, indent = ''): string {
  const { $ref, anyOf, allOf, items } = schema;
  if ($ref !== undefined) return typeName($ref.split('/').at(-1) ?? '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return eitherOf(schema.enum.map((value) => JSON.stringify(value) ?? NONE));
  if (anyOf !== undefined) return eitherOf(anyOf.map((one) => typeOf(one, indent)));
  if (allOf !== undefined) return bothOf(allOf.map((one) => typeOf(one, indent)));
  if (items !== undefined) return `readonly ${inList(typeOf(items, indent))}[]`;
  if (Array.isArray(schema.type))
    return eitherOf(schema.type.map((type: string) => typeOf({ ...schema, type }, indent)));
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return 'readonly unknown[]';
    case 'object':
      return objectType(schema, indent);
    default:
      return schema.properties === undefined ? 'unknown' : objectType(schema, indent);
  }
}

function objectType(schema: Schema, indent: string): string {
  const { properties, required = [], patternProperties, additionalProperties } = schema;
  const inner = `${indent}  `;
  if (properties !== undefined) {
    const lines = Object.entries(properties).map(([name, one]) => {
      const mark = required.includes(name) ? '' : '?';
      const orNone = mark === '' ? '' : ` | ${NONE}`;
      const told = comment(one.description, inner);
      return `${told}${inner}readonly ${keyOf(name)}${mark}: ${typeOf(one, inner)}${orNone};\n`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
  }
  const any = Object.values(patternProperties ?? {});
  if (typeof additionalProperties === 'object') any.push(additionalProperties);
  const value = any.length === 0 ? 'unknown' : eitherOf(any.map((one) => typeOf(one, indent)));
  return `{ readonly [name: string]: ${value} }`;
}

/** Parameters in one place as the type of an object; undefined: there are none. */
function parametersType(told: Told, place: string): string {
  const found = (told.parameters ?? []).filter((one) => one.in === place);
  if (found.length === 0) return NONE;
  const fields = found.map(({ name, required, schema }) => {
    // A query is text: what is a number there is written as one.
    const type = typeOf(schema);
    const mark = required === true ? '' : '?';
    return `readonly ${keyOf(name)}${mark}: ${type}${mark === '' ? '' : ` | ${NONE}`}`;
  });
  return `{ ${fields.join('; ')} }`;
}

function answersType(told: Told): string {
  const good = Object.entries(told.responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => {
      const schema = content?.[JSON_TYPE]?.schema;
      return schema === undefined ? NONE : typeOf(schema);
    });
  return good.length === 0 ? NONE : eitherOf(good);
}

function codesType(told: Told): string {
  const codes = Object.values(told.responses).flatMap(
    ({ content }) => content?.[PROBLEM_TYPE]?.schema.properties?.code?.enum ?? [],
  );
  return codes.length === 0
    ? 'never'
    : eitherOf([...codes].sort().map((code) => JSON.stringify(code)));
}

/** How an operation is asked, as the page needs it at run time. */
const askedAs = (path: string, method: string, { parameters = [] }: Told): object => {
  const takesKey = parameters.some(({ name }) => name === 'Idempotency-Key');
  return { method: method.toUpperCase(), path, ...(takesKey && { takesKey }) };
};

function operationType(told: Told): string {
  const body = told.requestBody?.content[JSON_TYPE]?.schema;
  const bodyType = body === undefined ? NONE : typeOf(body);
  const types = [
    parametersType(told, 'path'),
    parametersType(told, 'query'),
    told.requestBody?.required === false ? eitherOf([bodyType, NONE]) : bodyType,
    answersType(told),
    codesType(told),
  ];
  const lines = types.map((type) => `  ${type}`).join(',\n');
  return `${comment(told.summary, '')}export declare const ${told.operationId}: ApiOperation<\n${lines}\n>;\n`;
}

const MADE =
  '// Made from the OpenAPI document by `npm run build` (gateway/web/api-source.ts): not to be changed by hand.\n';
const HEAD = "import type { ApiOperation } from '../calls/operation.js';\n";

/** The module of all operations, and its types: what the page does not use is left out of what is built. */
export function apiSource({ paths, components }: ApiDocument): { script: string; types: string } {
  const schemas = Object.entries(components.schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, schema]) =>
        `${comment(schema.description, '')}export type ${typeName(name)} = ${typeOf(schema)};\n`,
    );
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({ path, method, told })),
  );
  const values = all.map(
    ({ path, method, told }) =>
      `export const ${told.operationId} = ${JSON.stringify(askedAs(path, method, told))};\n`,
  );
  const types = all.map(({ told }) => operationType(told));
  return {
    script: MADE + values.join(''),
    types: [MADE + HEAD, ...schemas, ...types].join('\n'),
  };
}

/** References deeper than that are left as they are: a body that goes on for ever has a form of its own. */
const DEPTH_MAX = 12;
const refOf = ({ $ref }: Schema): string | undefined => $ref?.split('/').at(-1);

/** A schema with what it refers to in it; `x-name`: what the document calls a part. */
function inlined(schema: unknown, all: ApiDocument['components']['schemas'], depth = 0): unknown {
  if (typeof schema !== 'object' || schema === null || depth > DEPTH_MAX) return schema;
  if (Array.isArray(schema)) return schema.map((one) => inlined(one, all, depth + 1));
  const name = refOf(schema);
  if (name !== undefined)
    return { 'x-name': name, ...(inlined(all[name], all, depth + 1) as object) };
  return Object.fromEntries(
    Object.entries(schema).map(([key, one]) => [key, inlined(one, all, depth + 1)]),
  );
}

/** The module of what bodies are like, each by its name: forms are made of those that a page uses. */
export function schemaSource({ paths, components }: ApiDocument): {
  script: string;
  types: string;
} {
  const bodies = Object.values(paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ requestBody }) => {
      const schema = requestBody?.content[JSON_TYPE]?.schema;
      return schema === undefined ? [] : (refOf(schema) ?? []);
    }),
  );
  const names = [...new Set(bodies)].sort();
  const values = names.map(
    (name) =>
      `export const ${typeName(name)} = ${JSON.stringify(inlined(components.schemas[name], components.schemas))};\n`,
  );
  const types = names.map(
    (name) => `export declare const ${typeName(name)}: Readonly<Record<string, unknown>>;\n`,
  );
  return { script: MADE + values.join(''), types: MADE + types.join('') };
}
