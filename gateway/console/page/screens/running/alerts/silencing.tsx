// That some alerts are told to nobody for a time. Owns: what is asked for. Never touches: which alerts there are.

import type { JSX } from 'preact';
import { type NewSilence, postV1Silences } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { Doing } from '../parts/doing.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);
const MINUTE_MS = 60_000;

type Rule = NonNullable<NewSilence['rule']>;

/** `rule` and `subject`: of one alert; left out: they are asked for. */
export function Silencing({
  rules,
  rule = '',
  subject = '',
  onDone,
}: {
  rules: readonly string[];
  rule?: string;
  subject?: string;
  onDone?: () => void;
}): JSX.Element {
  return (
    <Doing
      label={rule === '' ? t('silenceAdd') : t('silence')}
      what={t('silenceWhat')}
      operation={postV1Silences}
      wanted={[
        {
          ...{ name: 'rule', label: t('rule'), value: rule, isOptional: true },
          of: [['', '*'], ...rules.map((one) => [one, one] as const)],
        },
        {
          ...{ name: 'subject', label: t('about'), value: subject, isOptional: true },
          hint: t('subjectHint'),
        },
        {
          ...{ name: 'minutes', label: t('minutes'), type: 'number', value: '60' },
          isRight: (text) => /^[1-9]\d{0,5}$/.test(text),
        },
      ]}
      isReasoned
      asked={({ rule: of = '', subject: about = '', minutes = '' }, reason) => ({
        body: {
          ...{ reason, until: Date.now() + Number(minutes) * MINUTE_MS },
          ...(of !== '' && { rule: of as Rule }),
          ...(about.trim() !== '' && { subject: about.trim() }),
        },
      })}
      {...(onDone !== undefined && { onDone })}
    />
  );
}
