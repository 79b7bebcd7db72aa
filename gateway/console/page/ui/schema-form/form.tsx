// A form out of a JSON schema. Owns: which fields there are, in which order; that what is wrong stands at its field, while it is typed. Never touches: what is done with
// the document.
//   form.F1. What it gives is what was typed: a field that cannot be read stands in the document as `Unread`, so that no document is made of half a number.
//   form.F2. A document that has what the schema has not stays as it is, and it is told.

import type { JSX } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import { problemsOf, type SchemaProblem, Unread } from './check.js';
import {
  type Choices,
  type FieldWords,
  type FormContext,
  placeOf,
  problemText,
  t,
} from './context.js';
import { AnyField } from './groups.js';
import { type Fields, isObject, type Path, pathText, withValue } from './path.js';
import { propertiesOf, type Schema } from './schema.js';

/** What is wrong as a server says it: a field as `document.prizes[0].weight`, or as `prizes[0].weight`. */
export interface ToldProblem {
  readonly field?: string | undefined;
  readonly detail: string;
}

export interface SchemaFormProps {
  readonly schema: Schema;
  readonly value: Fields;
  readonly onChange: (value: Fields) => void;
  /** What fields are called, and what is said of them, by place (`prizes[].weight`); left out: their names, and the schema's words. */
  readonly words?: FieldWords;
  readonly hints?: FieldWords;
  readonly choices?: Choices;
  /** The zone that times are typed in; left out: UTC. */
  readonly zone?: string;
  /** How an amount in minor units is shown. */
  readonly shown?: (place: string, minor: number) => string | undefined;
  /** What the server says is wrong with this very value. */
  readonly problem?: ToldProblem | undefined;
  /** What that server calls the value: its fields begin with it. Default: `document`. */
  readonly within?: string;
  /** Say that a field must be filled in, also where nobody has been yet. */
  readonly isAsked?: boolean;
  readonly isReadOnly?: boolean;
}

/** What is wrong with a value by its schema, as texts by place. `isAsked`: with what is not filled in. */
export function toldOf(problems: readonly SchemaProblem[], isAsked: boolean): Map<string, string> {
  const told = new Map<string, string>();
  for (const one of problems) {
    const place = pathText(one.path);
    if ((one.fault !== 'missing' || isAsked) && !told.has(place)) told.set(place, problemText(one));
  }
  return told;
}

/** The place that a server names, within the value. */
export function placeTold({ field = '' }: ToldProblem, within: string): string {
  if (field === within) return '';
  return field.startsWith(`${within}.`) ? field.slice(within.length + 1) : field;
}

/** Is nothing of a document unread, and all as its schema says? */
export const isRight = (schema: Schema, value: Fields): boolean =>
  problemsOf(schema, value).length === 0;

export function SchemaForm(props: SchemaFormProps): JSX.Element {
  const { schema, value, onChange, words = {}, hints = {}, choices, zone = '', shown } = props;
  const { problem, within = 'document', isAsked = false, isReadOnly = false } = props;
  const id = useId();
  const problems = useMemo(() => problemsOf(schema, value), [schema, value]);
  const told = toldOf(problems, isAsked);
  const place = problem === undefined ? undefined : placeTold(problem, within);
  if (problem !== undefined && place !== undefined && !told.has(place))
    told.set(place, problem.detail);
  // The newest value: two fields that change in one turn do not undo each other.
  const latest = useRef(value);
  latest.current = value;
  const form: FormContext = {
    ...{ id, words, hints, choices, zone, shown, isReadOnly, told },
    set: (path: Path, to: unknown) => {
      latest.current = withValue(latest.current, path, to) as Fields;
      onChange(latest.current);
    },
  };
  const properties = propertiesOf(schema);
  // Fields stay where they are while they are filled in.
  const first = useRef<ReadonlySet<string> | undefined>(undefined);
  first.current ??= new Set(
    properties
      .filter(({ name, isRequired }) => isRequired || Object.hasOwn(value, name))
      .map(({ name }) => name),
  );
  const { current: main } = first;
  const rest = properties.filter(({ name }) => !main.has(name));
  const isFew = properties.length <= FEW || rest.length < 2;
  const strange = problems.filter(({ fault, path }) => fault === 'unknown' && path.length === 1);
  const isOpen = rest.some(({ name }) =>
    [...told.keys()].some((one) => one.split(/[.[]/)[0] === name),
  );
  const fieldsOf = (all: typeof properties) => (
    <div class="fields">
      {all.map(({ name, schema: own, isRequired }) => (
        <AnyField
          key={name}
          {...{ form, schema: own, isRequired }}
          path={[name]}
          value={value[name]}
        />
      ))}
    </div>
  );
  return (
    <div class="schema-form">
      {told.has('') && (
        <p class="error" role="alert">
          {told.get('')}
        </p>
      )}
      {placeIsNowhere(place, properties) && problem !== undefined && (
        <p class="error" role="alert">
          {place}: {problem.detail}
        </p>
      )}
      {strange.map((one) => (
        <p class="error" key={pathText(one.path)}>
          {placeOf(one.path)}: {problemText(one)}
        </p>
      ))}
      {fieldsOf(isFew ? properties : properties.filter(({ name }) => main.has(name)))}
      {!isFew && (
        <details class="more-fields" open={isOpen}>
          <summary>{t('more', { n: rest.length })}</summary>
          {fieldsOf(rest)}
        </details>
      )}
    </div>
  );
}

/** So many fields are shown at once, whether they are filled in or not. */
const FEW = 8;

const placeIsNowhere = (
  place: string | undefined,
  properties: readonly { readonly name: string }[],
) =>
  place !== undefined &&
  place !== '' &&
  !properties.some(({ name }) => place.split(/[.[]/)[0] === name);

/** The document that was typed; undefined: something of it cannot be read, or is not as the schema says. */
export const documentIn = (schema: Schema, value: Fields): Fields | undefined =>
  isRight(schema, value) ? value : undefined;

/** Is there anything in a value that cannot be read? */
export function isUnread(value: unknown): boolean {
  if (value instanceof Unread) return true;
  if (Array.isArray(value)) return value.some(isUnread);
  return isObject(value) && Object.values(value).some(isUnread);
}
