// What screens of this area do. Owns: that it is asked before, with a reason where one is wanted; what is told of what came of it. Never touches: what is done.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { Outcome } from '../../../../../web/page/calls/actions.js';
import type { AnswerOf, AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { Dialog } from '../../../../../web/page/ui/dialog.js';
import { Button, Field, Note } from '../../../../../web/page/ui/parts.js';
import { Secret } from '../../../../../web/page/ui/secret.js';
import { OutcomeNote } from '../../../../../web/page/ui/told.js';
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
  readonly of?: readonly (readonly [string, string])[];
  readonly isOptional?: boolean;
  readonly maxLength?: number;
  /** Is what was typed something that can be asked for? */
  readonly isRight?: (text: string) => boolean;
}

export const REASON = (maxLength = 200): Wanted => ({
  name: 'reason',
  label: t('reason'),
  hint: t('reasonWhy'),
  maxLength,
});

/** What a new secret is asked with: for how long the last one stays good. */
export const rotation = <Of,>(asked: (body: { overlapSeconds: number }) => Of) => ({
  wanted: [{ name: 'overlapSeconds', label: t('overlap'), type: 'number', value: '86400' }] as Wanted[],
  asked: ({ overlapSeconds = '' }: Readonly<Record<string, string>>): Of =>
    asked({ overlapSeconds: Number(overlapSeconds) }),
});

export interface DoingProps<Op extends AnyOperation> {
  /** Of the button that begins it. */
  readonly label: string;
  /** Of the dialog; the label where it is left out. */
  readonly title?: string;
  /** What will be then. */
  readonly what?: ComponentChildren;
  readonly kind?: 'main' | 'plain' | 'danger';
  readonly operation: Op;
  readonly wanted?: readonly Wanted[];
  /** What it is asked with, out of what was filled in. */
  readonly asked: (filled: Readonly<Record<string, string>>) => Asked<Op>;
  /** What is shown of what came of it, in the dialog; else it closes. */
  readonly shown?: (answer: AnswerOf<Op>) => ComponentChildren;
  readonly onDone?: (answer: AnswerOf<Op>) => void;
}

/** A button, and the dialog that it opens: it is done only from there. */
export function Doing<Op extends AnyOperation>(props: DoingProps<Op>): JSX.Element {
  const isOpen = useSignal(false);
  const isDone = useSignal(false);
  return (
    <>
      <Button
        kind={props.kind ?? 'plain'}
        onClick={() => {
          isDone.value = false;
          isOpen.value = true;
        }}
      >
        {props.label}
      </Button>
      <span class="hint" role="status">
        {isDone.value && t('done')}
      </span>
      {isOpen.value && (
        <Asking
          {...props}
          onClose={(done) => {
            isOpen.value = false;
            isDone.value = done;
          }}
        />
      )}
    </>
  );
}

function Asking<Op extends AnyOperation>({
  label,
  title = label,
  what,
  kind = 'main',
  operation,
  wanted = [],
  asked,
  shown,
  onDone,
  onClose,
}: DoingProps<Op> & { onClose: (isDone: boolean) => void }): JSX.Element {
  const call = useAction(operation, title);
  const filled = useSignal<Readonly<Record<string, string>>>(
    Object.fromEntries(wanted.map(({ name, value = '' }) => [name, value])),
  );
  const isWhole = wanted.every(({ name, isOptional = false, isRight = () => true }) => {
    const text = (filled.value[name] ?? '').trim();
    return text === '' ? isOptional : isRight(text);
  });
  const run = async (): Promise<void> => {
    const came = await call.run(asked(filled.peek()));
    if (came.state !== 'done') return;
    onDone?.(came.answer);
    if (shown === undefined) onClose(true);
  };
  const { outcome } = call;
  return (
    <Dialog title={title} onClose={() => onClose(outcome?.state === 'done')}>
      {outcome?.state === 'done' && shown !== undefined ? (
        <>
          {shown(outcome.answer)}
          <div class="buttons">
            <Button onClick={() => onClose(true)}>{t('seen')}</Button>
          </div>
        </>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isWhole && !call.isBusy) void run();
          }}
        >
          {what !== undefined && <p>{what}</p>}
          {wanted.map((one) => (
            <WantedField
              key={one.name}
              wanted={one}
              value={filled.value[one.name] ?? ''}
              error={faultOf(outcome, one)}
              onInput={(value) => {
                filled.value = { ...filled.peek(), [one.name]: value };
              }}
            />
          ))}
          <OutcomeNote outcome={outcome}>{t('done')}</OutcomeNote>
          <div class="buttons">
            <Button kind={kind === 'danger' ? 'danger' : 'main'} type="submit" isBusy={call.isBusy} isOff={!isWhole}>
              {label}
            </Button>
            <Button kind="plain" onClick={() => onClose(false)}>
              {t('cancel')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

const WantedField = ({
  wanted: { label, hint, of, type = 'text', isOptional = false, maxLength },
  value,
  error,
  onInput,
}: {
  wanted: Wanted;
  value: string;
  error: string | undefined;
  onInput: (value: string) => void;
}): JSX.Element => (
  <Field
    {...{ label, hint, value, error, onInput }}
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

/** What is refused of a field, where it is one of the dialog's. */
const faultOf = (outcome: Outcome | undefined, { name }: Wanted): string | undefined =>
  outcome?.state === 'refused' && outcome.problem.field === name
    ? outcome.problem.detail
    : undefined;

/** A secret that is shown once, where it was made. */
export const Once = ({ label, text }: { label: string; text: string }): JSX.Element => (
  <>
    <Note kind="warn" icon="lock">
      {t('secretOnce')}
    </Note>
    <p>{label}</p>
    <Secret text={text} label={label} />
  </>
);
