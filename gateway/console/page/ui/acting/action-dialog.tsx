// Something that is done to the ledger, asked for in a dialog: what it is, why, what came of it. Owns: the reason, that nothing is sent before it is there. Never
// touches: what else it takes, how it is sent (web/page/shell/use-action.ts).

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { Outcome } from '../../../../web/page/calls/actions.js';
import type {
  AnswerOf,
  AnyOperation,
  Asked,
  CodeOf,
} from '../../../../web/page/calls/operation.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Dialog } from '../../../../web/page/ui/dialog.js';
import { Button, Field, Form, Note, Refused } from '../../../../web/page/ui/parts.js';
import { OutcomeNote, saidOf } from '../../../../web/page/ui/told.js';
import { AROUND } from '../../../../web/page/words/around.js';
import { table } from '../../../../web/page/words/words.js';

const around = speaker(AROUND);
const t = speaker(
  table({
    en: {
      reason: 'Reason',
      reasonHint: 'It stays with what is done, for whoever looks at it later.',
      reasonMissing: 'Say why.',
      done: 'Done.',
      second: 'This may take a second person: then it waits under Approvals until they agree.',
    },
    zh: {
      reason: '原因',
      reasonHint: '会与操作一起保存，供日后查阅。',
      reasonMissing: '请填写原因。',
      done: '已完成。',
      second: '此操作可能需要第二人审批：在其同意之前，会列在“待审批”中。',
    },
  }),
);

const REASON_LENGTH_MAX = 200;

export interface ActionDialogProps<Op extends AnyOperation> {
  /** What it is called: also where its outcome is told after a reload. */
  readonly title: string;
  /** What will be then. */
  readonly what?: ComponentChildren;
  readonly operation: Op;
  /** What it is asked with, given the reason; undefined: something is missing still. */
  readonly asked: (reason: string) => Asked<Op> | undefined;
  /** On the button. */
  readonly yes: string;
  /** `required`: it takes a reason; `optional`: it may have one; `none`: it has no place for one. */
  readonly reason?: 'required' | 'optional' | 'none';
  readonly isDanger?: boolean;
  /** It may take a second person: that is said. */
  readonly isSeconded?: boolean;
  /** What is said once it is done. */
  readonly done?: (answer: AnswerOf<Op>) => ComponentChildren;
  readonly onDone?: (answer: AnswerOf<Op>) => void;
  readonly onClose: () => void;
  /** The fields that it takes beside the reason. */
  readonly children?: ComponentChildren;
}

/** Open as long as it is rendered. */
export function ActionDialog<Op extends AnyOperation>(props: ActionDialogProps<Op>): JSX.Element {
  const { title, operation, asked, reason: wants = 'required', onClose } = props;
  const action = useAction(operation, title);
  const reason = useSignal('');
  const isTried = useSignal(false);
  const said = reason.value.trim();
  const lacksReason = wants === 'required' && said === '';
  const ready = asked(said);
  const run = async (): Promise<void> => {
    isTried.value = true;
    if (lacksReason || ready === undefined || action.isBusy) return;
    const outcome: Outcome<AnswerOf<Op>, CodeOf<Op>> = await action.run(ready);
    if (outcome.state === 'done') props.onDone?.(outcome.answer);
  };
  const problem = action.outcome?.state === 'refused' ? action.outcome.problem : undefined;
  const refused =
    problem?.field === undefined ? undefined : { field: problem.field, text: saidOf(problem) };
  const isDone = action.outcome?.state === 'done';
  return (
    <Dialog title={title} onClose={onClose}>
      {!isDone && (
        <Form class="stack" isChecked={false} onSend={run}>
          {props.what !== undefined && <p>{props.what}</p>}
          <Refused.Provider value={refused}>
            {props.children}
            {wants !== 'none' && (
              <Field
                fills="reason"
                label={t('reason')}
                bound={reason}
                hint={t('reasonHint')}
                error={isTried.value && lacksReason ? t('reasonMissing') : undefined}
                maxLength={REASON_LENGTH_MAX}
                isRequired={wants === 'required'}
              />
            )}
          </Refused.Provider>
          {props.isSeconded && (
            <Note icon="people">
              <p>{t('second')}</p>
            </Note>
          )}
          <OutcomeNote outcome={action.outcome}>{null}</OutcomeNote>
          <div class="buttons">
            <Button
              type="submit"
              kind={props.isDanger ? 'danger' : 'main'}
              isBusy={action.isBusy}
              isOff={ready === undefined}
            >
              {props.yes}
            </Button>
            <Button kind="plain" onClick={onClose}>
              {around('cancel')}
            </Button>
          </div>
        </Form>
      )}
      {action.outcome?.state === 'done' && (
        <>
          <OutcomeNote outcome={action.outcome}>
            {props.done?.(action.outcome.answer) ?? t('done')}
          </OutcomeNote>
          <div class="buttons">
            <Button kind="plain" onClick={onClose}>
              {around('close')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
