// A list of simulations, or of corrections, newest first.

import type { JSX } from 'preact';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

interface Listed {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: number;
  readonly by?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly correction?: string | undefined;
  readonly definitions?: readonly { readonly kind: string; readonly key: string }[] | undefined;
}

const STATES = { running: 'running', done: 'done', failed: 'failed', cancelled: 'ended' } as const;

export function Jobs({
  jobs,
  at,
}: {
  jobs: readonly Listed[];
  at: 'simulations' | 'corrections';
}): JSX.Element {
  if (jobs.length === 0) return <p class="muted">{t('none')}</p>;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('started')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('period')}</th>
            <th scope="col">{t('definitions')}</th>
            <th scope="col">{t('by')}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={href(at, one.id)}>
                  {one.correction ?? <When ms={one.startedAt} form="time" />}
                </a>
              </th>
              <td>{t(STATES[one.state])}</td>
              <td>
                {one.from !== undefined && date(one.from, 'time')} –{' '}
                {one.to !== undefined && date(one.to, 'time')}
              </td>
              <td class="wrap">
                {(one.definitions ?? []).map(({ kind, key }) => `${kind}/${key}`).join(', ') || '–'}
              </td>
              <td class="wrap">{one.by ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
