// Fields of a form for single values. Owns: how each kind of value is typed and read. Never touches: lists, objects (groups.tsx).

import type { JSX } from 'preact';
import { Unread, wholeOf } from './check.js';
import { type FormContext, labelOf, placeOf, t } from './context.js';
import { type Path, pathText } from './path.js';
import { fieldKindOf, hintIn, type Schema } from './schema.js';
import { msOf, zonedText } from './zoned.js';

export interface FieldOf {
  readonly form: FormContext;
  readonly schema: Schema;
  readonly path: Path;
  readonly value: unknown;
  readonly isRequired: boolean;
  /** It is an entry of a list. */
  readonly isEntry?: boolean;
}

/** What an input has whatever it is for. */
interface Same {
  readonly id: string;
  readonly disabled?: boolean;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
  readonly 'aria-required'?: 'true';
}

export const idOf = ({ id }: FormContext, path: Path): string => `${id}-${pathText(path)}`;

/** What is said below a field: what it is, what is wrong. */
export function Told({
  id,
  hint,
  error,
}: {
  id: string;
  hint: string;
  error: string;
}): JSX.Element {
  return (
    <>
      {hint !== '' && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== '' && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </>
  );
}

/** A single value with its label, what it is, and what is wrong with it. */
export function ValueField(props: FieldOf): JSX.Element {
  const { form, path, isRequired } = props;
  const id = idOf(form, path);
  const label = labelOf(form, path);
  const hint = hintOf(props);
  const error = form.told.get(pathText(path)) ?? '';
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const same: Same = {
    id,
    ...(form.isReadOnly && { disabled: true }),
    ...(about !== '' && { 'aria-describedby': about }),
    ...(error !== '' && { 'aria-invalid': 'true' }),
    ...(isRequired && { 'aria-required': 'true' }),
  };
  const name = path.at(-1);
  return (
    <div class="field" data-field={pathText(path)}>
      <label for={id}>
        {label}
        {typeof name === 'string' && name !== label && <code class="field-name"> {name}</code>}
        {isRequired && <span class="required"> {t('required')}</span>}
      </label>
      <Input {...props} same={same} onValue={(to) => form.set(path, to)} />
      <Told id={id} hint={hint} error={error} />
    </div>
  );
}

function hintOf({ form, schema, path, value }: FieldOf): string {
  const place = placeOf(path);
  const about = form.hints[place] ?? hintIn(schema);
  const shown =
    schema['x-name'] === 'Amount' && typeof value === 'number'
      ? form.shown?.(place, value)
      : undefined;
  const zone =
    schema['x-name'] === 'Time' && form.zone !== '' ? t('inZone', { zone: form.zone }) : '';
  return [about, shown && t('shown', { amount: shown }), zone].filter(Boolean).join(' ');
}

/** What was typed, where it is no value; else the value as text. */
const textOf = (value: unknown): string =>
  value instanceof Unread ? value.text : value === undefined ? '' : String(value);

interface InputOf extends FieldOf {
  readonly same: Same;
  readonly onValue: (value: unknown) => void;
}

function Input(props: InputOf): JSX.Element {
  switch (fieldKindOf(props.schema)) {
    case 'choice':
      return <Choice {...props} />;
    case 'flag':
      return <Flag {...props} />;
    case 'whole':
      return <Whole {...props} />;
    case 'time':
      return <Time {...props} />;
    case 'text':
      return <Text {...props} />;
    case 'line':
      return <Line {...props} />;
    default:
      return <Json {...props} />;
  }
}

function Choice({ schema, value, isRequired, same, onValue }: InputOf): JSX.Element {
  const all = schema.enum ?? [];
  const at = all.indexOf(value as string);
  return (
    <select
      {...same}
      value={at < 0 ? '' : String(at)}
      onChange={({ currentTarget }) =>
        onValue(currentTarget.value === '' ? undefined : all[Number(currentTarget.value)])
      }
    >
      {(!isRequired || at < 0) && <option value="">{t('leftOut')}</option>}
      {all.map((one, n) => (
        <option key={one} value={n}>
          {String(one)}
        </option>
      ))}
    </select>
  );
}

function Flag({ schema, value, same, onValue }: InputOf): JSX.Element {
  return (
    <select
      {...same}
      value={typeof value === 'boolean' ? String(value) : ''}
      onChange={({ currentTarget: { value: text } }) =>
        onValue(text === '' ? undefined : text === 'true')
      }
    >
      <option value="">{t('leftOut')}</option>
      <option value="true">{t('yes')}</option>
      {schema.const !== true && <option value="false">{t('no')}</option>}
    </select>
  );
}

function Whole({ value, same, onValue }: InputOf): JSX.Element {
  return (
    <input
      {...same}
      type="text"
      inputMode="numeric"
      autocomplete="off"
      value={textOf(value)}
      onInput={({ currentTarget }) => onValue(wholeOf(currentTarget.value))}
    />
  );
}

function Time({ form, value, same, onValue }: InputOf): JSX.Element {
  const text = typeof value === 'number' ? zonedText(value, form.zone || 'UTC') : textOf(value);
  return (
    <input
      {...same}
      type="datetime-local"
      step={typeof value === 'number' && value % 60_000 !== 0 ? 0.001 : 60}
      value={text}
      onInput={({ currentTarget: { value: typed, validity } }) => {
        if (typed === '') onValue(validity.badInput ? new Unread('') : undefined);
        else onValue(msOf(typed, form.zone || 'UTC') ?? new Unread(typed));
      }}
    />
  );
}

function Text({ value, same, schema, onValue }: InputOf): JSX.Element {
  return (
    <textarea
      {...same}
      rows={3}
      class={schema.maxLength === EXPRESSION_LENGTH ? 'code' : ''}
      spellcheck={schema.maxLength !== EXPRESSION_LENGTH}
      value={textOf(value)}
      onInput={({ currentTarget }) => onValue(currentTarget.value || undefined)}
    />
  );
}

/** Of expressions in CEL, and of nothing else. */
const EXPRESSION_LENGTH = 1_024;

function Line({ form, path, value, same, onValue }: InputOf): JSX.Element {
  const known = form.choices?.(placeOf(path));
  const list = `${same.id}-known`;
  return (
    <>
      <input
        {...same}
        type="text"
        autocomplete="off"
        value={textOf(value)}
        {...(known && { list })}
        onInput={({ currentTarget }) => onValue(currentTarget.value || undefined)}
      />
      {known && (
        <datalist id={list}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** What a form has no field for is typed as JSON. */
function Json({ value, same, onValue }: InputOf): JSX.Element {
  return (
    <textarea
      {...same}
      rows={4}
      class="code"
      spellcheck={false}
      value={
        value instanceof Unread ? value.text : value === undefined ? '' : JSON.stringify(value)
      }
      onInput={({ currentTarget: { value: text } }) => {
        if (text.trim() === '') return onValue(undefined);
        try {
          onValue(JSON.parse(text));
        } catch {
          onValue(new Unread(text));
        }
      }}
    />
  );
}
