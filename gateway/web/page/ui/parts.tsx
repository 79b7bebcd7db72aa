// The parts that screens are made of. Owns: how they look and what they say to a screen reader. Never touches: what is shown in them.

import type { Signal } from '@preact/signals';
import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext, useEffect, useId, useRef } from 'preact/hooks';
import { amount, date, far } from '../shell/language.js';
import { Icon, type IconName } from './icons.js';

/** A button. While it is busy it can be focused, and does nothing. */
export function Button({
  children,
  onClick,
  kind = 'main',
  type = 'button',
  isBusy = false,
  isOff = false,
  icon,
  label,
}: {
  children?: ComponentChildren;
  onClick?: () => void;
  /** `main`: the one thing to do here; `plain`: others; `quiet`: as text; `danger`: what cannot be undone. */
  kind?: 'main' | 'plain' | 'quiet' | 'danger';
  type?: 'button' | 'submit';
  isBusy?: boolean;
  isOff?: boolean;
  icon?: IconName;
  /** What a screen reader says, where there is an icon alone. */
  label?: string;
}): JSX.Element {
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-disabled={isBusy || isOff ? 'true' : undefined}
      aria-busy={isBusy ? 'true' : undefined}
      aria-label={label}
      onClick={(event) => {
        if (isBusy || isOff) event.preventDefault();
        else onClick?.();
      }}
    >
      {isBusy ? (
        <span class="spinner" aria-hidden="true" />
      ) : (
        icon && <Icon name={icon} size={18} />
      )}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

/** A part of a screen with a heading. */
export function Card({
  title,
  children,
  action,
  kind = '',
}: {
  title?: ComponentChildren;
  children: ComponentChildren;
  /** Beside the heading. */
  action?: ComponentChildren;
  kind?: string;
}): JSX.Element {
  const id = useId();
  return (
    <section class={`card ${kind}`} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div class="card-head">
          <h2 id={id}>{title}</h2>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}

/** What was refused of a form: which field of the call, and why; undefined: nothing, or no field of it. */
export const Refused = createContext<{ readonly field: string; readonly text: string } | undefined>(
  undefined,
);

/** What is filled in and sent: by its button, or by Enter in a field of it. `isChecked`: by the browser too, before it is sent. */
export const Form = ({
  class: look,
  isChecked = true,
  onSend,
  children,
}: {
  class?: string;
  isChecked?: boolean;
  onSend: () => unknown;
  children: ComponentChildren;
}): JSX.Element => (
  <form
    class={look}
    noValidate={!isChecked}
    onSubmit={(event) => {
      event.preventDefault();
      onSend();
    }}
  >
    {children}
  </form>
);

/** What is in a field: kept in a signal, or elsewhere. */
type Filled =
  | { readonly bound: Signal<string>; readonly value?: never; readonly onInput?: never }
  | {
      readonly bound?: never;
      readonly value: string;
      readonly onInput: (value: string) => void;
    };

/** What a field takes. */
export type FieldProps = Filled & {
  readonly label: string;
  /** What Enter does here, in place of sending the form that the field is in. */
  readonly onEnter?: () => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** What it fills of the call: a refusal that names it is told here (`Refused`). */
  readonly fills?: string;
  /** Options: it is chosen, not typed. */
  readonly children?: ComponentChildren;
  readonly type?:
    | 'text'
    | 'search'
    | 'email'
    | 'tel'
    | 'password'
    | 'date'
    | 'datetime-local'
    | 'number';
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'search' | 'tel' | 'email';
  readonly name?: string;
  readonly autoComplete?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly isRequired?: boolean;
  /** It takes the focus when it appears: what is to be filled in now. */
  readonly isFirst?: boolean;
};

/** `body.legs[0].amount` is of `amount`. */
const isOf = (field: string | undefined, fills: string | undefined): boolean =>
  fills !== undefined && (field === fills || field?.endsWith(`.${fills}`) === true);

/** A field of a form with its label, what helps to fill it in, and what is wrong with it. */
export function Field(props: FieldProps): JSX.Element {
  const { label, bound, onEnter, hint, children } = props;
  const value = bound === undefined ? props.value : bound.value;
  const onInput = (text: string): void => {
    if (bound === undefined) props.onInput(text);
    else bound.value = text;
  };
  const refused = useContext(Refused);
  const error = props.error ?? (isOf(refused?.field, props.fills) ? refused?.text : undefined);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.isFirst) input.current?.focus();
  }, [props.isFirst]);
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const same = {
    id,
    value,
    ...(props.name !== undefined && { name: props.name }),
    ...(props.isRequired === true && { required: true }),
    ...(told !== '' && { 'aria-describedby': told }),
    ...(error !== undefined && { 'aria-invalid': 'true' as const }),
  };
  const { type = 'text', inputMode, placeholder, maxLength, autoComplete = 'off' } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children === undefined ? (
        <input
          {...same}
          ref={input}
          // The types know each kind of field by itself, and no choice of them.
          type={type as 'text'}
          inputMode={inputMode}
          placeholder={placeholder}
          maxLength={maxLength}
          autocomplete={autoComplete}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
          onKeyDown={(event) => {
            // While letters are put together, Enter says that they are.
            if (onEnter === undefined || event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            onEnter();
          }}
        />
      ) : (
        <select {...same} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
          {children}
        </select>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** An amount of points. `isSigned`: what came or went. */
export const Amount = ({
  minor,
  scale,
  unit,
  isSigned = false,
}: {
  minor: number;
  scale: number;
  unit?: string | undefined;
  isSigned?: boolean;
}): JSX.Element => (
  <span class={`amount ${isSigned ? (minor < 0 ? 'out' : 'in') : ''}`}>
    {amount(minor, scale, isSigned)}
    {unit !== undefined && <span class="unit"> {unit}</span>}
  </span>
);

/** A time; `isFar`: how far off it is, with the time itself as its title. */
export const When = ({
  ms,
  form = 'day',
  isFar = false,
}: {
  ms: number;
  form?: 'day' | 'time';
  isFar?: boolean;
}): JSX.Element => (
  <time dateTime={new Date(ms).toISOString()} title={date(ms, 'time')}>
    {isFar ? far(ms) : date(ms, form)}
  </time>
);

/** How much of something is done. */
export const Progress = ({ value, label }: { value: number; label: string }): JSX.Element => {
  const percent = Math.max(0, Math.min(100, Math.floor(value)));
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
};

/** Where something will be. */
export const Skeleton = ({ lines = 3 }: { lines?: number }): JSX.Element => (
  <div class="skeleton" aria-hidden="true">
    {Array.from({ length: lines }, (_, n) => (
      <span key={n} />
    ))}
  </div>
);

/** There is nothing (yet), and what to do about it. */
export const Empty = ({
  icon,
  children,
  action,
}: {
  icon: IconName;
  children: ComponentChildren;
  action?: ComponentChildren;
}): JSX.Element => (
  <div class="empty">
    <Icon name={icon} size={32} />
    <p>{children}</p>
    {action}
  </div>
);

/** Something that is said about what is shown. */
export const Note = ({
  kind = 'plain',
  icon,
  children,
}: {
  kind?: 'plain' | 'good' | 'danger' | 'warn';
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element => (
  <div class={`note ${kind}`} role={kind === 'danger' ? 'alert' : undefined}>
    {icon && <Icon name={icon} size={18} />}
    <div>{children}</div>
  </div>
);
