// The partners outside. Owns: their list. Never touches: how one is asked.

import type { JSX } from 'preact';
import {
  getV1Partners,
  getV1Platforms,
  type Partner,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Chips, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { PartnerSaying } from './saying.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const KINDS = { closed: 'good', half_open: 'warn', open: 'danger', null: 'danger' } as const;

export const BreakerTag = ({ of }: { of: Partner['breaker'] }): JSX.Element => {
  const state = of === null ? 'null' : of.state;
  return <Status kind={KINDS[state]}>{t(`breaker_${state}`)}</Status>;
};

export default function Partners(): JSX.Element {
  const known = useAnswer(getV1Partners, {});
  const platforms = useAnswer(getV1Platforms, {});
  const those = new Set(known.answer?.partners.map(({ platform }) => platform));
  const others = (platforms.answer?.platforms ?? []).filter(({ id }) => !those.has(id));
  return (
    <>
      <Head
        title={t('partners')}
        actions={may('admin') && <PartnerSaying platforms={others.map(({ id }) => id)} />}
      >
        <p class="muted">{t('partnersWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ partners }) => (
          <Table
            label={t('partners')}
            rows={sought(partners, ({ platform, name, url, assets }) => [
              ...[platform, name, url],
              ...assets,
            ])}
            keyOf={({ platform }) => platform}
            hrefOf={({ platform }) => href('partners', platform)}
            empty={c('none')}
            columns={[
              {
                name: 'partner',
                title: t('partner'),
                cell: ({ platform, name }) => name ?? platform,
              },
              { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
              {
                name: 'breaker',
                title: t('breaker'),
                cell: ({ breaker }) => <BreakerTag of={breaker} />,
              },
              { name: 'assets', title: c('assets'), cell: ({ assets }) => <Chips of={assets} /> },
              { name: 'url', title: t('url'), cell: ({ url }) => <code class="wrap">{url}</code> },
              {
                name: 'reconcileAt',
                title: t('reconcileAt'),
                cell: ({ reconcileAt }) => reconcileAt ?? c('never'),
              },
              { name: 'updated', title: c('updated'), cell: ({ updatedAt }) => date(updatedAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
