// An operator gives points, or takes them, within a correction. Owns: this dialog, when it says that a second person must agree. Never touches: what a correction
// allows.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { newId } from '../../../../../client/ids.js';
import {
  getV1DefinitionsByKind,
  postV1ActsAdjust,
} from '../../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { who } from '../../../../../web/page/shell/app.js';
import { amount, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Dialog } from '../../../../../web/page/ui/dialog.js';
import { Empty, Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { minorOf, table } from '../../../../../web/page/words/words.js';
import { useScales } from '../assets.js';
import { AmountField } from './amount-field.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      title: 'Correct points of {owner}',
      within: 'Within the correction',
      direction: 'What is done',
      give: 'Give points',
      take: 'Take points',
      amount: 'How many',
      most: 'At most {amount}.',
      second: 'From {amount} on a second person must agree.',
      yes: 'Correct',
      done: 'It is done.',
      waits: 'A second person must agree: it waits under',
      approvals: 'Approvals',
      none: 'No correction is defined that allows it. Somebody who may configure can define one.',
      define: 'Definitions of corrections',
    },
    zh: {
      title: '调整 {owner} 的积分',
      within: '所依据的调整规则',
      direction: '操作',
      give: '增加积分',
      take: '扣减积分',
      amount: '数量',
      most: '最多 {amount}。',
      second: '达到 {amount} 需要第二人审批。',
      yes: '调整',
      done: '已完成。',
      waits: '需要第二人审批，已列入',
      approvals: '待审批',
      none: '没有允许此操作的调整规则，请由有配置权限的人员定义。',
      define: '调整规则的定义',
    },
  }),
);

export const ADJUSTMENT_NEEDS = ['correct', 'adjust'] as const;

interface Correction {
  readonly key: string;
  readonly name: string;
  readonly asset: string;
  readonly mostUp: number;
  readonly mostDown: number;
  readonly secondFrom: number | undefined;
}

/** What each correction allows now. */
function correctionsOf({ definitions }: AnswerOf<typeof getV1DefinitionsByKind>): Correction[] {
  return definitions.flatMap(({ key, active, versions }) => {
    const now = versions.find(({ version }) => version === active)?.document;
    if (now === undefined || !('mostUp' in now)) return [];
    const { asset, mostUp, mostDown, secondFrom, name = key } = now;
    return [{ key, name, asset, mostUp, mostDown, secondFrom }];
  });
}

/** What somebody is called, as an id: what the record of it says. */
export const idOf = (text: string): string =>
  text.replace(/[^A-Za-z0-9._:@/+=~-]/g, '-').slice(0, 64);

export function AdjustDialog({
  owner,
  asset,
  onClose,
}: {
  owner: string;
  /** Only corrections of these points; left out: of any. */
  asset?: string;
  onClose: () => void;
}): JSX.Element {
  const path = { kind: 'correction' };
  const known = useAnswer(getV1DefinitionsByKind, { path, query: {} }, { isKept: false });
  if (known.answer === undefined)
    return (
      <Dialog title={t('title', { owner })} onClose={onClose}>
        <Answered known={known}>{() => null}</Answered>
      </Dialog>
    );
  const corrections = correctionsOf(known.answer).filter(
    (one) => asset === undefined || one.asset === asset,
  );
  if (corrections.length === 0)
    return (
      <Dialog title={t('title', { owner })} onClose={onClose}>
        <Empty
          icon="scale"
          action={
            <a class="button plain" href={href('definitions', 'correction')}>
              {t('define')}
            </a>
          }
        >
          {t('none')}
        </Empty>
      </Dialog>
    );
  return <Correcting owner={owner} corrections={corrections} onClose={onClose} />;
}

function Correcting({
  owner,
  corrections,
  onClose,
}: {
  owner: string;
  corrections: readonly Correction[];
  onClose: () => void;
}): JSX.Element | null {
  const scaleOf = useScales();
  const key = useSignal(corrections[0]?.key ?? '');
  const direction = useSignal<'give' | 'take'>('give');
  const text = useSignal('');
  /** The same while the dialog is open: asked for again, it is the same proposal. */
  const agreed = useSignal(newId());
  const one = corrections.find((correction) => correction.key === key.value) ?? corrections[0];
  if (one === undefined) return null;
  const scale = scaleOf(one.asset);
  const minor = minorOf(text.value, scale);
  const isSeconded = one.secondFrom !== undefined && (minor ?? 0) >= one.secondFrom;
  const most = direction.value === 'give' ? one.mostUp : one.mostDown;
  const unit = (units: number): string => `${amount(units, scale)} ${one.asset}`;
  const body = (reason: string) =>
    minor === undefined
      ? undefined
      : {
          correction: one.key,
          [direction.value]: minor,
          reason,
          operator: idOf(who.peek()),
          ...(isSeconded && { case: agreed.value }),
        };
  return (
    <MemberAction
      title={t('title', { owner })}
      needs={ADJUSTMENT_NEEDS}
      operation={postV1ActsAdjust}
      asked={(reason) => {
        const said = body(reason);
        return said && { body: { owner, body: said } };
      }}
      command={(reason) => {
        const said = body(reason);
        return said && { type: 'act', act: 'adjust', owner, body: said };
      }}
      yes={t('yes')}
      isDanger={direction.value === 'take'}
      isSeconded={isSeconded}
      done={(answer) =>
        'act' in answer && answer.act?.effects.some(({ type }) => type === 'awaitSecond') ? (
          <>
            {t('waits')} <a href={href('approvals')}>{t('approvals')}</a>
          </>
        ) : (
          t('done')
        )
      }
      onClose={onClose}
    >
      <Field
        label={t('within')}
        fills="correction"
        bound={key}
        hint={
          one.secondFrom === undefined ? undefined : t('second', { amount: unit(one.secondFrom) })
        }
      >
        {corrections.map((correction) => (
          <option key={correction.key} value={correction.key}>
            {`${correction.name} (${correction.asset})`}
          </option>
        ))}
      </Field>
      <Field
        label={t('direction')}
        value={direction.value}
        onInput={(value) => {
          direction.value = value === 'take' ? 'take' : 'give';
        }}
      >
        <option value="give">{t('give')}</option>
        <option value="take">{t('take')}</option>
      </Field>
      <AmountField
        label={t('amount')}
        text={text.value}
        fills={direction.value}
        scale={scale}
        hint={t('most', { amount: unit(most) })}
        onInput={(value) => {
          text.value = value;
        }}
      />
    </MemberAction>
  );
}
