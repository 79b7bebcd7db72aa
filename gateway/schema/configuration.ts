// What files of a configuration look like (`jifen export`), for editors and checks. Owns: their JSON schemas. Never touches: files; what is accepted,
// which the ledger judges.
//   schema.D6. A schema is made from the fields of its kind, as the check and the place in the log are.

import type { TObject } from 'typebox';
import { DEFINITION_KINDS } from '../../engine/index.js';
import { AssetDocument, documentOfKind } from './commands.js';

/** The dialect that they are in. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const FORMS: ReadonlyMap<string, TObject> = new Map<string, TObject>([
  ['asset', AssetDocument],
  ...DEFINITION_KINDS.filter(({ by }) => by !== 'engine').map(
    (kind) => [kind.name, documentOfKind(kind)] as const,
  ),
]);

/** The kinds of files. */
export const CONFIGURED: readonly string[] = [...FORMS.keys()];

/** The JSON schema of files of this kind; undefined: there is none. */
export function configurationSchema(kind: string): object | undefined {
  const form = FORMS.get(kind);
  if (form === undefined) return undefined;
  const properties = { $schema: { type: 'string' }, ...form.properties };
  return { $schema: DIALECT, title: kind, ...form, properties };
}
