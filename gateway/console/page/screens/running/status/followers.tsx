// Who reads the log beside the shards: projections, webhooks, channels, reports. Owns: how far each is, as it is shown.

import type { JSX } from 'preact';
import type { FollowerStatus, Status as Known } from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Facts, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { STATUS } from './words.js';

const t = speaker(STATUS);

const lagText = ({ lagBlocks, lagMs }: Pick<FollowerStatus, 'lagBlocks' | 'lagMs'>): string =>
  [
    lagBlocks === undefined ? undefined : t('blocks', { n: lagBlocks }),
    lagMs === undefined ? undefined : t('ms', { n: Math.round(lagMs) }),
  ]
    .filter(Boolean)
    .join(', ') || '–';

/** What a reader is called leads to it, where it is a webhook or a channel. */
const hrefOf = ({ name }: FollowerStatus): string | undefined => {
  if (name.startsWith('wh_')) return href('webhooks', name);
  return name.startsWith('nc_') ? href('channels', name) : undefined;
};

export const Followers = ({ of: { followers, reports } }: { of: Known }): JSX.Element => (
  <Card title={t('feeds')}>
    {reports && (
      <Facts
        rows={[
          [
            t('reports'),
            <a key="reports" href={href('reports')}>
              {reports.state}
            </a>,
          ],
          [t('why'), reports.reason],
          [t('behind'), lagText(reports)],
        ]}
      />
    )}
    <Table
      label={t('feeds')}
      rows={followers}
      keyOf={({ name }) => name}
      hrefOf={hrefOf}
      empty={t('feedsNone')}
      columns={[
        { name: 'feed', title: t('feed'), cell: ({ name }) => name },
        {
          name: 'halted',
          title: t('health'),
          cell: ({ halted }) =>
            halted === undefined ? (
              <Status kind="good">{t('level_ok')}</Status>
            ) : (
              <Status kind="warn">{halted}</Status>
            ),
        },
        { name: 'behind', title: t('behind'), isNumber: true, cell: lagText },
        {
          name: 'position',
          title: t('position'),
          cell: ({ positions }) => (
            <code>{positions?.map(({ shard, seq }) => `${shard}:${number(seq)}`).join(' ')}</code>
          ),
        },
      ]}
    />
  </Card>
);
