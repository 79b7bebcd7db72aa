// Copies of the ledger. Owns: that one is made, those that were; that the clock is accepted. Never touches: files.

import type { JSX } from 'preact';
import {
  type MadeBackup,
  postV1AdminAcceptClock,
  postV1AdminBackup,
} from '../../../../../web/page/api/operations.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { STATUS } from './words.js';

const t = speaker(STATUS);

const positionsOf = ({ shards, seqs }: Pick<MadeBackup, 'shards' | 'seqs'>): string =>
  shards.map((shard, n) => `${shard}:${seqs[n] ?? '?'}`).join(' ');

export const Backup = (): JSX.Element => (
  <Doing
    label={t('backup')}
    kind="main"
    what={t('backupWhat')}
    operation={postV1AdminBackup}
    wanted={[
      {
        name: 'to',
        label: t('backupTo'),
        hint: t('backupToHint'),
        isRight: (text) => text.startsWith('/'),
      },
    ]}
    asked={({ to = '' }) => ({ body: { to: to.trim() } })}
    shown={(made) => (
      <>
        <p>{t('backupDone')}</p>
        <p>
          <code>{positionsOf(made)}</code>
        </p>
      </>
    )}
  />
);

export const AcceptClock = (): JSX.Element => (
  <Doing
    label={t('acceptClock')}
    kind="danger"
    what={t('acceptClockWhat')}
    operation={postV1AdminAcceptClock}
    asked={() => ({})}
  />
);

export const Backups = ({ of }: { of: readonly MadeBackup[] }): JSX.Element => (
  <Card title={t('backups')}>
    <Table
      label={t('backups')}
      rows={of}
      keyOf={({ to, at }) => `${at} ${to}`}
      empty={t('backupsNone')}
      columns={[
        { name: 'to', title: t('backupTo'), cell: ({ to }) => <code>{to}</code> },
        { name: 'at', title: t('when'), cell: ({ at }) => date(at, 'time') },
        { name: 'by', title: t('by'), cell: ({ by }) => by },
        {
          name: 'position',
          title: t('position'),
          cell: (one) => <code>{positionsOf(one)}</code>,
        },
      ]}
    />
  </Card>
);
