// A configuration as a ledger has it. Owns: how it is read from a server, how changes are tried there and carried out. Never touches: files, what is
// to be changed.
//   cli.F3. What is changed is what was read: every change names the version that it follows, and all of them are carried out or none.

import {
  type Asset,
  assetOf,
  COMMANDS,
  canonicalJson,
  type DefinitionHistory,
  type DefinitionVersion,
  zoneOfAsset,
} from '../../engine/index.js';
import type { Given } from './arguments.js';
import { ask } from './ask.js';
import type { Document, Wanted } from './configuration-folder.js';
import { KINDS } from './configuration-folder.js';
import { definitionsOf } from './definition.js';

/** A definition or an asset as it is. */
export interface There {
  readonly kind: string;
  readonly key: string;
  /** Its newest version. */
  readonly version: number;
  /** What it says, or is going to say; undefined: it is retired, or was never more than a draft. */
  readonly document?: Document | undefined;
  /** The newest version, where that is a draft. */
  readonly draft?: DefinitionVersion | undefined;
  /** Who has said the newest version; undefined: it is not known. */
  readonly by?: string | undefined;
}

/** An asset, as a server takes it among definitions. */
export type SaidAsset = Pick<Wanted, 'key' | 'document'> & {
  readonly kind: 'asset';
  readonly ifVersion: number;
};

/** A change of a definition, as a server takes it. */
export interface Said {
  readonly kind: string;
  readonly key: string;
  readonly state: 'active' | 'draft' | 'retired';
  readonly document?: Document | undefined;
  readonly activeFrom?: number | undefined;
  readonly ifVersion: number;
}

/** What a server answers to one of them. */
export interface Answer {
  readonly definitionVersion?: number;
  readonly activeFrom?: number;
  readonly code?: string;
  readonly field?: string;
  readonly detail?: string;
}

/** Everything that a ledger has. */
export async function readLedger(given: Given): Promise<There[]> {
  const { body } = await ask(given, 'GET', '/v1/assets');
  const there = (body['assets'] as Asset[]).map(assetThere);
  for (const kind of KINDS.slice(1))
    for (const history of await definitionsOf(given, kind)) there.push(definitionThere(history));
  return there;
}

function definitionThere({ kind, key, versions }: DefinitionHistory): There {
  const newest = versions.at(-1);
  const { document } = versions.findLast(({ number }) => number > 0) ?? {};
  const draft = newest?.number === 0 ? newest : undefined;
  return { kind, key, version: newest?.version ?? 0, document, draft, by: newest?.by };
}

function assetThere({ asset: key, version, zoneOffsets: _, ...document }: Asset): There {
  return { kind: 'asset', key, version, document: leanAsset(document) };
}

/** An asset's document with all that it leaves out. */
function wholeAsset(document: Document): Document {
  const said = { asset: '', ...document } as Parameters<typeof assetOf>[0];
  const { version, zoneOffsets, ...whole } = assetOf({ ...said, zone: zoneOfAsset(said) }, 1);
  return { ...whole };
}

/** An asset's document without what goes without saying. */
export function leanAsset(document: Document): Document {
  const whole = JSON.stringify(wholeAsset(document));
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => {
      const { [name]: _, ...rest } = document;
      return JSON.stringify(wholeAsset(rest)) !== whole;
    }),
  );
}

/** What cannot be changed of an asset. */
const FIXED = ['scale', 'lotTracked', 'lotGranularityMs'];

/** What is wrong with an asset's document; `there`: as it is now. */
export function assetFault(
  { key, document }: Wanted,
  there?: Document,
): { readonly field?: string; readonly detail: string } | undefined {
  const { asset, ifVersion: _, ...fields } = COMMANDS['define-asset'].fields;
  if (asset.check(key, document, false) !== null) return { detail: 'No asset is called so.' };
  for (const name of Object.keys(document))
    if (!Object.hasOwn(fields, name) || fields[name as keyof typeof fields].isFilledIn === true)
      return { field: name, detail: `${name} is not a field of assets.` };
  for (const [name, field] of Object.entries(fields)) {
    const value = document[name];
    if (value === undefined ? field.optional : field.check(value, document, false) === null)
      continue;
    return { field: name, detail: value === undefined ? 'It is missing.' : 'It is not accepted.' };
  }
  if (there === undefined) return undefined;
  const [now, next] = [wholeAsset(there), wholeAsset(document)];
  const field = FIXED.find((name) => !isSame(now[name], next[name]));
  return field === undefined
    ? undefined
    : { field, detail: `${field} of an asset that is there cannot change.` };
}

/** The same value? */
export function isSame(a: unknown, b: unknown): boolean {
  const text = canonicalJson({ value: a ?? null });
  return text !== undefined && text === canonicalJson({ value: b ?? null });
}

/** What these would come to now, one after the other. */
export async function tried(given: Given, said: readonly Said[]): Promise<readonly Answer[]> {
  if (said.length === 0) return [];
  const { body } = await ask(given, 'POST', '/v1/definitions?dryRun=true', said);
  return body as unknown as readonly Answer[];
}

/** Which of these follow a version that is no longer the newest one: a line for each. */
async function overtaken(given: Given, said: readonly (SaidAsset | Said)[]): Promise<string[]> {
  const there = new Map((await readLedger(given)).map((one) => [`${one.kind} ${one.key}`, one]));
  return said.flatMap(({ kind, key, ifVersion }) => {
    const { version = 0, by } = there.get(`${kind} ${key}`) ?? {};
    const who = by === undefined ? '' : `, said by ${by}`;
    return version === ifVersion
      ? []
      : [`\n  ${kind} ${key}: planned on version ${ifVersion}, now of version ${version}${who}`];
  });
}

/** Carries out all of them, or none: throws where something is in their way, and says what of it was changed meanwhile. */
export async function carriedOut(
  given: Given,
  said: readonly (SaidAsset | Said)[],
): Promise<readonly Answer[]> {
  if (said.length === 0) return [];
  const { body } = await ask(given, 'POST', '/v1/definitions?atomic=true', said);
  const answers = body as unknown as readonly Answer[];
  const place = answers.findIndex(({ code }) => code !== undefined && code !== 'BATCH_ABORTED');
  const refused = answers[place] ?? answers.find(({ code }) => code !== undefined);
  if (refused === undefined) return answers;
  const { kind, key } = said[place] ?? { kind: 'definitions', key: '' };
  const { code, field = '', detail = '' } = refused;
  const changed = code === 'DEFINITION_VERSION_MISMATCH' ? await overtaken(given, said) : [];
  throw new Error(
    `${kind} ${key}: ${[code, field, detail].filter((one) => one !== '').join(': ')}. Nothing was changed; plan again${changed.join('')}`,
  );
}
