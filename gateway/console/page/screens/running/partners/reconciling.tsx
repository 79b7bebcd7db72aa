// That a partner is reconciled now. Owns: the period that is asked for. Never touches: what is found.

import type { JSX } from 'preact';
import { postV1Reconciliations } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Doing } from '../parts/doing.js';
import { localText, msOf } from '../parts/times.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const DAY_MS = 86_400_000;

export function Reconciling({ partner }: { partner: string }): JSX.Element {
  const until = Date.now();
  return (
    <Doing
      label={t('reconcile')}
      operation={postV1Reconciliations}
      wanted={[
        {
          name: 'from',
          label: t('from'),
          type: 'datetime-local',
          value: localText(until - DAY_MS),
        },
        { name: 'until', label: t('until'), type: 'datetime-local', value: localText(until) },
        { name: 'graceSeconds', label: t('grace'), type: 'number', isOptional: true },
      ]}
      asked={({ from = '', until = '', graceSeconds = '' }) => ({
        body: {
          partner,
          from: msOf(from),
          until: msOf(until),
          ...(graceSeconds !== '' && { graceSeconds: Number(graceSeconds) }),
        },
      })}
      onDone={({ reconciliation }) => go(href('reconciliations', reconciliation))}
    />
  );
}
