// Fields of a form that hold others: lists, objects, names with values. Owns: how entries come and go. Never touches: single values (fields.tsx).

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../../../web/page/ui/parts.js';
import { Unread } from './check.js';
import { labelOf, placeOf, t } from './context.js';
import { type FieldOf, idOf, Told, ValueField } from './fields.js';
import { isObject, pathText, withoutItem } from './path.js';
import { blankOf, fieldKindOf, hintIn, propertiesOf, type Schema, valuesOf } from './schema.js';

/** A field of whatever kind. */
export function AnyField(props: FieldOf): JSX.Element {
  switch (fieldKindOf(props.schema)) {
    case 'list':
      return props.schema.items?.enum === undefined ? <List {...props} /> : <Several {...props} />;
    case 'object':
      return <Group {...props} />;
    case 'map':
      return <Names {...props} />;
    default:
      return <ValueField {...props} />;
  }
}

/** A list, an object: its label, what it is, what is wrong with it as a whole. */
function Frame({ field, children }: { field: FieldOf; children: ComponentChildren }) {
  const { form, schema, path, isRequired } = field;
  const id = idOf(form, path);
  const label = labelOf(form, path);
  const name = path.at(-1);
  const error = form.told.get(pathText(path)) ?? '';
  const hint = form.hints[placeOf(path)] ?? hintIn(schema) ?? '';
  return (
    <fieldset
      class="fields-group"
      id={id}
      data-field={pathText(path)}
      aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')}
    >
      <legend>
        {label}
        {typeof name === 'string' && name !== label && <code class="field-name"> {name}</code>}
        {isRequired && <span class="required"> {t('required')}</span>}
      </legend>
      <Told id={id} hint={hint} error={error} />
      {children}
    </fieldset>
  );
}

/** The fields of an object, one after the other. */
export function Fields({ form, schema, path, value }: Omit<FieldOf, 'isRequired'>): JSX.Element {
  const inside = isObject(value) ? value : {};
  return (
    <>
      {propertiesOf(schema).map(({ name, schema: own, isRequired }) => (
        <AnyField
          key={name}
          {...{ form, schema: own, isRequired }}
          path={[...path, name]}
          value={inside[name]}
        />
      ))}
    </>
  );
}

function Group(field: FieldOf): JSX.Element {
  const { form, path, value, isRequired, isEntry = false } = field;
  // An entry of a list is there: it comes and goes with its place.
  const isThere = isObject(value);
  return (
    <Frame field={field}>
      {isThere && (
        <div class="fields">
          <Fields {...field} />
        </div>
      )}
      {!form.isReadOnly && !isEntry && !(isThere && isRequired) && (
        <Button kind="plain" onClick={() => form.set(path, isThere ? undefined : {})}>
          {isThere ? t('remove') : t('add')}
        </Button>
      )}
    </Frame>
  );
}

/** Whoever adds an entry goes on with it. */
function useFocusOfNew(count: number) {
  const within = useRef<HTMLDivElement>(null);
  const isAdded = useRef(false);
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    within.current?.lastElementChild
      ?.querySelector<HTMLElement>('input, select, textarea')
      ?.focus();
  }, [count]);
  return { within, isAdded };
}

function List(field: FieldOf): JSX.Element {
  const { form, schema, path, value } = field;
  const items = schema.items ?? {};
  const list = Array.isArray(value) ? value : [];
  const { within, isAdded } = useFocusOfNew(list.length);
  /** A list of so many entries as it always has: nothing comes or goes. */
  const isFixed = schema.minItems !== undefined && schema.minItems === schema.maxItems;
  const label = labelOf(form, path);
  const put = (to: readonly unknown[]): void =>
    form.set(path, to.length === 0 && !field.isRequired ? undefined : to);
  const isFull = list.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY);
  return (
    <Frame field={field}>
      <div class={isFixed ? 'entry' : 'entries'} ref={within}>
        {list.map((one, n) => {
          const own = (
            <AnyField
              form={form}
              schema={items}
              path={[...path, n]}
              value={one}
              isRequired={false}
              isEntry
            />
          );
          return isFixed ? (
            own
          ) : (
            <div class="entry" key={n}>
              {own}
              {!form.isReadOnly && (
                <Button
                  kind="quiet"
                  icon="cross"
                  label={t('removeFrom', { item: String(n + 1), field: label })}
                  onClick={() => put(withoutItem(list, n))}
                />
              )}
            </div>
          );
        })}
      </div>
      {!isFixed && !isFull && !form.isReadOnly && (
        <Button
          kind="plain"
          onClick={() => {
            isAdded.current = true;
            put([...list, blankOf(items)]);
          }}
        >
          {t('addTo', { field: label })}
        </Button>
      )}
    </Frame>
  );
}

/** Some of what can be chosen. */
function Several(field: FieldOf): JSX.Element {
  const { form, schema, path, value, isRequired } = field;
  const all = schema.items?.enum ?? [];
  const chosen = new Set(Array.isArray(value) ? value : []);
  return (
    <Frame field={field}>
      <div class="choices">
        {all.map((one) => (
          <label key={one} class="choice">
            <input
              type="checkbox"
              disabled={form.isReadOnly}
              checked={chosen.has(one)}
              onChange={({ currentTarget }) => {
                const next = all.filter((each) =>
                  each === one ? currentTarget.checked : chosen.has(each),
                );
                form.set(path, next.length === 0 && !isRequired ? undefined : next);
              }}
            />
            <span>{form.words[`${pathText(path)}.${one}`] ?? String(one)}</span>
          </label>
        ))}
      </div>
    </Frame>
  );
}

/** Names that are typed stay in their order, and may be the same until they are not. */
type Pairs = readonly (readonly [name: string, value: unknown])[];

function Names(field: FieldOf): JSX.Element {
  const { form, schema, path, value } = field;
  const own: Schema = valuesOf(schema) ?? {};
  const kept = useRef<{ pairs: Pairs; made: unknown }>({ pairs: [], made: undefined });
  if (kept.current.made !== value)
    kept.current = { pairs: isObject(value) ? Object.entries(value) : [], made: value };
  const { pairs } = kept.current;
  const { within, isAdded } = useFocusOfNew(pairs.length);
  const label = labelOf(form, path);
  const put = (next: Pairs): void => {
    const isTwice = new Set(next.map(([name]) => name)).size < next.length;
    const made = isTwice
      ? new Unread('')
      : next.length === 0 && !field.isRequired
        ? undefined
        : Object.fromEntries(next);
    kept.current = { pairs: next, made };
    form.set(path, made);
  };
  return (
    <Frame field={field}>
      <div class="entries" ref={within}>
        {pairs.map(([name, one], n) => {
          const at = [...path, name];
          const id = `${idOf(form, path)}-name-${n}`;
          const inside = {
            ...form,
            words: { ...form.words, [pathText(at)]: t('value') },
            set: (_: unknown, to: unknown): void =>
              put(pairs.map((pair, m) => (m === n ? [name, to] : pair))),
          };
          return (
            <div class="entry" key={n}>
              <div class="field">
                <label for={id}>{t('name')}</label>
                <input
                  id={id}
                  type="text"
                  autocomplete="off"
                  disabled={form.isReadOnly}
                  value={name}
                  onInput={({ currentTarget }) =>
                    put(pairs.map((pair, m) => (m === n ? [currentTarget.value, one] : pair)))
                  }
                />
              </div>
              <ValueField form={inside} schema={own} path={at} value={one} isRequired={false} />
              {!form.isReadOnly && (
                <Button
                  kind="quiet"
                  icon="cross"
                  label={t('removeFrom', { item: name || String(n + 1), field: label })}
                  onClick={() => put(withoutItem(pairs, n) as unknown as Pairs)}
                />
              )}
            </div>
          );
        })}
      </div>
      {!form.isReadOnly && (
        <Button
          kind="plain"
          onClick={() => {
            isAdded.current = true;
            put([...pairs, ['', blankOf(own)]]);
          }}
        >
          {t('addTo', { field: label })}
        </Button>
      )}
    </Frame>
  );
}
