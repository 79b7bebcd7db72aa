// A member is marked as a risk, or a mark is lifted. Owns: these dialogs. Never touches: what a mark stops.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Operation } from '../../../../../../engine/protocol/grants.js';
import {
  RISK_ACTIONS,
  RISK_KINDS,
  type RiskAction,
  type RiskKind,
} from '../../../../../../engine/protocol/risk.js';
import {
  deleteV1MembersByOwnerRisksByMark,
  putV1MembersByOwnerRisksByMark,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { table } from '../../../../../web/page/words/words.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { dayMs } from '../../../ui/parts.js';
import { RISK } from '../risk-words.js';

const r = speaker(RISK);
const t = speaker(
  table({
    en: {
      title: 'Mark {owner} as a risk',
      what: 'What takes points of {owner}, or gives goods for them, is stopped as the mark says, until it ends or is lifted.',
      yes: 'Mark',
      name: 'Name of the mark',
      nameHint: 'Letters and digits; the same name renews the mark.',
      until: 'Last day',
      untilHint: 'Left out: until it is lifted.',
      kinds: 'Only these',
      kindsHint: 'None chosen: all of them.',
      liftTitle: 'Lift the mark {mark} of {owner}',
      liftWhat: 'It stops nothing from then on.',
      lift: 'Lift',
      quiet: 'Its rule does not mark again before',
      quietHint: 'Left out: it may at once.',
    },
    zh: {
      title: '标记 {owner} 为风险会员',
      what: '在标记到期或解除之前，按标记限制 {owner} 扣减积分或兑换商品的操作。',
      yes: '标记',
      name: '标记名称',
      nameHint: '字母和数字；相同名称会更新原标记。',
      until: '最后一天',
      untilHint: '留空表示直到解除。',
      kinds: '仅限以下操作',
      kindsHint: '不选表示全部。',
      liftTitle: '解除 {owner} 的标记 {mark}',
      liftWhat: '此后该标记不再限制任何操作。',
      lift: '解除',
      quiet: '此日期前规则不再标记',
      quietHint: '留空表示可立即再次标记。',
    },
  }),
);

/** What both take. */
export const RISK_NEEDS: readonly Operation[] = ['freeze'];
const NAME = /^[A-Za-z0-9._:@+=~-]{1,64}$/;
const BY_HAND = 'BY_HAND';

interface OfMember {
  readonly owner: string;
  readonly onClose: () => void;
}

export function MarkDialog({ owner, onClose }: OfMember): JSX.Element {
  const name = useSignal('by-hand');
  const action = useSignal<RiskAction>('review');
  const kinds = useSignal<readonly RiskKind[]>([]);
  const until = useSignal('');
  return (
    <ActionDialog
      title={t('title', { owner })}
      what={t('what', { owner })}
      operation={putV1MembersByOwnerRisksByMark}
      asked={(reason) => {
        const end = until.value === '' ? undefined : dayMs(until.value, 1);
        if (!NAME.test(name.value) || (until.value !== '' && end === undefined)) return undefined;
        const body = {
          ...{ reason: BY_HAND, action: action.value, evidence: reason.slice(0, 96) },
          ...(kinds.value.length === 0 ? {} : { kinds: kinds.value }),
          ...(end === undefined ? {} : { until: end }),
        };
        return { path: { owner, mark: name.value }, body };
      }}
      yes={t('yes')}
      isDanger
      onClose={onClose}
    >
      <Field label={t('name')} hint={t('nameHint')} bound={name} maxLength={64} isRequired />
      <Field
        label={r('action')}
        value={action.value}
        onInput={(value) => {
          action.value = value as RiskAction;
        }}
      >
        {RISK_ACTIONS.map((one) => (
          <option key={one} value={one}>
            {r(`act-${one}`)}
          </option>
        ))}
      </Field>
      <fieldset>
        <legend>{t('kinds')}</legend>
        <p class="muted">{t('kindsHint')}</p>
        {RISK_KINDS.map((kind) => (
          <label key={kind} class="check">
            <input
              type="checkbox"
              checked={kinds.value.includes(kind)}
              onChange={({ currentTarget }) => {
                const others = kinds.value.filter((one) => one !== kind);
                kinds.value = currentTarget.checked ? [...others, kind] : others;
              }}
            />
            <span>{r(`kind-${kind}`)}</span>
          </label>
        ))}
      </fieldset>
      <Field label={t('until')} hint={t('untilHint')} type="date" bound={until} />
    </ActionDialog>
  );
}

export function LiftDialog({ owner, mark, onClose }: OfMember & { mark: string }): JSX.Element {
  const quiet = useSignal('');
  return (
    <ActionDialog
      title={t('liftTitle', { owner, mark })}
      what={t('liftWhat')}
      operation={deleteV1MembersByOwnerRisksByMark}
      asked={(reason) => {
        const end = quiet.value === '' ? undefined : dayMs(quiet.value);
        if (quiet.value !== '' && end === undefined) return undefined;
        const quietUntil = end === undefined ? {} : { quietUntil: new Date(end).toISOString() };
        return { path: { owner, mark }, query: { reason, ...quietUntil } };
      }}
      yes={t('lift')}
      onClose={onClose}
    >
      <Field label={t('quiet')} hint={t('quietHint')} type="date" bound={quiet} />
    </ActionDialog>
  );
}
