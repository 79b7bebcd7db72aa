// What screens of definitions have in common. Owns: how states, documents and who said something are shown.

import type { JSX } from 'preact';
import type { DefinitionVersion } from '../../../../../web/page/api/operations.js';
import { amount, date, speaker, zone } from '../../../../../web/page/shell/language.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { writtenOf } from '../../../ui/diff/diff.js';
import { Facts, Status } from '../../../ui/parts.js';
import { propertiesOf, type Schema } from '../../../ui/schema-form/schema.js';
import { OWN_ZONE, zonedText } from '../../../ui/schema-form/zoned.js';
import { labelsOf } from './kinds.js';
import type { Standing } from './standing.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

const LOOKS = { draft: 'warn', coming: 'accent', active: 'good', retired: 'plain' } as const;

export const StandingBadge = ({ standing }: { standing: Standing }): JSX.Element => (
  <Status kind={LOOKS[standing]}>{t(standing)}</Status>
);

/** Of a draft it is not known yet. */
export const From = ({ version }: { version: DefinitionVersion }): JSX.Element =>
  version.activeFrom === undefined ? <>–</> : <When ms={version.activeFrom} form="time" />;

/** A value of a document as it is read: times as times. `scale`: of its amounts. */
export function shownValue(schema: Schema, value: unknown, scale?: number): string {
  if (schema['x-name'] === 'Time' && typeof value === 'number') return timeText(value);
  if (schema['x-name'] === 'Amount' && typeof value === 'number' && scale)
    return amount(value, scale);
  return writtenOf(value);
}

const timeText = (ms: number): string =>
  `${date(ms, 'time')} (${zonedText(ms, zone.value || OWN_ZONE)})`;

/** How values are written in a difference. */
export const writtenBy =
  (schema: Schema | undefined, scale?: number) =>
  (place: string, value: unknown): unknown => {
    const own = schema?.properties?.[place];
    return own === undefined ? value : shownValue(own, value, scale);
  };

/** A document, field by field, in the order of its schema. */
export function DocumentShown({
  kind,
  schema,
  document,
  scale,
}: {
  kind: string;
  schema: Schema;
  document: Readonly<Record<string, unknown>>;
  scale?: number | undefined;
}): JSX.Element {
  const labels = labelsOf(kind);
  const known = propertiesOf(schema).filter(({ name }) => Object.hasOwn(document, name));
  const strange = Object.keys(document).filter((name) => schema.properties?.[name] === undefined);
  const all = [...known, ...strange.map((name) => ({ name, schema: {} }))];
  return (
    <Facts
      rows={all.map(({ name, schema: own }) => [
        labels[name] ?? name,
        <span class="wrap" key={name} data-field={name}>
          {shownValue(own, document[name], scale)}
        </span>,
      ])}
    />
  );
}
