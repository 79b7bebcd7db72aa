// Something that is done to a member: by whoever may, at once; by whoever may with a second person, as a proposal. Owns: which of the two it is. Never touches: what
// it takes.

import type { ComponentChildren, JSX } from 'preact';
import type { Operation } from '../../../../../../engine/protocol/grants.js';
import { postV1Proposals } from '../../../../../web/page/api/operations.js';
import type { AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { table } from '../../../../../web/page/words/words.js';
import { may, mayPropose } from '../../../shell/app.js';
import { ActionDialog, type ActionDialogProps } from '../../../ui/acting/action-dialog.js';

const t = speaker(
  table({
    en: {
      propose: 'Propose',
      proposed: 'It is proposed, and waits for a second person.',
      approvals: 'Approvals',
      proposal: '{title}: proposal',
    },
    zh: {
      propose: '提交审批',
      proposed: '已提交，等待第二人审批。',
      approvals: '待审批',
      proposal: '{title}（提交审批）',
    },
  }),
);

/** A command that can be proposed. */
export type Proposed = Asked<typeof postV1Proposals>['body']['command'];

/** May whoever is signed in do it, by themselves or with a second person? */
export const mayDo = (...needs: readonly Operation[]): boolean =>
  may(...needs) || mayPropose(...needs);

export interface MemberActionProps<Op extends AnyOperation>
  extends Omit<ActionDialogProps<Op>, 'children'> {
  /** It takes one of these. */
  readonly needs: readonly Operation[];
  /** The same as a command; undefined: something is missing still. */
  readonly command: (reason: string) => Proposed | undefined;
  readonly children?: ComponentChildren;
}

/** Open as long as it is rendered. */
export function MemberAction<Op extends AnyOperation>({
  needs,
  command,
  ...direct
}: MemberActionProps<Op>): JSX.Element {
  if (may(...needs)) return <ActionDialog {...direct} />;
  const { title, what, isDanger = false, onClose, children } = direct;
  return (
    <ActionDialog
      title={t('proposal', { title })}
      what={what}
      operation={postV1Proposals}
      asked={(reason) => {
        const said = command(reason);
        return said && { body: { command: said, reason } };
      }}
      yes={t('propose')}
      isDanger={isDanger}
      isSeconded
      done={() => (
        <p>
          {t('proposed')} <a href={href('approvals')}>{t('approvals')}</a>
        </p>
      )}
      onClose={onClose}
    >
      {children}
    </ActionDialog>
  );
}
