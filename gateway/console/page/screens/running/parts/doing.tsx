// What screens of this area do. Owns: the button that begins it, the fields that it takes. Never touches: how it is sent and told (ui/acting/).

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { AnswerOf, AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Button, Field, Note } from '../../../../../web/page/ui/parts.js';
import { Secret } from '../../../../../web/page/ui/secret.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { COMMON } from './words.js';

const t = speaker(COMMON);

/** A field that is asked for before something is done. */
export interface Wanted {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly type?: 'text' | 'number' | 'datetime-local';
  /** Values and what they are called. */
  readonly of?: readonly (readonly [value: string, title: string])[];
  readonly isOptional?: boolean;
  readonly maxLength?: number;
  /** Is what was typed something that can be asked for? */
  readonly isRight?: (text: string) => boolean;
}

type Filled = Readonly<Record<string, string>>;

/** What a new secret is asked with: for how long the last one stays good. */
export const rotation = <Of,>(asked: (body: { overlapSeconds: number }) => Of) => ({
  wanted: [
    {
      name: 'overlapSeconds',
      label: t('overlap'),
      type: 'number',
      value: '86400',
      isRight: (text: string) => /^\d{1,7}$/.test(text),
    },
  ] satisfies Wanted[],
  asked: ({ overlapSeconds = '' }: Filled): Of => asked({ overlapSeconds: Number(overlapSeconds) }),
});

export interface DoingProps<Op extends AnyOperation> {
  /** Of the button that begins it, and of the one that does it. */
  readonly label: string;
  /** Of the dialog; the label where it is left out. */
  readonly title?: string;
  /** What will be then. */
  readonly what?: ComponentChildren;
  readonly kind?: 'main' | 'plain' | 'quiet' | 'danger';
  readonly operation: Op;
  readonly wanted?: readonly Wanted[];
  /** It takes a reason. */
  readonly isReasoned?: boolean;
  /** It may take a second person. */
  readonly isSeconded?: boolean;
  /** What it is asked with, out of what was filled in, and why. */
  readonly asked: (filled: Filled, reason: string) => Asked<Op>;
  /** What is shown of what came of it. */
  readonly shown?: (answer: AnswerOf<Op>) => ComponentChildren;
  readonly onDone?: (answer: AnswerOf<Op>) => void;
}

/** A button, and the dialog that it opens: it is done only from there. */
export function Doing<Op extends AnyOperation>(props: DoingProps<Op>): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <Button
        kind={props.kind ?? 'plain'}
        {...(props.title !== undefined && { label: props.title })}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {props.label}
      </Button>
      {isOpen.value && (
        <Asking
          {...props}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}

function Asking<Op extends AnyOperation>(
  props: DoingProps<Op> & { onClose: () => void },
): JSX.Element {
  const {
    label,
    title = label,
    what,
    kind,
    operation,
    wanted = [],
    shown,
    onDone,
    onClose,
  } = props;
  const filled = useSignal<Filled>(
    Object.fromEntries(wanted.map(({ name, value = '' }) => [name, value])),
  );
  const isWhole = wanted.every(({ name, isOptional = false, isRight = () => true }) => {
    const text = (filled.value[name] ?? '').trim();
    return text === '' ? isOptional : isRight(text);
  });
  return (
    <ActionDialog
      title={title}
      {...(what !== undefined && { what })}
      operation={operation}
      asked={(reason) => (isWhole ? props.asked(filled.value, reason) : undefined)}
      yes={label}
      reason={props.isReasoned === true ? 'required' : 'none'}
      isDanger={kind === 'danger'}
      isSeconded={props.isSeconded === true}
      {...(shown !== undefined && { done: shown })}
      {...(onDone !== undefined && { onDone })}
      onClose={onClose}
    >
      {wanted.map((one) => (
        <WantedField
          key={one.name}
          wanted={one}
          value={filled.value[one.name] ?? ''}
          onInput={(value) => {
            filled.value = { ...filled.peek(), [one.name]: value };
          }}
        />
      ))}
    </ActionDialog>
  );
}

const WantedField = ({
  wanted: { name, label, hint, of, type = 'text', isOptional = false, maxLength },
  value,
  onInput,
}: {
  wanted: Wanted;
  value: string;
  onInput: (value: string) => void;
}): JSX.Element => (
  <Field
    {...{ label, hint, value, onInput }}
    fills={name}
    // The types know each kind of field by itself, and no choice of them.
    type={type as 'text'}
    isRequired={!isOptional}
    {...(maxLength !== undefined && { maxLength })}
  >
    {of?.map(([one, text]) => (
      <option key={one} value={one}>
        {text}
      </option>
    ))}
  </Field>
);

/** A secret that is shown once, where it was made. */
export const Once = ({ label, text }: { label: string; text: string }): JSX.Element => (
  <div class="stack">
    <Note kind="warn" icon="lock">
      {t('secretOnce')}
    </Note>
    <p>{label}</p>
    <Secret text={text} label={label} />
  </div>
);
