// What analysts may ask in SQL. Owns: that judgement, by what the database's own parser says of a text. Never touches: what is asked.
//   tables.Q1. One SELECT over the tables of reports and the views over them: no other statement, file, setting, catalogue of the database.

import type { DuckDBConnection } from '@duckdb/node-api';
import { ROW_TABLES } from '../../engine/index.js';
import { VIEW_NAMES } from './tables.js';

const TABLES: ReadonlySet<string> = new Set([
  ...Object.keys(ROW_TABLES),
  ...VIEW_NAMES,
  'positions',
]);
/** Of `information_schema`: which tables and columns there are. */
const CATALOGUE: ReadonlySet<string> = new Set(['tables', 'columns']);
/** Functions that give rows. */
const ROWS: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'json_each',
  'json_tree',
]);
/** Functions that tell of the process, or change something. */
const SHUT =
  /^(current_setting|getvariable|setvariable|getenv|nextval|currval|setseed|write_log|query|query_table|sleep|add_parquet_key|create_sort_key|.*json_serialize.*|json_execute.*|(duckdb|pragma|pg|read|parquet|sniff|glob|has|txid|current)_.*)$/i;

/**
 * What parts of a text may be called: nothing that the database has a view of, nor a file's name. Where a name counts, is the database's to say: outside
 * that it would be the view.
 */
const OWN_NAME = /^(?!(?:duckdb|pragma|pg|sqlite)_|meta$)[\p{L}_][\p{L}\p{N}_ ]*$/iu;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** What is wrong with a text; undefined: it may be asked. */
export async function sqlFault(
  connection: DuckDBConnection,
  sql: string,
): Promise<string | undefined> {
  const answer = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', {
    sql,
  });
  const told = JSON.parse(String(answer.getRows()[0]?.[0])) as {
    readonly error: boolean;
    readonly error_message?: string;
    readonly statements?: readonly Node[];
  };
  if (told.error)
    return told.error_message?.startsWith('Only SELECT') === true
      ? 'Only one SELECT can be asked.'
      : (told.error_message ?? 'It is no SQL.');
  if (told.statements?.length !== 1) return 'Only one SELECT can be asked.';
  const names = new Set(['parts']);
  namedIn(told.statements, names);
  const taken = [...names].find((name) => !OWN_NAME.test(name));
  return taken !== undefined ? `No part can be called ${taken}.` : faultIn(told.statements, names);
}

/** Names that a text gives to parts of itself. */
function namedIn(value: unknown, names: Set<string>): void {
  if (!isNode(value)) return;
  const { cte_map: map } = value as { readonly cte_map?: { readonly map?: unknown } };
  if (Array.isArray(map?.map))
    for (const { key } of map.map as readonly { readonly key: string }[])
      names.add(key.toLowerCase());
  for (const one of Object.values(value)) namedIn(one, names);
}

function faultIn(value: unknown, names: ReadonlySet<string>): string | undefined {
  if (!isNode(value)) return undefined;
  const { type, function_name: called } = value;
  if (type === 'BASE_TABLE' || type === 'SHOW_REF') {
    const fault = tableFault(value, names);
    if (fault !== undefined) return fault;
  }
  if (type === 'TABLE_FUNCTION') {
    const { function_name: name } = (value['function'] ?? {}) as Node;
    if (!ROWS.has(String(name).toLowerCase())) return `${String(name)}() is not for questions.`;
  }
  if (typeof called === 'string' && SHUT.test(called)) return `${called}() is not for questions.`;
  for (const one of Object.values(value)) {
    const fault = faultIn(one, names);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function tableFault(
  { type, table_name: name, schema_name: schema, catalog_name: catalog }: Node,
  names: ReadonlySet<string>,
): string | undefined {
  const table = String(name ?? '')
    .toLowerCase()
    .replaceAll('"', '');
  if (table === '' || (type === 'SHOW_REF' && table === 'tables')) return undefined;
  const [of, from] = [String(schema ?? '').toLowerCase(), String(catalog ?? '')];
  if (from === '' && of === 'information_schema' && CATALOGUE.has(table)) return undefined;
  if (from === '' && (of === '' || of === 'main') && (TABLES.has(table) || names.has(table)))
    return undefined;
  return `There is no table ${String(name)} for questions.`;
}
