// A member is erased, or what it asked for is declined. Owns: these dialogs. Never touches: what an erasure removes (gateway/vault).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1MembersByOwnerErasureRequest,
  postV1MembersByOwnerErasure,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { table } from '../../../../../web/page/words/words.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      title: 'Erase {owner}',
      what: 'The keys of its personal data are destroyed: contacts, receivers, sign-in and messages cannot be read by anybody any more, nor out of backups. Points and entries stay under the pseudonym. It cannot be undone.',
      erase: 'Erase',
      name: 'The member’s name',
      nameHint: 'Type {owner}, to be sure.',
      done: 'It is erased. What is left to be removed is removed within seconds.',
      declineTitle: 'Decline the erasure of {owner}',
      declineWhat: 'Nothing is erased. The member can ask again.',
      decline: 'Decline',
    },
    zh: {
      title: '删除 {owner} 的个人信息',
      what: '将销毁其个人信息的密钥：联系方式、收货信息、登录信息和消息此后任何人都无法读取，备份中也不例外。积分和明细以化名保留。此操作无法撤销。',
      erase: '删除',
      name: '会员名',
      nameHint: '请输入 {owner} 以确认。',
      done: '已删除。其余数据会在数秒内清除。',
      declineTitle: '驳回 {owner} 的删除申请',
      declineWhat: '不会删除任何信息，会员可以再次申请。',
      decline: '驳回',
    },
  }),
);

/** What both take. */
export const ERASURE_NEEDS = ['correct'] as const;

interface OfMember {
  readonly owner: string;
  readonly onClose: () => void;
}

export function EraseDialog({ owner, onClose }: OfMember): JSX.Element {
  const typed = useSignal('');
  const isSure = typed.value.trim() === owner;
  return (
    <MemberAction
      title={t('title', { owner })}
      what={t('what')}
      needs={ERASURE_NEEDS}
      operation={postV1MembersByOwnerErasure}
      asked={(reason) => (isSure ? { path: { owner }, body: { reason } } : undefined)}
      command={(reason) =>
        isSure ? { type: 'act', act: 'erase-member', owner, body: { reason } } : undefined
      }
      yes={t('erase')}
      isDanger
      done={() => t('done')}
      onClose={onClose}
    >
      <Field label={t('name')} hint={t('nameHint', { owner })} bound={typed} isRequired />
    </MemberAction>
  );
}

export const DeclineDialog = ({ owner, onClose }: OfMember): JSX.Element => (
  <ActionDialog
    title={t('declineTitle', { owner })}
    what={t('declineWhat')}
    operation={deleteV1MembersByOwnerErasureRequest}
    asked={() => ({ path: { owner } })}
    yes={t('decline')}
    reason="none"
    onClose={onClose}
  />
);
