// What screens of definitions ask beside definitions. Owns: schemas, zones and scales of programmes, names that are proposed. Never touches: the form.

import {
  getV1Assets,
  getV1DefinitionsByKind,
  getV1SchemasByFile,
} from '../../../../../web/page/api/operations.js';
import { type Known, useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, zone } from '../../../../../web/page/shell/language.js';
import type { Choices } from '../../../ui/schema-form/context.js';
import type { Fields } from '../../../ui/schema-form/path.js';
import type { Schema } from '../../../ui/schema-form/schema.js';
import { knownZone, OWN_ZONE } from '../../../ui/schema-form/zoned.js';
import { documentOf } from './standing.js';

/** The schema of a kind. */
export function useKindSchema(kind: string): Known<Schema> {
  return useAnswer(getV1SchemasByFile, {
    path: { file: `${kind}.json` as never },
  }) as Known<Schema>;
}

/** What there is to name. */
export interface Around {
  readonly programmes: readonly string[];
  readonly assets: readonly string[];
  /** Of a programme: its asset's scale, and its zone. */
  scaleOf(document: Fields, key: string): number | undefined;
  zoneOf(document: Fields, key: string): string;
  readonly choices: Choices;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Programmes, assets and types of events, as far as they are known by now. */
export function useAround(isNeeded = true): Around {
  const asked = (kind: string) => (isNeeded ? { path: { kind: kind as never } } : undefined);
  const programmes =
    useAnswer(getV1DefinitionsByKind, asked('programme')).answer?.definitions ?? [];
  const events = useAnswer(getV1DefinitionsByKind, asked('event')).answer?.definitions ?? [];
  const coupons = useAnswer(getV1DefinitionsByKind, asked('coupon')).answer?.definitions ?? [];
  const assets = useAnswer(getV1Assets, isNeeded ? {} : undefined).answer?.assets ?? [];
  const documents = new Map(programmes.map((one): [string, Fields] => [one.key, documentOf(one)]));
  /** The programme that a document is of: it names it, or has its key. */
  const of = (document: Fields, key: string): Fields =>
    documents.get(text(document['programme']) ?? '') ?? documents.get(key) ?? document;
  const types = events.flatMap((one) => {
    const { key } = one;
    const programme = text(documentOf(one)['programme']);
    return programme !== undefined && key.startsWith(`${programme}.`)
      ? [key.slice(programme.length + 1)]
      : [];
  });
  const codes = assets.map(({ asset }) => asset);
  const names: Readonly<Record<string, readonly string[]>> = {
    programme: programmes.map(({ key }) => key),
    event: [...new Set(types)],
    coupon: coupons.map(({ key }) => key),
    asset: codes,
    stockAsset: codes,
    usesAsset: codes,
    zone: ZONES,
  };
  return {
    programmes: programmes.map(({ key }) => key),
    assets: codes,
    scaleOf: (document, key) => {
      const code = text(document['asset']) ?? text(of(document, key)['asset']);
      return assets.find(({ asset }) => asset === code)?.scale;
    },
    zoneOf: (document, key) =>
      knownZone(
        text(document['zone']) ?? text(of(document, key)['zone']) ?? (zone.value || OWN_ZONE),
      ),
    choices: (place) => names[place],
  };
}

const ZONES: readonly string[] = Intl.supportedValuesOf?.('timeZone') ?? [];

/** How amounts of a document are shown. */
export const shownAmount =
  (scale: number | undefined) =>
  (_: string, minor: number): string | undefined =>
    scale ? amount(minor, scale) : undefined;
