// Forms of what is said to the API: platforms, keys, partners, channels. Owns: the dialog around a form, that what was not changed is not lost. Never touches: fields
// (ui/schema-form/), schemas (schemas.ts).

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AnswerOf, AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { Dialog } from '../../../../../web/page/ui/dialog.js';
import { Button, Form } from '../../../../../web/page/ui/parts.js';
import { OutcomeNote } from '../../../../../web/page/ui/told.js';
import type { Choices, FieldWords } from '../../../ui/schema-form/context.js';
import { documentIn, SchemaForm } from '../../../ui/schema-form/form.js';
import type { Fields } from '../../../ui/schema-form/path.js';
import { resolved, type Schema } from '../../../ui/schema-form/schema.js';
import { fieldHints, fieldWords } from './fields.js';
import { COMMON } from './words.js';

const t = speaker(COMMON);

export interface EditorProps<Op extends AnyOperation> {
  /** Of the button that opens it. */
  readonly label: string;
  readonly kind?: 'main' | 'plain';
  readonly title: string;
  /** Above the form. */
  readonly hint?: ComponentChildren;
  /** What the body is like (web/page/api/schemas.js). */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: Fields;
  readonly operation: Op;
  readonly asked: (body: BodyOf<Op>) => Asked<Op>;
  /** Is what the hint asks for there? Nothing is sent before. */
  readonly isReady?: boolean;
  /** What fields are called, and what is said of them: left out, as fields.ts says. */
  readonly words?: FieldWords;
  readonly hints?: FieldWords;
  /** Values that are proposed for fields. */
  readonly choices?: Choices;
  /** Fields that are not asked for here. */
  readonly without?: readonly string[];
  /** What is shown of what came of it, in the dialog; undefined: it closes. */
  readonly shown?: (answer: AnswerOf<Op>) => ComponentChildren | undefined;
  /** It was closed: after it was done, with what was answered. */
  readonly onClose?: (answer?: AnswerOf<Op>) => void;
}

/** What an operation takes: the form's schema is that of it, which is looked at while it is filled in. */
type BodyOf<Op extends AnyOperation> = NonNullable<NonNullable<Op['types']>['body']>;

/** Some fields of what is known: those that may be said anew. */
export const only = (of: object, names: readonly string[]): Fields =>
  Object.fromEntries(
    Object.entries(of).filter(([name, value]) => names.includes(name) && value !== undefined),
  );

type Body = Readonly<Record<string, unknown>>;

/** A schema one of whose fields is a time, in milliseconds, though the API calls it by no such name. */
export function withTime(schema: Body, name: string): Body {
  const properties = schema.properties as Readonly<Record<string, object>>;
  return {
    ...schema,
    properties: { ...properties, [name]: { ...properties[name], 'x-name': 'Time' } },
  };
}

/** A schema of an object without some of its fields. */
function lacking(schema: Schema, without: readonly string[]): Schema {
  const { properties = {}, ...rest } = schema;
  const kept = Object.entries(properties).filter(([name]) => !without.includes(name));
  return { ...rest, properties: Object.fromEntries(kept) };
}

/** A button, and the form that it opens. */
export function Editor<Op extends AnyOperation>(props: EditorProps<Op>): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <Button
        kind={props.kind ?? 'plain'}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {props.label}
      </Button>
      {isOpen.value && (
        <Editing
          {...props}
          onClose={(answer) => {
            isOpen.value = false;
            props.onClose?.(answer);
          }}
        />
      )}
    </>
  );
}

type EditingProps<Op extends AnyOperation> = EditorProps<Op> & {
  readonly onClose: (answer?: AnswerOf<Op>) => void;
};

const Editing = <Op extends AnyOperation>(props: EditingProps<Op>): JSX.Element => (
  <Dialog title={props.title} onClose={() => props.onClose()}>
    <OpenEditor {...props} />
  </Dialog>
);

function OpenEditor<Op extends AnyOperation>({
  title,
  hint,
  schema,
  value,
  operation,
  asked,
  words = fieldWords(),
  hints = fieldHints(),
  choices,
  without = [],
  isReady = true,
  shown,
  onClose,
}: EditingProps<Op>): JSX.Element {
  const known = useMemo(() => lacking(resolved(schema, {}), without), [schema]);
  const call = useAction(operation, title);
  const now = useSignal(value);
  const isAsked = useSignal(false);
  const { outcome } = call;
  const save = async (): Promise<void> => {
    const body = documentIn(known, now.peek());
    if (body === undefined || !isReady) {
      isAsked.value = true;
      return;
    }
    // The form's document is as the schema of the body says.
    const came = await call.run(asked(body as BodyOf<Op>));
    if (came.state === 'done' && shown?.(came.answer) === undefined) onClose(came.answer);
  };
  const told = outcome?.state === 'done' ? shown?.(outcome.answer) : undefined;
  if (outcome?.state === 'done' && told !== undefined)
    return (
      <>
        {told}
        <div class="buttons">
          <Button onClick={() => onClose(outcome.answer)}>{t('seen')}</Button>
        </div>
      </>
    );
  return (
    <Form
      class="form"
      onSend={() => {
        if (!call.isBusy) void save();
      }}
    >
      {hint}
      <SchemaForm
        schema={known}
        value={now.value}
        onChange={(next) => {
          now.value = next;
        }}
        words={words}
        hints={hints}
        {...(choices !== undefined && { choices })}
        problem={outcome?.state === 'refused' ? outcome.problem : undefined}
        within=""
        isAsked={isAsked.value}
      />
      <OutcomeNote outcome={outcome}>{t('done')}</OutcomeNote>
      <div class="buttons">
        <Button type="submit" isBusy={call.isBusy} isOff={!isReady}>
          {t('save')}
        </Button>
        <Button kind="plain" onClick={() => onClose()}>
          {t('cancel')}
        </Button>
      </div>
    </Form>
  );
}
